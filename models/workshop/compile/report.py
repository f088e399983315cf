"""Compile reports: blueprints/targets/ID/reports/MODEL.ROUTE.json. libs/blueprints makes docs/targets.md from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workshop.compile.target import Route, Target


def write_atomic(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(file.suffix + ".partial")
    partial.write_text(text)
    partial.rename(file)


def write_report(target: Target, route: Route, model: str, report: dict[str, Any]) -> Path:
    file = target.folder / "reports" / f"{model}.{route.id}.json"
    write_atomic(file, json.dumps(report, indent=2) + "\n")
    return file
