"""Trains on folds 0 to 2, chooses epoch, calibration and thresholds on fold 3, keeps fold 4 for the test; and all out of fold."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from workshop.problems import WorkshopError
from workshop.recipe import Recipe, source_path
from workshop.vitals.figures import auroc
from workshop.vitals.fit import fit
from workshop.vitals.windows import FOLDS, LABELS, Windows, read_windows

KEYS = ("epochs", "rate", "decay", "hide", "members", "sensitivity")
# Rows of one run: every coalition of the seven signals at once.
ROWS = 128


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--quick", action="store_true", help="one network, three epochs, no other folds: shows that it runs")


def settings(recipe: Recipe) -> dict[str, Any]:
    where = f"models/{recipe.name}/model.json"
    problems = [f"{where}: train.{k} is missing" for k in KEYS if k not in recipe.train]
    problems += [f"{where}: train.{k} is unknown; remove it or correct its spelling" for k in recipe.train if k not in KEYS]
    if problems:
        raise WorkshopError(problems)
    return recipe.train


def windows(recipe: Recipe, root: Path | None) -> Windows:
    return read_windows(source_path(recipe, recipe.data[0], root), recipe.out / "windows.npz")


def parts(w: Windows, shift: int = 0) -> dict[str, np.ndarray]:
    """Row numbers by part; `shift` turns the folds for the out-of-fold figures."""
    turned = (w.part + shift) % FOLDS
    return {"train": np.flatnonzero(turned < 3), "validation": np.flatnonzero(turned == 3), "test": np.flatnonzero(turned == 4)}


def threshold_for(score: np.ndarray, label: np.ndarray, sensitivity: float) -> float:
    """Highest threshold, downward to four decimals, that still finds this share of the positive windows."""
    positive = np.sort(score[label > 0.5])[::-1]
    return float(np.floor(positive[int(np.ceil(sensitivity * len(positive))) - 1] * 10_000) / 10_000)


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    chosen = settings(recipe)
    all_windows = windows(recipe, o.data_root)
    how = {k: chosen[k] for k in KEYS if k != "sensitivity"}
    if o.quick:
        how |= {"epochs": 3, "members": 1}
    found = np.full((len(all_windows.stay), len(LABELS)), np.nan)
    for shift in range(1 if o.quick else FOLDS):
        part = {name: all_windows.take(rows) for name, rows in parts(all_windows, shift).items()}
        net = fit(part["train"], part["validation"], recipe.seed + shift, **how)
        found[parts(all_windows, shift)["test"]] = net.probability(part["test"].features)
        ok = [np.isfinite(part["validation"].labels[:, k]) for k in range(len(LABELS))]
        score = net.probability(part["validation"].features)
        reached = {label: round(auroc(score[ok[k], k], part["validation"].labels[ok[k], k]), 4) for k, label in enumerate(LABELS)}
        print(f"fold {shift}: validation AUROC {reached}", flush=True)
        if shift > 0:
            continue
        thresholds = {label: threshold_for(score[ok[k], k], part["validation"].labels[ok[k], k], chosen["sensitivity"]) for k, label in enumerate(LABELS)}
        features = part["train"].features
        record = {
            "thresholds": thresholds,
            "provenance": f"validation stays (fold 3): highest that finds {chosen['sensitivity']:.0%} of the windows with the label",
            "low": features.min(0).tolist(),
            "high": features.max(0).tolist(),
        }
        torch.save({"state": net.state_dict(), "members": how["members"]}, recipe.out / "checkpoint.pt")
        (recipe.out / "training.json").write_text(json.dumps(record, indent=1) + "\n")
    np.save(recipe.out / "out-of-fold.npy", found)
