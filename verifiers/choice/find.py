r"""Where in a response the decision stands.

Looked for in this order: the last `<answer>…</answer>` or `\boxed{…}`; the last statement such as "the answer is …",
"I would go with …", "B is the correct option", "故选…"; "option B is correct"; a last clause "so B" or "actually B"; a
response that is an option and nothing more, or opens or closes with the line of one; a last sentence that leads to
one option, "… to form a cube is (D)". A fallback is used only when asked for.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal, get_args

from verifiers.choice.mentions import last_mentioned
from verifiers.choice.options import Options
from verifiers.choice.patterns import MATHS, patterns
from verifiers.choice.reading import Reading, read
from verifiers.choice.remarks import LONGEST, corrected, is_unit
from verifiers.choice.statements import (
    BEST,
    NAME,
    NEXT_QUESTION,
    OF_VERB,
    STATEMENT,
    is_about_something_else,
)
from verifiers.extract import Extraction, after_thinking, extract, is_denied

Fallback = Literal["none", "last_line", "last_letter", "last_mention"]
FALLBACKS = get_args(Fallback)
Take = Literal["last", "first"]
TAKES = get_args(Take)

_LONGEST_BARE = 300
_SEARCHED = 50_000
"""Characters of a response, at the end that counts, in which a decision is looked for."""
_SPACES = re.compile(r"\s{2,}")
_NEAR = 1_000
"""Characters at the end that are searched first: most decisions stand there."""
_MOST = 40
"""Statements that are read, from the end that counts."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that may name options, what it names, and what is said behind it."""

    text: str
    reading: Reading | None
    behind: str = ""


def find(response: str, options: Options, fallback: Fallback, take: Take) -> Found | Extraction:
    """The decision in `response`, or why there is none."""
    text = after_thinking(response)
    if text is None or take == "last":
        return _find(response, text, options, fallback)
    question = NEXT_QUESTION.search(text.lstrip())
    if question is not None:
        first = _first_answer(text.lstrip()[: question.start()], options)
        if isinstance(found := _find(first, first, options, "none"), Found):
            return found
    first = _first_answer(text, options)
    return _find(first, first, options, fallback)


def _find(response: str, text: str | None, options: Options, fallback: Fallback) -> Found | Extraction:
    """The decision in `response`, whose thinking ends before `text`."""
    marked = extract(response)
    if text is None or marked.unclosed:
        return marked
    text = _searchable(text[-_SEARCHED:])
    if marked.answer is not None and marked.how in ("answer_tag", "boxed"):
        return _marked(marked, text, options)
    for search in (_stated, _called_correct, _concluded, _bare, _led_to):
        if (found := search(text, options)) is not None:
            return found
    if marked.answer is not None and (reading := read(marked.answer, options)) is not None:
        return Found(marked.answer, reading)
    if fallback == "last_line" and (line := text.rstrip().rpartition("\n")[2].strip()):
        return Found(line, read(line, options))
    if fallback == "last_letter" and (letter := _last_letter(text, options)) is not None:
        return Found(letter, Reading(frozenset({letter}), "letter"))
    if fallback == "last_mention" and (mention := last_mentioned(text, options, _last_letter)) is not None:
        return Found(*mention)
    return Extraction(None, "none", "Nothing in the response names an option.")


def _searchable(text: str) -> str:
    """`text` with one space, line break or blank line for a run of them: searches stay linear."""
    return _SPACES.sub(lambda run: "\n" * min(2, run[0].count("\n")) or " ", text)


# --- The first answer of a response that runs on --------------------------------------------------------------

_FIRST_MARK = re.compile(r"</answer>|\\boxed\s?\{(?:[^{}]|\{[^{}]{0,200}\}){0,200}\}", re.IGNORECASE)


def _first_answer(text: str, options: Options) -> str:
    """`text` up to its first answer; all of it where it marks and states none."""
    text = _searchable(text.lstrip()[:_SEARCHED])
    ends = [match.end() for match in (_FIRST_MARK.search(text),) if match]
    for start, match_end in islice(_statements(text, 0), _MOST):
        statement, _ = _said(text, match_end)
        if statement and read(statement, options) is not None:
            ends.append(max(text.find(statement, match_end), match_end) + len(statement))
            break
        if ends and start > ends[0]:
            break
    return text[: min(ends)] if ends else text


# --- Tags and boxes -------------------------------------------------------------------------------------------


def _marked(marked: Extraction, text: str, options: Options) -> Found:
    """What a tag or box names. One that holds no option (a value worked out, say) yields to a statement."""
    answer = _searchable((marked.answer or "")[:_SEARCHED])
    boxed = marked.how == "boxed"
    if boxed and (several := _boxes(text, options)) is not None:
        return several
    if (reading := read(answer, options)) is not None:
        return Found(answer, reading, _behind_box(text) if boxed else "")
    inside = _stated(answer, options)
    if inside is None and boxed:
        behind = _behind_box(text)
        inside = (
            _stated(behind, options)
            or _concluded(behind, options)
            or _stated(text[: text.rfind("box")], options)
        )
    return inside or Found(answer, None)


def _behind_box(text: str) -> str:
    return text[text.rfind("box") :].partition("}")[2]


_BOX = re.compile(r"\\(?:boxed|fbox)\s?\{((?:[^{}]|\{[^{}]{0,200}\}){0,200})\}")


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


# --- Statements -----------------------------------------------------------------------------------------------


def _stated(text: str, options: Options) -> Found | None:
    """The last statement of an answer that can be read: "The answer is …", "I choose …", "… is the answer"."""
    near = max(0, len(text) - _NEAR)
    return _stated_from(text, near, options) or (_stated_from(text, 0, options) if near else None)


def _statements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where each phrase that states an answer begins and ends."""
    for match in STATEMENT.finditer(text, start):
        if not is_about_something_else(text, match.start(), match[0]):
            yield match.start(), match.end()


def _stated_from(text: str, start: int, options: Options) -> Found | None:
    called = _called(text, start, options, answer=True)
    place, found = called[-1] if called else (-1, None)
    for begin, end in reversed(deque(_statements(text, start), maxlen=_MOST)):
        if begin < place:
            break
        statement, behind = _said(text, end)
        if not statement or (OF_VERB.match(text, begin) and _is_variable(statement, options)):
            continue
        if (reading := read(statement, options)) is not None:
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


def _is_variable(statement: str, options: Options) -> bool:
    """Whether what is chosen is a number of that name: `$D$ with $D > n$`, "C large enough"."""
    match = patterns(options.keys).item.match(statement.lstrip("$\\("))
    if match is None:
        return False
    formula = rf"(?<![A-Za-z]){re.escape(match[1])}\$?{MATHS}"
    return (
        re.search(
            rf"{formula}|\b(?:such that|so that|large enough|small enough|from the set|to be)\b", statement
        )
        is not None
    )


@lru_cache(maxsize=64)
def _calls(keys: tuple[str, ...]) -> re.Pattern[str]:
    """`B is the correct answer`, `options A and C are correct`, `B项正确`; `answer` or `是` marks the strong form."""
    item = patterns(keys).item.pattern
    # Atomic: the spaces between two keys can be divided in several ways, and all would be tried.
    several = rf"(?>{item}(?:\s*(?:,\s*(?:and|or)?|and|or|&|/|[、和与或])\s*{item}){{0,9}})"
    surely = r"(?:\s+(?:therefore|thus|clearly|indeed|definitely|hence|obviously|also))?"
    return re.compile(
        rf"(?P<list>{several})(?:"
        rf"(?:(?:[.:：]\s|(?<=[\])】）])\s|\s(?=[A-Z0-9$\\]))(?:(?!\b(?:is|are|was|were|but|while|whereas|not)\b|n't)[^.;；\n]){{1,80}}?)??\s+(?:is|are|was|must\s+be|has\s+to\s+be){surely}\s+"
        rf"(?:(?P<answer>(?:the|our|my)\s+(?:{BEST}\s+){{0,4}}(?:{NAME}|one|fit|match)|the\s+(?:most\s+)?{BEST}(?=\s*(?:[.,;!\n]|$)))|(?:correct|right|true)\b(?!\s+(?:in|that|about|for)\b))"
        rf"|\s*(?:是|为|才是)?(?P<zh>正确(?:的)?(?:答案|选项)|正确|对的)(?!吗))"
    )


_CALLED = re.compile(
    rf"\b(?:is|are|was|be)\b[^.\n]{{1,20}}?\b(?:correct|right|true|(?:(?:the|our|my)\s+(?:{BEST}\s+){{0,4}}(?:{NAME}|one|fit|match)|the\s+(?:most\s+)?{BEST}(?=\s*(?:[.,;!\n]|$))))\b"
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
        before = text[max(0, match.start() - 30) : match.start()]
        if strong != answer or _NEGATED.search(before) or is_denied(text, match.start()):
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


# --- The end of a response ------------------------------------------------------------------------------------

_CONCLUSION = re.compile(
    r"(?:^|[.;,\n。；，])\s*(?:so|therefore|thus|hence|因此|所以|故)\b[,，:]?\s*(?P<named>[^.;,\n。；，]{1,60})[\s.。!]*$",
    re.IGNORECASE,
)


def _concluded(text: str, options: Options) -> Found | None:
    """A last clause that says no more than `so B`, or puts an option in the place of another: `actually B`."""
    end = text[-200:].strip()
    match = _CONCLUSION.search(end)
    if match is not None and patterns(options.keys).item.fullmatch(_lean(match["named"])):
        reading = read(match["named"], options)
        return Found(match[0].strip(" .,;\n。；，"), reading) if reading is not None else None
    correction = corrected(end, options)
    if correction is not None and correction[0] is not None and len(correction[1]) <= _LONGEST_BARE:
        return Found(end, Reading(correction[0], "letter"), correction[1])
    return None


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
    alone = [
        line for line in lines if len(line) <= LONGEST and item.fullmatch(line.rstrip(".:*").lstrip("*"))
    ]
    if len(alone) == len(lines) <= len(options.keys):
        return Found(text.strip(), read("\n".join(lines), options))
    opened = [
        line for line in lines if (match := item.match(line)) and line[match.end() :][:1] in ("", *".):：、")
    ]
    for naming in (alone, opened):
        if len(naming) == 1 and naming[0] in (lines[0], lines[-1]):
            return Found(naming[0], read(naming[0], options))
    return None


_SENTENCE = re.compile(r"[.。!！](?=\s|$)|\n")
_LEADS = re.compile(
    r"\b(?:is|are|was|be|equals?|gives?|yields?|matches|namely|to|with|by|in|supports?|indicates?|means|as|for|option"
    r"|=)(?:\s+(?:therefore|thus|hence|about|approximately))?\s*[:：]?\s*\$?\**$",
    re.IGNORECASE,
)
_VALUE = re.compile(r".*\b(?:is|are|was|were|be|equals?)\s+(.{1,200})$|.*=\s*(.{1,200})$")
_NO_DECISION = re.compile(
    r"\b(?:not|neither|nor|unlike|eliminat\w*|exclud\w*|rul\w+|wrong|incorrect|if|whether|or|between|versus|vs|compar\w+"
    r"|consider\w*|check\w*|test\w*|look\w*|try|examin\w*|analy\w*|against|than|but|would|could|might|may|too)\b|n't|[?？]",
    re.IGNORECASE,
)


def _led_to(text: str, options: Options) -> Found | None:
    """The one option that a last sentence leads to: "The angle is (B) 40°.", "… which matches option C."."""
    sentences = [part.strip() for part in _SENTENCE.split(text[-LONGEST:].strip()) if part and part.strip()]
    if not sentences or _NO_DECISION.search(sentences[-1]) or text.rstrip().endswith(("?", "？")):
        return None
    sentence = sentences[-1]
    if (value := _VALUE.match(sentence)) and (key := options.key_of(value[1] or value[2])) is not None:
        return Found(sentence, Reading(frozenset({key}), "option_text"))
    mentions = list(patterns(options.keys).mention.finditer(sentence))
    if len(mentions) != 1 or not _LEADS.search(sentence[: mentions[0].start()]):
        return None
    if re.match(r"\s+(?!because\b|since\b|as\b|with\b)[a-z]", sentence[mentions[0].end() :]):
        return None
    return Found(sentence, read(sentence[mentions[0].start() :], options))


def _last_letter(text: str, options: Options) -> str | None:
    letters = [
        letter
        for letter in patterns(options.keys).key.finditer(text)
        if letter[0] in options.keys
        and not is_unit(text, letter.start())
        and not re.compile(r"\s+[a-z]").match(text, letter.end())
    ]
    return letters[-1][0] if letters else None
