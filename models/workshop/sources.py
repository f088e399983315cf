"""A recipe's data in memory, split into training, validation (held out of training) and test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workshop.dataset import ImageSet, hold_out, load_deeppcb, load_folder
from workshop.problems import WorkshopError
from workshop.recipe import DataSource, Recipe, source_path


@dataclass(frozen=True)
class Split:
    source: DataSource
    train: ImageSet
    validation: ImageSet


def load_split(recipe: Recipe, root: Path | None) -> list[Split]:
    """Training and validation part of every source. Raises WorkshopError with every problem."""
    problems, out = [], []
    for source in recipe.data:
        folder = source_path(recipe, source, root)
        if not folder.is_dir():
            remedy = f"make it with: {source.make}" if source.make else "give --data-root or set EDGE_DATA"
            problems.append(f"{folder}: the data set {source.id} of {recipe.name} is not there; {remedy}")
            continue
        whole = read_source(recipe, source, folder, "train")
        if len(whole) <= source.hold_out:
            problems.append(f"{folder}: {len(whole)} pictures, but {source.hold_out} are to be held out; lower hold_out in models/{recipe.name}/model.json")
            continue
        out.append(Split(source, *hold_out(whole, source.hold_out, recipe.seed)))
    if problems:
        raise WorkshopError(problems)
    return out


def load_test(recipe: Recipe, root: Path | None) -> tuple[DataSource, ImageSet] | None:
    """The public test split of the first source that has one."""
    for source in recipe.data:
        folder = source_path(recipe, source, root)
        if source.format == "deeppcb" and (folder / "test.txt").is_file():
            return source, read_source(recipe, source, folder, "test")
    return None


def read_source(recipe: Recipe, source: DataSource, folder: Path, split: str) -> ImageSet:
    if source.format == "deeppcb":
        return load_deeppcb(folder, "trainval" if split == "train" else split)
    if source.format == "pairs":
        return load_folder(folder)
    raise WorkshopError(f"models/{recipe.name}/model.json: the format {source.format} of {source.id} cannot be read by this verb")
