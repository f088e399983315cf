"""Checks an ONNX file against what a route can run. Every problem names the node, its operator and a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from workshop.compile.target import Route

STANDARD = ("", "ai.onnx")
ALWAYS = ("Constant",)
QUANTISATION = ("QuantizeLinear", "DequantizeLinear")


@dataclass(frozen=True)
class Findings:
    problems: list[str]
    warnings: list[str]


def label(node: onnx.NodeProto) -> str:
    return f"node {node.name or node.output[0]!r} ({node.op_type})"


def check_graph(file: Path, route: Route, target: str) -> Findings:
    """Operators, opset, static shapes, ranks, types and quantisation of `file`, all problems at once."""
    try:
        model = onnx.load(file)
        onnx.checker.check_model(model)
    except Exception as fault:  # the parser and the checker raise types of several libraries
        return Findings([f"{file}: not a valid ONNX file ({str(fault).splitlines()[0]}); export the model again"], [])
    problems = check_opset(model, route, file) + check_shapes(model, route, file) + check_operators(model, route, target)
    problems += check_limits(model, route, target) + check_quantisation(model, route, target)
    return Findings(problems, check_channels(model, route))


def check_opset(model: onnx.ModelProto, route: Route, file: Path) -> list[str]:
    opset = next((o.version for o in model.opset_import if o.domain in STANDARD), 0)
    low, high = route.opset["min"], route.opset["max"]
    if low <= opset <= high:
        return []
    return [f"{file}: opset {opset}, but {route.compiler['name']} {route.compiler['version']} takes {low} to {high}; export with an opset in that range"]


def dims(value: onnx.ValueInfoProto) -> list[int | str]:
    shape = value.type.tensor_type.shape
    return [d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else (d.dim_param or "?") for d in shape.dim]


def check_shapes(model: onnx.ModelProto, route: Route, file: Path) -> list[str]:
    problems = []
    for kind, values in (("input", model.graph.input), ("output", model.graph.output)):
        for value in values:
            shape = dims(value)
            if route.staticShapes and any(isinstance(d, str) for d in shape):
                problems.append(f"{file}: {kind} {value.name} has the dynamic shape {shape}; {route.title} needs fixed numbers: export with a fixed shape")
            if len(shape) > route.maxRank:
                problems.append(f"{file}: {kind} {value.name} has {len(shape)} dimensions, {route.title} takes {route.maxRank} at most; reshape it before export")
    if problems or not route.staticShapes:
        return problems
    known = onnx.shape_inference.infer_shapes(model)
    makers = {o: n for n in model.graph.node for o in n.output}
    for value in known.graph.value_info:
        shape = dims(value)
        if any(isinstance(d, str) for d in shape) and value.name in makers:
            problems.append(f"{label(makers[value.name])}: its output has the shape {shape}, not known before the run; {route.title} needs fixed shapes: replace the node or fold it into constants")
    return problems


def host_nodes(model: onnx.ModelProto, route: Route) -> tuple[set[str], set[str]]:
    """First outputs of the nodes at the input (head) and at the end (tail) that the host runs around the accelerator."""
    graph = model.graph
    outputs = {o.name for o in graph.output}
    users: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    inputs, head, tail = {i.name for i in graph.input}, set(), set()
    for node in graph.node:
        if node.op_type in route.operators["hostHead"] and all(n in inputs or n in head for n in node.input):
            head.add(node.output[0])
    for node in reversed(graph.node):
        if node.op_type in route.operators["hostTail"] and all(
            (not users.get(o) and o in outputs) or (users.get(o) and all(u.output[0] in tail for u in users[o])) for o in node.output
        ):
            tail.add(node.output[0])
    return head, tail


def check_operators(model: onnx.ModelProto, route: Route, target: str) -> list[str]:
    head, tail = host_nodes(model, route)
    problems = []
    for node in model.graph.node:
        if node.domain not in STANDARD:
            problems.append(f"{label(node)}: operator of the domain {node.domain}, which {target} does not know; export standard ONNX operators")
        elif node.op_type in (*ALWAYS, *QUANTISATION):  # check_quantisation judges the second kind
            continue
        elif not route.takes(node.op_type) and node.output[0] not in head | tail:
            where = ""
            if node.op_type in route.operators["hostTail"]:
                where = " here, only behind the last accelerated node, where the host runs it"
            elif node.op_type in route.operators["hostHead"]:
                where = " here, only at the input, where the host runs it"
            remedy = route.operators.get("remedies", {}).get(node.op_type, "replace it in the network, or move it behind the last accelerated node, and export again")
            problems.append(f"{label(node)}: {target} cannot run this operator{where}; {remedy}")
    return problems


def check_limits(model: onnx.ModelProto, route: Route, target: str) -> list[str]:
    problems = []
    for node in model.graph.node:
        for limit in (entry for entry in route.limits if entry["operator"] == node.op_type):
            values = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if limit["attribute"] not in values:
                continue
            value = values[limit["attribute"]]
            value = value.decode() if isinstance(value, bytes) else value
            got = value if isinstance(value, list) else [value]
            if not all(v in limit["allowed"] for v in got):
                problems.append(f"{label(node)}: {limit['attribute']} is {value}, but {target} takes {limit['allowed']}; {limit['remedy']}")
    return problems


def check_quantisation(model: onnx.ModelProto, route: Route, target: str) -> list[str]:
    """symmetric-int8: every zero point is 0 and every quantised activation INT8; INT32 biases pass."""
    nodes = [n for n in model.graph.node if n.op_type in QUANTISATION]
    if route.quantisation == "none" and nodes:
        return [f"{label(nodes[0])} and {len(nodes) - 1} more: {target} quantises by itself; give it the FP32 file"]
    if route.quantisation != "symmetric-int8":
        return []
    constants = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    problems = []
    for node in nodes:
        zero = constants.get(node.input[2]) if len(node.input) > 2 else None
        if zero is None:
            problems.append(f"{label(node)}: no constant zero point; {target} wants INT8 with zero point 0: quantise symmetrically")
        elif np.any(zero) or zero.dtype not in (np.int8, np.int32):
            problems.append(f"{label(node)}: {zero.dtype} with zero point {int(zero.reshape(-1)[0])}; {target} wants INT8 with zero point 0: quantise symmetrically")
    return problems


def check_channels(model: onnx.ModelProto, route: Route) -> list[str]:
    if route.channelMultiple < 2:
        return []
    constants = {t.name: t.dims for t in model.graph.initializer}
    warnings = []
    for node in model.graph.node:
        weight = constants.get(node.input[1]) if node.op_type == "Conv" else None
        if weight and weight[0] % route.channelMultiple:
            warnings.append(f"{label(node)}: {weight[0]} output channels, not a multiple of {route.channelMultiple}; the hardware pads them")
    return warnings
