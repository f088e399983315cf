"""Scores the test stays once, and every stay out of fold: out/metrics.json and the reliability curve."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from workshop.anomaly.evaluate import machine
from workshop.golden_outputs import digest
from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.vitals.anomaly import anomaly_scores
from workshop.vitals.figures import alarm_load, calibration_error, compared, draws, reliability, with_interval
from workshop.vitals.reliability_figure import reliability_svg
from workshop.vitals.train import ROWS, parts, settings, windows
from workshop.vitals.windows import LABELS, STEP, Windows


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")


def through_onnx(file: Path, features: np.ndarray) -> np.ndarray:
    """Probabilities [N, labels] of the exported file, in batches of its fixed size."""
    padded = np.zeros((-(-len(features) // ROWS) * ROWS, features.shape[1]), np.float32)
    padded[: len(features)] = features
    session = ort.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    found = [session.run(["probability"], {"features": batch})[0] for batch in np.split(padded, len(padded) // ROWS)]
    return np.concatenate(found)[: len(features)].astype(np.float64)


def figures_of(score: np.ndarray, w: Windows, thresholds: dict[str, float]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for k, label in enumerate(LABELS):
        ok = np.isfinite(w.labels[:, k])
        p, y, stay = score[ok, k], w.labels[ok, k], w.stay[ok]
        out[label] = {
            **compared(p, w.news2[ok].astype(float), y, stay),
            "calibration_error": with_interval(calibration_error, p, y, draws(stay)),
            "reliability": reliability(p, y),
            "at_threshold": alarm_load(p, y, stay, w.hour[ok], thresholds[label], STEP),
        }
    last = w.hour == 48
    out["in-hospital-death, one window a stay, hour 48, against the highest NEWS2 of hours 24 to 48"] = compared(
        score[last, 1], w.worst[last].astype(float), w.labels[last, 1], w.stay[last]
    )
    return out


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    file, kept = recipe.out / "fp32.onnx", recipe.out / "metrics.json"
    training = recipe.out / "training.json"
    if not file.is_file() or not training.is_file():
        raise WorkshopError(f"{file} does not exist; run `nx run models:train --model {recipe.name}` and `models:export` first")
    trained = json.loads(training.read_text())
    everything = windows(recipe, o.data_root)
    part = parts(everything)
    test = everything.take(part["test"])
    score = through_onnx(file, test.features)
    thresholds = trained["thresholds"]
    found = figures_of(score, test, thresholds)
    folds = np.load(recipe.out / "out-of-fold.npy")
    oddness = anomaly_scores(everything.take(part["train"]).features, test.features)
    metrics = {
        "thresholds": {"per_class": thresholds, "provenance": trained["provenance"]},
        "split": {name: f"{len(rows)} windows of {len(np.unique(everything.stay[rows]))} stays" for name, rows in part.items()},
        "models": {
            "fp32": {
                "sha256": digest(file),
                "bytes": file.stat().st_size,
                "test": found,
                "out_of_fold": figures_of(folds, everything, thresholds),
            }
        },
        "unsupervised": {
            "method": "Mahalanobis distance to the training windows, shrunk covariance; measured, not in the bundle",
            **{label: compared(oddness[ok], test.news2[ok].astype(float), test.labels[ok, i], test.stay[ok]) for i, label in enumerate(LABELS) for ok in [np.isfinite(test.labels[:, i])]},
        },
        "recipe": settings(recipe),
        "machine": machine(),
    }
    partial = kept.with_suffix(".json.partial")
    partial.write_text(json.dumps(metrics, indent=2) + "\n")
    partial.rename(kept)
    (recipe.folder / "reliability.svg").write_text(reliability_svg({label: found[label]["reliability"] for label in LABELS}))
    print(json.dumps({p: {n: {f: v for f, v in g.items() if f != "reliability"} for n, g in metrics["models"]["fp32"][p].items()} for p in ("test", "out_of_fold")}, indent=1))
