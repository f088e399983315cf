"""Paths of the protocol, and /status."""

from __future__ import annotations

from typing import List

from sidecar.problems import refused


def kind_of(route: List[str], name: str, version: str) -> str:
    """What a path asks for. Raises SidecarError 404."""
    fixed = {("v2",): "server", ("v2", "health", "live"): "live", ("v2", "health", "ready"): "ready", ("status",): "status"}
    if tuple(route) in fixed:
        return fixed[tuple(route)]
    if route[:2] == ["v2", "models"] and len(route) > 2:
        rest = route[3:]
        asked = rest[1] if len(rest) > 1 and rest[0] == "versions" else None
        rest = rest[2:] if asked is not None else rest
        if rest in ([], ["ready"], ["infer"]):
            if route[2] != name or (asked or version) != version:
                raise refused(404, f"no model {route[2][:100]!r}{'' if asked is None else ' version ' + repr(asked[:40])}; this server has {name} {version}")
            return rest[0] if rest else "model"
    raise refused(404, f"no such path: /{'/'.join(route)[:100]}")
