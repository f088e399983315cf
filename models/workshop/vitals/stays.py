"""Stays of PhysioNet/CinC Challenge 2012 as minute means per signal, with the outcome."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from workshop.problems import WorkshopError
from workshop.vitals.signals import SIGNALS, charted

# (minute since admission, mean of that minute's plausible values), oldest first.
Series = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Stay:
    """`series` by signal."""

    id: str
    died: bool
    series: dict[str, Series]


def fold(stay: str, folds: int) -> int:
    """A stay's fold by hash of its id: the same on every machine, whatever is added later."""
    return int(hashlib.sha256(f"icu-vitals/{stay}".encode()).hexdigest(), 16) % folds


def minutes(time: str) -> int:
    hours, rest = time.split(":")
    return 60 * int(hours) + int(rest)


def read_stays(folder: Path) -> list[Stay]:
    """Raises WorkshopError where the data set is not there."""
    files, outcomes = sorted(folder.glob("set-a-*.csv")), folder / "Outcomes-a.txt"
    if not files or not outcomes.is_file():
        raise WorkshopError(f"{folder}: set-a-*.csv and Outcomes-a.txt are not there; give --data-root or set EDGE_DATA")
    signal_of = {p: s for s in SIGNALS for p in s.parameters}
    sums: dict[str, dict[str, dict[int, list[float]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for file in files:
        with file.open(newline="") as lines:
            for row in csv.reader(lines):
                signal = signal_of.get(row[2])
                if signal is None:
                    continue
                raw = float(row[3])
                if raw < 0:
                    continue
                value = charted(row[2], raw)
                if signal.low <= value <= signal.high:
                    sums[row[0]][signal.name][minutes(row[1])].append(value)
    with outcomes.open(newline="") as lines:
        rows = {row["RecordID"]: row["In-hospital_death"] == "1" for row in csv.DictReader(lines)}
    return [
        Stay(i, rows[i], {n: tuple((m, sum(v) / len(v)) for m, v in sorted(c.items())) for n, c in sums[i].items()})
        for i in sorted(rows)
        if i in sums
    ]
