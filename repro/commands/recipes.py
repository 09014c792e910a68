"""`repro recipes`: what ships."""

from repro.commands.output import Json, note, print_json, print_table


def recipes(as_json: Json = False) -> None:
    """List the recipes that ship."""
    from repro.shipped import shipped_recipes

    found = shipped_recipes()
    if as_json:
        print_json([{"name": name, "description": text} for name, text in found.items()])
    elif found:
        print_table("Recipes", [("name", "name"), ("description", "left")], list(found.items()))
    else:
        note("No recipe ships with this installation; name a .yaml file.")
