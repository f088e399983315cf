"""ONNX Runtime. Which operators ran where is read from the profile of the first run, not from the list of asked providers."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Optional

import numpy as np

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice, vendor_module
from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec

PROVIDERS = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "directml": "DmlExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "vitisai": "VitisAIExecutionProvider",
}
TYPES = {"tensor(float)": "float32", "tensor(uint8)": "uint8", "tensor(int8)": "int8", "tensor(int32)": "int32", "tensor(int64)": "int64"}


def open(artefact: Path, options: BackendOptions) -> Backend:
    return OnnxRuntime(artefact, options, "onnxruntime", options.device or "cpu", {})


class OnnxRuntime(Backend):
    def __init__(self, artefact: Path, options: BackendOptions, backend: str, device: str, provider_options: Dict[str, str]) -> None:
        ort = vendor_module(backend, "onnxruntime", "pip install onnxruntime, or the build of the device's vendor")
        provider = PROVIDERS.get(device)
        there = ort.get_available_providers()
        if provider not in there:
            known = [name for name, one in PROVIDERS.items() if one in there]
            raise SidecarError("sidecar.device-missing", f"{backend} has no device {device!r} here; it has {', '.join(known)}")
        self._wanted = provider
        self._folder: Optional[tempfile.TemporaryDirectory[str]] = tempfile.TemporaryDirectory(prefix="sidecar-")
        settings = ort.SessionOptions()
        settings.intra_op_num_threads = options.threads
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        settings.enable_profiling = True
        settings.profile_file_prefix = str(Path(self._folder.name) / "profile")
        settings.log_severity_level = 3
        providers: Any = [(provider, provider_options)] if provider == PROVIDERS["cpu"] else [(provider, provider_options), PROVIDERS["cpu"]]
        self._session = ort.InferenceSession(str(artefact), settings, providers=providers)
        self.inputs = [spec_of(i) for i in self._session.get_inputs()]
        self.outputs = [spec_of(o) for o in self._session.get_outputs()]
        self._names = [o.name for o in self.outputs]
        self._ran: Counter[str] = Counter()

    def run(self, inputs: Arrays) -> Arrays:
        outputs = self._session.run(self._names, inputs)
        if self._folder is not None:
            self._read_profile()
        return dict(zip(self._names, outputs))

    def _read_profile(self) -> None:
        assert self._folder is not None
        profile = self._session.end_profiling()
        events = json.loads(Path(profile).read_text("utf-8"))
        for event in events:
            provider = event.get("args", {}).get("provider")
            if event.get("cat") == "Node" and provider:
                self._ran[provider] += 1
        if os.path.exists(profile):
            os.remove(profile)
        self._folder.cleanup()
        self._folder = None

    def effective(self) -> EffectiveDevice:
        names = {one: name for name, one in PROVIDERS.items()}
        ran = self._ran.most_common()
        told = ", ".join(f"{count} operators on {provider}" for provider, count in ran) or "no operator was profiled"
        on = "+".join(names.get(provider, provider) for provider, _ in ran) or "unknown"
        return EffectiveDevice(on, set(self._ran) == {self._wanted}, told)


def spec_of(tensor: Any) -> TensorSpec:
    dtype = TYPES.get(tensor.type)
    if dtype is None:
        raise SidecarError("sidecar.artefact-invalid", f"tensor {tensor.name} has the type {tensor.type}; carried are {', '.join(TYPES)}")
    return TensorSpec(tensor.name, np.dtype(dtype).name, tuple(d if isinstance(d, int) else -1 for d in tensor.shape))
