r"""Read what stands after a value: units, currencies, and quantities in two units such as `5 ft 3 in`."""

from verifiers.math.numbers import read_number
from verifiers.math.reader import Reader
from verifiers.math.tokens import NotMaths
from verifiers.math.tree import Node, number, product
from verifiers.math.units import SPACED_LETTERS, conversion, is_unit, join, singular
from verifiers.math.words import CURRENCY, NOT_UNITS

_MAX_WORDS = 4
_LONGEST_WORD = 20
_PER, _TIMES, _POWER = "/", "*", "^"
_SQUARES = {"sq": 2, "square": 2, "squared": 2, "cubic": 3, "cu": 3, "cubed": 3}
_SAYS_NOTHING = frozenset(("long", "tall", "wide", "high", "deep", "old", "total", "of", "each", "left"))
_SCALED = frozenset(("celsius", "fahrenheit", "kelvin"))
_HAN_NOT_UNITS = tuple(word for word in NOT_UNITS if not word.isascii())


def read_currency(reader: Reader) -> str:
    r"""The name of the currency whose sign stands here, or nothing."""
    if (name := CURRENCY.get(reader.now.text, "")) != "":
        reader.at += 1
    return name


def read_unit(reader: Reader) -> str:
    r"""The words that end a value, as one unit, with powers and fractions as in `\text{km}/\text{h}^2`.

    Raises `NotMaths` for words that say something else about the value.
    """
    if reader.sees("(") and reader.ahead().kind == "text":
        reader.at += 1
        name = read_unit(reader)
        reader.expect(")")
        return name
    items = _unit_items(reader)
    if not items:
        return read_currency(reader)
    words = [item for item in items if item[0] not in "/*^"]
    if len(words) > _MAX_WORDS or any(_is_no_unit(word, words[:place]) for place, word in enumerate(words)):
        raise NotMaths(f"{' '.join(words[:8])!r} does not belong in an answer.")
    return _unit_name(items)


def _unit_items(reader: Reader) -> list[str]:
    items: list[str] = []
    while (item := _unit_item(reader, items)) is not None:
        items.append(item)
        if item == _PER and reader.sees("(") and reader.ahead().kind == "text":
            reader.at += 1
            items += [{_PER: _TIMES, _TIMES: _PER}.get(part, part) for part in _unit_items(reader)]
            reader.expect(")")
    return items


def _unit_item(reader: Reader, before: list[str]) -> str | None:
    """The next part of a unit: a word, `/`, `*` or a power such as `^2`; None where it ends."""
    token = reader.now
    if token.kind == "text":
        if token.text in ("or", "and"):
            return None
        reader.at += 1
        return _PER if token.text == "per" else token.text
    if not before:
        return None
    if token.text == "'" and reader.ahead().kind == "text":
        reader.at += 2
        return _unit_item(reader, before) if reader.now.kind == "text" else "*"
    if token.text == "^":
        reader.at += 1
        return _POWER + _power(reader)
    following = reader.ahead()
    begins = following.kind == "text" or (following.kind == "word" and following.text in SPACED_LETTERS)
    begins = begins or (token.text == "/" and following.text == "(" and reader.ahead(2).kind == "text")
    if token.text in ("/", "*", "\\cdot", ".", "\\times") and begins:
        reader.at += 1
        return _PER if token.text == "/" else _TIMES
    if token.kind == "word" and token.text in SPACED_LETTERS and before[-1] in (_PER, _TIMES):
        reader.at += 1
        return token.text
    return None


def _power(reader: Reader) -> str:
    braced = reader.take("{")
    sign = "-" if reader.take("-") else ""
    token = reader.now
    if token.kind != "number" or not token.text.isdigit() or len(token.text) > 2:
        raise NotMaths("A unit has an exponent that is not a small number.")
    reader.at += 1
    if braced:
        reader.expect("}")
    return sign + token.text


def _is_no_unit(word: str, before: list[str]) -> bool:
    if word.lower() in _SQUARES and before and is_unit(before[-1]):
        return False
    if len(word) > _LONGEST_WORD or word.lower() in NOT_UNITS:
        return True
    return not word.isascii() and any(bad in word for bad in _HAN_NOT_UNITS)


def _unit_name(items: list[str]) -> str:
    parts: list[tuple[str, int]] = []
    group: list[tuple[str, int]] = []
    sign, waiting = 1, 1
    for item in items:
        if item in (_PER, _TIMES):
            parts += _group(group, sign)
            group, sign = [], -1 if item == _PER else 1
        elif item[0] == _POWER:
            if group:
                group[-1] = (group[-1][0], group[-1][1] * int(item[1:]))
        elif item.lower() in _SQUARES:
            if item.lower().endswith("ed") and group:
                group[-1] = (group[-1][0], group[-1][1] * _SQUARES[item.lower()])
            else:
                waiting = _SQUARES[item.lower()]
        elif item.lower() not in _SAYS_NOTHING:
            name, _, power = singular(item).partition("^")
            group.append((name, int(power or 1) * waiting))
            waiting = 1
    return join([*parts, *_group(group, sign)])


def _group(words: list[tuple[str, int]], sign: int) -> list[tuple[str, int]]:
    """Words with nothing between them: a product of units, or one noun such as `red ball`."""
    if any(name in _SCALED for name, _ in words):
        words = [(name, power) for name, power in words if name != "degree"]
    if len(words) < 2 or all(is_unit(name) for name, _ in words):
        return [(name, power * sign) for name, power in words]
    return [(" ".join(name for name, _ in words), words[-1][1] * sign)]


def with_unit(node: Node, unit: str) -> Node:
    """`node` in `unit`; a percentage where the unit is percent."""
    return Node("percent", (node,)) if unit == "percent" else Node("unit", (node,), unit)


def read_smaller_units(reader: Reader, node: Node) -> Node:
    """`node`, a quantity, with what follows of it in smaller units, as in `5 ft 3 in` or `1 h and 5 min`."""
    while node.op == "unit" and node.name:
        start = reader.at
        reader.take("and", "\\and", ",")
        part = _small_part(reader, node.name)
        if part is None:
            reader.at = start
            return node
        node = Node("unit", (Node("add", (node.args[0], part)),), node.name)
    return node


def _small_part(reader: Reader, name: str) -> Node | None:
    if reader.now.kind != "number" or reader.ahead().kind != "text":
        return None
    value = read_number(reader.now.text)
    reader.at += 1
    try:
        unit = read_unit(reader)
    except NotMaths:
        return None
    unit = "min" if (unit, name) == ("分", "h") else unit  # 分 is also a tenth, and a coin
    scale = conversion(unit, name) if unit and unit != name else None
    return product(value, number(scale[0])) if scale is not None and 0 < scale[0] < 1 else None


def read_minutes_of_arc(reader: Reader, degrees: Node) -> Node:
    """`degrees`, in degrees, with the minutes and seconds that follow, as in `30^\\circ 15' 20''`."""
    total = [degrees.args[0]]
    for mark, share in (("'", 60), ('"', 3600)):
        width = _marked(reader, mark)
        if width:
            total.append(Node("div", (read_number(reader.now.text), number(share))))
            reader.at += width
    return Node("unit", (Node("add", tuple(total)),), "degree") if len(total) > 1 else degrees


def _marked(reader: Reader, mark: str) -> int:
    """How many tokens a number with `mark` after it takes here; 0 where there is none."""
    if reader.now.kind != "number":
        return 0
    if mark == '"' and [reader.ahead(1).text, reader.ahead(2).text] == ["'", "'"]:
        return 3
    return 2 if reader.ahead().text == mark and (mark == '"' or reader.ahead(2).text != "'") else 0
