"""The parity gate: outputs of what was compiled against the outputs of the bundle's ONNX model on the same inputs, by the golden rule
(sidecar/golden_rule.py, docs/model-bundles.md) with the gate of a route.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sidecar.golden_rule import Tolerance, Verdicts, judgements, verdict_flip


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
            for which, figures in judgements(output, g, e, tolerance, verdicts, own_integers=True).items():
                worst = {k: max(worst[k], figures[k]) for k in worst}
                if figures["outlierShare"] > tolerance.outlierShare:
                    reasons.append(
                        f"{name}: {figures['outlierShare']:.3%} of {output}{' ' + which if which else ''} are off by more than {tolerance.absolute:g} + {tolerance.relative:g} x value, {tolerance.outlierShare:.3%} are tolerated; largest difference {figures['maxAbsolute']:.4g}"
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
