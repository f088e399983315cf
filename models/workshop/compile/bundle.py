"""What a compilation starts from: the ONNX files of a bundle with golden inputs, tolerances and verdict thresholds."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sidecar.golden_rule import Parity, Tolerance, Verdicts, read_verdicts
from workshop.problems import WorkshopError
from workshop.recipe import MODELS


@dataclass(frozen=True)
class Bundle:
    """`inputs`: name -> array as the model takes it, one dict a golden vector; `golden`: precision -> outputs, same order."""

    name: str
    version: str
    files: dict[str, Path]
    digests: dict[str, str]
    input_name: str
    input_dims: tuple[int, ...]
    input_dtype: str
    names: list[str]
    inputs: list[dict[str, np.ndarray]]
    golden: dict[str, list[dict[str, np.ndarray]]]
    tolerances: dict[str, dict[str, Tolerance]]
    verdicts: Verdicts | None


def read_checked(folder: Path, manifest: dict[str, Any], name: str, problems: list[str]) -> bytes:
    data = (folder / name).read_bytes() if (folder / name).is_file() else b""
    if hashlib.sha256(data).hexdigest() != manifest["files"].get(name, {}).get("sha256"):
        problems.append(f"{folder / name}: missing, or not the file that bundle.json lists; take the bundle from version control again")
    return data


def decode(data: bytes, dtype: str, dims: list[int]) -> np.ndarray:
    return np.frombuffer(gzip.decompress(data), dtype=np.dtype(dtype).newbyteorder("<")).reshape(dims)


def read_bundle(name: str) -> Bundle:
    """models/bundles/NAME with every digest checked. The signature is the station's to check. Raises WorkshopError."""
    folder = MODELS / "bundles" / name
    if not (folder / "bundle.json").is_file():
        raise WorkshopError(f"models/bundles/{name}/bundle.json is not there; pack the bundle first (docs/model-bundles.md)")
    manifest = json.loads((folder / "bundle.json").read_text())
    problems: list[str] = []
    variants = {v["precision"]: v for v in manifest["variants"]}
    for precision in variants:
        read_checked(folder, manifest, variants[precision]["file"], problems)
    spec = variants.get("fp32", manifest["variants"][0])
    shapes = {o["name"]: o for o in spec["outputs"]}
    raw: dict[str, dict[str, bytes]] = {}
    for vector in manifest["goldenVectors"]:
        for entry in [*vector["inputs"].values(), *vector["outputs"].values()]:
            raw.setdefault(entry["file"], {})["data"] = read_checked(folder, manifest, entry["file"], problems)
    if problems:
        raise WorkshopError(problems)
    tensor = spec["inputs"][0]
    names: list[str] = []
    inputs: list[dict[str, np.ndarray]] = []
    golden: dict[str, list[dict[str, np.ndarray]]] = {}
    tolerances: dict[str, dict[str, Tolerance]] = {}
    precisions = {v["id"]: v["precision"] for v in manifest["variants"]}
    for vector in manifest["goldenVectors"]:
        precision = precisions[vector["variant"]]
        if vector["name"] not in names:
            names.append(vector["name"])
            inputs.append({k: decode(raw[e["file"]]["data"], tensor["dtype"], tensor["dims"]) for k, e in vector["inputs"].items()})
        golden.setdefault(precision, []).append(
            {k: decode(raw[e["file"]]["data"], shapes[k]["dtype"], shapes[k]["dims"]) for k, e in vector["outputs"].items()}
        )
        tolerances[precision] = {k: Tolerance(**t) for k, t in vector["tolerance"].items()}
    return Bundle(
        name=manifest["name"],
        version=manifest["version"],
        files={p: folder / v["file"] for p, v in variants.items()},
        digests={p: manifest["files"][v["file"]]["sha256"] for p, v in variants.items()},
        input_name=tensor["name"],
        input_dims=tuple(tensor["dims"]),
        input_dtype=tensor["dtype"],
        names=names,
        inputs=inputs,
        golden=golden,
        tolerances=tolerances,
        verdicts=read_verdicts(manifest),
    )


def gate_tolerances(bundle: Bundle, parity: dict[str, Any]) -> dict[str, Tolerance]:
    """The bundle's golden tolerances as a route's `parity` takes them."""
    gate = Parity(float(parity["factor"]), float(parity["outlierShare"]))
    return {k: gate.widened(t) for k, t in bundle.tolerances[parity["tolerance"]].items()}
