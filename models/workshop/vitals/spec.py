"""Writes bundle.spec.json: what stays the same, and the range of each column in the training windows."""

from __future__ import annotations

import argparse
import json
import math

from workshop.problems import WorkshopError
from workshop.recipe import Recipe
from workshop.vitals.signals import FEATURES
from workshop.vitals.train import ROWS
from workshop.vitals.windows import LABELS

CITATION = (
    "I. Silva, G. Moody, D. J. Scott, L. A. Celi, R. G. Mark, Predicting in-hospital mortality of ICU patients: The PhysioNet/Computing in "
    "Cardiology Challenge 2012; A. Goldberger et al., Circulation 101(23), 2000"
)


def add_arguments(a: argparse.ArgumentParser) -> None:
    pass


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    training = recipe.out / "training.json"
    if not training.is_file():
        raise WorkshopError(f"{training} does not exist; run `nx run models:train --model {recipe.name}` first")
    trained = json.loads(training.read_text())
    near = {"absolute": 0.00001, "relative": 0, "outlierShare": 0}
    columns = [
        {"name": name, "low": math.floor(low * 1000) / 1000, "high": math.ceil(high * 1000) / 1000}
        for name, low, high in zip(FEATURES, trained["low"], trained["high"], strict=True)
    ]
    spec = {
        "name": recipe.name,
        "version": "1.0",
        "task": "deterioration-advisory",
        "labels": list(LABELS),
        "licence": {
            "spdx": "ODC-By-1.0",
            "note": "Code Apache-2.0. The weights come from open-access data of PhysioNet under the Open Data Commons Attribution License: keep the citation. Not a medical device.",
        },
        "lineage": {
            "data": ["icu-vitals (PhysioNet/CinC Challenge 2012, 1,600 stays of set A): folds 0 to 2 trained, fold 3 chose epoch, calibration and threshold, fold 4 was scored once"],
            "inputs": [
                {"name": "icu-vitals", "kind": "data", "licence": "ODC-By-1.0", "redistribution": "allowed", "source": "PhysioNet/CinC Challenge 2012, set A, by way of github.com/SamuelJoray/Predicting-Mortality-of-ICU-Patients, 7d004326132fddd268f645bf0b37217fd15bcedb", "citation": CITATION},
                {"name": "models/workshop/vitals", "kind": "code", "licence": "Apache-2.0", "redistribution": "allowed", "source": "this repository", "citation": "none"},
            ],
            "command": f"nx run models:train --model {recipe.name}",
            "seed": recipe.seed,
        },
        "variants": [
            {
                "id": "fp32-128",
                "precision": "fp32",
                "file": "fp32.onnx",
                "width": len(FEATURES),
                "height": ROWS,
                "inputs": [{"name": "features", "dtype": "float32", "dims": [ROWS, len(FEATURES)]}],
                "outputs": [{"name": "probability", "dtype": "float32", "dims": [ROWS, len(LABELS)]}],
            }
        ],
        "preprocess": {"kind": "window-features", "input": "features", "columns": columns},
        "postprocess": {"decoder": "probabilities", "scoreFloor": 0.001, "output": "probability"},
        "thresholds": {"default": 0.5, "provenance": "default: not chosen on data"},
        "golden": {
            "folder": "golden",
            "limit": 2,
            "step": {"probability": 0.000001},
            "tolerance": {"fp32": {"probability": near}},
            "agreement": {
                "reference": "pytorch",
                "tolerance": {"fp32": {way: {"probability": {**near, "mean": 0.000002}} for way in ("toReference", "toStation")}},
            },
        },
        "expectedLatencyMs": {},
        "metrics": "metrics.json",
        "cardTemplate": "card.template.md",
    }
    (recipe.folder / "bundle.spec.json").write_text(json.dumps(spec, indent=2) + "\n")
    print(f"{recipe.folder / 'bundle.spec.json'}: {len(columns)} columns")
