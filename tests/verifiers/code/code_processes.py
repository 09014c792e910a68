"""The processes of this machine, for tests of what is left behind."""

from pathlib import Path


def parents_of_all():
    """The parent of each process, by its id, zombies left out."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(path.parent.name)] = int(parent)
    return parents


def below(process):
    """The processes below one, at any depth."""
    parents, found, level = parents_of_all(), set(), {process}
    while level:
        level = {one for one, parent in parents.items() if parent in level}
        found |= level
    return found
