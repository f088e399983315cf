"""From the network's outputs to people with points, as the station's decoder `centre-pose` does it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workshop.pose.network import STRIDE
from workshop.pose.points import COUNT

FLOOR, TOP_K, NMS_IOU = 0.05, 100, 0.5
REACH = 0.12
"""How far from the regressed place a heat peak may lie, as a share of the box diagonal."""
LEAST_HEAT = 0.15
UNSEEN = 0.3
"""Share of the heat at the regressed place that a point without a peak gets as score."""


@dataclass(frozen=True)
class Found:
    """Best first. boxes float32 [n, 4] x0 y0 x1 y1; scores [n]; points [n, 9, 3] x y score."""

    boxes: np.ndarray
    scores: np.ndarray
    points: np.ndarray


def local_peaks(maps: np.ndarray) -> np.ndarray:
    """bool [k, h, w]: cells that no neighbour exceeds; of equal neighbours the first in reading order."""
    h, w = maps.shape[1:]
    around = np.pad(maps, ((0, 0), (1, 1), (1, 1)), constant_values=-1)
    shifted = [around[:, y : y + h, x : x + w] for y in range(3) for x in range(3)]
    return (maps > np.max(shifted[:4], axis=0)) & (maps >= np.max(shifted[5:], axis=0))


def overlaps(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Intersection over union of one box with many."""
    inner = np.maximum(np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2]), 0).prod(1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(1) + (box[2:] - box[:2]).prod()
    return inner / np.maximum(areas - inner, 1e-9)


def decode(centre: np.ndarray, box: np.ndarray, offset: np.ndarray, heat: np.ndarray, floor: float = FLOOR) -> Found:
    """Outputs of one picture without batch dimension."""
    h, w = centre.shape[1:]
    y, x = np.nonzero(local_peaks(centre)[0] & (centre[0] >= floor))
    order = np.argsort(-centre[0, y, x], kind="stable")[:TOP_K]
    y, x = y[order], x[order]
    at = np.stack([(x + 0.5) * STRIDE, (y + 0.5) * STRIDE], 1)
    d = box[:, y, x].T
    boxes = np.clip(np.concatenate([at - d[:, :2], at + d[:, 2:]], 1), 0, np.array([w, h, w, h]) * STRIDE).astype(np.float32)
    kept: list[int] = []
    for i in range(len(boxes)):
        if not kept or overlaps(boxes[i], boxes[kept]).max() <= NMS_IOU:
            kept.append(i)
    y, x, at, boxes = y[kept], x[kept], at[kept], boxes[kept]
    regressed = at[:, None] + offset[:, y, x].T.reshape(-1, COUNT, 2)
    return Found(boxes, centre[0, y, x].astype(np.float32), refined(regressed, boxes, heat))


def refined(regressed: np.ndarray, boxes: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """Points moved to the best heat peak in reach, [n, 9, 3] x y score."""
    out = np.zeros((*regressed.shape[:2], 3), np.float32)
    h, w = heat.shape[1:]
    peaks = local_peaks(heat) & (heat >= LEAST_HEAT)
    reach = REACH * np.hypot(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    for k in range(COUNT):
        y, x = np.nonzero(peaks[k])
        place = np.stack([(x + 0.5) * STRIDE, (y + 0.5) * STRIDE], 1)
        for i, guess in enumerate(regressed[:, k]):
            near = np.nonzero(np.hypot(*(place - guess).T) <= reach[i])[0]
            if len(near):
                best = near[np.argmax(heat[k, y[near], x[near]])]
                out[i, k] = *sub_cell(heat[k], int(y[best]), int(x[best])), heat[k, y[best], x[best]]
            else:
                cy, cx = int(guess[1] // STRIDE), int(guess[0] // STRIDE)
                inside = 0 <= cy < h and 0 <= cx < w
                out[i, k] = *guess, UNSEEN * heat[k, cy, cx] if inside else 0
    return out


def sub_cell(heat: np.ndarray, y: int, x: int) -> tuple[float, float]:
    """Mean of the 3x3 cells around the peak weighted by heat, pixels."""
    y0, x0 = max(y - 1, 0), max(x - 1, 0)
    patch = heat[y0 : y + 2, x0 : x + 2].astype(np.float64)
    rows, columns = np.arange(y0, y0 + patch.shape[0]) + 0.5, np.arange(x0, x0 + patch.shape[1]) + 0.5
    whole = patch.sum()
    return float((patch.sum(0) @ columns) / whole * STRIDE), float((patch.sum(1) @ rows) / whole * STRIDE)
