"""Answers in JSON, such as `{"reasoning": "…", "answer": "42"}`, which ZeroEval and others ask models for."""

import re

from verifiers.extract import after_thinking

_FENCE = re.compile(r"\s*+(?:```+[a-zA-Z]*+\s*+)?+")
_ANSWER = re.compile(
    r'"(?:final[_ ]?)?answer"\s*+:\s*+(?:"(?P<text>(?:[^"\\]|\\.)*+)"|(?P<plain>-?[\d.]++|true|false)\s*+[,}])',
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(r'\\(["\\/])')


def json_answer(response: str) -> str | None:
    r"""The answer of a response that is one JSON object with an `answer`; None for any other response.

    Models escape badly in JSON (`"\frac{1}{2}"` would be a form feed), so that of the text's escapes only those of
    quotes, slashes and backslashes are resolved.

    >>> json_answer('{"reasoning": "6 * 7", "answer": "42"}')
    '42'
    """
    text = after_thinking(response) or ""
    start = _FENCE.match(text)
    if start is None or not text.startswith("{", start.end()):
        return None
    answers = list(_ANSWER.finditer(text, start.end()))
    if not answers:
        return None
    answer = answers[-1]
    plain = answer["plain"]
    return plain if plain is not None else _ESCAPED.sub(r"\1", answer["text"]).strip()
