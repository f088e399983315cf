"""
AMD Ryzen AI: ONNX Runtime with the Vitis AI provider, in the environment that Ryzen AI Software installs. Untested: no such processor was at hand.

Written against https://ryzenai.docs.amd.com/en/latest/modelrun.html: provider options config_file, cache_dir, cache_key (and xclbin,
target of some releases), given here as --option NAME=VALUE.
"""

from __future__ import annotations

from pathlib import Path

from sidecar.backends.base import Backend, BackendOptions
from sidecar.backends.onnx_runtime import OnnxRuntime


def open(artefact: Path, options: BackendOptions) -> Backend:
    return OnnxRuntime(artefact, options, "vitisai", "vitisai", dict(options.extra))
