from __future__ import annotations

import hashlib
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from workshop.problems import WorkshopError
from workshop.validation_scores import NAME, validation_scores, write_validation_scores

CLASSES = ("open", "short")
ROWS = [np.array([[0.9129, 1], [0.5, 0]]), np.zeros((0, 2))]
GOOD = [np.array([[0, 0, 9, 9, 1, 0.0319], [0, 0, 9, 9, 1, 0.2]]), np.zeros((0, 6))]


class ValidationScores(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.model = Path(self.folder.name) / "int8.onnx"
        self.model.write_bytes(b"weights")

    def tearDown(self) -> None:
        self.folder.cleanup()

    def test_rounds_scores_down_and_keeps_the_best_of_each_class_per_good_board(self) -> None:
        scores = validation_scores(self.model, CLASSES, 3, ROWS, np.array([2, 0]), GOOD, "held out")
        self.assertEqual(scores["classes"][0], {"label": "open", "defects": 2, "detections": [[0.912, 1], [0.5, 0]]})
        self.assertEqual(scores["goodBoards"], [[0.0, 0.2], [0.0, 0.0]])
        self.assertEqual(scores["model"]["sha256"], hashlib.sha256(b"weights").hexdigest())

    def test_a_threshold_of_three_decimals_decides_as_it_does_for_the_score_itself(self) -> None:
        raw = np.random.default_rng(5).random(400).astype(np.float32)
        rows = [np.stack([np.sort(raw)[::-1], np.zeros(400)], 1), np.zeros((0, 2))]
        kept = validation_scores(self.model, CLASSES, 1, rows, np.array([0, 0]), [], "x")["classes"][0]["detections"]
        for threshold in (0.02, 0.333, 0.5, 0.6, 0.971):
            self.assertEqual(sum(s >= threshold for s, _ in kept), int((raw >= threshold).sum()))

    def test_refuses_what_does_not_fit_together_with_every_reason(self) -> None:
        with self.assertRaises(WorkshopError) as refused:
            validation_scores(self.model, CLASSES, 0, ROWS, np.array([0, 0]), GOOD, "x")
        self.assertEqual(len(refused.exception.problems), 2)

    def test_writes_one_whole_line(self) -> None:
        scores = validation_scores(self.model, CLASSES, 3, ROWS, np.array([2, 0]), GOOD, "held out")
        file = write_validation_scores(scores, Path(self.folder.name))
        self.assertEqual(file.name, NAME)
        self.assertEqual(json.loads(file.read_text()), scores)
        self.assertEqual(file.read_text().count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
