"""Tensor types that the stations know, and what a tensor of a model looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

import numpy as np

# Names of the protocol -> numpy, little-endian as on the wire.
DATATYPES: Dict[str, np.dtype] = {
    "FP32": np.dtype("<f4"),
    "UINT8": np.dtype("u1"),
    "INT8": np.dtype("i1"),
    "INT32": np.dtype("<i4"),
    "INT64": np.dtype("<i8"),
}
Arrays = Dict[str, np.ndarray]


@dataclass(frozen=True)
class Quantisation:
    """real = (stored - zero_point) * scale"""

    scale: float
    zero_point: int


@dataclass(frozen=True)
class TensorSpec:
    """`dtype`: numpy name. `quantisation`: how an integer tensor of an artefact stands for real values; None: it is what it says."""

    name: str
    dtype: str
    dims: Tuple[int, ...]
    quantisation: Optional[Quantisation] = None

    def describe(self) -> str:
        return f"{self.dtype} [{', '.join(map(str, self.dims))}]"


def datatype_of(dtype: str) -> str:
    """Name of the protocol for a numpy type. Raises KeyError for a type that is not carried."""
    for name, known in DATATYPES.items():
        if known == np.dtype(dtype):
            return name
    raise KeyError(dtype)


def describe(array: Optional[np.ndarray]) -> str:
    return "nothing" if array is None else f"{array.dtype} [{', '.join(map(str, array.shape))}]"
