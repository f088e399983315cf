"""Figures of a set of pictures with 95 % intervals: the pictures are drawn again with replacement, the same draws for every model."""

from __future__ import annotations

from typing import Any

import numpy as np

from workshop.bootstrap import draws
from workshop.pose.decode import Found
from workshop.pose.people import Pictures
from workshop.pose.scoring import IOUS, SIZES, Among, Judged, average_precision, everybody, judged, of_size, summary

RESAMPLES = 400


def groups(pictures: Pictures) -> dict[str, tuple[np.ndarray, Among]]:
    """By name: which pictures, and who in them."""
    whole, overhead = np.ones(len(pictures), bool), pictures.overhead()
    kinds = {"all": (whole, everybody), "overhead": (overhead, everybody), "oblique": (~overhead, everybody)}
    for part in sorted(set(pictures.part) - {""}):
        here = np.array([p == part for p in pictures.part])
        kinds |= {part: (here, everybody), f"{part}_overhead": (here & overhead, everybody), f"{part}_oblique": (here & ~overhead, everybody)}
    return {k: v for k, v in kinds.items() if v[0].any()} | {k: (whole, of_size(*bounds)) for k, bounds in SIZES.items()}


def group_figures(pictures: Pictures, found: list[Found]) -> dict[str, dict[str, Any]]:
    out = {}
    for name, (which, among) in groups(pictures).items():
        chosen = np.nonzero(which)[0]
        found_here = judged([found[i] for i in chosen], [pictures.people[i] for i in chosen], among)
        if sum(j.truth for j in found_here):
            out[name] = with_intervals(found_here)
    return out


def with_intervals(pictures: list[Judged]) -> dict[str, Any]:
    s = summary(pictures)
    likeness = np.concatenate([j.likeness for j in pictures])
    drawn = resampled(pictures)
    return {
        "people": sum(j.truth for j in pictures),
        "ap50": shown(s["ap50"], drawn[:, 0]),
        "ap50_95": shown(s["ap"], drawn[:, 1]),
        **({"pck": shown(s["pck"], drawn[:, 2])} if np.isfinite(s["pck"]) else {}),
        **({"point_likeness": round(float(likeness.mean()), 3)} if len(likeness) else {}),
        "best_f": f"{s['f']:.3f} at {s['threshold']:.2f}",
    }


def shown(value: float, drawn: np.ndarray) -> str:
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def resampled(pictures: list[Judged]) -> np.ndarray:
    """[resamples, 3]: AP at 0.5, mean AP, share of right points."""
    rows = np.concatenate([j.rows for j in pictures])
    of = np.repeat(np.arange(len(pictures)), [len(j.rows) for j in pictures])
    order = np.argsort(-rows[:, 0], kind="stable")
    rows, of = rows[order], of[order]
    truth = np.array([j.truth for j in pictures], float)
    right = np.array([[(j.near == 1).sum(), (j.near >= 0).sum()] for j in pictures], float)
    out = []
    for weight in draws(len(pictures), RESAMPLES):
        aps = [average_precision(rows[:, [0, c]], float(weight @ truth), weight[of]) for c in range(1, 1 + len(IOUS))]
        near = weight @ right
        out.append((aps[0], float(np.mean(aps)), near[0] / near[1] if near[1] else np.nan))
    return np.array(out)


def against(first: list[Judged], second: list[Judged]) -> dict[str, str]:
    """Loss of the second model against the first on the same pictures, with paired intervals."""
    a, b = resampled(first), resampled(second)
    sa, sb = summary(first), summary(second)
    names = {"ap50": ("ap50", 0), "ap50_95": ("ap", 1), "pck": ("pck", 2)}
    return {k: shown(sa[key] - sb[key], a[:, at] - b[:, at]) for k, (key, at) in names.items()}


def at_threshold(pictures: list[Judged], threshold: float) -> dict[str, str]:
    """Precision and recall of people at overlap 0.5 and this score."""
    rows = np.concatenate([j.rows for j in pictures])
    taken = rows[(rows[:, 0] >= threshold) & (rows[:, 1] >= 0), 1]
    truth = sum(j.truth for j in pictures)
    return {"precision": share(int(taken.sum()), len(taken)), "recall": share(int(taken.sum()), truth)}


def share(count: int, of: int) -> str:
    return f"{count} of {of} = {count / max(of, 1):.3f}"


