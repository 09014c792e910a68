r"""Tell a response's thinking from its answer: one table of marks for every verifier.

The answer is what follows the last thought. A thought that is begun and not closed has no answer behind it: the
response was cut inside. The rules:

- An opening mark begins a thought, and its own closing mark ends it; marks inside a thought are its text. A closing
  mark without an opening one ends a thought that the chat template had opened.
- Marks are read in capital and small letters alike.
- A mark that is only mentioned is text: one in quotes or backticks, one with a word such as "tags" behind it, and a
  pair inside a sentence with dots or "and" between ("between <think> and </think>"). So is one inside a sentence that
  is never closed, if prompts ask for such marks ("I used <reasoning> as you asked"); a `<think>` is taken seriously.
- In harmony's channels (gpt-oss) the last message of the channel `final` is the answer, and all other channels are
  thought. That holds too where a decoder has left out the special tokens (`analysisWe add…assistantfinal4`).
- Marks of the answer itself (`<|begin_of_solution|>`) are taken off it.

All is linear in the length of the response.
"""

import re
from collections.abc import Sequence

Pairs = Sequence[Sequence[str]]
"""Pairs of an opening and a closing mark."""

THINKING_MARKS: tuple[tuple[str, str], ...] = (
    # DeepSeek-R1 and V3.1, QwQ, Qwen3, GLM-4.5, Kimi K2 Thinking, MiniMax-M1, Hunyuan, Ling and Ring, Nemotron,
    # Phi-4-reasoning, EXAONE 4, OLMo 3, SmolLM3, and this suite's own models
    ("<think>", "</think>"),
    ("◁think▷", "◁/think▷"),  # Kimi k1.5, Kimi-VL-Thinking
    ("<thinking>", "</thinking>"),  # prompts for Claude, and models trained on its replies
    ("<thought>", "</thought>"),  # EXAONE Deep
    ("<thoughts>", "</thoughts>"),
    ("<reasoning>", "</reasoning>"),  # common in recipes for GRPO
    ("<scratchpad>", "</scratchpad>"),
    ("<seed:think>", "</seed:think>"),  # Seed-OSS
    ("<longcat_think>", "</longcat_think>"),  # LongCat-Flash-Thinking
    ("[THINK]", "[/THINK]"),  # Magistral, Ministral 3
    ("<|begin_of_thought|>", "<|end_of_thought|>"),  # Sky-T1, OpenThinker
    ("<|START_THINKING|>", "<|END_THINKING|>"),  # Command A Reasoning
    ("<|inner_prefix|>", "<|inner_suffix|>"),  # Apertus
    ("<|channel>thought", "<channel|>"),  # Gemma 4
    ("<unused94>thought", "<unused95>"),  # MedGemma
    ("[unused16]", "[unused17]"),  # openPangu
    ("<|im_start|>think", "<|im_start|>answer"),  # s1
    ("<start_working_out>", "<end_working_out>"),  # Unsloth's recipes for GRPO
)

ANSWER_MARKS: tuple[tuple[str, str], ...] = (
    ("<|begin_of_solution|>", "<|end_of_solution|>"),  # Sky-T1, OpenThinker
    ("<|START_RESPONSE|>", "<|END_RESPONSE|>"),  # Command A Reasoning
    ("<response>", "</response>"),  # Granite 3.3, ERNIE 4.5 Thinking
    ("<output>", "</output>"),  # Marco-o1, Reflection
    ("<conclusion>", "</conclusion>"),  # LLaVA-CoT
    ("<solution>", "</solution>"),
    ("<final_answer>", "</final_answer>"),
)
"""What some models put around the answer that follows a thought."""

_CLOSED_BY = {opening.lower(): closing.lower() for opening, closing in THINKING_MARKS}
_KNOWN = frozenset(_CLOSED_BY) | frozenset(_CLOSED_BY.values())
_ASKED_FOR = frozenset(
    ("<thinking>", "<thought>", "<thoughts>", "<reasoning>", "<scratchpad>", "<start_working_out>")
)
"""Marks that prompts ask for, so that answers speak of them; other models write theirs by training alone."""
# For speed, the first character of every mark is searched for, and the second one looked at before all others.
_SECOND = re.escape("".join(sorted({mark[1] for mark in _KNOWN} | {mark[1].upper() for mark in _KNOWN})))
_MARK = re.compile(rf"[<\[◁](?=[{_SECOND}])(?ai:{'|'.join(re.escape(mark[1:]) for mark in sorted(_KNOWN))})")

_ANSWER_BEGINS = re.compile(
    rf"\s{{0,20}}(?P<mark>{'|'.join(re.escape(opening) for opening, _ in ANSWER_MARKS)})",
    re.IGNORECASE | re.ASCII,
)

_QUOTED = {"{": "}", "`": "`", '"': '"', "'": "'", "“": "”", "‘": "’", "(": ")", "「": "」", "《": "》"}
_NOUN = re.compile(
    r"`?(?:[ \t]{1,3}(?:tags?|tokens?|mark(?:er)?s?|elements?|blocks?)(?![a-z])|[ \t]{0,3}(?:标签|标记))"
)
_NOTHING = re.compile(r"(?:[^\w\n]|\b(?:and|or|to)\b|[和与或到及]){0,20}")
_BEFORE = 40
"""Characters before a mark that are looked at for whether it stands inside a sentence."""

_CHANNEL = re.compile(
    r"<\|channel\|>\s{0,3}(?P<name>analysis|commentary|final)\b[^<\n]{0,200}"
    r"(?:<\|constrain\|>[^<\n]{0,50})?<\|message\|>"
)
_MESSAGE_END = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
_WITHOUT_TOKENS = re.compile(r"\s{0,20}(?:analysis|commentary)(?=[A-Z0-9\"“*$\\#]|[^\x00-\x7f’–—])")
_FINAL_WITHOUT_TOKENS = "assistantfinal"

_BEGINS_UNMARKED = re.compile(r"\s{0,20}(?:analysis|commentary|Here)")
# Granite 3.2 has no tokens for it, but two sentences. The first one alone is an ordinary answer's as well.
_SPOKEN_OPENING = re.compile(r"\s{0,20}Here(?:'s| is) my thought process:")
_SPOKEN_CLOSING = re.compile(r"Here(?:'s| is) my response:")

_OPENED_AT_END = re.compile(
    rf"(?:{'|'.join(map(re.escape, _CLOSED_BY))}|<\|channel\|>(?:analysis|commentary)<\|message\|>)\s{{0,20}}\Z",
    re.IGNORECASE | re.ASCII,
)
_LONGEST_END = 100


def after_thinking(response: str) -> str | None:
    """The text after the last thought: all of it if nothing marks one, None if a thought is not closed.

    >>> after_thinking("<think>2 + 2</think> It is 4."), after_thinking("[THINK]It must be 4, let me")
    (' It is 4.', None)
    """
    if _BEGINS_UNMARKED.match(response) is not None:
        response, cut = _without_tokens(response)
        if cut:
            return None
    if "<" not in response and "[" not in response and "◁" not in response:
        return response
    if "<|channel|>" in response and (headers := list(_CHANNEL.finditer(response))):
        return _final_channel(response, headers)
    if _MARK.search(response) is None:
        return response
    start = _end_of_thoughts(response)
    return None if start is None else _answer(response[start:] if start else response)


def opened_thinking(prompt: str) -> str:
    r"""The mark of thinking that a prompt ends with, with the white space behind it; empty if it ends otherwise.

    Some chat templates (of R1-Distill, QwQ, Qwen3-Thinking) open the thought themselves, so that the reply holds its
    end at most. Put in front of the reply, the mark says what the reply is.

    >>> opened_thinking("<|im_start|>assistant\n<think>\n")
    '<think>\n'
    """
    match = _OPENED_AT_END.search(prompt, max(0, len(prompt) - _LONGEST_END))
    return match[0] if match is not None else ""


def with_marks(response: str, marks: Pairs) -> str:
    """`response` with `<think>` and `</think>` for further pairs of marks: the option `thinking_marks`.

    Raises `ValueError` for what is no list of pairs.
    """
    if not marks:
        return response
    check_marks(marks)
    for opening, closing in marks:
        response = response.replace(opening, "<think>").replace(closing, "</think>")
    return response


def check_marks(marks: object) -> None:
    """Raise `ValueError` for what is no list of pairs of two different marks."""
    if not isinstance(marks, list | tuple) or not all(map(_is_pair, marks)):
        raise ValueError(
            'The thinking_marks are pairs of an opening and a closing mark, such as [["<plan>", "</plan>"]], '
            f"not {repr(marks)[:200]}."
        )


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(isinstance(mark, str) and mark.strip() for mark in pair)
        and pair[0] != pair[1]
    )


def _without_tokens(response: str) -> tuple[str, bool]:
    """What follows a thought that begins with words instead of marks, and whether there is no end of it."""
    if _WITHOUT_TOKENS.match(response) is not None:
        _, final, text = response.rpartition(_FINAL_WITHOUT_TOKENS)
        return text, not final
    closing = _SPOKEN_CLOSING.search(response) if _SPOKEN_OPENING.match(response) is not None else None
    return response[closing.end() if closing is not None else 0 :], False


def _final_channel(response: str, headers: Sequence[re.Match[str]]) -> str | None:
    """The last message of the channel `final`; None if none has begun."""
    final = next((header for header in reversed(headers) if header["name"] == "final"), None)
    if final is None:
        return None
    end = _MESSAGE_END.search(response, final.end())
    return response[final.end() : end.start() if end is not None else len(response)]


def _end_of_thoughts(text: str) -> int | None:
    """Where the last thought ends; 0 if there is none, None if it is not closed."""
    start = 0
    opened: re.Match[str] | None = None
    surely = False  # a thought is open, and its mark does not stand inside a sentence
    for mark in _MARK.finditer(text):
        name = mark[0].lower()
        mentioned = is_mentioned(text, mark.start(), mark.end())
        if name in _CLOSED_BY and not mentioned:
            begins = not _is_inside_a_sentence(text, mark)
            if not surely and (opened is None or begins):
                opened, surely = mark, begins
        elif name in _CLOSED_BY or name not in _KNOWN or (mentioned and (opened is None or surely)):
            continue
        elif opened is None:
            start = mark.end()
        elif name == _CLOSED_BY[opened[0].lower()]:
            if surely or not (mentioned or _holds_nothing(text, opened, mark)):
                start = mark.end()
            opened, surely = None, False
    if opened is not None and (surely or opened[0].lower() not in _ASKED_FOR):
        return None
    return start


def is_mentioned(text: str, start: int, end: int) -> bool:
    """Whether a mark from `start` to `end` is only spoken of: it stands in quotes, or is called a tag."""
    return in_quotes(text, start, end) or _NOUN.match(text, end) is not None


def in_quotes(text: str, start: int, end: int) -> bool:
    """Whether quotation marks or brackets stand around what is from `start` to `end`."""
    return end < len(text) and start > 0 and _QUOTED.get(text[start - 1]) == text[end]


def _is_inside_a_sentence(text: str, mark: re.Match[str]) -> bool:
    """Whether a word or a comma stands before the mark on its line, and something behind it."""
    before = text[max(0, mark.start() - _BEFORE) : mark.start()].rstrip(" \t")
    if not before or not (before[-1].isalnum() or before[-1] in ",，、\"'“‘`(（–—-"):
        return False
    return text[mark.end() : mark.end() + 3].lstrip(" \t")[:1] not in ("", "\n")


def _holds_nothing(text: str, opening: re.Match[str], closing: re.Match[str]) -> bool:
    """Whether a pair of marks inside a sentence has only dots or "and" between, or stands in quotes as a whole."""
    return _NOTHING.fullmatch(text, opening.end(), closing.start()) is not None or in_quotes(
        text, opening.start(), closing.end()
    )


def _answer(text: str) -> str:
    """`text` without the marks of an answer around it."""
    begins = _ANSWER_BEGINS.match(text)
    if begins is None:
        return text
    closing = next(closing for opening, closing in ANSWER_MARKS if opening.lower() == begins["mark"].lower())
    end = re.compile(re.escape(closing), re.IGNORECASE).search(text, begins.end())
    return text[begins.end() : end.start() if end is not None else len(text)]
