"""COCO detection files: `<folder>/<split>.json` or `<folder>/annotations/instances_<split>.json`, pictures below `images/` or `<folder>`.

An image entry may state `group` (what must not be divided between splits) and `template` (the golden template of a part).
Boxes are [x, y, width, height] in pixels; crowds are left out. Category names must be classes of the recipe.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workshop.data.records import Record, Splits, boxes_array
from workshop.problems import WorkshopError


def annotation_file(folder: Path, split: str) -> Path | None:
    candidates = [folder / f"{split}.json", folder / "annotations" / f"instances_{split}.json", folder / "annotations" / f"{split}.json"]
    return next((c for c in candidates if c.is_file()), None)


def read_coco(folder: Path, splits: tuple[str, ...], classes: tuple[str, ...]) -> Splits:
    """Records of every split. Raises WorkshopError with every problem of the label files."""
    problems: list[str] = []
    out: Splits = {}
    for split in splits:
        file = annotation_file(folder, split)
        if file is None:
            problems.append(f"{folder}: no {split}.json or annotations/instances_{split}.json; export the split {split} as COCO detection JSON")
            continue
        out[split] = _read_split(folder, file, classes, problems)
    if problems:
        raise WorkshopError(problems)
    return out


def _read_split(folder: Path, file: Path, classes: tuple[str, ...], problems: list[str]) -> list[Record]:
    try:
        raw = json.loads(file.read_text())
        images, annotations, categories = (list(raw[k]) for k in ("images", "annotations", "categories"))
    except (json.JSONDecodeError, UnicodeDecodeError) as fault:
        problems.append(f"{file}: not JSON ({fault}); export it again")
        return []
    except (KeyError, TypeError):
        problems.append(f"{file}: needs the lists images, annotations and categories; export it as COCO detection JSON")
        return []
    names: dict[Any, str] = {}
    for category in categories:
        name = category.get("name") if isinstance(category, dict) else None
        names[category.get("id") if isinstance(category, dict) else None] = str(name)
    rows: dict[Any, list[list[float]]] = {}
    for entry in images:
        if not isinstance(entry, dict) or "id" not in entry or not isinstance(entry.get("file_name"), str):
            problems.append(f"{file}: an image entry lacks id or file_name: {str(entry)[:80]}; repair it")
            continue
        if entry["id"] in rows:
            problems.append(f"{file}: image id {entry['id']} appears twice; give each picture its own id")
        rows[entry["id"]] = []
    for k, a in enumerate(annotations):
        where = f"{file}: annotations[{k}]"
        box = a.get("bbox") if isinstance(a, dict) else None
        if not isinstance(box, list) or len(box) != 4 or not all(isinstance(v, (int, float)) for v in box):
            problems.append(f"{where}: bbox must be four numbers x, y, width, height, got {box}; repair it")
            continue
        if a.get("iscrowd"):
            continue
        name = names.get(a.get("category_id"))
        if name not in classes:
            problems.append(f"{where}: unknown class {name or a.get('category_id')!r}; the recipe knows {', '.join(classes)}")
        elif a.get("image_id") not in rows:
            problems.append(f"{where}: image_id {a.get('image_id')} is not in images; remove the box or add its picture")
        else:
            x, y, w, h = box
            rows[a["image_id"]].append([x, y, x + w, y + h, classes.index(name)])
    base = folder / "images" if (folder / "images").is_dir() else folder
    out = []
    for entry in images:
        if not isinstance(entry, dict) or entry.get("id") not in rows or not isinstance(entry.get("file_name"), str):
            continue
        pictures = [base / entry["file_name"]] + ([base / entry["template"]] if entry.get("template") else [])
        size = (int(entry["width"]), int(entry["height"])) if entry.get("width") and entry.get("height") else None
        group = str(entry["group"]) if entry.get("group") is not None else None
        out.append(Record(entry["file_name"], tuple(pictures), boxes_array(rows[entry["id"]]), file, group, size))
    return out
