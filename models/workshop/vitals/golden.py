"""Golden vectors of the bundle, and of the features: drawn patients, because a chart of a real one must not be copied about.

`models/vitals-anomaly/feature-vectors.json` holds minute means and the features that both languages must give.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
import onnxruntime as ort
import torch

from workshop.golden_outputs import GoldenPath, differences, write_golden_outputs
from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.vitals.export import checkpoint
from workshop.vitals.features import window_features
from workshop.vitals.signals import FEATURES, HOURS, SIGNALS
from workshop.vitals.stays import Series
from workshop.vitals.train import ROWS

SPREAD = {"pulse": 18, "oxygenSaturation": 2.5, "respiration": 5, "temperature": 0.7, "systolic": 20}


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--features-only", action="store_true", help="writes feature-vectors.json and needs no model")


def drawn_patient(rng: np.random.Generator) -> tuple[dict[str, Series], int]:
    """Some signals by the minute, some by the hour, some not at all; samples before and after the window too."""
    now = int(rng.integers(24 * 60, 48 * 60))
    series: dict[str, Series] = {}
    for signal in SIGNALS:
        count = int(rng.choice([0, 1, 3, 14, 200]))
        at = sorted({int(m) for m in rng.integers(now - HOURS * 60 - 120, now + 30, count)} | ({now, now - 60} if count == 14 else set()))
        if signal.name in SPREAD:
            middle = signal.neutral + rng.normal(0, SPREAD[signal.name])
            values = np.clip(middle + rng.normal(0, SPREAD[signal.name] / 3, len(at)), signal.low, signal.high).round(1)
        else:
            values = (rng.random(len(at)) < 0.4).astype(float)
        if at:
            series[signal.name] = tuple((m, float(v)) for m, v in zip(at, values))
    return series, now


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    rng = np.random.default_rng(recipe.seed)
    patients = [drawn_patient(rng) for _ in range(ROWS)]
    rows = np.array([window_features(series, now) for series, now in patients])
    vectors = [
        {"nowMinute": now, "series": series, "features": [round(float(v), 9) for v in row]} for (series, now), row in zip(patients[:12], rows)
    ]
    text = json.dumps({"features": FEATURES, "vectors": vectors}, separators=(",", ":"))
    (recipe.folder / "feature-vectors.json").write_text(text + "\n")
    if o.features_only:
        return
    file = recipe.out / "fp32.onnx"
    if not file.is_file():
        raise WorkshopError(f"{file} does not exist; run `nx run models:export --model {recipe.name}` first")
    net = checkpoint(recipe)
    session = ort.InferenceSession(str(file), providers=["CPUExecutionProvider"])

    def reference(x: np.ndarray) -> dict[str, np.ndarray]:
        with torch.no_grad():
            return {"probability": net(torch.tensor(x)).numpy()}

    paths = [
        GoldenPath("pytorch", recipe.out / "checkpoint.pt", f"torch {torch.__version__}", reference),
        GoldenPath("fp32", file, f"onnxruntime {ort.__version__}", lambda x: {"probability": session.run(["probability"], {"features": x})[0]}),
    ]
    folder = recipe.out / "golden"
    write_golden_outputs(folder, {"0": rows.astype(np.float32), "1": rows[::-1].astype(np.float32)}, paths)
    print(f"{folder}: 2 batches of {ROWS} drawn patients", *differences(folder, "pytorch"), sep="\n")
