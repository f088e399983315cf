"""Runs a model file over tiles, as the station does: one picture at a time, one thread."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable

import numpy as np
import onnx
import onnxruntime as ort

from workshop.anomaly.figures import Scored
from workshop.anomaly.graph import IMAGE
from workshop.anomaly.tiles import Tile, read_mask, read_picture


def session(model: Path | onnx.ModelProto, threads: int = 1) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = str(model) if isinstance(model, Path) else model.SerializeToString()
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def progress(what: str, count: int) -> Callable[[int], None]:
    """A line every 50 with the time left."""
    began = time.monotonic()

    def show(done: int) -> None:
        if done % 50 == 0 or done == count:
            left = (time.monotonic() - began) / done * (count - done)
            print(f"{what}: {done} of {count}, {left:.0f} s left", flush=True)

    return show


def judge(model: ort.InferenceSession, folder: Path, tiles: list[Tile], size: tuple[int, int], what: str) -> list[Scored]:
    """Map, score and the mask on the cells of the map: a cell is bad when a quarter of it is."""
    show, found = progress(what, len(tiles)), []
    for done, tile in enumerate(tiles, 1):
        picture = read_picture(folder, tile, size)
        cells, score = model.run(["anomaly_map", "score"], {IMAGE: picture[None, None]})
        rows, columns = cells.shape[2:]
        mask = read_mask(folder, tile, size).reshape(rows, size[0] // rows, columns, size[1] // columns).mean((1, 3)) >= 0.25
        found.append(Scored(tile.kind, tile.group, float(score[0]), cells[0, 0], mask))
        show(done)
    return found
