r"""Conditions at the end of an answer, in brackets or in words, as further parts of it: `, k \in \mathbb{Z}`.

What holds for all numbers, and a constant, is declared to be real: `f(x) = c, \text{ where c is a constant}`.
"""

import re

_RELATION = r"(?:\\in|\\ne|\\le|\\ge|[<>]=?|!=)(?![A-Za-z])"
_VARIABLE = r"[A-Za-z](?:_\{?\w\}?)?"
_BRACKETED = re.compile(
    r"(?<=[^\s,;(\\+*/=<>-])(?<!\bor)(?<!\band)(?<![或且和与])[ ,;]*+"
    rf"\( ?({_VARIABLE} ?{_RELATION}(?:[^()]|\([^()]*\)){{1,80}})\)[ .]*+$"
)
_GAP = r"(?:\\text ?\{|[} ])*+"
_START = r"(?<![ ,])[ ,]*+(?:\\text ?\{ ?)?"
_IN_WORDS = re.compile(
    rf"{_START}(?:\b(?:for|where|with|其中)\b{_GAP}(?:(?:any|some|all|every|each)\b{_GAP})?|\\forall ?)"
    rf"(?={_VARIABLE}(?: ?, ?{_VARIABLE}){{0,4}} ?\\in(?![A-Za-z]))"
)
_SEVERAL = re.compile(
    rf", ?({_VARIABLE}(?: ?, ?{_VARIABLE}){{1,4}}) ?\\in ?((?:\\mathbb ?)?\{{? ?[NZR] ?\}}?(?![A-Za-z(\[]))"
)
_FOR_EACH = re.compile(
    rf"{_START}(?:\b(?:for|where|with){_GAP}(?:any|some|all|every|each)\b|\\forall){_GAP}"
    rf"(?:(?:real\b{_GAP})?(?:numbers?\b{_GAP}|values? of\b{_GAP})?)([A-Za-z])[}} .]*+$"
)
_FOR_EACH_FIRST = re.compile(
    rf"(?:\\text ?\{{ ?)?(?:for{_GAP}(?:any|all|every|each)\b|\\forall){_GAP}(?:real\b{_GAP})?(?:numbers?\b{_GAP})?"
    rf"([A-Za-z])[}} ]{{0,3}}[,:] ?(?=\S)",
    re.IGNORECASE,
)
_FOR_EACH_WITHIN = re.compile(
    rf"(?<=[\w)}}])[ ,]{{1,3}}(?:\\text ?\{{ ?)?(?:\bfor{_GAP}(?:any|all|every|each)\b|\\forall){_GAP}(?:real\b{_GAP})?"
    rf"(?:numbers?\b{_GAP})?([A-Za-z])[}} ]{{0,3}}(?=,|;|\\?\b(?:and|or)\b)"
)
_LETTERS = r"[A-Za-z](?: ?, ?[A-Za-z]){0,4}"
_CONSTANT = re.compile(
    rf"{_START}\b(?:for|where|with)?{_GAP}(?:"
    rf"(?:(?:any|some|all|every|each|an|a)\b{_GAP})?(?:(?:arbitrary|real|fixed)\b{_GAP}){{0,3}}constants?\b{_GAP}({_LETTERS})"
    rf"|({_LETTERS}){_GAP}(?:is|be|are)\b{_GAP}(?:(?:any|some|an|a)\b{_GAP})?(?:(?:arbitrary|real|fixed)\b{_GAP}){{0,3}}"
    rf"(?:constant|number)s?)[}} .]*+$"
)
_NUMBERS = re.compile(
    r"\\in ?(?:(?:\\mathbb ?)?\{ ?([NZ]) ?\}|(?:\\mathbb ?)?([NZ])(?![A-Za-z(\[]))"
    r"(?: ?[\^_] ?\{ ?([*+]) ?\}| ?[\^_]? ?([*+])(?! ?\w))?"
)
_KIND = rf"(?:(positive{_GAP}integers?|natural{_GAP}numbers?|正整数|自然数)|integers?|整数)"
_ANNOUNCED = re.compile(
    rf"{_START}\b(?:for|where|with){_GAP}(?:(?:any|some|all|every|each|an|a){_GAP})?{_KIND}{_GAP}"
    rf"([a-z])[}} .]*+$"
)
_SAID = re.compile(
    rf"(?:[ ,]|\\text ?\{{ ?){{1,9}}+(?:(?:for|where|with|其中){_GAP})?([a-z]){_GAP}(?:(?:is|be|为|是){_GAP})?"
    rf"(?:(?:an|any|some|a){_GAP})?{_KIND}[}} .]*+$"
)


def with_conditions(text: str) -> str:
    r"""`text` with a condition at its end behind a comma, and the integers and naturals as `\mathbb{Z}`, `\mathbb{N}`.

    >>> with_conditions(r"2k\pi (k \in Z)"), with_conditions(r"k\pi, \text{ where } k \text{ is an integer}")
    ('2k\\pi, k \\in \\mathbb{Z}', 'k\\pi, k\\in \\mathbb{Z}')
    """
    text = _BRACKETED.sub(r", \1", text)
    if "nteger" in text or "数" in text or "natural" in text:
        text = _ANNOUNCED.sub(lambda match: _declared(match[2], match[1]), text)
        text = _SAID.sub(lambda match: _declared(match[1], match[2]), text)
    text = _quantified_last(text)
    text = _FOR_EACH.sub(r", \1 \\in \\mathbb{R}", _CONSTANT.sub(_any_number, text))
    text = _SEVERAL.sub(_each, _IN_WORDS.sub(", ", text))
    return _NUMBERS.sub(_numbers, text)


def _quantified_last(text: str) -> str:
    r"""`text` with what is said of a variable in front or within a list at its end: `f(x) = 0 for all x, f(x) = x`."""
    if (first := _FOR_EACH_FIRST.match(text)) is not None:
        return rf"{text[first.end() :]}, {first[1]} \in \mathbb{{R}}"
    variables = {match[1] for match in _FOR_EACH_WITHIN.finditer(text)}
    if len(variables) != 1:
        return text
    without = _FOR_EACH_WITHIN.sub(" ", text)
    return without if _FOR_EACH.search(without) else rf"{without}, {variables.pop()} \in \mathbb{{R}}"


def _any_number(match: re.Match[str]) -> str:
    return "".join(rf", {name.strip()} \in \mathbb{{R}}" for name in (match[1] or match[2]).split(","))


def _each(match: re.Match[str]) -> str:
    r"""`a, b \in R` as a declaration of each."""
    return "".join(rf", {name.strip()} \in {match[2]}" for name in match[1].split(","))


def _declared(variable: str, kind: str | None) -> str:
    return rf", {variable}\in \mathbb{{{'N' if kind else 'Z'}}}"


def _numbers(match: re.Match[str]) -> str:
    r"""The set after `\in`: the positive integers have several names."""
    letter, mark = match[1] or match[2], match[3] or match[4]
    if mark is None:
        return rf"\in \mathbb{{{letter}}}"
    return rf"\in \mathbb{{{'N' if mark == '+' else letter}}}^{{{'+' if letter == 'N' else mark}}}"
