"""The expressions that find an option's key in a text; each depends on which keys there are."""

import re
from dataclasses import dataclass
from functools import lru_cache

OPEN, CLOSE = r"[(\[\"'“‘「『【]", r"[)\]\"'”’」』】]"
NOUN = (
    r"(?:options?|choices?|answers?|letters?|statements?|alternatives?|opción|opçã?o|opzione|lettre|letra|lettera"
    r"|alternativa|buchstabe|antwort|вариант|选项|答案)"
)
RIGHT = (
    r"(?:possible|plausible|correct|right|true|valid|acceptable|defensible|an? (?:option|answer|possibility))"
)
MATHS = (
    r"(?:\s*(?:=(?!>)|=>(?=\s?[A-Z]\b)|[<>≤≥≠∈⊂⊆→≈∝^·⋅×]|->|\*\w|-[A-Z]\b|\\(?:in|to|(?:long|left)?[rR]ightarrow|Leftrightarrow|leq?|geq?|neq?|subset(?:eq)?|cup|cap|times|"
    r"cdot|equiv|approx|sim|mid|implies|cong|perp|parallel|circ)\b)|/[a-z])"
)
"""Behind a letter: what makes it a variable of a formula."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The regular expressions that depend on the keys."""

    key: re.Pattern[str]
    """A key, standing alone."""
    item: re.Pattern[str]
    """`B`, `(B)`, `option B`, `B项`; group 1 is the key."""
    label: re.Pattern[str]
    """A further `C.` or `(C)` that opens an option's text."""
    trailing: re.Pattern[str]
    """A text and `(B)` or `option B` behind it."""
    small: re.Pattern[str]
    """Keys in small letters where nothing else can be meant."""
    mention: re.Pattern[str]
    """`(B)` or `option B` inside a sentence; one of the groups is the key."""
    doubts: tuple[re.Pattern[str], ...]
    """`or C`, `could be C`, `C is also possible`; one of the groups is the key."""


@lru_cache(maxsize=64)
def patterns(keys: tuple[str, ...]) -> Patterns:
    """The expressions for `keys`. A list may hold other letters ("B or X" is no B); a remark's are no options."""
    letters = all(re.fullmatch("[A-Z]", key) for key in keys)
    own = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    some = "[A-Z]" if letters else own
    # No part of a word, of `A's`, `B-tree`, `A+`, `3.5`.
    part_of_word = r"(?![A-Za-z0-9_]|['’][a-z]|-[a-z]|\+(?!\s*[A-Z]\b)|\.\d|%)"
    alone = rf"(?<![A-Za-z0-9_.\\-])(?:{some}){part_of_word}"
    item = rf"(?:(?i:{NOUN})\s*)?(?:{OPEN}\s*)?({alone})(?:\s*{CLOSE})?(?:\s*选?项)?"
    small = alone.replace("[A-Z]", "[a-z]") if letters else f"(?i:{alone})"
    return Patterns(
        key=re.compile(alone),
        item=re.compile(rf"\s*{item}"),
        label=re.compile(
            rf"(?:^|[\n,;，；、]|\b(?i:and)\b|[和与及])\s*(?:[(\[]\s*({own})\s*[)\]]|({own})\s*[.):：])"
            r"(?!\w*\s*(?:(?:is|are|was|would|does|has)\b|=))"
        ),
        trailing=re.compile(
            rf"(?P<text>.{{1,300}}?)(?:\s*[(\[（【]\s*(?i:{NOUN}\s*)?({alone})\s*[)\]）】]|[\s,]+"
            rf"(?i:option|choice|选项)\s*\(?({alone})\)?)[\s.。!]*",
            re.DOTALL,
        ),
        small=re.compile(
            rf"(?i:{NOUN}\s*)?(?:{OPEN}?{small}{CLOSE}?(?:\s*(?:,\s*and|and|[,;&、，])\s*{OPEN}?{small}{CLOSE}?)*"
            rf"[\s.。!]*$|\({small}\)\s*\S|{small}[.):：]\s)"
        ),
        mention=re.compile(
            rf"[(\[（]\s*(?:(?i:{NOUN})\s*)?({own})\s*[)\]）]|\b(?i:option|choice|answer|letter)\s+\**\(?({own})\b\)?"
        ),
        doubts=_doubts(own, part_of_word),
    )


def _doubts(own: str, part_of_word: str) -> tuple[re.Pattern[str], ...]:
    key = rf"(?<![A-Za-z0-9_.\\-])(?:{own}){part_of_word}(?!{MATHS})"
    # `A` and `I` in front of a small letter are words.
    word = r"(?:is|are|could|might|may|as|too|also|because|would|seems|or|and)"
    named = rf"(?:(?:option|choice|answer|选项|答案)\s*)?{OPEN}?({key}(?!\s+(?!{word}\b)[a-z])){CLOSE}?"
    also = r"(?:also|equally|too|still|well|possibly|perhaps|potentially|just\s+as|as\s+well)"
    modal = rf"(?:could|might|may|can)(?:\s+{also})*\s+be"
    seems = r"(?:is|are|seems?|looks?)"
    not_a_doubt = r"(?!,?\s+(?:at\s+first|if|only\s+if|in\s+(?:some|other)|but\s+(?!i\b|i'm\b)))"
    works = r"(?:work|fit|qualif|appl|hold|satisf)\w*"
    verb = r"(?!\s+(?:would|will|is|are|was|does|do|can|cannot|violates?)\b)"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?i:\b{modal}(?:\s+the)?(?:\s+(?:correct|right|best|answer))*\s+){named}",
            rf"(?i:(?:\b(?:or|alternatively|maybe|perhaps|possibly)\b|/(?!\w))[,\s]*(?:(?:else|maybe|perhaps|possibly"
            rf"|even|also|it's|the)\s+)*){named}{verb}",
            rf"{named}(?i:\s+(?:(?:{modal}(?:\s+{also})*|{seems}(?:\s+{also})+)\s+(?:the\s+)?(?:{RIGHT}|answer)"
            rf"|{seems}\s+(?:possible|plausible|defensible|acceptable|an?\s+possibility)"
            rf"|(?:{seems}\s+)?{RIGHT},?\s+(?:too|also|as\s+well)\b)\b{not_a_doubt})",
            rf"{OPEN}?({key}){CLOSE}?(?i:\s+(?:(?:would|could|might|may)\s+)?(?:(?:also|equally)\s+{works}"
            rf"|{works},?\s+(?:too|also|as\s+well|equally\s+well)\b))",
            rf"{named}(?i:,?\s+(?:too|as\s+well)\s*(?=[.!;)\n]|$|,(?!\s+(?:is|are|was|can|fails)\b)))",
            rf"\(({key})\)\s[^.,;\n()]{{1,60}}?\s(?:is|seems)\s(?:also|equally)\s(?i:{RIGHT})\b",
            rf"(?:或者?(?:是|选)?|还是|也?可能(?:是|选)?|也许(?:是|选)?|也可以?选?|也(?:是|对))\s*{named}",
            rf"{named}(?:选项|项)?(?:也(?:对|正确|可以|行|是对的|有可能|可能))",
        )
    )
