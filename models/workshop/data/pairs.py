"""Records of the DeepPCB layout: `images/<id>_test.png`, `images/<id>_temp.png`, `labels/<id>.txt` with lines `x1 y1 x2 y2 type` (type from 1)."""

from __future__ import annotations

from pathlib import Path

from workshop.data.records import Record, boxes_array
from workshop.problems import WorkshopError


def read_pairs(folder: Path, classes: int, ids: list[str] | None = None) -> list[Record]:
    """All pairs of a folder in sorted order, or those named by `ids`. Raises WorkshopError with every problem of the label files."""
    problems: list[str] = []
    names = sorted(p.stem for p in (folder / "labels").glob("*.txt")) if ids is None else ids
    if not names:
        raise WorkshopError(f"{folder}: no labels/*.txt; expected images/<id>_test.png, images/<id>_temp.png and labels/<id>.txt")
    records = []
    for name in names:
        file = folder / "labels" / f"{name}.txt"
        rows: list[list[float]] = []
        if not file.is_file():
            problems.append(f"{file}: not there; write an empty file for a board without defects")
            continue
        for k, line in enumerate(file.read_text().splitlines(), 1):
            if not line.strip():
                continue
            try:
                x1, y1, x2, y2, kind = (float(v) for v in line.split())
            except ValueError:
                problems.append(f"{file}:{k}: needs `x1 y1 x2 y2 type`, got {line.strip()[:60]!r}; repair the line")
                continue
            if not kind.is_integer() or not 1 <= kind <= classes:
                problems.append(f"{file}:{k}: unknown class {kind:g}; the type is 1 to {classes}")
            else:
                rows.append([x1, y1, x2, y2, kind - 1])
        images = folder / "images"
        records.append(Record(name, (images / f"{name}_test.png", images / f"{name}_temp.png"), boxes_array(rows), file))
    if problems:
        raise WorkshopError(problems)
    return records
