"""YOLO folders: `images/<split>/<name>.<jpg|png|...>` with `labels/<split>/<name>.txt` of lines `class cx cy width height`, as shares of
the picture. Names of the classes stand in `classes.txt` (one a line) or under `names:` of `data.yaml`. A picture with an empty label file, or
with none, is free of defects. `templates/<split>/<name>.<ext>` holds the golden template of each part, where a model takes one.
"""

from __future__ import annotations

import re
from pathlib import Path

from PIL import UnidentifiedImageError

from workshop.data.records import Record, Splits, boxes_array, picture_size
from workshop.problems import WorkshopError

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")


def class_names(folder: Path) -> list[str] | None:
    """Names in the order of the class numbers; None when the folder states none."""
    listed = folder / "classes.txt"
    if listed.is_file():
        return [line.strip() for line in listed.read_text().splitlines() if line.strip()]
    yaml = next((p for p in (folder / "data.yaml", folder / "dataset.yaml") if p.is_file()), None)
    if yaml is None:
        return None
    text = re.sub(r"#.*", "", yaml.read_text())
    inline = re.search(r"^names:\s*\[(.*?)\]", text, re.MULTILINE | re.DOTALL)
    if inline:
        return [n.strip().strip("'\"") for n in inline.group(1).split(",") if n.strip()]
    block = re.search(r"^names:\s*\n((?:[ \t]*(?:-|\d+\s*:).*\n?)+)", text, re.MULTILINE)
    if not block:
        return None
    entries = [re.match(r"[ \t]*(?:-|(\d+)\s*:)\s*(.*)", line) for line in block.group(1).splitlines() if line.strip()]
    found = [(int(m.group(1)) if m.group(1) else k, m.group(2).strip().strip("'\"")) for k, m in enumerate(entries) if m]
    return [name for _, name in sorted(found)]


def read_yolo(folder: Path, splits: tuple[str, ...], classes: tuple[str, ...]) -> Splits:
    """Records of every split. Raises WorkshopError with every problem of the label files."""
    names = class_names(folder)
    if not names:
        raise WorkshopError(f"{folder}: no class names; write classes.txt with one name a line, in the order of the class numbers")
    problems = [f"{folder}: unknown class {n!r}; the recipe knows {', '.join(classes)}" for n in names if n not in classes]
    out: Splits = {}
    for split in splits:
        images, labels = folder / "images" / split, folder / "labels" / split
        if not images.is_dir() or not labels.is_dir():
            problems.append(f"{folder}: images/{split} or labels/{split} is not there; a YOLO folder has both for each split")
            continue
        found = {p.stem: p for p in sorted(images.iterdir()) if p.suffix.lower() in PICTURES}
        problems += [f"{p}: a label file without a picture in images/{split}; add the picture or remove the labels" for p in sorted(labels.glob("*.txt")) if p.stem not in found]
        out[split] = [_read_one(folder, split, path, names, classes, problems) for path in found.values()]
    if problems:
        raise WorkshopError(problems)
    return out


def _read_one(folder: Path, split: str, picture: Path, names: list[str], classes: tuple[str, ...], problems: list[str]) -> Record:
    file = folder / "labels" / split / f"{picture.stem}.txt"
    rows: list[list[float]] = []
    try:
        width, height = picture_size(picture)
    except (UnidentifiedImageError, OSError):
        width, height = 0, 0  # the check of the pictures names it
    for k, line in enumerate(file.read_text().splitlines() if file.is_file() else [], 1):
        if not line.strip():
            continue
        try:
            number, cx, cy, w, h = (float(v) for v in line.split())
        except ValueError:
            problems.append(f"{file}:{k}: needs `class cx cy width height`, got {line.strip()[:60]!r}; repair the line")
            continue
        if not number.is_integer() or not 0 <= number < len(names):
            problems.append(f"{file}:{k}: unknown class {number:g}; there are {len(names)} names, counted from 0")
        elif names[int(number)] in classes:
            rows.append([(cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height, classes.index(names[int(number)])])
    templates = folder / "templates" / split
    template = next((p for p in templates.glob(f"{picture.stem}.*") if p.suffix.lower() in PICTURES), None) if templates.is_dir() else None
    missing = [templates / picture.name] if templates.is_dir() else []
    pictures = (picture, *([template] if template else missing))
    return Record(picture.stem, pictures, boxes_array(rows), file)
