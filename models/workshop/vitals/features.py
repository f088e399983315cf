"""Features of one window: hourly medians of minute means over the last twelve hours, then eight measures a signal.

Hourly medians make a chart with one value an hour and a sensor with 3,600 alike. float64; the network rounds to float32.
"""

from __future__ import annotations

from bisect import bisect_right
from statistics import median

import numpy as np

from workshop.vitals.signals import HOURS, MEASURES, SIGNALS
from workshop.vitals.stays import Series


def hourly(series: Series, now: int) -> list[float | None]:
    """Median of each hour before the minute `now`, newest first; None where nothing was measured."""
    cells: list[list[float]] = [[] for _ in range(HOURS)]
    first, end = (bisect_right(series, at, key=minute_of) for at in (now - 60 * HOURS, now))
    for minute, value in series[first:end]:
        cells[(now - minute) // 60].append(value)
    return [median(cell) if cell else None for cell in cells]


def minute_of(sample: tuple[int, float]) -> int:
    return sample[0]


def measures(hours: list[float | None], neutral: float) -> list[float]:
    """In the order of MEASURES. Slope: least squares, units per hour; variability: mean step between known hours; age: hours."""
    known = [(-k, v) for k, v in enumerate(hours) if v is not None][::-1]
    missing = 1 - len(known) / HOURS
    if not known:
        return [neutral, neutral, neutral, neutral, 0.0, 0.0, missing, float(HOURS)]
    values = [v for _, v in known]
    slope = variability = 0.0
    mean = sum(values) / len(values)
    if len(known) > 1:
        middle = sum(x for x, _ in known) / len(known)
        slope = sum((x - middle) * (v - mean) for x, v in known) / sum((x - middle) ** 2 for x, _ in known)
        variability = sum(abs(b - a) for a, b in zip(values, values[1:])) / (len(values) - 1)
    return [values[-1], mean, min(values), max(values), slope, variability, missing, float(-known[-1][0])]


def window_features(series: dict[str, Series], now: int) -> np.ndarray:
    """float64 [56] in the order of FEATURES."""
    rows = [measures(hourly(series.get(s.name, ()), now), s.neutral) for s in SIGNALS]
    return np.array(rows, np.float64).reshape(len(SIGNALS) * len(MEASURES))


def nothing_known() -> np.ndarray:
    """Features of a patient of whom nothing was ever measured."""
    return window_features({}, 0)
