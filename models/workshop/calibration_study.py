"""Post-training quantisation compared: method and number of calibration pictures, per channel or per tensor, head in float.

Every variant is a whole INT8 file of the same FP32 file, scored on the same test pictures with the same draws. The pictures of a
smaller count are the first ones of the larger count.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workshop.artefact import described
from workshop.bootstrap import Scored, score_pairs
from workshop.calibrate import METHODS, calibrate
from workshop.dataset import ImageSet
from workshop.ranges import write_int8
from workshop.scoring import onnx_predict
from workshop.sqnr import sqnr

COUNTS = (64, 256, 1024)


def study(
    source: Path, folder: Path, images: list[np.ndarray], counts: tuple[int, ...], test: ImageSet, base: Scored, classes: tuple[str, ...], threads: int
) -> dict:
    """Writes the files into folder and returns their figures, and the SQNR per tensor of the min-max file."""
    found = calibrate(source, images, METHODS, counts)
    most = max(counts)
    variants = [(m, n, True, False) for m in METHODS for n in counts] + [("minmax", most, False, False), ("minmax", most, True, True)]
    out = []
    for method, count, per_channel, float_head in variants:
        name = f"{method}-{count}{'' if per_channel else '-per-tensor'}{'-float-head' if float_head else ''}"
        path = folder / f"{name}.onnx"
        write_int8(source, path, found[method, count], per_channel, float_head)
        scored = score_pairs(onnx_predict(path, threads), test, len(classes))
        figures = described(path, scored, classes, base)
        out.append({"name": name, "method": method, "count": count, "per_channel": per_channel, "float_head": float_head, **figures})
        loss = figures.get("against_base", {})
        print(f"{name}: mAP {figures['map'] * 100:.3f}, against FP32 {loss.get('map', float('nan')) * 100:+.3f} points", flush=True)
    best = f"minmax-{most}"
    pictures = [test.images[i] for i in range(min(32, len(test)))]
    tensors = {m: sqnr(source, folder / f"{m}-{most}.onnx", found[m, most], pictures) for m in METHODS}
    return {"variants": out, "sqnr_of": best, "sqnr_pictures": len(pictures), "sqnr": tensors}
