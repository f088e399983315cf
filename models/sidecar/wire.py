"""Bodies of the Open Inference Protocol (KServe V2) over HTTP: a JSON part, with the binary extension the bytes of the tensors behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from sidecar.problems import protocol_error
from sidecar.tensors import DATATYPES, Arrays, datatype_of

HEADER_LENGTH = "inference-header-content-length"
MAX_TENSORS = 64


@dataclass(frozen=True)
class InferRequest:
    """`outputs`: names asked for, None for all. `binary`: those of them that are wanted as bytes; `binary_default` for the rest."""

    id: Optional[str]
    inputs: Arrays
    outputs: Optional[List[str]]
    binary: Dict[str, bool]
    binary_default: bool
    timeout_s: Optional[float]


def no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number of JSON")


def split_body(body: bytes, header_length: Optional[str]) -> Tuple[Dict[str, Any], memoryview]:
    """The checked JSON part and what follows it. Raises SidecarError infer.protocol."""
    length = len(body)
    if header_length is not None:
        if not (header_length.isascii() and header_length.isdigit() and len(header_length) <= 12):
            raise protocol_error(f"{HEADER_LENGTH} must be a whole number, got {header_length[:40]!r}")
        length = int(header_length)
    if length > len(body):
        raise protocol_error(f"the JSON part is said to have {length} bytes, the body has {len(body)}")
    try:
        message = json.loads(body[:length].decode("utf-8"), parse_constant=no_constant)
    except (ValueError, RecursionError) as fault:
        raise protocol_error(f"the JSON part ({length} bytes) cannot be read: {fault}") from fault
    if not isinstance(message, dict):
        raise protocol_error("the JSON part must be an object")
    return message, memoryview(body)[length:]


def parameters_of(message: Dict[str, Any]) -> Dict[str, Any]:
    parameters = message.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise protocol_error("parameters must be an object")
    return parameters


def items(message: Dict[str, Any], key: str) -> List[Dict[str, Any]]:
    """The tensors of `key`, each with a name that appears once."""
    found = message.get(key) or []
    if not isinstance(found, list) or len(found) > MAX_TENSORS or any(not isinstance(one, dict) for one in found):
        raise protocol_error(f"{key} must be a list of at most {MAX_TENSORS} objects")
    names = [one.get("name") for one in found]
    for name in names:
        if not isinstance(name, str) or not 0 < len(name) <= 256:
            raise protocol_error(f"{key}: each needs a name of 1 to 256 characters")
        if names.count(name) > 1:
            raise protocol_error(f"tensor {name!r} appears twice")
    return found


def decode_request(body: bytes, header_length: Optional[str]) -> InferRequest:
    """Arrays are views into `body`. Raises SidecarError infer.protocol."""
    message, binary = split_body(body, header_length)
    tensors = items(message, "inputs")
    if not tensors:
        raise protocol_error("inputs: at least one tensor is needed")
    inputs: Arrays = {}
    at = 0
    for tensor in tensors:
        inputs[tensor["name"]], at = read_tensor(tensor, binary, at)
    if at != len(binary):
        raise protocol_error(f"{len(binary) - at} bytes follow the last tensor")
    asked = items(message, "outputs")
    parameters = parameters_of(message)
    wanted = {one["name"]: parameters_of(one).get("binary_data") for one in asked}
    timeout = parameters.get("timeout")
    known = isinstance(timeout, (int, float)) and not isinstance(timeout, bool) and timeout > 0
    request_id = message.get("id")
    if request_id is not None and (not isinstance(request_id, str) or len(request_id) > 256):
        raise protocol_error("id must be a text of at most 256 characters")
    return InferRequest(
        id=request_id,
        inputs=inputs,
        outputs=list(wanted) or None,
        binary={name: one for name, one in wanted.items() if isinstance(one, bool)},
        binary_default=parameters.get("binary_data_output") is True,
        timeout_s=timeout / 1e6 if known else None,
    )


def read_tensor(tensor: Dict[str, Any], binary: memoryview, at: int) -> Tuple[np.ndarray, int]:
    name, datatype, shape = tensor["name"], tensor.get("datatype"), tensor.get("shape")
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        raise protocol_error(f"tensor {name!r} has the type {str(datatype)[:20]}; supported are {', '.join(DATATYPES)}")
    if not isinstance(shape, list) or len(shape) > 8 or any(type(d) is not int or not 0 <= d <= 2**31 for d in shape):
        raise protocol_error(f"tensor {name!r}: shape must be at most 8 whole numbers")
    dtype = DATATYPES[datatype]
    elements = 1
    for d in shape:
        elements *= d
    size = parameters_of(tensor).get("binary_data_size")
    if size is None:
        return from_json(tensor, dtype, shape, elements), at
    want = elements * dtype.itemsize
    if type(size) is not int or size != want:
        raise protocol_error(f"tensor {name!r} has binary_data_size {str(size)[:20]}, {shape} {datatype} needs {want}")
    if at + want > len(binary):
        raise protocol_error(f"tensor {name!r} needs {want} bytes, {len(binary) - at} are left")
    return np.frombuffer(binary[at : at + want], dtype).reshape(shape), at + want


def flat(values: Any, depth: int) -> List[Any]:
    """Nested lists in one; `depth` levels at most."""
    if depth > 0 and isinstance(values, list) and any(isinstance(v, list) for v in values):
        return [leaf for v in values for leaf in (flat(v, depth - 1) if isinstance(v, list) else [v])]
    return values


def from_json(tensor: Dict[str, Any], dtype: np.dtype, shape: List[int], elements: int) -> np.ndarray:
    name, data = tensor["name"], tensor.get("data")
    if not isinstance(data, list):
        raise protocol_error(f"tensor {name!r} has neither binary_data_size nor data")
    values = flat(data, len(shape))
    if len(values) != elements:
        raise protocol_error(f"tensor {name!r} has {len(values)} values, {shape} needs {elements}")
    kinds = (int, float) if dtype.kind == "f" else (int,)
    if any(type(v) not in kinds for v in values):
        raise protocol_error(f"tensor {name!r} holds values that are not of its type")
    try:
        array = np.array(values, dtype)
    except (OverflowError, ValueError) as fault:
        raise protocol_error(f"tensor {name!r} holds values that are not of its type: {fault}") from fault
    return array.reshape(shape)


def encode_response(head: Dict[str, Any], outputs: Arrays, request: InferRequest) -> Tuple[bytes, Optional[int], List[memoryview]]:
    """JSON part, its length for the header when tensors follow it as bytes, and those tensors."""
    described: List[Dict[str, Any]] = []
    parts: List[memoryview] = []
    for name, array in outputs.items():
        one: Dict[str, Any] = {"name": name, "datatype": datatype_of(array.dtype.name), "shape": list(array.shape)}
        if request.binary.get(name, request.binary_default):
            data = np.ascontiguousarray(array, DATATYPES[one["datatype"]])
            one["parameters"] = {"binary_data_size": data.nbytes}
            parts.append(memoryview(data.reshape(-1).view(np.uint8)))
        else:
            one["data"] = array.reshape(-1).tolist()
        described.append(one)
    text = json.dumps({**head, "outputs": described}, allow_nan=False).encode()
    return text, len(text) if parts else None, parts
