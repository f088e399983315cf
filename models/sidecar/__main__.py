"""Entry of the sidecar: `python -m sidecar --backend NAME --bundle FOLDER`, see --help and docs/sidecar.md."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from queue import Empty, SimpleQueue
from typing import Any

from sidecar.problems import SidecarError
from sidecar.server import SidecarServer
from sidecar.service import Service
from sidecar.settings import TOKEN_VARIABLE, read_settings


def log(level: str, event: str, **fields: Any) -> None:
    sys.stderr.write(json.dumps({"time": round(time.time(), 3), "level": level, "part": "sidecar", "event": event, **fields}) + "\n")
    sys.stderr.flush()


def wait_for(stop: "SimpleQueue[None]") -> None:
    """Looks up now and then: a signal may be delivered to another thread, and its handler runs only when this one goes on."""
    while True:
        try:
            return stop.get(timeout=0.1)
        except Empty:
            continue


def main() -> int:
    # A SimpleQueue may be put to from within a signal handler; an Event may not, its lock is not reentrant.
    stop: "SimpleQueue[None]" = SimpleQueue()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.put(None))
    try:
        settings = read_settings(sys.argv[1:], os.environ.get(TOKEN_VARIABLE))
        service = Service(settings)
    except SidecarError as fault:
        log("error", "sidecar.refused", code=fault.code, message=str(fault))
        return 2
    if settings.check:
        print(json.dumps(service.status(), indent=2), flush=True)
        service.close()
        return 0
    try:
        server = SidecarServer(service, log)
    except SidecarError as fault:
        service.close()
        log("error", "sidecar.refused", code=fault.code, message=str(fault))
        return 2
    if settings.supervised:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), stop.put(None)), daemon=True).start()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    port = server.server_address[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    model, device = service.model, service.device
    log("info", "sidecar.device", backend=settings.backend, effective=device.name, reached=device.reached, evidence=device.evidence)
    ready = {"event": "ready", "part": "sidecar", "ports": {"http": port}, "url": f"http://{host}:{port}", "model": model.name, "version": model.version, "variant": model.variant}
    print(json.dumps({**ready, "backend": settings.backend, "device": device.name, "digest": model.digest}), flush=True)
    wait_for(stop)
    whole = server.drain(settings.grace_s)
    server.shutdown()
    server.server_close()
    service.close()
    log("info" if whole else "warn", "sidecar.stopped", drained=whole, answered=server.answered, refused=server.refused)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A native run that was cut off must not be waited for, and must not abort the process while it is taken apart.
    os._exit(code)
