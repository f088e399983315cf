"""The rule by which outputs are the outputs of another, validated model. docs/model-bundles.md states it ("The golden rule").

`workshop.compile.parity` judges with it what was compiled, the sidecar what its device answers, and verifyGolden of
libs/inference does the same in the station. tests/golden-cases.json holds all of them to one meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

import numpy as np

Arrays = Dict[str, np.ndarray]


@dataclass(frozen=True)
class Tolerance:
    absolute: float
    relative: float
    outlierShare: float


@dataclass(frozen=True)
class Parity:
    """The gate of the route by which an artefact was compiled, `parity` of its target.json."""

    factor: float
    outlierShare: float

    def widened(self, tolerance: Tolerance) -> Tolerance:
        return Tolerance(tolerance.absolute * self.factor, tolerance.relative * self.factor, self.outlierShare)


@dataclass(frozen=True)
class Verdicts:
    """`output` [1, labels, ...] holds the scores; `thresholds` one value a label. The decoder reads the cells whose largest score is at
    least `floor`, and there `boxes` [1, 4, ...]."""

    output: str
    thresholds: Tuple[float, ...]
    boxes: Optional[str] = None
    floor: float = 0.0


def read_verdicts(manifest: Dict[str, Any]) -> Optional[Verdicts]:
    """Verdicts of a detector: one threshold a label, in the order of the score channels. None for other tasks."""
    post = manifest.get("postprocess", {})
    scores = post.get("scores")
    by_label = {t["label"]: t["threshold"] for t in manifest.get("thresholds", [])}
    if not isinstance(scores, str) or any(label not in by_label for label in manifest.get("labels", [])) or not by_label:
        return None
    thresholds = tuple(by_label[label] for label in manifest["labels"])
    # Other decoders lay their boxes out otherwise: all of them count.
    boxes = post.get("boxes") if post.get("decoder") == "centre-ltrb" else None
    return Verdicts(scores, thresholds, boxes, float(post.get("scoreFloor", 0)))


def compare(got: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> Dict[str, float]:
    """An outlier is off by more than absolute + relative * |expected|; NaN always is."""
    if got.shape != expected.shape:
        return {"maxAbsolute": float("inf"), "maxRelative": float("inf"), "outlierShare": 1.0, "worstOfTolerance": float("inf")}
    wanted = expected.astype(np.float64)
    difference = np.abs(got.astype(np.float64) - wanted)
    allowed = tolerance.absolute + tolerance.relative * np.abs(wanted)
    size = np.maximum(np.abs(wanted), max(tolerance.absolute, 1e-6))
    return {
        "maxAbsolute": largest(difference),
        "maxRelative": largest(difference / size),
        "outlierShare": float((~(difference <= allowed)).mean()),
        "worstOfTolerance": largest(difference / np.maximum(allowed, 1e-12)),
    }


def largest(values: np.ndarray) -> float:
    return float(values.max()) if np.isfinite(values).all() else float("inf")


def read_by_decoder(output: str, expected: Arrays, verdicts: Optional[Verdicts]) -> Optional[np.ndarray]:
    """bool, the shape of `output`: the values that the decoder reads; None for all of it, also where it would read none."""
    if verdicts is None or output not in (verdicts.boxes, verdicts.output):
        return None
    cells = expected[verdicts.output].max(axis=1, keepdims=True) >= verdicts.floor
    return np.broadcast_to(cells, expected[output].shape) if cells.any() else None


def judgements(output: str, got: Arrays, expected: Arrays, tolerance: Tolerance, verdicts: Optional[Verdicts], own_integers: bool) -> Dict[str, Dict[str, float]]:
    """
    What must be within the tolerance, by the words for it: the values that the decoder reads, and all values. Boxes that nobody reads
    do not count where the artefact has integers of its own: one step of them is large, and nothing holds them there.
    """
    read = compare_read(output, got, expected, tolerance, verdicts)
    if own_integers and verdicts is not None and output == verdicts.boxes:
        return {"that the decoder reads": read}
    whole = compare(got[output], expected[output], tolerance)
    return {"": whole} if read == whole else {"": whole, "that the decoder reads": read}


def compare_read(output: str, got: Arrays, expected: Arrays, tolerance: Tolerance, verdicts: Optional[Verdicts]) -> Dict[str, float]:
    """The same over the values that the decoder reads."""
    cells = read_by_decoder(output, expected, verdicts)
    if cells is None or got[output].shape != expected[output].shape:
        return compare(got[output], expected[output], tolerance)
    return compare(got[output][cells], expected[output][cells], tolerance)


def largest_scores(scores: np.ndarray) -> np.ndarray:
    return scores.reshape(scores.shape[1], -1).max(axis=1)


def verdict_flip(got: np.ndarray, expected: np.ndarray, verdicts: Verdicts, tolerance: Tolerance) -> str:
    """`same`, `excused` or `flipped`. A picture is rejected when any label's largest score reaches its threshold."""
    if got.shape != expected.shape:
        return "flipped"
    a, b = largest_scores(got), largest_scores(expected)
    thresholds = np.asarray(verdicts.thresholds)
    if bool((a >= thresholds).any()) == bool((b >= thresholds).any()):
        return "same"
    near = np.abs(b - thresholds) <= tolerance.absolute + tolerance.relative * np.abs(b)
    return "excused" if near.any() else "flipped"
