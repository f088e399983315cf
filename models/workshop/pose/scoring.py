"""Figures of people and points: average precision with ignored people, share of correct points, and how unlike the points are.

Rules of the match are those of COCO: best score first, each takes the unused true box it overlaps most; one that only meets an
ignored box counts as neither right nor wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import numpy as np

from workshop.pose.decode import Found, decode, overlaps
from workshop.pose.people import People, Pictures
from workshop.pose.points import COUNT, SPREAD

IOUS = np.round(np.arange(0.5, 1.0, 0.05), 2)
NEAR = 0.1
"""A point is right within this share of the box's longer side."""
SIZES = {"small": (0.0, 40.0), "medium": (40.0, 90.0), "large": (90.0, float("inf"))}
"""By the longer side of the box, pixels of the model's input."""

Among = Callable[[np.ndarray], np.ndarray]
"""Boxes [n, 4] -> which of them a figure is about, bool [n]."""

Predict = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]
"""uint8 [3, H, W] -> centre, box, offset, heat without batch dimension."""


@dataclass(frozen=True)
class Judged:
    """One picture. rows [n, 1 + 10]: score, then by overlap threshold 1 right, 0 wrong, -1 does not count; truth: boxes that count.
    near [m, 9]: 1 within reach, 0 not, -1 the point was not seen, for every counted person (0 where it was missed).
    likeness [k]: object keypoint similarity of the people that were found."""

    rows: np.ndarray
    truth: int
    near: np.ndarray
    likeness: np.ndarray


def judge(found: Found, truth: People, among: Among) -> Judged:
    """People outside of `among` are as if ignored; so is what was found outside of it and fits nobody."""
    counts = among(truth.boxes) & ~truth.ignore
    rows = np.full((len(found.scores), 1 + len(IOUS)), 0.0)
    rows[:, 0] = found.scores
    overlap = np.stack([overlaps(b, truth.boxes) for b in found.boxes]) if len(found.boxes) and len(truth) else np.zeros((len(found.boxes), len(truth)))
    match = np.full(len(truth), -1)
    for column, least in enumerate(IOUS, 1):
        used = np.zeros(len(truth), bool)
        for i in range(len(found.boxes)):
            allowed = (overlap[i] >= least) & ~used
            for group in (counts, ~counts):
                here = np.nonzero(allowed & group)[0]
                if len(here):
                    best = here[np.argmax(overlap[i][here])]
                    used[best] = group is counts  # an ignored person may swallow several
                    rows[i, column] = 1 if group is counts else -1
                    if column == 1 and group is counts:
                        match[best] = i
                    break
    rows[:, 1:][(rows[:, 1:] == 0) & ~among(found.boxes)[:, None]] = -1
    return Judged(rows, int(counts.sum()), *points_of(found, truth, counts, match))


def points_of(found: Found, truth: People, counts: np.ndarray, match: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    near, likeness = np.full((int(counts.sum()), COUNT), -1, np.int8), []
    for row, t in enumerate(np.nonzero(counts)[0]):
        seen = truth.points[t, :, 2] == 2
        near[row, seen] = 0
        if match[t] < 0 or not seen.any():
            continue
        side = truth.boxes[t, 2:] - truth.boxes[t, :2]
        apart = np.hypot(*(found.points[match[t], :, :2] - truth.points[t, :, :2]).T)
        near[row, seen] = apart[seen] <= NEAR * side.max()
        likeness.append(float(np.exp(-(apart**2) / (2 * side.prod() * (2 * SPREAD) ** 2))[seen].mean()))
    return near, np.array(likeness)


def average_precision(rows: np.ndarray, truth: float, weight: np.ndarray | None = None) -> float:
    """rows [n, 2] score and 1, 0 or -1; weight [n] how often each counts. Area below the precision envelope."""
    if truth <= 0:
        return float("nan")
    weight = np.ones(len(rows)) if weight is None else weight
    use = (rows[:, 1] >= 0) & (weight > 0)
    rows, weight = rows[use], weight[use]
    order = np.argsort(-rows[:, 0], kind="stable")
    hits, seen = np.cumsum(weight[order] * rows[order, 1]), np.cumsum(weight[order])
    precision = np.maximum.accumulate((hits / np.maximum(seen, 1e-12))[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0.0], hits / truth])) * precision))


def run(predict: Predict, pictures: Pictures) -> list[Found]:
    return [decode(*predict(np.ascontiguousarray(image.transpose(2, 0, 1)))) for image in pictures.images]


def everybody(boxes: np.ndarray) -> np.ndarray:
    return np.ones(len(boxes), bool)


def of_size(low: float, high: float) -> Among:
    def among(boxes: np.ndarray) -> np.ndarray:
        longer = (boxes[:, 2:] - boxes[:, :2]).max(1, initial=0)
        return (longer >= low) & (longer < high)

    return among


def judged(found: list[Found], people: list[People], among: Among = everybody) -> list[Judged]:
    return [judge(f, p, among) for f, p in zip(found, people, strict=True)]


def near_share(pictures: list[Judged]) -> float:
    near = np.concatenate([j.near for j in pictures]).ravel() if pictures else np.zeros(0)
    return float((near[near >= 0]).mean()) if (near >= 0).any() else float("nan")


def summary(pictures: list[Judged]) -> dict[str, float]:
    """AP at overlap 0.5, mean over 0.5 to 0.95, share of right points, and best F over all thresholds with its threshold."""
    rows = np.concatenate([j.rows for j in pictures]) if pictures else np.zeros((0, 1 + len(IOUS)))
    truth = sum(j.truth for j in pictures)
    aps = [average_precision(rows[:, [0, c]], truth) for c in range(1, 1 + len(IOUS))]
    return {"ap50": aps[0], "ap": float(np.mean(aps)), "pck": near_share(pictures), **best_f(rows, truth)}


def best_f(rows: np.ndarray, truth: int, beta: float = 1.0) -> dict[str, float]:
    """Highest F with recall weighted beta times as much as precision (van Rijsbergen), and the score at which it is reached."""
    use = rows[rows[:, 1] >= 0]
    use = use[np.argsort(-use[:, 0], kind="stable")]
    if not len(use) or truth == 0:
        return {"f": float("nan"), "threshold": 1.0}
    f = (1 + beta**2) * np.cumsum(use[:, 1]) / (np.arange(1, len(use) + 1) + beta**2 * truth)
    return {"f": float(f.max()), "threshold": float(use[int(np.argmax(f)), 0])}
