"""Command line of the sidecar, checked as a whole: every problem is told at once."""

from __future__ import annotations

import argparse
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional

from sidecar.backends import BACKENDS
from sidecar.golden_rule import Parity
from sidecar.problems import SidecarError

TOKEN_VARIABLE = "EDGE_FOG_TOKEN"
SHORTEST_TOKEN = 16


@dataclass(frozen=True)
class Settings:
    backend: str
    bundle: Optional[Path]
    variant: Optional[str]
    artefact: Optional[Path]
    tail: Optional[Path]
    name: str
    version: str
    device: str
    threads: int
    extra: Dict[str, str]
    fallback: str
    parity: Optional[Parity]
    warm_up: int
    host: str
    port: int
    token: Optional[str]
    max_body_bytes: int
    max_in_flight: int
    waiting: int
    max_connections: int
    request_timeout_s: float
    grace_s: float
    supervised: bool
    check: bool


def parser() -> argparse.ArgumentParser:
    a = argparse.ArgumentParser(
        prog="python -m sidecar",
        description="Serves one model on an accelerator over the Open Inference Protocol (KServe V2, HTTP, binary tensors).",
        epilog=f"A token is taken from {TOKEN_VARIABLE} (16 characters or more); any address but loopback needs one. "
        "Writes one JSON line to standard output when it serves, logs to standard error, stops on SIGTERM or Ctrl-C with exit code 0.",
    )
    a.add_argument("--backend", required=True, help=f"one of {', '.join(BACKENDS)}; " f"run in CI: {', '.join(n for n, (_, tested) in BACKENDS.items() if tested)}, the others are untested")
    a.add_argument("--bundle", type=Path, help="folder of the bundle whose variant is served")
    a.add_argument("--variant", help="variant of the bundle; its first one when left out")
    a.add_argument("--artefact", type=Path, help="what the device runs (IR, TFLite, engine, HEF, QPC); the ONNX file of the variant when left out")
    a.add_argument("--tail", type=Path, help="ONNX file with the last nodes, which the host runs behind the device")
    a.add_argument("--name", default="model", help="name of the model, when there is no bundle")
    a.add_argument("--model-version", default="1", help="its version, when there is no bundle")
    a.add_argument("--device", default="", help="device in words of the backend: cpu, npu, GPU, usb:0, 0; its usual one when left out")
    a.add_argument("--threads", type=int, default=1, help="threads of a backend that runs on the processor (1)")
    a.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="option of the backend alone (vitisai); repeatable")
    a.add_argument("--fallback", choices=["refuse", "visible"], default="refuse", help="when the device does not run the whole model: do not start, or serve and say so in every answer (refuse)")
    a.add_argument("--parity-factor", type=float, help="for an artefact that was compiled to integers of its own: parity.factor of its route in target.json, on the golden tolerances of the bundle")
    a.add_argument("--parity-outlier-share", type=float, help="parity.outlierShare of that route; both or none")
    a.add_argument("--warm-up", type=int, default=3, help="runs before it serves (3)")
    a.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    a.add_argument("--port", type=int, default=8500, help="8500; 0 takes a free port")
    a.add_argument("--max-body-bytes", type=int, default=16 << 20, help="longest request body (16 MiB)")
    a.add_argument("--max-in-flight", type=int, default=8, help="requests under way, reading included (8)")
    a.add_argument("--waiting", type=int, default=6, help="requests that wait behind the one that runs (6)")
    a.add_argument("--max-connections", type=int, default=64, help="open connections (64)")
    a.add_argument("--request-timeout-ms", type=int, default=10_000, help="limit for receiving and computing one request (10000)")
    a.add_argument("--grace-ms", type=int, default=5_000, help="how long requests under way may take when it stops (5000)")
    a.add_argument("--check", action="store_true", help="open, warm up, compare the golden vectors, write the status as JSON, end with 0")
    a.add_argument("--supervised", action="store_true", help="stop when standard input ends")
    return a


def loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_settings(arguments: List[str], token: Optional[str]) -> Settings:
    """Raises SidecarError sidecar.settings, infer.server-open."""
    o = parser().parse_args(arguments)
    problems: List[str] = []
    if o.backend not in BACKENDS:
        problems.append(f"--backend {o.backend}: known are {', '.join(BACKENDS)}")
    if o.bundle is None and o.artefact is None:
        problems.append("--bundle or --artefact: one of them must be given")
    ranges = {
        "threads": (1, 64), "warm-up": (1, 1000), "port": (0, 65535), "max-body-bytes": (1024, 1 << 30), "max-in-flight": (1, 256),
        "waiting": (0, 255), "max-connections": (1, 10_000), "request-timeout-ms": (10, 600_000), "grace-ms": (0, 600_000), "parity-factor": (0.001, 10), "parity-outlier-share": (0, 0.01),
    }  # fmt: skip
    for name, (low, high) in ranges.items():
        value = getattr(o, name.replace("-", "_"))
        if value is not None and not low <= value <= high:
            problems.append(f"--{name} {value}: must be from {low} to {high}")
    if (o.parity_factor is None) != (o.parity_outlier_share is None):
        problems.append("--parity-factor and --parity-outlier-share: give both, or none")
    if o.parity_factor is not None and o.bundle is None:
        problems.append("--parity-factor: needs --bundle, whose golden vectors it is about")
    for name in ("bundle", "artefact", "tail"):
        path = getattr(o, name)
        if path is not None and not path.exists():
            problems.append(f"--{name} {path}: is not there")
    for option in o.option:
        if "=" not in option:
            problems.append(f"--option {option}: write NAME=VALUE")
    if problems:
        raise SidecarError("sidecar.settings", "; ".join(problems))
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise SidecarError("infer.server-open", f"the token in {TOKEN_VARIABLE} must have at least {SHORTEST_TOKEN} characters")
    if token is None and not loopback(o.host):
        raise SidecarError("infer.server-open", f"the sidecar would listen on {o.host} for everybody; set {TOKEN_VARIABLE}, or listen on 127.0.0.1")
    return Settings(
        backend=o.backend, bundle=o.bundle, variant=o.variant, artefact=o.artefact, tail=o.tail, name=o.name, version=o.model_version,
        device=o.device, threads=o.threads, extra=dict(one.split("=", 1) for one in o.option), fallback=o.fallback, 
        parity=None if o.parity_factor is None else Parity(o.parity_factor, o.parity_outlier_share),
        warm_up=o.warm_up, host=o.host, port=o.port, token=token, max_body_bytes=o.max_body_bytes, max_in_flight=o.max_in_flight, waiting=o.waiting,
        max_connections=o.max_connections, request_timeout_s=o.request_timeout_ms / 1000, grace_s=o.grace_ms / 1000, supervised=o.supervised, check=o.check,
    )  # fmt: skip
