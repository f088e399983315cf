"""Windows of all stays with both labels and the NEWS2 of the same moment; kept in out/windows.npz."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workshop.vitals.features import window_features
from workshop.vitals.news2 import least_score
from workshop.vitals.stays import Stay, fold, read_stays

LABELS = ("news2-high-6h", "in-hospital-death")
FIRST, LAST, STEP, AHEAD, HIGH = 24, 48, 2, 6, 7
FOLDS = 5


@dataclass(frozen=True)
class Windows:
    """One row a window. labels [N, 2] 0, 1 or NaN where the label does not exist; part: fold 0 to 4 of the stay."""

    features: np.ndarray
    labels: np.ndarray
    news2: np.ndarray
    worst: np.ndarray
    stay: np.ndarray
    hour: np.ndarray
    part: np.ndarray

    def take(self, rows: np.ndarray) -> "Windows":
        return Windows(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def windows_of(stay: Stay) -> list[tuple]:
    """Rows of one stay at hours 24, 26 ... 48. The trajectory label exists up to hour 42 and while NEWS2 is below 7."""
    score = {h: least_score(stay.series, 60 * h) for h in range(FIRST, LAST + 1)}
    rows = []
    for hour in range(FIRST, LAST + 1, STEP):
        ahead = [score[h] for h in range(hour + 1, hour + AHEAD + 1) if h in score]
        at_risk = len(ahead) == AHEAD and score[hour] < HIGH
        reaches = float(max(ahead) >= HIGH) if at_risk else np.nan
        worst = max(s for h, s in score.items() if h <= hour)
        features = window_features(stay.series, 60 * hour)
        rows.append((features, (reaches, float(stay.died)), score[hour], worst, int(stay.id), hour, fold(stay.id, FOLDS)))
    return rows


def read_windows(folder: Path, kept: Path) -> Windows:
    """Makes them once; out/windows.npz is used while it is newer than this workshop's definitions."""
    definitions = max(p.stat().st_mtime for p in Path(__file__).parent.glob("*.py") if p.stem in ("features", "news2", "signals", "stays", "windows"))
    if kept.is_file() and kept.stat().st_mtime > definitions:
        with np.load(kept) as saved:
            return Windows(**{k: saved[k] for k in saved.files})
    rows = [row for stay in read_stays(folder) for row in windows_of(stay)]
    found = Windows(*(np.array(column) for column in zip(*rows)))
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".partial.npz")
    np.savez_compressed(partial, **{k: getattr(found, k) for k in found.__dataclass_fields__})
    partial.rename(kept)
    return found
