"""simple-evals' results: one object with conversations and a page of HTML for each."""

import html
import re
from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, mark

_TARGET = re.compile(r"<p>\s*Correct Answer:\s*(.*?)</p>", re.DOTALL)
_SCORE = re.compile(r"<p>\s*Score:\s*(.*?)</p>", re.DOTALL)


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"convos", "htmls"} <= row.keys()


def records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    """A record per conversation: its last message. Target and score stand in its page."""
    pages = rows[0]["htmls"]
    for number, messages in enumerate(rows[0]["convos"]):
        page = pages[number] if number < len(pages) else ""
        target, score = _TARGET.search(page), _SCORE.search(page)
        yield Record(
            problem=str(number),
            response=str(messages[-1]["content"]),
            reference=html.unescape(target[1]).strip() if target else None,
            label=mark(html.unescape(score[1])) if score else None,
        )
