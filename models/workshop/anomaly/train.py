"""Learns the memory of good patches from the training tiles and writes out/fp32.onnx; scores the validation tiles.

Nothing is trained by gradient: patches of the good tiles through the frozen backbone, whitened, thinned to a coreset. A
setting is tried with --try and chosen by its line in out/trials.jsonl, which holds validation figures only.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from workshop.anomaly.bank import coreset, whitening
from workshop.anomaly.figures import Scored, auroc, choose_threshold, image_auroc, pixel_figures, recall_by_kind
from workshop.anomaly.depth import depths
from workshop.anomaly.graph import IMAGE, LEVELS, PATCHES, PLAIN, Memory, Plan, backbone, build
from workshop.anomaly.judge import judge, progress, session
from workshop.anomaly.split import load_split
from workshop.anomaly.tiles import Tile, read_picture, read_tiles
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, data_root

KEYS = ("backbone", "size", "light", "window", "layers", "grid", "top", "components", "bank", "patches_per_tile", "false_rejects")
ROUGH = 0.1


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--try", dest="attempt", default="{}", help='settings that replace those of the recipe, JSON: {"light": "local"}')
    a.add_argument("--limit", type=int, help="only so many tiles of each part, for a quick look")


def settings(recipe: Recipe, attempt: str = "{}") -> dict[str, Any]:
    """Raises WorkshopError for unknown or missing settings."""
    try:
        chosen = {**recipe.network, **json.loads(attempt)}
    except (json.JSONDecodeError, TypeError) as fault:
        raise WorkshopError(f"--try must be a JSON object: {fault}") from fault
    where = f"models/{recipe.name}/model.json"
    problems = [f"{where}: network.{k} is missing" for k in KEYS if k not in chosen]
    problems += [f"{where}: network.{k} is unknown; remove it or correct its spelling" for k in chosen if k not in KEYS]
    if problems:
        raise WorkshopError(problems)
    return chosen


def plan_of(chosen: dict[str, Any]) -> Plan:
    return Plan(tuple(chosen["size"]), chosen["light"], chosen["window"], tuple(chosen["layers"]), tuple(chosen["grid"]), chosen["top"])


def sample_patches(model: onnx.ModelProto, folder: Path, tiles: list[Tile], plan: Plan, per_tile: int, seed: int) -> np.ndarray:
    """Random patches [N, D] float32 of every tile."""
    running, rng = session(model), np.random.default_rng(seed)
    show, rows = progress("patches", len(tiles)), []
    for done, tile in enumerate(tiles, 1):
        x = running.run([PATCHES], {IMAGE: read_picture(folder, tile, plan.size)[None, None]})[0]
        flat = x[0].reshape(x.shape[1], -1)
        rows.append(flat[:, rng.choice(flat.shape[1], min(per_tile, flat.shape[1]), replace=False)].T)
        show(done)
    return np.concatenate(rows)


def learn(model: onnx.ModelProto, network: onnx.ModelProto, folder: Path, tiles: list[Tile], chosen: dict[str, Any], seed: int) -> tuple[Memory, ...]:
    """Two memories: a coreset of the layers, and for the plain figures their mean alone, which makes the distance that of
    Mahalanobis. Five in six training tiles fill them; the others give the scales."""
    plan = plan_of(chosen)
    rows = sample_patches(model, folder, tiles, plan, chosen["patches_per_tile"], seed)
    groups = sorted({t.group for t in tiles})
    held = {g for i, g in enumerate(groups) if i % 6 == 0}
    inner = rows[~np.repeat([t.group in held for t in tiles], len(rows) // len(tiles))]
    layers = inner.shape[1] - PLAIN
    rough = []
    for channels, components, count in ((slice(0, layers), chosen["components"], chosen["bank"]), (slice(layers, None), PLAIN, None)):
        mean, whiten = np.zeros(inner.shape[1], np.float32), np.zeros((inner.shape[1], min(components, inner[:, channels].shape[1])), np.float32)
        mean[channels], whiten[channels] = whitening(inner[:, channels], components)
        bank = np.zeros((1, whiten.shape[1]), np.float32)
        if count is not None:
            some = inner[np.random.default_rng(seed).permutation(len(inner))[: 12 * count]]
            z = (some - mean) @ whiten
            bank = z[coreset(z, count, seed)]
        rough.append(Memory(mean, whiten, bank, np.full(LEVELS, ROUGH)))
    kept_out = [t for t in tiles if t.group in held]
    return tuple(replace(m, scale=depth_scale(build(plan, network, (m,)), folder, kept_out, plan)) for m in rough)


def depth_scale(model: onnx.ModelProto, folder: Path, tiles: list[Tile], plan: Plan) -> np.ndarray:
    """Scale by depth, so that on good tiles kept out of the memory the largest distances are alike at every depth, and 999 in
    1,000 cells lie below 1."""
    running, found = session(model), []
    for tile in tiles:
        picture = read_picture(folder, tile, plan.size)
        p = running.run(["anomaly_map"], {IMAGE: picture[None, None]})[0][0, 0].astype(np.float64)
        found.append((np.sqrt(p / np.maximum(1 - p, 1e-9)) / ROUGH, depths(picture, plan)))
    d, depth = (np.concatenate([pair[i].ravel() for pair in found]) for i in (0, 1))
    high = np.array([np.quantile(d[depth == level], 0.995) for level in range(LEVELS)])
    weights = np.minimum(high[-1] / high, 1.0)
    on = depth >= 0
    return weights / np.quantile(d[on] * weights[depth[on]], 0.999)


def validation_figures(found: list[Scored], kinds: tuple[str, ...], false_rejects: float, seed: int) -> dict[str, Any]:
    good = np.array([i.score for i in found if not i.bad])
    threshold = choose_threshold(good, false_rejects)
    by_kind = {k: auroc(good, np.array([i.score for i in found if i.kind == k])) for k in kinds}
    return {
        "threshold": threshold,
        "image_auroc": image_auroc(found, seed),
        "auroc_by_kind": by_kind,
        **pixel_figures(found),
        "recall": {k: v["pictures"]["share"] for k, v in recall_by_kind(found, threshold, kinds).items()},
    }


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    chosen = settings(recipe, o.attempt)
    data = read_tiles(recipe, o.data_root)
    parts = load_split(recipe, data)
    if o.limit:
        parts = {name: tiles[:: max(1, len(tiles) // o.limit)] for name, tiles in parts.items()}
    plan = plan_of(chosen)
    network = backbone(data_root(o.data_root) / chosen["backbone"], plan.layers, plan.size)
    memories = learn(build(plan, network, ()), network, data.folder, parts["train"], chosen, recipe.seed)
    model = build(plan, network, memories)
    recipe.out.mkdir(parents=True, exist_ok=True)
    partial = recipe.out / "fp32.onnx.partial"
    onnx.save(model, partial)
    partial.rename(recipe.out / "fp32.onnx")
    found = judge(session(model), data.folder, parts["validation"], plan.size, "validation")
    figures = validation_figures(found, recipe.classes, chosen["false_rejects"], recipe.seed)
    with (recipe.out / "trials.jsonl").open("a") as log:
        log.write(json.dumps({"settings": chosen, "scales": [m.scale.round(3).tolist() for m in memories], "limit": o.limit, "validation": figures}) + "\n")
    print(json.dumps(figures, indent=1))
