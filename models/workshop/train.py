"""Trains a detector on the CPU from its recipe: seeded, with checkpoints, to be stopped and gone on with (--resume)."""

from __future__ import annotations

import argparse
from pathlib import Path

from workshop.augment import Augmenter, AugmentRates
from workshop.fit import FitOptions, fit
from workshop.network import DefectNet, load_checkpoint, shape_of
from workshop.recipe import Recipe
from workshop.sources import Split, load_split

FIT_FIELDS = ("rate", "final_rate", "warm_up", "decay", "average", "batch")


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--minutes", type=float, help="training time; else the recipe's")
    a.add_argument("--run", default="train", help="name of the checkpoints")
    a.add_argument("--init", type=Path, help="start a new run from these weights")
    a.add_argument("--resume", action="store_true", help="go on with RUN-last.pt where it was stopped")
    a.add_argument("--rate", type=float, help="highest learning rate; else the recipe's")
    a.add_argument("--every", type=float, default=180, help="seconds between validations")
    a.add_argument("--threads", type=int, default=2)


def training_sets(recipe: Recipe, splits: list[Split]) -> tuple[list[Augmenter], list[float], dict]:
    """Augmenters, their shares of the stream, and the validation sets by name."""
    rates = AugmentRates(**recipe.train.get("augment", {}))
    sets = [Augmenter(s.train, recipe.train.get("crop", 320), rates) for s in splits]
    total = sum(s.source.share for s in splits)
    return sets, [s.source.share / total for s in splits], {s.source.id: s.validation for s in splits}


def fit_options(recipe: Recipe, o: argparse.Namespace, name: str, minutes: float, **changed: float) -> FitOptions:
    given = {k: recipe.train[k] for k in FIT_FIELDS if k in recipe.train} | changed
    return FitOptions(
        name=name, out=recipe.out / "ckpt", minutes=minutes, classes=recipe.classes, every=o.every, seed=recipe.seed,
        threads=o.threads, resume=getattr(o, "resume", False), **given,
    )


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    sets, shares, checks = training_sets(recipe, load_split(recipe, o.data_root))
    net = load_checkpoint(o.init)[0] if o.init else DefectNet(shape_of(recipe.network, len(recipe.classes)))
    changed = {"rate": o.rate} if o.rate else {}
    fit(net, sets, shares, checks, fit_options(recipe, o, o.run, o.minutes or recipe.train["minutes"], **changed))
    print(f"{recipe.out / 'ckpt'}/{o.run}-last.pt: next, export --model {recipe.name} --checkpoint that file")
