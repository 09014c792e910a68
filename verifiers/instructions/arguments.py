"""Read an instruction's `kwargs`. Each reader gives the value, or raises `ValueError` saying what it must be."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from verifiers.identity import clip
from verifiers.instructions.language import languages
from verifiers.instructions.relation import RELATIONS


def read(instruction_id: str, wanted: tuple[str, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the arguments `wanted`, out of `given`. Raises `ValueError` naming the instruction.

    An argument that is None counts as not given: the published table has every name in every row.
    """
    for name, value in given.items():
        if name not in wanted and value is not None:
            raise ValueError(f"{instruction_id} takes {_listed(wanted)}; `{name}` is not one of them.")
    values = {}
    for name in wanted:
        value = given.get(name)
        try:
            values[name] = READERS[name](value)
        except ValueError as error:
            raise ValueError(f"{instruction_id}: `{name}` is {clip(repr(value), 60)}; {error}.") from None
    if "nth_paragraph" in values and not 1 <= values["nth_paragraph"] <= values["num_paragraphs"]:
        raise ValueError(f"{instruction_id}: `nth_paragraph` must lie in 1 to `num_paragraphs`.")
    return values


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "no arguments"


def _count(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a table with gaps makes 3.0 of 3
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("it must be an integer, 0 or more")
    return value


def _relation(value: object) -> str:
    if value not in RELATIONS:
        raise ValueError(f"it must be {' or '.join(map(repr, RELATIONS))}")
    return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("it must be text that is not blank")
    return value


def _pattern(value: object) -> str:
    text = _text(value)
    try:
        re.compile(text)
        re.compile(rf"\b{text}\b")  # some stand within a longer pattern
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(
            f"it is read as a regular expression, and that fails ({error}); write a \\ before .?*+()[]"
        ) from None
    return text


def _patterns(value: object) -> list[str]:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("it must be a list of words")
    return [_pattern(word) for word in value]


def _letter(value: object) -> str:
    text = _text(value)
    if len(text) != 1 or len(text.lower()) != 1:
        raise ValueError("it must be a single character")
    return text


def _language(value: object) -> str:
    if value not in languages():
        raise ValueError(f"it must be one of {', '.join(sorted(languages()))}")
    return str(value)


READERS: dict[str, Callable[[object], Any]] = {
    "capital_frequency": _count,
    "capital_relation": _relation,
    "end_phrase": _text,
    "first_word": _text,
    "forbidden_words": _patterns,
    "frequency": _count,
    "keyword": _pattern,
    "keywords": _patterns,
    "language": _language,
    "let_frequency": _count,
    "let_relation": _relation,
    "letter": _letter,
    "nth_paragraph": _count,
    "num_bullets": _count,
    "num_highlights": _count,
    "num_paragraphs": _count,
    "num_placeholders": _count,
    "num_sections": _count,
    "num_sentences": _count,
    "num_words": _count,
    "postscript_marker": _pattern,
    "prompt_to_repeat": _text,
    "relation": _relation,
    "section_spliter": _pattern,
}
