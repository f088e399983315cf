"""The ONNX graph: grey picture, levelled light, patches, distance to two memories, map and score.

One graph serves training (cut off after the patches) and the station (with memory), so both compute the same.

    image [1, 1, H, W] uint8 -> level light -> backbone layers -> mean of 3x3 -> one grid, and behind them the plain figures of
    each cell: darkest, brightest and mean grey, mean step down and across -> patch [1, D + PLAIN, h, w]
    for each memory:  z = whitened patch;  d^2 = |z|^2 + min_m(|m|^2 - 2 z.m)   the nearest patch of the memory
    d = d * scale of the cell's depth below the edge of the tile    edges differ more between good tiles than the ground does
    d = the larger one of the memories
    p = d^2 / (d^2 + 1)                                             0 to 1, one half at the scaled distance 1
    anomaly_map = p [1, 1, h, w];  score = p of the mean of the k largest d [1]
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, version_converter
from onnx.utils import Extractor

from workshop.problems import WorkshopError

OPSET = 13
IMAGE = "image"
PATCHES = "patches"
WHOLE = 0.99
LEVELS = 8
PLAIN = 5


@dataclass(frozen=True)
class Plan:
    """What is fixed before anything is learnt; from `network` of the recipe."""

    size: tuple[int, int]
    light: str
    window: int
    layers: tuple[str, ...]
    grid: tuple[int, int]
    top: int


@dataclass(frozen=True)
class Memory:
    """Learnt: z = (patch - mean) @ whiten [D, K]; bank [B, K]; scale by depth, the last one for all deeper cells. A cell that is
    not wholly on the tile has depth -1 and scale 0."""

    mean: np.ndarray
    whiten: np.ndarray
    bank: np.ndarray
    scale: np.ndarray


class Builder:
    """Appends nodes and constants; `add` gives the name of the output. `prefix` keeps the names of two builders apart."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, op: str, *inputs: str, name: str | None = None, **attributes) -> str:
        out = name or f"{self.prefix}{len(self.nodes)}_{op.lower()}"
        self.nodes.append(helper.make_node(op, list(inputs), [out], name=f"{out}_node", **attributes))
        return out

    def constant(self, values, dtype=np.float32) -> str:
        name = f"{self.prefix}_constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name


def backbone(file: Path, layers: tuple[str, ...], size: tuple[int, int]) -> onnx.ModelProto:
    """The network up to `layers`, for another input size. Raises WorkshopError for a missing file or layer."""
    if not file.is_file():
        raise WorkshopError(f"{file} does not exist; the backbone is a file of the data root (see models/README.md)")
    whole = onnx.shape_inference.infer_shapes(onnx.load(file))
    known = {output for node in whole.graph.node for output in node.output}
    missing = [layer for layer in layers if layer not in known]
    if missing:
        raise WorkshopError(f"{file} has no layer {', '.join(missing)}; correct network.layers of model.json")
    entry = whole.graph.input[0].name
    part = Extractor(whole).extract_model([entry], list(layers))
    dims = part.graph.input[0].type.tensor_type.shape.dim
    dims[2].dim_value, dims[3].dim_value = size
    del part.graph.value_info[:]
    for output in part.graph.output:
        output.type.tensor_type.ClearField("shape")
    return onnx.shape_inference.infer_shapes(version_converter.convert_version(part, OPSET))


def level_light(b: Builder, plan: Plan) -> str:
    """uint8 picture to float32 [1, 1, H, W] in 0..255; black is no part of the tile. `gain`: mean of the tile to 100.
    `local`: deviation from the mean of a window, over its root mean square, 30 a unit around 114."""
    level = b.add("Cast", IMAGE, to=TensorProto.FLOAT)
    inside = b.add("Cast", b.add("Greater", level, b.constant(0.0)), to=TensorProto.FLOAT)
    count = b.add("Add", b.add("ReduceSum", inside, keepdims=1), b.constant(1.0))
    low, high = b.constant(0.0), b.constant(255.0)
    if plan.light == "gain":
        total = b.add("Add", b.add("ReduceSum", level, keepdims=1), b.constant(1.0))
        gain = b.add("Div", b.add("Mul", count, b.constant(100.0)), total)
        grey = b.add("Clip", b.add("Mul", level, gain), low, high)
    elif plan.light == "local":
        share = b.add("Add", box_mean(b, inside, plan.window), b.constant(1e-3))
        deviation = b.add("Mul", b.add("Sub", level, b.add("Div", box_mean(b, level, plan.window), share)), inside)
        square = b.add("ReduceSum", b.add("Mul", deviation, deviation), keepdims=1)
        spread = b.add("Add", b.add("Sqrt", b.add("Div", square, count)), b.constant(1.0))
        unit = b.add("Mul", b.add("Div", deviation, spread), b.constant(30.0))
        grey = b.add("Mul", b.add("Clip", b.add("Add", unit, b.constant(114.0)), low, high), inside)
    else:
        raise WorkshopError(f"network.light is {plan.light!r}; it must be gain or local")
    return grey


def box_mean(b: Builder, x: str, window: int) -> str:
    """Mean of the window, cut at the edges; one axis after the other."""
    half = window // 2
    row = b.add("AveragePool", x, kernel_shape=[1, window], pads=[0, half, 0, half], strides=[1, 1])
    return b.add("AveragePool", row, kernel_shape=[window, 1], pads=[half, 0, half, 0], strides=[1, 1])


def plain(b: Builder, plan: Plan, grey: str) -> list[str]:
    """PLAIN figures of each cell. A picture that is lit or ground unlike good ones differs in these and hardly in the layers."""
    height, width = plan.size
    step = height // plan.grid[0]
    pool = {"kernel_shape": [step, step], "strides": [step, step]}
    soft = b.add("AveragePool", grey, kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1])
    darkest = b.add("Neg", b.add("MaxPool", b.add("Neg", soft), **pool))
    figures = [darkest, b.add("MaxPool", soft, **pool), b.add("AveragePool", soft, **pool)]
    for axis, end, pads in ((2, height, [0, 0, 0, 0, 0, 0, 1, 0]), (3, width, [0, 0, 0, 0, 0, 0, 0, 1])):
        at = [b.constant([v], np.int64) for v in (1, end, axis)]
        after = b.add("Pad", b.add("Slice", grey, *at), b.constant(pads, np.int64), b.constant(0.0))
        figures.append(b.add("AveragePool", b.add("Abs", b.add("Sub", after, grey)), **pool))
    return figures


def patches(b: Builder, plan: Plan, network: onnx.ModelProto, grey: str) -> tuple[str, int]:
    """Every layer as the mean of 3x3, pooled or stretched to the grid, one behind the other, then the plain figures. Gives the
    name and the number of channels."""
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in [*network.graph.value_info, *network.graph.output]}
    rows, columns = plan.grid
    parts, depth = [], 0
    for layer in plan.layers:
        _, channels, height, width = shapes[layer]
        x = b.add("AveragePool", layer, kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[1, 1])
        if height > rows:
            step = height // rows
            if (rows * step, columns * step) != (height, width):
                raise WorkshopError(f"network.grid {plan.grid} does not divide layer {layer} of {height}x{width}")
            x = b.add("AveragePool", x, kernel_shape=[step, step], strides=[step, step])
        elif height < rows:
            sizes = b.constant([1, channels, rows, columns], np.int64)
            x = b.add("Resize", x, "", "", sizes, mode="linear", coordinate_transformation_mode="half_pixel")
        parts.append(x)
        depth += channels
    return b.add("Concat", *parts, *plain(b, plan, grey), axis=1, name=PATCHES), depth + PLAIN


def scales(b: Builder, plan: Plan, memories: tuple[Memory, ...]) -> str:
    """Scale [1, memories, h, w] of each cell: the tile is eroded cell by cell, and each step adds what the scale rises by."""
    step = plan.size[0] // plan.grid[0]
    inside = b.add("Cast", b.add("Greater", b.add("Cast", IMAGE, to=TensorProto.FLOAT), b.constant(0.0)), to=TensorProto.FLOAT)
    share = b.add("AveragePool", inside, kernel_shape=[step, step], strides=[step, step])
    outside = b.add("Cast", b.add("Less", share, b.constant(WHOLE)), to=TensorProto.FLOAT)
    one, left = b.constant(1.0), []
    for _ in range(LEVELS):
        left.append(b.add("Sub", one, outside))
        ring = b.add("Pad", outside, b.constant([0, 0, 1, 1, 0, 0, 1, 1], np.int64), one)
        outside = b.add("MaxPool", ring, kernel_shape=[3, 3], strides=[1, 1])
    rises = np.stack([np.diff(m.scale, prepend=0) for m in memories])
    return b.add("Conv", b.add("Concat", *left, axis=1), b.constant(rises[:, :, None, None]), name="scaled")


def nearest(b: Builder, memory: Memory, number: int) -> str:
    """Squared distance [1, 1, h, w] of every patch to the nearest one of the memory."""
    whiten = memory.whiten.T[:, :, None, None]
    z = b.add("Conv", PATCHES, b.constant(whiten), b.constant(-memory.mean @ memory.whiten), name=f"whitened{number}")
    own = b.add("ReduceSum", b.add("Mul", z, z), b.constant([1], np.int64), keepdims=1)
    bank, squares = b.constant(-2 * memory.bank[:, :, None, None]), b.constant((memory.bank**2).sum(1))
    best = b.add("ReduceMin", b.add("Conv", z, bank, squares, name=f"to_memory{number}"), axes=[1], keepdims=1)
    return b.add("Relu", b.add("Add", own, best))


def judged(b: Builder, plan: Plan, memories: tuple[Memory, ...]) -> None:
    """Map and score from the patches."""
    squares = b.add("Concat", *[nearest(b, m, i) for i, m in enumerate(memories)], axis=1)
    scale = scales(b, plan, memories)
    square = b.add("ReduceMax", b.add("Mul", squares, b.add("Mul", scale, scale)), axes=[1], keepdims=1)
    one = b.constant(1.0)
    b.add("Div", square, b.add("Add", square, one), name="anomaly_map")
    flat = b.add("Reshape", b.add("Sqrt", square), b.constant([-1], np.int64))
    top = f"{flat}_top"
    b.nodes.append(helper.make_node("TopK", [flat, b.constant([plan.top], np.int64)], [top, f"{top}_at"], name=f"{top}_node"))
    mean = b.add("ReduceMean", top, keepdims=1)
    mean_square = b.add("Mul", mean, mean)
    b.add("Div", mean_square, b.add("Add", mean_square, one), name="score")


def build(plan: Plan, network: onnx.ModelProto, memories: tuple[Memory, ...]) -> onnx.ModelProto:
    """With memories the station's model; without any, the patches, for training."""
    head, tail = Builder("head"), Builder("tail")
    grey = level_light(head, plan)
    head.add("Identity", head.add("Concat", grey, grey, grey, axis=1), name=network.graph.input[0].name)
    _, depth = patches(tail, plan, network, grey)
    outputs = [helper.make_tensor_value_info(PATCHES, TensorProto.FLOAT, [1, depth, *plan.grid])]
    if memories:
        judged(tail, plan, memories)
        outputs = [
            helper.make_tensor_value_info("anomaly_map", TensorProto.FLOAT, [1, 1, *plan.grid]),
            helper.make_tensor_value_info("score", TensorProto.FLOAT, [1]),
        ]
    graph = helper.make_graph(
        [*head.nodes, *network.graph.node, *tail.nodes],
        "surface-anomaly",
        [helper.make_tensor_value_info(IMAGE, TensorProto.UINT8, [1, 1, *plan.size])],
        outputs,
        [*network.graph.initializer, *head.constants, *tail.constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="edge-blueprints workshop")
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model
