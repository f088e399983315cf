"""OpenVINO: CPU, integrated GPU and NPU of Intel processors, from ONNX or IR (model.xml). The device is asked of the compiled model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, List

import numpy as np

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice, vendor_module
from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec


def open(artefact: Path, options: BackendOptions) -> Backend:
    return OpenVino(artefact, options)


class OpenVino(Backend):
    def __init__(self, artefact: Path, options: BackendOptions) -> None:
        # Its import tells an analytics service that it was imported, without being asked. What is None cannot be imported, and openvino does without.
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
        ov = vendor_module("openvino", "openvino", "pip install openvino")
        self._wanted = (options.device or "cpu").upper()
        core = ov.Core()
        there = core.available_devices
        # AUTO and HETERO choose by themselves; what they chose is told by `effective`.
        if not any(self._wanted == one or one.startswith(f"{self._wanted}.") for one in there) and self._wanted.split(":")[0] not in ("AUTO", "HETERO"):
            raise SidecarError("sidecar.device-missing", f"openvino has no device {self._wanted} here; it has {', '.join(there)}. Check driver and access rights")
        settings: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
        if self._wanted == "CPU":
            # Without the hint a processor with BF16 would round the weights of an FP32 model.
            settings = {"INFERENCE_NUM_THREADS": options.threads, "INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1}
        self._model = core.compile_model(core.read_model(str(artefact)), self._wanted, settings)
        self._request = self._model.create_infer_request()
        self.inputs = [spec_of(port) for port in self._model.inputs]
        self.outputs = [spec_of(port) for port in self._model.outputs]

    def run(self, inputs: Arrays) -> Arrays:
        results = self._request.infer({spec.name: np.ascontiguousarray(inputs[spec.name]) for spec in self.inputs}, share_inputs=True)
        return {spec.name: np.array(results[i]) for i, spec in enumerate(self.outputs)}

    def effective(self) -> EffectiveDevice:
        devices: List[str] = list(self._model.get_property("EXECUTION_DEVICES"))
        reached = all(one == self._wanted or one.startswith(f"{self._wanted}.") for one in devices)
        reached = reached or self._wanted.split(":")[0] in ("AUTO", "HETERO")
        return EffectiveDevice("+".join(devices).lower(), reached, f"EXECUTION_DEVICES of the compiled model: {', '.join(devices)}")


def spec_of(port: Any) -> TensorSpec:
    dims = tuple(d.get_length() if d.is_static else -1 for d in port.get_partial_shape())
    return TensorSpec(port.get_any_name(), np.dtype(port.get_element_type().to_dtype()).name, dims)
