"""Writes the golden vectors of a detector: inputs, and what PyTorch and each ONNX file give for them (out/golden).

The pixels come from rendered boards of the recipe, or from simple drawn ones when there are none; never from a set that may not
be passed on. The packer compares these outputs with those of the station and refuses a bundle in which they differ.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from workshop.data.pairs import read_pairs
from workshop.data.records import load_records
from workshop.recipe import input_size
from workshop.golden_outputs import GoldenPath, differences, onnx_path, write_golden_outputs
from workshop.network import DefectNet, ExportNet, load_checkpoint
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, source_path


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
    a.add_argument("--pictures", type=Path, help="folder of our own rendered pairs; else the recipe's, else simple drawn ones")
    a.add_argument("--checkpoint", type=Path, help="the one that was exported; else out/ckpt/train-last.pt")
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--keep-inputs", action="store_true", help="compute the *.bin of out/golden again, do not choose new ones")


def pictures_folder(o: argparse.Namespace, recipe: Recipe) -> Path | None:
    """The folder given, else the first rendered set of the recipe that may be passed on and is there."""
    if o.pictures:
        return o.pictures
    own = [source_path(recipe, s, o.data_root) for s in recipe.data if s.format == "pairs" and s.redistribution == "allowed"]
    return next((folder for folder in own if (folder / "labels").is_dir()), None)


def chosen_pairs(folder: Path, rng: np.random.Generator, recipe: Recipe) -> np.ndarray:
    """Four boards with defects and two without, uint8 [6, 2, H, W]; only these are read."""
    labels = sorted((folder / "labels").glob("*.txt"))
    bad = [p.stem for p in labels if p.read_text().strip()]
    good = [p.stem for p in labels if not p.read_text().strip()]
    ids = [str(i) for i in rng.permutation(bad)[:4]] + [str(i) for i in rng.permutation(good)[:2]]
    if not ids:
        raise WorkshopError(f"{folder}: no labels/*.txt; give a folder of rendered pairs")
    return load_records(read_pairs(folder, len(recipe.classes), ids), *input_size(recipe)).images


def kept_inputs(folder: Path, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    files = sorted(folder.glob("*.bin"))
    problems = [f"{p}: {p.stat().st_size} bytes, the model wants {np.prod(shape)}; leave out --keep-inputs" for p in files if p.stat().st_size != np.prod(shape)]
    if problems or not files:
        raise WorkshopError(problems or f"{folder}: no *.bin to keep; leave out --keep-inputs")
    return {p.stem: np.fromfile(p, np.uint8).reshape(shape) for p in files}


def torch_path(net: DefectNet, checkpoint: Path) -> GoldenPath:
    """net is fused. The network as exported, in PyTorch on one thread."""
    deployed = ExportNet(net).eval()

    def compute(image: np.ndarray) -> dict[str, np.ndarray]:
        with torch.inference_mode():
            scores, boxes = deployed(torch.from_numpy(image)[None])
        return {"scores": scores.numpy(), "boxes": boxes.numpy()}

    return GoldenPath("pytorch", checkpoint, f"torch {torch.__version__}", compute)


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    checkpoint = o.checkpoint or recipe.out / "ckpt" / "train-last.pt"
    models = [recipe.out / f"{stem}.onnx" for stem in ("fp32", "int8")]
    missing = [f"{p}: not there; train, export and quantise --model {recipe.name} first" for p in [checkpoint, *models] if not p.is_file()]
    if missing:
        raise WorkshopError(missing)
    torch.set_num_threads(1)
    net = load_checkpoint(checkpoint)[0].eval().fuse()
    folder = recipe.out / "golden"
    shape = (net.shape.channels, *input_size(recipe))
    if o.keep_inputs:
        inputs = kept_inputs(folder, shape)
    else:
        rng = np.random.default_rng(recipe.seed)
        source = pictures_folder(o, recipe)
        images = [drawn_pair(rng, good=k >= 4) for k in range(6)] if source is None else chosen_pairs(source, rng, recipe)
        inputs = {str(k): np.ascontiguousarray(image[: shape[0]]) for k, image in enumerate(images)}
    write_golden_outputs(folder, inputs, [torch_path(net, checkpoint), *(onnx_path(p) for p in models)])
    print(f"{folder}: {len(inputs)} vectors through pytorch, fp32 and int8")
    for line in differences(folder, "pytorch"):
        print(f"  {line}")
