"""Training samples: crops of board pairs with changes that keep the labels true. Seeded by the caller's generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from workshop.dataset import ImageSet


@dataclass(frozen=True)
class AugmentRates:
    """Probabilities per sample."""

    good: float = 0.08
    shift: float = 0.35
    edge: float = 0.25
    grey: float = 0.15
    paste: float = 0.6


def collect_patches(pairs: ImageSet, margin: int = 8, largest: int = 150) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut-outs (C, h, w) around single defects with their box, for pasting into other boards."""
    patches = []
    for image, boxes in zip(pairs.images, pairs.boxes):
        for k, (x1, y1, x2, y2, cls) in enumerate(boxes):
            ax, ay, bx, by = int(x1) - margin, int(y1) - margin, int(x2) + margin, int(y2) + margin
            if ax < 0 or ay < 0 or bx > image.shape[2] or by > image.shape[1] or max(bx - ax, by - ay) > largest:
                continue
            others = np.delete(boxes, k, 0)
            if overlaps(others, ax, ay, bx, by):
                continue
            patches.append((image[:, ay:by, ax:bx].copy(), np.float32([x1 - ax, y1 - ay, x2 - ax, y2 - ay, cls])))
    return patches


def overlaps(boxes: np.ndarray, ax: float, ay: float, bx: float, by: float) -> bool:
    if not len(boxes):
        return False
    return bool(np.any((boxes[:, 0] < bx) & (boxes[:, 2] > ax) & (boxes[:, 1] < by) & (boxes[:, 3] > ay)))


def dihedral(image: np.ndarray, boxes: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """One of the 8 symmetries of the square, for image (C, h, w) and its boxes."""
    if k & 4:
        image = image[:, :, ::-1]
        w = image.shape[2]
        boxes = np.stack([w - boxes[:, 2], boxes[:, 1], w - boxes[:, 0], boxes[:, 3], boxes[:, 4]], 1)
    for _ in range(k & 3):  # a quarter turn counter-clockwise: (x, y) -> (y, w - x)
        w = image.shape[2]
        image = np.rot90(image, 1, (1, 2))
        boxes = np.stack([boxes[:, 1], w - boxes[:, 2], boxes[:, 3], w - boxes[:, 0], boxes[:, 4]], 1)
    return image, boxes


class Augmenter:
    """Draws random training samples. `ignore` boxes mark defects cut by the crop border."""

    def __init__(self, pairs: ImageSet, crop: int, rates: AugmentRates) -> None:
        self.pairs, self.crop, self.rates = pairs, crop, rates
        self.patches = collect_patches(pairs) if rates.paste > 0 else []

    def sample(self, index: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Image uint8 (C, crop, crop), boxes [n, 5], ignored boxes [m, 4]."""
        image, boxes, ignore = self._crop(self.pairs.images[index], self.pairs.boxes[index], rng)
        paired = image.shape[0] == 2
        if paired and rng.random() < self.rates.good:
            image[0] = image[1]
            boxes, ignore = boxes[:0], ignore[:0]
        elif self.patches and rng.random() < self.rates.paste:
            boxes = self._paste(image, boxes, ignore, rng)
        if paired and rng.random() < self.rates.shift:
            dx, dy = rng.integers(-3, 4, 2)
            image[1] = shift(image[1], int(dx), int(dy))
        u = rng.random()
        if u < self.rates.edge:
            image = rough_edges(image, rng)
        elif u < self.rates.edge + self.rates.grey:
            image = grey_levels(image, rng)
        return image, boxes, ignore

    def _crop(self, image: np.ndarray, boxes: np.ndarray, rng: np.random.Generator):
        size, (_, height, width) = self.crop, image.shape
        if size < height or size < width:
            if len(boxes) and rng.random() < 0.5:  # half of the crops hold a defect for sure
                b = boxes[rng.integers(len(boxes))]
                cx, cy = (b[0] + b[2]) / 2, (b[1] + b[3]) / 2
                ox = int(np.clip(cx - rng.uniform(0.1, 0.9) * size, 0, width - size))
                oy = int(np.clip(cy - rng.uniform(0.1, 0.9) * size, 0, height - size))
            else:
                ox, oy = int(rng.integers(0, width - size + 1)), int(rng.integers(0, height - size + 1))
            image = image[:, oy : oy + size, ox : ox + size]
            boxes = boxes - np.float32([ox, oy, ox, oy, 0])
        clipped = boxes.copy()
        clipped[:, :4] = clipped[:, :4].clip(0, size)
        area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        seen = (clipped[:, 2] - clipped[:, 0]).clip(0) * (clipped[:, 3] - clipped[:, 1]).clip(0) / area.clip(1)
        ignore = clipped[(seen > 0.02) & (seen < 0.75)]
        image, both = dihedral(image, np.concatenate([clipped[seen >= 0.75], ignore]), int(rng.integers(8)))
        kept = int((seen >= 0.75).sum())
        return np.ascontiguousarray(image).copy(), both[:kept], both[kept:, :4]

    def _paste(self, image: np.ndarray, boxes: np.ndarray, ignore: np.ndarray, rng: np.random.Generator):
        taken = np.concatenate([boxes[:, :4], ignore])
        out = [boxes]
        for _ in range(int(rng.integers(1, 4))):
            patch, box = self.patches[rng.integers(len(self.patches))]
            patch, moved = dihedral(patch, box[None], int(rng.integers(8)))
            _, h, w = patch.shape
            if max(h, w) >= self.crop:
                continue
            ox, oy = int(rng.integers(0, self.crop - w)), int(rng.integers(0, self.crop - h))
            if overlaps(taken, ox, oy, ox + w, oy + h):
                continue
            image[:, oy : oy + h, ox : ox + w] = patch
            moved = moved + np.float32([ox, oy, ox, oy, 0])
            out.append(moved)
            taken = np.concatenate([taken, np.float32([[ox, oy, ox + w, oy + h]])])
        return np.concatenate(out)


def shift(channel: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """Moves by whole pixels and repeats the border."""
    h, w = channel.shape
    ys = np.clip(np.arange(h) - dy, 0, h - 1)
    xs = np.clip(np.arange(w) - dx, 0, w - 1)
    return channel[ys[:, None], xs]


def rough_edges(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blurs, adds noise and makes it two-valued again: edges move by about a pixel, each channel on its own."""
    out = np.empty_like(image)
    for c in range(len(image)):
        soft = gaussian_filter(image[c].astype(np.float32), rng.uniform(0.5, 1.3), truncate=2.5)
        soft += rng.standard_normal(soft.shape, dtype=np.float32) * rng.uniform(0, 35)
        out[c] = np.where(soft > 127 + rng.uniform(-35, 35), 255, 0)
    return out


def grey_levels(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Camera-like greys: blur, contrast, brightness, illumination slope and sensor noise. Half of the time on the
    board only, with the template left as drawn."""
    out = image.copy()
    dark, light = rng.uniform(10, 95), rng.uniform(150, 250)
    h, w = image.shape[1:]
    for c in range(min(len(image), int(rng.integers(1, 3)))):
        soft = gaussian_filter(image[c].astype(np.float32), rng.uniform(0.3, 1.2), truncate=2.5) / 255
        soft = (dark + rng.uniform(-10, 10)) * (1 - soft) + (light + rng.uniform(-10, 10)) * soft
        slope = rng.uniform(-12, 12, 2)
        soft += np.linspace(-slope[0], slope[0], h, dtype=np.float32)[:, None]
        soft += np.linspace(-slope[1], slope[1], w, dtype=np.float32)[None]
        soft += rng.standard_normal(soft.shape, dtype=np.float32) * rng.uniform(0, 8)
        out[c] = soft.clip(0, 255)
    return out
