"""AUROC, average precision, calibration error, alarms per patient-day, with intervals from drawing stays again."""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
from scipy.stats import rankdata

RESAMPLES, SEED, BINS = 200, 20260, 10
Figure = Callable[[np.ndarray, np.ndarray], float]


def auroc(score: np.ndarray, label: np.ndarray) -> float:
    """Chance that a positive scores above a negative; ties count half."""
    positive = label > 0.5
    n, m = int(positive.sum()), int((~positive).sum())
    if n == 0 or m == 0:
        return float("nan")
    return float((rankdata(score)[positive].sum() - n * (n + 1) / 2) / (n * m))


def auprc(score: np.ndarray, label: np.ndarray) -> float:
    """Average precision; equal scores are taken in one step."""
    order = np.argsort(-score, kind="stable")
    sorted_score, hits = score[order], np.cumsum(label[order])
    ends = np.flatnonzero(np.append(np.diff(sorted_score) != 0, True))
    recall, precision = hits[ends] / max(hits[-1], 1), hits[ends] / (ends + 1)
    return float(np.sum(np.diff(np.append(0.0, recall)) * precision))


def calibration_error(score: np.ndarray, label: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal count."""
    return float(sum(len(rows) / len(score) * abs(score[rows].mean() - label[rows].mean()) for rows in bins(score)))


def bins(score: np.ndarray) -> list[np.ndarray]:
    return [rows for rows in np.array_split(np.argsort(score, kind="stable"), BINS) if len(rows)]


def reliability(score: np.ndarray, label: np.ndarray) -> list[dict[str, float]]:
    return [{"windows": len(r), "predicted": round(float(score[r].mean()), 4), "observed": round(float(label[r].mean()), 4)} for r in bins(score)]


def draws(stay: np.ndarray, resamples: int = RESAMPLES, seed: int = SEED) -> list[np.ndarray]:
    """Row numbers of each draw: whole stays with replacement, because windows of one stay are alike."""
    ids, of = np.unique(stay, return_inverse=True)
    rows = np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of))[:-1])
    rng = np.random.default_rng(seed)
    return [np.concatenate([rows[i] for i in rng.integers(0, len(ids), len(ids))]) for _ in range(resamples)]


def with_interval(figure: Figure, score: np.ndarray, label: np.ndarray, drawn: list[np.ndarray]) -> dict[str, float]:
    low, high = np.nanpercentile([figure(score[r], label[r]) for r in drawn], [2.5, 97.5])
    return {"value": round(figure(score, label), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def gain(figure: Figure, score: np.ndarray, base: np.ndarray, label: np.ndarray, drawn: list[np.ndarray]) -> dict[str, float]:
    """Figure of `score` less that of `base` on the same draws."""
    low, high = np.nanpercentile([figure(score[r], label[r]) - figure(base[r], label[r]) for r in drawn], [2.5, 97.5])
    return {"value": round(figure(score, label) - figure(base, label), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def compared(score: np.ndarray, news2: np.ndarray, label: np.ndarray, stay: np.ndarray) -> dict[str, Any]:
    """Model and NEWS2 on the same windows."""
    drawn = draws(stay)
    return {
        "windows": len(label),
        "stays": len(np.unique(stay)),
        "positive_windows": int(label.sum()),
        "auroc": with_interval(auroc, score, label, drawn),
        "auprc": with_interval(auprc, score, label, drawn),
        "news2_auroc": with_interval(auroc, news2, label, drawn),
        "news2_auprc": with_interval(auprc, news2, label, drawn),
        "auroc_gain": gain(auroc, score, news2, label, drawn),
        "auprc_gain": gain(auprc, score, news2, label, drawn),
    }


def alarm_load(score: np.ndarray, label: np.ndarray, stay: np.ndarray, hour: np.ndarray, threshold: float, step_hours: float) -> dict[str, Any]:
    """What a threshold costs and finds: advisories begin where the score crosses it; windows lie `step_hours` apart."""
    begins = 0
    order = np.lexsort((hour, stay))
    before: tuple[int, bool] = (-1, False)
    for i in order:
        over = bool(score[i] >= threshold)
        begins += over and not (before[0] == stay[i] and before[1])
        before = (int(stay[i]), over)
    raised = score >= threshold
    return {
        "threshold": round(float(threshold), 4),
        "advisories_per_patient_day": round(begins / (len(score) * step_hours / 24), 3),
        "sensitivity_windows": round(float(raised[label > 0.5].mean()), 4),
        "precision_windows": round(float(label[raised].mean()), 4) if raised.any() else None,
    }
