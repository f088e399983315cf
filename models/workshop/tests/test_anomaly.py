"""One-class workshop: letterbox, split, coreset, figures, and the graph against its second implementation."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from workshop.anomaly.bank import coreset, distances, whitening
from workshop.anomaly.figures import Scored, auroc, choose_threshold, image_auroc, pixel_figures, wilson
from workshop.anomaly.graph import Memory, Plan, backbone, build
from workshop.anomaly.judge import session
from workshop.anomaly.letterbox import letterbox, placement
from workshop.anomaly.reference import Reference
from workshop.anomaly.split import make_split
from workshop.anomaly.tiles import Tile
from workshop.problems import WorkshopError


def small_network(file: Path) -> None:
    """Two convolutions with a SiLU between them, as the backbone has."""
    rng = np.random.default_rng(1)
    weights = [rng.normal(0, 0.1, (4, 3, 3, 3)), np.zeros(4), rng.normal(0, 0.3, (6, 4, 3, 3)), np.zeros(6)]
    names = ["w0", "b0", "w1", "b1"]
    nodes = [
        helper.make_node("Conv", ["images", "w0", "b0"], ["fine"], name="conv0", strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Sigmoid", ["fine"], ["gate"], name="gate0"),
        helper.make_node("Mul", ["fine", "gate"], ["soft"], name="mul0"),
        helper.make_node("Conv", ["soft", "w1", "b1"], ["coarse"], name="conv1", strides=[2, 2], pads=[1, 1, 1, 1]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 16, 16])],
        [helper.make_tensor_value_info("coarse", TensorProto.FLOAT, [1, 6, 4, 4])],
        [numpy_helper.from_array(w.astype(np.float32), n) for w, n in zip(weights, names)],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)]), file)


class Letterbox(unittest.TestCase):
    def test_places_and_blends_as_the_station_does(self) -> None:
        # The same vectors stand in libs/vision/src/lib/letterbox-agreement.spec.ts.
        picture = ((np.arange(7)[:, None] * 31 + np.arange(5)[None, :] * 17) % 256).astype(np.uint8)
        out, place = letterbox(picture, (6, 8))
        self.assertEqual((place.left, place.top, place.width, place.height), (2, 0, 4, 6))
        self.assertEqual(out[0].tolist(), [0, 0, 5, 26, 47, 68, 0, 0])
        self.assertEqual(out[5].tolist(), [0, 0, 186, 207, 228, 249, 0, 0])

    def test_halves_round_up(self) -> None:
        self.assertEqual(placement(3, 2, (5, 5)).height, 3)


class Split(unittest.TestCase):
    def test_keeps_every_tile_on_one_side_and_defects_out_of_training(self) -> None:
        tiles = tuple(Tile(f"{i}.jpg", "crack" if i % 5 == 0 else "free", f"t{i // 3}") for i in range(90))
        parts = make_split(tiles, ("crack",), 3)
        self.assertEqual(parts, make_split(tiles, ("crack",), 3))
        self.assertEqual(set(parts), {t.group for t in tiles})
        self.assertNotIn("train", {parts[t.group] for t in tiles if t.bad})
        self.assertEqual({parts[t.group] for t in tiles if t.bad}, {"validation", "test"})


class Bank(unittest.TestCase):
    def test_coreset_takes_the_far_ones_and_distance_is_to_the_nearest(self) -> None:
        z = np.concatenate([np.zeros((50, 2)), [[10, 0], [0, 10]]]).astype(np.float32)
        chosen = z[coreset(z, 3, 0)]
        self.assertEqual({tuple(row) for row in chosen}, {(0, 0), (10, 0), (0, 10)})
        np.testing.assert_allclose(distances(np.array([[9.0, 0.0], [0.0, 3.0]]), chosen), [1, 3], atol=1e-5)

    def test_whitening_gives_unit_variance(self) -> None:
        rows = np.random.default_rng(0).normal(3, [1, 20, 0.1], (4000, 3))
        mean, whiten = whitening(rows, 3)
        np.testing.assert_allclose(((rows - mean) @ whiten).std(0), 1, atol=0.02)


class Figures(unittest.TestCase):
    def test_auroc_counts_pairs_with_ties_half(self) -> None:
        self.assertEqual(auroc(np.array([1.0, 2.0]), np.array([2.0, 3.0])), 0.875)

    def test_threshold_rejects_no_more_than_allowed(self) -> None:
        good = np.linspace(0, 1, 100)
        self.assertLessEqual((good >= choose_threshold(good, 0.05)).sum(), 5)
        self.assertGreaterEqual((good >= choose_threshold(good, 0.05)).sum(), 4)

    def test_perfect_and_blind_maps(self) -> None:
        mask = np.zeros((4, 4), bool)
        mask[1, 1] = True
        sharp = [Scored("crack", "a", 0.9, mask.astype(float), mask), Scored("free", "b", 0.1, np.zeros((4, 4)), mask & False)]
        self.assertEqual(pixel_figures(sharp)["pixel_auroc"], 1)
        self.assertEqual(pixel_figures(sharp)["best_iou"], 1)
        self.assertEqual(image_auroc(sharp, 1, 20)["auroc"], 1)

    def test_wilson(self) -> None:
        figure = wilson(8, 10)
        self.assertAlmostEqual(figure["low"], 0.4902, 3)
        self.assertAlmostEqual(figure["high"], 0.9433, 3)


class Graph(unittest.TestCase):
    def test_equals_its_second_implementation(self) -> None:
        rng = np.random.default_rng(2)
        memories = tuple(
            Memory(
                rng.normal(0, 1, 15).astype(np.float32),
                rng.normal(0, spread, (15, 5)).astype(np.float32),
                rng.normal(0, 1, (count, 5)).astype(np.float32),
                np.linspace(0.2, 1, 8) / 30,
            )
            for spread, count in ((0.1, 7), (0.15, 1))
        )
        picture = rng.integers(0, 256, (1, 32, 48), dtype=np.uint8)
        picture[:, :, :6] = 0
        for light in ("gain", "local"):
            with self.subTest(light=light), tempfile.TemporaryDirectory() as scratch:
                file = Path(scratch) / "small.onnx"
                small_network(file)
                plan = Plan((32, 48), light, 9, ("soft", "coarse"), (8, 12), 3)
                model = build(plan, backbone(file, plan.layers, plan.size), memories)
                onnx.save(model, file)
                cells, score = session(file).run(["anomaly_map", "score"], {"image": picture[None]})
                want = Reference(file, plan)(picture)
                np.testing.assert_allclose(cells, want["anomaly_map"], atol=1e-4)
                np.testing.assert_allclose(score, want["score"], atol=1e-4)

    def test_refuses_a_layer_that_is_not_there(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "small.onnx"
            small_network(file)
            with self.assertRaisesRegex(WorkshopError, "no layer deep"):
                backbone(file, ("deep",), (32, 48))


if __name__ == "__main__":
    unittest.main()
