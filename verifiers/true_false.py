"""True or false: whether a response says yes or no (true or false, 是 or 否) as the reference does.

The answer is looked for where `extract` finds one, else in the last "the statement is …" (该说法…), else in a
response that opens with yes or no, or ends with a line that is nothing else. A correction counts: "Yes. Actually no."
says no.
"""

import re
import unicodedata
from time import perf_counter

from verifiers.extract import Extraction, Fallback, after_thinking, extract, is_denied
from verifiers.identity import Identity, check_response, clip, quote
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "3"
_SELF = Identity("true_false", VERSION)
_LONGEST = 600


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YES = _set("""
    true yes correct right t y yeah yep affirmative valid
    是 是的 没错 没有错 对 对的 正确 正确的 真 可以 能 有 √ ✓ ✔ ☑
""")
_NO = _set("""
    false no incorrect wrong f n nope negative untrue invalid
    否 不 不是 不是的 不对 错 错的 错误 错误的 不正确 不是真的 假 不可以 不能 没有 × ✗ ✘ ❌
""")

_WORD = r"(?:true|yes|correct|right|false|no|incorrect|wrong|untrue|valid|invalid)"
_ENGLISH = re.compile(rf"(?:(not|n't)\s+)?({_WORD}|[tfyn])(?![\w'’-])", re.IGNORECASE)
_CHINESE = re.compile(
    r"(没有?错(?!误)|不是真的|不是的?|不正确|不对|不可以|不能|没有|错误的?|错的?|否|假|是的?|正确的?|对的?|真|可以|能|有)"
)
_MARK = re.compile(r"[√✓✔☑×✗✘❌]")
_LEAD = re.compile(
    r"(?:(?:true\s+or\s+false|yes\s+or\s+no)\s*[:?]\s*|(?:so|thus|therefore|hence|well|overall|clearly|indeed|definitely|probably|likely)\b[,:]?\s+"
    r"|(?:the|this|that|my|your)\s+(?:(?:final|correct|right|given|above|following)\s+)*"
    r"(?:answer|statement|claim|assertion|sentence|proposition|hypothesis|conclusion|judg[e]?ment)\s*(?:is|was|[:：=])\s*"
    r"|(?:answer|it\s+is|it's|that\s+is|that's|this\s+is)\s*[:：]?\s*"
    r"|(?:i|we)\s+(?:think|believe|conclude|say)\b(?:\s+that)?\s*(?:the\s+answer\s+is|it\s+is|it's)?\s*"
    r"|因此|所以|故|综上(?:所述)?|答案|结论|判断|(?:该|此|这个?|这句|上述)?(?:说法|命题|陈述|句子|观点|话|论断)(?:[是为](?=[对错真假正不]))?"
    r"|[\s:：,，])+",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\b(?:statement|claim|assertion|sentence|proposition|hypothesis)\s+(?:is|was)(?=n't|\s)\s*(?:therefore|thus|hence|indeed)?"
    r"|(?:说法|命题|陈述|句子|观点|论断|这句话)(?:是|为)?(?=[对错真假正不])",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"^\s*[?？]|\b(?:and|or|but also|either|neither|both|partly|partially|sometimes|only if|unless|depends"
    r"|not necessarily|cannot (?:say|tell|be determined)|half)\b|/|或|部分|不一定|有时|视情况|看情况",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:$|[.,:;!?，。、；！？—–-]|[的因]|\n)|\s+(?:that|it|this|the|i|they|he|she|there|if|because)\b",
    re.I,
)
_CORRECTION = re.compile(
    r"(?:^|[.,;:!?…\n—–。，；！？(-])[\s*]{0,3}(?:(?:oh|but|or|well)\b[,.…\s]{0,5})?"
    r"(?:(?:hmm*|hm+|(?:no,?\s+)?wait|actually|correction|scratch\s+that|sorry|oops|rather|i\s+mean(?:t)?|on\s+second\s+thoughts?"
    r"|in\s+fact|my\s+mistake|hold\s+on|(?:up)?on\s+(?:further\s+|closer\s+)?(?:reflection|inspection)|thinking\s+again|come\s+to\s+think\s+of\s+it)\b|等等|不对|更正|其实|实际上|嗯+|不(?=[,，])"
    r"|(?:no|nope)(?=[\s,.:…—-]{1,5}(?:it|that|this|the|true|false)\b))"
    r"(?:[\s,.:;!…*—–，。：！-]|(?:but|wait|actually|sorry|rather|no,\s+(?=it|the|that))\b){0,12}",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"(?:that|this|it)(?:'s|\s+is|\s+was)\s+(?:wrong|incorrect|not\s+(?:right|correct))\b", re.I
)
_CORRECTED_LEAD = re.compile(
    r"(?:it\s+)?should\s+(?:be|say|read)\s+|no,\s+(?=it|that|the|false|true)|应该是|应为|应该|是(?=[对错真假正不])",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?<![.…])\.(?!\.)|[。;；\n!！]|\b(?:because|since|as|given|due)\b|因为|由于")


def verify(
    response: str,
    reference: str | bool,
    *,
    finish_reason: str | None = None,
    fallback: Fallback = "none",
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge whether `response` says true or false as `reference` does.

    `reference` is a bool or a word: true, yes, correct, right, 是, 对, 正确, and their opposites. Yes and true
    are one answer, no and false the other; the verdict's `answer` is `yes` or `no`, or else the text that says
    neither. `thinking_marks` names further marks of thinking. Raises `ValueError` for another reference.
    """
    started = perf_counter()
    check_response(response)
    wanted = _reference(reference)
    found = _find(with_marks(response, thinking_marks), fallback)
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    said = truth(found.answer)
    if said is not None:
        text = after_thinking(response) or ""
        said = _corrected(said, text[text.rfind(found.answer) + len(found.answer) :].lstrip("}*"))
    if said is None:
        return _SELF.verdict(
            "wrong", found.answer, "words", f"{quote(found.answer)} is neither yes nor no.", started
        )
    word = "yes" if said else "no"
    if said == wanted:
        return _SELF.verdict("correct", word, "words", f"Says {word}, and so does the reference.", started)
    return _SELF.verdict("wrong", word, "words", f"Says {word}, not {'yes' if wanted else 'no'}.", started)


def truth(answer: str) -> bool | None:
    """What `answer` says; None where it says neither, or both ("true or false", "partly true")."""
    plain = unicodedata.normalize("NFKC", answer[:_LONGEST]).replace("’", "'")
    plain = re.sub(r"\\(?:text|textbf|mathrm|mathbf|mbox|boxed)\b|[{}$*`\"“”‘()\[\]]", "", plain).strip()
    if (whole := _word(plain.strip(" .。!！?,，:").lower())) is not None:
        return whole
    rest = plain[match.end() :] if (match := _LEAD.match(plain)) else plain
    match = _ENGLISH.match(rest) or _CHINESE.match(rest) or _MARK.match(rest)
    if match is None:
        return None
    said = _said(match)
    if said is not None and (after_all := _corrected(said, rest[match.end() :])) is not said:
        return after_all
    behind = _CLAUSE.split(rest[match.end() :], maxsplit=1)[0]
    if said is None or _HEDGE.search(behind) or _other(behind, said):
        return None
    # A word that a noun can follow opens a noun phrase: "no solution", "right triangle".
    return said if _ENDS.match(rest, match.end()) else None


def _corrected(said: bool, behind: str) -> bool | None:
    """What is said after all: `said`, the other where `behind` puts that in its place, None where it takes it back."""
    behind = behind[:_LONGEST].replace("’", "'")
    for match in _CORRECTION.finditer(behind):
        instead = behind[match.end() :]
        if _TAKEN_BACK.match(instead):
            said_now = None
        else:
            lead = _CORRECTED_LEAD.match(instead)
            said_now = truth(instead[lead.end() :] if lead else instead)
            if said_now is None:
                continue
        return said_now
    return said


def _said(match: re.Match[str]) -> bool | None:
    if match.re is _ENGLISH:
        said = _word(match[2].lower())
        return (not said) if match[1] and said is not None else said
    return _word(match[0])


def _word(word: str) -> bool | None:
    return True if word in _YES else False if word in _NO else None


def _other(behind: str, said: bool) -> bool:
    """Whether a clause goes on to say the opposite: "yes, no", "True, maybe false"."""
    words = re.findall(
        r"(?:\b(not)\s+|(n't)\s+)?\b(true|yes|false|no)\b(?!\s+(?!that\b)\w)", behind, re.IGNORECASE
    )
    return any((_word(word.lower()) is said) is bool(negated or short) for negated, short, word in words)


def _find(response: str, fallback: Fallback) -> Extraction:
    found = extract(response, fallback="none")
    text = after_thinking(response)
    if found.answer is not None or text is None or found.unclosed:
        return found
    if stated := [match for match in _STATED.finditer(text) if not is_denied(text, match.start())]:
        return Extraction(text[stated[-1].end() :].strip().partition("\n")[0], "phrase")
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    for line in lines[-1:] + lines[:1]:
        if truth(line) is not None:
            return Extraction(line, "bare")
    return extract(response, fallback=fallback)


def _reference(reference: str | bool) -> bool:
    if isinstance(reference, bool):
        return reference
    word = (
        _word(unicodedata.normalize("NFKC", reference).strip(" .。").lower())
        if isinstance(reference, str)
        else None
    )
    if word is None:
        raise ValueError(
            f"A true/false reference is true or false, yes or no, 是 or 否, or a bool, not {clip(repr(reference), 60)}."
        )
    return word
