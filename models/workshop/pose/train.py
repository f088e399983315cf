"""Trains the pose network of a recipe on its rendered people."""

from __future__ import annotations

import argparse
from pathlib import Path

from workshop.pose.augment import Augmenter
from workshop.pose.fit import FitOptions, fit
from workshop.pose.network import PoseNet, load_checkpoint, macs, parameters, shape_of
from workshop.pose.sources import load
from workshop.recipe import Recipe, input_size

SETTINGS = ("rate", "final_rate", "warm_up", "decay", "average", "batch")


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--minutes", type=float, help="training time; else the recipe's")
    a.add_argument("--rate", type=float, help="highest learning rate; else the recipe's")
    a.add_argument("--every", type=float, default=240, help="seconds between validations and checkpoints")
    a.add_argument("--checks", type=int, default=200, help="validation pictures that are scored on the way")
    a.add_argument("--limit", type=int, help="train on only so many pictures, to try it")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--init", type=Path, help="checkpoint to start from instead of random weights")
    a.add_argument("--resume", action="store_true", help="go on from out/ckpt/train-last.pt")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    chosen = {k: recipe.train[k] for k in SETTINGS if k in recipe.train} | ({"rate": o.rate} if o.rate else {})
    crop = tuple(recipe.train.get("crop", (240, 272)))
    train, validation = load(recipe, "train", o.data_root, o.limit), load(recipe, "validation", o.data_root, o.checks)
    net = load_checkpoint(o.init)[0] if o.init else PoseNet(shape_of(recipe.network))
    print(f"{parameters(net)} weights as deployed, {macs(net, *input_size(recipe)) / 1e9:.3f} GMAC a picture", flush=True)
    options = FitOptions(
        folder=recipe.out / "ckpt", minutes=o.minutes or float(recipe.train["minutes"]), crop=crop, every=o.every, seed=recipe.seed,
        threads=o.threads, resume=o.resume, **chosen,
    )
    fit(net, Augmenter(train, crop), validation, options)
    print(f"{recipe.out / 'ckpt' / 'train-last.pt'}: next, export --model {recipe.name}")
