r"""Answers in words: `\text{yes}`, "no solution", and what several phrases have in common."""

import re

from verifiers.math_words import NOT_UNITS

_TEXT = re.compile(r"\\text ?\{([^{}]*)\}")
_WORDS = re.compile(r"[^\W\d_][^\W\d_' -]*(?:[ '-]+[^\W\d_]+)*", re.UNICODE)
_BRACKETED_LETTER = re.compile(r"\([a-z]\)")
_SAME = (
    {"no solution", "no solutions", "no real solution", "no real solutions", "there is no solution",
     "no such solution", "无解", "没有解", "\\emptyset", "empty set", "the empty set"},
    {"does not exist", "dne", "undefined", "doesn't exist", "不存在"},
    {"all real numbers", "all reals", "\\mathbb{r}", "(-\\infty,\\infty)"},
    {"true", "yes", "是", "正确", "对"},
    {"false", "no", "否", "错误", "错"},
)  # fmt: skip
_STANDARD = {phrase: sorted(group)[0] for group in _SAME for phrase in group}


def canonical(text: str) -> str:
    r"""Normalised `text` as words: without `\text`, case, quotes and articles."""
    plain = _TEXT.sub(r" \1 ", text).lower().replace('"', "").replace("``", "").replace("''", "")
    plain = " ".join(plain.split()).strip(" '")
    plain = plain[1] if _BRACKETED_LETTER.fullmatch(plain) else plain
    plain = plain.removeprefix("the ").removeprefix("a ") if plain not in _STANDARD else plain
    return _STANDARD.get(plain) or _STANDARD.get(plain.replace(" ", ""), plain)


def is_words(text: str) -> bool:
    r"""Whether normalised `text` is words only; up to three letters may also be a product of variables."""
    plain = " ".join(_TEXT.sub(r" \1 ", text).split())
    return (len(plain) > 3 or plain.lower() in NOT_UNITS) and _WORDS.fullmatch(plain) is not None
