"""The ONNX files that a compiler is given: without the host's Cast at the input and cut before the host's last nodes. What was cut
off at the end is kept as `tail.onnx`, which the host runs behind the accelerator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort

from workshop.compile.graph import host_nodes
from workshop.compile.target import Route


@dataclass(frozen=True)
class Prepared:
    """`model` goes to the compiler. `cut`: its outputs, in order. `tail` is None when nothing was cut off."""

    model: Path
    tail: Path | None
    input_dtype: str
    cut: list[str]


def save(model: onnx.ModelProto, file: Path) -> None:
    partial = file.with_suffix(".partial")
    onnx.save(model, partial)
    partial.rename(file)


def prepare(source: Path, route: Route, folder: Path) -> Prepared:
    """Writes model.onnx, and tail.onnx where the route has nodes for the host."""
    model = onnx.shape_inference.infer_shapes(onnx.load(source))
    head, tail = host_nodes(model, route)
    graph = model.graph
    inputs, outputs = [i.name for i in graph.input], [o.name for o in graph.output]
    made = {o: n for n in graph.node for o in n.output}
    cut: list[str] = []
    for node in graph.node:
        if node.output[0] in tail:
            cut += [n for n in node.input if n in made and made[n].output[0] not in tail and made[n].op_type != "Constant" and n not in cut]
    cut += [o for o in outputs if made[o].output[0] not in tail]
    tail_file = None
    if tail:
        extractor = onnx.utils.Extractor(model)
        tail_file = folder / "tail.onnx"
        save(extractor.extract_model(cut, outputs), tail_file)
        model = extractor.extract_model(inputs, cut)
    if head:
        drop_head(model, head)
    save(model, folder / "model.onnx")
    dtype = onnx.helper.tensor_dtype_to_np_dtype(model.graph.input[0].type.tensor_type.elem_type)
    return Prepared(folder / "model.onnx", tail_file, str(dtype), cut)


def drop_head(model: onnx.ModelProto, head: set[str]) -> None:
    """Takes the Cast nodes at the input away; the input becomes float32 with the same values."""
    graph = model.graph
    for node in [n for n in graph.node if n.output[0] in head and n.op_type == "Cast"]:
        for user in graph.node:
            for i, name in enumerate(user.input):
                if name == node.output[0]:
                    user.input[i] = node.input[0]
        for value in graph.input:
            if value.name == node.input[0]:
                value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT
        graph.node.remove(node)


def run_onnx(file: Path, inputs: list[dict[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
    """Outputs by name of an ONNX file in ONNX Runtime, one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    return [dict(zip(names, session.run(names, feed))) for feed in inputs]
