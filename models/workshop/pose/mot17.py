"""People on street footage that the model has never seen: the MOT17 frames of the data folder, letterboxed into the model's input."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from workshop.pose.augment import PAD
from workshop.pose.people import People, Pictures
from workshop.pose.points import COUNT
from workshop.problems import WorkshopError

PERSON = 1
LEAST_SEEN = 0.3


def read_mot17(folder: Path, size: tuple[int, int]) -> Pictures:
    """All frames that are there. People count when the set says so (class 1, flag 1) and at least 0.3 of them is seen; all others
    are ignored. Boxes are clipped to the picture."""
    images, people = [], []
    for sequence in sorted(p for p in folder.glob("MOT17-*") if (p / "img1").is_dir()):
        rows = read_rows(sequence / "gt" / "gt.txt")
        for frame in sorted((sequence / "img1").glob("*.jpg")):
            with Image.open(frame) as picture:
                image, scale, left, top = letterboxed(picture.convert("RGB"), size)
            images.append(image)
            people.append(people_of(rows[rows[:, 0] == int(frame.stem)], scale, (left, top), size))
    if not images:
        raise WorkshopError(f"{folder}: no MOT17-*/img1/*.jpg; give the folder of the MOT17 frames")
    return Pictures(np.stack(images), people, np.zeros(len(images), np.float32))


def read_rows(file: Path) -> np.ndarray:
    with file.open() as lines:
        return np.array([[float(v) for v in row] for row in csv.reader(lines)])


def letterboxed(picture: Image.Image, size: tuple[int, int]) -> tuple[np.ndarray, float, int, int]:
    """Pixels, scale and the corner of the picture within them."""
    height, width = size
    scale = min(width / picture.width, height / picture.height)
    small = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BILINEAR)
    left, top = (width - small.width) // 2, (height - small.height) // 2
    whole = np.full((height, width, 3), PAD, np.uint8)
    whole[top : top + small.height, left : left + small.width] = np.asarray(small)
    return whole, scale, left, top


def people_of(rows: np.ndarray, scale: float, corner: tuple[int, int], size: tuple[int, int]) -> People:
    """rows: frame, id, left, top, width, height, flag, class, visibility."""
    low = rows[:, 2:4] - 1  # the set counts pixels from 1
    boxes = np.concatenate([low, low + rows[:, 4:6]], 1) * scale + np.tile(corner, 2)
    boxes = np.clip(boxes, 0, np.tile(size[::-1], 2)).astype(np.float32)
    counts = (rows[:, 6] == 1) & (rows[:, 7] == PERSON) & (rows[:, 8] >= LEAST_SEEN)
    inside = ((boxes[:, 2:] - boxes[:, :2]) > 0.5).all(1)
    whole = People(boxes, np.zeros((len(boxes), COUNT, 3), np.float32), rows[:, 8].astype(np.float32), ~counts)
    return whole.chosen(inside)
