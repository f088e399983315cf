"""Tiny ONNX files for the tests of the compile verb."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 16


def save_model(file: Path, nodes: list[onnx.NodeProto], outputs: list[tuple[str, list]], constants: dict[str, np.ndarray], opset: int = 17, shape: list | None = None) -> Path:
    """A checked graph over the input `images`, uint8 [1, 2, SIDE, SIDE] unless `shape` says else."""
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, shape or [1, 2, SIDE, SIDE])],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs],
        [numpy_helper.from_array(v, k) for k, v in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.save(model, file)
    return file


def detector(file: Path, seed: int = 1, extra: list[onnx.NodeProto] | None = None) -> Path:
    """Cast, two convolutions with a Relu, a nearest Resize and an Add, then Sigmoid and Exp heads: the operators of our detector.

    `extra` nodes go between `features` and `merged`; without them the two are joined by an Identity-like Add of zero.
    """
    rng = np.random.default_rng(seed)
    weights = {
        "w0": rng.normal(0, 0.01, (8, 2, 3, 3)).astype(np.float32),
        "b0": np.zeros(8, np.float32),
        "w1": rng.normal(0, 0.2, (8, 8, 3, 3)).astype(np.float32),
        "b1": np.zeros(8, np.float32),
        "w2": rng.normal(0, 0.3, (3, 8, 1, 1)).astype(np.float32),
        "b2": np.zeros(3, np.float32),
        "w3": rng.normal(0, 0.1, (4, 8, 1, 1)).astype(np.float32),
        "b3": np.zeros(4, np.float32),
        "scales": np.array([1, 1, 2, 2], np.float32),
        "high": np.array(4, np.float32),
        "eight": np.array(8, np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["images"], ["x"], "cast", to=TensorProto.FLOAT),
        helper.make_node("Conv", ["x", "w0", "b0"], ["c0"], "first", pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["c0"], ["r0"], "relu0"),
        helper.make_node("Conv", ["r0", "w1", "b1"], ["c1"], "down", pads=[1, 1, 1, 1], strides=[2, 2], kernel_shape=[3, 3]),
        helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
        helper.make_node("Resize", ["r1", "", "scales"], ["up"], "up", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
        helper.make_node("Add", ["r0", "up"], ["features"], "join"),
        *(extra or []),
        helper.make_node("Conv", ["merged" if extra else "features", "w2", "b2"], ["logits"], "head0", kernel_shape=[1, 1]),
        helper.make_node("Conv", ["merged" if extra else "features", "w3", "b3"], ["raw"], "head1", kernel_shape=[1, 1]),
        helper.make_node("Sigmoid", ["logits"], ["scores"], "sigmoid"),
        helper.make_node("Clip", ["raw", "", "high"], ["clipped"], "clip"),
        helper.make_node("Exp", ["clipped"], ["exp"], "exp"),
        helper.make_node("Mul", ["exp", "eight"], ["boxes"], "times8"),
    ]
    return save_model(file, nodes, [("scores", [1, 3, SIDE, SIDE]), ("boxes", [1, 4, SIDE, SIDE])], weights)


def picture(rng: np.random.Generator) -> np.ndarray:
    """A smooth drawn picture, uint8 [2, SIDE, SIDE]."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    a, b, c = rng.uniform(2, 8, 3)
    plane = 128 + 100 * np.sin(x / a + c) * np.cos(y / b)
    return np.stack([plane, plane.T]).astype(np.uint8)
