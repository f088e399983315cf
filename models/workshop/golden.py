"""Writes six input tensors for the bundle's golden vectors: out/golden/<n>.bin, uint8 [2, 640, 640], row-major.

The pixels come from rendered boards, or from simple drawn ones when no folder is given; never from DeepPCB, whose
pictures are for research use only.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from workshop.dataset import load_folder
from workshop.recipe import Recipe


def drawn_pair(rng: np.random.Generator, good: bool) -> np.ndarray:
    """Dark traces and pads on a light ground; a bad pair gets a gap, a hole, a spur and a spot."""
    template = Image.new("L", (640, 640), 255)
    d = ImageDraw.Draw(template)
    rows = []
    for y in range(60, 620, 80):
        y += int(rng.integers(-12, 12))
        left, right = int(rng.integers(30, 120)), int(rng.integers(500, 610))
        d.rectangle([left, y - 8, right, y + 8], fill=0)
        for x in (left, right):
            d.ellipse([x - 22, y - 22, x + 22, y + 22], fill=0)
        rows.append((left, right, y))
    board = template.copy()
    if not good:
        d = ImageDraw.Draw(board)
        for kind, (left, right, y) in enumerate(rows[:5]):
            x = int(rng.integers(left + 60, right - 60))
            if kind == 0:
                d.rectangle([x - 6, y - 9, x + 6, y + 9], fill=255)
            elif kind == 1:
                d.ellipse([left - 6, y - 6, left + 6, y + 6], fill=255)
            elif kind == 2:
                d.polygon([(x - 8, y - 8), (x + 8, y - 8), (x, y - 26)], fill=0)
            elif kind == 3:
                d.ellipse([x - 7, y - 46, x + 7, y - 33], fill=0)
            else:
                d.polygon([(x - 8, y + 9), (x + 8, y + 9), (x, y)], fill=255)
    return np.stack([np.asarray(board), np.asarray(template)])


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--pictures", type=Path, help="folder of our own rendered pairs; else simple drawn ones")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    rng = np.random.default_rng(recipe.seed)
    out = recipe.out / "golden"
    if o.pictures:
        pairs = load_folder(o.pictures)
        bad = [i for i, b in enumerate(pairs.boxes) if len(b)]
        good = [i for i, b in enumerate(pairs.boxes) if not len(b)]
        index = [int(i) for i in rng.permutation(bad)[:4]] + [int(i) for i in rng.permutation(good)[:2]]
        images = [pairs.images[i] for i in index]
    else:
        images = [drawn_pair(rng, good=k >= 4) for k in range(6)]
    out.mkdir(parents=True, exist_ok=True)
    for k, image in enumerate(images):
        (out / f"{k}.bin").write_bytes(np.ascontiguousarray(image).tobytes())
    print(f"{out}: {len(images)} tensors")
