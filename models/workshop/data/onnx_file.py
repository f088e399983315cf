"""Checks an ONNX file before it is quantised, scored or packed: readable, fixed shapes, operators that the station's runtime has."""

from __future__ import annotations

from pathlib import Path

import onnx

from workshop.problems import WorkshopError

STANDARD = ("", "ai.onnx")
NEWEST_OPSET = 22  # onnxruntime-node 1.30 and onnxruntime 1.22 both run it


def check_onnx_file(file: Path, operators: frozenset[str] | None = None) -> onnx.ModelProto:
    """`operators`: only these are accepted; None for every standard one. Raises WorkshopError with every problem, naming the node."""
    if not file.is_file():
        raise WorkshopError(f"{file}: not there; export the model first")
    try:
        model = onnx.load(file)
        onnx.checker.check_model(model)
    except Exception as fault:  # the parser and the checker raise types of several libraries
        custom = _foreign(file)
        raise WorkshopError(custom or f"{file}: not a valid ONNX file ({str(fault).splitlines()[0][:120]}); export the model again") from fault
    shapes = [(kind, v.name, _shape(v)) for kind, values in (("input", model.graph.input), ("output", model.graph.output)) for v in values]
    problems = [
        f"{file}: {kind} {name} has the dynamic shape {shape}; export with a fixed shape"
        for kind, name, shape in shapes
        if any(isinstance(d, str) for d in shape)
    ]
    opset = next((o.version for o in model.opset_import if o.domain in STANDARD), 0)
    if opset > NEWEST_OPSET:
        problems.append(f"{file}: opset {opset} is newer than {NEWEST_OPSET}; export with an older one")
    problems += _operator_problems(file, model, operators)
    if problems:
        raise WorkshopError(problems)
    return model


def _shape(value: onnx.ValueInfoProto) -> list[int | str]:
    return [d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else (d.dim_param or "?") for d in value.type.tensor_type.shape.dim]


def _operator_problems(file: Path, model: onnx.ModelProto, operators: frozenset[str] | None) -> list[str]:
    problems = []
    for node in model.graph.node:
        name = node.name or (node.output[0] if node.output else "?")
        if node.domain not in STANDARD:
            problems.append(f"{file}: node {name!r}: operator {node.domain}.{node.op_type} is not a standard one; replace it before export")
        elif operators is not None and node.op_type not in operators:
            problems.append(f"{file}: node {name!r}: unsupported operator {node.op_type}; supported are {', '.join(sorted(operators))}")
    return problems


def _foreign(file: Path) -> list[str]:
    """Nodes of foreign domains or unknown operators in a file that the checker refuses for them."""
    try:
        model = onnx.load(file)
    except Exception:  # not a protobuf of this kind
        return []
    known = {schema.name for schema in onnx.defs.get_all_schemas()}
    return _operator_problems(file, model, frozenset(known)) if any(n.domain not in STANDARD or n.op_type not in known for n in model.graph.node) else []
