"""Figures of a one-class model with intervals. Pictures of one tile resemble each other, so AUROC is resampled by tile."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.stats import rankdata

ROUNDS = 1_000


@dataclass(frozen=True)
class Scored:
    """One judged picture. `map` [h, w] of probabilities, `mask` bool [h, w] of the same grid."""

    kind: str
    group: str
    score: float
    map: np.ndarray
    mask: np.ndarray

    @property
    def bad(self) -> bool:
        return self.kind != "free"


def auroc(good: np.ndarray, bad: np.ndarray) -> float:
    """Share of pairs in which the bad one scores higher, ties half (Mann-Whitney U)."""
    if len(good) == 0 or len(bad) == 0:
        return math.nan
    ranks = rankdata(np.concatenate([good, bad]))
    return float((ranks[len(good) :].sum() - len(bad) * (len(bad) + 1) / 2) / (len(good) * len(bad)))


def image_auroc(items: list[Scored], seed: int, rounds: int = ROUNDS) -> dict[str, float | int]:
    """AUROC with a 95 % percentile bootstrap over groups."""
    by_group: dict[str, list[Scored]] = {}
    for item in items:
        by_group.setdefault(item.group, []).append(item)
    groups = [(np.array([i.score for i in g if not i.bad]), np.array([i.score for i in g if i.bad])) for g in by_group.values()]

    def of(chosen) -> float:
        return auroc(np.concatenate([groups[c][0] for c in chosen]), np.concatenate([groups[c][1] for c in chosen]))

    rng = np.random.default_rng(seed)
    drawn = [of(rng.integers(len(groups), size=len(groups))) for _ in range(rounds)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return {
        "auroc": of(range(len(groups))),
        "low": float(low),
        "high": float(high),
        "good_pictures": sum(not i.bad for i in items),
        "bad_pictures": sum(i.bad for i in items),
        "good_tiles": len({i.group for i in items if not i.bad}),
        "bad_tiles": len({i.group for i in items if i.bad}),
    }


def wilson(count: int, of: int, z: float = 1.959964) -> dict[str, float | int]:
    """Share with its 95 % Wilson interval."""
    if of == 0:
        return {"count": 0, "of": 0, "share": math.nan, "low": 0.0, "high": 1.0}
    p = count / of
    centre = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return {"count": count, "of": of, "share": p, "low": max(0.0, centre - half), "high": min(1.0, centre + half)}


def choose_threshold(good: np.ndarray, false_rejects: float) -> float:
    """Lowest threshold at which at most this share of good pictures reaches it: just above one of their scores."""
    ordered = np.sort(good)[::-1]
    allowed = math.floor(false_rejects * len(good))
    return float(np.nextafter(np.float32(ordered[min(allowed, len(ordered) - 1)]), np.float32(1)))


def pixel_figures(items: list[Scored]) -> dict[str, float]:
    """Pixel AUROC, best IoU and F over one threshold for all cells of the map, and AUPRO to 30 % false positives (Bergmann et
    al., IJCV 2021): mean share of each connected defect that is covered, over the false positive rate, normalised."""
    values = np.concatenate([i.map.ravel() for i in items])
    truth = np.concatenate([i.mask.ravel() for i in items])
    if not truth.any():
        return {}
    order = np.argsort(-values, kind="stable")
    hits, misses = np.cumsum(truth[order]), np.cumsum(~truth[order])
    iou = hits / (truth.sum() + misses)
    f = 2 * hits / (hits + misses + truth.sum())
    limits = values[order][np.searchsorted(misses, np.linspace(1, 0.3 * (~truth).sum(), 60))]
    regions = [r for i in items if i.bad for r in _regions(i)]
    rates = np.array([(values[~truth] >= t).mean() for t in limits])
    cover = np.array([np.mean([(r >= t).mean() for r in regions]) for t in limits])
    span = np.concatenate([[0.0], rates, [0.3]])
    covered = np.interp(span, rates, cover, left=0.0)
    aupro = float((np.diff(span) * (covered[1:] + covered[:-1]) / 2).sum() / 0.3)
    return {
        "pixel_auroc": auroc(values[~truth], values[truth]),
        "best_iou": float(iou.max()),
        "best_f": float(f.max()),
        "aupro_30": aupro,
    }


def _regions(item: Scored) -> list[np.ndarray]:
    labels, count = ndimage.label(item.mask, structure=np.ones((3, 3)))
    return [item.map[labels == n] for n in range(1, count + 1)]


def recall_by_kind(items: list[Scored], threshold: float, kinds: tuple[str, ...]) -> dict[str, dict]:
    """Pictures and tiles (at least one picture) that reach the threshold."""
    figures = {}
    for kind in kinds:
        own = [i for i in items if i.kind == kind]
        tiles = {i.group for i in own}
        found = {i.group for i in own if i.score >= threshold}
        figures[kind] = {
            "pictures": wilson(sum(i.score >= threshold for i in own), len(own)),
            "tiles": wilson(len(found), len(tiles)),
        }
    return figures
