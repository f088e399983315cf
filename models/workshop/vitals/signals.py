"""The seven signals that an intensive-care chart and a ward can both give, and what a value may be.

The same definition in TypeScript: apps/ward-monitoring/src/model/features.ts. Golden vectors hold the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Signal:
    """`neutral` stands where nothing is known, and is what an explanation puts in place of a value."""

    name: str
    parameters: tuple[str, ...]
    low: float
    high: float
    neutral: float


SIGNALS = (
    Signal("pulse", ("HR",), 0, 300, 75),
    Signal("oxygenSaturation", ("SaO2",), 50, 100, 98),
    Signal("respiration", ("RespRate",), 0, 80, 16),
    Signal("temperature", ("Temp",), 25, 45, 37),
    Signal("systolic", ("SysABP", "NISysABP"), 30, 300, 120),
    Signal("notAlert", ("GCS",), 0, 1, 0),
    Signal("oxygen", ("FiO2", "MechVent"), 0, 1, 0),
)
MEASURES = ("last", "mean", "min", "max", "slope", "variability", "missing", "age")
FEATURES = tuple(f"{signal.name}.{measure}" for signal in SIGNALS for measure in MEASURES)
HOURS = 12


def charted(parameter: str, value: float) -> float:
    """A value of the chart in the signal's terms: anything below GCS 15 is not alert, oxygen is more than room air."""
    if parameter == "GCS":
        return 0.0 if value >= 15 else 1.0
    if parameter == "FiO2":
        return 1.0 if value > 0.21 else 0.0
    return 1.0 if parameter == "MechVent" else value
