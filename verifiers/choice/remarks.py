"""What is said behind an option that was named: another one brought in as possible, or a correction."""

import re

from verifiers.choice.options import Options
from verifiers.choice.patterns import MATHS, patterns
from verifiers.text import normalise

LONGEST = 600
"""Characters of an answer, or of what is said behind it, that are read."""

_EXPLAINS = re.compile(
    r"\b(?:because|since|as|due|given|for|where|which|so|while|whereas|reason|explanation)\b|因为|由于|理由|解析"
)
_REJECTS = re.compile(
    r"\b(?:not|n't|than|instead|neither|nor|unlike|eliminat\w*|exclud\w*|rul\w+ out|over|wrong|incorrect|whether)\b"
    r"|n't\b|而不|而非|不是|不选|排除",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"\d(?:\s|~|\$|\\[,;: ])*(?:[^\W\d]{1,5}\d?\s?[·*/⋅]\s?\(?)*°?$")
"""A number, and the factors of its unit so far: what comes next is a unit (`320 L`, `5 J/C`)."""

_CORRECTION = re.compile(
    r"(?:^|[.,;:!?…\n(—–。，；！？：]|\s-)[\s*]{0,3}(?:(?:oh|hmm+|uh|but|well|ah|or)\b[,.…\s]{0,5})?"
    r"(?:(?:wait|actually|no|nope|correction|scratch\ that|sorry|oops|whoops|hold\ on|on\ second\ thoughts?|rather"
    r"|i\ mean(?:t)?|my\ (?:mistake|bad)|make\ that|in\ fact|but(?=\ (?:it|the\ answer|then)\b)|i\ was\ wrong"
    r"|i\ made\ an?\ (?:mistake|error)|i\ misread\b[^.,;\n]{0,30}"
    r"|let\ me\ (?:correct|fix|revise)(?:\ (?:that|this|myself|it))?"
    r"|(?:up)?on\ (?:further\ |closer\ )?(?:reflection|inspection)|thinking\ again|come\ to\ think\ of\ it)"
    r"\b|等等|等一下|不对|更正|其实|实际上|不[，,])",
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN = re.compile(
    r"""(?:[\s,.:;!…*，。：！—–-]
    |(?:but|wait|actually|no|nope|sorry|correction|yes|oops|hold\ on|rather|instead)\b
    |(?:i|we)\ (?:think|believe|mean[t]?|should\ (?:say|have\ said)|made\ (?:a|an)\ (?:mistake|error)|was\ wrong)\b
    |let\ me\ [a-z' ]{1,30}(?=[.,:;])
    |(?:it|that|this|which)(?:'s|\ is|\ was|\ should\ be|\ must\ be|\ has\ to\ be|\ would\ be)\b
    |(?:n't|not|wrong|incorrect|right|correct|a\ mistake)\b(?=\s*[.,;:!…—–-])
    |(?:should\ be|must\ be|make\ (?:it|that)|change\ (?:it|that)\ to)\b
    |(?:really|truly|definitely|clearly|surely|probably|in\ fact|more\ likely)\b
    |(?:the|my)\ (?:(?:correct|right|real|actual|final|best|true)\ )*(?:answer|option|choice)
      \ (?:is|should\ be|must\ be)\b
    |应该是|应该选|应该为|应选|应为|应是|答案是|答案应该是|正确答案是|选|是|为)""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST_BETWEEN = 12
_LABEL_BEFORE = re.compile(r"(?:^|\n)[ \t*(-]{0,6}(?:option\s)?[A-Z]\)?\*{0,2}\s?[:：.)–—-]", re.IGNORECASE)
"""What opens the line of an option: a "no" behind it is about that option, and the next line is the next option's."""
_TAKEN_BACK = re.compile(
    r"\b(?:wait|actually|no|oops|sorry|hmm)\b[\s,.…—-]{0,5}(?:that|this|it)(?:'s|\s+is|\s+was)\s+"
    r"(?:wrong|incorrect|not\s+(?:right|correct)|a\s+mistake)\b|(?:不对|等等)[，。,.]?\s*(?:这|那)?是?错",
    re.IGNORECASE,
)
_WRONG = (
    r"(?:(?:definitely|clearly|certainly|actually|also|of course)\s+)?"
    r"(?:wrong|incorrect|false|a\s+mistake|not\s+(?:right|correct|true|it|the\s+(?:correct\s+|right\s+)?answer))"
)
_DENIED_AT_ONCE = re.compile(
    rf"[\s*)\]）]{{0,4}}(?:[,，;；(（—–-]\s*)?(?:(?:but|and|yet|however)\b,?\s+)?"
    rf"(?:(?:which|that|this|it)(?:['’]s|\s+is|\s+was)\s+{_WRONG}\b(?=\s*(?:$|[.,;:!)）\n]))|{_WRONG}\s?[)）]"
    r"|[?？]\s*(?:no|nope|not|wrong|不|错|非)|(?:选?项)?(?:是|为)?(?:错误?的?|不对|不正确)(?=\s*(?:$|[。,.，;；!！\n])))",
    re.IGNORECASE,
)
"""Right behind a letter: what takes it back at once, `A, which is wrong`, `A? No`, `A项错误`."""
_CLAUSE_ENDS = re.compile(
    r"\s*(?:$|[.,;!)\n。，；！*]|\((?!\s*[A-Z]\b)|[:：]\s|(?:instead|then|after\ all)\b)"
    r"|\s+(?:is|must\s+be|would\s+be)\s+(?:the\s+|my\s+)?(?:correct|right|answer|best|better)\b"
    r"|\s+(?:because|since|as|due|given)\b|\s*(?:才是|才对|是对|正确|选?项|吧)",
    re.IGNORECASE,
)

_VERB = re.compile(
    r"\b(?:is|are|was|were|would|could|can|may|might|has|have|does|do|did|fails?|seems?|looks?)\b"
)

_FORMULA_OR_REFUSED = re.compile(
    rf"{MATHS}|(?:(?!\b(?:because|since|as|not)\b)[^.;\n]){{0,80}}?\b(?:(?:is|are|was|were|can|do|does)\b"
    r"(?:(?!\b(?:because|since)\b)[^.;\n]){0,30}?(?:\b(?:wrong|incorrect|false|not|too|impossible|tempting|out|excluded"
    r"|eliminated)\b|n't)|fails?\b)",
    re.IGNORECASE,
)
"""Behind a letter: what makes it a variable, or an option that is turned down."""


def doubted(remark: str, named: frozenset[str], options: Options) -> str | None:
    """The option that `remark`, said after naming `named`, brings in as possible too; None if it does not."""
    remark = remark[:LONGEST]
    explains = _EXPLAINS.search(remark)
    for pattern in patterns(options.keys).doubts:
        for match in pattern.finditer(remark):
            place, key = next((match.start(i), group) for i, group in enumerate(match.groups(), 1) if group)
            joins = match[0].lower().startswith(("or", "/", "或"))
            before = remark[max(0, match.start() - 40) : match.start()]
            if key in named or is_unit(remark, place) or _REJECTS.search(before):
                continue
            # In an explanation "or C" may tell why C is wrong; "could be C" is a doubt wherever it stands.
            if joins and (
                (explains and explains.start() < match.start()) or _of_others(before, named, options)
            ):
                continue
            return key
    return _doubted_by_text(remark, named, options, explains.start() if explains else len(remark))


def corrected(remark: str, options: Options) -> tuple[frozenset[str] | None, str] | None:
    """The options that `remark` puts in the place of what was named ("Wait, it is A"), and what it says behind them.

    The options are None where it takes back what was named and names no other; the result is None where it does
    neither.
    """
    remark = remark[:LONGEST]
    denied = _DENIED_AT_ONCE.match(remark)
    for match in reversed(list(_CORRECTION.finditer(remark))):
        place = match.end()
        for _ in range(_MOST_BETWEEN):
            if (skipped := _BETWEEN.match(remark, place)) is None:
                break
            place = skipped.end()
        if "\n" in remark[match.end() : place] and _LABEL_BEFORE.fullmatch(
            remark, max(remark.rfind("\n", 0, match.start()), 0), match.start() + 1
        ):
            continue
        if (found := _named_alone(remark, place, options)) is not None:
            return found[0], remark[found[1] :]
    if (back := denied or _TAKEN_BACK.search(remark)) is not None:
        return None, remark[back.end() :]
    return None


def is_unit(text: str, place: int) -> bool:
    """Whether the letter at `place` is the unit of a number: `320 L`, `5 J/C`, `25 °C`."""
    return text[place].isalpha() and _NUMBER_BEFORE.search(text, max(0, place - 24), place) is not None


def _named_alone(text: str, place: int, options: Options) -> tuple[frozenset[str], int] | None:
    """The option that a clause from `place` on consists of, by its key or its text, and where it ends."""
    item = patterns(options.keys).item.match(text, place)
    if item is not None and item[1] in options.keys and not _FORMULA_OR_REFUSED.match(text, item.end()):
        clause = re.split(r"[\n.;]", text[item.end() :], maxsplit=1)[0].strip(" )：:.,")
        own_text = options.is_text_of(item[1], clause)
        labelled = not text[item.end() - 1].isalnum() and clause and not _VERB.search(clause)
        if own_text or labelled or _CLAUSE_ENDS.match(text, item.end()):
            return frozenset({item[1]}), item.end()
    clause = re.split(r"[\n.;!,，。]", text[place : place + LONGEST], maxsplit=1)[0]
    key = options.key_of(clause.strip(" *"))
    return (frozenset({key}), place + len(clause)) if key is not None else None


def _of_others(before: str, named: frozenset[str], options: Options) -> bool:
    """Whether `before` ends in an option that was not named: "A or C" is about others then."""
    last = re.search(r"([A-Z0-9]{1,4})[)\]]?\s*$", before)
    return last is not None and last[1] in options.keys and last[1] not in named


def _doubted_by_text(remark: str, named: frozenset[str], options: Options, end: int) -> str | None:
    said = normalise(remark[:end])
    if not re.search(r"\b(?:or|maybe|perhaps)\b", said):
        return None
    for key, text in options.texts.items():
        known = normalise(text)
        if (
            key not in named
            and known
            and re.search(rf"(?:^|\W)(?:or|maybe|perhaps)\s+{re.escape(known)}(?!\w)", said)
        ):
            return key
    return None
