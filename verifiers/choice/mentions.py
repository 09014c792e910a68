"""The option that a response mentions last, for responses that state no answer (`fallback="last_mention"`).

As MMMU's scorer looks for one: in brackets, else as a letter that stands alone, else by its text. It guesses where
nothing is mentioned, which is not done here.
"""

import re
from collections.abc import Callable

from verifiers.choice.options import Options
from verifiers.choice.reading import Reading

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w")

LastLetter = Callable[[str, Options], str | None]


def last_mentioned(text: str, options: Options, last_letter: LastLetter) -> tuple[str, Reading] | None:
    """The text that mentions the option, and which it is; None where none is mentioned.

    `last_letter` finds the last key that stands alone.
    """
    if (key := _in_brackets(text, options)) is not None:
        return f"({key})", Reading(frozenset({key}), "letter")
    if (key := last_letter(text, options)) is not None:
        return key, Reading(frozenset({key}), "letter")
    if (key := _by_text(text, options)) is not None:
        return options.texts[key], Reading(frozenset({key}), "option_text")
    return None


def _in_brackets(text: str, options: Options) -> str | None:
    places = {key: text.rfind(f"({key})") for key in options.keys}
    last = max(places, key=places.__getitem__)
    return last if places[last] >= 0 else None


def _by_text(text: str, options: Options) -> str | None:
    """The option whose text ends last, the longest of those; None where two have that same text."""
    searched = _spaced(text)
    ends = {
        key: (_end_of_last(searched, _spaced(known)), len(_spaced(known)))
        for key, known in options.texts.items()
    }
    latest = max(ends.values(), default=(-1, 0))
    keys = [key for key, end in ends.items() if end == latest]
    return keys[0] if latest[0] >= 0 and len(keys) == 1 else None


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text).strip().casefold()


def _end_of_last(text: str, words: str) -> int:
    """Where the last whole occurrence of `words` ends; -1 if it does not occur. Each step looks further left."""
    place = text.rfind(words) if words else -1
    while place >= 0:
        end = place + len(words)
        if not (_joined(text, place) or _joined(text, end)):
            return end
        place = text.rfind(words, 0, end - 1)
    return -1


def _joined(text: str, place: int) -> bool:
    """Whether a word goes on across this place."""
    return 0 < place < len(text) and bool(_WORD.match(text[place - 1]) and _WORD.match(text[place]))
