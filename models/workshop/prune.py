"""Structured pruning: the least important channels are physically removed, then the network is trained on.

Every criterion of `importance` chooses its channels; normalisation statistics are taken anew, and the choice that scores best on the
held-out pictures before any training is the one that is trained. Widths stay multiples of 8.
"""

from __future__ import annotations

import argparse
import itertools

import torch
from torch.utils.data import DataLoader

from workshop.artefact import add_step_arguments, begin, finish, fused, spent, start_checkpoint, step_folder, step_options
from workshop.augment import Augmenter
from workshop.bootstrap import score_pairs
from workshop.channels import GROUPS, take_channels
from workshop.dataset import ImageSet
from workshop.recipe import input_size
from workshop.fit import Crops, fit, torch_predict
from workshop.importance import CRITERIA, by_norm, by_taylor, choose
from workshop.network import ConvRelu, DefectNet, load_checkpoint
from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.sources import load_split
from workshop.train import training_sets

BATCHES = 24


def add_arguments(a: argparse.ArgumentParser) -> None:
    add_step_arguments(a, 5)
    a.add_argument("--keep", type=float, default=0.5, help="largest share of weights and of multiplications that is left")
    a.add_argument("--criterion", choices=("best", *CRITERIA), default="best", help="how channels are judged")


@torch.no_grad()
def renew_statistics(net: DefectNet, batches: list[tuple[torch.Tensor, ...]]) -> DefectNet:
    """Mean and variance of every normalisation, as a plain mean over the batches."""
    norms = [m.norm for m in net.modules() if isinstance(m, ConvRelu)]
    momenta = [n.momentum for n in norms]
    for n in norms:
        n.reset_running_stats()
        n.momentum = None
    net.train()
    for images, *_ in batches:
        net(images)
    for n, m in zip(norms, momenta):
        n.momentum = m
    return net.eval()


def some_batches(sets: list[Augmenter], shares: list[float], seed: int, classes: int, size: int = 16) -> list[tuple[torch.Tensor, ...]]:
    loader = DataLoader(Crops(sets, shares, seed, classes), batch_size=size, num_workers=0)
    return [tuple(b) for b in itertools.islice(loader, BATCHES)]


def candidates(net: DefectNet, criteria: tuple[str, ...], keep: float, size: tuple[int, int], batches: list) -> dict[str, DefectNet]:
    """The pruned network of each criterion, with renewed statistics, not trained yet."""
    out = {}
    for name in criteria:
        importance = by_norm(net) if name == "bn" else by_taylor(net, batches)
        out[name] = renew_statistics(take_channels(net, choose(net.shape, importance, keep, *size)), batches)
    return out


def quick_score(net: DefectNet, checks: dict[str, ImageSet], classes: int) -> float:
    first = next(iter(checks.values()))
    return score_pairs(torch_predict(net), first.subset(list(range(min(50, len(first))))), classes).map()


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    if not 0.02 <= o.keep < 1:
        raise WorkshopError(f"--keep is {o.keep}; it is the share that is left, from 0.02 to below 1")
    folder, source = step_folder(o, recipe), start_checkpoint(o, recipe)
    splits = load_split(recipe, o.data_root)
    sets, shares, checks = training_sets(recipe, splits)
    found: dict[str, float] = {}

    def cut() -> DefectNet:
        net = load_checkpoint(source)[0].eval()
        batches = some_batches(sets, shares, recipe.seed, len(recipe.classes))
        made = candidates(net, CRITERIA if o.criterion == "best" else (o.criterion,), o.keep, input_size(recipe), batches)
        for name, pruned in made.items():
            found[name] = quick_score(pruned, checks, len(recipe.classes))
            left = ", ".join(f"{g} {getattr(pruned.shape, g)}" for g in GROUPS)
            print(f"{name}: {left}; mAP before training {found[name] * 100:.2f}", flush=True)
        return made[max(found, key=lambda n: found[n])]

    net, going_on = begin(o, folder, cut)
    trained = fit(net, sets, shares, checks, step_options(recipe, o, folder, going_on, average=0.995, warm_up=50))
    more = {"method": "pruned", "keep": o.keep, "before_training": found, **spent(folder)}
    finish(o, recipe, folder, fused(trained, folder), splits, more)
