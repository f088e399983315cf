"""What every backend gives, and how it says that its package is absent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Dict, List

from sidecar.problems import SidecarError
from sidecar.tensors import Arrays, TensorSpec


@dataclass(frozen=True)
class BackendOptions:
    """`device`: what is asked for, in words of the backend; empty: its usual one. `extra`: options of that backend alone."""

    device: str = ""
    threads: int = 1
    extra: Dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EffectiveDevice:
    """`name`: what really runs the model. `reached`: the whole model runs on what was asked for. `evidence`: how that is known."""

    name: str
    reached: bool
    evidence: str


class Backend(ABC):
    """One loaded artefact. `run` is called from one thread at a time, always the same one; `inputs` have the shapes of `self.inputs`."""

    inputs: List[TensorSpec]
    outputs: List[TensorSpec]

    @abstractmethod
    def run(self, inputs: Arrays) -> Arrays:
        """Outputs by name, in memory that a later run does not write into."""

    @abstractmethod
    def effective(self) -> EffectiveDevice:
        """Asked after the first run."""

    def temperatures(self) -> List[Dict[str, Any]]:
        """[{sensor, celsius}] that the vendor's own interface tells; what the kernel tells is read elsewhere."""
        return []

    def close(self) -> None:
        """Frees the device."""


def vendor_module(backend: str, name: str, remedy: str) -> Any:
    """The vendor's package. Raises SidecarError sidecar.backend-missing."""
    try:
        return import_module(name)
    except (ImportError, OSError) as fault:  # OSError: a shared library of the driver is absent
        raise SidecarError("sidecar.backend-missing", f"the backend {backend} needs the Python package {name}, which does not load here ({fault}); {remedy}") from fault
