"""The recipes that ship, by name. Apart from `repro.recipe`, whose sections import torch."""

from importlib.resources import files

import yaml


class RecipeError(ValueError):
    """A recipe does not exist or is not valid."""


def shipped_recipes() -> dict[str, str]:
    """Name and description of every recipe that ships."""
    folder = files("repro.recipes")
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name
    )
    return {
        item.name.removesuffix(".yaml"): str(yaml.safe_load(item.read_text())["description"]).strip()
        for item in found
    }
