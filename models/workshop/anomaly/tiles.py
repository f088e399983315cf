"""Labelled pictures of surfaces: `index.csv` (image, class, tile_group, ...), `images/` and `masks/` of the bad ones."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from workshop.anomaly.letterbox import letterbox
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, source_path

GOOD = "free"
COLUMNS = ("image", "class", "tile_group")


@dataclass(frozen=True)
class Tile:
    """One picture. `group` is the tile that it shows; pictures of one tile never lie on two sides of a split."""

    image: str
    kind: str
    group: str

    @property
    def bad(self) -> bool:
        return self.kind != GOOD


@dataclass(frozen=True)
class TileSet:
    folder: Path
    tiles: tuple[Tile, ...]


def read_tiles(recipe: Recipe, root: Path | None) -> TileSet:
    """Reads the index of the recipe's only source. Raises WorkshopError with every problem."""
    if len(recipe.data) != 1 or recipe.data[0].format != "tiles":
        raise WorkshopError(f"models/{recipe.name}/model.json: a one-class model needs exactly one data source of format tiles")
    folder = source_path(recipe, recipe.data[0], root)
    index = folder / "index.csv"
    if not index.is_file():
        raise WorkshopError(f"{index} does not exist; give --data-root or EDGE_DATA, the folder that holds {recipe.data[0].path}")
    with index.open(newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [c for c in COLUMNS if not rows or c not in rows[0]]
    if missing:
        raise WorkshopError(f"{index}: column {', '.join(missing)} is missing, or the file has no rows")
    problems, tiles, seen = [], [], set()
    for line, row in enumerate(rows, 2):
        values = [row[c] for c in COLUMNS]
        if not all(values):
            problems.append(f"{index}: line {line} has an empty cell; complete or remove it")
            continue
        tile = Tile(*values)
        if tile.image in seen:
            problems.append(f"{index}: line {line} names {tile.image} a second time; remove one")
        seen.add(tile.image)
        if not (folder / "images" / tile.image).is_file():
            problems.append(f"{index}: line {line}: images/{tile.image} does not exist; restore it or remove the line")
        if tile.bad and not mask_file(folder, tile).is_file():
            problems.append(f"{index}: line {line}: masks/{Path(tile.image).with_suffix('.png')} does not exist; bad tiles need a mask")
        tiles.append(tile)
    if not any(not t.bad for t in tiles):
        problems.append(f"{index}: no picture of class {GOOD}; a one-class model is trained on good parts")
    if problems:
        raise WorkshopError(problems)
    return TileSet(folder, tuple(tiles))


def mask_file(folder: Path, tile: Tile) -> Path:
    return folder / "masks" / Path(tile.image).with_suffix(".png")


def read_picture(folder: Path, tile: Tile, size: tuple[int, int]) -> np.ndarray:
    """uint8 [height, width] of `size`, as the station prepares it."""
    return letterbox(_open(folder / "images" / tile.image), size)[0]


def read_mask(folder: Path, tile: Tile, size: tuple[int, int]) -> np.ndarray:
    """bool of `size`: defect pixels at the place where the letterbox puts them; all False for a good tile."""
    if not tile.bad:
        return np.zeros(size, bool)
    scaled, _ = letterbox(((_open(mask_file(folder, tile)) > 127) * 255).astype(np.uint8), size)
    return scaled > 127


def _open(file: Path) -> np.ndarray:
    try:
        with Image.open(file) as picture:
            return np.asarray(picture.convert("L"))
    except (OSError, UnidentifiedImageError) as fault:
        raise WorkshopError(f"{file} cannot be read as a picture: {fault}; restore it") from fault
