"""Boxes from masks, and splits that keep a group together."""

import unittest

import numpy as np

from workshop.data.from_masks import boxes_of, split_groups


class Masks(unittest.TestCase):
    def test_regions_apart_are_two_boxes_and_near_ones_are_one(self) -> None:
        mask = np.zeros((60, 60), bool)
        mask[5:10, 5:15] = True
        mask[40:50, 30:34] = True
        self.assertEqual(boxes_of(mask, 6, 12), [[5, 5, 10, 5], [30, 40, 4, 10]])
        mask[5:10, 17:25] = True
        self.assertEqual(boxes_of(mask, 6, 12)[0], [5, 5, 20, 5])

    def test_specks_are_left_out(self) -> None:
        mask = np.zeros((30, 30), bool)
        mask[3:5, 3:5] = True
        self.assertEqual(boxes_of(mask, 6, 12), [])

    def test_no_group_is_in_two_splits_and_rare_kinds_reach_every_split(self) -> None:
        rows = [{"image": f"{k}/{i}.jpg", "class": k, "g": f"{k}{i // 3}"} for k in ("free", "crack") for i in range(30)]
        split = split_groups(rows, "g", 1)
        self.assertEqual(len(split), 20)
        for kind in ("free", "crack"):
            self.assertEqual({split[g] for g in split if g.startswith(kind)}, {"train", "validation", "test"})


if __name__ == "__main__":
    unittest.main()
