"""Scores the FP32 and the INT8 file of a detector, chooses the verdict thresholds, and writes out/metrics.json.

Verdict thresholds per class come from the validation pictures only (held out of training): the score that gives the best F
for the class, raised where needed so that good boards are rejected no more often than allowed. Test pictures are only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
from pathlib import Path

import numpy as np
import onnxruntime as ort

from workshop.dataset import ImageSet
from workshop.problems import WorkshopError
from workshop.recipe import MODELS, Recipe, model_file
from workshop.scoring import FLOOR, MATCH_IOU, NMS_IOU, TOP_K, Predict, at_threshold, average_precision, best_f, match, onnx_predict, run as detect
from workshop.sources import load_extra, load_split, load_test
from workshop.thresholds import CEILING, class_threshold, false_rejects, good_pictures, highest_per_class, lift_for_good_boards
from workshop.validation_scores import validation_scores, write_validation_scores

CARD_POINTS = 0.15
"""Largest difference of a mAP to the card, points: other versions of the runtime and other processors round differently."""


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--good", type=Path, help="folder of good pictures of their own seed, for the share of false rejects")
    a.add_argument("--good-share", type=float, default=0.01, help="largest share of those that may be rejected")
    a.add_argument("--folder", type=Path, help="score one labelled folder in the DeepPCB layout instead, and print it")
    a.add_argument("--file", type=Path, help="with --folder: the ONNX file; else out/int8.onnx")
    a.add_argument("--against-card", action="store_true", help=f"refuse when a mAP is more than {CARD_POINTS} points off the committed bundle's card")


def measure(predict: Predict, pairs: ImageSet, classes: tuple[str, ...], thresholds: np.ndarray) -> dict:
    rows, counts = match(detect(predict, pairs), pairs.boxes, len(classes))
    ap = {c: average_precision(r, int(n)) for c, r, n in zip(classes, rows, counts)}
    return {
        "pairs": len(pairs),
        "boxes": {c: int(n) for c, n in zip(classes, counts)},
        "map": float(np.nanmean(list(ap.values()))),
        "ap": ap,
        "best_single_threshold": best_f(rows, counts),
        "at_verdict_thresholds": at_threshold(rows, counts, thresholds),
    }


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    classes = recipe.classes
    if o.folder:
        predict = onnx_predict(o.file or model_file(recipe, "int8.onnx"), 2)
        found = measure(predict, load_extra(recipe, o.folder), classes, np.full(len(classes), 0.5))
        print(json.dumps(found, indent=2))
        return
    files = {name: model_file(recipe, f"{name}.onnx") for name in ("fp32", "int8")}
    missing = [f"{f}: not there; run export and quantise first" for f in files.values() if not f.is_file()]
    if missing:
        raise WorkshopError(missing)
    recipe.out.mkdir(parents=True, exist_ok=True)
    splits, test = load_split(recipe, o.data_root), load_test(recipe, o.data_root)
    int8 = onnx_predict(files["int8"], 2)
    paired = recipe.kind == "pair-detector"

    held = [(s.source.id, s.validation) for s in splits]
    detections = [d for _, v in held for d in detect(int8, v)]
    truth = [b for _, v in held for b in v.boxes]
    good_parts = [d for _, v in held for d in detect(int8, good_pictures(v))]
    good = list(good_parts)
    if paired:
        good += [d for _, v in held for d in detect(int8, v, good=True)]
    rows, counts = match(detections, truth, len(classes))
    top = highest_per_class(good, len(classes))
    thresholds = np.array([class_threshold(r, int(n), t) for r, n, t in zip(rows, counts, top)])
    lifted = ""
    if o.good:
        extra = load_extra(recipe, o.good)
        found = detect(int8, extra)
        good_parts += found
        thresholds = lift_for_good_boards(thresholds, found, o.good_share)
        lifted = f", at most {o.good_share:.0%} of {len(extra)} good boards rejected"
    named = ", ".join(f"{len(v)} of {i}" for i, v in held)
    told = f"{len(truth)} held-out pictures ({named}; seed {recipe.seed})"
    scores = validation_scores(files["int8"], classes, len(truth), rows, counts, good_parts, told)
    write_validation_scores(scores, recipe.out)
    report: dict = {
        "decode": {"score_floor": FLOOR, "top_k": TOP_K, "nms_iou": NMS_IOU, "nms": "class-wise greedy"},
        "match_iou": MATCH_IOU,
        "thresholds": {"per_class": dict(zip(classes, thresholds.tolist())), "provenance": f"validation{lifted}"},
        "thresholds_chosen_on": f"INT8 model, best F per class (at most {CEILING}) on {told},"
        f" raised above every score on {len(good)} good validation pictures; no test picture used",
        "models": {},
        "machine": {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count(), "onnxruntime": ort.__version__},
    }
    for name, path in files.items():
        predict = onnx_predict(path, 2)
        entry: dict = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for source_id, v in held:
            entry[f"validation_{source_id}"] = measure(predict, v, classes, thresholds)
            if paired:
                entry[f"template_against_template_{source_id}"] = false_rejects(detect(predict, v, good=True), thresholds)
            if len(good_pictures(v)):
                entry[f"good_{source_id}"] = false_rejects(detect(predict, good_pictures(v)), thresholds)
        if test:
            entry["test"] = measure(predict, test[1], classes, thresholds)
            if paired:
                entry["test_template_against_template"] = false_rejects(detect(predict, test[1], good=True), thresholds)
        report["models"][name] = entry
        shown = entry.get("test") or entry[f"validation_{held[0][0]}"]
        aps = " ".join(f"{v * 100:.2f}" for v in shown["ap"].values())
        print(f"{name}: {'test' if test else held[0][0]} mAP {shown['map'] * 100:.2f} ({aps}) F {shown['best_single_threshold']['f'] * 100:.2f}", flush=True)
    partial = recipe.out / "metrics.json.partial"
    partial.write_text(json.dumps(report, indent=2))
    partial.rename(recipe.out / "metrics.json")
    print(f"{recipe.out / 'metrics.json'} written; thresholds {report['thresholds']['per_class']}")
    if o.against_card:
        compare_with_card(report, recipe)


def compare_with_card(report: dict, recipe: Recipe) -> None:
    """Prints each mAP beside the card's. Raises WorkshopError when one is off, or when there is nothing to compare."""
    manifest = MODELS / "bundles" / recipe.name / "bundle.json"
    if not manifest.is_file():
        raise WorkshopError(f"{manifest}: not there; there is no committed card to compare with")
    card = json.loads(manifest.read_text()).get("metrics", {}).get("models", {})
    problems, compared = [], 0
    for name, entry in report["models"].items():
        for what, measured in entry.items():
            stated = card.get(name, {}).get(what, {}) if isinstance(measured, dict) else {}
            if "map" not in stated or "map" not in measured:
                continue
            compared += 1
            here, there = measured["map"] * 100, stated["map"] * 100
            print(f"card: {name} {what}: mAP {there:.2f}, here {here:.2f}", flush=True)
            if abs(here - there) > CARD_POINTS:
                problems.append(f"{name} {what}: mAP {here:.2f} here, {there:.2f} in the card; at most {CARD_POINTS} points may lie between them")
    if problems or not compared:
        raise WorkshopError(problems or f"{manifest}: its card states no mAP of these sets")
