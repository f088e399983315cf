"""Makes what a target runs out of a bundle, and compares it with the bundle's ONNX model (parity gate).

Checks first, all problems at once: operators, opset, shapes and quantisation of the ONNX file against target.json, and the
calibration set where the compiler wants one. Then compiles, where the compiler can be had for a CPU from a package registry;
other routes get their prepared files, checked in the same way, and the command of their recipe. Exit code 0: done; 1: the parity
gate failed; 2: refused.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from workshop.compile.bundle import Bundle, gate_tolerances, read_bundle
from workshop.compile.calibration import check_calibration, write_distinct
from workshop.compile.compiler import run_compiler
from workshop.compile.graph import check_graph
from workshop.compile.parity import gate
from workshop.compile.prepare import Prepared, prepare, run_onnx
from workshop.compile.report import write_atomic, write_report
from workshop.compile.target import Route, Target, choose_route, read_target, target_ids
from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def add_arguments(a: argparse.ArgumentParser) -> None:
    a.add_argument("--target", required=True, help=f"one of {', '.join(target_ids())}")
    a.add_argument("--route", help="one of the target's routes; else its first")
    a.add_argument("--onnx", type=Path, help="another ONNX file instead of the bundle's, still compared with the bundle's outputs")
    a.add_argument("--calibration", type=Path, help="uint8 [N, C, H, W] .npy; else models/NAME/out/calibration.npy")
    a.add_argument("--make-calibration", action="store_true", help="make that file from the recipe's training pictures first")
    a.add_argument("--data-root", type=Path, help="folder of the data sets, for --make-calibration")
    a.add_argument("--pictures", type=int, default=24, help="calibration pictures compared besides the golden vectors")
    a.add_argument("--results", type=Path, help="outputs that the target gave for inputs.npz: compare them, compile nothing")
    a.add_argument("--out", type=Path, help="else models/NAME/out/compiled/TARGET/ROUTE")
    a.add_argument("--no-report", action="store_true", help="do not write the report beside target.json")


def run(o: argparse.Namespace, recipe: Recipe) -> None:
    target = read_target(o.target)
    route = choose_route(target, o.route)
    bundle = read_bundle(recipe.name)
    precision = "int8" if route.source == "int8" else "fp32"
    if precision not in bundle.files:
        raise WorkshopError(f"models/bundles/{bundle.name}: no {precision} variant, which {target.id} {route.id} starts from; it has {', '.join(bundle.files)}")
    source = o.onnx or bundle.files[precision]
    folder = o.out or recipe.out / "compiled" / target.id / route.id
    folder.mkdir(parents=True, exist_ok=True)
    if o.results:
        return judge_results(o.results, folder, route, target, bundle, precision)
    calibration = find_calibration(o, recipe, route, bundle)
    source = quantised_source(source, route, folder, calibration, bundle, target)
    findings = check_graph(source, route, target.id)
    for warning in findings.warnings:
        print(f"note: {warning}")
    if findings.problems:
        raise WorkshopError(findings.problems)
    names, inputs, expected = references(o, bundle, precision, calibration)
    prepared = prepare(source, route, folder)
    print(f"{target.id} {route.id}: {source.name} fits; {len(inputs)} inputs to compare", flush=True)
    compiled = None
    np.savez(folder / "inputs.npz", **{str(i): x[bundle.input_name] for i, x in enumerate(bundle.inputs)})
    if route.runHere:
        feed = [x[bundle.input_name].astype(prepared.input_dtype) for x in inputs]
        compiled = run_compiler(route, folder, prepared.model, (bundle.input_name, prepared.cut), feed, calibration[0] if calibration else None)
        outputs = finish(prepared, compiled.outputs)
    else:
        whole = [{bundle.input_name: x[bundle.input_name].astype(prepared.input_dtype)} for x in inputs]
        outputs = finish(prepared, run_onnx(prepared.model, whole))
    parity = gate(names, outputs, expected, gate_tolerances(bundle, route.parity), bundle.verdicts)
    artefacts = compiled.artefacts if compiled else [p for p in (prepared.model, prepared.tail) if p]
    report = make_report(target, route, bundle, source, precision, calibration, artefacts, compiled, parity)
    write_atomic(folder / "report.json", json.dumps(report, indent=2) + "\n")
    tell(route, target, folder, report)
    if parity["passed"] and not o.no_report and o.onnx is None:
        write_report(target, route, bundle.name, report)
    if not parity["passed"]:
        sys.exit(1)


def find_calibration(o: argparse.Namespace, recipe: Recipe, route: Route, bundle: Bundle) -> tuple[Path, np.ndarray] | None:
    """The checked set of a route that needs one."""
    if not route.calibration["needed"]:
        return None
    file, minimum = o.calibration or recipe.out / "calibration.npy", int(route.calibration["minimumSamples"])
    if o.make_calibration:
        make_calibration(file, recipe, minimum, o.data_root, bundle)
    return file, check_calibration(file, bundle.input_dims[1:], minimum)


def make_calibration(file: Path, recipe: Recipe, minimum: int, root: Path | None, bundle: Bundle) -> None:
    if recipe.kind == "one-class":
        raise WorkshopError(f"--make-calibration does not know the kind {recipe.kind}; give a set with --calibration FILE.npy")
    from workshop.quantise import calibration_images
    from workshop.sources import load_split

    drawn = calibration_images(load_split(recipe, root), minimum + minimum // 4, recipe.seed, *bundle.input_dims[2:])
    order = np.random.default_rng(recipe.seed).permutation(len(drawn))
    print(f"{file}: {write_distinct(file, [drawn[i] for i in order], minimum)} distinct pictures", flush=True)


def quantised_source(source: Path, route: Route, folder: Path, calibration: tuple[Path, np.ndarray] | None, bundle: Bundle, target: Target) -> Path:
    """A route from int8-symmetric quantises the FP32 file here, after the same checks as every other file."""
    if route.source != "int8-symmetric":
        return source
    problems = check_graph(source, route, target.id).problems
    if problems:
        raise WorkshopError(problems)
    if calibration is None:
        raise WorkshopError(f"blueprints/targets/{target.id}/target.json: {route.id} starts from int8-symmetric, so calibration.needed must be true")
    from workshop.compile.symmetric import quantise_symmetric

    quantise_symmetric(source, folder / "symmetric.onnx", calibration[1], bundle.input_name)
    return folder / "symmetric.onnx"


def references(o: argparse.Namespace, bundle: Bundle, precision: str, calibration: tuple[Path, np.ndarray] | None) -> tuple[list[str], list[dict[str, np.ndarray]], list[dict[str, np.ndarray]]]:
    """Golden vectors, then evenly spread calibration pictures with what the bundle's own ONNX file answers."""
    names, inputs, expected = list(bundle.names), list(bundle.inputs), list(bundle.golden[precision])
    if calibration and o.pictures > 0:
        rows = np.linspace(0, len(calibration[1]) - 1, min(o.pictures, len(calibration[1]))).astype(int)
        extra = [{bundle.input_name: np.array(calibration[1][i][None])} for i in rows]
        names += [f"calibration picture {i}" for i in rows]
        inputs += extra
        expected += run_onnx(bundle.files[precision], extra)
    return names, inputs, expected


def finish(prepared: Prepared, outputs: list[dict[str, np.ndarray]]) -> list[dict[str, np.ndarray]]:
    """The host's last nodes behind the accelerator."""
    return outputs if prepared.tail is None else run_onnx(prepared.tail, outputs)


def judge_results(results: Path, folder: Path, route: Route, target: Target, bundle: Bundle, precision: str) -> None:
    """The gate on outputs that were measured on the target itself. Exits with 1 when they are out of tolerance."""
    if not results.is_file() or not (folder / "model.onnx").is_file():
        raise WorkshopError(f"{results} and {folder}/model.onnx must both be there; run compile without --results first, then the recipe on the target")
    wanted = [o.name for o in onnx.load(folder / "model.onnx").graph.output]
    arrays = np.load(results)
    missing = [f"{i}/{name}" for i in range(len(bundle.inputs)) for name in wanted if f"{i}/{name}" not in arrays]
    if missing:
        raise WorkshopError(f"{results}: without {', '.join(missing)}; it must hold every output of model.onnx for every picture of inputs.npz")
    got = [{name: arrays[f"{i}/{name}"].astype(np.float32) for name in wanted} for i in range(len(bundle.inputs))]
    tail = folder / "tail.onnx"
    parity = gate(bundle.names, run_onnx(tail, got) if tail.is_file() else got, bundle.golden[precision], gate_tolerances(bundle, route.parity), bundle.verdicts)
    write_atomic(folder / "target-report.json", json.dumps({"target": target.id, "route": route.id, "parity": parity}, indent=2) + "\n")
    print_parity(parity)
    print(f"parity gate {'passed' if parity['passed'] else 'FAILED'} on outputs measured on {target.id}")
    if not parity["passed"]:
        sys.exit(1)


def make_report(target: Target, route: Route, bundle: Bundle, source: Path, precision: str, calibration: Any, artefacts: list[Path], compiled: Any, parity: dict[str, Any]) -> dict[str, Any]:
    state = ("compiled" if compiled else "prepared") if parity["passed"] else "failed"
    files = [{"file": a.name, "bytes": a.stat().st_size, "sha256": hashlib.sha256(a.read_bytes()).hexdigest()} for a in artefacts]
    return {
        "format": "edge-compile-report/1",
        "target": target.id,
        "route": route.id,
        "model": bundle.name,
        "modelVersion": bundle.version,
        "source": {"precision": precision, "sha256": hashlib.sha256(source.read_bytes()).hexdigest(), "bundleSha256": bundle.digests[precision]},
        "state": state,
        "compiler": {"name": route.compiler["name"], "version": route.compiler["version"]},
        "calibrationSamples": len(calibration[1]) if calibration else None,
        "artefacts": files,
        "facts": compiled.facts if compiled else {},
        "machine": f"{platform.system()} {platform.machine()}",
        "parity": parity,
    }


def print_parity(parity: dict[str, Any]) -> None:
    for name, figures in parity["outputs"].items():
        print(
            f"  {name}: largest difference {figures['maxAbsolute']:.4g}, relative {figures['maxRelative']:.4g}, "
            f"{figures['outlierShare']:.3%} beyond {figures['absolute']:g} + {figures['relative']:g} x value ({figures['toleratedShare']:.3%} tolerated)"
        )
    if parity["verdicts"]:
        v = parity["verdicts"]
        print(f"  verdicts: {v['same']} of {v['compared']} the same, {v['excused']} differ within the tolerance of a threshold, {v['flipped']} flipped")
    for reason in parity["reasons"][:10]:
        print(f"parity: {reason}", file=sys.stderr)


def tell(route: Route, target: Target, folder: Path, report: dict[str, Any]) -> None:
    parity = report["parity"]
    print_parity(parity)
    if not parity["passed"]:
        print(f"parity gate FAILED: {target.id} {route.id}, {len(parity['reasons'])} reasons; {folder}/report.json", file=sys.stderr)
    elif report["state"] == "compiled":
        print(f"parity gate passed: {', '.join(a['file'] for a in report['artefacts'])} in {folder} (ran on {', '.join(report['facts']['ranOn'])})")
    else:
        print(f"parity gate passed for the prepared ONNX files in {folder}")
    if parity["passed"] and (route.script or not route.runHere):
        script = f"blueprints/targets/{target.id}/{route.script}" if route.script else f"blueprints/targets/{target.id}/recipe.md"
        print(f"recipe, not run here: next {script} {folder}")
