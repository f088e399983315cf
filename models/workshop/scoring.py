"""Decoding and the DeepPCB score (IoU > 0.33 and same class).

Decode, identical to the TypeScript side: every (class, cell) with score >= floor is a candidate; the `top_k` best are
kept; greedy class-wise NMS drops a box whose IoU with a better box of the same class is > `nms_iou`.
AP per class is the area under the all-point interpolated precision-recall curve; mAP is the mean over the classes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import numpy as np

from workshop.dataset import ImageSet
from workshop.network import STRIDE

FLOOR, TOP_K, NMS_IOU, MATCH_IOU = 0.02, 300, 0.4, 0.33

Predict = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def iou_one(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    w = (np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])).clip(0)
    h = (np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])).clip(0)
    inter = w * h
    area = (box[2] - box[0]) * (box[3] - box[1])
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    return inter / np.maximum(area + areas - inter, 1e-9)


def decode(scores: np.ndarray, boxes: np.ndarray, floor: float = FLOOR, nms_iou: float = NMS_IOU) -> np.ndarray:
    """scores [6, h, w], boxes [4, h, w] -> detections [n, 6] (x1, y1, x2, y2, class, score), best first."""
    c, y, x = np.nonzero(scores >= floor)
    s = scores[c, y, x]
    best = np.argsort(-s, kind="stable")[:TOP_K]
    c, y, x, s = c[best], y[best], x[best], s[best]
    d = boxes[:, y, x]
    cx, cy = (x + 0.5) * STRIDE, (y + 0.5) * STRIDE
    size = np.array([scores.shape[2], scores.shape[1]]) * STRIDE
    xyxy = np.stack([cx - d[0], cy - d[1], cx + d[2], cy + d[3]], 1)
    xyxy = xyxy.clip(0, np.tile(size, 2))
    kept: list[int] = []
    alive = np.ones(len(s), bool)
    for i in range(len(s)):
        if not alive[i]:
            continue
        kept.append(i)
        later = np.arange(i + 1, len(s))
        later = later[alive[later] & (c[later] == c[i])]
        alive[later[iou_one(xyxy[i], xyxy[later]) > nms_iou]] = False
    return np.concatenate([xyxy[kept], c[kept, None], s[kept, None]], 1)


def match(detections: list[np.ndarray], truth: list[np.ndarray], classes: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Per class [n, 2] (score, hit 0/1) sorted by score, and the number of true boxes per class."""
    rows: list[np.ndarray] = []
    counts = np.zeros(classes, int)
    for k in range(classes):
        entries = [(d[5], i, j) for i, ds in enumerate(detections) for j, d in enumerate(ds) if d[4] == k]
        entries.sort(key=lambda e: -e[0])
        gts = [t[t[:, 4] == k][:, :4] for t in truth]
        used = [np.zeros(len(g), bool) for g in gts]
        counts[k] = sum(len(g) for g in gts)
        out = []
        for score, i, j in entries:
            hit = 0
            if len(gts[i]):
                overlap = np.where(used[i], -1, iou_one(detections[i][j], gts[i]))
                best = int(np.argmax(overlap))
                if overlap[best] > MATCH_IOU:
                    used[i][best] = True
                    hit = 1
            out.append((score, hit))
        rows.append(np.asarray(out, float).reshape(-1, 2))
    return rows, counts


def average_precision(rows: np.ndarray, total: int) -> float:
    if total == 0 or not len(rows):
        return float("nan") if total == 0 else 0.0
    hits = np.cumsum(rows[:, 1])
    recall, precision = hits / total, hits / np.arange(1, len(rows) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], recall])) * precision))


def at_threshold(rows: list[np.ndarray], counts: np.ndarray, thresholds: np.ndarray) -> dict:
    tp = sum(float(r[r[:, 0] >= t, 1].sum()) for r, t in zip(rows, thresholds))
    n = sum(int((r[:, 0] >= t).sum()) for r, t in zip(rows, thresholds))
    total = int(counts.sum())
    p, r = tp / max(n, 1), tp / max(total, 1)
    return {"precision": p, "recall": r, "f": 2 * p * r / max(p + r, 1e-9), "tp": int(tp), "fp": int(n - tp), "fn": int(total - tp)}


def best_f(rows: list[np.ndarray], counts: np.ndarray) -> dict:
    every = np.concatenate(rows)
    every = every[np.argsort(-every[:, 0], kind="stable")]
    tp = np.cumsum(every[:, 1])
    f = 2 * tp / (np.arange(1, len(every) + 1) + counts.sum())
    t = float(every[int(np.argmax(f)), 0]) if len(every) else 1.0
    return {"threshold": t, **at_threshold(rows, counts, np.full(len(counts), t))}


def run(predict: Predict, pairs: ImageSet, good: bool = False) -> list[np.ndarray]:
    """Detections per picture. good = the template against itself."""
    out = []
    for image in pairs.images:
        scores, boxes = predict(np.stack([image[1], image[1]]) if good else image)
        out.append(decode(scores, boxes))
    return out


def score(predict: Predict, pairs: ImageSet, classes: tuple[str, ...]) -> dict:
    rows, counts = match(run(predict, pairs), pairs.boxes, len(classes))
    ap = [average_precision(r, int(n)) for r, n in zip(rows, counts)]
    return {"pairs": len(pairs), "boxes": int(counts.sum()), "map": float(np.nanmean(ap)), "ap": dict(zip(classes, ap)), "best": best_f(rows, counts)}


def onnx_predict(path: Path, threads: int = 1) -> Predict:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def predict(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        scores, boxes = session.run(["scores", "boxes"], {"images": image[None]})
        return scores[0], boxes[0]

    return predict
