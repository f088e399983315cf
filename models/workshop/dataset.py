"""Sets of labelled pictures in memory, and the reader of the DeepPCB layout.

`<root>/images/<id>_test.png`, `<root>/images/<id>_temp.png`, `<root>/labels/<id>.txt` with lines
`x1 y1 x2 y2 type` (pixels, type 1..6). An empty label file is a board without defects.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class ImageSet:
    """ids; images uint8 [N, C, H, W], C = 2 for part and template, 1 for a single picture; boxes: per image float32 [n, 5]
    (x1, y1, x2, y2, class from 0)."""

    ids: list[str]
    images: np.ndarray
    boxes: list[np.ndarray]

    def subset(self, index: list[int]) -> "ImageSet":
        return ImageSet([self.ids[i] for i in index], self.images[index], [self.boxes[i] for i in index])

    def __len__(self) -> int:
        return len(self.ids)


def concatenate(a: ImageSet, b: ImageSet) -> ImageSet:
    return ImageSet(a.ids + b.ids, np.concatenate([a.images, b.images]), a.boxes + b.boxes)


def read_grey(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("L"), dtype=np.uint8)


def read_labels(path: Path) -> np.ndarray:
    rows = [[float(v) for v in line.split()] for line in path.read_text().splitlines() if line.strip()]
    out = np.asarray(rows, dtype=np.float32).reshape(-1, 5)
    out[:, 4] -= 1
    if out.size and (out[:, 4].min() < 0 or out[:, 4].max() > 5):
        raise ValueError(f"{path}: the type must be 1..6")
    return out


def load_folder(root: Path, ids: list[str] | None = None) -> ImageSet:
    """All pairs of a folder, or those named by `ids`, in sorted order."""
    if ids is None:
        ids = sorted(p.stem for p in (root / "labels").glob("*.txt"))
    if not ids:
        raise FileNotFoundError(f"{root}: no labels/*.txt; expected the DeepPCB layout")
    images = np.empty((len(ids), 2, 640, 640), np.uint8)
    boxes = []
    for i, name in enumerate(ids):
        images[i, 0] = read_grey(root / "images" / f"{name}_test.png")
        images[i, 1] = read_grey(root / "images" / f"{name}_temp.png")
        boxes.append(read_labels(root / "labels" / f"{name}.txt"))
    return ImageSet(list(ids), images, boxes)


def load_deeppcb(data: Path, split: str) -> ImageSet:
    """split `trainval` or `test`, in the order of the list file."""
    ids = (data / f"{split}.txt").read_text().split()
    return load_folder(data / split, ids)


def hold_out(pairs: ImageSet, count: int, seed: int) -> tuple[ImageSet, ImageSet]:
    """Training part and validation part, chosen by a seeded shuffle of the sorted ids."""
    order = sorted(range(len(pairs)), key=lambda i: pairs.ids[i])
    random.Random(seed).shuffle(order)
    return pairs.subset(sorted(order[count:])), pairs.subset(sorted(order[:count]))
