"""Signal to quantisation noise per tensor, in dB: 10 log10(sum x^2 / sum (x - x')^2) over all values of some test pictures.

`own`  x' is the FP32 activation rounded to its own 8 bits: what this tensor's range costs
`whole` x' is what the INT8 file holds at this place: with the noise of all layers before it
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from workshop.calibrate import activations
from workshop.fake_quant import scale_and_zero
from workshop.ranges import Ranges, aliases, observed, prepared


def dequantised_names(model: onnx.ModelProto, int8: onnx.ModelProto) -> dict[str, str]:
    """For each observed tensor of the FP32 graph the dequantised tensor of the INT8 graph."""
    tensors = {n.input[0]: n.output[0] for n in int8.graph.node if n.op_type == "QuantizeLinear"}
    back = {n.input[0]: n.output[0] for n in int8.graph.node if n.op_type == "DequantizeLinear"}
    before = {v: k for k, v in aliases(model).items()}  # a ReLU is gone: its tensor carries the name of its input
    out = {}
    for name in observed(model):
        stored = tensors.get(name) or tensors.get(before.get(name, ""))
        if stored is not None and stored in back:
            out[name] = back[stored]
    return out


def decibels(signal: float, noise: float) -> float:
    return float(10 * np.log10(signal / noise)) if noise > 0 else 99.0


def short(name: str) -> str:
    """`/net/context.0/Relu_output_0` -> `context.0`."""
    parts = [p for p in name.split("/") if p not in ("", "net")]
    return parts[0].replace("_output_0", "").replace("heads.0", "class logits").replace("heads.1", "log-distances")


def sqnr(source: Path, int8_file: Path, ranges: Ranges, images: list[np.ndarray]) -> list[dict]:
    model, int8 = prepared(source), onnx.load(int8_file)
    pairs = dequantised_names(model, int8)
    names = list(pairs)
    sums = {n: np.zeros(3) for n in names}
    both = zip(activations(model, names, images), activations(int8, [pairs[n] for n in names], images))
    for exact, rounded in both:
        for name, x, y in zip(names, exact, rounded):
            scale, zero = scale_and_zero(*ranges[name])
            own = (np.clip(np.rint(x / scale) + zero, 0, 255) - zero) * scale
            sums[name] += [np.sum(x * x, dtype=np.float64), np.sum((x - own) ** 2, dtype=np.float64), np.sum((x - y) ** 2, dtype=np.float64)]
    return [
        {"tensor": short(n), "own": decibels(s[0], s[1]), "whole": decibels(s[0], s[2]), "low": ranges[n][0], "high": ranges[n][1]}
        for n, s in sums.items()
    ]
