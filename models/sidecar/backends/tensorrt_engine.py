"""
NVIDIA TensorRT 10 engines (model.engine by trtexec on the device itself). Untested: no such device was at hand.

Written against https://docs.nvidia.com/deeplearning/tensorrt/latest/_static/python-api/ (ICudaEngine by tensor names,
IExecutionContext.set_tensor_address, execute_async_v3) and the CUDA runtime bindings, https://nvidia.github.io/cuda-python/.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import numpy as np

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice, vendor_module
from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec


def open(artefact: Path, options: BackendOptions) -> Backend:
    trt = vendor_module("tensorrt", "tensorrt", "on a Jetson it is part of JetPack (apt install python3-libnvinfer); make the virtual environment with --system-site-packages")
    try:
        cudart = vendor_module("tensorrt", "cuda.bindings.runtime", "")
    except SidecarError:  # its name before cuda-python 12.6
        cudart = vendor_module("tensorrt", "cuda.cudart", "pip install cuda-python of the CUDA version that JetPack has")
    return TensorRt(artefact, trt, cudart, options)


def ok(answer: Any) -> Any:
    """cuda-python returns (error, value, ...). Raises RuntimeError with the name of the error."""
    error, *values = answer
    if int(error) != 0:
        raise RuntimeError(f"CUDA: {error}")
    return values[0] if len(values) == 1 else values


class TensorRt(Backend):
    def __init__(self, artefact: Path, trt: Any, cudart: Any, options: BackendOptions) -> None:
        self._cuda = cudart
        self._card = int(options.device or "0")
        ok(cudart.cudaSetDevice(self._card))
        runtime = trt.Runtime(trt.Logger(trt.Logger.WARNING))
        self._engine = runtime.deserialize_cuda_engine(artefact.read_bytes())
        if self._engine is None:
            raise SidecarError("sidecar.artefact-invalid", f"{artefact}: TensorRT {trt.__version__} does not take this engine; engines are bound to device and version, compile it here with trtexec")
        self._context = self._engine.create_execution_context()
        self._stream = ok(cudart.cudaStreamCreate())
        self._memory: Dict[str, int] = {}
        self.inputs, self.outputs = [], []
        for i in range(self._engine.num_io_tensors):
            name = self._engine.get_tensor_name(i)
            dims = tuple(int(d) for d in self._engine.get_tensor_shape(name))
            spec = TensorSpec(name, np.dtype(trt.nptype(self._engine.get_tensor_dtype(name))).name, dims)
            if -1 in dims:
                raise SidecarError("sidecar.artefact-invalid", f"{artefact}: tensor {name} has an open shape {list(dims)}; compile it with fixed shapes")
            self._memory[name] = ok(cudart.cudaMalloc(int(np.prod(dims)) * np.dtype(spec.dtype).itemsize))
            self._context.set_tensor_address(name, int(self._memory[name]))
            (self.inputs if self._engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT else self.outputs).append(spec)
        self._bound_thread = False

    def run(self, inputs: Arrays) -> Arrays:
        cuda = self._cuda
        if not self._bound_thread:
            ok(cuda.cudaSetDevice(self._card))  # the current device belongs to the thread
            self._bound_thread = True
        kept: List[np.ndarray] = []
        for spec in self.inputs:
            array = np.ascontiguousarray(inputs[spec.name])
            kept.append(array)
            ok(cuda.cudaMemcpyAsync(self._memory[spec.name], array.ctypes.data, array.nbytes, cuda.cudaMemcpyKind.cudaMemcpyHostToDevice, self._stream))
        if not self._context.execute_async_v3(int(self._stream)):
            raise RuntimeError("TensorRT refused the run; its log says why")
        outputs = {spec.name: np.empty(spec.dims, spec.dtype) for spec in self.outputs}
        for name, array in outputs.items():
            ok(cuda.cudaMemcpyAsync(array.ctypes.data, self._memory[name], array.nbytes, cuda.cudaMemcpyKind.cudaMemcpyDeviceToHost, self._stream))
        ok(cuda.cudaStreamSynchronize(self._stream))
        return outputs

    def effective(self) -> EffectiveDevice:
        name = ok(self._cuda.cudaGetDeviceProperties(self._card)).name
        told = name.decode() if isinstance(name, bytes) else str(name)
        # An engine holds kernels of the GPU (and DLA) alone.
        return EffectiveDevice(f"cuda:{self._card}", True, f"engine of {self._engine.num_layers} layers on {told}")

    def close(self) -> None:
        for address in self._memory.values():
            self._cuda.cudaFree(address)
        self._cuda.cudaStreamDestroy(self._stream)
