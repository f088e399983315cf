"""`blueprints/targets/ID/target.json`, the facts that a compilation needs. The full schema is zod's, in libs/contracts; this
reader takes the same keys and refuses unknown ones."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from workshop.problems import WorkshopError

TARGETS = Path(__file__).resolve().parents[3] / "blueprints" / "targets"
SOURCES = ("fp32", "int8", "int8-symmetric")


@dataclass(frozen=True)
class Route:
    """One way of bringing a model to a target: a compiler, the operators it takes and the gate behind it."""

    id: str
    title: str
    runtime: str
    engine: str
    source: str
    precision: str
    compiler: dict[str, Any]
    container: dict[str, Any] | None
    script: str | None
    runHere: bool
    runHereNote: str
    artefact: str
    input: dict[str, Any]
    opset: dict[str, int]
    staticShapes: bool
    maxRank: int
    channelMultiple: int
    quantisation: str
    operators: dict[str, Any]
    limits: list[dict[str, Any]]
    calibration: dict[str, Any]
    parity: dict[str, Any]
    sources: list[dict[str, str]]
    sidecar: dict[str, Any] | None = None

    def takes(self, operator: str) -> bool:
        return self.operators["accelerator"] == "*" or operator in self.operators["accelerator"]


@dataclass(frozen=True)
class Target:
    id: str
    title: str
    readiness: str
    folder: Path
    routes: tuple[Route, ...]


def target_ids() -> list[str]:
    return sorted(p.parent.name for p in TARGETS.glob("*/target.json"))


def read_target(name: str) -> Target:
    """Raises WorkshopError with every problem of the file."""
    file = TARGETS / name / "target.json"
    if not file.is_file():
        raise WorkshopError(f"there is no target {name!r}; the targets here are {', '.join(target_ids())}")
    where, problems = f"blueprints/targets/{name}/target.json", []
    try:
        raw = json.loads(file.read_text())
    except json.JSONDecodeError as fault:
        raise WorkshopError(f"{where} is not JSON: {fault}") from fault
    known, routes = {f.name for f in fields(Route)}, []
    needed = {f.name for f in fields(Route) if f.default is MISSING}
    for i, entry in enumerate(raw.get("routes", [])):
        bad = [f"{where}: routes[{i}]: unknown key {k}; remove it or correct its spelling" for k in entry if k not in known]
        bad += [f"{where}: routes[{i}]: {k} is missing" for k in sorted(needed - entry.keys())]
        if entry.get("source", "fp32") not in SOURCES:
            bad.append(f"{where}: routes[{i}].source must be one of {', '.join(SOURCES)}")
        problems += bad
        if not bad:
            routes.append(Route(**entry))
    if raw.get("id") != name:
        problems.append(f"{where}: id is {raw.get('id')!r} but the folder is {name!r}; they must agree")
    if not raw.get("routes"):
        problems.append(f"{where}: routes is empty; a target needs at least one")
    if problems:
        raise WorkshopError(problems)
    return Target(raw["id"], raw["title"], raw["readiness"], file.parent, tuple(routes))


def choose_route(target: Target, route: str | None) -> Route:
    if route is None:
        return target.routes[0]
    for entry in target.routes:
        if entry.id == route:
            return entry
    raise WorkshopError(f"{target.id} has no route {route!r}; its routes are {', '.join(r.id for r in target.routes)}")
