"""
Qualcomm Cloud AI 100: a QPC file by the vendor's `qaic` package (x86-64). Untested: no such card was at hand.

Written against https://docs.qualcomm.com/bundle/publicresource/80-99100-3/topics/index_qaic.md: qaic.Session(PATH_OF_QPC, ...), session.run({name:
array}) -> {name: bytes}. A QPC tells the Session its tensors by `model_input_shape_dict` and `model_output_shape_dict`: name -> (shape, type).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice, vendor_module
from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec

UTILITY = "/opt/qti-aic/tools/qaic-util"


def open(artefact: Path, options: BackendOptions) -> Backend:
    qaic = vendor_module("cloud-ai-100", "qaic", "install the wheel of the Platform SDK (/opt/qti-aic/dev/lib/x86_64/qaic-*.whl), x86-64 only")
    return CloudAi100(artefact, qaic, options)


class CloudAi100(Backend):
    def __init__(self, artefact: Path, qaic: Any, options: BackendOptions) -> None:
        self._card = options.device or "0"
        if not self._card.isdigit():
            raise SidecarError("sidecar.device-missing", f"--device of cloud-ai-100 is the number of the card, not {self._card!r}")
        self._session = qaic.Session(str(artefact), dev_id=int(self._card), num_activations=1)
        self._session.setup()
        self.inputs = specs_of(self._session.model_input_shape_dict)
        self.outputs = specs_of(self._session.model_output_shape_dict)

    def run(self, inputs: Arrays) -> Arrays:
        results = self._session.run(inputs)
        # Bytes or arrays, by release; the samples of the vendor read both as a buffer. Copied: the session uses its buffers again.
        return {spec.name: np.frombuffer(results[spec.name], spec.dtype).reshape(spec.dims).copy() for spec in self.outputs}

    def effective(self) -> EffectiveDevice:
        # A QPC holds code of the card alone.
        return EffectiveDevice(f"qaic:{self._card}", True, f"QPC loaded on card {self._card} by qaic.Session")

    def temperatures(self) -> List[Dict[str, Any]]:
        """From `qaic-util -q`, lines such as `SoC Temperature(degree C):45`."""
        try:
            told = subprocess.run([UTILITY, "-q", "-d", self._card], capture_output=True, text=True, timeout=5, check=True).stdout
        except (OSError, subprocess.SubprocessError):
            return []
        return parse_temperatures(told)

    def close(self) -> None:
        reset = getattr(self._session, "reset", None)  # not in every release
        if reset is not None:
            reset()


def parse_temperatures(text: str) -> List[Dict[str, Any]]:
    found: List[Dict[str, Any]] = []
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if "temperature" in key.lower():
            try:
                found.append({"sensor": f"qaic {key.strip()}", "celsius": float(value.strip().split()[0])})
            except (ValueError, IndexError):
                continue  # N/A where the card does not answer
    return found


def specs_of(described: Dict[str, Tuple[Any, Any]]) -> List[TensorSpec]:
    return [TensorSpec(name, np.dtype(dtype).name, tuple(int(d) for d in shape)) for name, (shape, dtype) in described.items()]
