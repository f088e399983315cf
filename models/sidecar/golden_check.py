"""Whether this machine computes what was validated: the bundle's golden vectors, compared as the station compares them."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

import numpy as np

from sidecar.problems import SidecarError
from sidecar.served_model import Golden
from sidecar.tensors import Arrays


def compare(got: np.ndarray, expected: np.ndarray, tolerance: Dict[str, float], factor: float) -> Dict[str, float]:
    """An outlier is off by more than (absolute + relative * |expected|) * factor; NaN always is."""
    if got.shape != expected.shape:
        return {"outlierShare": 1.0, "maxDifference": float("inf")}
    difference = np.abs(got.astype(np.float64) - expected)
    allowed = (tolerance["absolute"] + tolerance["relative"] * np.abs(expected.astype(np.float64))) * factor
    finite = difference[np.isfinite(difference)]
    return {
        "outlierShare": float((~(difference <= allowed)).mean()),
        "maxDifference": float(finite.max()) if finite.size == difference.size else float("inf"),
    }


def check_golden(run: Callable[[Arrays], Arrays], vectors: List[Golden], factor: float) -> List[Dict[str, Any]]:
    """One row a vector and output. Raises SidecarError sidecar.golden-mismatch with every row that failed."""
    rows: List[Dict[str, Any]] = []
    problems: List[str] = []
    for vector in vectors:
        outputs = run(vector.inputs)
        for name, expected in vector.outputs.items():
            tolerance = vector.tolerance[name]
            row = {"vector": vector.name, "output": name, **compare(outputs[name], expected, tolerance, factor)}
            rows.append(row)
            if row["outlierShare"] > tolerance.get("outlierShare", 0):
                problems.append(
                    f"{vector.name} {name}: {row['outlierShare']:.2%} of the values are beyond the tolerance, {tolerance.get('outlierShare', 0):.2%} are allowed; largest difference {row['maxDifference']:.4g}"
                )
    if problems:
        raise SidecarError("sidecar.golden-mismatch", "this device does not compute what was validated: " + "; ".join(problems))
    return rows
