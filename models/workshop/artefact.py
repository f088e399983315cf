"""What one optimisation step leaves behind: FOLDER/{checkpoint.pt, fp32.onnx, int8.onnx, rows.npz, step.json}."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
from dataclasses import asdict, replace
from pathlib import Path
from typing import Callable

import torch

from workshop.bootstrap import Scored, difference, interval, score_pairs
from workshop.calibrate import calibrate
from workshop.dataset import ImageSet
from workshop.export import export, input_size
from workshop.fit import FitOptions
from workshop.network import DefectNet, load_checkpoint, macs, save_checkpoint
from workshop.problems import WorkshopError
from workshop.quantise import calibration_images
from workshop.ranges import Ranges, write_int8
from workshop.recipe import Recipe
from workshop.scoring import best_f, onnx_predict
from workshop.sources import Split, load_test
from workshop.train import fit_options


def add_step_arguments(a: argparse.ArgumentParser, minutes: float) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--checkpoint", type=Path, help="the trained network to start from; else out/ckpt/train-last.pt")
    a.add_argument("--out", type=Path, help="folder of the artefacts; else out/optimise/VERB")
    a.add_argument("--minutes", type=float, default=minutes, help="training time")
    a.add_argument("--rate", type=float, help="highest learning rate; else the recipe's")
    a.add_argument("--every", type=float, default=600, help="seconds between validations")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--count", type=int, default=1024, help="calibration pictures of the INT8 file")
    a.add_argument("--test-limit", type=int, help="score only the first test pictures (to try a command)")


def step_folder(o: argparse.Namespace, recipe: Recipe) -> Path:
    out = o.out or recipe.out / "optimise" / o.verb
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(o.threads)
    return out


def start_checkpoint(o: argparse.Namespace, recipe: Recipe) -> Path:
    path = o.checkpoint or recipe.out / "ckpt" / "train-last.pt"
    return need_file(path, f"run train --model {recipe.name} first, or give --checkpoint")


def need_file(path: Path, remedy: str) -> Path:
    if not path.is_file():
        raise WorkshopError(f"{path}: not there; {remedy}")
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, content: object) -> None:
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(content, indent=1) + "\n")
    partial.rename(path)


def arguments_of(o: argparse.Namespace) -> dict:
    """All that decides a step's result; threads, validation pace and folders are not among them."""
    given = {k: v for k, v in vars(o).items() if k not in ("threads", "every", "out", "data_root", "resume")}
    return {k: digest(v) if isinstance(v, Path) and v.is_file() else str(v) for k, v in given.items() if v is not None}


def step_options(recipe: Recipe, o: argparse.Namespace, folder: Path, going_on: bool, **changed: float) -> FitOptions:
    """The recipe's training options with what a step changes; --rate wins over both."""
    changed |= {"rate": o.rate} if o.rate else {}
    return replace(fit_options(recipe, o, "fit", o.minutes, **changed), out=folder, resume=going_on)


def begin(o: argparse.Namespace, folder: Path, make: Callable[[], DefectNet]) -> tuple[DefectNet, bool]:
    """The network that the step starts with, and whether its training goes on: a run that was stopped with the same arguments
    left `start.pt` and `fit-last.pt`. A start with other arguments begins anew."""
    start, note, last = folder / "start.pt", folder / "start.json", folder / "fit-last.pt"
    if start.is_file() and note.is_file() and json.loads(note.read_text()) == arguments_of(o):
        return load_checkpoint(start)[0], last.is_file()
    last.unlink(missing_ok=True)
    net = make()
    save_checkpoint(start, net.shape, net.state_dict())
    write_json(note, arguments_of(o))
    return load_checkpoint(start)[0], False


def relative(argument: str, recipe: Recipe) -> str:
    """Paths inside of the repository are shown from its root; others by their file name."""
    root = str(recipe.folder.parent.parent) + os.sep
    if argument.startswith(root):
        return argument[len(root):]
    return Path(argument).name if argument.startswith(os.sep) else argument


def command_of(o: argparse.Namespace, recipe: Recipe) -> str:
    """The command that makes this step again, without what only says where data lie."""
    parts = [f"npx nx run models:{o.verb}", f"--model {recipe.name}"]
    for key, value in vars(o).items():
        if key in ("verb", "model", "data_root", "threads", "every") or value is None or value is False:
            continue
        name = f"--{key.replace('_', '-')}"
        parts.append(name if value is True else f"{name} {shlex.quote(relative(str(value), recipe))}")
    return " ".join(parts)


def described(path: Path, scored: Scored, classes: tuple[str, ...], base: Scored | None) -> dict:
    """Figures of one ONNX file on the test pictures; `loss` is the paired difference to the unoptimised FP32 file."""
    low, high = interval(scored)
    found = best_f(scored.rows_per_class(), scored.totals())
    entry = {
        "file": path.name, "sha256": digest(path), "bytes": path.stat().st_size, "pairs": len(scored.counts),
        "map": scored.map(), "low": low, "high": high, "ap": {c: None if v != v else v for c, v in zip(classes, scored.ap())}, "f": found["f"], "threshold": found["threshold"],
    }
    if base is not None and len(base.counts) == len(scored.counts):
        entry["against_base"] = dict(zip(("map", "low", "high"), difference(scored, base)))
    return entry


def test_pictures(recipe: Recipe, o: argparse.Namespace, splits: list[Split]) -> tuple[str, ImageSet]:
    """The public test list; a recipe without one is scored on its held-out pictures, and the figures say so."""
    test = load_test(recipe, o.data_root)
    name, pictures = (f"{test[0].id} test", test[1]) if test else (f"{splits[0].source.id} held out", splits[0].validation)
    return name, pictures.subset(list(range(min(o.test_limit, len(pictures))))) if o.test_limit else pictures


def export_both(recipe: Recipe, net: DefectNet, folder: Path, splits: list[Split], count: int, ranges: Ranges | None = None) -> None:
    """fp32.onnx and int8.onnx of a fused network; ranges of a network trained with them are used as they are."""
    height, width = input_size(recipe)
    export(net, folder / "fp32.onnx", height, width)
    if ranges is None:
        images = calibration_images(splits, count, recipe.seed, height, width)
        ranges = calibrate(folder / "fp32.onnx", images, ("minmax",), (len(images),))["minmax", len(images)]
    write_int8(folder / "fp32.onnx", folder / "int8.onnx", ranges)


def finish(
    o: argparse.Namespace, recipe: Recipe, folder: Path, net: DefectNet, splits: list[Split], more: dict, ranges: Ranges | None = None
) -> None:
    """net is fused. Writes the two files, scores both and leaves step.json as the last file."""
    export_both(recipe, net, folder, splits, o.count, ranges)
    name, pictures = test_pictures(recipe, o, splits)
    height, width = input_size(recipe)
    base_rows = folder.parent / "base" / "rows.npz"
    base = Scored.read(base_rows, "fp32") if base_rows.is_file() and folder.name != "base" else None
    scored = {v: score_pairs(onnx_predict(folder / f"{v}.onnx", o.threads), pictures, len(recipe.classes)) for v in ("fp32", "int8")}
    Scored.write(folder / "rows.npz", scored)
    files = {v: described(folder / f"{v}.onnx", s, recipe.classes, base or (scored["fp32"] if v == "int8" else None)) for v, s in scored.items()}
    write_json(folder / "step.json", {
        "step": folder.name, "command": command_of(o, recipe), "arguments": arguments_of(o), "seed": recipe.seed,
        "shape": asdict(net.shape), "parameters": parameters(net), "macs": macs(net.shape, height, width),
        "scored_on": name, "calibration": o.count, **more, "files": files,
    })
    for v, f in files.items():
        print(f"{folder.name} {v}: {f['bytes']} bytes, mAP {f['map'] * 100:.2f} [{f['low'] * 100:.2f}, {f['high'] * 100:.2f}], F {f['f'] * 100:.2f}", flush=True)


def parameters(net: DefectNet) -> int:
    """Weights and biases as deployed: batch normalisation is folded into them."""
    return sum(p.numel() for p in net.parameters())


def fused(net: DefectNet, folder: Path) -> DefectNet:
    """Keeps the trained network as FOLDER/checkpoint.pt and returns it folded."""
    save_checkpoint(folder / "checkpoint.pt", net.shape, net.state_dict())
    return load_checkpoint(folder / "checkpoint.pt")[0].eval().fuse()


def spent(folder: Path) -> dict:
    """Minutes and steps of the training, from its last checkpoint."""
    saved = torch.load(folder / "fit-last.pt", weights_only=True)
    return {"minutes": round(saved["spent"] / 60, 2), "steps": int(saved["step"])}
