"""Checks an Open Inference Protocol server with Triton's own client: pip install "tritonclient[http]".

    python e2e/foreign/oip_client.py --url 127.0.0.1:8500 --model pcb-defects

Asks for metadata, runs the model with binary tensors and with JSON tensors, expects the same outputs, and expects errors
for a wrong shape and a wrong model. Prints one JSON line; exit code 0 when all is as the protocol says.
"""

from __future__ import annotations

import argparse
import json
import sys

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException, triton_to_np_dtype


def refused(call) -> bool:
    try:
        call()
    except InferenceServerException:
        return True
    return False


def main() -> int:
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--url", default="127.0.0.1:8500")
    a.add_argument("--model", required=True)
    a.add_argument("--version", default="")
    a.add_argument("--token")
    a.add_argument("--runs", type=int, default=5)
    o = a.parse_args()

    def headers() -> dict:
        # A fresh one for each call: the client writes Inference-Header-Content-Length into the dictionary it is given.
        return {"Authorization": f"Bearer {o.token}"} if o.token else {}

    client = triton.InferenceServerClient(o.url)
    checks = {"live": client.is_server_live(headers()), "ready": client.is_server_ready(headers())}
    checks["model_ready"] = client.is_model_ready(o.model, o.version, headers())
    checks["binary_extension"] = "binary_tensor_data" in client.get_server_metadata(headers())["extensions"]
    metadata = client.get_model_metadata(o.model, o.version, headers())

    rng = np.random.default_rng(0)
    spec = metadata["inputs"][0]
    dtype = triton_to_np_dtype(spec["datatype"])
    data = rng.integers(0, 255, spec["shape"]).astype(dtype)
    outputs = [m["name"] for m in metadata["outputs"]]

    def infer(binary: bool, shape=None, model=o.model):
        values = data if shape is None else np.zeros(shape, dtype)
        tensor = triton.InferInput(spec["name"], list(values.shape), spec["datatype"])
        tensor.set_data_from_numpy(values, binary_data=binary)
        asked = [triton.InferRequestedOutput(name, binary_data=binary) for name in outputs]
        return client.infer(model, [tensor], o.version, asked, request_id="foreign", headers=headers())

    first = infer(True)
    checks["shapes"] = all(list(first.as_numpy(m["name"]).shape) == m["shape"] for m in metadata["outputs"])
    checks["same_again"] = all(
        np.array_equal(first.as_numpy(name), again.as_numpy(name)) for again in (infer(True) for _ in range(o.runs)) for name in outputs
    )
    as_json = infer(False)
    checks["json_equals_binary"] = all(np.allclose(first.as_numpy(n), as_json.as_numpy(n), atol=1e-6) for n in outputs)
    checks["request_id"] = first.get_response()["id"] == "foreign"
    checks["default_outputs"] = sorted(
        m["name"] for m in client.infer(o.model, [tensor_of(spec, data)], o.version, headers=headers()).get_response()["outputs"]
    ) == sorted(outputs)
    checks["wrong_shape_refused"] = refused(lambda: infer(True, shape=[1, 1]))
    checks["wrong_model_refused"] = refused(lambda: infer(True, model="no-such-model"))
    client.close()
    print(json.dumps({"client": "tritonclient", "model": o.model, "checks": checks}))
    return 0 if all(checks.values()) else 1


def tensor_of(spec: dict, data: np.ndarray) -> triton.InferInput:
    tensor = triton.InferInput(spec["name"], list(data.shape), spec["datatype"])
    tensor.set_data_from_numpy(data, binary_data=True)
    return tensor


if __name__ == "__main__":
    sys.exit(main())
