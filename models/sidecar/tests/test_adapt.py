"""Between bundle and artefact: layouts, quantisation, names; golden vectors; bundles; queue; sensors."""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Dict

import numpy as np

from sidecar.adapt import Adapter, into, layout, out_of
from sidecar.golden_check import check_golden
from sidecar.golden_rule import Parity, Tolerance, read_verdicts
from sidecar.problems import SidecarError
from sidecar.run_queue import RunQueue
from sidecar.served_model import Golden, read_bundle
from sidecar.temperatures import kernel_temperatures
from sidecar.tensors import Quantisation, TensorSpec

LOOSE = {"absolute": 0.1, "relative": 0.0, "outlierShare": 0.25}


class Adapting(unittest.TestCase):
    def test_changes_layouts_and_knows_those_that_it_cannot(self) -> None:
        x = np.arange(24).reshape(1, 2, 3, 4)
        there = layout((1, 2, 3, 4), (1, 3, 4, 2))
        back = layout((1, 3, 4, 2), (1, 2, 3, 4))
        assert there and back
        np.testing.assert_array_equal(back(there(x)), x)
        self.assertEqual(there(x)[0, 2, 3, 1], x[0, 1, 2, 3])
        without_batch = layout((1, 2, 3, 4), (3, 4, 2))
        assert without_batch
        np.testing.assert_array_equal(without_batch(x), there(x)[0])
        self.assertIsNone(layout((1, 2, 3, 4), (1, 2, 3, 5)))
        self.assertIsNone(layout((4,), (5,)))
        for have, want in (((1, 4), (4,)), ((2, -1), (2, 7)), ((3, 7), (3, -1))):
            self.assertIsNotNone(layout(have, want), (have, want))

    def test_quantises_by_rounding_and_clipping_and_gives_real_values_back(self) -> None:
        spec = TensorSpec("q", "int8", (4,), Quantisation(0.5, -3))
        stored = into(spec)(np.array([0, 1.3, -1000, 1000], np.float32))
        np.testing.assert_array_equal(stored, np.array([-3, 0, -128, 127], np.int8))
        np.testing.assert_array_equal(out_of(spec, "float32")(stored), np.array([0, 1.5, -62.5, 65], np.float32))
        pixels = np.array([0, 255], np.uint8)
        self.assertIs(into(TensorSpec("p", "uint8", (2,), Quantisation(1, 0)))(pixels), pixels)

    def test_pairs_tensors_by_name_by_order_or_by_shape(self) -> None:
        bundle = [TensorSpec("a", "float32", (2,)), TensorSpec("b", "float32", (3,))]
        named = Adapter([bundle[0]], bundle, [bundle[0]], bundle[::-1], None)
        ordered = Adapter([bundle[0]], bundle, [TensorSpec("in", "float32", (2,))], [TensorSpec("output_0", "float32", (2,)), TensorSpec("output_1", "float32", (3,))], None)
        two, three = np.zeros(2, np.float32), np.ones(3, np.float32)
        self.assertEqual([named.to_bundle({"b": three, "a": two})[n].size for n in "ab"], [2, 3])
        self.assertEqual([ordered.to_bundle({"output_1": three, "output_0": two})[n].size for n in "ab"], [2, 3])
        crossed = Adapter([bundle[0]], bundle, [bundle[0]], [TensorSpec("net/conv9", "float32", (3,)), TensorSpec("net/conv8", "float32", (2,))], None)
        self.assertEqual([crossed.to_bundle({"net/conv9": three, "net/conv8": two})[n].size for n in "ab"], [2, 3])
        for have in ([bundle[0]], [TensorSpec("x", "float32", (9,)), TensorSpec("y", "float32", (3,))]):
            with self.assertRaises(SidecarError) as raised:
                Adapter([bundle[0]], bundle, [bundle[0]], have, None)
            self.assertEqual(raised.exception.code, "sidecar.artefact-invalid")


class GoldenVectors(unittest.TestCase):
    def test_follows_the_golden_rule_as_the_station_does(self) -> None:
        told = json.loads((Path(__file__).parent / "golden-cases.json").read_text("utf-8"))

        def arrays(tensors: Dict[str, Any]) -> Dict[str, np.ndarray]:
            return {name: np.array(one["data"], np.float64).astype(np.float32).reshape(one["dims"]) for name, one in tensors.items()}

        for case in told["cases"]:
            with self.subTest(case["name"], parity=case["parity"]):
                got = arrays(case["got"])
                tolerance = {name: Tolerance(**one) for name, one in case.get("tolerance", told["tolerance"]).items()}
                vector = Golden("v", {}, arrays(case["expected"]), tolerance)
                verdicts, parity = read_verdicts(case.get("manifest", told["manifest"])), Parity(**case["parity"]) if case["parity"] else None
                try:
                    rows, passes = check_golden(lambda _: got, [vector], verdicts, parity), True
                except SidecarError as fault:
                    self.assertEqual(fault.code, "sidecar.golden-mismatch")
                    rows, passes = [], False
                self.assertEqual(passes, case["passes"])
                for row in rows:
                    self.assertEqual([row["outlierShare"], row["readOutlierShare"]], case["rows"][row["output"]])

    def test_tells_which_vector_and_output_and_by_how_much(self) -> None:
        vector = Golden("v", {"x": np.zeros(1)}, {"y": np.array([1.0, 2, 3, 4])}, {"y": Tolerance(0.1, 0, 0.25)})
        self.assertEqual(len(check_golden(lambda _: {"y": np.array([1.0, 2, 3, 9])}, [vector], None, None)), 1)
        with self.assertRaises(SidecarError) as raised:
            check_golden(lambda _: {"y": np.array([1.0, 2, 8, 9])}, [vector], None, None)
        self.assertRegex(str(raised.exception), r"v y: 50\.00% .* largest difference 5")
        with self.assertRaises(SidecarError) as raised:
            check_golden(lambda _: {"y": np.array([np.nan, np.inf, 3, 4])}, [vector], None, None)
        self.assertRegex(str(raised.exception), r"v y: 50\.00% .* largest difference inf")


class Bundles(unittest.TestCase):
    def write(self, folder: Path, change: Any = None) -> None:
        data = {"m.onnx": b"weights", "golden/x.gz": gzip.compress(np.zeros(2, "<f4").tobytes())}
        tensor = [{"name": "x", "dtype": "float32", "dims": [2]}]
        vector = {"name": "v", "variant": "a", "inputs": {"x": {"file": "golden/x.gz"}}, "outputs": {"x": {"file": "golden/x.gz"}}, "tolerance": {"x": LOOSE}}
        manifest: Dict[str, Any] = {
            "name": "n", "version": "2.0.0", "variants": [{"id": "a", "precision": "int8", "file": "m.onnx", "inputs": tensor, "outputs": tensor}], "goldenVectors": [vector],
            "files": {name: {"sha256": hashlib.sha256(one).hexdigest()} for name, one in data.items()},
        }  # fmt: skip
        (folder / "golden").mkdir()
        for name, one in data.items():
            (folder / name).write_bytes(one)
        if change:
            change(folder, manifest)
        (folder / "bundle.json").write_text(json.dumps(manifest))

    def test_reads_tensors_digest_and_golden_vectors(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            self.write(Path(name))
            model = read_bundle(Path(name), None)
            self.assertEqual((model.name, model.variant, model.digest), ("n", "a", hashlib.sha256(b"weights").hexdigest()))
            self.assertEqual(model.golden[0].inputs["x"].tolist(), [0, 0])

    def test_refuses_changed_missing_and_foreign_files_and_unknown_variants(self) -> None:
        def escape(_: Path, manifest: Dict[str, Any]) -> None:
            manifest["variants"][0]["file"] = "../outside"
            manifest["files"]["../outside"] = {"sha256": hashlib.sha256(b"").hexdigest()}

        changes = {
            "not the file that bundle.json lists": lambda folder, _: (folder / "m.onnx").write_bytes(b"other"),
            "m.onnx: missing": lambda folder, _: (folder / "m.onnx").unlink(),
            "cannot be read as a bundle": lambda _, manifest: manifest.pop("variants"),
            "no variant 'b'; known are a": None,
        }
        for words, change in changes.items():
            with self.subTest(words), tempfile.TemporaryDirectory() as name, self.assertRaises(SidecarError) as raised:
                self.write(Path(name), change)
                read_bundle(Path(name), "b" if change is None else None)
            self.assertEqual(raised.exception.code, "sidecar.bundle-invalid")
            self.assertIn(words, str(raised.exception))
        with tempfile.TemporaryDirectory() as name, self.assertRaises(SidecarError):
            (Path(name) / "outside").write_bytes(b"secret")
            inner = Path(name) / "bundle"
            inner.mkdir()
            self.write(inner, escape)
            read_bundle(inner, None)


class Queue(unittest.TestCase):
    def test_runs_in_order_keeps_its_bound_and_counts(self) -> None:
        hold, began, order = threading.Event(), threading.Event(), []

        def run(inputs: Dict[str, Any]) -> Dict[str, Any]:
            began.set()
            hold.wait(5)
            order.append(inputs["n"])
            return inputs

        queue = RunQueue(run, 2)
        far = time.monotonic() + 60
        jobs = [queue.submit({"n": 0}, far)]
        self.assertTrue(began.wait(5))
        jobs += [queue.submit({"n": n}, far) for n in (1, 2)]
        with self.assertRaises(SidecarError) as raised:
            queue.submit({"n": 3}, far)
        self.assertEqual((raised.exception.status, raised.exception.headers["retry-after"]), (429, "1"))
        jobs[1].abandoned = True
        late = queue.submit({"n": 4}, time.monotonic() - 1)  # in the place of the abandoned one
        hold.set()
        for job in (jobs[0], jobs[2], late):
            self.assertTrue(job.done.wait(5))
        queue.close(5)
        self.assertEqual(order, [0, 2])
        self.assertEqual(queue.counts(), {"completed": 2, "failed": 0, "abandoned": 2, "overloaded": 1, "waiting": 0, "running": False})
        with self.assertRaises(SidecarError) as raised:
            queue.submit({}, far)
        self.assertEqual(raised.exception.code, "infer.disposed")


class Sensors(unittest.TestCase):
    def test_reads_zones_chips_and_boards_and_leaves_out_what_does_not_answer(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            sys = Path(name)
            files = {
                "class/thermal/thermal_zone0/type": "soc-thermal\n", "class/thermal/thermal_zone0/temp": "61500\n", "class/thermal/thermal_zone1/temp": "-256000\n",
                "class/hwmon/hwmon0/name": "coretemp\n", "class/hwmon/hwmon0/temp1_input": "47000", "class/hwmon/hwmon0/temp1_label": "Package id 0", "class/hwmon/hwmon0/temp2_input": "nan",
                "class/apex/apex_0/temp": "52300",
            }  # fmt: skip
            for file, text in files.items():
                (sys / file).parent.mkdir(parents=True, exist_ok=True)
                (sys / file).write_text(text)
            told = {one["sensor"]: one["celsius"] for one in kernel_temperatures(sys)}
            self.assertEqual(told, {"soc-thermal": 61.5, "coretemp Package id 0": 47.0, "edge tpu apex_0": 52.3})
            self.assertEqual(kernel_temperatures(sys / "nothing"), [])


if __name__ == "__main__":
    unittest.main()
