"""Verifiers: judge model answers. Needs no torch; each module works alone.

>>> from verifiers import verify
>>> verify("text", "<answer> yes </answer>", "yes").status
'correct'
"""

import importlib
import os
import sys
from typing import Any, cast

from verifiers.batch import Item, verify_batch
from verifiers.verdict import STATUSES, Status, Verdict, Verifier

__all__ = [
    "KINDS",
    "STATUSES",
    "SUITE",
    "Item",
    "Status",
    "Verdict",
    "Verifier",
    "verifier",
    "verify",
    "verify_batch",
]

#: Marks this package as the suite's own; PyPI has another distribution that installs a `verifiers` package.
SUITE = "k15-repro"

#: Which module judges which kind of answer. Each has `verify(response, reference, **options) -> Verdict`.
KINDS: dict[str, str] = {
    "math": "verifiers.math",
    "countdown": "verifiers.countdown",
    "ordering": "verifiers.ordering",
    "choice": "verifiers.choice",
    "text": "verifiers.text",
    "true_false": "verifiers.true_false",
    "instructions": "verifiers.instructions",
    "code": "verifiers.code",
}


def verifier(kind: str) -> Verifier:
    """The verifier for `kind`, imported on first use. Raises `ValueError` for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"There is no verifier {kind!r}; the kinds are {', '.join(KINDS)}.")
    return cast(Verifier, importlib.import_module(KINDS[kind]).verify)


def verify(kind: str, response: str, reference: Any, **options: Any) -> Verdict:
    """Judge `response` against `reference` with the verifier for `kind`.

    Bad model output gives a verdict, never an exception. A caller's mistake (an unknown kind, a malformed
    reference) raises `ValueError`.
    """
    return verifier(kind)(response, reference, **options)


def _other_distributions() -> list[str]:
    """Folders of installed distributions called `verifiers`. (`importlib.metadata` costs 25 ms to import.)"""
    found = []
    for folder in sys.path:
        try:  # without pathlib, which costs more than all the rest
            names = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        found += [n for n in names if n.startswith("verifiers-") and n.endswith((".dist-info", ".egg-info"))]
    return found


def _refuse_a_mixed_install() -> None:
    """Two distributions that install the same package overwrite each other's files; say so at once."""
    if others := _other_distributions():
        name = others[0].rsplit(".", 1)[0].replace("-", " ", 1)
        raise ImportError(
            f"The PyPI distribution `{name}` is installed beside k15-repro and both install a package named "
            "`verifiers`; run `pip uninstall verifiers` and then "
            "`pip install --force-reinstall --no-deps k15-repro` (or use a separate environment)."
        )


_refuse_a_mixed_install()
