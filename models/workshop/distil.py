"""A small network taught by a large one, beside the labels; --without-teacher trains the same network for the same time alone.

The teacher sees the same augmented crop. Its class probabilities teach every cell (quality focal loss against the soft
probability), its boxes teach the cells where it is sure of a defect (Hinton et al., arXiv 1503.02531, for a dense detector).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F

from workshop.artefact import add_step_arguments, begin, finish, fused, need_file, spent, step_folder, step_options
from workshop.fit import ExtraLoss, fit
from workshop.grow import widths
from workshop.network import DefectNet, load_checkpoint, shape_of
from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.sources import load_split
from workshop.train import training_sets

SMALL = "16,16,24,40,24"
SURE = 0.3
TAUGHT = 0.25


def add_arguments(a: argparse.ArgumentParser) -> None:
    add_step_arguments(a, 7)
    a.add_argument("--teacher", type=Path, help="checkpoint of the teacher")
    a.add_argument("--without-teacher", action="store_true", help="train alone, to compare")
    a.add_argument("--taught", type=float, default=TAUGHT, help="share of each batch that goes through the teacher")
    a.add_argument("--widths", default=SMALL, help="channels of stem, fine, s8, s16, merge of a new student; --checkpoint starts from weights")


def teaching_loss(teacher: DefectNet, taught_share: float = TAUGHT, weight: float = 1.0) -> ExtraLoss:
    """teacher is fused. Sums are divided by the number of cells that the teacher is sure of, as the label loss divides by its cells.

    Only the first part of each batch goes through the teacher: on the whole batch it would cost more time than the student's own step,
    and in equal minutes the student would see a fraction of the crops that it sees alone.
    """

    def loss(images: torch.Tensor, logits: torch.Tensor, raw: torch.Tensor, _cls: torch.Tensor) -> torch.Tensor:
        n = max(1, round(len(images) * taught_share))
        images, logits, raw = images[:n], logits[:n], raw[:n]
        with torch.no_grad():
            taught, boxes = teacher(images)
            taught = torch.sigmoid(taught)
            trust = taught.amax(1, keepdim=True)
            trust = torch.where(trust > SURE, trust, torch.zeros_like(trust))
            count = (trust > 0).sum().clamp(min=1)
        focal = F.binary_cross_entropy_with_logits(logits, taught, reduction="none") * (taught - torch.sigmoid(logits)).abs().square()
        apart = F.smooth_l1_loss(raw, boxes, reduction="none", beta=0.1) * trust
        return weight * (2 * focal.sum() + apart.sum()) / count

    return loss


def student(o: argparse.Namespace, recipe: Recipe) -> DefectNet:
    if o.checkpoint:
        return load_checkpoint(need_file(o.checkpoint, "name the checkpoint of the student"))[0]
    torch.manual_seed(recipe.seed)
    return DefectNet(shape_of({**recipe.network, **widths(o.widths)}, len(recipe.classes)))


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    if (o.teacher is None) != o.without_teacher:
        raise WorkshopError("distil needs either --teacher FILE (a checkpoint, for instance of grow) or --without-teacher")
    if not 0 < o.taught <= 1:
        raise WorkshopError(f"--taught is {o.taught}; it is a share of the batch, above 0 and at most 1")
    folder, extra = step_folder(o, recipe), None
    if o.teacher:
        teacher = load_checkpoint(need_file(o.teacher, f"make it with grow --model {recipe.name}"))[0].eval().fuse()
        extra = teaching_loss(teacher.to(memory_format=torch.channels_last), o.taught)
    net, going_on = begin(o, folder, lambda: student(o, recipe))
    splits = load_split(recipe, o.data_root)
    sets, shares, checks = training_sets(recipe, splits)
    options = step_options(recipe, o, folder, going_on, average=0.995, **({} if o.checkpoint else {"rate": 4e-3}))
    trained = fit(net, sets, shares, checks, options, extra)
    method = ("pruned, " if o.checkpoint else "student, ") + ("distilled" if o.teacher else "alone")
    finish(o, recipe, folder, fused(trained, folder), splits, {"method": method, **spent(folder)})
