"""The score against cases that can be counted by hand."""

import unittest

import numpy as np

from workshop.scoring import at_threshold, average_precision, best_f, decode, match
from workshop.thresholds import class_threshold

SIDE = 80


def outputs(cells: list[tuple[int, int, int, float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """(class, row, column, score, half side in px) -> scores [6, 80, 80], boxes [4, 80, 80]."""
    scores, boxes = np.zeros((6, SIDE, SIDE), np.float32), np.full((4, SIDE, SIDE), 5, np.float32)
    for c, y, x, s, half in cells:
        scores[c, y, x], boxes[:, y, x] = s, half
    return scores, boxes


class Decode(unittest.TestCase):
    def test_a_box_lies_around_its_cell_centre(self) -> None:
        found = decode(*outputs([(2, 10, 20, 0.9, 12)]))
        np.testing.assert_allclose(found[0], [152, 72, 176, 96, 2, 0.9], rtol=1e-6)

    def test_boxes_end_at_the_picture(self) -> None:
        np.testing.assert_allclose(decode(*outputs([(0, 0, 0, 0.9, 50)]))[0, :4], [0, 0, 54, 54])

    def test_neighbours_of_one_class_are_one_defect_and_of_two_classes_are_two(self) -> None:
        same = [(1, 10, 20, 0.9, 30), (1, 10, 21, 0.8, 30)]
        self.assertEqual(len(decode(*outputs(same))), 1)
        self.assertEqual(len(decode(*outputs([same[0], (3, 10, 21, 0.8, 30)]))), 2)

    def test_scores_below_the_floor_are_nothing(self) -> None:
        self.assertEqual(len(decode(*outputs([(1, 1, 1, 0.019, 9)]))), 0)


class Score(unittest.TestCase):
    truth = [np.float32([[0, 0, 20, 20, 0], [100, 100, 120, 120, 0], [200, 200, 220, 220, 1]])]
    found = [np.float32([[0, 0, 20, 20, 0, 0.9], [300, 300, 320, 320, 0, 0.8], [100, 100, 120, 120, 0, 0.7], [200, 200, 220, 220, 0, 0.6]])]

    def test_one_true_box_is_hit_once(self) -> None:
        twice = [np.concatenate([self.found[0], np.float32([[1, 1, 21, 21, 0, 0.5]])])]
        rows, counts = match(twice, self.truth, 2)
        self.assertEqual(rows[0][:, 1].tolist(), [1, 0, 1, 0, 0])
        self.assertEqual(counts.tolist(), [2, 1])

    def test_average_precision_by_hand(self) -> None:
        rows, counts = match(self.found, self.truth, 2)
        self.assertAlmostEqual(average_precision(rows[0], 2), 0.5 * 1 + 0.5 * 2 / 3)
        self.assertEqual(average_precision(rows[1], 1), 0)

    def test_best_f_is_the_best_of_all_thresholds(self) -> None:
        rows, counts = match(self.found, self.truth, 2)
        every = [at_threshold(rows, counts, np.full(2, t))["f"] for t in (0.95, 0.89, 0.79, 0.69, 0.59)]
        self.assertAlmostEqual(best_f(rows, counts)["f"], max(every))

    def test_a_third_counts_from_above(self) -> None:
        rows, _ = match([np.float32([[0, 0, 20, 10, 0, 0.9]])], [np.float32([[0, 5, 20, 15, 0]])], 2)
        self.assertEqual(rows[0][0, 1], 1)
        rows, _ = match([np.float32([[0, 0, 20, 10, 0, 0.9]])], [np.float32([[0, 6, 20, 16, 0]])], 2)
        self.assertEqual(rows[0][0, 1], 0)


class ClassThreshold(unittest.TestCase):
    rows = np.array([[0.5, 1], [0.4, 1], [0.2, 0]])

    def test_lies_in_the_gap_below_the_last_hit_of_the_best_f(self) -> None:
        self.assertEqual(class_threshold(self.rows, 2, 0.0), 0.3)

    def test_lies_above_what_good_pairs_score_and_not_below_a_tenth(self) -> None:
        self.assertEqual(class_threshold(self.rows, 2, 0.35), 0.37)
        self.assertEqual(class_threshold(np.array([[0.05, 1]]), 1, 0.0), 0.1)

    def test_of_a_class_in_which_nothing_was_found_is_the_lowest_that_good_pairs_allow(self) -> None:
        nothing = np.zeros((0, 2))
        self.assertEqual(class_threshold(nothing, 3, 0.0), 0.1)
        self.assertEqual(class_threshold(nothing, 3, 0.35), 0.37)


if __name__ == "__main__":
    unittest.main()
