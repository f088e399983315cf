"""
Between the tensors of the bundle, which stations send, and those of the artefact, which the accelerator takes: layout (NCHW, NHWC),
type, quantisation, names, and the nodes that were cut off for the host (tail.onnx).
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

import numpy as np

from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec

Step = Callable[[np.ndarray], np.ndarray]
TO_NHWC, TO_NCHW = (0, 2, 3, 1), (0, 3, 1, 2)


def unsuitable(message: str) -> SidecarError:
    return SidecarError("sidecar.artefact-invalid", message)


def layout(have: Tuple[int, ...], want: Tuple[int, ...]) -> Optional[Step]:
    """How an array of the shape `have` becomes one of `want`; None when no change of layout does it."""
    fits = len(have) == len(want) and all(w in (-1, h) or h == -1 for h, w in zip(have, want))
    if fits:
        return lambda array: array
    if len(have) == len(want) == 4:
        for order in (TO_NHWC, TO_NCHW):
            if tuple(have[i] for i in order) == want:
                return lambda array, order=order: np.ascontiguousarray(array.transpose(order))
    squeezed = [tuple(d for d in dims if d != 1) for dims in (have, want)]
    if squeezed[0] == squeezed[1] and -1 not in want:
        return lambda array: array.reshape(want)  # axes of size 1 that a compiler took away or put before
    if len(have) == 3 and len(want) == 4:  # an accelerator that leaves the batch away: HWC for NCHW
        inner = layout((1, *have), want)
        return None if inner is None else lambda array: inner(array.reshape((1, *array.shape)))
    if len(have) == 4 and len(want) == 3 and have[0] == 1:
        inner = layout(have, (1, *want))
        return None if inner is None else lambda array: inner(array).reshape(want)
    return None


def into(spec: TensorSpec) -> Step:
    """Real values into the type of the artefact, rounded and clipped to its range."""
    dtype, quantisation = np.dtype(spec.dtype), spec.quantisation
    if dtype.kind == "f":
        return lambda array: array.astype(dtype, copy=False)
    info = np.iinfo(dtype)
    if quantisation is None or (quantisation.scale == 1 and quantisation.zero_point == 0):
        return lambda array: array if array.dtype == dtype else np.clip(np.rint(array), info.min, info.max).astype(dtype)
    return lambda array: np.clip(np.rint(array.astype(np.float32) / quantisation.scale + quantisation.zero_point), info.min, info.max).astype(dtype)


def out_of(spec: TensorSpec, dtype: str) -> Step:
    quantisation = spec.quantisation
    if quantisation is None:
        return lambda array: array.astype(dtype, copy=False)
    return lambda array: ((array.astype(np.float32) - quantisation.zero_point) * quantisation.scale).astype(dtype, copy=False)


def pair(wanted: List[TensorSpec], have: List[TensorSpec], what: str, step: Callable[[TensorSpec, TensorSpec], Optional[Step]]) -> List[Tuple[TensorSpec, TensorSpec]]:
    """
    By name; where compilers gave names of their own, by their order; where that order does not fit, by shape if only one is possible.
    The golden vectors show whether two tensors of one shape were taken for each other.
    """
    if len(wanted) != len(have):
        raise unsuitable(f"the artefact has {len(have)} {what}, wanted are {len(wanted)} ({', '.join(s.name for s in wanted)}); compile it again, and give --tail where one was cut off")
    names = {spec.name: spec for spec in have}
    if all(spec.name in names for spec in wanted):
        return [(spec, names[spec.name]) for spec in wanted]
    in_order = list(zip(wanted, have))
    if all(step(*one) for one in in_order):
        return in_order
    possible = [[other for other in have if step(spec, other)] for spec in wanted]
    only = [found[0] for found in possible if len(found) == 1]
    return list(zip(wanted, only)) if len({spec.name for spec in only}) == len(wanted) else in_order


def into_artefact(wanted: TensorSpec, have: TensorSpec) -> Optional[Step]:
    return layout(wanted.dims, have.dims)


def into_bundle(wanted: TensorSpec, have: TensorSpec) -> Optional[Step]:
    return layout(have.dims, wanted.dims)


class Adapter:
    """`tail`: an ONNX file that the host runs behind the accelerator, with the names of its inputs as the order of the outputs."""

    def __init__(self, inputs: List[TensorSpec], outputs: List[TensorSpec], have_inputs: List[TensorSpec], have_outputs: List[TensorSpec], tail: Optional[Path]) -> None:
        self._tail = Tail(tail, outputs) if tail else None
        self._inputs: Dict[str, Tuple[str, Step, Step]] = {}
        for wanted, have in pair(inputs, have_inputs, "inputs", into_artefact):
            step = into_artefact(wanted, have)
            if step is None:
                raise unsuitable(f"input {wanted.name}: {wanted.describe()} cannot be laid out as {have.name} {have.describe()}")
            self._inputs[wanted.name] = (have.name, step, into(have))
        self._outputs: List[Tuple[str, str, Step, Step]] = []
        for wanted, have in pair(self._tail.inputs if self._tail else outputs, have_outputs, "outputs", into_bundle):
            step = into_bundle(wanted, have)
            if step is None:
                raise unsuitable(f"output {have.name} {have.describe()} cannot be laid out as {wanted.name} {wanted.describe()}")
            self._outputs.append((wanted.name, have.name, step, out_of(have, wanted.dtype)))

    def to_artefact(self, inputs: Arrays) -> Arrays:
        return {to: cast(step(inputs[name])) for name, (to, step, cast) in self._inputs.items()}

    def to_bundle(self, outputs: Arrays) -> Arrays:
        real = {name: step(cast(outputs[have])) for name, have, step, cast in self._outputs}
        return self._tail.run(real) if self._tail else real


class Tail:
    """The last nodes of the network on the host, by ONNX Runtime on one thread."""

    def __init__(self, file: Path, outputs: List[TensorSpec]) -> None:
        try:
            import onnxruntime
        except ImportError as fault:
            raise SidecarError("sidecar.backend-missing", f"--tail needs onnxruntime on the host, which is not installed ({fault}); pip install onnxruntime") from fault
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as fault:  # onnxruntime raises types of its own, one a cause
            raise unsuitable(f"{file} cannot be run as the tail: {fault}") from fault
        self.inputs = [TensorSpec(i.name, "float32", tuple(d if isinstance(d, int) else -1 for d in i.shape)) for i in self._session.get_inputs()]
        self._names = [spec.name for spec in outputs]

    def run(self, inputs: Arrays) -> Arrays:
        return dict(zip(self._names, self._session.run(self._names, inputs)))
