"""Verdict thresholds from validation pictures, and the false rejects that they give."""

from __future__ import annotations

import numpy as np

from workshop.dataset import ImageSet

CEILING = 0.6


def class_threshold(rows: np.ndarray, total: int, good_best: float) -> float:
    """Middle of the gap below the last score that belongs to the best F, and above every score on good pairs.

    Never above CEILING for the sake of F: an escape costs more than a false reject, and one false box of a class with
    few errors must not raise its threshold far. Where the model found nothing of the class, the lowest that good pairs allow.
    """
    if not len(rows):
        return round(max(good_best + 0.02, 0.1), 3)
    tp = np.cumsum(rows[:, 1])
    f = 2 * tp / (np.arange(1, len(rows) + 1) + total)
    k = len(f) - 1 - int(np.argmax(f[::-1]))
    below = rows[k + 1, 0] if k + 1 < len(rows) else rows[k, 0] / 2
    return round(float(max(min((rows[k, 0] + below) / 2, CEILING), good_best + 0.02, 0.1)), 3)


def lift_for_good_boards(thresholds: np.ndarray, detections: list[np.ndarray], allowed: float) -> np.ndarray:
    """Raises thresholds, each class to the same quantile of its highest score per good board, until at most the allowed
    share of good boards is rejected: a plant pays for every false reject, so the point is chosen by that share."""
    highest = np.stack([highest_per_class([d], len(thresholds)) for d in detections])
    for q in np.linspace(0.9, 1.0, 201):
        lifted = np.maximum(thresholds, np.round(np.quantile(highest, q, axis=0) + 0.005, 3))
        if np.mean((highest >= lifted).any(axis=1)) <= allowed:
            return lifted
    return np.maximum(thresholds, highest.max(axis=0) + 0.005)


def good_pictures(pairs: ImageSet) -> ImageSet:
    return pairs.subset([i for i, b in enumerate(pairs.boxes) if not len(b)])


def highest_per_class(detections: list[np.ndarray], classes: int) -> np.ndarray:
    out = np.zeros(classes)
    for d in detections:
        for row in d:
            out[int(row[4])] = max(out[int(row[4])], row[5])
    return out


def false_rejects(detections: list[np.ndarray], thresholds: np.ndarray) -> dict:
    bad = [int((d[:, 5] >= thresholds[d[:, 4].astype(int)]).sum()) for d in detections]
    return {"pairs": len(bad), "false_boxes": sum(bad), "rejected_pairs": sum(b > 0 for b in bad), "highest_score": float(max([d[0, 5] for d in detections if len(d)], default=0.0))}
