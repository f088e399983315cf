"""Scores the two ONNX files and writes out/metrics.json.

Verdict thresholds per class come from the validation pairs only (held out of the training list): the score that gives
the best F for the class, raised where needed so that no good validation pair is rejected. The test pairs are only measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort

from dataset import PairSet, hold_out, load_deeppcb, load_folder
from evaluate import FLOOR, MATCH_IOU, NMS_IOU, TOP_K, at_threshold, average_precision, best_f, match, onnx_predict, run
from network import CLASSES

CEILING = 0.6


def class_threshold(rows: np.ndarray, total: int, good_best: float) -> float:
    """Middle of the gap below the last score that belongs to the best F, and above every score on good pairs.

    Never above CEILING for the sake of F: an escape costs more than a false reject, and one false box of a class with
    few errors must not raise its threshold far.
    """
    tp = np.cumsum(rows[:, 1])
    f = 2 * tp / (np.arange(1, len(rows) + 1) + total)
    k = len(f) - 1 - int(np.argmax(f[::-1]))
    below = rows[k + 1, 0] if k + 1 < len(rows) else rows[k, 0] / 2
    return round(float(max(min((rows[k, 0] + below) / 2, CEILING), good_best + 0.02, 0.1)), 3)


def lift_for_good_boards(thresholds: np.ndarray, detections: list[np.ndarray], allowed: float) -> np.ndarray:
    """Raises thresholds, each class to the same quantile of its highest score per good board, until at most the allowed
    share of good boards is rejected: a plant pays for every false reject, so the point is chosen by that share."""
    highest = np.stack([highest_per_class([d]) for d in detections])
    for q in np.linspace(0.9, 1.0, 201):
        lifted = np.maximum(thresholds, np.round(np.quantile(highest, q, axis=0) + 0.005, 3))
        if np.mean((highest >= lifted).any(axis=1)) <= allowed:
            return lifted
    return np.maximum(thresholds, highest.max(axis=0) + 0.005)


def good_boards(pairs: PairSet) -> PairSet:
    return pairs.subset([i for i, b in enumerate(pairs.boxes) if not len(b)])


def highest_per_class(detections: list[np.ndarray]) -> np.ndarray:
    out = np.zeros(len(CLASSES))
    for d in detections:
        for row in d:
            out[int(row[4])] = max(out[int(row[4])], row[5])
    return out


def false_rejects(detections: list[np.ndarray], thresholds: np.ndarray) -> dict:
    bad = [int((d[:, 5] >= thresholds[d[:, 4].astype(int)]).sum()) for d in detections]
    return {"pairs": len(bad), "false_boxes": sum(bad), "rejected_pairs": sum(b > 0 for b in bad), "highest_score": float(max([d[0, 5] for d in detections if len(d)], default=0.0))}


def measure(predict, pairs: PairSet, thresholds: np.ndarray) -> dict:
    rows, counts = match(run(predict, pairs), pairs.boxes)
    ap = {c: average_precision(r, int(n)) for c, r, n in zip(CLASSES, rows, counts)}
    return {
        "pairs": len(pairs),
        "boxes": {c: int(n) for c, n in zip(CLASSES, counts)},
        "map": float(np.nanmean(list(ap.values()))),
        "ap": ap,
        "best_single_threshold": best_f(rows, counts),
        "at_verdict_thresholds": at_threshold(rows, counts, thresholds),
    }


def latency(path: Path, rounds: int) -> dict:
    out = {}
    image = (np.random.default_rng(0).random((1, 2, 640, 640)) > 0.5).astype(np.uint8) * 255
    for threads in (1, 2):
        predict = onnx_predict(path, threads)
        for _ in range(20):
            predict(image[0])
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            predict(image[0])
            times.append((time.perf_counter() - begun) * 1e3)
        q = np.percentile(times, [0, 50, 95, 99])
        out[f"{threads}_threads"] = {"runs": rounds, **{k: round(float(v), 3) for k, v in zip(("min_ms", "p50_ms", "p95_ms", "p99_ms"), q)}}
    return out


def main() -> None:
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--data", type=Path, required=True)
    a.add_argument("--rendered", type=Path)
    a.add_argument("--good", type=Path, help="good rendered boards of their own seed, for the share of false rejects")
    a.add_argument("--good-share", type=float, default=0.01, help="largest share of those boards that may be rejected")
    a.add_argument("--out", type=Path, default=Path(__file__).parent / "out")
    a.add_argument("--rounds", type=int, default=700)
    a.add_argument("--hold-out", type=int, default=100)
    a.add_argument("--rendered-hold-out", type=int, default=60)
    a.add_argument("--seed", type=int, default=1)
    o = a.parse_args()
    held = hold_out(load_deeppcb(o.data, "trainval"), o.hold_out, o.seed)[1]
    test = load_deeppcb(o.data, "test")
    held_rendered = hold_out(load_folder(o.rendered), o.rendered_hold_out, o.seed)[1] if o.rendered else None
    int8 = onnx_predict(o.out / "int8.onnx", 2)

    chosen_on = [(held, run(int8, held))]
    good = run(int8, held, good=True)
    if held_rendered:
        chosen_on.append((held_rendered, run(int8, held_rendered)))
        good += run(int8, good_boards(held_rendered)) + run(int8, held_rendered, good=True)
    detections = [d for _, ds in chosen_on for d in ds]
    truth = [b for p, _ in chosen_on for b in p.boxes]
    rows, counts = match(detections, truth)
    top = highest_per_class(good)
    thresholds = np.array([class_threshold(r, int(n), t) for r, n, t in zip(rows, counts, top)])

    lifted = ""
    if o.good:
        extra = load_folder(o.good)
        thresholds = lift_for_good_boards(thresholds, run(int8, extra), o.good_share)
        lifted = f", at most {o.good_share:.0%} of {len(extra)} good boards rejected"

    report: dict = {
        "decode": {"score_floor": FLOOR, "top_k": TOP_K, "nms_iou": NMS_IOU, "nms": "class-wise greedy"},
        "match_iou": MATCH_IOU,
        "thresholds": {
            "per_class": dict(zip(CLASSES, thresholds.tolist())),
            "provenance": f"validation{lifted}",
        },
        "thresholds_chosen_on": f"INT8 model, best F per class (at most {CEILING}) on {len(truth)} held-out pairs ({', '.join(str(len(p)) for p, _ in chosen_on)}; DeepPCB trainval seed {o.seed}"
            + (", rendered" if held_rendered else "") + f"), raised above every score on {len(good)} good validation pairs; no test pair used",
        "models": {},
        "machine": {"cpu": platform.processor() or platform.machine(), "cores": os.cpu_count(), "onnxruntime": ort.__version__, "load_average": os.getloadavg()[0]},
    }
    for name in ("fp32", "int8"):
        path = o.out / f"{name}.onnx"
        predict = onnx_predict(path, 2)
        entry = {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
            "test": measure(predict, test, thresholds),
            "validation": measure(predict, held, thresholds),
            "test_template_against_template": false_rejects(run(predict, test, good=True), thresholds),
        }
        if held_rendered:
            entry["rendered_validation"] = measure(predict, held_rendered, thresholds)
            entry["rendered_good_boards"] = false_rejects(run(predict, good_boards(held_rendered)), thresholds)
        entry["latency"] = latency(path, o.rounds)
        report["models"][name] = entry
        t = entry["test"]
        print(f"{name}: test mAP {t['map'] * 100:.2f} ({' '.join(f'{v * 100:.2f}' for v in t['ap'].values())}) F {t['best_single_threshold']['f'] * 100:.2f}", flush=True)
    partial = o.out / "metrics.json.partial"
    partial.write_text(json.dumps(report, indent=2))
    partial.rename(o.out / "metrics.json")


if __name__ == "__main__":
    main()
