"""Adds what the store's own path found on MOT17 (`npm run people -- --data mot17 --out DIR`) to out/metrics.json, for the card.

The bundle is packed once, scored, and packed again with these figures; the model files stay the same.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--people", type=Path, required=True, help="people.json that npm run people wrote")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    """Raises WorkshopError when a file is not there or the figures are of another bundle."""
    path = recipe.out / "metrics.json"
    missing = [f"{f}: not there; {remedy}" for f, remedy in ((o.people, "run npm run people with --out"), (path, "run evaluate first")) if not f.is_file()]
    if missing:
        raise WorkshopError(missing)
    metrics, found = json.loads(path.read_text()), json.loads(o.people.read_text())
    if found["bundle"] != recipe.name:
        raise WorkshopError(f"{o.people}: figures of the bundle {found['bundle']}, not of {recipe.name}; score that one")
    metrics["station"] = station_figures(found, recipe.name)
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(metrics, indent=2) + "\n")
    partial.rename(path)
    print(f"{path}: figures of the store's path added; next, bundle-cli pack")


def station_figures(found: dict[str, Any], name: str) -> dict[str, Any]:
    every = found["all"]
    return {
        "command": f"npm run people -- --bundle models/bundles/{name} --data {found['data']}",
        "variant": found["variant"],
        "pictures": every["frames"],
        "people": every["people"],
        "ap50": f"{every['ap']:.3f}",
        "best_f": f"precision {every['precision']:.3f} and recall {every['recall']:.3f} at {every['bestThreshold']:.2f}",
    }
