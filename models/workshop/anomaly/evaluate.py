"""Chooses the verdict threshold on good validation tiles, then scores every model file once on the test tiles: out/metrics.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from workshop.anomaly.figures import Scored, auroc, choose_threshold, image_auroc, pixel_figures, recall_by_kind, wilson
from workshop.anomaly.judge import judge, session
from workshop.anomaly.split import load_split
from workshop.anomaly.tiles import read_tiles
from workshop.anomaly.train import plan_of, settings
from workshop.golden_outputs import digest
from workshop.problems import WorkshopError
from workshop.recipe import Recipe

STEP = 10_000


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--part", choices=("validation", "test"), action="append", help="else both")


def upward(threshold: float) -> float:
    """The next threshold with four decimals; it rejects no more good tiles."""
    return float(np.ceil(threshold * STEP) / STEP)


def percent(figure: dict[str, Any]) -> str:
    return f"{figure['count']} of {figure['of']}, {figure['share']:.1%} [{figure['low']:.1%}, {figure['high']:.1%}]"


def part_figures(found: list[Scored], threshold: float, kinds: tuple[str, ...], seed: int) -> dict[str, Any]:
    """Figures of one part at one threshold; shares as text with their Wilson interval."""
    good = np.array([i.score for i in found if not i.bad])
    recall = recall_by_kind(found, threshold, kinds)
    bad = [i for i in found if i.bad]
    return {
        "image_auroc": image_auroc(found, seed),
        "auroc_by_kind": {k: auroc(good, np.array([i.score for i in found if i.kind == k])) for k in kinds},
        "pixels": pixel_figures(found),
        "recall": {k: percent(v["pictures"]) for k, v in recall.items() if v["pictures"]["of"]},
        "recall_all_kinds": percent(wilson(sum(i.score >= threshold for i in bad), len(bad))),
        "tiles_found": {k: percent(v["tiles"]) for k, v in recall.items() if v["tiles"]["of"]},
        "false_rejects": percent(wilson(int((good >= threshold).sum()), len(good))),
    }


def flips(first: list[Scored], second: list[Scored], threshold: float) -> dict[str, Any]:
    """Verdicts that differ between two model files on identical pictures."""
    pairs = [(a.score >= threshold, b.score >= threshold) for a, b in zip(first, second, strict=True)]
    return {
        "pass_to_reject": percent(wilson(sum(b and not a for a, b in pairs), len(pairs))),
        "reject_to_pass": percent(wilson(sum(a and not b for a, b in pairs), len(pairs))),
    }


def machine() -> dict[str, Any]:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {"cpu": names[0] if names else platform.processor() or platform.machine(), "cores": os.cpu_count() or 1, "onnxruntime": ort.__version__}


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    chosen = settings(recipe)
    plan = plan_of(chosen)
    files = [recipe.out / f"{stem}.onnx" for stem in ("fp32", "int8") if (recipe.out / f"{stem}.onnx").is_file()]
    if not files or files[0].stem != "fp32":
        raise WorkshopError(f"{recipe.out / 'fp32.onnx'} does not exist; run `nx run models:train --model {recipe.name}` first")
    data = read_tiles(recipe, o.data_root)
    parts = load_split(recipe, data)
    wanted = [p for p in ("validation", "test") if p in (o.part or ("validation", "test"))]
    found = {f.stem: {p: judge(session(f), data.folder, parts[p], plan.size, f"{f.stem} {p}") for p in wanted} for f in files}
    kept = recipe.out / "metrics.json"
    if "validation" in wanted:
        good = np.array([i.score for i in found["fp32"]["validation"] if not i.bad])
        threshold = upward(choose_threshold(good, chosen["false_rejects"]))
    else:
        threshold = json.loads(kept.read_text())["thresholds"]["per_class"]["anomaly"]
    models: dict[str, Any] = {}
    for file in files:
        figures = {p: part_figures(found[file.stem][p], threshold, recipe.classes, recipe.seed) for p in wanted}
        models[file.stem] = {"sha256": digest(file), "bytes": file.stat().st_size, **figures}
        if file.stem != "fp32":
            models[file.stem]["flips_against_fp32"] = {p: flips(found["fp32"][p], found[file.stem][p], threshold) for p in wanted}
    groups = {p: len({t.group for t in tiles}) for p, tiles in parts.items()}
    metrics = {
        "thresholds": {
            "per_class": {"anomaly": threshold},
            "provenance": f"lowest that rejects at most {chosen['false_rejects']:.0%} of {sum(not t.bad for t in parts['validation'])} good validation pictures",
        },
        "split": {p: f"{len(tiles)} pictures of {groups[p]} tiles, {sum(not t.bad for t in tiles)} good" for p, tiles in parts.items()},
        "models": models,
        "machine": machine(),
    }
    partial = kept.with_suffix(".json.partial")
    partial.write_text(json.dumps(metrics, indent=2) + "\n")
    partial.rename(kept)
    print(json.dumps(metrics, indent=1))
