"""The parity gate, on the committed bundle: it passes for the bundle's own file and fails when one weight is changed by hand."""

import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from sidecar.golden_rule import Tolerance, Verdicts, compare, verdict_flip
from workshop.compile.bundle import gate_tolerances, read_bundle
from workshop.compile.parity import gate
from workshop.compile.prepare import run_onnx
from workshop.compile.target import choose_route, read_target


class OnTheBundle(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.bundle = read_bundle("pcb-defects")

    def judge(self, file: Path, precision: str, name: str | None):
        b, route = self.bundle, choose_route(read_target("cpu"), name)
        return gate(b.names, run_onnx(file, b.inputs), b.golden[precision], gate_tolerances(b, route.parity), b.verdicts)

    def changed(self, precision: str, change: Callable[[np.ndarray], None]) -> onnx.ModelProto:
        model = onnx.load(self.bundle.files[precision])
        weight = next(t for t in model.graph.initializer if len(t.dims) == 4 and t.dims[2] == 3)
        values = numpy_helper.to_array(weight).copy()
        change(values)
        weight.CopyFrom(numpy_helper.from_array(values, weight.name))
        return model

    def test_the_bundles_own_files_pass(self) -> None:
        for precision, route in (("fp32", "tvm"), ("int8", "onnxruntime"), ("int8", "openvino")):
            report = self.judge(self.bundle.files[precision], precision, route)
            self.assertEqual(report["reasons"], [])
            self.assertEqual(report["verdicts"]["same"], len(self.bundle.names))

    def test_the_widest_gate_still_refuses_swapped_labels_swapped_sides_and_another_scale(self) -> None:
        b, route = self.bundle, choose_route(read_target("coral-dev-board"), None)
        outputs = run_onnx(b.files["int8"], b.inputs)
        tolerances = gate_tolerances(b, route.parity)
        self.assertEqual(gate(b.names, outputs, b.golden["int8"], tolerances, b.verdicts)["reasons"], [])
        for name, output, change in (
            ("labels", "scores", lambda x: np.roll(x, 1, 1)),
            ("sides", "boxes", lambda x: np.roll(x, 1, 1)),
            ("scale of boxes", "boxes", lambda x: x * 1.33),
            ("scale of scores", "scores", lambda x: x * 0.8),
        ):
            with self.subTest(name):
                off = [{**o, output: change(o[output])} for o in outputs]
                self.assertFalse(gate(b.names, off, b.golden["int8"], tolerances, b.verdicts)["passed"])

    def test_one_weight_changed_by_hand_fails_with_the_numbers(self) -> None:
        def add_half(values: np.ndarray) -> None:
            values[0, 0, 1, 1] += 0.5

        def flip(values: np.ndarray) -> None:
            values[0, 0, 1, 1] = 127 if values[0, 0, 1, 1] < 0 else -128

        for precision, route, change in (("fp32", "tvm", add_half), ("int8", "onnxruntime", flip), ("int8", "openvino", flip)):
            with tempfile.TemporaryDirectory() as folder:
                onnx.save(self.changed(precision, change), Path(folder) / "changed.onnx")
                report = self.judge(Path(folder) / "changed.onnx", precision, route)
            self.assertFalse(report["passed"], route)
            self.assertIn("largest difference", report["reasons"][0])


class Rules(unittest.TestCase):
    tolerance = Tolerance(0.02, 0.05, 0.01)

    def test_the_share_of_outliers_decides(self) -> None:
        expected = np.zeros((1, 1, 10, 100))
        few, many = expected.copy(), expected.copy()
        few.reshape(-1)[:10] = 1
        many.reshape(-1)[:11] = 1
        for got, passed in ((few, True), (many, False)):
            self.assertEqual(gate(["a"], [{"y": got}], [{"y": expected}], {"y": self.tolerance}, None)["passed"], passed)

    def test_nan_is_an_outlier(self) -> None:
        self.assertEqual(compare(np.full((1, 4), np.nan), np.zeros((1, 4)), self.tolerance)["outlierShare"], 1.0)

    def test_another_shape_fails(self) -> None:
        self.assertFalse(gate(["a"], [{"y": np.zeros((1, 2))}], [{"y": np.zeros((1, 3))}], {"y": self.tolerance}, None)["passed"])

    def test_a_flip_is_excused_only_near_the_threshold(self) -> None:
        verdicts = Verdicts("scores", (0.6,))
        near, far, other = np.full((1, 1, 2, 2), 0.61), np.full((1, 1, 2, 2), 0.9), np.full((1, 1, 2, 2), 0.5)
        self.assertEqual(verdict_flip(other, near, verdicts, self.tolerance), "excused")
        self.assertEqual(verdict_flip(other, far, verdicts, self.tolerance), "flipped")
        self.assertEqual(verdict_flip(far, far, verdicts, self.tolerance), "same")
        report = gate(["a"], [{"scores": other}], [{"scores": far}], {"scores": Tolerance(0.02, 0.05, 1.0)}, verdicts)
        self.assertIn("the verdict is not the ONNX model's", report["reasons"][0])

    def test_boxes_count_where_the_decoder_reads_them(self) -> None:
        scores = np.zeros((1, 1, 1, 2))
        scores[0, 0, 0, 0] = 0.9
        boxes = np.full((1, 4, 1, 2), 10.0)
        verdicts = Verdicts("scores", (0.5,), "boxes", 0.02)
        tolerances = {"scores": self.tolerance, "boxes": Tolerance(0.5, 0.05, 0.0)}
        for column, passed in ((0, False), (1, True)):
            off = boxes.copy()
            off[..., column] += 5
            report = gate(["a"], [{"scores": scores, "boxes": off}], [{"scores": scores, "boxes": boxes}], tolerances, verdicts)
            self.assertEqual(report["passed"], passed)


if __name__ == "__main__":
    unittest.main()
