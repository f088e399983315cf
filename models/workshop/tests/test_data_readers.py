"""COCO files, YOLO folders and the pair layout become the same records; faults of the label files are named."""

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from workshop.data.coco import read_coco
from workshop.data.pairs import read_pairs
from workshop.data.records import load_records
from workshop.data.yolo import class_names, read_yolo
from workshop.problems import WorkshopError

CLASSES = ("crack", "break")


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)

    def write(self, name: str, content: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def picture(self, name: str, width: int = 40, height: int = 20) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.arange(width * height, dtype=np.uint32).astype(np.uint8).reshape(height, width)).save(path)

    def refusal(self, read, *arguments: object) -> str:
        with self.assertRaises(WorkshopError) as caught:
            read(self.folder, *arguments)
        return "\n".join(caught.exception.problems)


class Coco(Folder):
    def coco(self, **changes: object) -> None:
        self.picture("images/a.png")
        whole = {
            "images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 20, "group": "g1"}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [4, 2, 10, 6]}],
            "categories": [{"id": 7, "name": "break"}, {"id": 3, "name": "crack"}],
        }
        self.write("train.json", json.dumps({**whole, **changes}))

    def test_boxes_become_corners_and_classes_those_of_the_recipe(self) -> None:
        self.coco()
        (record,) = read_coco(self.folder, ("train",), CLASSES)["train"]
        self.assertEqual(record.boxes.tolist(), [[4, 2, 14, 8, 1]])
        self.assertEqual((record.size, record.group, record.pictures[0].name), ((40, 20), "g1", "a.png"))

    def test_every_fault_is_named_at_once(self) -> None:
        self.coco(
            annotations=[
                {"image_id": 1, "category_id": 9, "bbox": [0, 0, 4, 4]},
                {"image_id": 5, "category_id": 7, "bbox": [0, 0, 4, 4]},
                {"image_id": 1, "category_id": 7, "bbox": [0, 0, 4]},
            ]
        )
        found = self.refusal(read_coco, ("train", "test"), CLASSES)
        self.assertRegex(found, r"train\.json: annotations\[0\]: unknown class 9; the recipe knows crack, break")
        self.assertRegex(found, r"annotations\[1\]: image_id 5 is not in images")
        self.assertRegex(found, r"annotations\[2\]: bbox must be four numbers")
        self.assertRegex(found, r"no test\.json or annotations/instances_test\.json")

    def test_a_file_that_is_not_coco_is_named(self) -> None:
        self.write("train.json", "{")
        self.assertRegex(self.refusal(read_coco, ("train",), CLASSES), r"train\.json: not JSON")
        self.write("train.json", '{"shapes": []}')
        self.assertRegex(self.refusal(read_coco, ("train",), CLASSES), r"needs the lists images, annotations and categories")


class Yolo(Folder):
    def yolo(self, lines: str = "1 0.25 0.5 0.5 0.5\n") -> None:
        self.write("classes.txt", "crack\nbreak\n")
        self.picture("images/train/a.png")
        self.write("labels/train/a.txt", lines)

    def test_shares_become_pixels_and_a_picture_without_labels_is_good(self) -> None:
        self.yolo()
        self.picture("images/train/b.png")
        a, b = read_yolo(self.folder, ("train",), CLASSES)["train"]
        self.assertEqual(a.boxes.tolist(), [[0, 5, 20, 15, 1]])
        self.assertEqual(len(b.boxes), 0)

    def test_names_come_from_yaml_in_every_usual_form(self) -> None:
        for text in ("names: ['crack', break]  # two\n", "path: x\nnames:\n  0: crack\n  1: break\nnc: 2\n", "names:\n  - crack\n  - break\n"):
            self.write("data.yaml", text)
            self.assertEqual(class_names(self.folder), ["crack", "break"], text)

    def test_every_fault_is_named_at_once(self) -> None:
        self.yolo("2 0.5 0.5 0.1 0.1\n0 0.5 0.5\n0.5 0.5 0.5 0.1 0.1\n")
        self.write("labels/train/ghost.txt", "")
        found = self.refusal(read_yolo, ("train", "test"), CLASSES)
        self.assertRegex(found, r"a\.txt:1: unknown class 2; there are 2 names")
        self.assertRegex(found, r"a\.txt:2: needs `class cx cy width height`")
        self.assertRegex(found, r"a\.txt:3: unknown class 0\.5")
        self.assertRegex(found, r"ghost\.txt: a label file without a picture")
        self.assertRegex(found, r"images/test or labels/test is not there")

    def test_a_folder_without_names_or_with_a_foreign_class_is_refused(self) -> None:
        self.assertRegex(self.refusal(read_yolo, ("train",), CLASSES), r"no class names; write classes\.txt")
        self.yolo()
        self.write("classes.txt", "crack\ndent\n")
        self.assertRegex(self.refusal(read_yolo, ("train",), CLASSES), r"unknown class 'dent'; the recipe knows crack, break")

    def test_templates_make_pairs(self) -> None:
        self.yolo()
        self.picture("templates/train/a.png")
        (record,) = read_yolo(self.folder, ("train",), CLASSES)["train"]
        self.assertEqual([p.parent.parent.name for p in record.pictures], ["images", "templates"])


class Pairs(Folder):
    def test_lines_become_boxes_and_faults_are_named(self) -> None:
        self.write("labels/1.txt", "1 2 11 12 2\n")
        self.write("labels/2.txt", "")
        one, two = read_pairs(self.folder, 2)
        self.assertEqual((one.boxes.tolist(), len(two.boxes)), ([[1, 2, 11, 12, 1]], 0))
        self.assertEqual([p.name for p in one.pictures], ["1_test.png", "1_temp.png"])
        self.write("labels/2.txt", "1 2 3 4 3\n1 2\n")
        found = self.refusal(read_pairs, 2, ["1", "2", "3"])
        self.assertRegex(found, r"2\.txt:1: unknown class 3; the type is 1 to 2")
        self.assertRegex(found, r"2\.txt:2: needs `x1 y1 x2 y2 type`")
        self.assertRegex(found, r"3\.txt: not there")
        self.assertRegex(self.refusal(lambda f: read_pairs(f / "none", 2)), r"no labels/\*\.txt")


class Memory(Folder):
    def test_pictures_are_letterboxed_and_boxes_move_with_them(self) -> None:
        self.picture("images/a.png", 40, 20)
        box = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 40, 20]}
        self.write("train.json", json.dumps({"images": [{"id": 1, "file_name": "a.png"}], "annotations": [box], "categories": [{"id": 1, "name": "crack"}]}))
        loaded = load_records(read_coco(self.folder, ("train",), CLASSES)["train"], 80, 80)
        self.assertEqual(loaded.images.shape, (1, 1, 80, 80))
        self.assertEqual(loaded.boxes[0].tolist(), [[0, 20, 80, 60, 0]])
        self.assertEqual((int(loaded.images[0, 0, :20].max()), int(loaded.images[0, 0, 60:].max())), (0, 0))


if __name__ == "__main__":
    unittest.main()
