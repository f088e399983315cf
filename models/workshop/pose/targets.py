"""What the network should say about one picture, as arrays over its cells.

Centres follow TTFNet (Liu et al., arXiv 1909.00700): an elliptic Gaussian of the box's size marks the centre, and box and offsets
are learned on its whole inner part, weighted by it, instead of on one cell. Where people overlap the smaller box owns the cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workshop.pose.network import STRIDE
from workshop.pose.people import People
from workshop.pose.points import COUNT

CENTRE_SPREAD = 0.54 / 6
"""Standard deviation of the centre's Gaussian as a share of the box side."""
OWNED = 0.3
"""Cells whose Gaussian is at least this learn box and offsets."""
POINT_SPREAD = 0.03
"""Standard deviation of a body point's Gaussian as a share of the box diagonal."""
HIDDEN_WEIGHT = 0.4
"""Weight of the offset of a hidden point, which can only be guessed."""


@dataclass(frozen=True)
class Targets:
    """h, w cells. Everything float32.

    centre [1, h, w] and heat [9, h, w] with Gaussians, exactly 1 at the positive cell; their weights are 0 where nothing is learned.
    box [4, h, w] distances in pixels, offset [18, h, w] pixels, size [1, h, w] mean of the box's sides in pixels;
    share [1, h, w] sums to 1 over the cells of each person, 0 elsewhere; offset_share [18, h, w] the same by point.
    """

    centre: np.ndarray
    centre_weight: np.ndarray
    box: np.ndarray
    offset: np.ndarray
    size: np.ndarray
    share: np.ndarray
    offset_share: np.ndarray
    heat: np.ndarray
    heat_weight: np.ndarray

    def arrays(self) -> tuple[np.ndarray, ...]:
        return tuple(vars(self).values())


def bell(cells: np.ndarray, at: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Gaussians over one axis: cells [m] are centres in pixels, at and spread [...] in pixels; [..., m]."""
    return np.exp(-0.5 * ((cells - at[..., None]) / spread[..., None]) ** 2, dtype=np.float32)


def targets(people: People, height: int, width: int) -> Targets:
    """height and width of the picture in pixels."""
    h, w = height // STRIDE, width // STRIDE
    ys, xs = ((np.arange(n, dtype=np.float32) + 0.5) * STRIDE for n in (h, w))
    t = Targets(
        np.zeros((1, h, w), np.float32), np.ones((1, h, w), np.float32),
        *(np.zeros((n, h, w), np.float32) for n in (4, 2 * COUNT, 1, 1, 2 * COUNT, COUNT)), np.ones((COUNT, h, w), np.float32),
    )
    for box in people.boxes[people.ignore]:
        inside = ((ys >= box[1]) & (ys <= box[3]))[:, None] & ((xs >= box[0]) & (xs <= box[2]))[None]
        t.centre_weight[0][inside] = 0
        t.heat_weight[:, inside] = 0
    known = people.chosen(~people.ignore)
    sides = known.boxes[:, 2:] - known.boxes[:, :2]
    for i in np.argsort(-sides.prod(1), kind="stable"):
        add_person(t, known.boxes[i], known.points[i], ys, xs)
    return t


def add_person(t: Targets, box: np.ndarray, points: np.ndarray, ys: np.ndarray, xs: np.ndarray) -> None:
    middle, side = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    spread = np.maximum(side * CENTRE_SPREAD, 0.6 * STRIDE)
    g = bell(ys, middle[1], spread[1])[:, None] * bell(xs, middle[0], spread[0])[None]
    cy, cx = cell_of(middle[1], len(ys)), cell_of(middle[0], len(xs))
    g[cy, cx] = 1
    np.maximum(t.centre[0], g, out=t.centre[0])
    t.centre_weight[0, cy, cx] = 1
    owned = (g >= OWNED) & ((ys > box[1]) & (ys < box[3]))[:, None] & ((xs > box[0]) & (xs < box[2]))[None]
    owned[cy, cx] = True
    y, x = np.nonzero(owned)
    share = g[y, x] / g[y, x].sum()
    t.box[:, y, x] = xs[x] - box[0], ys[y] - box[1], box[2] - xs[x], box[3] - ys[y]
    t.box[:, y, x] = np.maximum(t.box[:, y, x], 0.5)
    t.size[0, y, x] = side.mean()
    t.share[0, y, x] = share
    t.offset[0::2, y, x] = points[:, 0, None] - xs[x]
    t.offset[1::2, y, x] = points[:, 1, None] - ys[y]
    worth = np.select([points[:, 2] == 2, points[:, 2] == 1], [1.0, HIDDEN_WEIGHT], 0.0).astype(np.float32)
    t.offset_share[:, y, x] = np.repeat(worth, 2)[:, None] * share
    add_points(t, points, float(np.hypot(*side)), ys, xs)


def add_points(t: Targets, points: np.ndarray, diagonal: float, ys: np.ndarray, xs: np.ndarray) -> None:
    """Seen points become Gaussians; around hidden ones nothing is learned, because a guess there is neither right nor wrong."""
    spread = np.full(COUNT, np.clip(POINT_SPREAD * diagonal, 0.6 * STRIDE, 1.5 * STRIDE), np.float32)
    by, bx = bell(ys, points[:, 1], spread), bell(xs, points[:, 0], spread)
    for k in range(COUNT):
        if points[k, 2] == 0:
            continue
        g = by[k][:, None] * bx[k][None]
        if points[k, 2] == 2:
            cy, cx = cell_of(points[k, 1], len(ys)), cell_of(points[k, 0], len(xs))
            g[cy, cx] = 1
            np.maximum(t.heat[k], g, out=t.heat[k])
            t.heat_weight[k, cy, cx] = 1
        else:
            t.heat_weight[k][(g > 0.2) & (t.heat[k] < 1)] = 0


def cell_of(pixel: float, cells: int) -> int:
    return int(np.clip(pixel // STRIDE, 0, cells - 1))
