r"""A question's options, and which of them a text is: as written, normalised, or with its formulas in one form."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from verifiers.identity import clip
from verifiers.text import normalise

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNKNOWN = 10
"""Letters that count where the options are not given: A to J, as in MMLU-Pro."""

_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]{1,20}")
_TEXT = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname)\s?\{([^{}]{0,300})\}"
)
_LAYOUT = re.compile(
    r"\\(?:displaystyle|textstyle|scriptstyle|limits|left|right|[bB]igg?[lr]?|q?quad)(?![A-Za-z])"
    r"|\\[,;:! ]|\\[()\[\]]|[$~]"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_COMMANDS = {
    "dfrac": "\\frac", "tfrac": "\\frac", "cfrac": "\\frac", "times": "*", "cdot": "*", "div": "/", "pm": "±",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠", "neq": "≠",
    "circ": "°", "degree": "°", "infty": "∞", "to": "→", "rightarrow": "→", "pi": "π", "theta": "θ", "alpha": "α",
    "beta": "β", "gamma": "γ", "delta": "δ", "lambda": "λ", "mu": "μ", "rho": "ρ", "sigma": "σ", "phi": "φ",
    "omega": "ω", "epsilon": "ε", "Omega": "Ω", "Delta": "Δ",
}  # fmt: skip
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "−": "-", "–": "-", "÷": "/", "º": "°"})
_DEGREES = re.compile(r"\^(?:\{°\}|°)")
# Braces are read from the innermost ones outwards.
_FRACTION = re.compile(r"\\frac(?:\{([^{}]{1,200})\}|([\dA-Za-z]))(?:\{([^{}]{1,200})\}|([\dA-Za-z]))")
_ROOT = re.compile(r"\\sqrt(?:\{([^{}]{1,200})\}|([\dA-Za-z]))")
_SCRIPT = re.compile(r"([_^])\{([^{}]{1,200})\}")
_LEFT_OVER = re.compile(r"[\\{}]")
_DEEPEST = 6
_SINGLE = re.compile(r"(?<=[√/^_])\(([\w.]{1,30})\)|(?<![\w)])\(([\w.]{1,30})\)(?=/)")


@dataclass(frozen=True, slots=True)
class Options:
    """A question's options: their keys in capitals, and their texts by key (empty where unknown)."""

    keys: tuple[str, ...]
    texts: Mapping[str, str]

    def key_of(self, text: str) -> str | None:
        """The option whose text `text` is, if it is the text of one only."""
        if not self.texts:
            return None
        for form in (str.strip, _normalised, _one_form):
            written = form(text)
            same = [key for key, known in self.texts.items() if written and form(known) == written]
            if same:
                return same[0] if len(same) == 1 else None
        return None

    def is_text_of(self, key: str, text: str) -> bool:
        """Whether `text` is the text of the option `key`, be it that of another one too."""
        own = self.texts.get(key, "").strip()
        return bool(own) and any(form(own) == form(text) for form in (_normalised, _one_form))


def read_options(options: Mapping[str, str] | Sequence[str] | None) -> Options | None:
    """The options that a caller gives. Raises `ValueError` for ones of another form."""
    if options is None:
        return None
    if isinstance(options, list | tuple) and len(options) <= len(LETTERS):
        options = dict(zip(LETTERS, options, strict=False))
    if not (
        isinstance(options, Mapping)
        and options
        and all(isinstance(key, str) and key.strip() for key in options)
        and all(isinstance(text, str) for text in options.values())
    ):
        raise ValueError(
            'The options are texts by key, {"A": "Rome", "B": "Paris"}, or a list of texts, '
            f"not {clip(repr(options), 200)}."
        )
    texts = {key.strip().upper(): text for key, text in options.items()}
    return Options(tuple(texts), texts)


def read_reference(reference: str | Sequence[str], options: Options | None) -> frozenset[str]:
    """The keys that a caller's reference names. Raises `ValueError` for one of another form."""
    parts = [reference] if isinstance(reference, str) else reference
    if isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts):
        if not parts or [part.strip().lower() for part in parts] == ["none"]:
            return frozenset()
        keys = frozenset(key for part in parts for key in _keys(part, options))
        if keys and all(key in options.keys if options else key in LETTERS for key in keys):
            return keys
    known = f"of the options {', '.join(options.keys)}" if options else "capital letters"
    raise ValueError(
        f'A choice reference is {known}, such as "B", "AC" or ["A", "C"], or "none"; not {clip(repr(reference), 60)}.'
    )


def unknown_options(reference: frozenset[str]) -> Options:
    """The letters A to J, or to the last one of the reference, without texts."""
    last = max((LETTERS.index(key) + 1 for key in reference), default=0)
    return Options(tuple(LETTERS[: max(_UNKNOWN, last)]), {})


def _keys(part: str, options: Options | None) -> list[str]:
    """The keys in one part of a reference: itself if it is a key, else those between its commas or letters."""
    part = part.strip().strip("()")
    if options and part.upper() in options.keys:
        return [part.upper()]
    pieces = [piece.strip("() ") for piece in re.split(r"[\s,;、，&]+", part) if piece.strip("() ")]
    if options and all(piece.upper() in options.keys for piece in pieces):
        return [piece.upper() for piece in pieces]
    return [letter for piece in pieces for letter in piece]


_normalised = lru_cache(maxsize=1024)(normalise)


@lru_cache(maxsize=1024)
def _one_form(text: str) -> str:
    r"""`text` without spaces, and with formulas written in one way: `$\dfrac{1}{2}$` is `1/2`, `8:\,5` is `8:5`."""
    text = unicodedata.normalize("NFKC", _RAISED.sub(lambda match: "^" + match[0], text[:1_000]))
    text = _LAYOUT.sub("", _TEXT.sub(r"\1", text))
    text = "".join(_COMMAND.sub(lambda match: _COMMANDS.get(match[1], match[0]), text).split())
    text = _DEGREES.sub("°", text)
    for _ in range(_DEEPEST):
        simpler = _FRACTION.sub(_divided, text)
        simpler = _SCRIPT.sub(r"\1(\2)", _ROOT.sub(lambda match: f"√({match[1] or match[2]})", simpler))
        if simpler == text:
            break
        text = simpler
    text = _SINGLE.sub(lambda match: match[1] or match[2], text.translate(_SIGNS))
    return _LEFT_OVER.sub("", text).strip(".。").casefold()


def _divided(match: re.Match[str]) -> str:
    return f"({match[1] or match[2]})/({match[3] or match[4]})"
