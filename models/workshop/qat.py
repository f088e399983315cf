"""Quantisation-aware training: trains on with the roundings of the INT8 file, then writes that file with the same ranges."""

from __future__ import annotations

import argparse

from workshop.artefact import add_step_arguments, begin, finish, spent, start_checkpoint, step_folder, step_options
from workshop.calibrate import METHODS, calibrate
from workshop.export import export, input_size
from workshop.fake_quant import QuantNet, tensor_names
from workshop.fit import fit
from workshop.network import load_checkpoint
from workshop.quantise import calibration_images
from workshop.ranges import Ranges
from workshop.recipe import Recipe
from workshop.sources import Split, load_split
from workshop.train import training_sets


def add_arguments(a: argparse.ArgumentParser) -> None:
    add_step_arguments(a, 4)
    a.add_argument("--method", choices=METHODS, default="minmax", help="calibration of the activation ranges")


def ranges_of(o: argparse.Namespace, recipe: Recipe, splits: list[Split], folder, source) -> Ranges:
    height, width = input_size(recipe)
    before = folder / "before.onnx"
    export(load_checkpoint(source)[0].eval().fuse(), before, height, width)
    images = calibration_images(splits, o.count, recipe.seed, height, width)
    found = calibrate(before, images, (o.method,), (len(images),))[o.method, len(images)]
    before.unlink()
    return found


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    folder, source = step_folder(o, recipe), start_checkpoint(o, recipe)
    splits = load_split(recipe, o.data_root)
    ranges = ranges_of(o, recipe, splits, folder, source)
    plain, going_on = begin(o, folder, lambda: load_checkpoint(source)[0])
    sets, shares, checks = training_sets(recipe, splits)
    options = step_options(recipe, o, folder, going_on, rate=1e-4, final_rate=1e-6, average=0.99, warm_up=50)
    trained = fit(QuantNet(plain, ranges), sets, shares, checks, options)
    more = {"method": "trained with quantisation", "range_method": o.method, **spent(folder)}
    used = {name: ranges[name] for name in tensor_names(len(trained.context)).values()}
    finish(o, recipe, folder, trained.plain(), splits, more, used)
