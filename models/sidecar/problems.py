"""Errors of the sidecar. `code` is stable (docs/errors.md), `status` is the HTTP status that a client sees."""

from __future__ import annotations

from typing import Dict, Optional


class SidecarError(Exception):
    def __init__(self, code: str, message: str, status: int = 500, headers: Optional[Dict[str, str]] = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.headers = headers or {}


def protocol_error(message: str) -> SidecarError:
    """The client sent something that the protocol does not allow."""
    return SidecarError("infer.protocol", message, 400)


def refused(status: int, message: str, headers: Optional[Dict[str, str]] = None) -> SidecarError:
    return SidecarError("infer.refused", message, status, headers)


def overloaded(message: str) -> SidecarError:
    return SidecarError("infer.overloaded", message, 429, {"retry-after": "1"})


def draining() -> SidecarError:
    return SidecarError("infer.disposed", "the sidecar is stopping", 503, {"retry-after": "5", "connection": "close"})
