"""The calibration set of a compiler that quantises by itself: pictures as the model takes them, uint8 [N, C, H, W] in one .npy file.

A set is refused when it is too small, when samples repeat byte for byte, and when samples are not pictures:
  constant      every channel of the sample has a standard deviation below 1 grey level
  noise         the correlation of neighbouring pixels, horizontally and vertically, is below 0.3 in every channel. Neighbours in
                real pictures correlate (boards and tiles of the sets used here: 0.90 to 0.99); independent noise of any distribution gives 0.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from workshop.problems import WorkshopError

SMALLEST_DEVIATION = 1.0
SMALLEST_CORRELATION = 0.3


def neighbour_correlation(plane: np.ndarray) -> float:
    """The larger of the horizontal and the vertical lag-1 correlation of one channel [H, W]; 0 for a constant one.

    Of a large picture every eighth row and column is looked at, some 50,000 pairs of neighbours.
    """
    step = 8 if min(plane.shape) >= 256 else 1
    return max(lag_correlation(plane[::step]), lag_correlation(plane[:, ::step].T))


def lag_correlation(rows: np.ndarray) -> float:
    x = rows.astype(np.float32)
    x = x - x.mean()
    power = float((x * x).mean())
    return float((x[:, 1:] * x[:, :-1]).mean()) / power if power > 1e-6 else 0.0


def judge(sample: np.ndarray) -> str | None:
    """`constant`, `noise` or None for a picture [C, H, W]."""
    if all(float(p.std()) < SMALLEST_DEVIATION for p in sample):
        return "constant"
    if all(neighbour_correlation(p) < SMALLEST_CORRELATION for p in sample):
        return "noise"
    return None


def check_calibration(file: Path, shape: tuple[int, ...], minimum: int) -> np.ndarray:
    """The set, memory-mapped. `shape` is [C, H, W] of one sample. Raises WorkshopError with every problem."""
    if not file.is_file():
        raise WorkshopError(f"{file}: not there; make it with --make-calibration, or give your own set with --calibration FILE.npy (uint8 [N, {', '.join(map(str, shape))}])")
    try:
        images = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as fault:
        raise WorkshopError(f"{file}: not a .npy file of numbers ({fault}); write it with numpy.save") from fault
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1:] != shape:
        raise WorkshopError(f"{file}: {images.dtype} {list(images.shape)}, but the model takes uint8 [N, {', '.join(map(str, shape))}]")
    problems = []
    if len(images) < minimum:
        problems.append(f"{file}: {len(images)} samples, at least {minimum} are needed; add pictures of production")
    seen: dict[bytes, int] = {}
    for i, sample in enumerate(images):
        digest = hashlib.sha256(sample.tobytes()).digest()
        if digest in seen:
            problems.append(f"{file}: sample {i} is the same as sample {seen[digest]}; take every picture once")
        seen.setdefault(digest, i)
        fault = judge(sample)
        if fault:
            problems.append(f"{file}: sample {i} is {fault}, not a picture; calibrate on real pictures of the task")
        if len(problems) >= 20:
            problems.append(f"{file}: reading stopped after 20 problems at sample {i} of {len(images)}")
            break
    if problems:
        raise WorkshopError(problems)
    return images


def write_distinct(file: Path, samples: list[np.ndarray], count: int) -> int:
    """Writes the first `count` distinct samples; returns how many were written."""
    chosen, seen = [], set()
    for sample in samples:
        digest = hashlib.sha256(sample.tobytes()).digest()
        if digest not in seen and judge(sample) is None and len(chosen) < count:
            seen.add(digest)
            chosen.append(sample)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial.npy")
    np.save(partial, np.stack(chosen))
    partial.rename(file)
    return len(chosen)
