"""Every optimisation of one network, in order; a step that is done is skipped, one that was stopped goes on.

Each step is a verb of its own (its command stands in its step.json), run in a process of its own, and leaves
out/optimise/STEP/{fp32,int8}.onnx and step.json. `base` and `calibration` are made here. The sum of all steps becomes
out/optimise/summary.json, from which docs/optimisation.md is made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from workshop.artefact import arguments_of, command_of, finish, start_checkpoint, test_pictures, write_json
from workshop.bootstrap import Scored
from workshop.calibration_study import COUNTS, study
from workshop.recipe import input_size
from workshop.network import load_checkpoint
from workshop.problems import WorkshopError
from workshop.quantise import calibration_images
from workshop.recipe import Recipe
from workshop.sources import load_split


@dataclass(frozen=True)
class Step:
    name: str
    verb: str
    minutes: float = 0
    options: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    """Options that name the checkpoint of an earlier step; `base` is the network that is optimised."""


BASE, TEACHER = ("--checkpoint", "base"), ("--teacher", "teacher")
STEPS = (
    Step("base", "optimise"),
    Step("calibration", "optimise"),
    Step("teacher", "grow", 14, (), (BASE,)),
    Step("prune-50", "prune", 5, ("--keep", "0.5"), (BASE,)),
    Step("prune-70", "prune", 6, ("--keep", "0.3"), (BASE,)),
    Step("student-alone", "distil", 7, ("--without-teacher",)),
    Step("student-distilled", "distil", 7, (), (TEACHER,)),
    Step("prune-70-distilled", "distil", 5, (), (("--checkpoint", "prune-70"), TEACHER)),
    Step("qat", "qat", 4, (), (BASE,)),
)


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--data-root", type=Path, help="folder of the data sets; else EDGE_DATA, else ../shared/data")
    a.add_argument("--checkpoint", type=Path, help="the trained network; else out/ckpt/train-last.pt")
    a.add_argument("--only", action="append", metavar="STEP", help="run this step only (may be repeated)")
    a.add_argument("--again", action="store_true", help="run steps that are done once more")
    a.add_argument("--list", action="store_true", help="show the steps and which are done")
    a.add_argument("--minutes-scale", type=float, default=1.0, help="factor on the training time of every step")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--count", type=int, default=COUNTS[-1], help="calibration pictures")
    a.add_argument("--trial", action="store_true", help="few pictures, into out/optimise-trial: does every step run?")
    a.add_argument("--test-limit", type=int, help=argparse.SUPPRESS)


def verb_arguments(step: Step, o: argparse.Namespace, recipe: Recipe, root: Path, base: Path) -> list[str]:
    out = [step.verb, "--model", recipe.name, "--out", str(root / step.name), "--minutes", f"{round(step.minutes * o.minutes_scale, 3):g}"]
    for option, source in step.inputs:
        out += [option, str(base if source == "base" else root / source / "checkpoint.pt")]
    out += [*step.options, "--count", str(o.count), "--threads", str(o.threads)]
    out += ["--data-root", str(o.data_root)] if o.data_root else []
    return out + (["--test-limit", str(o.test_limit)] if o.test_limit else [])


def wanted(step: Step, o: argparse.Namespace, recipe: Recipe, root: Path, base: Path) -> dict:
    """What step.json must say for the step to count as done."""
    if step.verb == "optimise":
        return own_arguments(step, o, base)
    from importlib import import_module

    parser = argparse.ArgumentParser()
    parser.add_argument("verb")
    parser.add_argument("--model")
    import_module(f"workshop.{step.verb}").add_arguments(parser)
    return arguments_of(parser.parse_args(verb_arguments(step, o, recipe, root, base)))


def own_arguments(step: Step, o: argparse.Namespace, base: Path) -> dict:
    return arguments_of(argparse.Namespace(step=step.name, checkpoint=base, count=o.count, test_limit=o.test_limit))


def done(step: Step, o: argparse.Namespace, recipe: Recipe, root: Path, base: Path) -> bool:
    path = root / step.name / "step.json"
    return path.is_file() and json.loads(path.read_text())["arguments"] == wanted(step, o, recipe, root, base)


def run_own(step: Step, o: argparse.Namespace, recipe: Recipe, root: Path, base: Path) -> None:
    """`base`: the two files of the network as it is. `calibration`: the comparison of post-training quantisation."""
    folder = root / step.name
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(o.threads)
    entry = argparse.Namespace(verb="optimise", model=recipe.name, only=step.name, checkpoint=base, count=o.count, test_limit=o.test_limit)
    entry.data_root, entry.threads = o.data_root, o.threads
    splits = load_split(recipe, o.data_root)
    if step.name == "base":
        finish(entry, recipe, folder, load_checkpoint(base)[0].eval().fuse(), splits, {"method": "as trained"})
        written = json.loads((folder / "step.json").read_text())
    else:
        source = root / "base"
        height, width = input_size(recipe)
        images = calibration_images(splits, o.count, recipe.seed, height, width)
        order = np.random.default_rng(recipe.seed).permutation(len(images))  # the list holds one source after the other
        counts = tuple(n for n in COUNTS if n < len(images)) + (len(images),)
        name, test = test_pictures(recipe, entry, splits)
        found = study(source / "fp32.onnx", folder, [images[i] for i in order], counts, test, Scored.read(source / "rows.npz", "fp32"), recipe.classes, o.threads)
        written = {"step": step.name, "command": command_of(entry, recipe), "seed": recipe.seed, "scored_on": name, **found}
    write_json(folder / "step.json", {**written, "arguments": own_arguments(step, o, base)})


def summarise(recipe: Recipe, root: Path) -> None:
    steps = [json.loads((root / s.name / "step.json").read_text()) for s in STEPS if (root / s.name / "step.json").is_file()]
    machine = {"processor": processor(), "cores": os.cpu_count(), "python": platform.python_version(), "torch": torch.__version__, "onnxruntime": ort.__version__}
    write_json(root / "summary.json", {"model": recipe.name, "classes": recipe.classes, "machine": machine, "steps": steps})
    print(f"{root / 'summary.json'}: {len(steps)} of {len(STEPS)} steps", flush=True)


def processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] if info.is_file() else []
    return names[0] if names else platform.processor() or platform.machine()


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    unknown = [n for n in o.only or [] if n not in {s.name for s in STEPS}]
    if unknown:
        raise WorkshopError([f"--only {n}: there is no such step; the steps are {', '.join(s.name for s in STEPS)}" for n in unknown])
    root = recipe.out / ("optimise-trial" if o.trial else "optimise")
    if o.trial:
        o.minutes_scale, o.count, o.test_limit = 0.01 * o.minutes_scale, 16, 12
    base = start_checkpoint(o, recipe)
    for step in STEPS:
        finished = done(step, o, recipe, root, base)
        if o.list:
            print(f"{step.name:20} {'done' if finished else 'to do':6} {step.minutes * o.minutes_scale:5.1f} min  {step.verb} {' '.join(step.options)}")
            continue
        if (o.only and step.name not in o.only) or (finished and not o.again):
            if finished:
                print(f"{step.name}: done before", flush=True)
            continue
        absent = [f"{step.name} needs {root / s / 'checkpoint.pt'}; run optimise --only {s} first" for _, s in step.inputs if s != "base" and not (root / s / "checkpoint.pt").is_file()]
        if absent:
            raise WorkshopError(absent)
        begun = time.time()
        print(f"--- {step.name}", flush=True)
        for stale in ("step.json", "start.json") if o.again else ("step.json",):  # without start.json the training begins anew
            (root / step.name / stale).unlink(missing_ok=True)
        if step.verb == "optimise":
            run_own(step, o, recipe, root, base)
        elif subprocess.run([sys.executable, "-m", "workshop", *verb_arguments(step, o, recipe, root, base)]).returncode != 0:
            raise WorkshopError(f"the step {step.name} failed, see above; run optimise again to go on with it")
        print(f"--- {step.name}: {(time.time() - begun) / 60:.1f} minutes", flush=True)
    if not o.list:
        summarise(recipe, root)
