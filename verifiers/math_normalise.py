r"""Bring the many ways to write one answer to one way, without touching what it means.

Characters that stand for LaTeX commands become those commands, spacing and sizing commands go, synonyms
become one. What is left is read by `verifiers.math_parse`.
"""

import re

from verifiers.math_words import FUNCTIONS

_CHARACTERS = {
    "−": "-", "–": "-", "—": "-", "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "∙": r"\cdot ",
    "÷": r"\div ", "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ",
    "±": r"\pm ", "∓": r"\mp ", "∞": r"\infty ", "π": r"\pi ", "√": r"\sqrt ", "∪": r"\cup ", "∩": r"\cap ",
    "∈": r"\in ", "∅": r"\emptyset ", "°": r"^\circ ", "º": r"^\circ ", "％": "%", "，": ",", "（": "(",
    "）": ")", "＝": "=", "｛": r"\{", "｝": r"\}", "；": ";", "：": ":", "＋": "+", "－": "-", "＜": "<",
    "＞": ">",
    "、": ",", "．": ".", "ℝ": r"\mathbb{R}", "θ": r"\theta ", "α": r"\alpha ", "β": r"\beta ",
    "λ": r"\lambda ", "⟨": "(", "⟩": ")", "½": r"\frac{1}{2}", "⅓": r"\frac{1}{3}", "⅔": r"\frac{2}{3}",
    "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "⅕": r"\frac{1}{5}", "⅙": r"\frac{1}{6}", "⅛": r"\frac{1}{8}",
    "⅜": r"\frac{3}{8}", "⅝": r"\frac{5}{8}", "⅞": r"\frac{7}{8}", "€": r"\euro ", "£": r"\pounds ",
    "¥": r"\yen ", "′": "'", "∶": ":", "⁄": "/", "∕": "/",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_SUPERSCRIPT_RUN = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]{1,50}")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUBSCRIPT_RUN = re.compile(r"[₀₁₂₃₄₅₆₇₈₉]{1,50}")
_TRANSLATION = str.maketrans(_CHARACTERS | {chr(0xFF10 + digit): str(digit) for digit in range(10)})

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_SPACING = re.compile(
    r"\\(?:[,;:!> ]|quad|qquad|displaystyle|textstyle|left|right|middle|limits|[bB]igg?[lrm]?|thinspace"
    r"|hspace\{[^{}]*\}|phantom\{[^{}]*\}|hfill|newline|boldmath)(?![a-zA-Z])(?:(?<=left)\.|(?<=right)\.)?|~|\$|\\[()]|\\\[|\\\](?![a-zA-Z])"
)
_SYNONYMS = {
    "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom", "leq": "le",
    "geq": "ge", "leqslant": "le", "geqslant": "ge", "lt": "<", "gt": ">", "neq": "ne",
    "varnothing": "emptyset", "empty": "emptyset", "lbrace": "{", "rbrace": "}", "lbrack": "[",
    "rbrack": "]", "langle": "(", "rangle": ")", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "ast": "cdot", "star": "cdot", "degree": "circ", "colon": ":", "land": "and", "lor": "or",
    "varphi": "phi", "vartheta": "theta", "varepsilon": "epsilon", "arctg": "arctan", "tg": "tan",
    "simeq": "approx", "doteq": "approx", "cong": "approx", "lbr": "[", "infin": "infty", "mbox": "text",
    "textrm": "text", "textbf": "text", "textit": "text", "textnormal": "text", "textsf": "text",
    "hbox": "text", "bf": "", "rm": "", "it": "", "euro": "euro",
}  # fmt: skip
_SYMBOLIC = set("<>|:()[]")
_COMMAND = re.compile(r"\\([a-zA-Z]+)")
_FONT = re.compile(
    r"\\(?:mathrm|mathbf|mathit|mathsf|mathcal|boldsymbol|bm|operatorname\*?|vec|overline|overrightarrow|hat|bar|ensuremath)\s*(?=\{)"
)
_ROMAN = re.compile(r"\\(?:mathrm|operatorname\*?) ?\{ ?([A-Za-z]{2,30}|[mgsLhNJWV]) ?\}")
_REPEATING = re.compile(r"(\d{0,50})\.(\d{0,50})\\(?:overline|dot|bar) ?\{(\d{1,50})\}")
_CHOOSE = re.compile(r"\{([^{}]{1,50})\\choose\b([^{}]{1,50})\}")
_DECORATION = re.compile(r"\bm ?\\angle\b|\\(?:angle|triangle)\b")
_LEADING = re.compile(r"(?:=|\\approx\b) *")
_THOUSANDS_BRACES = re.compile(r"(?<=\d)\{[,.]\}(?=\d)")
_THOUSANDS_SPACE = re.compile(r"(?<=\d)\\[,!;: ](?=\d{3}(?!\d))")
_BOX = re.compile(r"\\f?box(?:ed)?\s*\{(.*)\}", re.DOTALL)
_EDGE = " \t\n.,;:，。；*`"


def normalise(text: str) -> str:
    """`text` in the one way; empty where nothing is left."""
    text = _CONTROL.sub(" ", text)
    if not text.isascii():
        text = _SUPERSCRIPT_RUN.sub(lambda m: "^{" + m[0].translate(_SUPERSCRIPTS) + "}", text)
        text = _SUBSCRIPT_RUN.sub(lambda m: "_{" + m[0].translate(_SUBSCRIPTS) + "}", text)
        text = text.translate(_TRANSLATION)
    if "{" in text:
        text = _THOUSANDS_BRACES.sub(lambda m: m[0][1], text)
    if "\\" in text or "$" in text or "~" in text:
        text = _normalise_latex(text)
    text = " ".join(text.split())
    return _trim(text)


def _normalise_latex(text: str) -> str:
    text = text.replace("\\$", "\\dollar ").replace("\\%", "%").replace("\\#", "#").replace("\\&", "&")
    text = text.replace("\\\\", "\\cr ")
    text = _THOUSANDS_SPACE.sub(",", text).replace(",\\!", ",")
    text = _SPACING.sub(" ", text)
    text = _COMMAND.sub(_synonym, text)
    text = _REPEATING.sub(_repeating, text)
    text = _CHOOSE.sub(r"\\binom{\1}{\2}", text)
    text = _DECORATION.sub("", text)
    text = _FONT.sub("", _ROMAN.sub(_roman, text))
    if (match := _BOX.fullmatch(text.strip())) is not None:
        return match[1]
    return text


def _roman(match: re.Match[str]) -> str:
    """Letters set upright: a function's name as it is, a unit or a word as text."""
    return match[1] if match[1] in FUNCTIONS else rf"\text{{{match[1]}}}"


def _synonym(match: re.Match[str]) -> str:
    name = _SYNONYMS.get(match[1], match[1])
    if name in _SYMBOLIC or not name:
        return name + " "
    return "\\" + name


def _repeating(match: re.Match[str]) -> str:
    """`1.2\\overline{34}` as a fraction."""
    whole, once, again = match[1], match[2], match[3]
    above = int(whole + once + again) - int((whole + once) or "0")
    return rf"(\frac{{{above}}}{{{10 ** len(once) * (10 ** len(again) - 1)}}})"


def _trim(text: str) -> str:
    """`text` without a sentence's punctuation and Markdown at its edges; `.5`, `5!` and `3.14...` stay."""
    end = text.rstrip(_EDGE)
    if text[len(end) :].startswith(".."):
        end = text
    if (leading := _LEADING.match(end)) is not None:
        end = end[leading.end() :]
    start = end.lstrip(" \t\n,;:，。；*`")
    return start.removeprefix(". ")
