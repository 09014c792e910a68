r"""Bring the many ways to write one answer to one way, without touching what it means.

Characters that stand for LaTeX commands become those commands, spacing and sizing commands go, synonyms
become one. What is left is read by `verifiers.math.parse`.
"""

import re
import unicodedata

from verifiers.math.conditions import with_conditions
from verifiers.math.units import in_letters
from verifiers.math.words import CHARACTERS, FUNCTIONS, SYNONYMS

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_SUPERSCRIPT_RUN = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]{1,50}")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUBSCRIPT_RUN = re.compile(r"[₀₁₂₃₄₅₆₇₈₉]{1,50}")
_TRANSLATION = str.maketrans(CHARACTERS | {chr(0xFF10 + digit): str(digit) for digit in range(10)})

_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a]")
_HUNDREDTHS = re.compile(r"百分之(\d{1,20}(?:\.\d{1,20})?)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_SPACING = re.compile(
    r"\\q?quad(?=[a-z])"
    r"|\\[,;:!> ]|\\(?:quad|qquad|displaystyle|textstyle|scriptsize|footnotesize|tiny|small|normalsize|[lL]arge|LARGE"
    r"|[hH]uge|m?left|m?right|middle|limits|[bB]igg?[lrm]?|thinspace"
    r"|hspace\{[^{}]*\}|phantom\{[^{}]*\}|hfill|newline|boldmath)(?![a-zA-Z])(?:(?<=left)\.|(?<=right)\.)?"
    r"|~|\$|\\[()]|\\\[|\\\](?![a-zA-Z])"
)
_SYMBOLIC = set("<>|:()[]'")
_COMMAND = re.compile(r"\\([a-zA-Z]+)")
_FONT = re.compile(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathcal|boldsymbol|bm|operatorname\*?|vec|overline|overrightarrow|hat|bar|ensuremath"
    r"|underline)\s*(?=\{)|\\(?:text)?color ?\{[^{}]{0,40}\}"
)
_ROMAN = re.compile(
    r"\\(?:mathrm|operatorname\*?) ?\{ ?([A-Za-z]{2,30}|[mgsLhNJWV]|[A-Za-z]{1,3}(?: ?/ ?[A-Za-z]{1,3})) ?\}"
)
_UPRIGHT = FUNCTIONS | {"log", "lg"}
_ALSO_UNITS = frozenset(("min", "sec"))
_OPERATOR = re.compile(r"\\mathop ?\{ ?(\\[a-z]{2,12}(?: ?\{ ?[a-zA-Z]{2,12} ?\})?) ?\}")
_FUNCTION_IN_TEXT = re.compile(
    r"\\text ?\{ ?((?:arc)?(?:sin|cos|tan)|sinh|cosh|tanh|cot|csc|cis|ln|log|lg) ?\} ?(?=[\\({A-Za-z0-9^_])"
)
_ASIDE = re.compile(r"\\tag\*? ?\{[^{}]{0,40}\}")
_MARK_IN_TEXT = re.compile(r"\\text ?\{ ?([.,;。，；]?) ?\}")
_LETTER_IN_TEXT = re.compile(r"\\text ?\{ ?(\([A-Ja-j]\)) ?([^{}]+)\}")
_JOINED_IN_TEXT = re.compile(r"\\text ?\{,? ?(or|and) ?\}")
_EDGE_OF_TABLE = re.compile(r"^(?:\s|&|\\cr(?![a-zA-Z]))++|(?<![\s&])(?<!\\cr)(?:\s|&|\\cr(?![a-zA-Z]))++$")
_EMPTY_ROWS = re.compile(r"\\cr\s+(?:\\cr\s+)+")
_REPEATING = re.compile(r"(\d{0,50}\.\d{0,50})\\(?:overline|dot|bar) ?(?:\{ ?(\d{1,50}) ?\}|(\d))")
_DOTTED = re.compile(r"\\dot ?\{?(\d)\}?(\d{0,50})\\dot ?\{?(\d)\}?")
_BRACKETED = re.compile(r"(\d{1,50}\.)\((\d{1,50})\)(?![\d^])")
_LETTER = re.compile("[A-Za-z]")
_CONDITIONED = re.compile(
    r"\\in|\\forall|nteger|natural|all|any|every|each|constant|(?:\)|整数|自然数)(?=[ .]{0,9}$)"
)
_TIMES_TEN = re.compile(r"(?<=\d) ?[xX] ?(?=10 ?(?:\^|\*\*))|(?<=\d) [xX] (?=\d)")
_UNION = re.compile(r"(?<=[)\]}]) ?U ?(?=[(\[{\\])")
_MONEY = re.compile(r"(?<![\\$])\$(?= ?\d)|(?<=\d)\$$|(?<=\d) \$$")
_BASE = re.compile(
    r"(?<=[\dA-F])(?:,? ?\(base ?(\d{1,2})\)| base ?(\d{1,2})| in base ?(\d{1,2})|_ ?\{? ?(?:\\text ?\{)?"
    r"(two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen)\}?\}?)(?!\w)"
)
_BASES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
          "twelve": 12, "sixteen": 16}  # fmt: skip
_SAID_TO_BE = re.compile(r"(?<![A-Za-z\\])([A-Za-z]) (?:is(?: equal to)?|equals) (?=[-+]?[\d\\.(])")
_ORDINAL = re.compile(
    r"(?P<rank>\d{1,2}|(?<![A-Za-z\\])[nkm])(?: ?\^)? ?\{? ?(?:\\text(?:superscript)? ?|<sup>)?\{? ?-?"
    r"(?P<mark>st|nd|rd|th) ?(?:</sup>|\}){0,2}(?![A-Za-z\d])"
)
_MARKS_OF_RANKS = {"1": "st", "2": "nd", "3": "rd"}
_DOTS = re.compile(r"(?:^|(?<=[-,;+*=<{(\[])) ?(?:\.{3}|…)(?!\.)")
_CHOSEN = re.compile(r"(?<![\w.\\])(\d{1,4}|[nm]) ?C ?(\d{1,4}|[nmrk])(?![\w.(^])")
_ARRANGED = re.compile(r"(?<![\w.\\])(\d{1,4}|[nm])P(\d{1,4}|[nmrk])(?![\w.(^])")
_CHOOSER = r"(\d{1,4}|[A-Za-z]|\([^()]{1,30}\))"
_CHOICE = re.compile(
    rf"(?<![\w\\]){_CHOOSER} ?(?:\\text ?\{{ ?choose ?\}}|(?<!\\)\bchoose\b) ?{_CHOOSER}(?!\w)"
)
_BASE_OF_LOG = re.compile(
    r"(?<![A-Za-z\\])log(?: base )?(?P<any>\d{1,4}|[a-z](?= of))(?:(?=\()| of (?=\S)| (?=[a-z\\\d]))"
    r"|(?<=\\log)(?P<usual>2|10)(?=\()"
)
_OUTWARD = re.compile(r"([\[\]])([^\[\]()]{1,100}[,;][^\[\]()]{1,100})([\[\]])")
_ESCAPED_TWICE = re.compile(r"\\\\(?=[a-zA-Z]{2})")
_UNESCAPED = re.compile(r"([\x08\x0b\x0c])(?=[a-z]{2})")
_CHOOSE = re.compile(r"\{([^{}]{1,50})\\choose(?![a-zA-Z])([^{}]{1,50})\}")
_OVER = re.compile(r"\{([^{}]{1,50})\\over(?![a-zA-Z])([^{}]{1,50})\}|(\d{1,30}) ?\\over ?(\d{1,30})")
_SYSTEM = re.compile(
    r"\\left ?\\\{ ?\\begin ?\{array\} ?\{[lcr| ]{0,9}\}((?:(?!\\begin|\\end).){0,1500})\\end ?\{array\} ?\\right ?\.",
    re.DOTALL,
)
_ENDLESS = re.compile(r"(\d{1,50}\.\d{0,20}?)(\d{1,6}?)\2{2,20}(?:\.\.\.|…|\\dots\b)")
_VALUE = r"(?P<before>[\d})] ?(?:\\cdot ?|\\times ?)?)"
_UPRIGHT_UNITS = re.compile(
    rf"{_VALUE}(?P<font>\\(?:mathrm|text|operatorname) ?)?\{{ ?"
    r"(?P<units>(?:[A-Za-zÅ/*. ]|\^ ?\{ ?-? ?\d{1,2} ?\}|\^ ?\d|\\(?:mu|Omega|cdot)(?![A-Za-z])){1,60}?) ?\}"
)
_MICRO = re.compile(
    rf"{_VALUE}\\mu ?(?:\\(?:mathrm|text) ?\{{ ?(?P<upright>[A-Za-z]{{1,3}}) ?\}}"
    r"|(?P<letters>[msgLACFNVWJ]|mol|Pa)(?![A-Za-z]))"
    r"(?= ?(?:$|[,;)/^]|\\text))"
)
_UPRIGHT_DEGREES = re.compile(r"\\(?:mathrm|text) ?\{ ?(\^ ?(?:\\circ|\{ ?\\circ ?\}) ?[CF]?) ?\}")
_DEGREES_OF = re.compile(r"(\^ ?(?:\\circ|\{ ?\\circ ?\})) ?\\mathrm ?\{ ?([CF]) ?\}")
_OHMS = re.compile(rf"{_VALUE}(?P<prefix>[kMmG]?)\\Omega(?= ?(?:$|[,;)/^]|\\text))")
_UNIT_WORD = r"(?:\\(?:text|mathrm) ?\{[^{}]{1,12}\}(?: ?\^ ?(?:\{ ?\d ?\}|\d))?(?: |\\cdot ?)?)"
_UNIT_FRACTION = re.compile(
    rf"{_VALUE}\\frac ?\{{ ?({_UNIT_WORD}{{1,3}}) ?\}} ?\{{ ?({_UNIT_WORD}{{1,3}}) ?\}}"
)
_DECORATION = re.compile(r"\bm ?\\angle\b|\\(?:angle|triangle)\b")
_LEADING = re.compile(r"(?:=|\\approx\b|解得|分别[是为]?|(?P<minus>negative |minus )) *(?=\S)", re.IGNORECASE)
_FIRST_WORDS = r"(?:exactly|only|precisely|both|either|a total of)"
_KIND_OF_VALUE = (
    r"the (?:answer|number|value|point|interval|set|(?:ordered )?(?:pair|triple)|vector|range|solution|ratio"
    r"|fraction)s?"
)
_STARTS_A_VALUE = r"(?=[-\d(\[\\{])"
_BEFORE = re.compile(
    rf"(?:(?:\\text ?\{{ ?{_KIND_OF_VALUE} ?\}} ?|{_KIND_OF_VALUE} ){_STARTS_A_VALUE}|the (?=\d)"
    rf"|\\text ?\{{ ?{_FIRST_WORDS} ?\}} ?|{_FIRST_WORDS} )(?=\S)",
    re.IGNORECASE,
)
_LAST_WORDS = r"(?:only|in total|altogether|respectively)"
_BEHIND = re.compile(
    rf"(?<=\S)(?: ?, ?| )(?:\\text ?\{{ ?,? ?{_LAST_WORDS} ?\}}|{_LAST_WORDS}) ?$", re.IGNORECASE
)
_THOUSANDS_BRACES = re.compile(r"(?<=\d)\{[,.]\}(?=(?:\\! ?)?\d)")
_THOUSANDS_SPACE = re.compile(r"(?<=\d)\\[,!;: ](?=\d{3}(?!\d))")
_BOX = re.compile(r"\\f?box(?:ed)?\s*\{(.*)\}[ .,]*", re.DOTALL)
_FINALS = frozenset("ylrYLR")
_INITIALS = frozenset("\\eopbatEOPBAT")
_EDGE = " \t\n.,;:，。；*`\\"


def normalise(text: str) -> str:
    """`text` in the one way; empty where nothing is left."""
    if not text.isprintable():
        # JSON that was escaped once too seldom: the form feed of `\frac`, the backspace of `\binom`.
        text = _UNESCAPED.sub(lambda m: "\\" + {"\x08": "b", "\x0b": "v", "\x0c": "f"}[m[0]], text)
        text = _CONTROL.sub(" ", text)
    if not text.isascii():
        text = _normalise_unicode(text)
    if "{" in text:
        text = _THOUSANDS_BRACES.sub(lambda m: m[0][1], text)
    if "$" in text and text.count("$") - text.count("\\$") == 1:
        text = _MONEY.sub(r"\\dollar ", text)
    if "\\" in text or "$" in text or "~" in text:
        text = _normalise_latex(text)
    text = " ".join(text.split())
    if text.isdigit():
        return text
    text = _normalise_numbers(text)
    if _LETTER.search(text) is not None:
        text = _normalise_words(text)
    elif not text.rstrip(" .").endswith((")", "整数", "自然数")):
        return _trim(text)
    if _CONDITIONED.search(text) is not None:
        text = with_conditions(text)
    return _trim(text)


def _normalise_unicode(text: str) -> str:
    text = _SUPERSCRIPT_RUN.sub(lambda m: "^{" + m[0].translate(_SUPERSCRIPTS) + "}", text)
    text = _SUBSCRIPT_RUN.sub(lambda m: "_{" + m[0].translate(_SUBSCRIPTS) + "}", text)
    for word, sign in (("负", "-"), ("根号", r"\sqrt "), ("等于", "=")):
        text = text.replace(word, sign) if len(text) > len(word) + 1 or text[:-1] == word else text
    text = _HUNDREDTHS.sub(r"\1%", text)
    text = _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return text.translate(_TRANSLATION)


def _normalise_numbers(text: str) -> str:
    """`0.(3)`, `3.14...` and `]0, 9[` as LaTeX has them."""
    if "..." in text or "…" in text or "\\dots" in text:
        text = _DOTS.sub(r" \\dots ", _ENDLESS.sub(_repeating, text))
    if ".(" in text:
        text = _BRACKETED.sub(_repeating, text)
    if "+/-" in text:
        text = text.replace("+/-", "\\pm ")
    if "]" in text[:1] or text[-1:] == "[":
        text = _OUTWARD.sub(_inward, text) if _OUTWARD.fullmatch(text) else text
    if " & " in text and "\\" not in text:
        text = text.replace(" & ", " and ")
    if "_" in text:
        text = _BASE.sub(_base, text)
    return text


def _normalise_words(text: str) -> str:
    """`3 x 10^5`, `5 choose 2`, `9th` and `110 (base 2)` as LaTeX has them."""
    if "x" in text or "X" in text:
        text = _TIMES_TEN.sub(r"\\times ", text)
    if "U" in text:
        text = _UNION.sub(r" \\cup ", text)
    if "per cent" in text:
        text = text.replace("per cent", "percent")
    if "th" in text or "st" in text or "nd" in text or "rd" in text:
        text = _ORDINAL.sub(_rank, text)
    if " is " in text or " equals " in text:
        text = _SAID_TO_BE.sub(r"\1 = ", text)
    if "C" in text:
        text = _CHOSEN.sub(r"\\binom{\1}{\2}", text)
    if "P" in text:
        text = _ARRANGED.sub(r"P(\1, \2)", text)
    if "choose" in text:
        text = _CHOICE.sub(r"\\binom{\1}{\2}", text)
    if "log" in text:
        text = _BASE_OF_LOG.sub(_base_of_log, text)
    if "base" in text:
        text = _BASE.sub(_base, text)
    return text


def _base_of_log(match: re.Match[str]) -> str:
    r"""`log2(8)` and `log base 2 of 8` as `\log_{2} 8`."""
    return rf"_{{{match['usual']}}}" if match["usual"] else rf"\log_{{{match['any']}}} "


def _rank(match: re.Match[str]) -> str:
    r"""`9^{\text{th}}` as 9, where the letters belong to the number: `2^{th}` is a power."""
    rank = match["rank"]
    mark = "th" if len(rank) == 2 and rank[0] == "1" else _MARKS_OF_RANKS.get(rank[-1], "th")
    unclosed = match[0].count("{") - match[0].count("}")
    return rank + "}" * -unclosed if mark == match["mark"] and unclosed <= 0 else match[0]


def _inward(match: re.Match[str]) -> str:
    """`]0, 9[` as `(0, 9)`."""
    return f"{match[1].replace(']', '(')}{match[2]}{match[3].replace('[', ')')}"


def _base(match: re.Match[str]) -> str:
    name = next(group for group in match.groups() if group)
    return f"_{{{_BASES.get(name, name)}}}"


def _normalise_latex(text: str) -> str:
    if "\\\\" in text and ("\\\\begin" in text or "\\begin" not in text):
        # Outside of rows nothing but JSON, escaped once too often, has two backslashes before a word.
        text = text.replace("\\\\\\\\", "\\\\") if "\\\\begin" in text else text
        text = _ESCAPED_TWICE.sub(r"\\", text)
    text = _SYSTEM.sub(r"\\begin{cases}\1\\end{cases}", text) if "array" in text else text
    text = text.replace("\\$", "\\dollar ").replace("\\%", "%").replace("\\#", "#").replace("\\&", "&")
    text = text.replace("\\\\", "\\cr ")
    if "\\cr" in text or "&" in text:
        text = _EMPTY_ROWS.sub(r"\\cr ", _EDGE_OF_TABLE.sub("", text))
    text = _THOUSANDS_SPACE.sub(",", text).replace(",\\! ", ",").replace(",\\!", ",")
    text = _SPACING.sub(" ", text)
    upright = "\\rm" in text or "\\mathrm" in text or "\\text" in text or "\\operatorname" in text
    text = _COMMAND.sub(_synonym, text)
    if "\\dot" in text or "\\overline" in text or "\\bar" in text:
        text = _REPEATING.sub(_repeating, _DOTTED.sub(r"\\overline{\1\2\3}", text))
    if "\\choose" in text or "\\over" in text:
        text = _CHOOSE.sub(r"\\binom{\1}{\2}", text)
        text = _OVER.sub(lambda m: rf"\frac{{{m[1] or m[3]}}}{{{m[2] or m[4]}}}", text)
    if "circ" in text:
        text = _DEGREES_OF.sub(r"\1 \2", _UPRIGHT_DEGREES.sub(r"\1", text))
    if "angle" in text:
        text = _DECORATION.sub("", text)
    if "'" in text:
        text = text.replace("^{ ' }", "'").replace("^{' }", "'").replace("^' ", "'")
    if upright:
        text = _UNIT_FRACTION.sub(_divided_units, _UPRIGHT_UNITS.sub(_units, text))
    if "\\mu" in text or "\\Omega" in text:
        text = _MICRO.sub(lambda m: rf"{m['before']} \text{{μ{m['upright'] or m['letters']}}}", text)
        text = _OHMS.sub(lambda m: rf"{m['before']} \text{{{m['prefix']}Ω}}", text)
    if "\\mathrm" in text or "\\operatorname" in text:
        text = _ROMAN.sub(_roman, _OPERATOR.sub(r"\1 ", text))
    if "\\text" in text or "\\tag" in text:
        text = _MARK_IN_TEXT.sub(r"\1 ", _ASIDE.sub("", text))
        text = _LETTER_IN_TEXT.sub(r"\\text{\1} \2", text)
        text = _JOINED_IN_TEXT.sub(r" \1 ", text)
        text = _FUNCTION_IN_TEXT.sub(r"\\\1 ", text)
    text = _FONT.sub("", text.replace("\\vec ", " "))
    if (match := _BOX.fullmatch(text.strip())) is not None:
        return match[1]
    return text


def _units(match: re.Match[str]) -> str:
    """Units set upright, or in braces behind a value, each as text."""
    units = in_letters(match["units"])
    if units is None or (not match["font"] and units.count("\\text") < 2):
        return match[0]
    return f"{match['before']} {units}"


def _divided_units(match: re.Match[str]) -> str:
    return f"{match['before']} {match[2]}/({match[3]})"


def _roman(match: re.Match[str]) -> str:
    """Letters set upright: a function's name as it is, a unit or a word as text."""
    name = SYNONYMS.get(match[1], match[1])
    if name in _UPRIGHT:
        return name if name in _ALSO_UNITS else f"\\{name} "
    return rf"\text{{{match[1]}}}"


def _synonym(match: re.Match[str]) -> str:
    name = SYNONYMS.get(match[1], match[1])
    if name in _SYMBOLIC or not name:
        return name + " "
    return "\\" + name


def _repeating(match: re.Match[str]) -> str:
    r"""`1.2\overline{34}` and `0.(3)` as the tokens have it."""
    return rf"{match[1]}\repeat{{{next(group for group in match.groups()[1:] if group)}}}"


def _trim(text: str) -> str:
    """`text` without a sentence's punctuation and Markdown at its edges; `.5`, `5!` and `3.14...` stay."""
    end = text.rstrip(_EDGE)
    if ".." in text[len(end) :]:
        end = text
    if (leading := _LEADING.match(end)) is not None:
        end = ("-" if leading["minus"] else "") + end[leading.end() :]
    start = end.lstrip(" \t\n,;:，。；*`").removeprefix(". ")
    if start[:1] in _INITIALS and (words := _BEFORE.match(start)) is not None:
        start = start[words.end() :]
    if (start[-1:] in _FINALS or "\\text" in start) and (words := _BEHIND.search(start)) is not None:
        start = start[: words.start()]
    return start
