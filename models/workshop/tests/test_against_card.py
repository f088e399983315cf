"""The committed bundle stands in where nothing was made, and a figure off its card is refused."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest.mock import patch

from workshop import evaluate, recipe
from workshop.problems import WorkshopError
from workshop.recipe import Recipe


def report(share: float) -> dict:
    return {"models": {"int8": {"sha256": "x", "test": {"map": share}}}}


class AgainstCard(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        models = Path(scratch.name)
        self.bundle = models / "bundles" / "m"
        self.bundle.mkdir(parents=True)
        for module in (recipe, evaluate):
            patched = patch.object(module, "MODELS", models)
            patched.start()
            self.addCleanup(patched.stop)
        self.recipe = Recipe(name="m", kind="detector", folder=models / "m", data=())

    def test_the_bundle_stands_in_until_a_file_is_made(self) -> None:
        made, committed = self.recipe.out / "int8.onnx", self.bundle / "int8.onnx"
        self.assertEqual(recipe.model_file(self.recipe, "int8.onnx"), made)
        committed.write_bytes(b"committed")
        self.assertEqual(recipe.model_file(self.recipe, "int8.onnx"), committed)
        made.parent.mkdir(parents=True)
        made.write_bytes(b"made")
        self.assertEqual(recipe.model_file(self.recipe, "int8.onnx"), made)

    def test_a_figure_within_the_tolerance_passes_and_one_beyond_is_refused_either_way(self) -> None:
        (self.bundle / "bundle.json").write_text(json.dumps({"metrics": report(0.99)}))
        evaluate.compare_with_card(report(0.9889), self.recipe)
        for off in (0.988, 0.992):
            with self.assertRaises(WorkshopError) as refused:
                evaluate.compare_with_card(report(off), self.recipe)
            self.assertIn("99.00 in the card", refused.exception.problems[0])

    def test_no_card_or_nothing_to_compare_is_not_a_pass(self) -> None:
        self.assertRaises(WorkshopError, evaluate.compare_with_card, report(0.99), self.recipe)
        (self.bundle / "bundle.json").write_text(json.dumps({"metrics": {"models": {}}}))
        self.assertRaises(WorkshopError, evaluate.compare_with_card, report(0.99), self.recipe)


if __name__ == "__main__":
    unittest.main()
