"""What the adapters share: what is judged, by one reference or several, and failures are logged."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from verifiers.batch import Item, judge
from verifiers.command import parse_reference
from verifiers.verdict import Verdict

_LOG = logging.getLogger("verifiers")


def item_of(kind: str, response: str, reference: Any, options: Mapping[str, Any]) -> Item:
    """One answer to judge. Where the reference is text, it may be JSON: most data sets hold nothing else."""
    if isinstance(reference, str):
        reference = parse_reference(kind, reference)
    return Item(kind, response, reference, options)


def judge_any(items: Iterable[Item]) -> Verdict:
    """The first correct verdict, else the first where the verifier failed, else the first.

    For several references of which any will do. Raises `ValueError` where there is none.
    """
    verdicts: list[Verdict] = []
    for item in items:
        verdicts.append(judge(item))
        if verdicts[-1].correct:
            return verdicts[-1]
    if not verdicts:
        raise ValueError("There is no reference to judge this answer by.")
    return next((verdict for verdict in verdicts if verdict.status in ("timeout", "error")), verdicts[0])


def failed(verdict: Verdict) -> bool:
    """Whether the verifier failed, which says nothing about the answer; logs a warning that says why."""
    if verdict.status not in ("timeout", "error"):
        return False
    _LOG.warning("The verifier %s failed (%s): %s", verdict.verifier, verdict.status, verdict.reason)
    return True
