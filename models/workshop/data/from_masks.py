"""Makes COCO label files from pictures with defect masks, split by group so that no part is in two splits.

Input: `images/<class>/<id>.<jpg|png>`, `masks/<class>/<id>.png` (white = defect; a class without masks is free of defects) and
`index.csv` with the columns `image` (`<class>/<file>`), `class` and a column that names the group of a picture.
Output: `train.json`, `validation.json`, `test.json` in the COCO detection format; `file_name` is relative to the label file.
One box per connected region of the mask after closing gaps of `--gap` pixels; regions below `--smallest` pixels are left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from workshop.problems import WorkshopError
from workshop.recipe import Recipe, data_root

SHARES = {"train": 0.6, "validation": 0.15, "test": 0.25}


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--folder", type=Path, help="folder with images/, masks/ and index.csv; else the recipe's first set")
    a.add_argument("--group", default="tile_group", help="column of index.csv whose values must not be split")
    a.add_argument("--gap", type=int, default=6, help="regions closer than this are one defect, pixels")
    a.add_argument("--smallest", type=int, default=12, help="smaller regions are left out, pixels")
    a.add_argument("--good-share", type=float, default=0.35, help="share of the pictures without a defect that is kept")


def boxes_of(mask: np.ndarray, gap: int, smallest: int) -> list[list[int]]:
    """x, y, width, height of each region of a boolean mask [H, W]."""
    closed = ndimage.binary_dilation(mask, iterations=max(1, gap // 2))
    regions, count = ndimage.label(closed, structure=np.ones((3, 3)))
    out = []
    for k in range(1, count + 1):
        ys, xs = np.nonzero((regions == k) & mask)
        if len(xs) >= smallest:
            x, y = int(xs.min()), int(ys.min())
            out.append([x, y, int(xs.max()) - x + 1, int(ys.max()) - y + 1])
    return out


def split_groups(rows: list[dict[str, str]], column: str, seed: int) -> dict[str, str]:
    """Split of every group; the groups of each kind of content are divided on their own, so that rare classes reach every split."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        kinds[row[column]].add(row["class"])
    by_kind: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for group, classes in sorted(kinds.items()):
        by_kind[tuple(sorted(classes - {"free"})) or ("free",)].append(group)
    out = {}
    for kind, groups in sorted(by_kind.items()):
        random.Random(f"{seed}{kind}").shuffle(groups)
        edges = np.cumsum([round(len(groups) * s) for s in SHARES.values()])
        for i, group in enumerate(groups):
            out[group] = list(SHARES)[min(int(np.searchsorted(edges, i, side="right")), 2)]
    return out


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    folder = o.folder or data_root(o.data_root) / recipe.data[0].id
    index = folder / "index.csv"
    if not index.is_file():
        raise WorkshopError(f"{index}: not there; it must list image, class and {o.group}")
    rows = list(csv.DictReader(index.open()))
    absent = [c for c in ("image", "class", o.group) if c not in (rows[0] if rows else {})]
    if absent:
        raise WorkshopError([f"{index}: the column {c} is missing" for c in absent])
    split, rng = split_groups(rows, o.group, recipe.seed), random.Random(recipe.seed)
    sets: dict[str, dict] = {name: {"images": [], "annotations": [], "categories": [{"id": i + 1, "name": c} for i, c in enumerate(recipe.classes)]} for name in SHARES}
    problems: list[str] = []
    out = recipe.out / "coco"
    out.mkdir(parents=True, exist_ok=True)
    for row in rows:
        picture = folder / "images" / row["image"]
        if not picture.is_file():
            problems.append(f"{picture}: named in {index.name} but not there")
            continue
        mask = (folder / "masks" / row["image"]).with_suffix(".png")
        boxes = boxes_of(np.asarray(Image.open(mask).convert("L")) > 127, o.gap, o.smallest) if mask.is_file() else []
        if (row["class"] not in recipe.classes or not boxes) and rng.random() > o.good_share:
            continue
        target = sets[split[row[o.group]]]
        width, height = Image.open(picture).size
        target["images"].append({"id": len(target["images"]) + 1, "file_name": os.path.relpath(picture, out), "width": width, "height": height, "group": row[o.group]})
        for box in boxes:
            target["annotations"].append({
                "id": len(target["annotations"]) + 1, "image_id": len(target["images"]), "category_id": recipe.classes.index(row["class"]) + 1,
                "bbox": box, "area": box[2] * box[3], "iscrowd": 0,
            })
    if problems:
        raise WorkshopError(problems)
    for name, content in sets.items():
        partial = out / f"{name}.json.partial"
        partial.write_text(json.dumps(content))
        partial.rename(out / f"{name}.json")
        groups = len({i["group"] for i in content["images"]})
        print(f"{out / name}.json: {len(content['images'])} pictures of {groups} groups, {len(content['annotations'])} boxes")
