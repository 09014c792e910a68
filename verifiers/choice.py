r"""Multiple choice: which options a response decides for, and whether they are those of the reference.

The decision is looked for in the text after the thinking: the last `<answer>…</answer>` or `\boxed{…}`; else the
last statement such as "the answer is …", "I would go with …", "B is the correct option", "故选…"; else "option B
is correct"; else a last clause "so B"; else a response that is an option and nothing more, or opens or closes with
the line of one. `choice_reading` reads what is found. A fallback is used only when asked for.
"""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Literal, get_args

from verifiers.choice_reading import LONGEST, Options, Reading, doubted, is_unit, patterns, read
from verifiers.extract import Extraction, after_thinking, extract
from verifiers.identity import Identity, check_response, clip, quote
from verifiers.text import normalise
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "4"
Fallback = Literal["none", "last_line", "last_letter"]
FALLBACKS = get_args(Fallback)
_SELF = Identity("choice", VERSION)
_LONGEST_BARE = 300
_SEARCHED = 50_000
"""Characters at the end of a response in which a decision is looked for where no tag or box marks it."""
_SPACES = re.compile(r"\s{2,}")
_NEAR = 1_000
"""Characters at the end that are searched first: most decisions stand there."""
_MOST = 40
"""Statements that are read, from the last one back."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNKNOWN = 10
"""Letters that count where the options are not given: A to J, as in MMLU-Pro."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that may name options, what it names, and what is said behind it."""

    text: str
    reading: Reading | None
    behind: str = ""


def verify(
    response: str,
    reference: str | Sequence[str],
    *,
    finish_reason: str | None = None,
    options: Mapping[str, str] | Sequence[str] | None = None,
    fallback: Fallback = "none",
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge the options that `response` decides for against `reference`.

    `reference` is `"B"`; `"AC"`, `"A, C"` or `["A", "C"]` where several are right, all of which are needed, in
    any order; `"none"` where no option is. `options` maps keys to texts, or lists the texts of A, B, C, …; with
    it an answer may be an option's text, and keys may be numbers (`1`, `2`) or Roman numerals. Without it the
    letters A to J count, or to the last one of the reference.
    `fallback` says what to take where nothing states an answer: nothing, the last line, or the last letter that
    stands alone; `thinking_marks` names further marks of thinking. Raises `ValueError` for a reference or options of
    another form.
    """
    started = perf_counter()
    check_response(response)
    if fallback not in FALLBACKS:
        raise ValueError(f"The fallback is {fallback!r}; it must be one of {', '.join(FALLBACKS)}.")
    given = _options(options)
    wanted = _reference(reference, given)
    known = given or Options(_letters_to(wanted), {})
    found = _find(with_marks(response, thinking_marks), known, fallback)
    if isinstance(found, Extraction):
        return _SELF.missing(found, finish_reason, started)
    status, layer, reason = _judge(found, wanted, known)
    return _SELF.verdict("correct" if status else "wrong", found.text, layer, reason, started)


def _judge(found: Found, wanted: frozenset[str], options: Options) -> tuple[bool, str, str]:
    """Whether `found` is right, the layer that decided, and the reason."""
    reading = found.reading
    if reading is None:
        return False, "letter", f"{quote(found.text)} names no option."
    if reading.named is None:
        return False, reading.layer, reading.reason
    if (other := doubted(found.behind, reading.named, options)) is not None:
        return False, "hedge", f"It names {_show(reading.named)}, and says that {other} is possible."
    if reading.named == wanted:
        return True, reading.layer, f"Names {_show(wanted)}."
    return False, reading.layer, f"Names {_show(reading.named)}, not {_show(wanted)}."


# --- What the caller gives ----------------------------------------------------------------------------------


def _options(options: Mapping[str, str] | Sequence[str] | None) -> Options | None:
    if options is None:
        return None
    if isinstance(options, list | tuple) and len(options) <= len(_LETTERS):
        options = dict(zip(_LETTERS, options, strict=False))
    if not (
        isinstance(options, Mapping)
        and options
        and all(isinstance(key, str) and key.strip() for key in options)
        and all(isinstance(text, str) for text in options.values())
    ):
        raise ValueError(
            'The options are texts by key, {"A": "Rome", "B": "Paris"}, or a list of texts, '
            f"not {clip(repr(options), 200)}."
        )
    texts = {key.strip().upper(): normalise(text) for key, text in options.items()}
    return Options(tuple(texts), texts)


def _reference(reference: str | Sequence[str], options: Options | None) -> frozenset[str]:
    parts = [reference] if isinstance(reference, str) else reference
    if isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts):
        if not parts or [part.strip().lower() for part in parts] == ["none"]:
            return frozenset()
        keys = frozenset(key for part in parts for key in _keys(part, options))
        if keys and all(key in options.keys if options else key in _LETTERS for key in keys):
            return keys
    known = f"of the options {', '.join(options.keys)}" if options else "capital letters"
    raise ValueError(
        f'A choice reference is {known}, such as "B", "AC" or ["A", "C"], or "none"; not {clip(repr(reference), 60)}.'
    )


def _keys(part: str, options: Options | None) -> list[str]:
    """The keys in one part of a reference: itself if it is a key, else those between its commas or letters."""
    part = part.strip().strip("()")
    if options and part.upper() in options.keys:
        return [part.upper()]
    pieces = [piece.strip("() ") for piece in re.split(r"[\s,;、，&]+", part) if piece.strip("() ")]
    if options and all(piece.upper() in options.keys for piece in pieces):
        return [piece.upper() for piece in pieces]
    return [letter for piece in pieces for letter in piece]


def _letters_to(wanted: frozenset[str]) -> tuple[str, ...]:
    last = max((_LETTERS.index(key) + 1 for key in wanted), default=0)
    return tuple(_LETTERS[: max(_UNKNOWN, last)])


# --- Where the decision is ----------------------------------------------------------------------------------


def _find(response: str, options: Options, fallback: Fallback) -> Found | Extraction:
    text = after_thinking(response)
    marked = extract(response)
    if text is None or marked.unclosed:
        return marked
    text = _searchable(text)
    if marked.answer is not None and marked.how in ("answer_tag", "boxed"):
        return _marked(marked, text, options)
    for search in (_stated, _called_correct, _concluded, _bare):
        if (found := search(text, options)) is not None:
            return found
    if marked.answer is not None and (reading := read(marked.answer, options)) is not None:
        return Found(marked.answer, reading)
    if fallback == "last_line" and (line := text.rstrip().rpartition("\n")[2].strip()):
        return Found(line, read(line, options))
    if fallback == "last_letter" and (letter := _last_letter(text, options)) is not None:
        return letter
    return Extraction(None, "none", "Nothing in the response names an option.")


def _searchable(text: str) -> str:
    """The end of `text`, with one space, line break or blank line for a run of them: searches stay linear."""
    return _SPACES.sub(lambda run: "\n" * min(2, run[0].count("\n")) or " ", text[-_SEARCHED:])


def _marked(marked: Extraction, text: str, options: Options) -> Found:
    """What a tag or box names. One that holds no option (a value worked out, say) yields to a later statement."""
    answer = _searchable(marked.answer or "")
    if marked.how == "boxed" and (several := _boxes(text, options)) is not None:
        return several
    if (reading := read(answer, options)) is not None:
        return Found(answer, reading)
    inside = _stated(answer, options)
    if inside is None and marked.how == "boxed":
        inside = _stated(text[text.rfind("box") :].partition("}")[2], options)
    return inside or Found(answer, None)


_BOX = re.compile(r"\\(?:boxed|fbox)\s*\{((?:[^{}]|\{[^{}]*\}){0,200})\}")


def _boxes(text: str, options: Options) -> Found | None:
    """Two or more boxes joined by "and", "or" or a comma; None where the last box stands alone."""
    boxes = list(_BOX.finditer(text, max(0, text.rfind("\n\n"))))
    if len(boxes) < 2:
        return None
    joined = boxes[-1][1]
    for left, right in zip(boxes[-2::-1], boxes[:0:-1], strict=True):
        between = re.sub(r"\\(?:text|quad)\b|[${}\\]", "", text[left.end() : right.start()]).strip()
        if not re.fullmatch(r"(?:[,;、和与或]|and|or|,\s*and|,\s*or|或者)?", between):
            break
        joined = f"{left[1]} {between or ','} {joined}"
    if joined == boxes[-1][1]:
        return None
    return Found(joined, read(joined, options))


_BEST = (
    r"(?:only|single|one|correct|right|best|final|true|proper|accurate|appropriate|suitable|likely|most|valid|"
    r"intended|first|my)"
)
_NAME = r"(?:answer|option|choice|statement|letter|selection|response|alternative|guess|pick)s?"
_IS = r"(?:is|are|was|would\s+be|should\s+be|must\s+be|has\s+to\s+be|will\s+be|=|[:：])"
_STATEMENT = re.compile(
    rf"""\banswers?\b(?:\s+(?:choice|option|letter)s?)?(?:\s+(?:here|to\s+(?:this|the)\s+\w+|for\s+(?:this|the)\s+\w+))?
        \s*\**\s*\)?{_IS}
    |\b(?:{_BEST}\s+){{1,4}}{_NAME}(?:\s+(?:here|to\s+(?:this|the)\s+\w+))?\s*\**\s*{_IS}
    |\b(?:choose|pick|select|selected|chose|go(?:ing)?\s+(?:with|for)|opt\s+for|vote\s+for|settle\s+(?:on|for))\b
    |(?:正确|最终|最后|最佳|标准|参考)?的?(?:答案|选项)\s*(?:\**|[】\]])\s*(?:应该|应当|应|就|只能)?\s*(?:选择|[选是为：:=]|(?<=[】\]]))
    |(?<![回解])答\s*[:：]|我(?:认为|觉得|猜)
    |正确的(?:答案|选项|选择)?\s*(?:应该|应当|应|就)?\s*[是为：:]
    |(?<![不候挑别勿非误错若])(?<!如果)(?<!不能)(?<!不应)(?<!不可)(?<!为何)(?<!什么)选(?:择|出)?(?![项手举民修取题])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|not|never|cannot|to|when|why|who|students?|people|someone|might|could|tempt\w*|which)\b[^.\n]{0,25}$"
    r"|n't\b[^.\n]{0,15}$|(?:如果|假如|若|为什么|为何)[^。\n]{0,6}$",
    re.IGNORECASE,
)
_VERB = re.compile(r"\s*(?:choo|ch|pick|select|go|opt|vote|settle|选)", re.IGNORECASE)


def _stated(text: str, options: Options) -> Found | None:
    """The last statement of an answer that can be read: "The answer is …", "I choose …", "… is the answer"."""
    near = max(0, len(text) - _NEAR)
    return _stated_from(text, near, options) or (_stated_from(text, 0, options) if near else None)


def _stated_from(text: str, start: int, options: Options) -> Found | None:
    called = _called(text, start, options, answer=True)
    place, found = called[-1] if called else (-1, None)
    for match in reversed(deque(_STATEMENT.finditer(text, start), maxlen=_MOST)):
        if match.start() < place:
            break
        before = text[max(0, match.start() - 60) : match.start()]
        if _VERB.match(match[0]) and _HYPOTHETICAL.search(before):
            continue
        statement, behind = _said(text, match.end())
        if statement and (reading := read(statement, options)) is not None:
            return Found(statement, reading, behind)
    return found


def _said(text: str, start: int) -> tuple[str, str]:
    """What is said from `start`: the rest of the line, or else the lines that follow; and what comes behind it."""
    rest = text[start : start + LONGEST].lstrip(" \t*:：_")
    if not rest.startswith("\n"):
        line, _, behind = rest.partition("\n")
        return line.strip(), behind
    paragraph, _, behind = rest.strip("\n *:：").partition("\n\n")
    return paragraph.strip(), behind


@lru_cache(maxsize=64)
def _calls(keys: tuple[str, ...]) -> re.Pattern[str]:
    """`B is the correct answer`, `options A and C are correct`, `B项正确`; `answer` or `是` marks the strong form."""
    item = patterns(keys).item.pattern
    several = rf"{item}(?:\s*(?:,\s*(?:and|or)?|and|or|&|/|[、和与或])\s*{item}){{0,9}}"
    surely = r"(?:\s+(?:therefore|thus|clearly|indeed|definitely|hence|obviously|also))?"
    return re.compile(
        rf"(?P<list>{several})(?:"
        rf"(?:[.):：]?\s(?:(?!\b(?:is|are|was|were|but|while|whereas|not)\b|n't)[^.;；\n]){{1,80}}?)??\s+(?:is|are|was|must\s+be|has\s+to\s+be){surely}\s+"
        rf"(?:(?P<answer>(?:the|our|my)\s+(?:{_BEST}\s+){{0,4}}{_NAME})\b|(?:correct|right|true)\b(?!\s+(?:in|that|about|for)\b))"
        rf"|\s*(?:是|为|才是)?(?P<zh>正确(?:的)?(?:答案|选项)|正确|对的)(?!吗))"
    )


_CALLED = re.compile(
    rf"\b(?:is|are|was|be)\b[^.\n]{{1,20}}?\b(?:correct|right|true|(?:(?:the|our|my)\s+(?:{_BEST}\s+){{0,4}}{_NAME}))\b"
    "|正确|对的"
)
_NEGATED = re.compile(
    r"(?:\b(?:neither|nor|not|if|whether|why|unless|suppose|assume|assuming|that either|because|is|are)"
    r"|如果|若|假设|不)\s*$",
    re.IGNORECASE,
)


def _called(text: str, start: int, options: Options, answer: bool) -> list[tuple[int, Found]]:
    """Where `text` calls options the answer (`answer`), or only says that they are correct, from `start` on."""
    if not _CALLED.search(text, start):  # saves a slower search
        return []
    found = []
    for match in deque(_calls(options.keys).finditer(text, start), maxlen=_MOST):
        strong = bool(match["answer"]) or "答案" in (match["zh"] or "") or "选项" in (match["zh"] or "")
        if strong != answer or _NEGATED.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        reading = read(match["list"], options)
        if reading is not None:
            behind = text[match.end() : match.end() + LONGEST]
            found.append((match.start(), Found(match[0].strip(), reading, behind)))
    return found


def _called_correct(text: str, options: Options) -> Found | None:
    """The options that a response without a stated answer calls correct, one by one or together."""
    found = [called for _, called in _called(text, 0, options, answer=False)]
    named: frozenset[str] = frozenset()
    for called in found:
        if called.reading is None or called.reading.named is None:
            return called
        named |= called.reading.named
    return Found(found[-1].text, Reading(named, "letter"), found[-1].behind) if found else None


_CONCLUSION = re.compile(
    r"(?:^|[.;,\n。；，])\s*(?:so|therefore|thus|hence|因此|所以|故)\b[,，:]?\s*(?P<named>[^.;,\n。；，]{1,60})[\s.。!]*$",
    re.IGNORECASE,
)


def _concluded(text: str, options: Options) -> Found | None:
    """A last clause that says no more than `so B`."""
    match = _CONCLUSION.search(text, max(0, len(text) - 200))
    if match is None or patterns(options.keys).item.fullmatch(_lean(match["named"])) is None:
        return None
    reading = read(match["named"], options)
    return Found(match[0].strip(" .,;\n。；，"), reading) if reading is not None else None


def _lean(named: str) -> str:
    return re.sub(r"^(?:it(?:'s| is| must be)|option)\s+|\*", "", named.strip(), flags=re.IGNORECASE).strip()


def _bare(text: str, options: Options) -> Found | None:
    """A response that is an option and nothing more, or has one line only that is: its first or its last."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) == 1 and len(lines[0]) <= _LONGEST_BARE:
        reading = read(lines[0], options)
        if reading is not None and lines[0].endswith(("?", "？")):
            reading = Reading(None, "hedge", "It asks.")
        return Found(lines[0], reading) if reading is not None else None
    if not lines:
        return None
    item = patterns(options.keys).item
    if len(lines) <= len(options.keys) and all(item.fullmatch(line.rstrip(".)")) for line in lines):
        return Found(text.strip(), read("\n".join(lines), options))
    opened = [
        line for line in lines if (match := item.match(line)) and line[match.end() :][:1] in ("", *".):：、")
    ]
    if len(opened) == 1 and opened[0] in (lines[0], lines[-1]):
        return Found(opened[0], read(opened[0], options))
    return None


def _last_letter(text: str, options: Options) -> Found | None:
    letters = [
        letter
        for letter in re.finditer(patterns(options.keys).key + r"(?!\s+[a-z])", text)
        if letter[0] in options.keys and not is_unit(text, letter.start())
    ]
    last = letters[-1] if letters else None
    return Found(last[0], Reading(frozenset({last[0]}), "letter")) if last else None


def _show(named: frozenset[str]) -> str:
    return " and ".join(sorted(named)) if named else "no option"
