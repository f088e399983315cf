"""The station's letterbox, bit for bit: libs/vision/src/lib/letterbox.ts and bilinear-resample.ts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Placement:
    """Where the picture lies in the input, pixels."""

    left: int
    top: int
    width: int
    height: int


def placement(width: int, height: int, into: tuple[int, int]) -> Placement:
    """`into` is (height, width). Halves round up, as Math.round does."""
    to_height, to_width = into
    scale = min(to_width / width, to_height / height)
    w = max(1, min(to_width, math.floor(width * scale + 0.5)))
    h = max(1, min(to_height, math.floor(height * scale + 0.5)))
    return Placement((to_width - w) // 2, (to_height - h) // 2, w, h)


def _axis(source: int, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lower and upper index and the weight of the upper one in 1/256; half-pixel centres, edges held."""
    at = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    low = np.floor(at).astype(np.int64)
    return low, np.minimum(low + 1, source - 1), np.floor((at - low) * 256 + 0.5).astype(np.int64)


def letterbox(picture: np.ndarray, into: tuple[int, int], pad: int = 0) -> tuple[np.ndarray, Placement]:
    """uint8 [h, w] to uint8 `into`, bilinear in 8.8 fixed point, centred between bars of `pad`."""
    height, width = picture.shape
    place = placement(width, height, into)
    if (place.width, place.height) == (width, height):
        scaled = picture
    else:
        p = picture.astype(np.int64)
        x0, x1, wx = _axis(width, place.width)
        y0, y1, wy = _axis(height, place.height)
        rows = (p[:, x0] << 8) + (p[:, x1] - p[:, x0]) * wx
        upper, lower = rows[y0], rows[y1]
        scaled = ((upper << 8) + (lower - upper) * wy[:, None] + 32768) >> 16
    out = np.full(into, pad, np.uint8)
    out[place.top : place.top + place.height, place.left : place.left + place.width] = scaled
    return out, place
