"""Pose workshop: targets against the decoder, changes of pictures, losses, scores, and the exported graph against the network."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from workshop.golden_outputs import onnx_path
from workshop.pose.augment import Augmenter, Rates, cover, into_window, mirrored
from workshop.pose.decode import LEAST_HEAT, UNSEEN, Found, decode
from workshop.pose.export import INPUT, export
from workshop.pose.loss import giou, pose_loss, total
from workshop.pose.network import OUTPUTS, ExportNet, PoseNet, Shape, macs, parameters
from workshop.pose.people import People, read_people
from workshop.pose.points import COUNT, FLIPPED, NAMES
from workshop.pose.scoring import average_precision, everybody, judge, judged, of_size, summary
from workshop.pose.targets import Targets, targets
from workshop.problems import WorkshopError
from workshop.quantise import quantise
from workshop.tests.drawn_people import draw_set

SIZE = (96, 160)
SMALL = Shape(stem=8, s8=8, s16=8, merge8=8, merge4=8, context=(1, 2))


def some_people(seed: int = 1, count: int = 3) -> People:
    """Boxes side by side with points inside of them, all seen."""
    rng = np.random.default_rng(seed)
    boxes = np.array([[8 + 50 * i, 10, 40 + 50 * i, 80 + 4 * i] for i in range(count)], np.float32)
    share = rng.uniform(0.1, 0.9, (count, COUNT, 2))
    points = np.full((count, COUNT, 3), 2, np.float32)
    points[..., :2] = boxes[:, None, :2] + share * (boxes[:, 2:] - boxes[:, :2])[:, None]
    return People(boxes, points, np.ones(count, np.float32), np.zeros(count, bool))


def outputs(t: Targets) -> tuple[np.ndarray, ...]:
    return t.centre, np.where(t.share > 0, t.box, 8), t.offset, t.heat


class TargetsAndDecode(unittest.TestCase):
    def test_perfect_outputs_decode_to_the_people_that_made_them(self) -> None:
        people = some_people()
        found = decode(*outputs(targets(people, *SIZE)))
        order = np.argsort(found.boxes[:, 0])
        np.testing.assert_allclose(found.boxes[order], people.boxes, atol=1e-4)
        apart = np.hypot(*(found.points[order][..., :2] - people.points[..., :2]).transpose(2, 0, 1))
        self.assertLess(apart.max(), 2.1)  # half a cell and a little: a peak lies on the grid
        self.assertEqual(found.points[..., 2].min(), 1)

    def test_without_heat_a_point_stays_where_the_offset_points_and_is_trusted_less(self) -> None:
        people = some_people(count=1)
        centre, box, offset, heat = outputs(targets(people, *SIZE))
        found = decode(centre, box, offset, np.full_like(heat, LEAST_HEAT / 2))
        np.testing.assert_allclose(found.points[0, :, :2], people.points[0, :, :2], atol=1e-3)
        np.testing.assert_allclose(found.points[0, :, 2], UNSEEN * LEAST_HEAT / 2, rtol=1e-5)

    def test_a_level_top_is_one_person(self) -> None:
        centre, box, offset, heat = outputs(targets(some_people(count=1), *SIZE))
        centre[0, 10:12, 5:8] = 1
        box[:] = 4
        self.assertEqual(len(decode(centre, box, offset, heat).boxes), 1)

    def test_of_two_that_overlap_the_smaller_owns_the_shared_cells(self) -> None:
        both = some_people(count=2)
        both.boxes[:] = [[10, 10, 90, 90], [40, 40, 60, 60]]
        t = targets(both, *SIZE)
        self.assertEqual(t.size[0, 12, 12], 20)
        np.testing.assert_allclose(t.box[:, 12, 12], [10, 10, 10, 10])

    def test_nothing_is_learned_where_people_are_ignored_nor_around_hidden_points(self) -> None:
        people = some_people()
        people.ignore[2] = True
        people.points[0, 4, 2], people.points[1, 4, 2] = 1, 0
        t = targets(people, *SIZE)
        x, y = (people.boxes[2, :2] + people.boxes[2, 2:]) / 2
        self.assertEqual(t.centre_weight[0, int(y // 4), int(x // 4)], 0)
        self.assertEqual(t.share.sum().round(3), 2)
        hidden = people.points[0, 4, :2] // 4
        self.assertEqual(t.heat_weight[4, int(hidden[1]), int(hidden[0])], 0)
        self.assertEqual(int((t.heat == 1).sum()), 2 * COUNT - 2)
        self.assertAlmostEqual(float(t.offset_share[8].sum()), 0.4, places=5)
        self.assertAlmostEqual(float(t.offset_share[0].sum()), 2, places=5)


class Changes(unittest.TestCase):
    def test_a_mirrored_picture_swaps_left_and_right(self) -> None:
        people = some_people()
        other = mirrored(people, SIZE[1])
        left, right = NAMES.index("left_hip"), NAMES.index("right_hip")
        np.testing.assert_allclose(other.points[:, left, 0], SIZE[1] - people.points[:, right, 0])
        np.testing.assert_allclose(mirrored(other, SIZE[1]).boxes, people.boxes, atol=1e-4)
        self.assertEqual([NAMES[i].replace("left", "x").replace("right", "left").replace("x", "right") for i in range(COUNT)], [NAMES[i] for i in FLIPPED])

    def test_a_window_scales_clips_and_ignores_who_is_mostly_outside(self) -> None:
        people = some_people()
        seen = into_window(people, np.array([32.0, 0.0, 112.0, 48.0]), SIZE)
        self.assertEqual(seen.ignore.tolist(), [True, False, True])  # 8 of 32 columns are left of the first, 4 of the third
        np.testing.assert_allclose(seen.boxes[1], [(58 - 32) * 2, 20, (90 - 32) * 2, 96])
        inside = (people.points[1, :, 1] < 48) & (people.points[1, :, 0] < 112)
        self.assertEqual((seen.points[1, :, 2] == 2).tolist(), inside.tolist())

    def test_cover_hides_points_and_never_shows_any(self) -> None:
        people, rng = some_people(), np.random.default_rng(3)
        pixels = np.zeros((*SIZE, 3), np.uint8)
        hidden = sum(int((cover(pixels, people, rng).points[..., 2] == 1).sum()) for _ in range(20))
        self.assertGreater(hidden, 10)
        self.assertTrue((people.points[..., 2] == 2).all())


class Learning(unittest.TestCase):
    def test_overlap_of_distances_by_hand(self) -> None:
        a, b = torch.tensor([[[10.0], [10], [10], [10]], [[2.0], [2], [2], [2]]]), torch.tensor([[[10.0], [10], [10], [10]], [[4.0], [2], [4], [2]]])
        np.testing.assert_allclose(giou(a, b).numpy().ravel(), [1, 0.5], atol=1e-6)

    def test_a_few_steps_lower_every_loss(self) -> None:
        torch.manual_seed(1)
        torch.set_num_threads(1)
        net = PoseNet(SMALL).train()
        with tempfile.TemporaryDirectory() as folder:
            pictures = read_people(draw_set(Path(folder) / "set", 4, SIZE, 1), SIZE)
            images = torch.from_numpy(pictures.images.transpose(0, 3, 1, 2).copy())
        arrays = zip(*(targets(p, *SIZE).arrays() for p in pictures.people))
        wanted = tuple(torch.from_numpy(np.stack(a)) for a in arrays)
        optimiser = torch.optim.Adam(net.parameters(), 5e-3)
        history = []
        for _ in range(25):
            parts = pose_loss(net(images), wanted)
            history.append({k: float(v) for k, v in parts.items()})
            optimiser.zero_grad()
            total(parts).backward()
            optimiser.step()
        for name, first in history[0].items():
            self.assertLess(history[-1][name], 0.9 * first, name)

    def test_the_network_of_the_recipe_is_small(self) -> None:
        net = PoseNet()
        self.assertLessEqual(parameters(net), 450_000)
        self.assertLessEqual(macs(net, 240, 416), 550_000_000)

    def test_the_exported_files_say_what_the_network_says(self) -> None:
        torch.manual_seed(2)
        net = PoseNet(SMALL)
        rng = np.random.default_rng(1)
        image = rng.integers(0, 256, (3, *SIZE), np.uint8)
        net.train()(torch.from_numpy(image)[None].float())  # statistics of its own for every norm
        fused = net.eval()
        before = ExportNet(fused)(torch.from_numpy(image)[None])
        fused = fused.fuse()
        with tempfile.TemporaryDirectory() as folder:
            fp32, int8 = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
            export(fused, fp32, *SIZE)
            quantise(fp32, int8, [image], "minmax", False, INPUT)
            made, small = onnx_path(fp32).compute(image), onnx_path(int8).compute(image)
        for name, want in zip(OUTPUTS, before):
            np.testing.assert_allclose(made[name], want.detach().numpy(), atol=2e-3)
            self.assertEqual(small[name].shape, made[name].shape)
        self.assertLess(np.abs(small["centre"] - made["centre"]).max(), 0.05)


class Scores(unittest.TestCase):
    def found(self, boxes: list[list[float]], scores: list[float]) -> Found:
        return Found(np.float32(boxes).reshape(-1, 4), np.float32(scores), np.zeros((len(boxes), COUNT, 3), np.float32))

    def test_ignored_people_are_neither_right_nor_wrong(self) -> None:
        people = some_people()
        people.ignore[1] = True
        found = self.found([[*people.boxes[0]], [*people.boxes[1]], [*people.boxes[0]], [120, 0, 150, 20]], [0.9, 0.8, 0.7, 0.6])
        j = judge(found, people, everybody)
        self.assertEqual(j.rows[:, 1].tolist(), [1, -1, 0, 0])
        self.assertEqual(j.truth, 2)
        self.assertAlmostEqual(average_precision(j.rows[:, :2], j.truth), 0.5)

    def test_by_size_nobody_else_counts(self) -> None:
        people = some_people(count=2)
        found = self.found([[*people.boxes[0]], [100, 0, 110, 9]], [0.9, 0.8])
        j = judge(found, people, of_size(60, 72))
        self.assertEqual(j.rows[:, 1].tolist(), [1, -1])
        self.assertEqual(j.truth, 1)

    def test_points_count_within_a_tenth_of_the_box_and_a_missed_person_has_none(self) -> None:
        people = some_people(count=2)
        people.points[0, 3, 2] = 1
        points = np.zeros((1, COUNT, 3), np.float32)
        points[0, :, :2] = people.points[0, :, :2]
        points[0, 0, 0] += 6.9
        points[0, 1, 0] += 7.1
        found = Found(people.boxes[:1], np.float32([0.9]), points)
        s = summary(judged([found], [people]))
        self.assertAlmostEqual(s["pck"], 7 / 17)
        self.assertAlmostEqual(s["ap50"], 0.5)


class Labels(unittest.TestCase):
    def test_every_fault_of_the_labels_is_told_with_its_line(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = draw_set(Path(folder) / "set", 3, SIZE, 1) / "labels.jsonl"
            lines = [json.loads(line) for line in file.read_text().splitlines()]
            lines[0]["people"][0]["keypoints"].pop()
            del lines[1]["camera"]
            lines[2]["width"] = 64
            file.write_text("\n".join(json.dumps(line) for line in lines))
            with self.assertRaises(WorkshopError) as refused:
                read_people(file.parent, SIZE)
            for number, problem in zip((1, 2, 3), refused.exception.problems, strict=True):
                self.assertIn(f"labels.jsonl:{number}", problem)

    def test_a_sample_is_the_same_for_the_same_seed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Augmenter(read_people(draw_set(Path(folder) / "set", 2, SIZE, 1), SIZE), (64, 96), Rates(noise=1.0))
            (a, people), (b, _) = (source.sample(1, np.random.default_rng(5)) for _ in range(2))
        self.assertEqual(a.shape, (3, 64, 96))
        np.testing.assert_array_equal(a, b)
        self.assertTrue((people.boxes[:, 2:] <= (96, 64)).all())


if __name__ == "__main__":
    unittest.main()
