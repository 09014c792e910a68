"""Numbers in words: `twenty-five` and `二十五` are 25, `two thirds` and `三分之二` are 2/3, `ninth` is 9."""

import re
from fractions import Fraction

from verifiers.number_words import SMALL, TENS

_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_DIGITS = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_POWERS = {"十": 10, "百": 100, "千": 1_000}
_RANKS = {"first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight", "ninth": "nine",
          "twelfth": "twelve"}  # fmt: skip
_SHARES = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
_PARTS = re.compile(rf"(?:(?:an? |(one|two|three|four|five|six|seven|eight|nine)[ -]))?({'|'.join(_SHARES)})")
_HAN_PARTS = re.compile(
    r"([零一二两三四五六七八九十百千]{1,9}|\d{1,9})分之([零一二两三四五六七八九十百千]{1,9}|\d{1,9})"
)
_ENGLISH = re.compile(r"[a-z]{3,9}(?:[ -][a-z]{3,9}){0,9}")
_CHINESE = re.compile("[零〇一二两三四五六七八九十百千]{1,9}(?:万[零〇一二两三四五六七八九十百千]{0,9})?")


def ordinal(text: str) -> int | None:
    """The rank that `text`, in small letters, spells out: 3 of `third`, 21 of `twenty-first`; None elsewhere."""
    head, joint, last = text.rpartition("-" if "-" in text else " ")
    cardinal = _RANKS.get(last) or (last[:-4] + "y" if last.endswith("ieth") else last.removesuffix("th"))
    return _whole(head + joint + cardinal) if cardinal != last and _ENGLISH.fullmatch(text) else None


def spelled(text: str) -> Fraction | None:
    """The number that `text`, in small letters, spells out; None where it is something else."""
    if (parts := _PARTS.fullmatch(text)) is not None:
        return _fraction(_english(parts[1].split()) if parts[1] else 1, _SHARES[parts[2]])
    if (parts := _HAN_PARTS.fullmatch(text)) is not None:
        return _fraction(_digits(parts[2]), 100 if parts[1] == "百" else _digits(parts[1]))
    whole = _whole(text)
    whole = ordinal(text) if whole is None else whole
    return None if whole is None else Fraction(whole)


def _fraction(above: int | None, below: int | None) -> Fraction | None:
    return None if above is None or not below else Fraction(above, below)


def _digits(text: str) -> int | None:
    return int(text) if text.isascii() else _whole(text)


def _whole(text: str) -> int | None:
    if _ENGLISH.fullmatch(text) is not None:
        return _english(text.replace("-", " ").split())
    if _CHINESE.fullmatch(text) is not None:
        return _chinese(text)
    return None


def _english(words: list[str]) -> int | None:
    total, part, last = 0, 0, 10**12
    for place, word in enumerate(words):
        if word == "and" and 0 < place < len(words) - 1 and words[place - 1] in ("hundred", "thousand"):
            continue
        if word in _SCALES and part and _SCALES[word] < last:
            total, part, last = total + part * _SCALES[word], 0, _SCALES[word]
        elif word == "hundred" and 0 < part < 10:
            part *= 100
        elif word in TENS and part % 100 == 0:
            part += TENS[word]
        elif word in SMALL and (
            part % 100 == 0 or (part % 10 == 0 and part % 100 > 10 and 0 < SMALL[word] < 10)
        ):
            part += SMALL[word]
        else:
            return None
    return total + part


def _chinese(text: str) -> int | None:
    above, _, below = text.rpartition("万")
    value = _chinese_part(below) if below else 0
    if not above:
        return value
    if len(below) == 1 and value:
        value *= 1_000  # 一万五 is 15000
    thousands = _chinese_part(above)
    return None if thousands is None or value is None else thousands * 10_000 + value


def _chinese_part(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for character in text:
        if character in _POWERS:
            power = _POWERS[character]
            if power >= last or (digit is None and power != 10):
                return None
            total, digit, last = total + (1 if digit is None else digit) * power, None, power
        elif digit:
            return None
        else:
            digit = _DIGITS[character]
    if digit and last > 10 and last < 10_000 and text[-2] in _POWERS:
        digit *= last // 10  # 二百五 is 250, 二百零五 is 205
    return total + (digit or 0)
