"""Writes the averaged weights of a checkpoint as an FP32 ONNX file with fixed shapes (opset 17)."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch

from workshop.network import DefectNet, ExportNet, load_checkpoint
from workshop.recipe import Recipe, input_size
from workshop.scoring import onnx_predict


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--checkpoint", type=Path, help="else out/ckpt/train-last.pt")
    a.add_argument("--out", type=Path, help="else out/fp32.onnx")


def export(net: DefectNet, path: Path, height: int, width: int) -> None:
    """net is fused. The file is written beside and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.onnx.export(
        ExportNet(net),
        torch.zeros(1, net.shape.channels, height, width, dtype=torch.uint8),
        str(partial),
        opset_version=17,
        input_names=["images"],
        output_names=["scores", "boxes"],
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(partial), full_check=True)
    partial.rename(path)


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    net = load_checkpoint(o.checkpoint or recipe.out / "ckpt" / "train-last.pt")[0].eval().fuse()
    out = o.out or recipe.out / "fp32.onnx"
    height, width = input_size(recipe)
    export(net, out, height, width)
    image = (np.random.default_rng(0).random((net.shape.channels, height, width)) > 0.5).astype(np.uint8) * 255
    scores, boxes = onnx_predict(out)(image)
    with torch.inference_mode():
        s, b = ExportNet(net)(torch.from_numpy(image)[None])
    print(f"{out}: largest difference to torch: scores {np.abs(scores - s[0].numpy()).max():.2e}, boxes {np.abs(boxes - b[0].numpy()).max():.2e} px")
