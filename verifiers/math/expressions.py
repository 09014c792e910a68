r"""Read expressions: sums, products and powers of `atoms`.

sum      := product (("+"|"-"|"\pm") product)*
product  := signed (("*"|"/")? signed)*
power    := atom ("^" ... | "!" | "%" | "\circ")*
"""

from verifiers.math.atoms import CALLED, read_atom, read_exponent, read_subscript
from verifiers.math.build import added, is_proper, joined, mixed
from verifiers.math.matrices import transposed
from verifiers.math.measures import read_minutes_of_arc
from verifiers.math.numbers import based
from verifiers.math.reader import Reader, check_depth
from verifiers.math.tokens import NotMaths
from verifiers.math.tree import Node, number
from verifiers.math.words import GREEK, SCALES

_STARTS = (
    frozenset("\\" + name for name in CALLED | GREEK)
    | {"\\frac", "\\sqrt", "\\pi", "\\infty", "\\log", "\\binom", "\\lfloor", "\\lceil"}
    | frozenset("([{")
)
_SCALES_OF_DEGREES = {"C": "celsius", "F": "fahrenheit"}
_TIGHT = frozenset(("fact", "sym", "const", "pow", "root", "fn", "binom"))


def read_sum(reader: Reader, depth: int) -> Node:
    """A sum, or what stands for one: a single term."""
    check_depth(depth)
    parts = [_product(reader, depth)]
    while reader.sees("+", "-", "\\pm", "\\mp"):
        operator = reader.now.text
        reader.at += 1
        right = _product(reader, depth)
        if operator in ("\\pm", "\\mp"):
            left = parts[0] if len(parts) == 1 else Node("add", tuple(parts))
            parts = [Node("pm", (left, right), operator[1:])]
        else:
            parts.append(right if operator == "+" else Node("neg", (right,)))
    return parts[0] if len(parts) == 1 else added(parts)


def _product(reader: Reader, depth: int) -> Node:
    parts = [_signed(reader, depth)]
    while True:
        token = reader.now
        if token.text in ("*", "\\cdot", "\\times"):
            reader.at += 1
            parts.append(_signed(reader, depth))
        elif token.text in ("/", "\\div"):
            reader.at += 1
            parts = _divided(reader, joined(parts), depth, token.text)
        elif _starts_factor(reader):
            parts.append(_implicit(reader, parts[-1], depth))
            if parts[-1].op == "mixed":
                parts[-2:] = [mixed(parts[-2], parts[-1].args[0])]
        elif token.kind == "text" and token.text.lower() in SCALES:
            reader.at += 1
            parts.append(number(SCALES[token.text.lower()]))
        else:
            return joined(parts)


def _divided(reader: Reader, above: Node, depth: int, sign: str) -> list[Node]:
    r"""`above` over what follows, which behind `\div` may be a mixed number; and a factor read on the way."""
    below = _signed(reader, depth)
    if sign != "\\div" or not _is_whole(below) or not reader.sees("\\frac"):
        return [Node("div", (above, below))]
    right = _implicit(reader, below, depth)
    if right.op == "mixed":
        return [Node("div", (above, mixed(below, right.args[0])))]
    return [Node("div", (above, below)), right]


def _starts_factor(reader: Reader) -> bool:
    token = reader.now
    if token.kind in ("number", "word", "name", "blackboard", "numeral"):
        return True
    if token.kind == "environment":
        return not token.text.startswith("\\end")
    if token.text == "(":
        following = reader.ahead()
        return following.kind != "text" and following.text != "\\mod"
    return token.text in _STARTS or (token.text == "|" and not reader.bars)


def _implicit(reader: Reader, left: Node, depth: int) -> Node:
    """The next factor, where no operator stands after `left`: or the fraction of a mixed number."""
    token = reader.now
    if token.kind == "number":
        return _second_number(reader, left, depth)
    right = read_power(reader, depth)
    if _is_whole(left) and token.text == "\\frac" and is_proper(right):
        return Node("mixed", (right,))
    return right


def _is_whole(node: Node) -> bool:
    return node.op == "num" and node.places == 0


def _second_number(reader: Reader, left: Node, depth: int) -> Node:
    """A number straight after a factor: `7! 3!` is a product, `2 1/2` is mixed, `3 5` is nothing."""
    if left.op in _TIGHT:
        return read_power(reader, depth)
    right = read_atom(reader, depth)
    if _is_whole(left) and _is_whole(right) and reader.take("/"):
        fraction = _with_suffixes(reader, Node("div", (right, read_atom(reader, depth))), depth)
        if is_proper(fraction):
            return Node("mixed", (fraction,))
    raise NotMaths("Two numbers stand side by side.")


def _signed(reader: Reader, depth: int) -> Node:
    signs = 0
    negative = False
    while reader.sees("-", "+"):
        negative ^= reader.now.text == "-"
        signs += 1
        reader.at += 1
        if signs > 2:
            raise NotMaths("There are too many signs in a row.")
    if reader.sees("\\pm", "\\mp"):
        name = reader.now.text[1:]
        reader.at += 1
        check_depth(depth)
        return Node("pm", (number(0), _product(reader, depth + 1)), name)
    node = read_power(reader, depth)
    if not negative:
        return node
    # A mixed number keeps its sign outside: -2 1/2 is -(2 + 1/2).
    if node.op == "num" and _starts_factor(reader):
        right = _implicit(reader, node, depth)
        node = mixed(node, right.args[0]) if right.op == "mixed" else joined([node, right])
    return Node("neg", (node,))


def read_power(reader: Reader, depth: int) -> Node:
    """What has one value, with what stands behind it."""
    return _with_suffixes(reader, read_atom(reader, depth), depth)


def _with_suffixes(reader: Reader, node: Node, depth: int) -> Node:
    """`node` with what stands behind it: powers, `!`, `%`, degrees, a base, a prime."""
    while True:
        text = reader.now.text
        if text in ("^", "**"):
            reader.at += 1
            node = _raised(reader, node, depth)
        elif text == "!":
            reader.at += 1
            node = _factorial(reader, node)
        elif text == "%":
            reader.at += 1
            node = Node("percent", (node,))
        elif text == "\\circ":
            reader.at += 1
            node = _degrees(reader, node)
        elif text == "_" and node.op in ("num", "seq"):
            node = _in_base(reader, node)
        elif text == "_" and node.op == "pow" and node.args[0].op == "sym":
            reader.at += 1  # v^2_0 is v_0^2
            name = f"{node.args[0].name}_{read_subscript(reader)}"
            node = Node("pow", (Node("sym", name=name), node.args[1]))
        elif text == "'" and node.op == "sym":
            reader.at += 1
            node = Node("sym", name=node.name + "'")
        else:
            return node


def _in_base(reader: Reader, node: Node) -> Node:
    """`node`, a number, with the base that its subscript names."""
    reader.at += 1
    base = read_subscript(reader)
    if node.op == "seq" or node.value is None or node.places:
        raise NotMaths("A subscript stands after no number.")
    return based(node, str(node.value.numerator), base.strip("()"))


def _factorial(reader: Reader, node: Node) -> Node:
    """`n!`, or `n!!` (every other factor)."""
    if not reader.take("!"):
        return Node("fact", (node,))
    if reader.sees("!"):
        raise NotMaths("There are too many factorials in a row.")
    return Node("fn", (node,), "factorial2")


def _degrees(reader: Reader, node: Node) -> Node:
    """`node` in degrees: of an angle, with minutes and seconds, or of temperature."""
    scale = _SCALES_OF_DEGREES.get(reader.now.text)
    if scale is not None and reader.now.kind in ("word", "text"):
        reader.at += 1
        return Node("unit", (node,), scale)
    return read_minutes_of_arc(reader, Node("unit", (node,), "degree"))


def _raised(reader: Reader, base: Node, depth: int) -> Node:
    if reader.take("\\circ"):
        return _degrees(reader, base)
    following = [reader.now.text, reader.ahead(1).text, reader.ahead(2).text]
    if following == ["{", "\\circ", "}"]:
        reader.at += 3
        return _degrees(reader, base)
    if base.op in ("matrix", "seq") and (turned := _transposed(reader, base)) is not None:
        return turned
    return Node("pow", (base, read_exponent(reader, depth + 1)))


def _transposed(reader: Reader, node: Node) -> Node | None:
    """`node` turned over if a `T` stands as its exponent."""
    braced = reader.now.text == "{"
    if reader.ahead(int(braced)).text not in ("T", "\\top"):
        return None
    reader.at += 3 if braced else 1
    return transposed(node) if node.op == "matrix" else node
