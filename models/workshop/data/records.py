"""One labelled picture on disk, as every reader gives it, and its way into memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from workshop.anomaly.letterbox import letterbox
from workshop.dataset import ImageSet
from workshop.problems import WorkshopError


@dataclass(frozen=True)
class Record:
    """`pictures`: one file, or part and template. `boxes`: float32 [n, 5] (x1, y1, x2, y2 in pixels of the file, class from 0).
    `group`: what must not be divided between splits (a panel, a tile), None where nothing is stated. `size`: width and
    height that the label file states, None where it states none. `labels`: the file that a fault is blamed on."""

    id: str
    pictures: tuple[Path, ...]
    boxes: np.ndarray
    labels: Path
    group: str | None = None
    size: tuple[int, int] | None = None


Splits = dict[str, list[Record]]


def boxes_array(rows: list[list[float]]) -> np.ndarray:
    return np.asarray(rows, np.float32).reshape(-1, 5)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height from the head of the file."""
    with Image.open(path) as picture:
        return picture.size


def grey(path: Path) -> np.ndarray:
    """uint8 [H, W], BT.601 luma as the station's."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"), np.uint8)


def load_records(records: list[Record], height: int, width: int, pad: int = 0) -> ImageSet:
    """Every picture letterboxed to the input as the station does it, boxes moved with it. Check the records first.

    ImageSet.images is uint8 [N, C, height, width] with C = 1 for single pictures, 2 for part and template.
    """
    channels = {len(r.pictures) for r in records}
    if len(channels) > 1:
        raise WorkshopError(f"{records[0].labels}: some records have a template and some have none; give every part its template, or none")
    images = np.empty((len(records), channels.pop() if channels else 1, height, width), np.uint8)
    boxes = []
    for i, record in enumerate(records):
        for c, path in enumerate(record.pictures):
            picture = grey(path)
            images[i, c], place = letterbox(picture, (height, width), pad)
        factor = np.array([place.width / picture.shape[1], place.height / picture.shape[0]] * 2, np.float32)
        moved = record.boxes.copy()
        moved[:, :4] = moved[:, :4] * factor + np.array([place.left, place.top] * 2, np.float32)
        boxes.append(moved)
    return ImageSet([r.id for r in records], images, boxes)
