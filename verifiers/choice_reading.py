r"""Which options a short answer names: `B`, `(B) Paris`, `\text{B}`, `A and C`, `B、D`, an option's text, "none".

An answer names options or it does not: "B or C", "A, but could be D" and "B. Rome" where Rome is option A name
none. The article "A" and the pronoun "I" are no options: a letter counts only where a word could not stand.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from verifiers.text import normalise

Layer = Literal["letter", "option_text", "none_or_all", "hedge"]

LONGEST = 600
"""Characters of an answer that are read."""


@dataclass(frozen=True, slots=True)
class Options:
    """A question's options: their keys in capitals, and normalised texts by key (empty where unknown)."""

    keys: tuple[str, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """The options an answer names (`named` empty: "none of these"), or None and what speaks against it."""

    named: frozenset[str] | None
    layer: Layer
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The regular expressions that depend on the keys."""

    key: str
    """A key, standing alone."""
    item: re.Pattern[str]
    """`B`, `(B)`, `option B`, `B项`; group 1 is the key."""
    label: re.Pattern[str]
    """A further `C.` or `(C)` that opens an option's text."""
    trailing: re.Pattern[str]
    """A text and `(B)` or `option B` behind it."""
    small: re.Pattern[str]
    """Keys in small letters where nothing else can be meant."""
    doubt: re.Pattern[str]
    """`or C`, `could be C`, `C is also possible`; the last group is the key."""


_OPEN, _CLOSE = r"[(\[<\"'“‘「『【]", r"[)\]>\"'”’」』】]"
_NOUN = r"(?:options?|choices?|answers?|letters?|statements?|alternatives?|选项|答案)"
_AND = r"\s*(?:,\s*and\b|and\b|plus\b|as\s+well\s+as\b|[,;&+、，；\n]+\s*(?:and\b)?|以及|[和与及跟]|(?=[(\[]))\s*"
_OR = r"\s*,?\s*(?:and\s*/\s*or\b|or\b|/|\||或者?|还是)\s*"
_ASIDE = r"(?:\s*\([^()\n]{2,100}\))?"  # the text of an option in a list: A (Rome) and C (Oslo)

_SEPARATOR = re.compile(rf"{_ASIDE}(?:(?P<either>{_OR})|{_AND}|\s+(?={_OPEN}?(?-i:[A-Z])\b))", re.IGNORECASE)
_EITHER = re.compile(r"(?:either|one of|between|any of)\b|要么|不是", re.IGNORECASE)

# After the letters: nothing, a mark that opens a text or a remark, or a word that no noun phrase goes on with.
_END = re.compile(
    r"\s*$|\s*[.)\]:,;、，。；：!?！？(（【[–—…=>-]"
    r"|\s+(?:is|are|was|were|because|since|as|given|due|for|with|but|though|although|not|rather|instead|over|"
    r"which|where|here|based|by|would|seems|must|should|and|or|per|from|only|alone)\b"
    r"|\s*(?:是|为|都|均|皆|正确|对|因|由|符合|项|选项|最|才|更|的|或|和|吧|。)",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\s*=(?!>)")
_TEXT_FOLLOWS = re.compile(r"\s+[A-Z0-9$\"“\\]")
_EXPLAINS = re.compile(
    r"\b(?:because|since|as|due|given|for|where|which|so|while|whereas|reason|explanation)\b|因为|由于|理由|解析"
)
_REJECTS = re.compile(
    r"\b(?:not|n't|than|instead|neither|nor|unlike|eliminat\w*|exclud\w*|rul\w+ out|over|wrong|incorrect)\b"
    r"|n't\b|而不|而非|不是|不选|排除",
    re.IGNORECASE,
)
_REJECTED = re.compile(
    r"\s*(?:(?:is|was)|(are|were|都))\s*(?:all |both |clearly |also )?"
    r"(?:wrong|incorrect|not|n't|false|impossible|eliminated|excluded|ruled out|不|错)"
)
_NUMBER_BEFORE = re.compile(r"\d(?:\s|~|\$|\\[,;: ])*(?:[^\W\d]{1,5}\d?\s?[·*/⋅]\s?\(?)*°?$")
"""A number, and the factors of its unit so far: what comes next is a unit (`320 L`, `5 J/C`)."""
_REFUSES = re.compile(
    r"\b(?:not|or|but|except|neither|nor|without|unlike|than|anything|if|unless)\b|n't\b|[不非或没除]", re.I
)

_LATEX = re.compile(
    r"\\(?:text|textbf|textit|textrm|textsf|mathrm|mathbf|mathit|mathsf|mathbb|mathcal|boldsymbol|mbox|boxed|fbox|"
    r"underline|emph|operatorname|left|right|bigl?|bigr?)\b\s?(?=[{(\[)\]])"
)
_LATEX_SPACE = re.compile(r"\\[,;:! ]|\\q?quad\b|~")
_MARKUP = re.compile(r"<[/|][^<>\n]{0,30}>|\\[()\[\]{}]|\\(?=\.)|[{}$*`#]|(?<!\w)_+|_+(?!\w)")

_LEAD = re.compile(
    r"""(?:so|thus|therefore|hence|then|ok(?:ay)?|well|finally|overall|now|in\ (?:conclusion|summary|short)
      |to\ conclude|as\ a\ result|after\ all)\b[,:]?\s+
    |(?:i|we)(?:'d|'m|'ll|\ would|\ will|\ am|\ can|\ have\ to|\ must|\ should)?\ (?:think|believe|guess|say|feel
      |suppose|conclude|choose|pick|select|go\ with|(?:fairly\ |pretty\ |quite\ |very\ )?(?:sure|confident|certain))
      \b[,:]?(?:\ that\b)?[,:]?\s+
    |(?:it|this|that)(?:'s|\ is|\ must\ be|\ should\ be|\ has\ to\ be|\ would\ be)\b[,:]?\s+
    |(?:most\ likely|likely|probably|definitely|clearly|certainly|obviously|indeed|just|simply|only|surely
      |both)\b[,:]?\s+
    |(?:(?:the|my|our|your|this|that)\s+)?
      (?:(?:only|single|one|correct|right|best|final|true|proper|accurate|appropriate|intended|suitable|most)\s+)*
      (?:answer|option|choice|statement|letter|selection|response|alternative|guess|pick)s?
      (?:\s+(?:choice|option|letter)s?)?\s*
      (?:(?:is|are|was|were|would\ be|should\ be|must\ be|will\ be)\b(?:\s+(?:therefore|thus|hence|then|clearly)\b)?
      |[:：=-]|(?=[A-Z(\[]))\s*[:：]?\s*
    |the\s+(?=[(\[A-Z])
    |我(?:认为|觉得|猜)|答(?=\s*[:：])|(?:因此|所以|故|综上(?:所述)?|显然|可知|应该|应当|应|正确|最终|最后|最佳|本题|答案|选项|选择|选|是|为|的|即|就)
      [\s:：，,]*
    |[\s:：,，]+""",
    re.IGNORECASE | re.VERBOSE,
)
_OF_THEM = r"(?:\s+of\s+(?:the|these|those|them|above)\b[\w ]{0,40}|\s+(?:is|are)\s[\w ]{1,30})?"
_NONE = re.compile(
    rf"(?:none|neither|no (?:correct )?(?:option|answer|choice)s?){_OF_THEM}"
    r"|(?:以上)?(?:选项|答案)?(?:都|皆|均|全)(?:部)?(?:不对|不是|不正确|不成立|错误?|非)"
    r"|以上皆非|(?:没有|无)(?:一个)?正确(?:的)?(?:答案|选项)?(?:正确)?|(?:没有|无)(?:一个)?选项正确",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"all(?:\s+(?:the|four|three|five))?(?:\s+(?:options|choices|answers))?"
    rf"{_OF_THEM}|(?:以上)?(?:选项|答案)?(?:都|皆|均|全)(?:部)?(?:对|是|正确|成立)|以上皆是|全选",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def patterns(keys: tuple[str, ...]) -> Patterns:
    """The expressions for `keys`. A list may hold other letters ("B or X" is no B); a remark's are no options."""
    letters = all(re.fullmatch("[A-Z]", key) for key in keys)
    own = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
    some = "[A-Z]" if letters else own
    # No part of a word, of `A's`, `B-tree`, `A+`, `3.5`.
    part_of_word = r"(?![A-Za-z0-9_]|['’][a-z]|-[a-z]|\+(?!\s*[A-Z]\b)|\.\d|%)"
    alone = rf"(?<![A-Za-z0-9_.\\-])(?:{some}){part_of_word}"
    # No variable or unit either: `F = ma`, `A/m`.
    remarked = rf"(?<![A-Za-z0-9_.\\-])(?:{own}){part_of_word}(?!\s*=(?!>)|\s*[·⋅^]|/[a-z])"
    # `A` and `I` in front of a small letter are words.
    mention = (
        rf"{remarked}(?!\s+(?!(?:is|are|could|might|may|as|too|also|because|would|seems|or|and)\b)[a-z])"
    )
    item = rf"(?:(?i:{_NOUN})\s*)?(?:{_OPEN}\s*)?({alone})(?:\s*{_CLOSE})?(?:\s*选?项)?"
    small = alone.replace("[A-Z]", "[a-z]") if letters else f"(?i:{alone})"
    named = rf"(?:(?:option|choice|answer|选项|答案)\s*)?{_OPEN}?({mention})"
    modal = r"(?:could|might|may|can)(?:\s+(?:also|well|possibly|equally|just as well))*\s+be"
    right = r"(?:possible|plausible|correct|right|true|valid|acceptable|defensible|an? (?:option|answer|possibility))"
    doubt = (
        rf"(?i:\b{modal}(?:\s+the)?(?:\s+(?:correct|right|answer))*\s+){named}"
        rf"|(?i:(?:\b(?:or|alternatively|maybe|perhaps|possibly)\b|/(?!\w))[,\s]*(?:(?:else|maybe|perhaps|possibly|even|also"
        rf"|it's|the)\s+)*){named}{_CLOSE}?(?!\s+(?:would|will|is|are|was|does|do|can|cannot|violates?)\b)"
        rf"|{named}{_CLOSE}?(?i:\s+(?:(?:is|are|seems)\s+)?(?:{modal}|also|too\b|equally|as well)"
        rf"(?:\s+(?:be|is|seems))?(?:\s+(?:also|equally))*(?:\s+{right})?"
        rf"|\s+(?:is|seems)\s+{right}\s+(?:too|also|as well)\b)"
        rf"|\(({remarked})\)\s[^.,;\n()]{{1,60}}?\s(?:is|seems)\s(?:also|equally)\s(?i:{right})"
        rf"|(?:或者?(?:是|选)?|还是|也?可能(?:是|选)?|也许(?:是|选)?|也可以?选?|也(?:是|对))\s*{named}"
        rf"|{named}(?:选项|项)?(?:也(?:对|正确|可以|行|是对的|有可能|可能))"
    )
    return Patterns(
        key=alone,
        item=re.compile(rf"\s*{item}"),
        label=re.compile(
            rf"(?:^|[\n,;，；、]|\b(?i:and)\b|[和与及])\s*(?:[(\[]\s*({own})\s*[)\]]|({own})\s*[.):：])(?!\w*\s*"
            r"(?:(?:is|are|was|would|does|has)\b|=))"
        ),
        trailing=re.compile(
            rf"(?P<text>.{{1,300}}?)(?:\s*[(\[（【]\s*(?i:{_NOUN}\s*)?({alone})\s*[)\]）】]|[\s,]+"
            rf"(?i:option|choice|选项)\s*\(?({alone})\)?)[\s.。!]*",
            re.DOTALL,
        ),
        small=re.compile(
            rf"(?i:{_NOUN}\s*)?(?:{_OPEN}?{small}{_CLOSE}?(?:\s*(?:,\s*and|and|[,;&、，])\s*{_OPEN}?{small}{_CLOSE}?)*"
            rf"[\s.。!]*$|\({small}\)\s*\S|{small}[.):：]\s)"
        ),
        doubt=re.compile(doubt),
    )


def read(answer: str, options: Options) -> Reading | None:
    """What `answer` names; None where it is not the name of an option."""
    raw = answer.strip()[:LONGEST]
    plain = _plain(raw)
    form = patterns(options.keys)
    alone = form.item.fullmatch(plain.rstrip(".。!:， "))
    if alone is None and (key := _of_text(raw, options)) is not None:
        return Reading(frozenset({key}), "option_text")
    rest = _without_brackets(_without_lead(plain))
    if _EITHER.match(rest) and len(re.findall(form.key, rest)) > 1:
        return Reading(None, "hedge", "It names several options to choose from.")
    for read_as in (_none_or_all, _letters, _small_letters, _text, _trailing):
        if (reading := read_as(rest, options, form)) is not None:
            return reading
    return None


def doubted(remark: str, named: frozenset[str], options: Options) -> str | None:
    """The option that `remark`, said after naming `named`, brings in as possible too; None if it does not."""
    remark = remark[:LONGEST]
    explains = _EXPLAINS.search(remark)
    for match in patterns(options.keys).doubt.finditer(remark):
        place, key = next((match.start(i), group) for i, group in enumerate(match.groups(), 1) if group)
        if (
            key in named
            or is_unit(remark, place)
            or _REJECTS.search(remark[max(0, match.start() - 40) : match.start()])
        ):
            continue
        # In an explanation "or C" may tell why C is wrong; "could be C" is a doubt wherever it stands.
        if explains and explains.start() < match.start() and match[0].lower().startswith(("or", "/", "或")):
            continue
        return key
    return _doubted_by_text(remark, named, options, explains.start() if explains else len(remark))


def is_unit(text: str, place: int) -> bool:
    """Whether the letter at `place` is the unit of a number: `320 L`, `5 J/C`, `25 °C`."""
    return text[place].isalpha() and _NUMBER_BEFORE.search(text, max(0, place - 24), place) is not None


def _doubted_by_text(remark: str, named: frozenset[str], options: Options, end: int) -> str | None:
    said = normalise(remark[:end])
    for key, text in options.texts.items():
        if (
            key not in named
            and text
            and re.search(rf"(?:^|\W)(?:or|maybe|perhaps)\s+{re.escape(text)}(?!\w)", said)
        ):
            return key
    return None


def _plain(answer: str) -> str:
    """`answer` without LaTeX and Markdown, full-width letters as ordinary ones, spaces kept single."""
    text = unicodedata.normalize("NFKC", answer)
    text = _MARKUP.sub("", _LATEX_SPACE.sub(" ", _LATEX.sub("", text)))
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r"\s*\n\s*", "\n", text).strip()


def _without_lead(text: str) -> str:
    """`text` without "So the correct answer is", "I think it is", "因此正确答案是"."""
    for _ in range(8):
        match = _LEAD.match(text)
        if match is None or match.end() == 0:
            break
        text = text[match.end() :]
    return text


def _without_brackets(text: str) -> str:
    """The inside of a list written `[A, C]` or `['A', 'C']`."""
    if len(text) > 3 and text[0] + text[-1] in ("[]", "()") and not re.search(r"[][()]", text[1:-1]):
        return text[1:-1].strip()
    return text


def _none_or_all(text: str, options: Options, form: Patterns) -> Reading | None:
    bare = text.strip(" .。!")
    for phrase in (_NONE, _ALL):
        if not phrase.fullmatch(bare):
            continue
        if own := [key for key, known in options.texts.items() if phrase.fullmatch(known)]:
            return Reading(frozenset(own[:1]), "option_text")
        if phrase is _NONE:
            return Reading(frozenset(), "none_or_all")
        return Reading(frozenset(options.texts), "none_or_all") if options.texts else None
    return None


def _letters(text: str, options: Options, form: Patterns) -> Reading | None:
    """Keys at the start of `text`, with what follows them."""
    keys, either, end = _listed(text, options, form)
    if not keys:
        return None
    if rejected := _REJECTED.match(text, end):  # "B; A and C are wrong"
        place = max(text.rfind(mark, 0, end) for mark in (";；\n" if rejected[1] else ",，;；\n"))
        return _letters(text[:place], options, form) if place > 0 else None
    if either:
        return Reading(None, "hedge", f"It says {' or '.join(keys)}.")
    return _with_remark(frozenset(keys), text[end:], options, form)


def _listed(text: str, options: Options, form: Patterns) -> tuple[list[str], bool, int]:
    """The keys that `text` starts with, whether an "or" joins them, and where they end."""
    keys: list[str] = []
    either, maybe, start, end = False, False, 0, 0
    while True:
        together = _together(text, start, options)
        match = form.item.match(text, start)
        stop = together or (match.end() if match else 0)
        if not stop or (keys and not maybe and _VARIABLE.match(text, stop)):  # "B, V = 5 L"
            break
        if (
            not _closed(text, stop)
            and not _may_end(text, stop, match[1] if match else "", options)
            and not _SEPARATOR.match(text, stop)
        ):
            break
        keys += list(text[start:stop].strip()) if together else [match[1]] if match else []
        either, end = either or maybe, stop
        separator = _SEPARATOR.match(text, stop)
        if separator is None:
            break
        maybe, start = separator["either"] is not None, separator.end()
    if keys and not _closed(text, end) and not _may_end(text, end, keys[-1], options):
        return [], False, 0
    return keys, either, end


def _together(text: str, start: int, options: Options) -> int:
    """The end of several letters written as one word, such as `ACD`; 0 where there are none."""
    match = re.compile(r"\s*([A-Z]{2,10})(?![A-Za-z0-9'’]|-\w)").match(text, start)
    if match is None or len(set(match[1])) < len(match[1]) or not set(match[1]) <= set(options.keys):
        return 0
    return match.end()


def _closed(text: str, end: int) -> bool:
    """Whether a bracket, quote or 项 ends the name: no words follow that could make it one of theirs."""
    return not (text[end - 1].isascii() and text[end - 1].isalnum())


def _may_end(text: str, end: int, key: str, options: Options) -> bool:
    """Whether a name can end here: "B.", "B because", "B Paris", but not "A dog" or "I think"."""
    if _END.match(text, end):
        return True
    if key not in ("A", "I") and _TEXT_FOLLOWS.match(text, end):
        return True
    own = options.texts.get(key)
    return own is not None and normalise(text[end:]) == own


def _with_remark(named: frozenset[str], remark: str, options: Options, form: Patterns) -> Reading:
    """The reading of `named` followed by `remark`: an option's text, further options, a doubt, an explanation."""
    said = remark.lstrip(" .):：,，、-–—(（")
    first = re.split(r"(?<=\w)[.。!\n;；](?=\s|$)|\)$", said, maxsplit=1)[0]
    own = {options.texts.get(key) for key in named}
    if normalise(said) in own or normalise(first) in own:
        said = said[len(first) :]
    elif (other := _of_text(said, options) or _of_text(first, options)) is not None and other not in named:
        return Reading(None, "hedge", f"It names {_join(named)} with the text of {other}.")
    elif (single := form.item.fullmatch(said.strip(" .。)!"))) and single[1] not in named:
        return Reading(None, "hedge", f"It says {_join(named)} and {single[1]}.")
    explains = _EXPLAINS.search(said)
    for match in form.label.finditer(said, 0, explains.start() if explains else len(said)):
        named |= {match[1] or match[2]}
    if (key := doubted(said, named, options)) is not None:
        return Reading(None, "hedge", f"It says {_join(named)}, and that {key} is possible.")
    return Reading(named, "letter")


def _small_letters(text: str, options: Options, form: Patterns) -> Reading | None:
    match = form.small.match(text)
    if match is None:
        return None
    return _letters(match[0].upper().rstrip() + " " + text[match.end() :], options, form)


def _text(text: str, options: Options, form: Patterns) -> Reading | None:
    """The text of an option, with at most a remark behind it."""
    key = _of_text(text, options)
    remark = ""
    if key is None:
        first = re.split(
            r"(?<=[\w)}$%])[.。!，,;；](?=\s|$)|\s(?:because|since)\b|，|因为", text, maxsplit=1
        )[0]
        key, remark = _of_text(first, options), text[len(first) :]
    if key is None:
        return None
    if (other := doubted(remark, frozenset({key}), options)) is not None:
        return Reading(None, "hedge", f"It says {key}, and that {other} is possible.")
    return Reading(frozenset({key}), "option_text")


def _trailing(text: str, options: Options, form: Patterns) -> Reading | None:
    """`Paris (B)`, `Paris, option B`."""
    match = form.trailing.fullmatch(text)
    if match is None or _REFUSES.search(match["text"]):
        return None
    key = next(group for group in match.groups()[1:] if group)
    other = _of_text(match["text"], options)
    if other is not None and other != key:
        return Reading(None, "hedge", f"It names {key} with the text of {other}.")
    return Reading(frozenset({key}), "letter")


def _of_text(text: str, options: Options) -> str | None:
    """The option whose text `text` is, if it is the text of one only."""
    if not options.texts:
        return None
    said = normalise(text)
    found = [key for key, known in options.texts.items() if known and known == said]
    return found[0] if len(found) == 1 else None


def _join(named: frozenset[str]) -> str:
    return " and ".join(sorted(named))
