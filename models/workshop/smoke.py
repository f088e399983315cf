"""The whole workshop on a few pictures in about a minute: train, stop, go on, export, quantise, evaluate. Nothing it makes is kept.

It shows that the verbs work together on this machine, not that the model is good.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import tempfile
from pathlib import Path

from workshop import evaluate, export, quantise, train
from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--pictures", type=Path, required=True, help="a small labelled folder in the format of the recipe's first set")
    a.add_argument("--minutes", type=float, default=0.6, help="training time before the stop; as much again after it")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = dataclasses.replace(recipe.data[0], path=str(o.pictures.resolve()), hold_out=12)
        small = dataclasses.replace(recipe, folder=Path(folder), data=(source,))
        for minutes, resume in ((o.minutes, False), (o.minutes * 2, True)):
            call(train, small, minutes=minutes, resume=resume)
        record = json.loads((small.out / "ckpt" / "train.json").read_text())
        call(export, small)
        call(quantise, small, count=64, smallest=64)
        call(evaluate, small)
        found = json.loads((small.out / "metrics.json").read_text())["models"]
        sizes = {name: entry["bytes"] for name, entry in found.items()}
        problems = []
        if record["step"] < 20:
            problems.append(f"only {record['step']} training steps were made; give --minutes more")
        if sizes["int8"] > 0.35 * sizes["fp32"]:
            problems.append(f"the INT8 file has {sizes['int8']} bytes, FP32 {sizes['fp32']}: it was not quantised")
        if problems:
            raise WorkshopError(problems)
        print(f"smoke passed: {record['step']} steps in two runs, FP32 {sizes['fp32']} bytes, INT8 {sizes['int8']} bytes")


def call(verb, recipe: Recipe, **given: object) -> None:
    """Runs a verb with its own defaults and the given options."""
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    options = parser.parse_args([])
    for name, value in given.items():
        setattr(options, name, value)
    print(f"-- {verb.__name__.split('.')[-1]}", flush=True)
    verb.run(options, recipe)
