"""The parity gate: outputs of what was compiled against the outputs of the bundle's ONNX model on the same inputs.

A value is an outlier when |got - expected| > absolute + relative * |expected| (NaN always is). An output passes when the share of
outliers is at most the tolerated one. Verdicts must agree too: a picture is rejected when any label's largest score reaches its
threshold; a different verdict is excused only where the expected score lies within the tolerance of that threshold.

Boxes count where the decoder reads them: in cells whose largest expected score reaches the score floor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Tolerance:
    absolute: float
    relative: float
    outlierShare: float


@dataclass(frozen=True)
class Verdicts:
    """`output` [1, labels, ...] holds the scores; `thresholds` one value a label. `boxes` [1, 4, ...] is read by the decoder in cells
    whose largest score is at least `floor`."""

    output: str
    thresholds: tuple[float, ...]
    boxes: str | None = None
    floor: float = 0.0


def largest_scores(scores: np.ndarray) -> np.ndarray:
    return scores.reshape(scores.shape[1], -1).max(axis=1)


def compare(got: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> dict[str, float]:
    difference = np.abs(got.astype(np.float64) - expected)
    allowed = tolerance.absolute + tolerance.relative * np.abs(expected)
    outlier = ~(difference <= allowed)
    size = np.maximum(np.abs(expected), max(tolerance.absolute, 1e-6))
    return {
        "maxAbsolute": float(np.nanmax(difference)) if np.isfinite(difference).any() else float("inf"),
        "maxRelative": float(np.nanmax(difference / size)) if np.isfinite(difference).any() else float("inf"),
        "outlierShare": float(outlier.mean()),
        "worstOfTolerance": float(np.nanmax(difference / allowed)) if np.isfinite(difference).any() else float("inf"),
    }


def read_by_decoder(output: str, expected: dict[str, np.ndarray], verdicts: Verdicts | None) -> np.ndarray | None:
    """bool [1, 1, ...]: the cells of `output` that the decoder reads; None for all of it, also where it would read none."""
    if verdicts is None or output != verdicts.boxes:
        return None
    cells = expected[verdicts.output].max(axis=1, keepdims=True) >= verdicts.floor
    return cells if cells.any() else None


def verdict_flip(got: np.ndarray, expected: np.ndarray, verdicts: Verdicts, tolerance: Tolerance) -> str:
    """`same`, `excused` or `flipped`."""
    a, b = largest_scores(got), largest_scores(expected)
    thresholds = np.asarray(verdicts.thresholds)
    if bool((a >= thresholds).any()) == bool((b >= thresholds).any()):
        return "same"
    near = np.abs(b - thresholds) <= tolerance.absolute + tolerance.relative * np.abs(b)
    return "excused" if near.any() else "flipped"


def gate(
    names: list[str],
    got: list[dict[str, np.ndarray]],
    expected: list[dict[str, np.ndarray]],
    tolerances: dict[str, Tolerance],
    verdicts: Verdicts | None,
) -> dict[str, Any]:
    """One report over all inputs. `passed` is false with `reasons` when any output or any verdict is out of tolerance."""
    reasons: list[str] = []
    outputs: dict[str, dict[str, float]] = {}
    for output, tolerance in tolerances.items():
        worst: dict[str, float] = {"maxAbsolute": 0.0, "maxRelative": 0.0, "outlierShare": 0.0, "worstOfTolerance": 0.0}
        for name, g, e in zip(names, got, expected):
            if g[output].shape != e[output].shape:
                reasons.append(f"{name}: {output} has the shape {list(g[output].shape)}, expected {list(e[output].shape)}")
                continue
            cells = read_by_decoder(output, e, verdicts)
            both = [a[output] if cells is None else a[output][np.broadcast_to(cells, a[output].shape)] for a in (g, e)]
            figures = compare(*both, tolerance)
            worst = {k: max(worst[k], figures[k]) for k in worst}
            if figures["outlierShare"] > tolerance.outlierShare:
                reasons.append(
                    f"{name}: {figures['outlierShare']:.3%} of {output} are off by more than {tolerance.absolute:g} + {tolerance.relative:g} x value, {tolerance.outlierShare:.3%} are tolerated; largest difference {figures['maxAbsolute']:.4g}"
                )
        outputs[output] = {**worst, "absolute": tolerance.absolute, "relative": tolerance.relative, "toleratedShare": tolerance.outlierShare}
    flips = {"compared": 0, "same": 0, "excused": 0, "flipped": 0}
    if verdicts:
        for name, g, e in zip(names, got, expected):
            flip = verdict_flip(g[verdicts.output], e[verdicts.output], verdicts, tolerances[verdicts.output])
            flips["compared"] += 1
            flips[flip] += 1
            if flip == "flipped":
                reasons.append(f"{name}: the verdict is not the ONNX model's, and its score is not within the tolerance of a threshold")
    return {"passed": not reasons, "inputs": len(names), "outputs": outputs, "verdicts": flips if verdicts else None, "reasons": reasons}
