"""Starts a compiler in its own environment and reads what it made. The two sides share files, not packages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workshop.compile.target import Route
from workshop.problems import WorkshopError
from workshop.recipe import MODELS

COMPILERS = MODELS / "compilers"


@dataclass(frozen=True)
class Compiled:
    """`outputs`: one dict a given input. `artefacts`: files that the target gets, inside the work folder."""

    artefacts: list[Path]
    outputs: list[dict[str, np.ndarray]]
    facts: dict[str, Any]
    seconds: float


def interpreter(compiler: str) -> Path:
    """EDGE_COMPILERS names a folder of environments; else models/compilers/.venv."""
    root = Path(os.environ.get("EDGE_COMPILERS") or COMPILERS / ".venv")
    python = root / compiler / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        raise WorkshopError(f"{python}: the environment of the compiler {compiler} is not there; make it once with: npx nx run models:setup --compiler {compiler}")
    return python


def run_compiler(route: Route, folder: Path, model: Path, names: tuple[str, list[str]], inputs: list[np.ndarray], calibration: Path | None) -> Compiled:
    """`names`: the input and the outputs of `model`. `inputs`: arrays as the input takes them. Raises WorkshopError."""
    python, script = interpreter(route.compiler["lock"]), COMPILERS / route.compiler["script"]
    job = {
        "model": str(model),
        "artefact": str(folder / route.artefact),
        "input": names[0],
        "outputs": names[1],
        "inputs": str(folder / "job-inputs.npz"),
        "count": len(inputs),
        "calibration": str(calibration) if calibration else None,
        "results": str(folder / "job-results.npz"),
        "facts": str(folder / "facts.json"),
        "options": route.compiler.get("options", {}),
    }
    np.savez(job["inputs"], **{str(i): x for i, x in enumerate(inputs)})
    for stale in (job["results"], job["facts"], job["artefact"]):
        Path(stale).unlink(missing_ok=True)
    (folder / "job.json").write_text(json.dumps(job, indent=2))
    env = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    env.pop("PYTHONPATH", None)
    start = time.monotonic()
    done = subprocess.run([str(python), str(script), str(folder / "job.json")], env=env, stdout=None, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0 or not Path(job["results"]).is_file():
        sys.stderr.write(done.stderr)
        last = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"
        raise WorkshopError(f"{model}: {route.compiler['name']} {route.compiler['version']} did not compile it: {last}")
    results = np.load(job["results"])
    outputs = [{name: results[f"{i}/{name}"] for name in names[1]} for i in range(len(inputs))]
    facts = json.loads(Path(job["facts"]).read_text())
    for scratch in (job["inputs"], job["results"]):
        Path(scratch).unlink()
    return Compiled([folder / a for a in facts.pop("artefacts")], outputs, facts, time.monotonic() - start)
