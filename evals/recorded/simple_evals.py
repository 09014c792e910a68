"""simple-evals' `_allresults.json`: one object with conversations and a page of HTML for each."""

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from evals.recorded.record import Record, mark

_TARGET = re.compile(r"<p>\s*Correct Answer:\s*(.*?)</p>", re.DOTALL)
_SCORE = re.compile(r"<p>\s*Score:\s*(.*?)</p>", re.DOTALL)


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"convos", "htmls"} <= row.keys()


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per conversation: its last message. Target and score stand in its page.

    It writes no ids and repeats problems, so conversations that ask the same are one problem.
    """
    pages = row["htmls"]
    asked: dict[str, str] = {}
    for place, messages in enumerate(row["convos"]):
        if not messages:
            continue
        question = _content(messages[-2]["content"]) if len(messages) > 1 else None
        page = pages[place] or "" if place < len(pages) else ""
        # The last ones: a page begins with the conversation, which may hold anything.
        target, score = _last(_TARGET, page), _last(_SCORE, page)
        label = None if score is None else mark(score)
        yield Record(
            problem=str(place) if question is None else asked.setdefault(question, str(place)),
            response=_content(messages[-1]["content"]),
            reference=target,
            marks={} if label is None else {"score": label},
            question=question,
        )


def _last(pattern: re.Pattern[str], page: str) -> str | None:
    found: Sequence[str] = pattern.findall(page)
    return html.unescape(found[-1]).strip() if found else None


def _content(content: Any) -> str:
    """The text of a message: a string, or parts of which some are text."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or [] if isinstance(part, dict))
