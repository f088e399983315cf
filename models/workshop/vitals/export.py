"""Writes out/fp32.onnx from the checkpoint: features [128, 56] -> probability [128, labels]."""

from __future__ import annotations

import argparse

import numpy as np
import onnx
import torch

from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.vitals.network import Advisory
from workshop.vitals.signals import FEATURES
from workshop.vitals.train import ROWS
from workshop.vitals.windows import LABELS


def add_arguments(a: argparse.ArgumentParser) -> None:
    pass


def checkpoint(recipe: Recipe) -> Advisory:
    path = recipe.out / "checkpoint.pt"
    if not path.is_file():
        raise WorkshopError(f"{path} does not exist; run `nx run models:train --model {recipe.name}` first")
    saved = torch.load(path, weights_only=True)
    net = Advisory(np.zeros(len(FEATURES)), np.ones(len(FEATURES)), len(LABELS), saved["members"])
    net.load_state_dict(saved["state"])
    return net.eval()


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    file = recipe.out / "fp32.onnx"
    partial = file.with_suffix(".onnx.partial")
    torch.onnx.export(
        checkpoint(recipe), (torch.zeros(ROWS, len(FEATURES)),), str(partial), opset_version=17, dynamo=False,
        input_names=["features"], output_names=["probability"],
    )
    onnx.checker.check_model(onnx.load(partial))
    partial.rename(file)
    print(f"{file}: {file.stat().st_size} bytes")
