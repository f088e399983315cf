"""Which tile belongs to which part: `split.json` of the model, made once by seed, divided by tile and never by picture.

Tiles that show nothing but good pictures are divided 60 / 20 / 20. A tile with a defect never trains; per kind of defect the
tiles alternate between test and validation, the grave kinds first (the order of the recipe's classes), so that every kind
is on both sides where it has two tiles.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from workshop.anomaly.tiles import Tile, TileSet
from workshop.problems import WorkshopError
from workshop.recipe import Recipe

PARTS = ("train", "validation", "test")


def make_split(tiles: tuple[Tile, ...], order: tuple[str, ...], seed: int) -> dict[str, str]:
    """Group to part."""
    kinds: dict[str, set[str]] = {}
    for tile in tiles:
        kinds.setdefault(tile.group, set()).add(tile.kind)
    rng = np.random.default_rng(seed)
    bad = {group for tile in tiles if tile.bad for group in [tile.group]}
    pure = sorted(set(kinds) - bad)
    rng.shuffle(pure)
    first, second = round(len(pure) * 0.6), round(len(pure) * 0.8)
    parts = {g: "train" if i < first else "validation" if i < second else "test" for i, g in enumerate(pure)}
    for kind in order:
        groups = sorted(g for g in bad if kind in kinds[g] and g not in parts)
        rng.shuffle(groups)
        parts |= {g: ("test", "validation")[i % 2] for i, g in enumerate(groups)}
    return dict(sorted(parts.items()))


def load_split(recipe: Recipe, data: TileSet) -> dict[str, list[Tile]]:
    """Tiles by part; writes split.json where there is none. Raises WorkshopError for a split that does not fit the data."""
    strange = sorted({t.kind for t in data.tiles if t.bad} - set(recipe.classes))
    if strange:
        raise WorkshopError(f"{data.folder / 'index.csv'}: class {', '.join(strange)} is not among the classes of models/{recipe.name}/model.json")
    file = recipe.folder / "split.json"
    if not file.is_file():
        write_split(file, make_split(data.tiles, recipe.classes, recipe.seed), recipe.seed)
    groups = json.loads(file.read_text())["groups"]
    problems = [f"{file}: group {g} has part {p!r}; it must be one of {', '.join(PARTS)}" for g, p in groups.items() if p not in PARTS]
    unknown = sorted({t.group for t in data.tiles} - set(groups))
    if unknown:
        problems.append(f"{file}: no part for {', '.join(unknown[:10])}; remove the file to make a new split")
    leaking = sorted({t.group for t in data.tiles if t.bad and groups.get(t.group) == "train"})
    if leaking:
        problems.append(f"{file}: {', '.join(leaking)} show defects but train; a one-class model learns from good tiles only")
    if problems:
        raise WorkshopError(problems)
    parts = {part: [t for t in data.tiles if groups[t.group] == part] for part in PARTS}
    empty = [f"{file}: part {part} holds no {what} picture" for part in PARTS for what, bad in (("good", False), ("bad", True))
             if not (part == "train" and bad) and not any(t.bad == bad for t in parts[part])]
    if empty:
        raise WorkshopError(empty)
    return parts


def write_split(file: Path, groups: dict[str, str], seed: int) -> None:
    partial = file.with_suffix(".json.partial")
    partial.write_text(json.dumps({"rule": "by tile, see workshop/anomaly/split.py", "seed": seed, "groups": groups}, indent=2) + "\n")
    partial.rename(file)
