r"""Answers in words: `\text{yes}`, "no solution", a choice's letter, and what several phrases have in common."""

import re

from verifiers.math.units import depends_on_case
from verifiers.math.words import NOT_UNITS

_TEXT = re.compile(r"\\text ?\{([^{}]*)\}")
_WORDS = re.compile(r"[^\W\d_][^\W\d_' -]*(?:[ '-]+[^\W\d_]+)*", re.UNICODE)
_JOINED = re.compile(r"\b(?:and|or)\b")
_SMALL = re.compile(r"\\?[A-Za-z]{3,}|[AP]\.? ?M\b")
_LETTERS = "abcdefghij"
_BRACKETED_LETTER = re.compile(
    r"\(([a-jA-J])\)|\[([a-jA-J])\]|([a-jA-J])[.)]|(?:option|choice|选项|故?选|答案选?) ?\(?([a-jA-J])\)?"
)
_LETTER = re.compile(r"\(([A-Ja-j])\)|([A-J])\)?")
_LETTER_AND_TEXT = re.compile(r"(?:\(([A-Ja-j])\)[.:]?|([A-J])[.:)]) (?=[^\s,;])")
_ANOTHER_LETTER = re.compile(r"\([A-J]\)|\b[A-J][.:)]|\bor\b|或|\band\b")
_CIRCLED = re.compile(r"[①-⑳](?:[ ,;和与及]*+[①-⑳]){0,19}")
_SAME = (
    {"no solution", "no solutions", "no real solution", "no real solutions", "there is no solution",
     "there are no solutions", "no such solution", "has no solution", "no roots", "no real roots", "none",
     "无解", "没有解", "无", "无实数解", "无实数根", "方程无解", "\\emptyset", "empty set", "empty",
     "∅", "空集", "\\{\\}", "no such number exists", "no such numbers exist"},
    {"does not exist", "dne", "undefined", "doesn't exist", "not defined", "is undefined", "不存在", "未定义"},
    {"all real numbers", "all reals", "\\mathbb{r}", "(-\\infty,\\infty)", "(-\\infty,+\\infty)", "any real number",
     "every real number", "全体实数", "所有实数", "一切实数", "任意实数", "all real x", "r", "实数集"},
    {"true", "yes", "correct", "是", "正确", "对", "是的", "真"},
    {"false", "no", "incorrect", "否", "错误", "错", "不是", "假", "不正确"},
    {"infinitely many", "infinitely many solutions", "infinite solutions", "an infinite number of solutions",
     "there are infinitely many solutions", "infinite number of solutions", "无数个", "无穷多个", "无穷多",
     "无穷多解", "有无穷多解"},
    {"infinity", "\\infty", "infinite", "+\\infty", "positive infinity", "无穷大", "正无穷"},
    {"negative infinity", "-\\infty", "负无穷", "minus infinity"},
    {"impossible", "not possible", "cannot be done", "不可能"},
)  # fmt: skip
_STANDARD = {phrase: sorted(group)[0] for group in _SAME for phrase in group}


def canonical(text: str) -> str:
    r"""Normalised `text` as words: without `\text`, case, quotes and articles; a choice as its letter."""
    plain = _TEXT.sub(r" \1 ", text) if "\\text" in text else text
    plain = _SMALL.sub(_lowered, plain).replace('"', "").replace("``", "").replace("''", "")
    plain = " ".join(plain.split())
    plain = plain[1:-1] if plain[:1] == plain[-1:] == "'" else plain
    if len(plain) <= 12 and (letter := _BRACKETED_LETTER.fullmatch(plain)) is not None:
        plain = next(group for group in letter.groups() if group)
    if plain and "①" <= plain[0] <= "⑳" and _CIRCLED.fullmatch(plain) is not None:
        return "".join(sorted(set(plain) - set(" ,;和与及")))
    lower = plain.lower()
    if (found := _STANDARD.get(lower) or _STANDARD.get(lower.replace(" ", ""))) is not None:
        return found
    plain = lower if len(plain) == 1 and lower in _LETTERS else plain
    return plain.removeprefix("the ").removeprefix("a ").removeprefix("an ")


def is_words(text: str) -> bool:
    r"""Whether normalised `text` is one phrase; up to three letters may also be a product of variables."""
    plain = " ".join(_TEXT.sub(r" \1 ", text).split())
    if len(plain) <= 3 and plain.lower() not in NOT_UNITS:
        return False
    return _WORDS.fullmatch(plain) is not None and _JOINED.search(plain) is None


def _lowered(match: re.Match[str]) -> str:
    r"""A word in small letters; `\Omega` is no `\omega`, and `MHz` no `mHz`."""
    return match[0] if match[0][0] == "\\" or depends_on_case(match[0]) else match[0].lower()


def same_choice(answer: str, reference: str) -> bool:
    """Whether `answer` is the letter of `reference` with the text of that option, as in `(B) 12`."""
    wanted = _LETTER.fullmatch(_TEXT.sub(r"\1", reference).strip())
    plain = " ".join(_TEXT.sub(r" \1 ", answer).split())
    found = _LETTER_AND_TEXT.match(plain)
    if wanted is None or found is None or _ANOTHER_LETTER.search(plain, found.end()) is not None:
        return False
    return (wanted[1] or wanted[2]).upper() == (found[1] or found[2]).upper()
