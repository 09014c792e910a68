"""CYaRon inside the sandbox, where no installed package is seen, and what a model is told of it."""

import importlib.metadata
from collections.abc import Mapping
from functools import cache
from pathlib import PurePath

from evals.testcases.errors import MissingPackage

PACKAGES = ("cyaron", "colorful", "xeger")
"""CYaRon and what it imports: text files all of them."""

USAGE = """\
`from cyaron import *` gives, among others:
- `randint(a, b)`, `choice(items)`, `uniform(a, b)`; `ati([10, 1e5])` makes integers of a list of numbers.
- `Vector.random(n, [(a, b), (c, d)])`: n different points, each coordinate in its range; with a third argument 1
  they may repeat. For one dimension: `[x for (x,) in Vector.random(n, [(a, b)], 1)]`.
- `String.random(n, charset="abc")`: n letters; `(a, b)` for n draws the length.
- `Sequence(lambda i, f: f(i - 1) + i, [1]).get(0, n - 1)`: a sequence by its formula.
- `Graph.graph(n, m, directed=False, weight_limit=(1, 9), self_loop=False, repeated_edges=False)`, `Graph.tree(n)`,
  `Graph.chain(n)`, `Graph.flower(n)`, `Graph.binary_tree(n)`, `Graph.DAG(n, m)`, `Graph.connected(n, m)`: printed,
  a graph is a line `u v weight` for each edge; `for edge in graph.iterate_edges()` gives `edge.start`, `edge.end`
  and `edge.weight`.
- `Polygon.simple_polygon(points).points`, `Polygon.convex_hull(n).points`.
"""


@cache
def sources() -> Mapping[str, str]:
    """The files of CYaRon, by the names under which they are imported.

    Raises `MissingPackage` where it is not installed.
    """
    return {str(name): text for package in PACKAGES for name, text in _sources_of(package).items()}


def _sources_of(package: str) -> dict[PurePath, str]:
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise MissingPackage(
            f"Generators need {package}, which is not installed: pip install 'k15-repro[testcases]'."
        ) from error
    return {
        file: file.read_text("utf-8")
        for file in files
        if file.suffix in (".py", ".txt") and file.parts[0] == package and "tests" not in file.parts
    }
