"""The sets of a pose recipe: the first is trained on, the second chooses, the third is scored once."""

from __future__ import annotations

from pathlib import Path

from workshop.pose.people import Pictures, read_people
from workshop.problems import WorkshopError
from workshop.recipe import Recipe, input_size, source_path

PARTS = ("train", "validation", "test")


def load(recipe: Recipe, part: str, root: Path | None, limit: int | None = None) -> Pictures:
    """Raises WorkshopError when the recipe lacks the set or its folder cannot be used."""
    if len(recipe.data) < len(PARTS):
        raise WorkshopError(f"models/{recipe.name}/model.json: data must list three sets: {', '.join(PARTS)}, in this order")
    source = recipe.data[PARTS.index(part)]
    return read_people(source_path(recipe, source, root), input_size(recipe), source.make).first(limit)
