"""Every fault of a labelled set is refused with its file and reason; a sound set passes."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from PIL import Image

from workshop.data.checks import check_calibration_images, check_set, difference_hash
from workshop.data.onnx_file import check_onnx_file
from workshop.data.records import Record, Splits, boxes_array
from workshop.problems import WorkshopError


def scene(seed: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    """A picture with structure: blurred noise, uint8 [height, width]."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (9, 9), dtype=np.uint8))
    return np.asarray(coarse.resize(size, Image.Resampling.BICUBIC))


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)

    def picture(self, name: str, pixels: np.ndarray) -> Path:
        path = self.folder / name
        Image.fromarray(pixels).save(path)
        return path

    def record(self, name: str, seed: int, boxes: list[list[float]] | None = None, **more: object) -> Record:
        path = self.picture(f"{name}.png", scene(seed))
        return Record(name, (path,), boxes_array(boxes or []), self.folder / "labels.json", **more)

    def refusal(self, splits: Splits, **more: bool) -> str:
        with self.assertRaises(WorkshopError) as caught:
            check_set(splits, **more)
        return "\n".join(caught.exception.problems)


class Records(Folder):
    def test_a_sound_set_passes(self) -> None:
        check_set({"train": [self.record("a", 1, [[2, 3, 20, 30, 0]], size=(64, 48))], "test": [self.record("b", 2, [[0, 0, 64, 48, 1]])]})

    def test_missing_and_unreadable_pictures_are_named(self) -> None:
        broken = self.record("broken", 1)
        broken.pictures[0].write_bytes(b"no picture")
        cut = self.record("cut", 2)
        cut.pictures[0].write_bytes(cut.pictures[0].read_bytes()[:200])
        gone = self.record("gone", 3)
        gone.pictures[0].unlink()
        found = self.refusal({"train": [broken, cut, gone]})
        self.assertRegex(found, r"broken\.png: cannot be read as a picture")
        self.assertRegex(found, r"cut\.png: cannot be read as a picture")
        self.assertRegex(found, r"gone\.png: the picture is missing, .*labels\.json names it")

    def test_boxes_outside_and_degenerate_boxes_are_named(self) -> None:
        found = self.refusal({"train": [self.record("a", 1, [[10, 10, 80, 20, 0], [5, 5, 5.2, 9, 0], [9, 9, 3, 20, 0], [float("nan"), 1, 5, 5, 0]])]})
        self.assertRegex(found, r"labels\.json: a: box 10 10 80 20 lies outside of the picture of 64 x 48")
        self.assertEqual(found.count("is degenerate"), 3)

    def test_a_label_that_states_another_size_is_refused(self) -> None:
        self.assertRegex(self.refusal({"train": [self.record("a", 1, size=(128, 96))]}), r"a\.png: 64 x 48, but .*labels\.json says 128 x 96")

    def test_a_template_of_another_size_is_refused(self) -> None:
        part, template = self.picture("a_test.png", scene(1)), self.picture("a_temp.png", scene(1, (32, 48)))
        found = self.refusal({"train": [Record("a", (part, template), boxes_array([]), self.folder / "a.txt")]})
        self.assertRegex(found, r"its template is 32 x 48")

    def test_an_empty_split_is_refused(self) -> None:
        self.assertIn("split validation: empty", self.refusal({"train": [self.record("a", 1)], "validation": []}))

    def test_all_problems_come_at_once_and_long_lists_are_counted(self) -> None:
        gone = [Record(f"{i}", (self.folder / f"{i}.png",), boxes_array([]), self.folder / "l.json") for i in range(30)]
        found = self.refusal({"train": gone, "test": []})
        self.assertIn("and 10 more of this kind", found)
        self.assertIn("split test: empty", found)


class Leaks(Folder):
    def test_the_same_id_group_or_picture_in_two_splits_is_a_leak(self) -> None:
        a, b = self.record("a", 1, group="panel-7"), self.record("b", 2, group="panel-7")
        self.assertRegex(self.refusal({"train": [a], "test": [b]}), r"b\.png: leak between splits: group panel-7 is in train \(a\.png\) and in test")
        self.assertIn("id c", self.refusal({"train": [self.record("c", 3)], "test": [self.record("c", 3)]}))
        self.assertIn("same picture", self.refusal({"train": [self.record("d", 4)], "test": [self.record("e", 4)]}))

    def test_a_recompressed_or_slightly_brighter_copy_is_a_leak_and_another_scene_is_not(self) -> None:
        original = self.record("a", 5)
        copy = self.folder / "copy.jpg"
        Image.fromarray(np.clip(scene(5).astype(int) + 4, 0, 255).astype(np.uint8)).save(copy, quality=80)
        again = Record("copy", (copy,), boxes_array([]), self.folder / "labels.json")
        self.assertRegex(self.refusal({"train": [original], "test": [again]}), r"copy\.jpg: leak between splits: almost the same as .*a\.png")
        check_set({"train": [original], "test": [again]}, near_duplicates=False)
        check_set({"train": [original], "test": [self.record("other", 6)]})

    def test_flat_pictures_are_not_near_duplicates_of_each_other(self) -> None:
        for name, value in (("x", 250), ("y", 252)):
            self.picture(f"{name}.png", np.full((48, 64), value, np.uint8))
        self.assertIsNone(difference_hash(self.folder / "x.png"))
        check_set({s: [Record(n, (self.folder / f"{n}.png",), boxes_array([]), self.folder / "l")] for s, n in (("train", "x"), ("test", "y"))})


class Calibration(unittest.TestCase):
    def refusal(self, images: list[np.ndarray], minimum: int = 3) -> str:
        with self.assertRaises(WorkshopError) as caught:
            check_calibration_images(images, "rendered", minimum)
        return "\n".join(caught.exception.problems)

    def test_real_pictures_pass_and_too_few_do_not(self) -> None:
        check_calibration_images([scene(k)[None] for k in range(3)], "rendered", 3)
        self.assertIn("rendered: 2 calibration pictures, at least 1024 are needed", self.refusal([scene(k)[None] for k in range(2)], 1024))

    def test_noise_constant_pictures_and_repeats_are_named(self) -> None:
        rng = np.random.default_rng(0)
        noise = [rng.integers(0, 256, (1, 64, 64), dtype=np.uint8), (rng.random((1, 64, 64)) > 0.5).astype(np.uint8) * 255]
        found = self.refusal([scene(1)[None], *noise, np.full((1, 64, 64), 7, np.uint8), scene(1)[None]])
        self.assertRegex(found, r"picture 1 is random noise")
        self.assertRegex(found, r"picture 2 is random noise")
        self.assertRegex(found, r"picture 3 is constant")
        self.assertRegex(found, r"picture 4 repeats picture 0")


class OnnxFiles(Folder):
    def model(self, op: str = "Relu", shape: list[object] | None = None, domain: str = "") -> Path:
        dims = shape or [1, 4]
        values = [helper.make_tensor_value_info(n, TensorProto.FLOAT, dims) for n in ("x", "y")]
        graph = helper.make_graph([helper.make_node(op, ["x"], ["y"], name="the-node", domain=domain)], "g", values[:1], values[1:])
        opsets = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
        path = self.folder / "m.onnx"
        path.write_bytes(helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString())
        return path

    def refusal(self, file: Path, operators: frozenset[str] | None = None) -> str:
        with self.assertRaises(WorkshopError) as caught:
            check_onnx_file(file, operators)
        return "\n".join(caught.exception.problems)

    def test_a_fixed_standard_graph_passes(self) -> None:
        self.assertIsInstance(check_onnx_file(self.model(), frozenset({"Relu"})), onnx.ModelProto)

    def test_dynamic_shapes_are_named(self) -> None:
        self.assertRegex(self.refusal(self.model(shape=["batch", 4])), r"m\.onnx: input x has the dynamic shape \['batch', 4\]; export with a fixed shape")

    def test_unsupported_operators_are_named_with_their_node(self) -> None:
        self.assertRegex(self.refusal(self.model(), frozenset({"Conv"})), r"node 'the-node': unsupported operator Relu; supported are Conv")
        self.assertRegex(self.refusal(self.model(op="Fancy", domain="com.example")), r"node 'the-node': operator com\.example\.Fancy is not a standard one")
        self.assertRegex(self.refusal(self.model(op="Frobnicate")), r"node 'the-node': unsupported operator Frobnicate")

    def test_a_file_that_is_no_model_is_refused(self) -> None:
        (self.folder / "m.onnx").write_bytes(b"not a model")
        self.assertRegex(self.refusal(self.folder / "m.onnx"), r"m\.onnx: not a valid ONNX file")
        self.assertRegex(self.refusal(self.folder / "none.onnx"), r"none\.onnx: not there")


if __name__ == "__main__":
    unittest.main()
