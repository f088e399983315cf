"""Sets of labelled pictures in memory."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np


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


def hold_out(pairs: ImageSet, count: int, seed: int) -> tuple[ImageSet, ImageSet]:
    """Training part and validation part, chosen by a seeded shuffle of the sorted ids."""
    order = sorted(range(len(pairs)), key=lambda i: pairs.ids[i])
    random.Random(seed).shuffle(order)
    return pairs.subset(sorted(order[count:])), pairs.subset(sorted(order[:count]))
