"""What is served: tensors, name and digest of a bundle's variant, or of a model file alone."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from sidecar.golden_rule import Tolerance, Verdicts, read_verdicts
from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec


@dataclass(frozen=True)
class Golden:
    name: str
    inputs: Arrays
    outputs: Arrays
    tolerance: Dict[str, Tolerance]


@dataclass(frozen=True)
class ServedModel:
    """
    `digest`: SHA-256 of the ONNX file that stations hold, in hexadecimal. `model_file`: that file, where it is here.
    `precision`: of the variant, as the bundle says. `verdicts`: what the golden rule reads of a detector.
    """

    name: str
    version: str
    variant: str
    digest: str
    inputs: List[TensorSpec]
    outputs: List[TensorSpec]
    model_file: Optional[Path] = None
    golden: List[Golden] = field(default_factory=list)
    precision: Optional[str] = None
    verdicts: Optional[Verdicts] = None


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def invalid(*problems: str) -> SidecarError:
    return SidecarError("sidecar.bundle-invalid", "; ".join(problems))


def read_bundle(folder: Path, variant: Optional[str]) -> ServedModel:
    """
    A variant of a bundle, every file that is read compared with the digest in bundle.json. The signature is the station's to check:
    it loads its own copy and accepts this server only when the digests are the same.
    Raises SidecarError sidecar.bundle-invalid with all problems.
    """
    try:
        manifest = json.loads((folder / "bundle.json").read_text("utf-8"))
        known = {v["id"]: v for v in manifest["variants"]}
        chosen = known[variant] if variant in known else None if variant else manifest["variants"][0]
        if chosen is None:
            raise invalid(f"{folder}: no variant {variant!r}; known are {', '.join(known)}")
        inputs, outputs = (specs_of(chosen[key]) for key in ("inputs", "outputs"))
        problems: List[str] = []
        read_checked(folder, manifest, chosen["file"], problems)
        golden = [
            read_golden(folder, manifest, vector, inputs, outputs, problems)
            for vector in manifest.get("goldenVectors", [])
            if vector["variant"] == chosen["id"]
        ]
        digest = manifest["files"][chosen["file"]]["sha256"]
        name, version, verdicts = manifest["name"], manifest["version"], read_verdicts(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise invalid(f"{folder / 'bundle.json'} cannot be read as a bundle: {type(fault).__name__} {fault}; take the bundle again") from fault
    if problems:
        raise invalid(*problems)
    return ServedModel(name, version, chosen["id"], digest, inputs, outputs, folder / chosen["file"], golden, chosen["precision"], verdicts)


def specs_of(tensors: List[Dict[str, Any]]) -> List[TensorSpec]:
    return [TensorSpec(t["name"], np.dtype(t["dtype"]).name, tuple(int(d) for d in t["dims"])) for t in tensors]


def read_checked(folder: Path, manifest: Dict[str, Any], name: str, problems: List[str]) -> bytes:
    file = folder / name
    there = folder.resolve() in file.resolve().parents and file.is_file()
    data = file.read_bytes() if there else b""
    if not there or sha256(data) != manifest["files"].get(name, {}).get("sha256"):
        problems.append(f"{file}: missing, or not the file that bundle.json lists; take the bundle again")
        return b""
    return data


def read_golden(
    folder: Path, manifest: Dict[str, Any], vector: Dict[str, Any], inputs: List[TensorSpec], outputs: List[TensorSpec], problems: List[str]
) -> Golden:
    def arrays(entries: Dict[str, Any], specs: List[TensorSpec]) -> Arrays:
        found: Arrays = {}
        for spec in specs:
            data = read_checked(folder, manifest, entries[spec.name]["file"], problems)
            if data:
                found[spec.name] = np.frombuffer(gzip.decompress(data), np.dtype(spec.dtype).newbyteorder("<")).reshape(spec.dims)
        return found

    tolerance = {name: Tolerance(**one) for name, one in vector["tolerance"].items()}
    return Golden(vector["name"], arrays(vector["inputs"], inputs), arrays(vector["outputs"], outputs), tolerance)


def from_artefact(name: str, version: str, digest: str, inputs: List[TensorSpec], outputs: List[TensorSpec]) -> ServedModel:
    """A model file alone: its own tensors and digest, nothing to compare its answers with."""
    return ServedModel(name, version, "file", digest, inputs, outputs)


def artefact_digest(file: Path) -> Tuple[Path, str]:
    """Raises SidecarError sidecar.artefact-invalid."""
    try:
        return file, sha256(file.read_bytes())
    except OSError as fault:
        raise SidecarError("sidecar.artefact-invalid", f"{file} cannot be read: {fault.strerror}; name the file that was compiled for this device") from fault
