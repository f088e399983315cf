"""A clearly larger teacher from a trained network: channels are repeated so that the function stays the same, then trained on.

Net2WiderNet (Chen et al., arXiv 1511.05641): each new channel copies an old one, and what reads the copies gets their weights in
shares that sum to 1. The shares differ from copy to copy, so that their gradients differ and the copies part ways without noise.
Extra context blocks begin with a nearly silent normalisation (1e-4): with exactly zero the ReLU behind it would pass no gradient.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import torch

from workshop.artefact import add_step_arguments, begin, finish, fused, spent, start_checkpoint, step_folder, step_options
from workshop.channels import GROUPS, take_channels
from workshop.fit import fit
from workshop.network import DefectNet, load_checkpoint
from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.sources import load_split
from workshop.train import training_sets

WIDE = "64,64,96,128,96"
SILENT = 1e-4


def add_arguments(a: argparse.ArgumentParser) -> None:
    add_step_arguments(a, 14)
    a.add_argument("--widths", default=WIDE, help="channels of stem, fine, s8, s16, merge")
    a.add_argument("--blocks", type=int, default=0, help="context blocks to add")


def widths(text: str) -> dict[str, int]:
    parts = text.split(",")
    if len(parts) != len(GROUPS) or not all(p.strip().isdigit() and int(p) > 0 for p in parts):
        raise WorkshopError(f"--widths is {text!r}; it must be five whole numbers for {', '.join(GROUPS)}, for instance {WIDE}")
    return dict(zip(GROUPS, (int(p) for p in parts)))


def widen(net: DefectNet, wanted: dict[str, int], seed: int) -> DefectNet:
    """The same function with more channels."""
    generator = torch.Generator().manual_seed(seed)
    take, shares = {}, {}
    for group in GROUPS:
        have = getattr(net.shape, group)
        if wanted[group] < have:
            raise WorkshopError(f"--widths: {group} has {have} channels and cannot grow to {wanted[group]}; prune makes a network smaller")
        more = torch.cat([torch.randperm(have, generator=generator) for _ in range(wanted[group] // have + 1)])[: wanted[group] - have]
        index = torch.cat([torch.arange(have), more])
        parts = 0.5 + torch.rand(len(index), generator=generator)
        sums = torch.zeros(have).index_add(0, index, parts)
        take[group], shares[group] = index, parts / sums[index]
    return take_channels(net, take, shares)


def deepen(net: DefectNet, blocks: int) -> DefectNet:
    """Adds residual context blocks, dilation 2 and 1 in turn, whose contribution is nearly zero at first."""
    extra = tuple(2 if i % 2 == 0 else 1 for i in range(blocks))
    new = DefectNet(replace(net.shape, dilations=net.shape.dilations + extra))
    new.load_state_dict(net.state_dict(), strict=False)
    for block in new.context[len(net.context):]:
        torch.nn.init.constant_(block.norm.weight, SILENT)
    return new


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    wanted = widths(o.widths)
    folder, source = step_folder(o, recipe), start_checkpoint(o, recipe)
    torch.manual_seed(recipe.seed)
    net, going_on = begin(o, folder, lambda: deepen(widen(load_checkpoint(source)[0], wanted, recipe.seed), o.blocks))
    splits = load_split(recipe, o.data_root)
    sets, shares, checks = training_sets(recipe, splits)
    options = step_options(recipe, o, folder, going_on, rate=1e-3, average=0.995, warm_up=50)
    trained = fit(net, sets, shares, checks, options)
    finish(o, recipe, folder, fused(trained, folder), splits, {"method": "teacher", **spent(folder)})
