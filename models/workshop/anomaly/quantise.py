"""INT8 (QDQ) of the frozen backbone, calibrated on good training tiles; levelling, whitening and distances stay in float.

Distances are differences of large, nearly equal sums, which eight bits cannot carry: |z|^2 + |m|^2 - 2 z.m.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from workshop.anomaly.graph import IMAGE
from workshop.anomaly.split import load_split
from workshop.anomaly.tiles import read_picture, read_tiles
from workshop.anomaly.train import plan_of, settings
from workshop.problems import WorkshopError
from workshop.recipe import Recipe

MINIMUM = 128


class Pictures(CalibrationDataReader):
    def __init__(self, pictures: list[np.ndarray]) -> None:
        self.left = iter(pictures)

    def get_next(self):
        picture = next(self.left, None)
        return None if picture is None else {IMAGE: picture[None, None]}


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--count", type=int, default=256, help=f"good training pictures to calibrate on, at least {MINIMUM}")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    source = recipe.out / "fp32.onnx"
    if not source.is_file():
        raise WorkshopError(f"{source} does not exist; run `nx run models:train --model {recipe.name}` first")
    data = read_tiles(recipe, o.data_root)
    tiles = load_split(recipe, data)["train"]
    if not MINIMUM <= o.count <= len(tiles):
        raise WorkshopError(f"--count {o.count}: calibration needs {MINIMUM} to {len(tiles)} good training pictures")
    chosen = np.random.default_rng(recipe.seed).permutation(len(tiles))[: o.count]
    pictures = [read_picture(data.folder, tiles[i], plan_of(settings(recipe)).size) for i in chosen]
    # Only convolutions of the backbone: those of the memories are named, all else stays in float around them.
    graph = onnx.load(source).graph
    convolutions = [n.name for n in graph.node if n.op_type == "Conv" and not n.output[0].startswith(("whitened", "to_memory", "scaled"))]
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "int8.onnx"
        quantize_static(
            source, made, Pictures(pictures), quant_format=QuantFormat.QDQ, nodes_to_quantize=convolutions, per_channel=True,
            weight_type=QuantType.QInt8, activation_type=QuantType.QUInt8, calibrate_method=CalibrationMethod.MinMax,
        )
        partial = recipe.out / "int8.onnx.partial"
        partial.write_bytes(made.read_bytes())
    partial.rename(recipe.out / "int8.onnx")
    print(f"{recipe.out / 'int8.onnx'}: {(recipe.out / 'int8.onnx').stat().st_size} bytes, {len(convolutions)} convolutions in INT8")
