"""Reads a folder of labelled people (`labels.jsonl`, `images/*.png`) as the renderer of the store writes it.

The pictures are kept as one uint8 array that is mapped from `pictures.npy` beside them, so that training starts at once the next time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from workshop.pose.points import COUNT
from workshop.problems import WorkshopError

STEEP_DEG = 60.0
"""Cameras that look down at least so steeply count as overhead."""


@dataclass(frozen=True)
class People:
    """boxes float32 [n, 4] x0 y0 x1 y1, pixels; points float32 [n, 9, 3] x y v; visible float32 [n]; ignore bool [n]."""

    boxes: np.ndarray
    points: np.ndarray
    visible: np.ndarray
    ignore: np.ndarray

    def __len__(self) -> int:
        return len(self.boxes)

    def chosen(self, which: np.ndarray) -> "People":
        return People(self.boxes[which], self.points[which], self.visible[which], self.ignore[which])


@dataclass(frozen=True)
class Pictures:
    """images uint8 [n, H, W, 3] RGB; of each its people, the pitch of its camera (degrees below the horizon) and the folder of its
    part, empty where the set has no parts."""

    images: np.ndarray
    people: list[People]
    pitch: np.ndarray
    part: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.people)

    def first(self, count: int | None) -> "Pictures":
        """Evenly spread over the parts; all when `count` is not given."""
        if count is None or count >= len(self):
            return self
        chosen = [int(i) for i in np.linspace(0, len(self) - 1, count)]
        part = tuple(self.part[i] for i in chosen) if self.part else ()
        return Pictures(self.images[chosen], [self.people[i] for i in chosen], self.pitch[chosen], part)

    def overhead(self) -> np.ndarray:
        return self.pitch >= STEEP_DEG


def people_of(entry: dict[str, Any], where: str, problems: list[str]) -> People:
    listed = entry["people"]
    boxes = np.array([p["box"] for p in listed], np.float32).reshape(-1, 4)
    points = np.array([p["keypoints"] for p in listed], np.float32).reshape(-1, COUNT, 3)
    if len(points) != len(boxes):
        problems.append(f"{where}: every person needs {COUNT} keypoints")
    elif len(boxes) and (not np.isfinite(boxes).all() or not np.isfinite(points).all() or (boxes[:, 2:] <= boxes[:, :2]).any()):
        problems.append(f"{where}: a box is empty or a number is not finite")
    visible = np.array([p.get("visible", 1.0) for p in listed], np.float32)
    return People(boxes, points, visible, np.array([bool(p.get("ignore", False)) for p in listed], bool))


def read_people(folder: Path, size: tuple[int, int], make: str = "") -> Pictures:
    """size: height and width. A folder without labels of its own is read as the sum of those within it. Raises WorkshopError with
    every problem."""
    files = [folder / "labels.jsonl"] if (folder / "labels.jsonl").is_file() else sorted(folder.glob("*/labels.jsonl"))
    if not files:
        raise WorkshopError(f"{folder / 'labels.jsonl'}: not there; {f'make it with: {make}' if make else 'give a folder that render-people.ts wrote'}")
    problems: list[str] = []
    names, people, pitch, part = [], [], [], []
    lines = [(f, n, line) for f in files for n, line in enumerate(f.read_text().splitlines(), 1)]
    for labels, number, line in lines:
        where = f"{labels}:{number}"
        try:
            entry = json.loads(line)
            if (entry["height"], entry["width"]) != size:
                problems.append(f"{where}: the picture is {entry['width']}x{entry['height']}, the recipe wants {size[1]}x{size[0]}")
            people.append(people_of(entry, where, problems))
            pitch.append(float(entry["camera"]["pitchDeg"]))
            part.append("" if labels.parent == folder else labels.parent.name)
            names.append(str((labels.parent / entry["image"]).relative_to(folder)))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
            problems.append(f"{where}: cannot be read as one picture with its people: {fault!r}")
    if not names and not problems:
        problems.append(f"{folder}: labels.jsonl holds no picture")
    if problems:
        raise WorkshopError(problems[:20] + ([f"and {len(problems) - 20} more"] if len(problems) > 20 else []))
    newest = max(f.stat().st_mtime for f in files)
    return Pictures(read_images(folder, names, size, newest), people, np.array(pitch, np.float32), tuple(part))


def read_images(folder: Path, names: list[str], size: tuple[int, int], newest: float) -> np.ndarray:
    """newest: when the labels were last written; an older array is made again."""
    kept = folder / "pictures.npy"
    shape = (len(names), *size, 3)
    if kept.is_file() and kept.stat().st_mtime >= newest:
        images = np.load(kept, mmap_mode="r")
        if images.shape == shape:
            return images
    missing = [f"{folder / n}: not there; the folder is incomplete, render it again" for n in names if not (folder / n).is_file()]
    if missing:
        raise WorkshopError(missing[:20])
    partial = kept.with_suffix(".partial")
    images = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint8, shape=shape)
    for i, name in enumerate(names):
        with Image.open(folder / name) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        if pixels.shape != shape[1:]:
            partial.unlink()
            raise WorkshopError(f"{folder / name}: {pixels.shape[1]}x{pixels.shape[0]} pixels, labels.jsonl says {size[1]}x{size[0]}")
        images[i] = pixels
    images.flush()
    partial.rename(kept)
    return np.load(kept, mmap_mode="r")
