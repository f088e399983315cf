"""Writes the golden vectors of the pose model: rendered test pictures, and what PyTorch and each ONNX file give for them (out/golden)."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from workshop.golden_outputs import GoldenPath, differences, onnx_path, write_golden_outputs
from workshop.pose.export import checkpoint_of
from workshop.pose.network import OUTPUTS, ExportNet, PoseNet, load_checkpoint
from workshop.pose.people import Pictures
from workshop.pose.sources import load
from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--checkpoint", type=Path, help="the one that was exported; else out/ckpt/train-last.pt")


def torch_path(net: PoseNet, checkpoint: Path) -> GoldenPath:
    """net is fused. The network as exported, in PyTorch."""
    deployed = ExportNet(net).eval()

    def compute(image: np.ndarray) -> dict[str, np.ndarray]:
        with torch.inference_mode():
            return {k: v.numpy() for k, v in zip(OUTPUTS, deployed(torch.from_numpy(image)[None]))}

    return GoldenPath("pytorch", checkpoint, f"torch {torch.__version__}", compute)


def chosen_pictures(test: Pictures) -> list[int]:
    """The first overhead and the first oblique picture with at least two people."""
    overhead, peopled = test.overhead(), np.array([(~p.ignore).sum() >= 2 for p in test.people])
    return [int(np.nonzero(kind & peopled)[0][0]) for kind in (overhead, ~overhead) if (kind & peopled).any()]


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    checkpoint = checkpoint_of(o, recipe)
    models = [recipe.out / f"{stem}.onnx" for stem in ("fp32", "int8")]
    missing = [f"{p}: not there; export and quantise --model {recipe.name} first" for p in models if not p.is_file()]
    if missing:
        raise WorkshopError(missing)
    torch.set_num_threads(1)
    net = load_checkpoint(checkpoint)[0].eval().fuse()
    test = load(recipe, "test", o.data_root)
    inputs = {str(k): np.ascontiguousarray(test.images[i].transpose(2, 0, 1)) for k, i in enumerate(chosen_pictures(test))}
    if not inputs:
        raise WorkshopError(f"models/{recipe.name}: no test picture shows two people; render more")
    write_golden_outputs(recipe.out / "golden", inputs, [torch_path(net, checkpoint), *(onnx_path(p) for p in models)])
    print(f"{recipe.out / 'golden'}: {len(inputs)} vectors through pytorch, fp32 and int8")
    for line in differences(recipe.out / "golden", "pytorch"):
        print(f"  {line}")
