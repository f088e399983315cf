"""`models/NAME/model.json`, the recipe of one model. Unknown or missing keys are refused, all at once."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from workshop.problems import WorkshopError

MODELS = Path(__file__).resolve().parents[1]
FORMATS = ("deeppcb", "pairs", "coco", "yolo", "tiles", "people", "stays")
KINDS = ("pair-detector", "detector", "one-class", "person-pose", "vital-signs")
LICENCE_USES = ("allowed", "research-only", "forbidden", "unknown")


@dataclass(frozen=True)
class DataSource:
    """One set of pictures. `path` is relative to the data root, or to the model's folder when it starts with ./"""

    id: str
    path: str
    format: str
    licence: str
    redistribution: str
    share: float = 1.0
    hold_out: int = 100
    citation: str = ""
    make: str = ""


@dataclass(frozen=True)
class Recipe:
    name: str
    kind: str
    folder: Path
    data: tuple[DataSource, ...]
    classes: tuple[str, ...] = ()
    network: dict[str, Any] = field(default_factory=dict)
    train: dict[str, Any] = field(default_factory=dict)
    quantisation: dict[str, Any] = field(default_factory=dict)
    station: dict[str, Any] = field(default_factory=dict)
    seed: int = 1

    @property
    def out(self) -> Path:
        return self.folder / "out"


def data_root(given: Path | None) -> Path:
    """--data-root, else EDGE_DATA, else ../shared/data beside the repository."""
    return given or Path(os.environ.get("EDGE_DATA") or MODELS.parent.parent / "shared" / "data")


def source_path(recipe: Recipe, source: DataSource, root: Path | None) -> Path:
    return resolve(recipe, source.path, root)


def resolve(recipe: Recipe, path: str, root: Path | None) -> Path:
    return recipe.folder / path if path.startswith("./") else data_root(root) / path


def read_recipe(name: str) -> Recipe:
    """Reads and checks the recipe. Raises WorkshopError with every problem."""
    file = MODELS / name / "model.json"
    if not file.is_file():
        have = ", ".join(sorted(p.parent.name for p in MODELS.glob("*/model.json")))
        raise WorkshopError(f"models/{name}/model.json does not exist; the models here are {have}")
    try:
        raw = json.loads(file.read_text())
    except json.JSONDecodeError as fault:
        raise WorkshopError(f"models/{name}/model.json is not JSON: {fault}") from fault
    where, problems = f"models/{name}/model.json", []
    if not isinstance(raw, dict):
        raise WorkshopError(f"{where} must be a JSON object")
    allowed = {f.name for f in fields(Recipe)} - {"folder"}
    problems += [f"{where}: unknown key {k}; remove it or correct its spelling" for k in raw if k not in allowed]
    problems += [f"{where}: {k} is missing" for k in ("name", "kind", "data") if k not in raw]
    if raw.get("name", name) != name:
        problems.append(f"{where}: name is {raw['name']!r} but the folder is {name!r}; they must agree")
    if raw.get("kind", "detector") not in KINDS:
        problems.append(f"{where}: kind must be one of {', '.join(KINDS)}")
    sources = []
    for i, entry in enumerate(raw.get("data", [])):
        known = {f.name for f in fields(DataSource)}
        bad = [f"{where}: data[{i}]: unknown key {k}" for k in entry if k not in known]
        bad += [f"{where}: data[{i}]: {k} is missing" for k in ("id", "path", "format", "licence", "redistribution") if k not in entry]
        if entry.get("format", FORMATS[0]) not in FORMATS:
            bad.append(f"{where}: data[{i}].format must be one of {', '.join(FORMATS)}")
        if entry.get("redistribution", "allowed") not in LICENCE_USES:
            bad.append(f"{where}: data[{i}].redistribution must be one of {', '.join(LICENCE_USES)}")
        problems += bad
        if not bad:
            sources.append(DataSource(**entry))
    if problems:
        raise WorkshopError(problems)
    rest = {k: v for k, v in raw.items() if k not in ("data", "classes")}
    return Recipe(**rest, folder=MODELS / name, data=tuple(sources), classes=tuple(raw.get("classes", ())))


def input_size(recipe: Recipe) -> tuple[int, int]:
    """Height and width of the model's input."""
    height, width = recipe.network.get("input", (640, 640))
    return int(height), int(width)


def model_file(recipe: Recipe, name: str) -> Path:
    """out/NAME where it was made, else the file of the committed bundle; a fresh clone has only the latter."""
    made, committed = recipe.out / name, MODELS / "bundles" / recipe.name / name
    return committed if committed.is_file() and not made.is_file() else made
