"""Writes the averaged weights of a checkpoint as an FP32 ONNX file with fixed shapes (opset 17)."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch

from workshop.golden_outputs import onnx_path
from workshop.pose.network import OUTPUTS, ExportNet, PoseNet, load_checkpoint
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, input_size

INPUT = "image"


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--checkpoint", type=Path, help="else out/ckpt/train-last.pt")
    a.add_argument("--out", type=Path, help="else out/fp32.onnx")


def export(net: PoseNet, path: Path, height: int, width: int) -> None:
    """net is fused. The file is written beside and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    picture = torch.zeros(1, 3, height, width, dtype=torch.uint8)
    names = {"input_names": [INPUT], "output_names": list(OUTPUTS)}
    torch.onnx.export(ExportNet(net), picture, str(partial), opset_version=17, dynamo=False, **names)
    onnx.checker.check_model(onnx.load(partial), full_check=True)
    partial.rename(path)


def checkpoint_of(o: argparse.Namespace, recipe: Recipe) -> Path:
    """Raises WorkshopError when there is none."""
    path = o.checkpoint or recipe.out / "ckpt" / "train-last.pt"
    if not path.is_file():
        raise WorkshopError(f"{path}: not there; run train --model {recipe.name} first, or give --checkpoint")
    return path


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    net = load_checkpoint(checkpoint_of(o, recipe))[0].eval().fuse()
    out = o.out or recipe.out / "fp32.onnx"
    height, width = input_size(recipe)
    export(net, out, height, width)
    image = np.random.default_rng(0).integers(0, 256, (3, height, width), np.uint8)
    made = onnx_path(out).compute(image)
    with torch.inference_mode():
        want = dict(zip(OUTPUTS, ExportNet(net)(torch.from_numpy(image)[None])))
    apart = ", ".join(f"{k} {np.abs(made[k] - v.numpy()).max():.2e}" for k, v in want.items())
    print(f"{out}: {out.stat().st_size} bytes, largest difference to torch: {apart}")
