r"""Read what stands between brackets: tuples, intervals, sets, absolute values, matrices and cases."""

from verifiers.math.matrices import determinant
from verifiers.math.reader import Reader
from verifiers.math.standard import standard
from verifiers.math.tokens import NotMaths
from verifiers.math.tree import Node, symbols

_CLOSING = {"(": ")", "[": "]"}
_CONNECTIVES = {"\\and": "and", "and": "and", "\\or": "or", "or": "or", ",": ",", ";": ";"}
_CONDITION_WORDS = frozenset(("if", "when", "for", "where", "otherwise", "else"))


def read_separator(reader: Reader) -> str:
    """`,`, `;`, `and` or `or` where one or more of them stand here, else nothing."""
    found = ""
    while (name := _CONNECTIVES.get(reader.now.text)) is not None and reader.now.kind != "end":
        found = name if not found or found in ",;" else found
        reader.at += 1
    return found


def read_sequence(reader: Reader, depth: int) -> Node:
    r"""`(…)` or `[…]`, closed by either: one value in parentheses is that value."""
    opening = reader.now.text
    reader.at += 1
    bars, colons = reader.bars, reader.colons
    reader.bars, reader.colons = 0, True
    if reader.take(_CLOSING[opening]):
        return Node("seq", (), opening + _CLOSING[opening])
    parts = [reader.statement(reader, depth + 1)]
    while reader.take(",", ";"):
        parts.append(reader.statement(reader, depth + 1))
    reader.bars, reader.colons = bars, colons
    closing = reader.now.text
    if not reader.take(")", "]"):
        raise NotMaths(f"There is {closing!r} where a bracket should close.")
    if len(parts) > 1:
        return Node("seq", tuple(parts), opening + closing)
    if opening + closing not in ("()", "[]") or parts[0].op == "chain":
        raise NotMaths("Brackets hold no sequence.")
    grouping = opening == "(" or parts[0].op in ("matrix", "row") or _goes_on(reader)
    return parts[0] if grouping else Node("seq", (parts[0],), "[]")


def _goes_on(reader: Reader) -> bool:
    """Whether what follows shows that `[…]` was only a bracket in a formula."""
    token = reader.now
    return token.kind in ("number", "word") or token.text in tuple("^*/+-([") or token.text == "\\cdot"


def read_set(reader: Reader, depth: int) -> Node:
    r"""`\{…\}`, or `{…}` as in plain text, where one value is that value."""
    closing = "\\}" if reader.now.text == "\\{" else "}"
    reader.at += 1
    if reader.take(closing):
        return Node("set")
    bars, colons = reader.bars, reader.colons
    reader.bars, reader.colons = reader.bars + 1, False
    parts = [reader.statement(reader, depth + 1)]
    while read_separator(reader) and not reader.sees(closing):
        parts.append(reader.statement(reader, depth + 1))
    if len(parts) == 1 and reader.take("|", ":"):
        reader.bars, reader.colons = 0, True
        found = _builder(parts[0], _conditions(reader, depth))
    else:
        found = parts[0] if closing == "}" and len(parts) == 1 else Node("set", tuple(parts))
    reader.bars, reader.colons = bars, colons
    reader.expect(closing)
    return found


def _conditions(reader: Reader, depth: int) -> Node:
    parts = [reader.statement(reader, depth + 1)]
    kinds = set()
    while kind := read_separator(reader):
        kinds.add(kind)
        parts.append(reader.statement(reader, depth + 1))
    return parts[0] if len(parts) == 1 else Node("list", tuple(parts), "or" if kinds == {"or"} else "and")


def _builder(element: Node, condition: Node) -> Node:
    r"""`\{x \mid x > 3\}` is what `x > 3` says; any other set of this kind keeps its two parts."""
    if element.op == "chain" and element.name == "in" and element.args[0].op == "sym":
        domain, element = element, element.args[0]
        if element.name not in symbols(condition):
            return Node("builder", (domain, condition))
        if domain.args[1].op != "seq":
            return Node("builder", (element, Node("list", (domain, condition), "and")))
    if element.op == "sym" and symbols(condition) == {element.name} and _only_bounds(condition):
        return standard(condition)
    return Node("builder", (element, condition))


def _only_bounds(condition: Node) -> bool:
    parts = condition.args if condition.op == "list" else (condition,)
    return all(part.op == "chain" and not {"=", "~"} & set(part.name.split()) for part in parts)


def read_absolute(reader: Reader, depth: int) -> Node:
    """`|…|`; a matrix between bars is its determinant."""
    bar = reader.now.text
    reader.at += 1
    reader.bars += 1
    inner = reader.statement(reader, depth + 1)
    reader.bars -= 1
    reader.expect(bar)
    return determinant(inner.args) if inner.op == "matrix" else Node("abs", (inner,))


def read_environment(reader: Reader, depth: int) -> Node:
    r"""A matrix, a determinant, or the rows of `cases` and `aligned`."""
    opening = reader.now.text
    reader.at += 1
    rows: list[Node] = []
    row: list[Node] = []
    while not reader.now.text.startswith("\\end"):
        row.append(_cell(reader, depth))
        if reader.take("&"):
            continue
        rows.append(Node("row", tuple(row)))
        row = []
        if not reader.take("\\cr") and not reader.now.text.startswith("\\end"):
            raise NotMaths("A matrix is not closed.")
    reader.at += 1
    if not rows or len({len(line.args) for line in rows}) != 1:
        raise NotMaths("A matrix has rows of different lengths.")
    if "matrix" not in opening and "array" not in opening:
        return _cases(rows)
    return determinant(tuple(rows)) if "vmatrix" in opening else Node("matrix", tuple(rows))


def _cell(reader: Reader, depth: int) -> Node:
    """A cell, without the comma at its end and the word `if` at its start."""
    while reader.now.kind == "text" and reader.now.text.lower() in _CONDITION_WORDS:
        word = reader.now.text.lower()
        reader.at += 1
        if reader.sees("\\cr") or reader.now.text.startswith("\\end"):
            return Node("words", name=word)
    node = reader.statement(reader, depth + 1)
    reader.take(",", ";", ".")
    return node


def _cases(rows: list[Node]) -> Node:
    """Equations that hold together, or the pieces of a function, each with its condition."""
    if all(len(row.args) == 1 for row in rows):
        return Node("list", tuple(row.args[0] for row in rows), "and")
    return Node("set", tuple(Node("seq", row.args, "()") for row in rows))
