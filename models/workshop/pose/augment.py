"""Changes a labelled picture as cameras, mountings and shops differ: place and scale, mirror, light, colour, blur, noise, coding, cover."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from workshop.pose.people import People, Pictures
from workshop.pose.points import FLIPPED

PAD = 114
LEAST_KEPT = 0.3
"""A box of which less lies in the crop is ignored."""
LEAST_SEEN = 0.25
"""People of whom less is seen are ignored: they can only be guessed."""
LEAST_SIDE = 9.0
"""Boxes smaller than this in both directions are ignored, pixels."""


@dataclass(frozen=True)
class Rates:
    """How often each change is made; scale lowest and highest. Light, noise and coding are rare here: the pictures come with their own."""

    scale: tuple[float, float] = (0.8, 1.5)
    flip: float = 0.5
    whole: float = 0.35
    light: float = 0.5
    grey: float = 0.03
    swap: float = 0.1
    blur: float = 0.1
    noise: float = 0.15
    coding: float = 0.1
    cover: float = 0.25
    bars: float = 0.4


class Augmenter:
    """Random crops of `size` (height, width) with their people."""

    def __init__(self, pictures: Pictures, size: tuple[int, int], rates: Rates = Rates()) -> None:
        self.pictures, self.size, self.rates = pictures, size, rates
        noise = np.random.default_rng(7).normal(0, 1, (2 * size[0], 2 * size[1], 3))
        self.noise = np.clip(np.rint(noise * 16), -127, 127).astype(np.int16)

    def __len__(self) -> int:
        return len(self.pictures)

    def sample(self, index: int, rng: np.random.Generator) -> tuple[np.ndarray, People]:
        """uint8 [3, h, w] and the people in it."""
        picture = Image.fromarray(np.asarray(self.pictures.images[index]))
        window = self.window(picture.size, rng)
        out = picture.transform(self.size[::-1], Image.Transform.EXTENT, tuple(window), Image.Resampling.BILINEAR, fillcolor=(PAD, PAD, PAD))
        people = into_window(self.pictures.people[index], window, self.size)
        if rng.random() < self.rates.flip:
            out, people = out.transpose(Image.Transpose.FLIP_LEFT_RIGHT), mirrored(people, self.size[1])
        pixels = self.colours(self.lens(out, rng), rng)
        if rng.random() < self.rates.cover:
            people = cover(pixels, people, rng)
        if rng.random() < self.rates.bars:
            pixels[:3] = pixels[-3:] = PAD  # what a 16:9 camera leaves above and below
        return np.ascontiguousarray(pixels.transpose(2, 0, 1)), people

    def window(self, source: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
        """x0 y0 x1 y1 of the part that is shown, source pixels; up to an eighth of it may lie outside of the picture."""
        (width, height), (h, w) = source, self.size
        low, high = np.log(self.rates.scale)
        scale = 1.0 if rng.random() < self.rates.whole else float(np.exp(rng.uniform(low, high)))
        stretch = float(np.exp(rng.normal(0, 0.05))) if scale != 1.0 else 1.0
        side = np.array([w / scale * stretch, h / scale / stretch])
        free = np.array([width, height]) - side
        slack = side / 8 * (scale != 1.0)
        start = rng.uniform(np.minimum(free, 0) - slack, np.maximum(free, 0) + slack)
        return np.concatenate([start, start + side])

    def lens(self, picture: Image.Image, rng: np.random.Generator) -> Image.Image:
        if rng.random() < self.rates.blur:
            picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.4))))
        if rng.random() < self.rates.coding:
            packed = io.BytesIO()
            picture.save(packed, "JPEG", quality=int(rng.integers(25, 85)))
            picture = Image.open(packed).convert("RGB")
        return picture

    def colours(self, picture: Image.Image, rng: np.random.Generator) -> np.ndarray:
        if rng.random() < self.rates.grey:
            picture = picture.convert("L").convert("RGB")
        elif rng.random() < self.rates.swap:
            picture = Image.merge("RGB", [picture.getchannel(int(c)) for c in rng.permutation(3)])
        if rng.random() < self.rates.light:
            x = np.arange(256) / 255
            shared = x ** float(np.exp(rng.normal(0, 0.25))) * rng.uniform(0.65, 1.3) + rng.uniform(-0.08, 0.08)
            tables = shared * np.exp(rng.normal(0, 0.07, (3, 1))) * 255
            picture = picture.point(np.clip(tables, 0, 255).astype(np.uint8).ravel().tolist())
        pixels = np.array(picture)
        if rng.random() < self.rates.noise:
            strength = int(rng.integers(2, 14))
            y, x = rng.integers(0, self.size[0]), rng.integers(0, self.size[1])
            grain = self.noise[y : y + self.size[0], x : x + self.size[1]]
            if rng.random() < 0.5:
                grain = grain[..., :1]
            pixels = np.clip(pixels + (grain * strength >> 4), 0, 255).astype(np.uint8)
        return pixels


def into_window(people: People, window: np.ndarray, size: tuple[int, int]) -> People:
    """People in pixels of the crop. Those of whom too little is left are ignored; those outside are gone."""
    scale = np.array([size[1], size[0]]) / (window[2:] - window[:2])
    origin, end = np.tile(window[:2], 2), np.array([size[1], size[0]] * 2)
    moved = (people.boxes - origin) * np.tile(scale, 2)
    boxes = np.clip(moved, 0, end).astype(np.float32)
    points = people.points.copy()
    points[..., :2] = (points[..., :2] - window[:2]) * scale
    outside = (points[..., :2] < 0).any(-1) | (points[..., :2] >= end[:2]).any(-1)
    points[..., 2] = np.where(outside, 0, points[..., 2])
    sides, whole = boxes[:, 2:] - boxes[:, :2], (moved[:, 2:] - moved[:, :2]).prod(1)
    kept = sides.prod(1) / np.maximum(whole, 1e-6)
    ignore = people.ignore | (people.visible < LEAST_SEEN) | (kept < LEAST_KEPT) | (sides.max(1, initial=0) < LEAST_SIDE)
    return People(boxes, points, people.visible, ignore).chosen((sides > 1).all(1))


def mirrored(people: People, width: int) -> People:
    boxes, points = people.boxes.copy(), people.points[:, FLIPPED].copy()
    boxes[:, [0, 2]] = width - people.boxes[:, [2, 0]]
    points[..., 0] = width - points[..., 0]
    return People(boxes, points, people.visible, people.ignore)


def cover(pixels: np.ndarray, people: People, rng: np.random.Generator) -> People:
    """Lays one to three rectangles over the picture in place. Points under one are hidden; people mostly under one are ignored."""
    h, w = pixels.shape[:2]
    points, visible = people.points.copy(), people.visible.copy()
    for _ in range(int(rng.integers(1, 4))):
        side = rng.uniform((6, 6), (w / 4, h / 4))
        x0, y0 = (int(v) for v in rng.uniform((0, 0), (w, h) - side))
        x1, y1 = x0 + int(side[0]), y0 + int(side[1])
        flat = rng.integers(0, 256, 3)
        ground = pixels[y0:y1, x0:x1][::-1, ::-1].copy() if rng.random() < 0.4 else flat
        pixels[y0:y1, x0:x1] = ground
        under = (points[..., 0] >= x0) & (points[..., 0] < x1) & (points[..., 1] >= y0) & (points[..., 1] < y1)
        points[..., 2] = np.where(under & (points[..., 2] == 2), 1, points[..., 2])
        inner = np.minimum(people.boxes[:, 2:], (x1, y1)) - np.maximum(people.boxes[:, :2], (x0, y0))
        area = (people.boxes[:, 2:] - people.boxes[:, :2]).prod(1)
        visible = visible * (1 - np.maximum(inner, 0).prod(1) / np.maximum(area, 1e-6))
    return People(people.boxes, points, visible.astype(np.float32), people.ignore | (visible < LEAST_SEEN))
