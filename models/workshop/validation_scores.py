"""What the model said about held-out pictures, for the station's cost of moving a threshold (validation-scores.json).

Scores are rounded down to thousandths: a comparison with a threshold of three decimals then comes out as it does for the
score itself. The packer puts the file into the bundle when it lies beside the models.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from workshop.problems import WorkshopError

FORMAT = "edge-validation-scores/1"
NAME = "validation-scores.json"


def validation_scores(
    model: Path,
    classes: tuple[str, ...],
    pictures: int,
    rows: list[np.ndarray],
    counts: np.ndarray,
    good: list[np.ndarray],
    source: str,
) -> dict:
    """model: the ONNX file that gave the scores; rows, counts: as `scoring.match` returns them for the labelled held-out
    pictures, per class [n, 2] (score, hit) best first and the number of true boxes; good: detections [n, 6] (x1, y1, x2,
    y2, class, score) of every good picture; source: the pictures in words."""
    problems = []
    if len(rows) != len(classes) or len(counts) != len(classes):
        problems.append(f"{NAME}: {len(rows)} rows and {len(counts)} counts for {len(classes)} classes; give one of each per class")
    problems += [f"{NAME}: {c}: {int(r[:, 1].sum())} hits of {int(n)} boxes; match the same pictures" for c, r, n in zip(classes, rows, counts) if r[:, 1].sum() > n]
    if pictures < 1:
        problems.append(f"{NAME}: no held-out picture; give the recipe a validation split")
    if problems:
        raise WorkshopError(problems)
    return {
        "format": FORMAT,
        "model": {"file": model.name, "sha256": hashlib.sha256(model.read_bytes()).hexdigest()},
        "source": source,
        "pictures": pictures,
        "classes": [
            {"label": c, "defects": int(n), "detections": [[_thousandths(s), int(h)] for s, h in r]}
            for c, r, n in zip(classes, rows, counts)
        ],
        "goodBoards": [_top_scores(d, len(classes)) for d in good],
    }


def write_validation_scores(scores: dict, out: Path) -> Path:
    """One line without spaces, in one step."""
    file = out / NAME
    partial = out / f"{NAME}.partial"
    partial.write_text(json.dumps(scores, separators=(",", ":")) + "\n")
    partial.rename(file)
    return file


def _thousandths(score: float) -> float:
    # The epsilon undoes what a float32 score loses on its way to float64.
    return min(float(np.floor(score * 1000 + 1e-6)) / 1000, 1.0)


def _top_scores(detections: np.ndarray, classes: int) -> list[float]:
    top = [0.0] * classes
    for row in detections:
        top[int(row[4])] = max(top[int(row[4])], _thousandths(float(row[5])))
    return top
