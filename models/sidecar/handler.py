"""One connection: requests read within their bounds, token, answers as the Open Inference Protocol asks."""

from __future__ import annotations

import hmac
import json
import select
import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Dict, List, Optional
from urllib.parse import unquote

from sidecar import VERSION
from sidecar.problems import SidecarError, draining, overloaded, refused
from sidecar.routes import kind_of
from sidecar.wire import HEADER_LENGTH, decode_request, encode_response

if TYPE_CHECKING:
    from sidecar.server import SidecarServer

SERVER_METADATA = {"name": "edge-blueprints-sidecar", "version": VERSION, "extensions": ["binary_tensor_data", "schedule_policy"]}
IDLE_S, HEADERS_S = 60.0, 5.0


class Handler(BaseHTTPRequestHandler):
    server: SidecarServer
    protocol_version = "HTTP/1.1"
    server_version = "edge-blueprints-sidecar"
    sys_version = ""
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def log_message(self, *_: Any) -> None:
        """Requests are counted, refusals are logged; http.server would write a line for each."""

    def parse_request(self) -> bool:
        self.connection.settimeout(HEADERS_S)
        self._arrived = time.monotonic()
        self._body_left = 0
        return super().parse_request()

    def send_error(self, code: int, message: Optional[str] = None, explain: Optional[str] = None) -> None:
        """What http.server refuses by itself (no HTTP, unknown method, too long), as the protocol's error object."""
        self.close_connection = True
        self._refuse(refused(int(code), message or "the request cannot be read"))

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def _handle(self, method: str) -> None:
        self.server.begin()
        try:
            self._length = self._stated_length()
            route = [unquote(part) for part in self.path.split("?")[0].strip("/").split("/")]
            if route not in (["v2", "health", "live"], ["v2", "health", "ready"]):
                self._require_token()
            self._answer(method, route)
        except SidecarError as fault:
            self._refuse(fault)
        except OSError:  # the client went away, or stopped reading
            self.close_connection = True
        except Exception as fault:
            self.server.log("error", "infer.server.fault", fault=f"{type(fault).__name__}: {fault}")
            self._refuse(SidecarError("unexpected", "internal error"))
        finally:
            self.server.end()
            if self.server.draining:
                self.close_connection = True
            else:
                try:
                    self.connection.settimeout(IDLE_S)
                except OSError:
                    self.close_connection = True

    def _stated_length(self) -> int:
        """Length of the body that follows; the rest of a refused one is read away, or the connection is closed."""
        if self.headers.get("transfer-encoding") is not None:
            self.close_connection = True
            raise refused(411, "content-length is needed; chunks are not taken")
        stated = self.headers.get_all("content-length") or []
        if len(set(stated)) > 1 or any(not (one.isascii() and one.isdigit()) or len(one) > 12 for one in stated):
            self.close_connection = True
            raise refused(400, "content-length must be one whole number")
        length = int(stated[0]) if stated else 0
        if length > self.server.service.settings.max_body_bytes:
            self.close_connection = True
            raise refused(413, f"the body has {length} bytes, at most {self.server.service.settings.max_body_bytes} are accepted", {"connection": "close"})
        self._body_left = length
        return length

    def _require_token(self) -> None:
        token = self.server.token
        if token is None:
            return
        given = (self.headers.get("authorization") or "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {token}".encode()):
            raise refused(401, "a bearer token is needed", {"www-authenticate": "Bearer"})

    def _answer(self, method: str, route: List[str]) -> None:
        model = self.server.service.model
        wanted = "POST" if route[-1] == "infer" else "GET"
        kind = kind_of(route, model.name, model.version)
        if method != wanted:
            raise refused(405, f"use {wanted}", {"allow": wanted})
        if kind == "infer":
            return self._infer()
        self._read_away()
        if kind == "live":
            return self._send(200, {"live": True})
        if kind == "ready":
            if self.server.draining:
                raise draining()
            return self._send(200, {"name": model.name, "ready": True})
        if kind == "server":
            return self._send(200, SERVER_METADATA)
        if kind == "model":
            return self._send(200, self.server.service.metadata())
        status = self.server.service.status()
        self._send(200, {**status, "requests": {"answered": self.server.answered, "refused": self.server.refused}})

    def _infer(self) -> None:
        service = self.server.service
        if self.server.draining:
            raise draining()
        if not self.server.slots.acquire(blocking=False):
            raise overloaded(f"{service.settings.max_in_flight} requests are under way, which is the bound")
        try:
            encoding = self.headers.get("content-encoding")
            if encoding not in (None, "identity"):
                raise refused(415, f"content-encoding {encoding[:40]} is not supported")
            if self.headers.get("content-length") is None:
                self.close_connection = True
                raise refused(411, "content-length is missing")
            request = decode_request(self._read_body(), self.headers.get(HEADER_LENGTH))
            job = service.infer(request, self._arrived, self._client_gone)
            outputs = job.outputs or {}
            names = request.outputs or list(outputs)
            text, json_length, parts = encode_response(service.reply_head(job, request.id), {n: outputs[n] for n in names}, request)
            self._send_bytes(200, text, json_length, parts)
            self.server.count(200)
        finally:
            self.server.slots.release()

    def _read_body(self) -> bytes:
        """Raises SidecarError 408 when it does not come in time."""
        limit = self._arrived + self.server.service.settings.request_timeout_s
        chunks: List[bytes] = []
        while self._body_left > 0:
            left = limit - time.monotonic()
            if left <= 0:
                self.close_connection = True
                raise refused(408, "the body did not come in time")
            self.connection.settimeout(left)
            try:
                chunk = self.rfile.read1(min(self._body_left, 1 << 18))
            except TimeoutError:
                continue
            except socket.timeout:  # its name before Python 3.10
                continue
            if not chunk:
                raise ConnectionError("the client went away")
            self._body_left -= len(chunk)
            chunks.append(chunk)
        return b"".join(chunks)

    def _read_away(self) -> None:
        """What is still arriving of a refused request is thrown away, so that the client gets to read the answer."""
        if self._body_left > 0 and not self.close_connection:
            try:
                self._read_body()
            except (SidecarError, OSError):
                self.close_connection = True

    def _client_gone(self) -> bool:
        try:
            readable, _, _ = select.select([self.connection], [], [], 0)
            return bool(readable) and self.connection.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    def _refuse(self, fault: SidecarError) -> None:
        self.server.count(fault.status, fault.code)
        self.server.log("warn", "infer.server.refused", status=fault.status, code=fault.code, peer=self.client_address[0])
        try:
            self._read_away()
            if fault.headers.get("connection") == "close":
                self.close_connection = True
            self._send(fault.status, {"error": str(fault), "code": fault.code}, fault.headers)
        except OSError:
            self.close_connection = True

    def _send(self, status: int, message: Any, headers: Optional[Dict[str, str]] = None) -> None:
        self._send_bytes(status, json.dumps(message, allow_nan=False).encode(), None, [], headers)

    def _send_bytes(self, status: int, text: bytes, json_length: Optional[int], parts: List[memoryview], headers: Optional[Dict[str, str]] = None) -> None:
        self.connection.settimeout(self.server.service.settings.request_timeout_s)
        self.send_response(status)
        self.send_header("content-type", "application/json" if json_length is None else "application/octet-stream")
        self.send_header("content-length", str(len(text) + sum(part.nbytes for part in parts)))
        self.send_header("cache-control", "no-store")
        self.send_header("x-content-type-options", "nosniff")
        if json_length is not None:
            self.send_header(HEADER_LENGTH, str(json_length))
        sent = headers or {}
        for name, value in sent.items():
            self.send_header(name, value)
        if self.close_connection and "connection" not in sent:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(text)
        for part in parts:
            self.wfile.write(part)
        self.wfile.flush()
