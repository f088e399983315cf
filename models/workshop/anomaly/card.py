"""Adds the figures that `npm run evaluate -- --tiles` measured through the station's own path to out/metrics.json, for the card.

The bundle is packed once, evaluated, and packed again with these figures; the model files stay the same.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from workshop.anomaly.evaluate import percent
from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--evaluate", type=Path, required=True, help="file written by npm run evaluate -- --tiles DIR --json FILE")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    """Raises WorkshopError when the figures are of another model file or of another part than test."""
    if not o.evaluate.is_file():
        raise WorkshopError(f"{o.evaluate} does not exist; run npm run evaluate -- --tiles DIR --json FILE first")
    found = json.loads(o.evaluate.read_text())
    path = recipe.out / "metrics.json"
    metrics = json.loads(path.read_text())
    if found["modelDigest"] not in {m["sha256"] for m in metrics["models"].values()}:
        raise WorkshopError(f"{o.evaluate} measured another model than {path} describes; run npm run evaluate again")
    if found["part"] != "test":
        raise WorkshopError(f"{o.evaluate} measured the part {found['part']}; the card shows the test tiles, run without --part")
    metrics["station"] = {
        "command": "npm run evaluate -- --tiles DIR",
        "variant": found["variant"],
        "image_auroc": found["auroc"],
        "recall": {k["kind"]: percent(k["recall"]) for k in found["perKind"]},
        "tiles_found": {k["kind"]: percent(k["groupRecall"]) for k in found["perKind"]},
        "false_rejects": percent(found["falseRejects"]),
    }
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(metrics, indent=2) + "\n")
    partial.rename(path)
    print(json.dumps(metrics["station"], indent=1))
