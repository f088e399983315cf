"""LiteRT (TensorFlow Lite) on the processor; `edge_tpu` uses the same interpreter with the delegate of the board."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from sidecar.backends.base import Backend, BackendOptions, EffectiveDevice
from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, Quantisation, TensorSpec

PACKAGES = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")


def open(artefact: Path, options: BackendOptions) -> Backend:
    if options.device not in ("", "cpu"):
        raise SidecarError("sidecar.device-missing", f"litert runs on the processor (cpu), not on {options.device!r}; the backend edgetpu uses a board")
    return LiteRt(artefact, interpreter_module("litert"), options.threads, [])


def interpreter_module(backend: str) -> Any:
    """Raises SidecarError sidecar.backend-missing."""
    faults = []
    for name in PACKAGES:
        try:
            return import_module(name)
        except (ImportError, OSError) as fault:
            faults.append(str(fault))
    raise SidecarError("sidecar.backend-missing", f"the backend {backend} needs ai-edge-litert or tflite-runtime, neither loads here ({'; '.join(faults)}); pip install ai-edge-litert")


class LiteRt(Backend):
    def __init__(self, artefact: Path, module: Any, threads: int, delegates: List[Any]) -> None:
        self._interpreter = module.Interpreter(model_path=str(artefact), num_threads=threads, experimental_delegates=delegates or None)
        self._interpreter.allocate_tensors()
        inputs, outputs = self._described()
        self.inputs, self._input_at = [spec for spec, _ in inputs], {spec.name: at for spec, at in inputs}
        self.outputs, self._output_at = [spec for spec, _ in outputs], {spec.name: at for spec, at in outputs}

    def _described(self) -> Tuple[List[Tuple[TensorSpec, int]], List[Tuple[TensorSpec, int]]]:
        """(tensor, index) of inputs and outputs; names of the signature where the file has one, because those are the model's."""
        signatures: Dict[str, Any] = self._interpreter.get_signature_list()
        if signatures:
            runner = self._interpreter.get_signature_runner(next(iter(signatures)))
            pairs = (runner.get_input_details(), runner.get_output_details())
            return ([spec_of(d, n) for n, d in pairs[0].items()], [spec_of(d, n) for n, d in sorted(pairs[1].items())])
        details = (self._interpreter.get_input_details(), self._interpreter.get_output_details())
        return ([spec_of(d) for d in details[0]], [spec_of(d) for d in details[1]])

    def run(self, inputs: Arrays) -> Arrays:
        for name, at in self._input_at.items():
            self._interpreter.set_tensor(at, inputs[name])
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(at) for name, at in self._output_at.items()}

    def operators(self) -> Counter[str]:
        """Operators of the graph as it runs, delegates included; empty where the package does not tell."""
        told = getattr(self._interpreter, "_get_ops_details", None)
        return Counter(one["op_name"] for one in told()) if told else Counter()

    def effective(self) -> EffectiveDevice:
        operators = self.operators()
        told = ", ".join(f"{count} {name}" for name, count in operators.most_common())
        return EffectiveDevice("cpu", True, f"operators as they run: {told}" if told else "the interpreter runs on the processor; no delegate was given")


def spec_of(detail: Dict[str, Any], name: Optional[str] = None) -> Tuple[TensorSpec, int]:
    scale, zero_point = detail["quantization"]
    dims = detail.get("shape_signature", detail["shape"])
    dims = dims if len(dims) == len(detail["shape"]) else detail["shape"]
    quantisation = Quantisation(float(scale), int(zero_point)) if scale else None
    return TensorSpec(name or detail["name"], np.dtype(detail["dtype"]).name, tuple(int(d) for d in dims), quantisation), detail["index"]
