"""What each way of computing a model gives for its golden inputs, for the packer to compare.

`<vector>.<path>.<output>.f32` (little-endian float32, row-major) beside `<vector>.bin`, and `outputs.json` with the digest of
every input and of what computed each path (checkpoint or ONNX file), so that stale values are found out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np

Compute = Callable[[np.ndarray], dict[str, np.ndarray]]


@dataclass(frozen=True)
class GoldenPath:
    """`name` is `pytorch` (or another reference that the spec names) or the stem of an ONNX file; `file` is what computes;
    `compute` takes one input without batch dimension and gives the outputs by name, with or without batch dimension."""

    name: str
    file: Path
    made: str
    compute: Compute


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def onnx_path(file: Path, threads: int = 1) -> GoldenPath:
    """The ONNX file in Python's onnxruntime on the CPU. The model has one input."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = ort.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    entry = session.get_inputs()[0].name
    return GoldenPath(file.stem, file, f"onnxruntime {ort.__version__}", lambda x: dict(zip(names, session.run(names, {entry: x[None]}))))


def write_golden_outputs(folder: Path, inputs: dict[str, np.ndarray], paths: list[GoldenPath]) -> None:
    """Writes inputs, outputs of every path, and last the record; outputs of earlier runs are removed first."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in [*folder.glob("*.f32"), *folder.glob("*.bin"), folder / "outputs.json"]:
        stale.unlink(missing_ok=True)
    for vector, values in inputs.items():
        (folder / f"{vector}.bin").write_bytes(np.ascontiguousarray(values).tobytes())
        for path in paths:
            for name, output in path.compute(values).items():
                data = np.ascontiguousarray(output, dtype="<f4")
                (folder / f"{vector}.{path.name}.{name}.f32").write_bytes(data.tobytes())
    record = {
        "format": "golden-outputs/1",
        "vectors": {vector: digest(folder / f"{vector}.bin") for vector in inputs},
        "paths": {path.name: {"sha256": digest(path.file), "made": path.made} for path in paths},
    }
    partial = folder / "outputs.json.partial"
    partial.write_text(json.dumps(record, indent=2) + "\n")
    partial.rename(folder / "outputs.json")


def differences(folder: Path, reference: str) -> list[str]:
    """One line a path and output: largest and mean difference to the reference over all vectors."""
    record = json.loads((folder / "outputs.json").read_text())
    lines = []
    for path in record["paths"]:
        if path == reference:
            continue
        names = sorted({p.name.split(".")[2] for p in folder.glob(f"*.{path}.*.f32")})
        for name in names:
            pairs = [(np.fromfile(folder / f"{v}.{reference}.{name}.f32", "<f4"), np.fromfile(folder / f"{v}.{path}.{name}.f32", "<f4")) for v in record["vectors"]]
            apart = np.concatenate([np.abs(a - b) for a, b in pairs])
            lines.append(f"{reference} - {path} {name}: largest {apart.max():.3g}, mean {apart.mean():.3g}")
    return lines
