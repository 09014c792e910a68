r"""Read an answer, in LaTeX or plain text, into a small tree. No `eval`; size and depth are bounded.

    answer    := statement ((","|";"|"or"|"and") statement)*
    statement := (label "=")? measure (relation measure)* | "(" answer ")"
    measure   := currency? ratio unit?
    ratio     := union (":" union)*
    union     := sum (("\cup"|"\cap"|"\setminus") sum)*

Sums and what they are made of are in `expressions`, `atoms` and `brackets`, units in `measures`.
"""

import re

from verifiers.math.atoms import read_group
from verifiers.math.brackets import read_separator
from verifiers.math.expressions import read_power, read_sum
from verifiers.math.measures import read_currency, read_smaller_units, read_unit, with_unit
from verifiers.math.reader import Reader, check_depth
from verifiers.math.tokens import MAX_TOKENS, NotMaths, Unsupported, tokens
from verifiers.math.tree import SCALARS, Node, depth_exceeds
from verifiers.math.words import CURRENCY, NOT_UNITS

__all__ = ["MAX_CHARACTERS", "MAX_TREE_DEPTH", "Node", "NotMaths", "Unsupported", "parse"]

MAX_CHARACTERS = 3_000
MAX_TREE_DEPTH = 150

_RELATIONS = {"=": "=", "<": "<", ">": ">", "\\le": "<=", "\\ge": ">=", "<=": "<=", ">=": ">=", "\\ne": "!=",
              "!=": "!=", "\\approx": "~", "\\in": "in", "\\to": "=", "\\equiv": "=", "==": "=", ":=": "=",
              "\\mapsto": "="}  # fmt: skip
_OPENING = frozenset(("(", "[", "{", "\\{"))
_CLOSING = frozenset((")", "]", "}", "\\}"))
_AFTER_STATEMENT = frozenset(("\\and", "\\or", "and", "or", ",", ";", ")"))
_MARKS = r"(?:_\{?\w\}?|'{1,2}|\^\{?-1\}?)?"
_CONSTANT = r"-? ?(?:\d{1,9}(?:\.\d{1,9})?|\\frac ?\{?\d{1,9}\}? ?\{?\d{1,9}\}?|\\pi)"
_NAMED = re.compile(
    rf"(?:(?:(?<=[,;])|(?<=or)|(?<=and)|^) ?"
    # f(x), f(2), and the probability or expectation of something
    rf"(?:[A-Za-z]{_MARKS} ?\( ?[A-Za-z](?: ?, ?[A-Za-z])* ?\)|[fghpqFGHQRT]{_MARKS} ?\( ?{_CONSTANT} ?\)"
    r"|(?:\\(?:text|mathbb) ?)?\{? ?(?:[PED]|Var|Cov) ?\}? ?(?:\([^()\[\]]{1,60}\)|\[[^()\[\]]{1,60}\]))"
    r"|^\\frac ?\{ ?d ?[a-z] ?\} ?\{ ?d ?[a-z] ?\}) ?=(?!=)"
)
_CALL = re.compile(rf"(?<![A-Za-z\\])(?<!\\named\{{)([fghpqFGHPQT]){_MARKS} ?\( ?[^()=<>]{{1,40}}\)")
_OF_NUMBERS = (SCALARS | {"pm"}) - {"unit"}
_AT_ZERO = re.compile(rf"(?<![A-Za-z\\])[A-Za-z]{_MARKS} ?\( ?0 ?\)(?! ?=)")
_NAMES = (Node("const", name="e"), Node("const", name="i"))
"""What `e = 5` and `i = 3` give a value to: no constants."""
_MOST_LABEL_WORDS = 6
_SAYING = frozenset(("is", "are", "equals", "是", "为"))
_HARMLESS = frozenset(("the", "it", "is", "are", "all"))


def parse(text: str, *, grouping: bool = True) -> Node:
    """The tree of normalised `text`. With `grouping`, `1,234` outside brackets is one number.

    Raises `NotMaths` or `Unsupported`.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotMaths(f"The answer has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    if "\\equiv" in text:
        text = text.replace("\\equiv", "=")
    if "=" in text or "<" in text or ">" in text or "0)" in text:
        text = _with_calls(text)
    reader = Reader(tokens(text, grouping=grouping), _statement, read_sum, read_power)
    node = _answer(reader)
    if reader.now.kind != "end":
        raise NotMaths(f"{reader.now.text!r} does not belong in an answer here.")
    if depth_exceeds(node, MAX_TREE_DEPTH):
        raise NotMaths(f"The answer is nested deeper than {MAX_TREE_DEPTH}.")
    _check_values(node)
    return node


def _check_values(node: Node) -> None:
    """Raise `NotMaths` for a sum, a function or the like of words or quantities, `Unsupported` for one of sets."""
    of_numbers = node.op in _OF_NUMBERS
    for part in node.args:
        if of_numbers and part.op not in _OF_NUMBERS and (part.op, part.name) != ("unit", "degree"):
            kind = NotMaths if part.op in ("words", "unit") else Unsupported
            raise kind(f"A value is calculated from what is no number: {part.op}.")
        if part.args:
            _check_values(part)


def _with_calls(text: str) -> str:
    """`text` with the left side `f(x) =` as one token, and all values of a function that has several here.

    `I(0)` is a value, too: nobody multiplies by 0.
    """
    text = _AT_ZERO.sub(lambda match: _named(match[0]), text)
    text = _NAMED.sub(lambda match: _named(match[0].rstrip("= ")) + "=", text)
    calls: dict[str, set[str]] = {}
    for match in _CALL.finditer(text):
        calls.setdefault(match[1], set()).add(match[0])
    several = {letter for letter, values in calls.items() if len(values) > 1}
    several |= {letter for letter in calls if rf"\named{{{letter}" in text}
    return _CALL.sub(lambda match: _named(match[0]) if match[1] in several else match[0], text)


def _named(call: str) -> str:
    name = re.sub(r"[ {}]|\\(?:frac|text|mathbb)(?![a-zA-Z])", "", call).replace("[", "(").replace("]", ")")
    return rf" \named{{{name}}} "


def _answer(reader: Reader, depth: int = 0) -> Node:
    """Everything: one statement, or a list of them. "or" joins what "and" holds together."""
    parts = [_statement(reader, depth)]
    kinds: list[str] = []
    while separator := read_separator(reader):
        kinds.append(separator)
        parts.append(_statement(reader, depth))
    if len(parts) == 1:
        return parts[0]
    if set(kinds) == {",", ";"}:
        return _rows(parts, kinds)
    if {"and", "or"} <= set(kinds):
        return _alternatives(parts, kinds)
    name = kinds[0] if len(set(kinds)) == 1 else ","
    return Node("list", tuple(parts), "," if name == ";" else name)


def _alternatives(parts: list[Node], kinds: list[str]) -> Node:
    """`x < 0 or x > 3 and x < 8` as two statements, of which the second is two."""
    groups = [[parts[0]]]
    for kind, part in zip(kinds, parts[1:], strict=True):
        if kind == "or":
            groups.append([])
        groups[-1].append(part)
    return Node(
        "list",
        tuple(group[0] if len(group) == 1 else Node("list", tuple(group), "and") for group in groups),
        "or",
    )


def _rows(parts: list[Node], kinds: list[str]) -> Node:
    """`1, 2; 3, 4` as two pairs."""
    rows = [[parts[0]]]
    for kind, part in zip(kinds, parts[1:], strict=True):
        if kind == ";":
            rows.append([])
        rows[-1].append(part)
    return Node("list", tuple(Node("seq", tuple(row), "()") for row in rows), ",")


def _statement(reader: Reader, depth: int) -> Node:
    if reader.sees("(") and _is_joined(reader):
        check_depth(depth)
        reader.at += 1
        node = _answer(reader, depth + 1)
        reader.expect(")")
        return node
    sides = [_label(reader) or _measure(reader, depth)]
    names = []
    while (name := _RELATIONS.get(reader.now.text)) is not None:
        names.append(name)
        reader.at += 1
        sides.append(_measure(reader, depth))
    if reader.sees("\\pmod", "\\mod", "\\bmod") or (reader.sees("(") and reader.ahead().text == "\\mod"):
        sides[-1] = Node("mod", (sides[-1], _modulus(reader, depth)))
    if names[:1] == ["="] and sides[0] in _NAMES:
        sides[0] = Node("sym", name=sides[0].name)
    return sides[0] if not names else Node("chain", tuple(sides), " ".join(names))


def _is_joined(reader: Reader) -> bool:
    """Whether the bracket that opens here holds relations, joined or alone, and ends a statement."""
    depth, relation = 0, False
    for distance in range(1, MAX_TOKENS):
        text = reader.ahead(distance).text
        if depth == 0 and text in (",", ";"):
            return False
        relation = relation or (depth == 0 and (text in _RELATIONS and text != "\\to"))
        if text in _CLOSING and depth == 0:
            following = reader.ahead(distance + 1)
            return (
                relation and text == ")" and (following.kind == "end" or following.text in _AFTER_STATEMENT)
            )
        if reader.ahead(distance).kind == "end":
            return False
        depth += (text in _OPENING) - (text in _CLOSING)
    return False


def _label(reader: Reader) -> Node | None:
    r"""The name before `=` or `:` in `\text{Area} = 12`; None where there is none. `The area is` is passed over."""
    start = reader.at
    words: list[str] = []
    if reader.now.kind == "name" and reader.ahead().text == "=":
        reader.at += 1
        return Node("sym", name=reader.tokens[start].text)
    while reader.now.kind == "text" and len(words) < _MOST_LABEL_WORDS:
        words.append(reader.now.text)
        reader.at += 1
    if words and words[-1].lower() in _SAYING and not any(_is_doubt(word) for word in words[:-1]):
        return None
    if not words or not reader.sees("=", ":") or any(word.lower() in NOT_UNITS for word in words):
        reader.at = start
        return None
    if reader.take(":"):
        reader.at -= 1
        reader.tokens[reader.at] = reader.tokens[reader.at]._replace(text="=")
    return Node("sym", name=" ".join(words))


def _is_doubt(word: str) -> bool:
    return word.lower() in NOT_UNITS and word.lower() not in _HARMLESS


def _measure(reader: Reader, depth: int) -> Node:
    """A value with its sign of currency before it, or its unit after it."""
    if reader.now.kind == "text":
        return _words(reader)
    negative = reader.sees("-") and reader.ahead().text in CURRENCY
    reader.at += int(negative)
    currency = read_currency(reader)
    node = _ratio(reader, depth)
    node = Node("neg", (node,)) if negative else node
    unit = read_unit(reader)
    if currency and unit and unit != currency:
        unit = currency if unit in ("dollar", "yuan") else f"{currency}*{unit}"
    if not (unit := unit or currency):
        return node
    return read_smaller_units(reader, with_unit(node, unit))


def _words(reader: Reader) -> Node:
    """A word or a few, as one value. Raises `NotMaths` for words that only say something about a value."""
    words: list[str] = []
    while reader.now.kind == "text" and reader.now.text not in ("and", "or"):
        words.append(reader.now.text.lower())
        reader.at += 1
    words = words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words
    if not 1 <= len(words) <= _MOST_LABEL_WORDS or any(word in NOT_UNITS for word in words):
        raise NotMaths(f"{' '.join(words[:8])!r} does not belong in an answer.")
    return Node("words", name=" ".join(words))


def _ratio(reader: Reader, depth: int) -> Node:
    parts = [_union(reader, depth)]
    while reader.colons and reader.take(":"):
        parts.append(_union(reader, depth))
    if len(parts) == 1:
        return parts[0]
    return Node("div" if len(parts) == 2 else "ratio", tuple(parts))


def _union(reader: Reader, depth: int) -> Node:
    node = read_sum(reader, depth)
    names = {"\\cup": "union", "\\cap": "intersection", "\\setminus": "minus", "\\backslash": "minus"}
    while (name := names.get(reader.now.text)) is not None:
        reader.at += 1
        left = node.args if node.op == name != "minus" else (_as_set(node),)
        node = Node(name, (*left, _as_set(read_sum(reader, depth))))
    return node


def _as_set(node: Node) -> Node:
    r"""`{5}`, which reads as 5, is a set beside `\cup`."""
    return Node("set", (node,)) if node.op in ("num", "neg", "div", "root") else node


def _modulus(reader: Reader, depth: int) -> Node:
    check_depth(depth)
    bracket = reader.take("(")
    reader.at += 1
    modulus = read_sum(reader, depth + 1) if bracket else read_group(reader, depth)
    if bracket:
        reader.expect(")")
    return modulus
