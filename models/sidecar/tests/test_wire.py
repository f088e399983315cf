"""Bodies: what is refused, and that nothing but a refusal comes of garbled bytes."""

from __future__ import annotations

import json
import random
import unittest
from typing import Any, Dict, Optional

import numpy as np

from sidecar.problems import SidecarError
from sidecar.tensors import DATATYPES
from sidecar.wire import decode_request, encode_response

INPUT = {"name": "x", "datatype": "UINT8", "shape": [2]}


def request(message: Any, binary: bytes = b"") -> Any:
    text = json.dumps(message).encode()
    return decode_request(text + binary, str(len(text)))


class Bodies(unittest.TestCase):
    def test_gives_back_every_type(self) -> None:
        generator = np.random.default_rng(1)
        arrays = {name: generator.integers(0, 100, (3, 2)).astype(dtype) for name, dtype in DATATYPES.items()}
        tensors = [{"name": n, "datatype": n, "shape": [3, 2], "parameters": {"binary_data_size": a.nbytes}} for n, a in arrays.items()]
        found = request({"inputs": tensors, "parameters": {"timeout": 1500, "binary_data_output": True}}, b"".join(a.tobytes() for a in arrays.values()))
        for name, array in arrays.items():
            np.testing.assert_array_equal(found.inputs[name], array)
        self.assertEqual((found.outputs, found.binary_default, found.timeout_s), (None, True, 0.0015))
        text, length, parts = encode_response({"model_name": "m"}, arrays, found)
        self.assertEqual(length, len(text))
        again = json.loads(text)["outputs"]
        self.assertEqual(b"".join(parts), b"".join(a.tobytes() for a in arrays.values()))
        self.assertEqual([o["datatype"] for o in again], list(DATATYPES))

    def test_names_what_is_wrong(self) -> None:
        sized: Dict[str, Any] = {**INPUT, "parameters": {"binary_data_size": 2}}
        cases = [
            ("needs 2", {"inputs": [{**INPUT, "parameters": {"binary_data_size": 3}}]}, b"123"),
            ("1 bytes follow", {"inputs": [sized]}, b"123"),
            ("1 are left", {"inputs": [sized]}, b"1"),
            ("needs", {"inputs": [{**INPUT, "shape": [2**31] * 8, "parameters": {"binary_data_size": 1}}]}, b"1"),
            ("neither binary_data_size nor data", {"inputs": [INPUT]}, b""),
            ("appears twice", {"inputs": [sized, sized]}, b"1234"),
            ("supported are", {"inputs": [{**INPUT, "datatype": "BYTES", "data": ["a", "b"]}]}, b""),
            ("not of its type", {"inputs": [{**INPUT, "data": ["1", "2"]}]}, b""),
            ("not of its type", {"inputs": [{**INPUT, "data": [True, 1]}]}, b""),
            ("not of its type", {"inputs": [{**INPUT, "data": [0.5, 1]}]}, b""),
            ("not of its type", {"inputs": [{**INPUT, "data": [256, 1]}]}, b""),
            ("has 1 values", {"inputs": [{**INPUT, "data": [1]}]}, b""),
            ("whole numbers", {"inputs": [{**INPUT, "shape": [True, 2]}]}, b""),
            ("at least one", {"inputs": []}, b""),
            ("must be an object", [1], b""),
            ("name of 1 to 256", {"inputs": [{"name": 5}]}, b""),
        ]
        for words, message, binary in cases:
            with self.subTest(words=words, message=message), self.assertRaises(SidecarError) as raised:
                request(message, binary)
            self.assertEqual((raised.exception.code, raised.exception.status), ("infer.protocol", 400))
            self.assertIn(words, str(raised.exception))

    def test_refuses_garbled_bytes_with_a_protocol_error_only(self) -> None:
        generator = random.Random(7)
        text = json.dumps({"inputs": [{**INPUT, "parameters": {"binary_data_size": 2}}], "outputs": [{"name": "y"}]}).encode()
        refused = 0
        for _ in range(3000):
            body = bytearray(text + b"ab")
            for _ in range(generator.randint(1, 6)):
                body[generator.randrange(len(body))] = generator.randrange(256)
            length: Optional[str] = generator.choice([str(len(text)), None, str(generator.randrange(400)), "-1", "1e3", "", "\u00b2", "9" * 13])
            try:
                decode_request(bytes(body[: generator.randint(0, len(body))]), length)
            except SidecarError as fault:
                refused += 1
                self.assertEqual(fault.code, "infer.protocol")
        self.assertGreater(refused, 2000)

    def test_refuses_deep_json_and_numbers_that_json_lacks(self) -> None:
        for body in (b"[" * 200_000, b'{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [NaN]}]}'):
            with self.assertRaises(SidecarError) as raised:
                decode_request(body, None)
            self.assertEqual(raised.exception.code, "infer.protocol")


if __name__ == "__main__":
    unittest.main()
