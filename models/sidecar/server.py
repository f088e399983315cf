"""The listening side of the sidecar: bounded connections, counts, and how it stops."""

from __future__ import annotations

import socket
import threading
import time
from http.server import ThreadingHTTPServer
from typing import Any, Callable, Dict, Optional

from sidecar.handler import Handler
from sidecar.problems import SidecarError
from sidecar.service import Service

Log = Callable[..., None]


class SidecarServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, service: Service, log: Log) -> None:
        settings = service.settings
        self.service, self.log, self.token = service, log, settings.token
        self.slots = threading.BoundedSemaphore(settings.max_in_flight)
        self.draining = False
        self.answered = 0
        self.refused: Dict[int, int] = {}
        self._connections = threading.BoundedSemaphore(settings.max_connections)
        self._state = threading.Condition()
        self._under_way = 0
        if ":" in settings.host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((settings.host, settings.port), Handler)
        except OSError as fault:
            raise SidecarError("sidecar.port-in-use", f"port {settings.port} on {settings.host} cannot be opened: {fault.strerror}; choose another port or stop the other program") from fault

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._connections.acquire(blocking=False):
            self.count(0, "connection")
            self.shutdown_request(request)  # nobody reads requests of a flood
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.log("warn", "infer.server.connection", peer=str(client_address[0]))

    def begin(self) -> None:
        with self._state:
            self._under_way += 1

    def end(self) -> None:
        with self._state:
            self._under_way -= 1
            self._state.notify_all()

    def count(self, status: int, code: Optional[str] = None) -> None:
        with self._state:
            if code is None:
                self.answered += 1
            else:
                self.refused[status] = self.refused.get(status, 0) + 1

    def drain(self, grace_s: float) -> bool:
        """Takes no more requests, waits for those under way. False when some were cut off."""
        self.draining = True
        limit = time.monotonic() + grace_s
        with self._state:
            while self._under_way > 0:
                left = limit - time.monotonic()
                if left <= 0:
                    return False
                self._state.wait(left)
        return True
