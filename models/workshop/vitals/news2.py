"""Least NEWS2 that is certain from a chart (Royal College of Physicians, NEWS2, 2017, chart 1, SpO2 scale 1)."""

from __future__ import annotations

import math
from bisect import bisect_right

from workshop.vitals.features import minute_of
from workshop.vitals.stays import Series

VALID_MINUTES = 360
BANDS: dict[str, tuple[tuple[float, int], ...]] = {
    # (highest value of the band, points)
    "respiration": ((8, 3), (11, 1), (20, 0), (24, 2), (math.inf, 3)),
    "oxygenSaturation": ((91, 3), (93, 2), (95, 1), (math.inf, 0)),
    "systolic": ((90, 3), (100, 2), (110, 1), (219, 0), (math.inf, 3)),
    "pulse": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (math.inf, 3)),
    "temperature": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (math.inf, 2)),
    "notAlert": ((0, 0), (math.inf, 3)),
    "oxygen": ((0, 0), (math.inf, 2)),
}


def points(signal: str, value: float) -> int:
    """Rounded as the chart is read (temperature to a tenth); a tie goes to the side with more points."""
    steps = 10 if signal == "temperature" else 1
    scaled = round(value * steps, 6)
    nearest = {math.floor(scaled), math.ceil(scaled)} if abs(scaled % 1 - 0.5) < 1e-9 else {round(scaled)}
    return max(next(p for top, p in BANDS[signal] if n / steps <= top) for n in nearest)


def last(series: Series, now: int) -> float | None:
    """Latest value that is at most VALID_MINUTES old."""
    newest = bisect_right(series, now, key=minute_of) - 1
    return series[newest][1] if newest >= 0 and now - series[newest][0] < VALID_MINUTES else None


def least_score(series: dict[str, Series], now: int) -> int:
    """Points of what is known; what is not known counts nothing, so the true score is at least this."""
    values = {name: last(series.get(name, ()), now) for name in BANDS}
    return sum(points(name, value) for name, value in values.items() if value is not None)
