"""A backend without a device, and servers over it, for tests of everything that is not a vendor's package."""

from __future__ import annotations

import contextlib
import http.client
import json
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple
from unittest.mock import patch

import numpy as np

from sidecar.backends.base import Backend, EffectiveDevice
from sidecar.server import SidecarServer
from sidecar.service import Service
from sidecar.settings import read_settings
from sidecar.tensors import Arrays, TensorSpec

TOKEN = "a-token-of-this-test"
SHAPE = (1, 2, 4, 4)


def until(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it holds within that time."""
    limit = time.monotonic() + seconds
    while not what():
        if time.monotonic() > limit:
            return False
        time.sleep(0.005)
    return True


class Doubling(Backend):
    """y = 2x + 1 of uint8 [1, 2, 4, 4]. `hold`: a run waits for it."""

    def __init__(self, reached: bool = True) -> None:
        self.inputs = [TensorSpec("x", "uint8", SHAPE)]
        self.outputs = [TensorSpec("y", "float32", SHAPE)]
        self.hold: Optional[threading.Event] = None
        self.fault: Optional[Exception] = None
        self.began = threading.Event()
        self.runs = 0
        self.closed = False
        self._reached = reached

    def run(self, inputs: Arrays) -> Arrays:
        self.runs += 1
        self.began.set()
        if self.hold is not None:
            self.hold.wait(10)
        if self.fault is not None:
            raise self.fault
        return {"y": inputs["x"].astype(np.float32) * 2 + 1}

    def effective(self) -> EffectiveDevice:
        return EffectiveDevice("numpy", self._reached, "runs in this process")

    def temperatures(self) -> List[Dict[str, Any]]:
        return [{"sensor": "stand-in", "celsius": 41.5}]

    def close(self) -> None:
        self.closed = True


@contextlib.contextmanager
def serving(*arguments: str, token: Optional[str] = None, backend: Optional[Backend] = None) -> Iterator[Tuple[SidecarServer, Any]]:
    """(server, backend), on a free port."""
    used = backend or Doubling()
    with tempfile.TemporaryDirectory() as folder, patch("sidecar.service.open_backend", lambda *_: used):
        file = Path(folder) / "model.bin"
        file.write_bytes(b"what the device would run")
        settings = read_settings(["--backend", "onnxruntime", "--artefact", str(file), "--port", "0", "--name", "boards", *arguments], token)
        service = Service(settings)
        server = SidecarServer(service, lambda *_, **__: None)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server, used
        finally:
            hold = getattr(used, "hold", None)
            if hold is not None:
                hold.set()
            server.shutdown()
            server.server_close()
            service.close()


def binary_request(x: np.ndarray, **parameters: Any) -> Tuple[bytes, Dict[str, str]]:
    message = {
        "id": "7",
        "parameters": parameters,
        "inputs": [{"name": "x", "datatype": "UINT8", "shape": list(x.shape), "parameters": {"binary_data_size": x.nbytes}}],
        "outputs": [{"name": "y", "parameters": {"binary_data": True}}],
    }
    text = json.dumps(message).encode()
    return text + x.tobytes(), {"inference-header-content-length": str(len(text))}


def ask(server: SidecarServer, method: str, path: str, body: Optional[bytes] = None, headers: Optional[Dict[str, str]] = None) -> Tuple[int, Dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def infer(server: SidecarServer, x: Optional[np.ndarray] = None, headers: Optional[Dict[str, str]] = None, **parameters: Any) -> Tuple[int, Dict[str, str], bytes]:
    body, own = binary_request(np.zeros(SHAPE, np.uint8) if x is None else x, **parameters)
    return ask(server, "POST", "/v2/models/boards/infer", body, {**own, **(headers or {})})


def error_of(answer: Tuple[int, Dict[str, str], bytes]) -> Tuple[int, str, str]:
    message = json.loads(answer[2])
    return answer[0], message["code"], message["error"]
