"""Intervals of the mAP: the test pictures are drawn again with replacement (Efron), the same draws for every model.

Because all models see the same draws, the difference of two models has an interval of its own that is far narrower than
the two intervals suggest: most of the spread comes from which pictures are in the set, and it cancels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workshop.dataset import ImageSet
from workshop.scoring import Predict, average_precision, match, run

RESAMPLES, SEED = 1000, 20260


@dataclass(frozen=True)
class Scored:
    """rows float64 [n, 4]: class, score, hit 0/1, picture; counts int64 [pictures, classes]: true boxes."""

    rows: np.ndarray
    counts: np.ndarray

    def totals(self) -> np.ndarray:
        return self.counts.sum(0)

    def rows_per_class(self) -> list[np.ndarray]:
        return [self.rows[self.rows[:, 0] == k][:, 1:3] for k in range(self.counts.shape[1])]

    def ap(self) -> list[float]:
        return [average_precision(r, int(n)) for r, n in zip(self.rows_per_class(), self.totals())]

    def map(self) -> float:
        return float(np.nanmean(self.ap()))

    @staticmethod
    def write(path: Path, models: dict[str, "Scored"]) -> None:
        partial = path.with_suffix(".partial.npz")
        arrays = {f"{k}_{part}": a for k, s in models.items() for part, a in (("rows", s.rows), ("counts", s.counts))}
        np.savez_compressed(partial, **arrays)
        partial.rename(path)

    @staticmethod
    def read(path: Path, model: str) -> "Scored":
        with np.load(path) as saved:
            return Scored(saved[f"{model}_rows"], saved[f"{model}_counts"])


def score_pairs(predict: Predict, pairs: ImageSet, classes: int) -> Scored:
    """Matches picture by picture, so that every row knows its picture. Rows are sorted by score, best first."""
    rows, counts = [], np.zeros((len(pairs), classes), np.int64)
    for i, (found, truth) in enumerate(zip(run(predict, pairs), pairs.boxes)):
        per_class, counts[i] = match([found], [truth], classes)
        rows += [np.column_stack([np.full(len(r), k), r, np.full(len(r), i)]) for k, r in enumerate(per_class)]
    together = np.concatenate(rows) if rows else np.zeros((0, 4))
    return Scored(together[np.argsort(-together[:, 1], kind="stable")], counts)


def weighted_map(scored: Scored, weight: np.ndarray) -> float:
    """mAP when picture i is in the set weight[i] times."""
    aps = []
    for k in range(scored.counts.shape[1]):
        total = float(weight @ scored.counts[:, k])
        if total == 0:
            continue
        rows = scored.rows[scored.rows[:, 0] == k]
        w = weight[rows[:, 3].astype(np.int64)]
        hits, seen = np.cumsum(w * rows[:, 2]), np.cumsum(w)
        precision = hits / np.maximum(seen, 1e-12)
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        aps.append(float(np.sum(np.diff(np.concatenate([[0.0], hits / total])) * precision)))
    return float(np.mean(aps)) if aps else float("nan")


def draws(pictures: int, resamples: int = RESAMPLES, seed: int = SEED) -> np.ndarray:
    """[resamples, pictures]: how often each picture is drawn."""
    return np.random.default_rng(seed).multinomial(pictures, np.full(pictures, 1 / pictures), size=resamples).astype(np.float64)


def interval(scored: Scored, resamples: int = RESAMPLES) -> tuple[float, float]:
    """95 % percentile interval of the mAP."""
    maps = [weighted_map(scored, w) for w in draws(len(scored.counts), resamples)]
    low, high = np.nanpercentile(maps, [2.5, 97.5])
    return float(low), float(high)


def difference(scored: Scored, base: Scored, resamples: int = RESAMPLES) -> tuple[float, float, float]:
    """mAP of `scored` less that of `base` on the same pictures, with its 95 % interval."""
    both = [weighted_map(scored, w) - weighted_map(base, w) for w in draws(len(scored.counts), resamples)]
    low, high = np.nanpercentile(both, [2.5, 97.5])
    return scored.map() - base.map(), float(low), float(high)
