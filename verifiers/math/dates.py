"""Dates and times of day: `March 5, 2021` and `2021-03-05`, `6:30 p.m.` and `18:30`."""

import re
from dataclasses import dataclass

_MONTH_NAMES = (
    ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
    ("july", "jul"), ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"),
    ("december", "dec"),
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:,| of)? ?(?P<year>\d{4}))?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
_DATES = (
    re.compile(rf"{_WEEKDAY}{_MONTH} (?:the )?{_DAY}{_YEAR}"),
    re.compile(rf"{_WEEKDAY}(?:the )?{_DAY} (?:of )?{_MONTH}{_YEAR}"),
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{2})[-/](?P<day>\d{2})"),
    re.compile(r"(?:(?P<year>\d{4}) ?年 ?)?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?[日号]"),
)
_TIME = re.compile(
    r"(?P<han>上午|早上|凌晨|下午|晚上|中午)? ?(?P<hour>\d{1,2})"
    r"(?:[:点时](?P<minute>\d{2}|半)(?::(?P<second>\d{2}))?分?|[点时])?"
    r" ?(?P<half>[ap]\.? ?m\.?|o'?clock)?"
)
_NOON = {"noon": True, "12 noon": True, "midnight": False, "12 midnight": False}


@dataclass(frozen=True, slots=True)
class Moment:
    """What a text says of a date or a time; None for what it leaves out. `clear` if it can be nothing else.

    `afternoon` is None where a time may be before or after noon; then `hour` is as on a clock's face.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    afternoon: bool | None = None
    clear: bool = True


def read_moment(text: str) -> Moment | None:
    """The date or time that `text`, in small letters and without LaTeX, is; None for anything else."""
    text = text.removesuffix(".")
    if len(text) > 40:
        return None
    for pattern in _DATES:
        if (match := pattern.fullmatch(text)) is not None:
            return _date(match)
    if text in _NOON:
        return Moment(hour=0, minute=0, second=0, afternoon=_NOON[text])
    match = _TIME.fullmatch(text)
    return _time(match) if match is not None else None


def same_moment(answer: Moment, reference: Moment) -> bool | None:
    """Whether both say the same; None where both may be something else, such as the ratio `3:2`.

    The answer may leave out the half of the day, as it may a unit, and say a year that the reference does not.
    """
    if not (answer.clear or reference.clear):
        return None
    names = ("year", "month", "day", "hour", "minute", "second", "afternoon")
    for name in names:
        left, right = getattr(answer, name), getattr(reference, name)
        said = name in ("year", "afternoon") and (right is None or (left is None and name == "afternoon"))
        if left != right and not said:
            return False
    return True


def _date(match: re.Match[str]) -> Moment | None:
    parts = match.groupdict()
    month = _MONTHS.get(parts["month"]) or int(parts["month"])
    day = int(parts["day"])
    year = int(parts["year"]) if parts.get("year") else None
    return Moment(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _time(match: re.Match[str]) -> Moment | None:
    hour, minute = int(match["hour"]), 30 if match["minute"] == "半" else int(match["minute"] or 0)
    han, half = match["han"], (match["half"] or "").replace(".", "").replace(" ", "")
    marked = bool(han or half or match["second"]) or any(mark in match[0] for mark in "点时")
    if hour > 24 or minute > 59 or (match["minute"] is None and not marked):
        return None
    afternoon = {"am": False, "pm": True}.get(half)
    if han:
        afternoon = han in ("下午", "晚上", "中午")
    elif not half and (hour > 12 or match["hour"].startswith("0")):
        afternoon = hour >= 12
    # Without a half of the day both are compared as on a clock's face.
    seconds = int(match["second"] or 0)
    return Moment(hour=hour % 12, minute=minute, second=seconds, afternoon=afternoon, clear=marked)
