"""Chooses the threshold on validation pictures, then scores every model file once on the test pictures and on MOT17: out/metrics.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from workshop.anomaly.evaluate import machine
from workshop.golden_outputs import digest, onnx_path
from workshop.pose import decode as rules
from workshop.pose.figures import against, at_threshold, group_figures, with_intervals
from workshop.pose.mot17 import read_mot17
from workshop.pose.network import OUTPUTS
from workshop.pose.people import Pictures
from workshop.pose.scoring import NEAR, SIZES, Predict, best_f, judged, run as detect
from workshop.pose.sources import load
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, data_root, input_size, model_file


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--mot17", type=Path, help="folder of MOT17 frames; else mot17 of the data root, left out where it is not there")
    a.add_argument("--limit", type=int, help="score only so many pictures of each part, to try it")
    a.add_argument("--threads", type=int, default=2)


def onnx_predict(file: Path, threads: int) -> Predict:
    compute = onnx_path(file, threads).compute

    def predict(image: np.ndarray) -> tuple[np.ndarray, ...]:
        made = compute(image)
        return tuple(made[name][0] for name in OUTPUTS)

    return predict


BETA = 0.5
"""Precision weighs more: a false person starts a track that counts, a missed one is found in the next picture."""


def choosing(validation: Pictures) -> tuple[str, list[int]]:
    """Which pictures choose the threshold: those of the store, which the model is made for, where the set has any."""
    store = [i for i, part in enumerate(validation.part) if part == "store"]
    return (" of the store", store) if store else ("", list(range(len(validation))))


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    files = {name: model_file(recipe, f"{name}.onnx") for name in ("fp32", "int8")}
    missing = [f"{f}: not there; run export and quantise --model {recipe.name} first" for f in files.values() if not f.is_file()]
    if missing:
        raise WorkshopError(missing)
    recipe.out.mkdir(parents=True, exist_ok=True)
    validation, test = (load(recipe, part, o.data_root, o.limit) for part in ("validation", "test"))
    street = street_pictures(o, recipe)
    where, here = choosing(validation)
    found = detect(onnx_predict(files["int8"], o.threads), validation)
    seen_here = judged([found[i] for i in here], [validation.people[i] for i in here])
    chosen = best_f(np.concatenate([j.rows for j in seen_here]), sum(j.truth for j in seen_here), BETA)
    threshold = float(np.floor(chosen["threshold"] * 100) / 100)
    models: dict[str, Any] = {}
    judged_test = {}
    for name, file in files.items():
        predict = onnx_predict(file, o.threads)
        found = detect(predict, test)
        judged_test[name] = judged(found, test.people)
        entry = {"sha256": digest(file), "bytes": file.stat().st_size, "test": group_figures(test, found)}
        entry["test_at_threshold"] = at_threshold(judged_test[name], threshold)
        if street is not None:
            seen = judged(detect(predict, street), street.people)
            entry["mot17"] = with_intervals(seen) | at_threshold(seen, threshold)
        models[name] = entry
        told = entry["test"]["all"]
        print(f"{name}: AP50 {told['ap50']}, AP50-95 {told['ap50_95']}, PCK {told['pck']}", flush=True)
    metrics = {
        "decode": {"score_floor": rules.FLOOR, "nms_iou": rules.NMS_IOU, "search_share": rules.REACH, "peak_floor": rules.LEAST_HEAT},
        "thresholds": {"per_class": {"person": threshold}, "provenance": f"best F with beta {BETA} of the INT8 file on {len(here)} rendered validation pictures{where}"},
        "pck": f"share of seen points within {NEAR} of the longer side of the person's box; points of missed people count as wrong",
        "sizes": {k: f"longer side from {low:g} to {high:g} px of the 416 x 240 input" for k, (low, high) in SIZES.items()},
        "intervals": "95 %, pictures drawn again with replacement",
        "models": models,
        "int8_loss": against(judged_test["fp32"], judged_test["int8"]),
        "machine": machine(),
    }
    partial = recipe.out / "metrics.json.partial"
    partial.write_text(json.dumps(metrics, indent=2) + "\n")
    partial.rename(recipe.out / "metrics.json")
    print(json.dumps({k: metrics[k] for k in ("thresholds", "models", "int8_loss")}, indent=1))


def street_pictures(o: argparse.Namespace, recipe: Recipe) -> Pictures | None:
    folder = o.mot17 or data_root(o.data_root) / "mot17"
    return read_mot17(folder, input_size(recipe)) if o.mot17 or folder.is_dir() else None
