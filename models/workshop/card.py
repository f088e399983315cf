"""Adds the figures that `npm run evaluate` measured through the station's own path to out/metrics.json, for the card.

The bundle is packed once, evaluated, and packed again with these figures; the model files stay the same.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def percent(share: float) -> str:
    return f"{share * 100:.2f} %"


def interval(entry: dict) -> str:
    return f"{entry['count']} of {entry['of']}, {percent(entry['share'])} [{percent(entry['low'])}, {percent(entry['high'])}]"


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--evaluate", type=Path, required=True, help="file written by npm run evaluate -- --json FILE")
    a.add_argument("--elsewhere", type=Path, help="the same on pictures of another origin, shown as station_elsewhere")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    path = recipe.out / "metrics.json"
    metrics = json.loads(path.read_text())
    metrics["station"] = station_figures(metrics, o.evaluate, str(recipe.station.get("command", "npm run evaluate")))
    metrics.pop("station_elsewhere", None)
    if o.elsewhere:
        metrics["station_elsewhere"] = station_figures(metrics, o.elsewhere, str(recipe.station.get("elsewhere", "npm run evaluate")))
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(metrics, indent=2))
    partial.rename(path)
    print(f"{path}: figures of the station's path added; next, bundle-cli pack")


def station_figures(metrics: dict, evaluated: Path, command: str) -> dict:
    """Raises WorkshopError when the figures are of another model file."""
    found = json.loads(evaluated.read_text())
    if found["modelDigest"] != metrics["models"]["int8"]["sha256"]:
        raise WorkshopError(f"{evaluated} measured another model than metrics.json describes; run npm run evaluate again")
    d = found["detection"]
    out = {
        "command": command,
        "variant": found["variant"],
        "map": percent(d["map"]),
        "pairs": d["pairs"],
        "defects": d["defects"],
        "ap": {c["label"]: percent(c["ap"]) for c in d["perClass"]},
        "precision": {c["label"]: interval(c["precision"]) for c in d["perClass"]},
        "recall": {c["label"]: interval(c["recall"]) for c in d["perClass"]},
    }
    at = d["atVerdict"]
    out["at_verdict_thresholds"] = {"f": percent(at["f"]), "precision": interval(at["precision"]), "recall": interval(at["recall"])}
    out["best_f"] = f"{percent(d['bestF']['f'])} at {d['bestF']['threshold']:.3f}"
    out["escaped_boards"] = interval(d["escapedBoards"])
    out["false_rejects"] = {what: interval(r) for what, r in found.get("falseRejects", {}).items()}
    return out
