r"""Read expressions: sums, products, powers, functions and what else has one value.

sum      := product (("+"|"-"|"\pm") product)*
product  := signed (("*"|"/")? signed)*
power    := atom ("^" ... | "!" | "%" | "\circ")*
"""

from verifiers.math.brackets import read_absolute, read_environment, read_sequence, read_set
from verifiers.math.build import CHOOSERS, added, choosing, is_proper, joined, mixed, scientific
from verifiers.math.matrices import transposed
from verifiers.math.measures import read_minutes_of_arc
from verifiers.math.numbers import based, read_number, read_numeral
from verifiers.math.reader import Reader, check_depth
from verifiers.math.tokens import NotMaths, Token, Unsupported
from verifiers.math.tree import REALS, Node, is_scalar, number, product
from verifiers.math.words import FUNCTIONS, GREEK, OF_MANY, SCALES

_FUNCTIONS = FUNCTIONS | {"lg", "lb"}
_STARTS = (
    frozenset("\\" + name for name in _FUNCTIONS | GREEK)
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
            parts = [Node("div", (joined(parts), _signed(reader, depth)))]
        elif _starts_factor(reader):
            parts.append(_implicit(reader, parts, depth))
            if parts[-1].op == "mixed":
                parts[-2:] = [mixed(parts[-2], parts[-1].args[0])]
        elif token.kind == "text" and token.text.lower() in SCALES:
            reader.at += 1
            parts.append(number(SCALES[token.text.lower()]))
        else:
            return joined(parts)


def _starts_factor(reader: Reader) -> bool:
    token = reader.now
    if token.kind in ("number", "word", "blackboard", "numeral"):
        return True
    if token.kind == "environment":
        return not token.text.startswith("\\end")
    if token.text == "(":
        following = reader.ahead()
        return following.kind != "text" and following.text != "\\mod"
    return token.text in _STARTS or (token.text == "|" and not reader.bars)


def _implicit(reader: Reader, parts: list[Node], depth: int) -> Node:
    """The next factor where no operator stands: a product, or the fraction of a mixed number."""
    token, left = reader.now, parts[-1]
    if token.kind == "number":
        return _second_number(reader, left, depth)
    right = _power(reader, depth)
    whole = left.op == "num" and left.places == 0 and len(parts) == 1
    if whole and token.text == "\\frac" and is_proper(right):
        return Node("mixed", (right,))
    return right


def _second_number(reader: Reader, left: Node, depth: int) -> Node:
    """A number straight after a factor: `7! 3!` is a product, `2 1/2` is mixed, `3 5` is nothing."""
    if left.op in _TIGHT:
        return _power(reader, depth)
    right = _atom(reader, depth)
    if left.op == "num" and left.places == 0 and right.places == 0 and reader.take("/"):
        fraction = Node("div", (right, _atom(reader, depth)))
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
    node = _power(reader, depth)
    if not negative:
        return node
    # A mixed number keeps its sign outside: -2 1/2 is -(2 + 1/2).
    if node.op == "num" and _starts_factor(reader):
        right = _implicit(reader, [node], depth)
        node = mixed(node, right.args[0]) if right.op == "mixed" else joined([node, right])
    return Node("neg", (node,))


def _power(reader: Reader, depth: int) -> Node:
    node = _atom(reader, depth)
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


def read_exponent(reader: Reader, depth: int) -> Node:
    """What stands after `^`."""
    check_depth(depth)
    if reader.take("-"):
        return Node("neg", (read_exponent(reader, depth + 1),))
    node = read_group(reader, depth) if reader.sees("{") else _atom(reader, depth)
    if reader.take("^", "**"):
        return Node("pow", (node, read_exponent(reader, depth + 1)))
    return node


def read_group(reader: Reader, depth: int) -> Node:
    """`{…}`, or one token where LaTeX takes one."""
    if reader.take("{"):
        node = read_sum(reader, depth + 1)
        reader.expect("}")
        return node
    token = reader.now
    if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
        # \frac12 is 1 over 2.
        reader.tokens[reader.at] = Token("number", token.text[1:])
        return read_number(token.text[0])
    return _atom(reader, depth + 1)


def read_subscript(reader: Reader) -> str:
    """What stands after `_`, as text."""
    if reader.now.kind == "end":
        raise NotMaths("A subscript is missing.")
    if not reader.take("{"):
        reader.at += 1
        return reader.tokens[reader.at - 1].text
    parts: list[str] = []
    braces = 1
    while braces:
        if reader.now.kind == "end" or len(parts) > 20:
            raise NotMaths("A subscript is not closed.")
        parts.append(reader.now.text)
        braces += {"{": 1, "}": -1}.get(reader.now.text, 0)
        reader.at += 1
    return "".join(part for part in parts if part not in "{}")


def _atom(reader: Reader, depth: int) -> Node:
    token = reader.now
    check_depth(depth)
    if token.kind == "number":
        reader.at += 1
        return _scientific(reader, read_number(token.text))
    if token.kind == "word":
        reader.at += 1
        return _symbol(reader, token.text, depth)
    if token.text in ("(", "["):
        return read_sequence(reader, depth)
    if token.text == "{" and reader.ahead().text == "}" and reader.ahead(2).text in ("_", "^"):
        reader.at += 2
        return _chosen_before(reader, depth)
    if token.text in ("_", "^"):
        return _chosen_before(reader, depth)
    if token.text in ("{", "\\{"):
        return read_set(reader, depth)
    if token.text in ("|", "\\|"):
        return read_absolute(reader, depth)
    if token.kind == "command":
        reader.at += 1
        return _command(reader, token.text[1:], depth)
    if token.kind == "blackboard":
        reader.at += 1
        return _blackboard(reader, token.text)
    if token.kind == "numeral":
        reader.at += 1
        return read_numeral(token.text)
    if token.kind == "environment" and not token.text.startswith("\\end"):
        return read_environment(reader, depth)
    raise NotMaths(f"{token.text!r} does not belong in an answer here.")


def _scientific(reader: Reader, node: Node) -> Node:
    """`1.5e6`, as calculators write it: an `e` between a number and an integer, with no operator."""
    if reader.now.text not in ("e", "E") or reader.now.kind != "word":
        return node
    signed = reader.ahead().text in ("+", "-")
    digits = reader.ahead(2 if signed else 1).text
    if not digits.isdigit() or len(digits) > 6 or (signed and node.places == 0 and reader.now.text == "e"):
        return node  # 2e-1 is 2·e − 1 as often as 0.2
    negative = reader.ahead().text == "-"
    reader.at += 3 if signed else 2
    return scientific(node, -int(digits) if negative else int(digits))


def _symbol(reader: Reader, name: str, depth: int) -> Node:
    if name in CHOOSERS and reader.now.text in ("_", "^"):
        start = reader.at
        if (chosen := _chosen(reader, name, depth)) is not None:
            return chosen
        reader.at = start
    if reader.take("_"):
        return Node("sym", name=f"{name}_{read_subscript(reader)}")
    return Node("const", name=name) if name in ("e", "i") else Node("sym", name=name)


def _chosen(reader: Reader, name: str, depth: int) -> Node | None:
    """`C_{10}^{3}` or `C^{10}_{3}`, of two integers; None where something else stands."""
    values = []
    for _ in range(2):
        if not reader.take("_", "^"):
            return None
        value = read_group(reader, depth)
        if value.op != "num" or value.value is None:
            return None
        values.append(value)
    if (values[0].value or 0) < (values[1].value or 0):
        values.reverse()
    return choosing(name, *values)


def _chosen_before(reader: Reader, depth: int) -> Node:
    """`{}_{10}C_{3}` and `{}^{10}P_{3}`, from `_` or `^` on."""
    reader.at += 1
    whole = read_group(reader, depth)
    name = reader.now.text
    reader.at += 1
    if name not in CHOOSERS or not reader.take("_"):
        raise NotMaths("A subscript stands before nothing.")
    chosen = read_group(reader, depth)
    return choosing(name, whole, chosen)


def _blackboard(reader: Reader, text: str) -> Node:
    """A set of numbers: the reals as an interval, others by name, with what is raised or below them."""
    letter = next(character for character in text[7:] if character.isalpha())
    suffix = ""
    while reader.now.text in ("^", "_"):
        suffix += reader.now.text
        reader.at += 1
        suffix += read_subscript(reader)
    return REALS if letter == "R" and not suffix else Node("sym", name=f"blackboard {letter}{suffix}")


def _command(reader: Reader, name: str, depth: int) -> Node:
    if name in _FUNCTIONS:
        return _function(reader, name, depth)
    if name == "frac":
        above = read_group(reader, depth)
        return Node("div", (above, read_group(reader, depth)))
    if name == "sqrt":
        return _root(reader, depth)
    if name in ("pi", "infty"):
        return Node("const", name={"pi": "pi", "infty": "oo"}[name])
    if name == "log":
        return _logarithm(reader, depth)
    if name == "binom":
        above = read_group(reader, depth)
        return Node("binom", (above, read_group(reader, depth)))
    if name in ("lfloor", "lceil"):
        inner = read_sum(reader, depth + 1)
        reader.expect("\\rfloor" if name == "lfloor" else "\\rceil")
        return Node("fn", (inner,), "floor" if name == "lfloor" else "ceil")
    if name == "emptyset":
        return Node("set")
    if name in GREEK:
        return _symbol(reader, name, depth)
    raise Unsupported(f"\\{name} is beyond the grammar.")


def _root(reader: Reader, depth: int) -> Node:
    degree = number(2)
    if reader.take("["):
        degree = read_sum(reader, depth + 1)
        reader.expect("]")
    radicand = read_group(reader, depth) if reader.sees("{") else _atom(reader, depth + 1)
    return Node("root", (radicand, degree))


def _logarithm(reader: Reader, depth: int) -> Node:
    base: tuple[Node, ...] = ()
    power: Node | None = None
    while reader.sees("_", "^"):
        if reader.take("_"):
            base = (read_group(reader, depth),)
        else:
            reader.at += 1
            power = read_exponent(reader, depth + 1)
    node = Node("log", (_argument(reader, depth), *base))
    return node if power is None else Node("pow", (node, power))


def _function(reader: Reader, name: str, depth: int) -> Node:
    if name in ("lg", "lb"):
        return Node("log", (_argument(reader, depth), number(10 if name == "lg" else 2)))
    if name == "abs":
        return Node("abs", (_argument(reader, depth),))
    if name in OF_MANY:
        inner = _atom(reader, depth + 1)
        return Node("fn", inner.args if inner.op in ("seq", "set") else (inner,), name)
    power = read_exponent(reader, depth + 1) if reader.take("^") else None
    argument = _argument(reader, depth)
    if power is not None and power == Node("neg", (read_number("1"),)):
        return Node("fn", (argument,), "a" + name)
    node = Node("fn", (argument,), name)
    return node if power is None else Node("pow", (node, power))


def _argument(reader: Reader, depth: int) -> Node:
    r"""What a function without parentheses takes: `\sin 2x` is of `2x`, `\sin x \cos x` of `x`."""
    if reader.sees("(", "{", "[", "\\{"):
        node = read_group(reader, depth) if reader.sees("{") else _atom(reader, depth + 1)
        node = node.args[0] if node.op in ("seq", "set") and len(node.args) == 1 else node
        if not is_scalar(node):
            raise NotMaths("A function takes one value.")
        return node
    if reader.take("-"):
        return Node("neg", (_argument(reader, depth + 1),))
    parts = [_power(reader, depth + 1)]
    while reader.now.kind in ("word", "number") or reader.sees(
        "\\pi", "\\theta", "\\alpha", "\\beta", "\\frac", "\\sqrt"
    ):
        parts.append(_power(reader, depth + 1))
    return product(*parts)
