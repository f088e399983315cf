"""Backends by name. A backend's module is imported only when it is chosen: the vendors' packages exclude each other."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Dict, Tuple

from sidecar.backends.base import Backend, BackendOptions
from sidecar.problems import SidecarError

# name -> (module, run in CI)
BACKENDS: Dict[str, Tuple[str, bool]] = {
    "onnxruntime": ("onnx_runtime", True),
    "openvino": ("openvino_runtime", True),
    "litert": ("litert", True),
    "tensorrt": ("tensorrt_engine", False),
    "hailo": ("hailo", False),
    "edgetpu": ("edge_tpu", False),
    "cloud-ai-100": ("cloud_ai_100", False),
    "vitisai": ("vitis_ai", False),
}


def open_backend(name: str, artefact: Path, options: BackendOptions) -> Backend:
    """Raises SidecarError sidecar.backend-missing, sidecar.artefact-invalid, sidecar.device-missing."""
    module, _ = BACKENDS[name]
    try:
        opened = import_module(f"sidecar.backends.{module}").open(artefact, options)
    except SidecarError:
        raise
    except Exception as fault:  # every vendor has exceptions of its own
        raise SidecarError("sidecar.artefact-invalid", f"{name} cannot run {artefact}: {type(fault).__name__}: {str(fault)[:500]}") from fault
    return opened
