"""A recipe's data in memory, checked, and split into training, validation (held out of training) and test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workshop.data.checks import check_set
from workshop.data.coco import annotation_file, read_coco
from workshop.data.pairs import read_pairs
from workshop.data.records import Record, Splits, boxes_array, load_records
from workshop.data.yolo import PICTURES, read_yolo
from workshop.dataset import ImageSet, hold_out
from workshop.problems import WorkshopError
from workshop.recipe import DataSource, Recipe, input_size, source_path

VALIDATION_NAMES = ("validation", "val", "valid")


@dataclass(frozen=True)
class Split:
    source: DataSource
    train: ImageSet
    validation: ImageSet


def load_split(recipe: Recipe, root: Path | None) -> list[Split]:
    """Training and validation part of every source. Raises WorkshopError with every problem."""
    problems: list[str] = []
    out = []
    for source in recipe.data:
        try:
            out.append(_load_one(recipe, source, _folder(recipe, source, root)))
        except WorkshopError as refused:
            problems += refused.problems
    if problems:
        raise WorkshopError(problems)
    return out


def load_test(recipe: Recipe, root: Path | None) -> tuple[DataSource, ImageSet] | None:
    """The test split of the first source that has one."""
    for source in recipe.data:
        records = _read(recipe, source, _folder(recipe, source, root)).get("test")
        if records:
            return source, load_records(records, *input_size(recipe))
    return None


def load_extra(recipe: Recipe, folder: Path) -> ImageSet:
    """A folder on its own: labelled pairs for a model that compares, else pictures without labels (good parts)."""
    if recipe.kind == "pair-detector":
        return load_records(read_pairs(folder, len(recipe.classes)), *input_size(recipe))
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    if not files:
        raise WorkshopError(f"{folder}: no pictures; give a folder of good parts")
    return load_records([Record(f.name, (f,), boxes_array([]), folder) for f in files], *input_size(recipe))


def _folder(recipe: Recipe, source: DataSource, root: Path | None) -> Path:
    folder = source_path(recipe, source, root)
    if not folder.is_dir():
        remedy = f"make it with: {source.make}" if source.make else "give --data-root or set EDGE_DATA"
        raise WorkshopError(f"{folder}: the data set {source.id} of {recipe.name} is not there; {remedy}")
    return folder


def _load_one(recipe: Recipe, source: DataSource, folder: Path) -> Split:
    splits = _read(recipe, source, folder)
    # Boards of one design look almost the same, so the layouts of pairs are compared by id and digest only.
    check_set(splits, near_duplicates=source.format in ("coco", "yolo"))
    size = input_size(recipe)
    train = load_records(splits["train"], *size)
    if "validation" in splits:
        return Split(source, train, load_records(splits["validation"], *size))
    if len(train) <= source.hold_out:
        where = f"models/{recipe.name}/model.json"
        raise WorkshopError(f"{folder}: {len(train)} pictures, but {source.hold_out} are to be held out; lower hold_out in {where}")
    return Split(source, *hold_out(train, source.hold_out, recipe.seed))


def _read(recipe: Recipe, source: DataSource, folder: Path) -> Splits:
    """Records of the splits that the folder has: train always, validation and test where they are stated."""
    if source.format == "deeppcb":
        return {s: _listed(folder, n, len(recipe.classes)) for s, n in (("train", "trainval"), ("test", "test")) if (folder / f"{n}.txt").is_file()}
    if source.format == "pairs":
        return {"train": read_pairs(folder, len(recipe.classes))}
    if source.format not in ("coco", "yolo"):
        raise WorkshopError(f"models/{recipe.name}/model.json: the format {source.format} of {source.id} cannot be read by this verb")
    is_coco = source.format == "coco"
    there = [n for n in ("train", *VALIDATION_NAMES, "test") if (annotation_file(folder, n) if is_coco else (folder / "images" / n).is_dir())]
    named = tuple(there) if "train" in there else ("train", *there)
    found = (read_coco if is_coco else read_yolo)(folder, named, recipe.classes)
    return {"validation" if n in VALIDATION_NAMES else n: r for n, r in found.items()}


def _listed(folder: Path, name: str, classes: int) -> list[Record]:
    return read_pairs(folder / name, classes, (folder / f"{name}.txt").read_text().split())
