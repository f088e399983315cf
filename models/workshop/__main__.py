"""`python -m workshop VERB --model NAME ...`: one module a verb, chosen by the kind of the model's recipe."""

from __future__ import annotations

import argparse
import importlib
import sys

from workshop.problems import WorkshopError
from workshop.recipe import read_recipe

DETECTOR = {
    "train": "train",
    "export": "export",
    "evaluate": "evaluate",
    "quantise": "quantise",
    "golden": "golden",
    "prune": "prune",
    "distil": "distil",
    "qat": "qat",
    "grow": "grow",
    "optimise": "optimise",
    "smoke": "smoke",
    "masks": "data.from_masks",
    "compile": "compile",
    "card": "card",
}
ONE_CLASS = {
    "train": "anomaly.train",
    "evaluate": "anomaly.evaluate",
    "quantise": "anomaly.quantise",
    "golden": "anomaly.golden",
    "compile": "compile",
    "card": "anomaly.card",
}
PERSON_POSE = {
    "train": "pose.train",
    "export": "pose.export",
    "quantise": "pose.quantise",
    "evaluate": "pose.evaluate",
    "golden": "pose.golden",
    "card": "pose.card",
}
WINDOWS = {
    "train": "vitals.train",
    "export": "vitals.export",
    "evaluate": "vitals.evaluate",
    "golden": "vitals.golden",
    "spec": "vitals.spec",
}
KINDS = {"pair-detector": DETECTOR, "detector": DETECTOR, "one-class": ONE_CLASS, "person-pose": PERSON_POSE, "vital-signs": WINDOWS}


def main(arguments: list[str]) -> int:
    verbs = ", ".join(sorted({*DETECTOR, *ONE_CLASS, *PERSON_POSE, *WINDOWS}))
    first = argparse.ArgumentParser(prog="workshop", add_help=False, description=__doc__)
    first.add_argument("verb", nargs="?")
    first.add_argument("--model")
    first.add_argument("-h", "--help", action="store_true")
    known, _ = first.parse_known_args(arguments)
    if known.verb is None or (known.model is None and known.help):
        print(f"workshop VERB --model NAME [options]\n\n  VERB is one of {verbs}\n  --help with VERB and --model lists its options")
        return 0 if known.help else 2
    try:
        if known.model is None:
            raise WorkshopError("--model is missing: name a folder of models/ that holds a model.json, for instance --model pcb-defects")
        recipe = read_recipe(known.model)
        modules = KINDS[recipe.kind]
        if known.verb not in modules:
            raise WorkshopError(f"{recipe.name} is a {recipe.kind}; its verbs are {', '.join(modules)}, not {known.verb}")
        module = importlib.import_module(f"workshop.{modules[known.verb]}")
        parser = argparse.ArgumentParser(
            prog=f"workshop {known.verb}", description=module.__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
        )
        parser.add_argument("verb")
        parser.add_argument("--model", required=True, help="folder of models/ with the recipe model.json")
        module.add_arguments(parser)
        module.run(parser.parse_args(arguments), recipe)
    except WorkshopError as refused:
        for problem in refused.problems:
            print(f"refused: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
