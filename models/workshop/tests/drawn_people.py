"""Simple drawn figures in the format of the store's renderer, for tests of the pose workshop."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

# Points of an upright figure: shares of its height across (from the middle) and down, in the order of points.NAMES.
UPRIGHT = np.array([[0, 0.08], [0.11, 0.2], [-0.11, 0.2], [0.08, 0.5], [-0.08, 0.5], [0.08, 0.74], [-0.08, 0.74], [0.09, 0.97], [-0.09, 0.97]])
LIMBS = ((1, 2), (1, 3), (2, 4), (3, 4), (3, 5), (5, 7), (4, 6), (6, 8))


def draw_set(folder: Path, count: int, size: tuple[int, int], seed: int) -> Path:
    """Writes `count` pictures with up to three figures that do not overlap; size: height and width."""
    (folder / "images").mkdir(parents=True)
    rng, lines = np.random.default_rng(seed), []
    height, width = size
    for number in range(count):
        ground = rng.integers(90, 180, 3)
        picture = Image.new("RGB", (width, height), tuple(int(v) for v in ground))
        draw, people = ImageDraw.Draw(picture), []
        for slot in range(int(rng.integers(1, 4))):
            tall = rng.uniform(0.35, 0.8) * height
            x = width * (slot + 0.5) / 3 + rng.uniform(-0.04, 0.04) * width
            points = UPRIGHT * tall + (x, rng.uniform(2, height - tall - 2))
            for a, b in LIMBS:
                draw.line([*points[a], *points[b]], fill=(30, 40, 160), width=max(2, int(tall / 14)))
            r = tall * 0.075
            draw.ellipse([*(points[0] - r), *(points[0] + r)], fill=(220, 180, 150))
            draw.rectangle([*(points[1] - 2), *(points[1] + 2)], fill=(250, 30, 30))  # tells left from right
            low, high = points.min(0) - (tall * 0.04, tall * 0.08), points.max(0) + tall * 0.03
            entry = {"box": [*low, *high], "visible": 1, "keypoints": [[*p, 2] for p in points.tolist()], "kind": "adult", "ignore": False}
            people.append({**entry, "box": [float(v) for v in entry["box"]]})
        name = f"images/{number:06d}.png"
        picture.save(folder / name)
        pitch = 90 if number % 2 else 30
        lines.append(json.dumps({"image": name, "width": width, "height": height, "camera": {"heightM": 3.2, "pitchDeg": pitch, "fovDeg": 80}, "people": people}))
    (folder / "labels.jsonl").write_text("\n".join(lines) + "\n")
    return folder
