"""Model outputs that others have saved, read into records. One file per format.

`PRESETS` are the formats by name; `find_preset` tells which one a file has.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evals.recorded import (
    fields,
    human_eval,
    inspect_logs,
    lighteval,
    livecodebench,
    lm_eval,
    own,
    simple_evals,
)
from evals.recorded.record import Record

Read = Callable[[list[dict[str, Any]]], Iterator[Record]]
Fits = Callable[[dict[str, Any]], bool]

PRESETS: Mapping[str, tuple[Fits, Read]] = {
    "lm-eval": (lm_eval.fits, lm_eval.records),
    "lighteval": (lighteval.fits, lighteval.records),
    "inspect": (inspect_logs.fits, inspect_logs.records),
    "livecodebench": (livecodebench.fits, livecodebench.records),
    "human-eval": (human_eval.fits, human_eval.records),
    "simple-evals": (simple_evals.fits, simple_evals.records),
    "own": (own.fits, own.records),
}
"""For each format whether a first row is of it, and how its rows become records."""


def find_preset(rows: list[dict[str, Any]]) -> str | None:
    """The format that the first row has; None where it is none of them."""
    return next((name for name, (fits, _) in PRESETS.items() if fits(rows[0])), None)


__all__ = ["PRESETS", "Record", "fields", "find_preset"]
