"""Writes drawn tiles and what every path makes of them: out/golden. Drawn, because the data states no licence."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from workshop.anomaly.letterbox import letterbox
from workshop.anomaly.reference import Reference
from workshop.anomaly.train import plan_of, settings
from workshop.golden_outputs import GoldenPath, differences, onnx_path, write_golden_outputs
from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--count", type=int, default=3, help="drawn tiles")


def drawn_tile(rng: np.random.Generator, size: tuple[int, int], kind: int) -> np.ndarray:
    """Ground steel: stripes along one side, a soft light, grain; kind 1 has a hole, kind 2 a crack."""
    height, width = (330, 250) if kind != 2 else (240, 600)
    stripes = np.repeat(rng.normal(0, 9, (1, width)), height, 0)
    light = 70 + 40 * np.sin(np.linspace(0.4, 2.6, width))[None, :]
    picture = light + stripes + rng.normal(0, 5, (height, width))
    if kind == 1:
        y, x = np.mgrid[:height, :width]
        picture[((y - 200) / 9) ** 2 + ((x - 120) / 7) ** 2 < 1] = 22
    if kind == 2:
        walk = np.cumsum(rng.normal(0, 0.8, 90)) + 300
        for row, column in enumerate(walk.astype(int)):
            picture[20 + row, column : column + 3] = 18
    return letterbox(np.clip(picture, 1, 255).astype(np.uint8), size)[0]


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    fp32 = recipe.out / "fp32.onnx"
    if not fp32.is_file():
        raise WorkshopError(f"{fp32} does not exist; run `nx run models:train --model {recipe.name}` first")
    plan, rng = plan_of(settings(recipe)), np.random.default_rng(recipe.seed)
    inputs = {str(k): drawn_tile(rng, plan.size, k % 3)[None] for k in range(o.count)}
    paths = [GoldenPath("pytorch", fp32, f"torch {torch.__version__}", Reference(fp32, plan)), onnx_path(fp32)]
    if (recipe.out / "int8.onnx").is_file():
        paths.append(onnx_path(recipe.out / "int8.onnx"))
    folder: Path = recipe.out / "golden"
    write_golden_outputs(folder, inputs, paths)
    print(f"{folder}: {len(inputs)} tiles", *(differences(folder, "pytorch") or []), sep="\n")
