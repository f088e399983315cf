"""INT8 (QDQ) from the FP32 ONNX file: per-channel S8 weights, U8 activations, calibrated on changed training pictures.

The picture enters the first convolution as it is. --float-heads leaves the four output convolutions in float.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from workshop.data.checks import check_calibration_images
from workshop.data.onnx_file import check_onnx_file
from workshop.pose.augment import Augmenter
from workshop.pose.export import INPUT
from workshop.pose.sources import load
from workshop.problems import WorkshopError
from workshop.quantise import METHODS, quantise
from workshop.recipe import Recipe, input_size, model_file


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--count", type=int, help="calibration pictures; else the recipe's")
    a.add_argument("--method", choices=tuple(METHODS), help="else the recipe's")
    a.add_argument("--source", type=Path, help="FP32 file; else out/fp32.onnx")
    a.add_argument("--out", type=Path, help="else out/int8.onnx")
    a.add_argument("--smallest", type=int, default=256, help="refuse fewer calibration pictures than this")
    a.add_argument("--float-heads", action="store_true", help="leave the output convolutions in float")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    count = o.count or int(recipe.quantisation.get("count", 512))
    method = o.method or str(recipe.quantisation.get("method", "minmax"))
    source, target = o.source or model_file(recipe, "fp32.onnx"), o.out or recipe.out / "int8.onnx"
    if not source.is_file():
        raise WorkshopError(f"{source}: not there; run export --model {recipe.name} first")
    check_onnx_file(source)
    pictures = Augmenter(load(recipe, "train", o.data_root), input_size(recipe))
    rng = np.random.default_rng(recipe.seed)
    chosen = rng.permutation(len(pictures))[:count]
    images = [pictures.sample(int(i), rng)[0] for i in chosen]
    check_calibration_images(images, f"models/{recipe.name}", o.smallest)
    target.parent.mkdir(parents=True, exist_ok=True)
    heads = o.float_heads or bool(recipe.quantisation.get("float_heads", False))
    quantise(source, target, images, method, heads, INPUT)
    print(f"{target}: {len(images)} calibration pictures, {method}{', heads in float' if heads else ''}, {target.stat().st_size} bytes (FP32 {source.stat().st_size})")
