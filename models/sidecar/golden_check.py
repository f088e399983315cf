"""Whether this machine computes what was validated: the bundle's golden vectors, judged by the golden rule as the station judges them."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from sidecar.golden_rule import Parity, Verdicts, compare, compare_read, judgements, verdict_flip
from sidecar.problems import SidecarError
from sidecar.served_model import Golden
from sidecar.tensors import Arrays


def check_golden(run: Callable[[Arrays], Arrays], vectors: List[Golden], verdicts: Optional[Verdicts], parity: Optional[Parity]) -> List[Dict[str, Any]]:
    """
    One row a vector and output. `parity`: the artefact was compiled to integers of its own, by a route with this gate.
    Raises SidecarError sidecar.golden-mismatch with every vector and output that failed.
    """
    rows: List[Dict[str, Any]] = []
    problems: List[str] = []
    for vector in vectors:
        outputs = run(vector.inputs)
        for name, expected in vector.outputs.items():
            tolerance = parity.widened(vector.tolerance[name]) if parity else vector.tolerance[name]
            read = compare_read(name, outputs, vector.outputs, tolerance, verdicts)
            whole = compare(outputs[name], expected, tolerance)
            rows.append(
                {"vector": vector.name, "output": name, "outlierShare": whole["outlierShare"], "readOutlierShare": read["outlierShare"], "maxDifference": whole["maxAbsolute"]}
            )
            for which, figures in judgements(name, outputs, vector.outputs, tolerance, verdicts, parity is not None).items():
                if figures["outlierShare"] > tolerance.outlierShare:
                    problems.append(
                        f"{vector.name} {name}: {figures['outlierShare']:.2%} of the values{' ' + which if which else ''} are beyond the tolerance, {tolerance.outlierShare:.2%} are allowed; largest difference {figures['maxAbsolute']:.4g}"
                    )
            if verdicts and name == verdicts.output and verdict_flip(outputs[name], expected, verdicts, tolerance) == "flipped":
                problems.append(f"{vector.name}: the verdict is not the expected one, and its score is not within the tolerance of a threshold")
    if problems:
        raise SidecarError("sidecar.golden-mismatch", "this device does not compute what was validated: " + "; ".join(problems))
    return rows
