"""What a compilation refuses: operators, shapes, quantisation, calibration sets. Each refusal names the node or the sample."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import helper

from workshop.compile.calibration import check_calibration, judge, write_distinct
from workshop.compile.graph import check_graph
from workshop.compile.prepare import prepare, run_onnx
from workshop.compile.symmetric import quantise_symmetric
from workshop.compile.target import choose_route, read_target, target_ids
from workshop.problems import WorkshopError
from workshop.tests.small_models import SIDE, detector, picture, save_model


def route(target: str, name: str | None = None):
    return choose_route(read_target(target), name)


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.addCleanup(self.temporary.cleanup)


class Targets(unittest.TestCase):
    def test_every_target_is_read_and_names_its_compiler_script(self) -> None:
        self.assertGreaterEqual(len(target_ids()), 8)
        for name in target_ids():
            target = read_target(name)
            self.assertTrue((target.folder / "recipe.md").is_file(), name)
            for entry in target.routes:
                if entry.script:
                    self.assertTrue((target.folder / entry.script).is_file(), f"{name}/{entry.script}")
                if entry.runHere:
                    compilers = Path(__file__).resolve().parents[2] / "compilers"
                    self.assertTrue((compilers / entry.compiler["script"]).is_file())
                    lock = (compilers / f"{entry.compiler['lock']}.lock").read_text().replace("_", "-")
                    self.assertIn(f"{entry.compiler['version']}", lock)

    def test_an_unknown_target_or_route_is_refused_with_the_known_ones(self) -> None:
        with self.assertRaisesRegex(WorkshopError, "hailo-8l"):
            read_target("toaster")
        with self.assertRaisesRegex(WorkshopError, "openvino"):
            choose_route(read_target("cpu"), "toast")


class Graphs(InFolder):
    def test_the_detector_fits_every_target(self) -> None:
        file = detector(self.folder / "m.onnx")
        for name in target_ids():
            for entry in read_target(name).routes:
                if entry.source != "int8-symmetric":
                    self.assertEqual(check_graph(file, entry, name).problems, [], f"{name} {entry.id}")

    def test_an_operator_in_the_middle_that_the_target_lacks_is_named_with_its_node(self) -> None:
        file = detector(self.folder / "m.onnx", extra=[helper.make_node("Exp", ["features"], ["merged"], "middle-exp")])
        problems = check_graph(file, route("coral-dev-board"), "coral-dev-board").problems
        self.assertEqual(len(problems), 1)
        self.assertIn("node 'middle-exp' (Exp)", problems[0])
        self.assertIn("behind the last", problems[0])
        self.assertEqual(check_graph(file, route("cpu"), "cpu").problems, [])

    def test_an_operator_of_another_domain_is_refused(self) -> None:
        node = helper.make_node("FusedConv", ["features"], ["merged"], "vendor", domain="com.microsoft")
        file = detector(self.folder / "m.onnx", extra=[node])
        model = onnx.load(file)
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
        onnx.save(model, file)
        self.assertIn("com.microsoft", "\n".join(check_graph(file, route("cpu"), "cpu").problems))

    def test_a_dynamic_batch_is_refused_where_shapes_must_be_fixed(self) -> None:
        cast = helper.make_node("Cast", ["images"], ["y"], "cast", to=1)
        file = save_model(self.folder / "m.onnx", [cast], [("y", ["batch", 2, SIDE, SIDE])], {}, shape=["batch", 2, SIDE, SIDE])
        problems = check_graph(file, route("hailo-8l"), "hailo-8l").problems
        self.assertIn("input images has the dynamic shape ['batch', 2, 16, 16]", problems[0])
        self.assertEqual(check_graph(file, route("cpu"), "cpu").problems, [])

    def test_an_opset_out_of_range_and_an_attribute_out_of_range_are_both_reported(self) -> None:
        file = detector(self.folder / "m.onnx")
        model = onnx.load(file)
        next(a for n in model.graph.node if n.op_type == "Resize" for a in n.attribute if a.name == "mode").s = b"cubic"
        model.opset_import[0].version = 19
        onnx.save(model, file)
        text = "\n".join(check_graph(file, route("ryzen-ai"), "ryzen-ai").problems)
        self.assertIn("opset 19", text)
        self.assertIn("node 'up' (Resize): mode is cubic", text)

    def test_a_file_that_is_no_onnx_is_refused(self) -> None:
        (self.folder / "m.onnx").write_text("no model")
        self.assertIn("not a valid ONNX file", check_graph(self.folder / "m.onnx", route("cpu"), "cpu").problems[0])

    def test_unsigned_activations_are_refused_by_tensorrt_and_quantised_files_by_tvm(self) -> None:
        bundle = Path(__file__).resolve().parents[2] / "bundles" / "pcb-defects" / "int8.onnx"
        problems = check_graph(bundle, route("jetson-orin-nx"), "jetson-orin-nx").problems
        self.assertTrue(any("uint8" in p and "QuantizeLinear" in p for p in problems), problems[:1])
        self.assertIn("give it the FP32 file", check_graph(bundle, route("cpu", "tvm"), "cpu").problems[0])


class Preparation(InFolder):
    def test_the_host_gets_what_is_cut_off_and_both_parts_give_the_whole(self) -> None:
        file = detector(self.folder / "m.onnx")
        prepared = prepare(file, route("coral-dev-board"), self.folder)
        self.assertEqual(prepared.cut, ["logits", "raw"])
        self.assertEqual(prepared.input_dtype, "float32")
        operators = {n.op_type for n in onnx.load(prepared.model).graph.node}
        self.assertEqual(operators, {"Conv", "Relu", "Resize", "Add"})
        image = picture(np.random.default_rng(3))[None]
        whole = run_onnx(file, [{"images": image}])[0]
        parts = run_onnx(prepared.tail, run_onnx(prepared.model, [{"images": image.astype(np.float32)}]))[0]
        for name in ("scores", "boxes"):
            np.testing.assert_array_equal(parts[name], whole[name])

    def test_symmetric_quantisation_satisfies_the_target_that_asks_for_it(self) -> None:
        file, rng = detector(self.folder / "m.onnx"), np.random.default_rng(2)
        images = np.stack([picture(rng) for _ in range(32)])
        quantise_symmetric(file, self.folder / "s.onnx", images, "images")
        for name in ("jetson-orin-nx", "jetson-agx-orin", "ryzen-ai"):
            self.assertEqual(check_graph(self.folder / "s.onnx", route(name), name).problems, [], name)
        prepared = prepare(self.folder / "s.onnx", route("ryzen-ai"), self.folder)
        whole = run_onnx(self.folder / "s.onnx", [{"images": images[:1]}])[0]
        parts = run_onnx(prepared.tail, run_onnx(prepared.model, [{"images": images[:1].astype(np.float32)}]))[0]
        np.testing.assert_allclose(parts["boxes"], whole["boxes"], atol=1e-4)
        a, b = (run_onnx(f, [{"images": images[:1]}])[0]["scores"] for f in (file, self.folder / "s.onnx"))
        self.assertGreater(np.abs(a - b).max(), 0)
        self.assertLess(np.abs(a - b).max(), 0.05)


class Calibration(InFolder):
    def write(self, samples: list[np.ndarray]) -> Path:
        np.save(self.folder / "c.npy", np.stack(samples))
        return self.folder / "c.npy"

    def pictures(self, count: int) -> list[np.ndarray]:
        rng = np.random.default_rng(5)
        return [picture(rng) for _ in range(count)]

    def test_a_set_of_pictures_passes(self) -> None:
        self.assertEqual(len(check_calibration(self.write(self.pictures(12)), (2, SIDE, SIDE), 12)), 12)

    def test_too_few_constant_noisy_and_repeated_samples_are_all_reported(self) -> None:
        samples = self.pictures(5)
        samples += [np.full((2, SIDE, SIDE), 7, np.uint8), np.random.default_rng(1).integers(0, 256, (2, SIDE, SIDE)).astype(np.uint8), samples[1]]
        with self.assertRaises(WorkshopError) as refused:
            check_calibration(self.write(samples), (2, SIDE, SIDE), 1024)
        text = "\n".join(refused.exception.problems)
        self.assertIn("8 samples, at least 1024", text)
        self.assertIn("sample 5 is constant", text)
        self.assertIn("sample 6 is noise", text)
        self.assertIn("sample 7 is the same as sample 1", text)

    def test_noise_of_any_distribution_is_told_from_a_picture(self) -> None:
        rng = np.random.default_rng(9)
        for noise in (rng.integers(0, 256, (2, 64, 64)), rng.normal(128, 40, (2, 64, 64)).clip(0, 255), rng.random((2, 64, 64)) < 0.1):
            self.assertEqual(judge((noise * (255 if noise.dtype == bool else 1)).astype(np.uint8)), "noise")
        board = np.zeros((2, 64, 64), np.uint8)
        board[:, ::8] = 255
        board[:, 1::8] = 255
        self.assertIsNone(judge(board))

    def test_another_shape_a_missing_file_and_a_broken_file_are_refused(self) -> None:
        with self.assertRaisesRegex(WorkshopError, "but the model takes"):
            check_calibration(self.write(self.pictures(3)), (3, SIDE, SIDE), 1)
        with self.assertRaisesRegex(WorkshopError, "--make-calibration"):
            check_calibration(self.folder / "none.npy", (2, SIDE, SIDE), 1)
        (self.folder / "bad.npy").write_bytes(b"\x93NUMPY junk")
        with self.assertRaisesRegex(WorkshopError, "not a .npy file"):
            check_calibration(self.folder / "bad.npy", (2, SIDE, SIDE), 1)

    def test_made_sets_hold_no_sample_twice(self) -> None:
        pictures = self.pictures(6)
        self.assertEqual(write_distinct(self.folder / "d.npy", pictures + pictures + [np.zeros((2, SIDE, SIDE), np.uint8)], 50), 6)
        check_calibration(self.folder / "d.npy", (2, SIDE, SIDE), 6)


if __name__ == "__main__":
    unittest.main()
