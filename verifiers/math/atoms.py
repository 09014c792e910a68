r"""Read what has one value: numbers, variables, groups, functions, roots, logarithms, binomials."""

from verifiers.math.brackets import read_absolute, read_environment, read_sequence, read_set
from verifiers.math.build import CHOOSERS, choosing, scientific
from verifiers.math.numbers import read_number, read_numeral
from verifiers.math.reader import Reader, check_depth
from verifiers.math.tokens import NotMaths, Token, Unsupported
from verifiers.math.tree import REALS, Node, is_scalar, number, product, symbols
from verifiers.math.words import FUNCTIONS, GREEK, OF_MANY

CALLED = FUNCTIONS | {"lg", "lb"}


def read_exponent(reader: Reader, depth: int) -> Node:
    """What stands after `^`."""
    check_depth(depth)
    if reader.take("-"):
        return Node("neg", (read_exponent(reader, depth + 1),))
    node = read_group(reader, depth) if reader.sees("{") else read_atom(reader, depth)
    if reader.take("^", "**"):
        return Node("pow", (node, read_exponent(reader, depth + 1)))
    return node


def read_group(reader: Reader, depth: int) -> Node:
    """`{…}`, or one token where LaTeX takes one."""
    if reader.take("{"):
        node = reader.sum(reader, depth + 1)
        reader.expect("}")
        return node
    token = reader.now
    if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
        # \frac12 is 1 over 2.
        reader.tokens[reader.at] = Token("number", token.text[1:])
        return read_number(token.text[0])
    return read_atom(reader, depth + 1)


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


def read_atom(reader: Reader, depth: int) -> Node:
    """One number, variable, group, function or bracket, without what stands behind it."""
    token = reader.now
    check_depth(depth)
    if token.kind == "number":
        reader.at += 1
        return _scientific(reader, read_number(token.text))
    if token.kind == "word":
        reader.at += 1
        return _symbol(reader, token.text, depth)
    if token.kind == "name":
        reader.at += 1
        return Node("sym", name=token.text)
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
    """`C_{10}^{3}` or `C^{10}_{3}`, of two integers, and `C_n^k`; None where something else stands."""
    values: dict[str, Node] = {}
    for _ in range(2):
        mark = reader.now.text
        if not reader.take("_", "^") or mark in values:
            return None
        token = reader.now
        if token.kind in ("word", "number"):  # of C^r_n the subscript is that of C
            reader.at += 1
            values[mark] = read_number(token.text) if token.kind == "number" else Node("sym", name=token.text)
        else:
            values[mark] = read_group(reader, depth)
    below, above = values["_"], values["^"]
    if below.value is not None and above.value is not None:
        return choosing(name, *((below, above) if below.value > above.value else (above, below)))
    names = [symbols(part) for part in (below, above)]
    if name != "C" or "n" not in names[0] | names[1] or any(not _is_index(part) for part in (below, above)):
        return None
    return choosing(name, below, above) if "n" in names[0] else choosing(name, above, below)


def _is_index(node: Node) -> bool:
    return node.op in ("num", "sym") or (node.op in ("add", "mul", "neg") and all(map(_is_index, node.args)))


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
    if name in CALLED:
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
    if name in ("binom", "choosing", "arranging", "remainder"):
        above, below = _two(reader, depth)
        if name == "remainder":
            return Node("fn", (above, below), name)
        return choosing("P" if name == "arranging" else "C", above, below)
    if name == "factorial":
        return Node("fact", (_argument(reader, depth),))
    if name == "cbrt":
        return Node("root", (_argument(reader, depth), number(3)))
    if name == "Gamma" and reader.sees("("):
        return Node("fn", (_argument(reader, depth),), "gamma")
    if name in ("lfloor", "lceil"):
        inner = reader.sum(reader, depth + 1)
        reader.expect("\\rfloor" if name == "lfloor" else "\\rceil")
        return Node("fn", (inner,), "floor" if name == "lfloor" else "ceil")
    if name == "emptyset":
        return Node("set")
    if name in GREEK:
        return _symbol(reader, name, depth)
    raise Unsupported(f"\\{name} is beyond the grammar.")


def _two(reader: Reader, depth: int) -> tuple[Node, Node]:
    """The two arguments of a binomial: groups, or a bracket with a comma in it."""
    if not reader.sees("("):
        above = read_group(reader, depth)
        return above, read_group(reader, depth)
    inside = read_atom(reader, depth + 1)
    if inside.op != "seq" or len(inside.args) != 2:
        raise NotMaths("A binomial has two parts.")
    return inside.args[0], inside.args[1]


def _root(reader: Reader, depth: int) -> Node:
    degree = number(2)
    if reader.take("["):
        degree = reader.sum(reader, depth + 1)
        reader.expect("]")
    radicand = read_group(reader, depth) if reader.sees("{") else read_atom(reader, depth + 1)
    return Node("root", (radicand, degree))


def _logarithm(reader: Reader, depth: int) -> Node:
    base: tuple[Node, ...] = ()
    power: Node | None = None
    while reader.sees("_", "^"):
        if reader.take("_"):
            base = (_base_of_logarithm(reader, depth),)
        else:
            reader.at += 1
            power = read_exponent(reader, depth + 1)
    if not base and reader.sees("("):
        start = reader.at
        inside = read_atom(reader, depth + 1)
        if inside.op == "seq" and len(inside.args) == 2:  # log(8, 2), as programs write it
            return Node("log", inside.args)
        reader.at = start
    node = Node("log", (_argument(reader, depth), *base))
    return node if power is None else Node("pow", (node, power))


def _base_of_logarithm(reader: Reader, depth: int) -> Node:
    r"""The base: in `\log_10(5)` and `\log_10 5` all of the number, in `\log_28` its first digit."""
    following = reader.ahead()
    if reader.now.kind == "number" and (following.text in ("(", "{") or following.kind in ("number", "word")):
        reader.at += 1
        return read_number(reader.tokens[reader.at - 1].text)
    return read_group(reader, depth)


def _function(reader: Reader, name: str, depth: int) -> Node:
    if name in ("lg", "lb"):
        return Node("log", (_argument(reader, depth), number(10 if name == "lg" else 2)))
    if name == "abs":
        return Node("abs", (_argument(reader, depth),))
    if name in OF_MANY:
        inner = read_atom(reader, depth + 1)
        return Node("fn", inner.args if inner.op in ("seq", "set") else (inner,), name)
    if name == "cis":
        angle = _argument(reader, depth)
        return Node(
            "add",
            (Node("fn", (angle,), "cos"), product(Node("const", name="i"), Node("fn", (angle,), "sin"))),
        )
    power = read_exponent(reader, depth + 1) if reader.take("^") else None
    argument = _argument(reader, depth)
    if power is not None and power == Node("neg", (read_number("1"),)):
        return Node("fn", (argument,), "a" + name)
    node = Node("fn", (argument,), name)
    return node if power is None else Node("pow", (node, power))


def _argument(reader: Reader, depth: int) -> Node:
    r"""What a function without parentheses takes: `\sin 2x` is of `2x`, `\sin x \cos x` of `x`."""
    if reader.sees("(", "{", "[", "\\{"):
        node = read_group(reader, depth) if reader.sees("{") else read_atom(reader, depth + 1)
        node = node.args[0] if node.op in ("seq", "set") and len(node.args) == 1 else node
        if not is_scalar(node):
            raise NotMaths("A function takes one value.")
        return node
    if reader.take("-"):
        return Node("neg", (_argument(reader, depth + 1),))
    parts = [reader.power(reader, depth + 1)]
    while reader.now.kind in ("word", "number") or reader.sees(
        "\\pi", "\\theta", "\\alpha", "\\beta", "\\frac", "\\sqrt"
    ):
        parts.append(reader.power(reader, depth + 1))
    return product(*parts)
