r"""Find the final answer in a whole response.

Tried in this order, on the text after the thinking: the last `<answer>…</answer>`, the last `\boxed{…}` or
`\fbox{…}` (several with only "and" or a comma between them are one list), the last `#### …`, the last "the
answer is …" (English and Chinese), and `**…**` where it is or ends the last line. A box that is only mentioned, such as
`\boxed{}` or `\boxed{answer}`, is passed over. Fallbacks are only used when asked for, and `Extraction.how` says so.
Every step is linear in the length of the response.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from verifiers import fallback as fallbacks
from verifiers.fallback import Fallback, FallbackHow
from verifiers.thinking import after_thinking, in_quotes, is_mentioned

__all__ = [
    "FALLBACK_HOWS",
    "Extraction",
    "Fallback",
    "after_thinking",
    "closing_brace",
    "extract",
    "is_denied",
    "last_box",
]

How = Literal["answer_tag", "boxed", "hash", "phrase", "bold", "bare", "none"] | FallbackHow
FALLBACK_HOWS = frozenset(get_args(FallbackHow))
"""How an answer was found that nothing marks."""

_PHRASE = re.compile(
    r"(?:final\s{1,3})?answer(?:\s{0,3}\*\*)?\s{0,3}(?:is\s{0,3}[:：]?|[:：=])(?!\w)"
    r"|answers\s{1,3}are:?\s{1,3}(?=[-\d$\\(\[{*]|[a-z]\s?=)"
    r"|final\s{1,3}answer\s{0,3}(?:\*\*|[—–]|-(?=\s))"
    r"|^#{1,6}[ \t]{0,3}(?:final[ \t]{1,3})?answer[ \t]{0,3}$"
    r"|(?:最终|最后)?的?答案\s{0,3}(?:应?该?[是为][:：]?|[:：])"
    r"|最终答案"
    r"|solutions?\s{1,3}(?:set\s{1,3})?(?:is|are):?\s{0,3}(?=\$|\\\(|\\\[)"
    r"|final\s{1,3}answer\s{1,3}(?:of\s{1,3})?(?=[-−]?[\d$]|\\[(\[])"
    r"|\bans\s{0,3}[:：=](?=\s{0,3}[-−$\\(\d])"
    r"|^\W{0,4}(?:answer[ \t]{1,3}|答案[ \t]{0,3})(?=[-−]?[\d$]|\\[(\[])",
    re.IGNORECASE | re.MULTILINE,
)
_TAG = re.compile(r"<(?P<name>answer|Answer|ANSWER)>")
_DOTS = re.compile(r"\s{0,9}(?:\.\.\.|…)\s{0,9}")
_MOST_TAGS = 10
_HEADING = re.compile(r"\W{0,4}(?:final\s)?answer\W{0,4}", re.IGNORECASE)
_SAYS_LITTLE = re.compile(
    r"(?:(?:therefore|thus|hence|then|indeed|simply|just|exactly|approximately|about|roughly|around)\b,?\s{1,3}){1,3}",
    re.IGNORECASE,
)
# What stands between delimiters holds none of them, so that every start gives up at the next one.
_NAMED_THE_ANSWER = re.compile(
    r"(?:\$([^$\n]{1,300})\$|\\\(((?:[^\\\n]|\\[^()\n]){1,300})\\\)) is (?:the|our|my) (?:final )?(?:answer|solution)\b"
)
_SAYS_WHERE = re.compile(
    r"\s{0,3}(?:(?:now|also|already|given|shown|written|placed|put|enclosed|presented|stated)\s{1,3}){0,2}"
    r"(?:(?:in|inside|within|between|using|with)\s{1,3}(?:(?:the|a|an|my|your)\s{1,3})?"
    r"(?:[`$(]{0,2}\\(?:boxed|fbox)|box|requested|required|format|<answer>|tags?\b)|boxed\b|(?:above|below)\s{0,3}(?:[.。!]|$))",
    re.IGNORECASE,
)
"""What follows "the answer is" where that says where the answer stands, and not what it is."""
_DENIED = re.compile(
    r"(?:(?:n['’]t|\b(?:not|never|hardly|cannot))\s+"
    r"(?:(?:really|quite|at|all|so|very|entirely|yet|even|be|absolutely)\s+){0,2}"
    r"(?:think|believe|say|agree|see|claim|conclude|sure|certain|convinced|clear|true|likely|possible|obvious)|\b(?:(?:i|we)\s+(?:really\s+|highly\s+|strongly\s+|seriously\s+)?doubt|doubtful|deny|unlikely|hard\s+to\s+(?:say|believe)))\b"
    r"(?:(?!\bbut\b)[^.,;:\n]){0,15}$",
    re.IGNORECASE,
)
"""What leads to a statement that is doubted or denied: "I don't think that the answer is 5"."""
_CORRECTED = re.compile(
    r"[\s.,;:!?…*—–$-]{1,12}(?:(?:oh|hmm+|but|no)\b[\s,.…]{0,5}){0,3}"
    r"(?:wait|actually|no|nope|sorry|oops|correction|scratch\s+that|rather|hold\s+on|i\s+mean[t]?"
    r"|on\s+(?:second\s+thoughts?|reflection)|不对|等等|更正)"
    r"(?:\s?[,.:;!…，。：；—–-][\s,.:;!…，。：；—–-]{0,5}|\s(?=it\b|it['’]s|that|this|should|[$−-]{0,2}[\d.,/]{1,20}\$?[.!]?(?:\n|$)))"
    r"(?:(?:no|sorry|i\s+meant?|that(?:['’]s|\s+is)\s+(?:wrong|incorrect|not\s+right)|i\s+made\s+a\s+mistake)[\s,.:;!…—–-]{1,6}){0,3}"
    r"(?:(?:it|that|this)(?:['’]s|\s+is|\s+should\s+be|\s+must\s+be)\s+|should\s+be\s+|(?:应该)?是|应为)?(?=[-−+]?\.?\d|[$\\(\[{])",
    re.IGNORECASE,
)
"""What puts another value in the place of one: "The answer is 5. Wait, it is 6"."""
_MOST_PHRASES = 10
_SUBJECT = re.compile(r"[A-Z][a-z]*\b")
_VERB = re.compile(r" (?:is|are|equals|was) ")
_VALUE = re.compile(r"[\d$\\]")
_AFTERWARDS = re.compile(r"$|[.。!！]|,? ?(?:because|since|as|which|so|where|when|for|by)\b|[，,]? ?因为")
_BECAUSE = re.compile(r",? (?:because|since)\b|[，,] *因为")
_END_OF_TURN = re.compile(
    r"<\|(?:im_start|im_end|endoftext|eot_id|end_of_text|end|return|call|END_OF_TURN_TOKEN)\|>"
    r"|<｜end▁of▁sentence｜>|<end_of_turn>|<turn\|>|</s>"
)
_BOLD = re.compile(
    r"(?:^|(?:\b(?:is|are|equals|(?:[Tt]herefore|[Tt]hus|[Hh]ence|[Ss]o),?)|[=:：是为]) ?)"
    r"\*\*([^*\n]{1,200})\*\*[.。!！]?$"
)
_BOX = re.compile(r"\\(?:boxed|fbox)[ \t\n]{0,20}")
_WITHOUT_BRACES = re.compile(r"-?(?:\d\w{0,50}|[A-Za-z](?!\w|[ \t]{1,3}[a-z]))")
_EMPTY = re.compile(
    r"(?:[\s.…·⋯_?~-]|\\(?:[ ,;:!_]|[lcd]?dots[bcm]?|cdot|q?quad|square|Box|text|mathrm|underline)(?![A-Za-z])|[{}])*+"
)
_FOR_THE_ANSWER = re.compile(
    r"(?:\\(?:text|textbf|textit|mathrm|mathbf|mbox)\s?\{)?\W{0,4}"
    r"(?P<whose>(?:(?:insert|put|place|write|enter|your|the|my|final|correct|numerical|numeric|exact)[\s_]{1,3}){0,6})"
    r"(?:answers?|ans|(?P<noun>result|solution|value|expression|number|letter|choice|option))"
    r"(?:[\s_]{1,3}(?:goes\s{1,3})?here)?\W{0,4}"
    r"|\W{0,2}(?:你的|最终|最后|正确){0,2}(?:答案|结果)\W{0,2}",
    re.IGNORECASE,
)
_LONGEST_MENTION = 80
# Possessive, so that no quantifier gives back what the next one could take.
_BETWEEN_BOXES = re.compile(
    r"(?:[ \t]|\$|\\[()\[\],;! ]|\\q?quad)*+"
    r"(?P<joined>[,;、，]? *+(?:(?:\\text\{ ?)?(?:and|or|和|或|及|以及)[ }]*+)?)"
    r"(?:[ \t\n]|\$|\\[()\[\],;! ]|\\q?quad)*+(?P<name>[A-Za-z](?:_\{?\w\}?)? ?= ?)?(?:[ \t\n]|\$|\\[()\[\]])*+"
)
_NAME_BEFORE = re.compile(r"(?<![\w\\])[A-Za-z](?:_\{?\w\}?)? ?= ?$")
_LONGEST_BETWEEN = 80
_MOST_BOXES = 30
_SENTENCE_END = re.compile(r"(?<!\bvs)(?<!\.)\.(?=\s|$)|(?<=[A-Za-z]{2})!(?=\s|$)|[。！]")
_EMPHASIS = re.compile(r"(?<!\S)\*\*|\*\*(?=[.。,，;；!?]?(?:\s|$))")
_MATHS_BLOCK = re.compile(r"\$\$?|\\\(|\\\[")
_CLOSING = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LONGEST_PHRASE_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class Extraction:
    """The answer text, how it was found and, where there is none, why (one sentence).

    `unclosed`: there is none because thinking, a tag or a box was begun and not closed. `in_thought`: it is thinking.
    """

    answer: str | None
    how: How
    reason: str = ""
    unclosed: bool = False
    in_thought: bool = False


UNFINISHED_THOUGHT = Extraction(None, "none", "The thinking is not closed.", unclosed=True, in_thought=True)


class _Box(NamedTuple):
    """A box: where it starts, where its content ends, and the content; None where it is not closed."""

    start: int
    end: int
    content: str | None

    @property
    def is_mention(self) -> bool:
        r"""Whether it holds nothing or a word for the answer, as in "I used `\boxed{answer}` as you asked"."""
        if self.content is None or len(self.content) > _LONGEST_MENTION or self.content[:1].isdigit():
            return False
        if _EMPTY.fullmatch(self.content) is not None:
            return True
        match = _FOR_THE_ANSWER.fullmatch(self.content)
        return match is not None and not (match["noun"] and not match["whose"])

    def extraction(self) -> Extraction:
        """What is found if this is the box to take."""
        if self.content is None:
            return Extraction(None, "none", "The last box is not closed.", unclosed=True)
        return Extraction(self.content, "boxed")


def extract(response: str, *, fallback: Fallback = "none") -> Extraction:
    """The final answer in `response`.

    Unclosed thinking, an unclosed `<answer>` and an unclosed box are no answer. `fallback` says what to take
    where nothing marks an answer: nothing, the last line that is not empty, the last formula between dollar
    signs or their like, the last number, or (`any`) the last formula, bold text or number, whichever comes last.

    >>> extract("Hence there are **12** ways.", fallback="any").answer
    '12'
    """
    if fallback not in get_args(Fallback):
        allowed = ", ".join(map(repr, get_args(Fallback)))
        raise ValueError(f"The fallback is {fallback!r}; it must be one of {allowed}.")
    text = after_thinking(response)
    if text is None:
        return UNFINISHED_THOUGHT
    if (end := _END_OF_TURN.search(text, 1)) is not None:
        text = text[: end.start()]
    for find in (_tagged, _boxed, _hashed, _phrased, _bold):
        if (found := find(text)) is not None:
            return found
    if (unmarked := _unmarked(text, fallback)) is not None:
        return unmarked
    if "box" in text and (mention := next(_boxes(text, mentions=True), None)) is not None:
        return mention.extraction()
    reason = fallbacks.MISSING.get(fallback, "Nothing in the response marks a final answer.")
    return Extraction(None, "none", reason)


def _unmarked(text: str, fallback: Fallback) -> Extraction | None:
    """What a fallback takes; None where it finds nothing, or is `none`."""
    if fallback == "none":
        return None
    if fallback == "any":
        last = fallbacks.last_of_any(text)
        return None if last is None else Extraction(*last)
    answer = fallbacks.SINGLE[fallback](text)
    return None if answer is None else Extraction(answer, fallback)


def last_box(text: str) -> Extraction | None:
    r"""The content of the last `\boxed` or `\fbox` in `text` that is no mere mention; None if there is no such box."""
    box = next(_boxes(text), None)
    return None if box is None else box.extraction()


def _boxes(text: str, *, mentions: bool = False) -> Iterator[_Box]:
    """The boxes from the last one back, without the mere `mentions` or with them.

    One without braces counts where a number or a letter follows. They are read one by one as they are asked for: each
    takes as long as the text behind it.
    """
    for match in reversed(deque(_BOX.finditer(text), maxlen=_MOST_BOXES)):
        box = _box(text, match)
        if box is not None and (mentions or not box.is_mention):
            yield box


def _box(text: str, match: re.Match[str]) -> _Box | None:
    if text.startswith("{", match.end()):
        end = closing_brace(text, match.end())
        content = None if end is None else text[match.end() + 1 : end].strip()
        return _Box(match.start(), len(text) if end is None else end + 1, content)
    bare = _WITHOUT_BRACES.match(text, match.end())
    return None if bare is None else _Box(match.start(), bare.end(), bare[0])


def closing_brace(text: str, start: int, end: int | None = None) -> int | None:
    """The index of the `}` that closes the `{` at `start`, before `end`; None where there is none."""
    depth = 0
    for match in _BRACE.finditer(text, start, len(text) if end is None else end):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return match.start()
    return None


def _tagged(text: str) -> Extraction | None:
    """What the last `<answer>` holds that is no mere mention of the tag."""
    for tag in reversed(deque(_TAG.finditer(text), maxlen=_MOST_TAGS)):
        end = text.find(f"</{tag['name']}>", tag.end())
        if not _is_tag_mention(text, tag, end):
            return _in_tag(text[tag.end() : end] if end >= 0 else None)
    return None


def _is_tag_mention(text: str, tag: re.Match[str], end: int) -> bool:
    """Whether a tag is called one ("I used <answer> tags"), stands in quotes, or has dots for an answer."""
    if end < 0:
        return is_mentioned(text, tag.start(), tag.end())
    pair_end = end + len("</answer>")
    return (
        in_quotes(text, tag.start(), tag.end())
        or is_mentioned(text, tag.start(), pair_end)
        or _DOTS.fullmatch(text, tag.end(), end) is not None
    )


def _in_tag(content: str | None) -> Extraction:
    if content is None:
        return Extraction(None, "none", "The last <answer> is not closed.", unclosed=True)
    inner = content.strip()
    if "\\" in inner and (box := last_box(inner)) is not None:
        return box
    return Extraction(inner, "answer_tag")


def _boxed(text: str) -> Extraction | None:
    """The last box, with those before it that only a separator parts from it."""
    boxes = _boxes(text) if "box" in text else iter(())
    first = next(boxes, None)
    if first is None or first.content is None:
        return None if first is None else first.extraction()
    last, answers = first.extraction(), [first.content]
    for box in boxes:
        name = _joint(text, box.end, first.start) if box.content is not None else None
        if name is None:
            break
        answers[0] = name + answers[0]
        answers.insert(0, box.content or "")
        first = box
    if len(set(answers)) == 1:
        return last
    named = _NAME_BEFORE.search(text, max(0, first.start - 20), first.start)
    if named is not None and "=" in answers[1]:
        answers[0] = named[0] + answers[0]
    return Extraction(", ".join(answers), "boxed")


def _joint(text: str, start: int, end: int) -> str | None:
    """What names the second of two boxes, such as `y =`, if only a separator stands between; else None."""
    between = _BETWEEN_BOXES.fullmatch(text, start, end) if end - start <= _LONGEST_BETWEEN else None
    if between is None or (not between["joined"].strip() and "\n" in between[0]):
        return None
    return between["name"] or ""


def _hashed(text: str) -> Extraction | None:
    start = text.rfind("####")
    if start < 0:
        return None
    line = text[start + 4 :].partition("\n")[0].strip()
    return Extraction(line, "hash") if line and _HEADING.fullmatch(line) is None else None


def _phrased(text: str) -> Extraction | None:
    named = fallbacks.last_match(_NAMED_THE_ANSWER, text)
    last = next(
        (
            match
            for match in reversed(deque(_PHRASE.finditer(text), maxlen=_MOST_PHRASES))
            if _SAYS_WHERE.match(text, match.end()) is None and not is_denied(text, match.start())
        ),
        None,
    )
    if named is not None and (last is None or last.start() < named.start()):
        return Extraction((named[1] or named[2]).strip(), "phrase")
    if last is None:
        return None
    rest = text[last.end() : last.end() + _LONGEST_PHRASE_ANSWER].strip().lstrip(":：").strip()
    answer = _first_statement(rest)
    if answer and (corrected := _CORRECTED.match(rest, rest.find(answer) + len(answer))) is not None:
        instead = _first_statement(rest[corrected.end() :])
        answer = answer if _VERB.search(instead) else instead
    if (said := _said_of_it(answer)) is not None:
        answer = _first_statement(said)
    return Extraction(answer, "phrase") if answer else None


def is_denied(text: str, start: int) -> bool:
    """Whether what is said at `start` is doubted or denied by what leads to it: "I don't think that …"."""
    return _DENIED.search(text[max(0, start - 60) : start]) is not None


def _said_of_it(sentence: str) -> str | None:
    """What a sentence such as `The least n is 34` says of its subject; None for other text."""
    verbs = fallbacks.last_match(_VERB, sentence)
    if verbs is None or _SUBJECT.match(sentence) is None or _VALUE.search(sentence, verbs.end()) is None:
        return None
    return sentence[verbs.end() :]


def _bold(text: str) -> Extraction | None:
    line = text.rstrip().rpartition("\n")[2].strip()
    match = _BOLD.search(line) if len(line) <= _LONGEST_PHRASE_ANSWER else None
    answer = fallbacks.bold_answer(match[1]) if match is not None else None
    return None if answer is None else Extraction(answer, "bold")


def _first_statement(text: str) -> str:
    """The first formula if `text` starts with one, else the first sentence of its first line."""
    text = text.removeprefix("**").strip()
    if (little := _SAYS_LITTLE.match(text)) is not None:
        text = text[little.end() :]
    if match := _MATHS_BLOCK.match(text):
        end = text.find(_CLOSING[match[0]], match.end())
        tail = text[end + len(match[0]) :].partition("\n")[0] if end > 0 else ""
        # `$3$ or $5$` is a hedge: only a formula that ends its sentence is the answer on its own.
        if end > 0 and _AFTERWARDS.match(tail.lstrip(" \t*")) is not None:
            return text[match.end() : end].strip()
    line = _BECAUSE.split(text.partition("\n")[0], maxsplit=1)[0]
    return _SENTENCE_END.split(_EMPHASIS.sub("", line), maxsplit=1)[0].strip()
