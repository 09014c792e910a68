r"""Which options a short answer names: `B`, `(B) Paris`, `\text{B}`, `A and C`, `B、D`, an option's text, "none".

An answer names options or it does not: "B or C", "A, but could be D" and "B. Rome" where Rome is option A name
none. The article "A", the pronoun "I" and the variable in `E = mc^2` are no options: a letter counts only where
nothing else could stand.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from verifiers.choice.options import Options
from verifiers.choice.patterns import MATHS, OPEN, Patterns, patterns
from verifiers.choice.remarks import LONGEST, corrected, doubted

Layer = Literal["letter", "option_text", "none_or_all", "hedge"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The options an answer names (`named` empty: "none of these"), or None and what speaks against it."""

    named: frozenset[str] | None
    layer: Layer
    reason: str = ""


_AND = (
    r"\s*(?:,\s*and\b|and\b|plus\b|(?:combined|together|along)\s+with\b|as\s+well\s+as\b"
    r"|(?:,\s*)?(?:and\s+)?(?:then|with(?=\s[(\[]?(?-i:[A-Z])[)\]]?(?:[.!]|$))|followed\s+by)\b(?=\s*[(\[]?(?-i:[A-Z])\b)"
    r"|[,;&+、，；\n]+\s*(?:and\b)?|以及|[和与及跟]|(?=[(\[]))\s*"
)
_OR = r"\s*,?\s*(?:and\s*/\s*or\b|or\b|/|\||或者?|还是)\s*"
_ASIDE = r"(?:\s*\([^()\n]{2,100}\))?"  # the text of an option in a list: A (Rome) and C (Oslo)
_SEPARATOR = re.compile(rf"{_ASIDE}(?:(?P<either>{_OR})|{_AND}|\s+(?={OPEN}?(?-i:[A-Z])\b))", re.IGNORECASE)
_EITHER = re.compile(r"(?:either|one of|between|any of)\b|要么|不是", re.IGNORECASE)
_TOGETHER = re.compile(r"\s*([A-Z]{2,10})(?![A-Za-z0-9'’]|-\w)")

# After the letters: nothing, a mark that opens a text or a remark, or a word that no noun phrase goes on with.
_END = re.compile(
    r"\s*$|\s*[.)\]:,;、，。；：!?！？(（【[–—…=>-]"
    r"|\s+(?:is|are|was|were|because|since|as|given|due|for|with|but|though|although|not|rather|instead|over|"
    r"which|where|here|based|by|would|seems|must|should|and|or|per|from|only|alone|porque|weil|perché|poiché|parce)\b"
    r"|\s*(?:是|为|都|均|皆|正确|对|因|由|符合|项|选项|最|才|更|的|或|和|吧|。|解析|理由|分析|说明|[\u3041-\u30ff\uac00-\ud7a3])"
    r"|\s+(?:है|হল|هو|هي|ist|est|est-ce|es|è)(?!\w)",
    re.IGNORECASE,
)
_JOINTLY = re.compile(
    r"\s+(?:together|combined|both|jointly|alike|simultaneously|equally|in|on|at|to|satisfy|fit|work|hold|match|apply"
    r"|agree|represent)\b",
    re.IGNORECASE,
)
"""Behind a list of letters, no noun phrase: `A and C together`."""
_FORMULA = re.compile(MATHS)
_TEXT_FOLLOWS = re.compile(r"\s+[A-Z0-9$\"“\\]")
_PREDICATE = re.compile(
    r"\s*(?:(?P<several>are|were|have|do|都|均)|is|was|has|does|would|could|can|cannot|may|might|will|fails?|seems?"
    r"|looks?|gives?|violates?|contradicts?|ignores?)(?:\b|(?<=[都均]))",
    re.IGNORECASE,
)
_APPROVED = re.compile(
    r"\s*(?:(?:is|are|was|were|would\s+be|must\s+be|has\s+to\s+be|seems?|都|均)\s*)"
    r"(?:(?:both|all|also|clearly|indeed|therefore|thus|the|my|our|obviously|definitely|most|likely|probably|only|more"
    r"|best)\s+){0,4}"
    r"(?:correct|right|true|valid|best|better|appropriate|accurate|suitable|consistent|answers?|options?|choices?"
    r"|solutions?|ones?|likely|what|supported|given|chosen|selected|正确|对|是)",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:not|or|but|except|neither|nor|without|unlike|than|anything|if|unless|let|check|consider|test|try|look"
    r"|compare)\b|n't\b|[不非或没除]",
    re.I,
)
_NOT_THIS_BUT = re.compile(
    r"(?:n['’o]t|neither)\b[^.;\n]{1,80}?\b(?:but|rather)\b(?:\s+(?:rather|instead|it(?:'s|\s+is))\b)?\s+"
    r"|(?:n['’o]t|neither)\b[^.;\n]{1,60}?[.;,]\s*(?:it|the\s+(?:correct\s+|right\s+)?answer)(?:'s|\s+is)\s+"
    r"|不是[^。；\n]{1,60}?(?:[，,]?\s*而是|[，,]\s*(?:应该是|应是|是))\s*",
    re.IGNORECASE,
)
_NOT_GIVEN = re.compile(r"n\s*/\s*a\.?", re.IGNORECASE)
_WHOLE_LIST = re.compile(
    r"(?:\s*[,、，]\s*(?:and\s+)?[^\W\d_]{1,30}(?:\s[^\W\d_]{1,30})?){2,12}[.。]?", re.IGNORECASE
)

_LATEX = re.compile(
    r"\\(?:text|textbf|textit|textrm|textsf|mathrm|mathbf|mathit|mathsf|mathbb|mathcal|boldsymbol|mbox|boxed|fbox|"
    r"underline|emph|operatorname|left|right|bigl?|bigr?)\b\s?(?=[{(\[)\]])"
)
_LATEX_SPACE = re.compile(r"\\[,;:! ]|\\q?quad\b|~")
_MARKUP = re.compile(
    r"<[/|][^<>\n]{0,30}>|<[a-z][a-z_]{1,20} ?/?>|\\[()\[\]{}]|\\(?=\.)|[{}$*`#]|(?<!\w)_+|_+(?!\w)"
)

_FOREIGN_LEAD = (
    r"(?:la|le|l['’]|el|lo|il|die|der|das|a|o|de|het|en|ett)?\s*"
    r"(?:opción|opcion|opção|opcao|opzione|option|lettre|letra|lettera|alternativa|réponse|reponse|respuesta|resposta"
    r"|risposta|antwort|buchstabe|möglichkeit|вариант|ответ|буква|выбор)\b\s*[:：]?\s*"
    r"|(?-i:(?:la|le|el|il|lo|die|a|o)\ (?=[A-Z]\b(?!\ [a-z])))|c['’]est\s+|das\s+ist\s+|это\s+"
    r"|(?:donc|daher|somit|folglich|entonces|quindi|portanto)\s+"
)
_LEAD = re.compile(
    rf"""(?:so|thus|therefore|hence|then|ok(?:ay)?|well|finally|overall|now|in\ (?:conclusion|summary|short)
      |to\ conclude|as\ a\ result|after\ all)\b[,:]?\s+
    |(?:i|we)(?:'d|'m|'ll|\ would|\ will|\ am|\ can|\ have\ to|\ must|\ should)?\ (?:think|believe|guess|say|feel
      |suppose|conclude|choose|pick|select|go\ with|(?:fairly\ |pretty\ |quite\ |very\ )?(?:sure|confident|certain))
      \b[,:]?(?:\ that\b)?[,:]?\s+
    |(?:it|this|that)(?:'s|\ is|\ must\ be|\ should\ be|\ has\ to\ be|\ would\ be)\b[,:]?\s+
    |(?:most\ likely|likely|probably|definitely|clearly|certainly|obviously|indeed|just|simply|only|surely
      |both|actually|rather)\b[,:]?\s+
    |(?:an?\s+|the\s+)?(?:combination|mix(?:ture)?|union|sum)\s+of\s+
    |(?:(?:the|my|our|your|this|that)\s+)?
      (?:(?:only|single|one|correct|right|best|final|true|proper|accurate|appropriate|intended|suitable|most|first
      |second|third|fourth|fifth|last)\s+)*
      (?:answer|option|choice|statement|letter|selection|response|alternative|guess|pick)s?
      (?:\s+(?:choice|option|letter|number)s?)?\s*
      (?:(?:is|are|was|were|would\ be|should\ be|must\ be|will\ be)\b(?:\s+(?:therefore|thus|hence|then|clearly)\b)?
      |[:：=,-]|(?=[A-Z(\[]))\s*[:：]?\s*
    |{_FOREIGN_LEAD}
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


def read(answer: str, options: Options) -> Reading | None:
    """What `answer` names; None where it is not the name of an option."""
    raw = answer.strip()[:LONGEST]
    plain = _plain(raw)
    if _NOT_GIVEN.fullmatch(plain):
        return None
    form = patterns(options.keys)
    alone = form.item.fullmatch(plain.rstrip(".。!:， "))
    if (alone is None or alone[1] not in options.keys) and (key := options.key_of(raw)) is not None:
        return Reading(frozenset({key}), "option_text")
    rest = _without_brackets(_without_lead(plain))
    if instead := _NOT_THIS_BUT.match(rest):
        rest = rest[instead.end() :]
    if _EITHER.match(rest) and len(form.key.findall(rest)) > 1:
        return Reading(None, "hedge", "It names several options to choose from.")
    for read_as in (_none_or_all, _labelled, _letters, _small_letters, _text, _trailing):
        if (reading := read_as(rest, options, form)) is not None:
            return reading
    return None


def with_remark(reading: Reading, remark: str, options: Options) -> Reading:
    """`reading` after what is said behind it: corrected ("Wait, it is A"), doubted ("It could be C") or as it was."""
    if reading.named is None:
        return reading
    named = reading.named
    if (correction := corrected(remark, options)) is not None:
        instead, remark = correction
        if instead is None:
            return Reading(None, "hedge", f"It names {joined(named)}, and takes that back.")
        reading, named = Reading(instead, "letter"), instead
    if (key := doubted(remark, named, options)) is not None:
        return Reading(None, "hedge", f"It says {joined(named)}, and that {key} is possible.")
    return reading


def joined(named: frozenset[str]) -> str:
    """The keys in words: `A and C`; `no option` where none is right."""
    return " and ".join(sorted(named)) if named else "no option"


def _plain(answer: str) -> str:
    """`answer` without LaTeX and Markdown, full-width letters as ordinary ones, spaces kept single."""
    text = re.sub(r"<([A-Z]{1,4})>", r"(\1)", unicodedata.normalize("NFKC", answer))
    text = re.sub(r"(?<=\b[A-Z])['’][dt][iıuü]r\b", "", text)  # Turkish: "B'dir" is "it is B"
    text = _MARKUP.sub("", _LATEX_SPACE.sub(" ", _LATEX.sub("", text)))
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r" ?\n ?", "\n", re.sub(r"\n\s*\n", "\n\n", text)).strip()


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
        if own := [key for key, known in options.texts.items() if phrase.fullmatch(known.strip(" .。!"))]:
            return Reading(frozenset(own[:1]), "option_text")
        if phrase is _NONE:
            return Reading(frozenset(), "none_or_all")
        return Reading(frozenset(options.texts), "none_or_all") if options.texts else None
    return None


def _labelled(text: str, options: Options, form: Patterns) -> Reading | None:
    """A key with the whole text of its option, which may hold keys itself: `(D) A and C`, `A. B`."""
    match = form.item.match(text)
    if match is None or match[1] not in options.texts:
        return None
    behind = text[match.end() :].strip(" .):：,，-–—=")
    for said in (behind, re.split(r"[\n;；]|[.。!](?=\s|$)", behind, maxsplit=1)[0]):
        if said and options.is_text_of(match[1], said):
            remark = behind[len(said) :]
            return None if form.label.match(remark.lstrip(".")) else _finished(match[1], remark, options)
    return None


def _finished(key: str, remark: str, options: Options) -> Reading:
    return with_remark(Reading(frozenset({key}), "letter"), remark, options)


def _letters(text: str, options: Options, form: Patterns) -> Reading | None:
    """Keys at the start of `text`, with what follows them."""
    keys, either, end = _listed(text, options, form)
    if not keys:
        return None
    predicate = _PREDICATE.match(text, end)
    if predicate and not _APPROVED.match(text, end):  # "B; A and C are wrong"
        cuts = ";；\n" if predicate["several"] else ",，;；\n"
        place = max(text.rfind(mark, 0, end) for mark in cuts)
        return _letters(text[:place], options, form) if place > 0 else None
    if either:
        return Reading(None, "hedge", f"It says {' or '.join(keys)}.")
    named = frozenset(key if key in options.keys else options.key_of(key) or key for key in keys)
    return _with_text(named, text, end, options, form)


def _listed(text: str, options: Options, form: Patterns) -> tuple[list[str], bool, int]:
    """The keys that `text` starts with, whether an "or" joins them, and where they end."""
    keys: list[str] = []
    either, maybe, start, end = False, False, 0, 0
    while True:
        together = _together(text, start, options)
        match = form.item.match(text, start)
        stop = together or (match.end() if match else 0)
        if not stop or (not _closed(text, stop) and _FORMULA.match(text, stop) and not maybe):
            break  # the end, or a variable: "B, V = 5 L"
        if (
            not maybe
            and not _closed(text, stop)
            and not _may_end(text, stop, match[1] if match else "", options)
            and not _SEPARATOR.match(text, stop)
            and not (keys and _JOINTLY.match(text, stop))
        ):
            break
        keys += list(text[start:stop].strip()) if together else [match[1]] if match else []
        either, end = either or maybe, stop
        separator = _SEPARATOR.match(text, stop)
        # Behind a label that is closed, a letter opens its text: "(D) A and C".
        if separator is None or (
            _closed(text, stop) and not separator[0].strip() and text[separator.end()] not in "([<\"'"
        ):
            break
        maybe, start = separator["either"] is not None, separator.end()
    ends = not keys or either or _closed(text, end) or _may_end(text, end, keys[-1], options)
    if not ends and not (len(keys) > 1 and _JOINTLY.match(text, end)):
        return [], False, 0
    return keys, either, end


def _together(text: str, start: int, options: Options) -> int:
    """The end of several letters written as one word, such as `ACD`; 0 if no such word begins here."""
    match = _TOGETHER.match(text, start)
    if match is None or len(set(match[1])) < len(match[1]) or not set(match[1]) <= set(options.keys):
        return 0
    return match.end()


def _closed(text: str, end: int) -> bool:
    """Whether a bracket, quote or 项 ends the name: no words follow that could make it one of theirs."""
    return not (text[end - 1].isascii() and text[end - 1].isalnum())


def _may_end(text: str, end: int, key: str, options: Options) -> bool:
    """Whether a name can end here: "B.", "B because", "B Paris", but not "A dog", "I think" or "A->B"."""
    if _FORMULA.match(text, end):
        return False
    if _END.match(text, end):
        return True
    if key not in ("A", "I") and _TEXT_FOLLOWS.match(text, end):
        return True
    return options.is_text_of(key, text[end:])


def _with_text(named: frozenset[str], text: str, end: int, options: Options, form: Patterns) -> Reading:
    """The reading of `named`, which ends at `end`, with what follows: a text, further options, a doubt."""
    said = text[end:].lstrip(" .):：,，、-–—(（")
    first = re.split(r"(?<=\w)[.。!\n;；](?=\s|$)|\)$", said, maxsplit=1)[0]
    if any(options.is_text_of(key, whole) for key in named for whole in (said, first)):
        said = said[len(first) :]
    elif (other := options.key_of(said) or options.key_of(first)) is not None and other not in named:
        return Reading(None, "hedge", f"It names {joined(named)} with the text of {other}.")
    elif (
        (single := form.item.fullmatch(said.strip(" .。)!")))
        and single[1] not in named
        and (options.texts or not _closed(text, end))
    ):
        return Reading(None, "hedge", f"It says {joined(named)} and {single[1]}.")
    for match in form.label.finditer(said, 0, _explained(said)):
        named |= {match[1] or match[2]}
    return with_remark(Reading(named, "letter"), said, options)


_EXPLAINS = re.compile(
    r"\n\n|\b(?:because|since|as|due|given|for|where|which|so|while|whereas|reason|explanation)\b|因为|由于|理由|解析"
)


def _explained(text: str) -> int:
    """Where an explanation begins: its labels are no options that are named."""
    match = _EXPLAINS.search(text)
    return match.start() if match else len(text)


def _small_letters(text: str, options: Options, form: Patterns) -> Reading | None:
    match = form.small.match(text)
    if match is None:
        return None
    return _letters(match[0].upper().rstrip() + " " + text[match.end() :], options, form)


def _text(text: str, options: Options, form: Patterns) -> Reading | None:
    """The text of an option, with at most a remark behind it."""
    key = options.key_of(text)
    remark = ""
    if key is None:
        first = re.split(
            r"(?<=[\w)}$%])[.。!，,;；](?=\s|$)|\s(?:because|since)\b|，|因为", text, maxsplit=1
        )[0]
        key, remark = options.key_of(first), text[len(first) :]
    if key is None:
        return None
    if _WHOLE_LIST.fullmatch(remark):
        return Reading(None, "hedge", f"It names the text of {key} in a list.")
    reading = with_remark(Reading(frozenset({key}), "option_text"), remark, options)
    others = re.split(r"\s*(?:[,;，；、&]|\band\b|[和与及])\s*", remark)
    more = {other for part in others if (other := options.key_of(part.strip(" .。"))) is not None}
    if more and reading.named is not None and key in reading.named:
        return Reading(reading.named | more, "option_text")
    return reading


def _trailing(text: str, options: Options, form: Patterns) -> Reading | None:
    """`Paris (B)`, `Paris, option B`."""
    match = form.trailing.fullmatch(text)
    if match is None or _REFUSES.search(match["text"]) or form.mention.search(match["text"]):
        return None
    key = next(group for group in match.groups()[1:] if group)
    other = options.key_of(match["text"])
    if other is not None and other != key:
        return Reading(None, "hedge", f"It names {key} with the text of {other}.")
    return Reading(frozenset({key}), "letter")
