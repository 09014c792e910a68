"""Which prompts the RL prompt set leaves out by their text (section 2.1): multiple choice, true/false and proofs.

A right answer to such a prompt says little of the reasoning: it can be guessed, or it cannot be verified. The text of a
prompt tells, so these are patterns. `tests/data/exclusion_prompts.jsonl` has labelled prompts to measure them on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from evals.types import Problem

LONGEST_SMALL_OPTION = 40
"""Characters of an option with a small letter; a longer text behind `(a)` is a part of the problem."""

# A letter or number that marks an option: "(A)", "A)", "A.", "[A]", "\textbf{(A)}", "A、", "B =", "C -", and "(i)".
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[\s,;(（\[*{]))"
    r"(?:[(（\[])?(?:\\(?:textbf|mathrm|text)\{|\*\*)?(?:[(（\[])?"
    r"(?P<letter>[A-Ha-h]|[1-6]|i{1,3})"
    r"(?P<mark>\}?[)）\]]\}?|[.．、:：](?:\)|\*\*|\})?|(?:(?<=^[A-H])|(?<=\n[A-H]))\s[-–]?(?=\s?\S)|=(?=\S)|\s-\s)",
    re.MULTILINE,
)
_CUE = re.compile(
    r"\b(?:which (?:one )?of (?:the following|these)|(?:choose|select|pick) (?:the |one\b|an? )|(?:choices|options)\s*:"
    r"|wähle die)|选择题|下列.{0,40}的是",
    re.IGNORECASE,
)
_COORDINATES = re.compile(r"\s*=?\s*[(（]\s*-?[\d.]+\s*[,，]")
_REQUEST = re.compile(
    r"\b(?:find|compute|calculate|evaluate|solve|what|how|which|where|who|express|simplify|convert|implement|return|list"
    r"|differentiate|count|determine(?! (?:whether|if)\b)|state (?!whether|if)|(?:(?<=^)|(?<=[.?!] ))when"
    r"|give (?!an? (?:\w+ )?proof|reasons)|write (?!an? (?:\w+ )?proof|out the argument)|求(?!证))\b",
    re.IGNORECASE,
)
_TRUE_FALSE = re.compile(
    r"\btrue (?:or|/) ?false\b\s*[:?.]|\btrue or false\?|\bT/F\b|\b(?:answer|reply)(?: with)? yes or no\b"
    r"|\byes ?(?:/|or) ?no\s*:|\bcorrect or incorrect\b|判断(?:对错|正误|真假)|是真还是假|对还是错|是否",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"(?:^|[.!?:;]\s+)(?:please )?(?:determine|decide|check|verify|state|tell|say|find out|test) (?:whether|if)\b"
    r"(?!.*\band (?:find|compute|give|determine|evaluate)\b)",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must|may)\s+(?!you\b)",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(r"(?:answer|question|\([a-z]\)|so|then|now|and|but)\s*[:,]?\s+", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.?!。？！])\s+|\n+")
_PROVES = re.compile(
    r"(?:^|[.!?:;,)]\s+|\n\s*)(?:please |hence,? |then |now |thus |and |so |\([a-z]\) |also ){0,4}+"
    r"(?:(?:prove|disprove)\b(?! that you\b)|show(?:,[^,]{1,60},)? that (?!you\b|your\b)"
    r"|show (?=[a-z][^.?!]{0,60} (?:divides|is|are|has|have|equals)\b)(?!how|me|all|your|the (?:steps|work|result))"
    r"|(?:demonstrate|establish|verify|argue) that\b|(?:give|write)(?: down)? an? (?:\w+ )?proof\b|beweise)"
    r"|\b(?:and|to|so)(?: \w+)? (?:dis)?prove (?:that|it|the|convergence)\b"
    r"|\b(?:by|with|giving) an? (?:\w+ )?proof\b|证明|求证",
    re.IGNORECASE,
)


def exclusion(problem: Problem) -> str | None:
    """Why a right answer to this prompt is likely without right reasoning, or None.

    Multiple-choice, true/false and proof-based prompts are excluded (section 2.1).
    """
    text = "\n".join(message.content for message in problem.prompt)
    if problem.verifier == "choice" or asks_to_choose(text):
        return "multiple choice"
    if problem.verifier == "true_false" or asks_true_or_false(text):
        return "true/false"
    return "proof" if asks_to_prove(text) else None


def asks_to_choose(text: str) -> bool:
    """Whether the prompt lists options, or asks which of some things it is."""
    return _CUE.search(text) is not None or _lists_options(text)


def asks_true_or_false(text: str) -> bool:
    """Whether the answer is yes or no: by the words, or since the last sentence asks so and no other asks for more."""
    if _TRUE_FALSE.search(text) or _WHETHER.search(text):
        return not _asks_for_a_value(text)
    sentences = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    last = _LEAD_IN.sub("", sentences[-1], count=1) if sentences else ""
    asks = last.endswith(("?", "？")) and _AUXILIARY.match(last) is not None
    return asks and not _asks_for_a_value(text)


def asks_to_prove(text: str) -> bool:
    """Whether the answer is a proof, and no value is asked for."""
    return _PROVES.search(text) is not None and not _asks_for_a_value(text)


def _asks_for_a_value(text: str) -> bool:
    return _REQUEST.search(text) is not None


def _lists_options(text: str) -> bool:
    """Whether three labels or more follow each other in order, and what they mark can be options."""
    return any(len(run) >= 3 and _are_options(text, run) for run in _runs(_LABEL.finditer(text)))


def _runs(labels: Iterable[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Labels of one kind that count up, such as A, B, C or i, ii, iii; others may stand between them."""
    runs: dict[str, list[re.Match[str]]] = {}  # by the label that each starts with
    for label in labels:
        letter = label["letter"]
        start = (
            "i" if letter.startswith("i") else "1" if letter.isdigit() else "A" if letter.isupper() else "a"
        )
        run = runs.get(start)
        if letter == start:
            if run is not None:
                yield run
            runs[start] = [label]
        elif run is not None and letter == _after(run[-1]["letter"]):
            run.append(label)
    yield from runs.values()


def _after(letter: str) -> str:
    return letter + "i" if letter.startswith("i") else chr(ord(letter) + 1)


def _are_options(text: str, labels: Sequence[re.Match[str]]) -> bool:
    contents = [text[one.end() : other.start()] for one, other in pairwise(labels)]
    contents.append(text[labels[-1].end() :].split("\n", 1)[0])
    first = labels[0]
    if first["letter"] == "A":
        # "A: …, B: …" in a sentence names people and things; options stand on lines of their own then.
        named = first["mark"][0] in ":：=" or " " in first["mark"]
        if named and any(_COORDINATES.match(content) for content in contents):
            return False  # points and their coordinates
        own_lines = all(one.start() == 0 or text[one.start() - 1] == "\n" for one in labels)
        return own_lines or not named
    short = all(len(content.strip()) <= LONGEST_SMALL_OPTION for content in contents)
    return short and not any(_REQUEST.search(content) or _PROVES.search(content) for content in contents)
