"""Checks of labelled sets before anything is computed with them. All problems are collected; each names file, reason and remedy.

Near-duplicates: pictures are compared by a difference hash of 16 x 16 bits (each bit: is a cell of the grey thumbnail brighter than its
left neighbour). Up to `NEAR_BITS` different bits of 256 count as the same picture. Pictures whose thumbnail is almost flat have
no hash to compare by and are compared by digest alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from workshop.compile.calibration import SMALLEST_CORRELATION, SMALLEST_DEVIATION, judge
from workshop.data.records import Record, Splits
from workshop.problems import WorkshopError

SHOWN = 20
HASH_SIDE = 16
NEAR_BITS = 4
FLATTEST = 4.0
SMALLEST_CALIBRATION = 1024


def check_set(splits: Splits, near_duplicates: bool = True) -> None:
    """Everything below on every split. Raises WorkshopError with all problems (at most `SHOWN` of each kind, the rest counted)."""
    problems: list[str] = []
    for split, records in splits.items():
        if not records:
            problems.append(f"split {split}: empty; add labelled pictures or leave the split out")
        problems += _shortened([p for r in records for p in record_problems(r)])
    if not problems:
        problems += leaks(splits, near_duplicates)
    if problems:
        raise WorkshopError(problems)


@dataclass(frozen=True)
class Look:
    """What one reading of a picture tells: its size, or why it cannot be read, and the bits of its difference hash."""

    size: tuple[int, int] | None
    fault: str
    bits: bytes | None


def look(path: Path) -> Look:
    """Reads a picture once; a second look at the same file costs nothing."""
    entry = path.stat()
    return _look(path, entry.st_mtime_ns, entry.st_size)


@lru_cache(maxsize=65536)
def _look(path: Path, _changed: int, _bytes: int) -> Look:
    try:
        with Image.open(path) as picture:
            luma = picture.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        return Look(None, str(fault)[:80], None)
    small = np.asarray(luma.resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX), np.int16)
    flat = float(small.std()) < FLATTEST
    return Look(luma.size, "", None if flat else (small[:, 1:] > small[:, :-1]).tobytes())


def record_problems(record: Record) -> list[str]:
    problems = []
    sizes = []
    for path in record.pictures:
        if not path.is_file():
            problems.append(f"{path}: the picture is missing, {record.labels} names it; add it or remove its labels")
            continue
        seen = look(path)
        if seen.size is None:
            problems.append(f"{path}: cannot be read as a picture ({seen.fault}); save it again as PNG or JPEG")
        else:
            sizes.append(seen.size)
    if len(sizes) == 2 and sizes[0] != sizes[1]:
        problems.append(f"{record.pictures[0]}: {_by(sizes[0])}, but its template is {_by(sizes[1])}; both must have one size")
    if sizes and record.size is not None and record.size != sizes[0]:
        problems.append(f"{record.pictures[0]}: {_by(sizes[0])}, but {record.labels} says {_by(record.size)}; the labels belong to another picture or it was scaled")
    if not sizes:
        return problems
    width, height = sizes[0]
    for x1, y1, x2, y2, _ in record.boxes.tolist():
        box = f"box {x1:g} {y1:g} {x2:g} {y2:g}"
        if not np.isfinite([x1, y1, x2, y2]).all() or x2 - x1 < 1 or y2 - y1 < 1:
            problems.append(f"{record.labels}: {record.id}: {box} is degenerate (less than a pixel wide or high); remove or redraw it")
        elif x1 < -0.5 or y1 < -0.5 or x2 > width + 0.5 or y2 > height + 0.5:
            problems.append(f"{record.labels}: {record.id}: {box} lies outside of the picture of {_by(sizes[0])}; clip or redraw it")
    return problems


def leaks(splits: Splits, near_duplicates: bool = True) -> list[str]:
    """Pictures or groups that are in more than one split: by id, by digest of the part's picture, by group, by near-duplicate."""
    problems: list[str] = []
    named = [(split, r) for split, records in splits.items() for r in records]
    for what, key in (("id", lambda r: r.id), ("group", lambda r: r.group), ("same picture", lambda r: _digest(r.pictures[0]))):
        first: dict[str, tuple[str, Record]] = {}
        found = []
        for split, record in named:
            value = key(record)
            if value is None:
                continue
            other = first.setdefault(value, (split, record))
            if other[0] != split:
                found.append(f"{record.pictures[0]}: leak between splits: {what} {_brief(value)} is in {other[0]} ({other[1].pictures[0].name}) and in {split}; keep it in one of them")
        problems += _shortened(found)
    return problems if problems or not near_duplicates else _shortened(near_duplicate_leaks(splits))


def near_duplicate_leaks(splits: Splits) -> list[str]:
    """Pairs of almost equal pictures in two splits."""
    names = list(splits)
    hashed = {s: [(r, h) for r in splits[s] if (h := difference_hash(r.pictures[0])) is not None] for s in names}
    found = []
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            if not hashed[a] or not hashed[b]:
                continue
            left = np.stack([h for _, h in hashed[a]])
            for record, bits in hashed[b]:
                apart = (left != bits).sum(1)
                k = int(apart.argmin())
                if apart[k] <= NEAR_BITS:
                    other = hashed[a][k][0].pictures[0]
                    found.append(f"{record.pictures[0]}: leak between splits: almost the same as {other} ({int(apart[k])} of {HASH_SIDE**2} bits differ), in {a} and in {b}; keep both in one split")
    return found


def difference_hash(path: Path) -> np.ndarray | None:
    """bool [256], or None for a picture whose thumbnail is almost flat."""
    bits = look(path).bits
    return None if bits is None else np.frombuffer(bits, bool)


def check_calibration_images(images: list[np.ndarray] | np.ndarray, where: str, minimum: int = SMALLEST_CALIBRATION) -> None:
    """`images`: uint8 [C, H, W] each. Refuses a set that is too small or holds constant pictures, noise or repeats."""
    problems = []
    if len(images) < minimum:
        problems.append(f"{where}: {len(images)} calibration pictures, at least {minimum} are needed; raise quantisation.count or add pictures")
    seen: dict[bytes, int] = {}
    for k, image in enumerate(images):
        kind = judge(image)
        if kind == "constant":
            problems.append(f"{where}: picture {k} is constant (standard deviation below {SMALLEST_DEVIATION:g} grey levels); give pictures of production")
        elif kind == "noise":
            problems.append(f"{where}: picture {k} is random noise (neighbouring pixels correlate below {SMALLEST_CORRELATION:g}); give pictures of production")
        mark = hashlib.sha256(np.ascontiguousarray(image).tobytes()).digest()
        if seen.setdefault(mark, k) != k:
            problems.append(f"{where}: picture {k} repeats picture {seen[mark]}; each must be its own")
    if problems:
        raise WorkshopError(_shortened(problems))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _brief(value: str) -> str:
    return value if len(value) < 60 else f"{value[:16]}..."


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def _shortened(problems: list[str]) -> list[str]:
    return problems if len(problems) <= SHOWN else [*problems[:SHOWN], f"and {len(problems) - SHOWN} more of this kind"]
