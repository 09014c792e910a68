r"""Read an answer, in LaTeX or plain text, into a small tree. No `eval`; size and depth are bounded.

    answer    := statement ((","|";"|"or"|"and") statement)*
    statement := union (relation union)* unit?
    union     := sum (("\cup"|"\cap") sum)*
    sum       := product (("+"|"-"|"\pm") product)*
    product   := signed (("*"|"/")? signed)*
    power     := atom ("^" ... | "!" | "%")*

A tree is made of `Node`. Its `op` is one of: num, sym, const, add, mul, div, neg, pow, root, fact, abs, fn,
log, binom, pm, percent, unit, chain, list, seq (ordered, with its two brackets as `name`), set, union,
intersection, matrix.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from verifiers.math_tokens import NotMaths, Token, Unsupported, tokens
from verifiers.math_words import CURRENCY, FUNCTIONS, GREEK, NOT_UNITS, OF_MANY, SCALES, unit_name

MAX_CHARACTERS = 3_000
MAX_DEPTH = 24
MAX_TREE_DEPTH = 150
MAX_DIGITS = 1_000

_RELATIONS = {"=": "=", "<": "<", ">": ">", "\\le": "<=", "\\ge": ">=", "<=": "<=", ">=": ">=", "\\ne": "!=",
              "!=": "!=", "\\approx": "~", "\\in": "in", "\\to": "=", "\\equiv": "=", "==": "="}  # fmt: skip
_NAMED = re.compile(
    r"[A-Za-z](?:_\{?\w\}?|'{1,2}|\^\{?-1\}?)? ?\( ?[A-Za-z](?: ?, ?[A-Za-z])* ?\) ?=(?!=)"
    r"|\\frac ?\{ ?d ?[a-z] ?\} ?\{ ?d ?[a-z] ?\} ?=(?!=)"
)
_SEQUENCE_OPEN = {"(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Node:
    """One node of an answer's tree; `value` and `places` (digits after the point) are those of a number."""

    op: str
    args: tuple["Node", ...] = ()
    name: str = ""
    value: Fraction | None = None
    places: int = 0


def parse(text: str, *, grouping: bool = True) -> Node:
    """The tree of normalised `text`. With `grouping`, `1,234` outside brackets is one number.

    Raises `NotMaths` or `Unsupported`.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotMaths(f"The answer has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    if (named := _NAMED.match(text)) is not None:
        text = text[named.end() :]
    reader = _Reader(tokens(text, grouping=grouping))
    node = reader.answer(0)
    if reader.now.kind != "end":
        raise NotMaths(f"{reader.now.text!r} does not belong in an answer here.")
    if _is_deep(node):
        raise NotMaths(f"The answer is nested deeper than {MAX_TREE_DEPTH}.")
    return node


def _is_deep(node: Node) -> bool:
    """Whether the tree is too deep for the recursive functions that read it."""
    level: list[Node] = [node]
    depth = 0
    while level and depth <= MAX_TREE_DEPTH:
        level = [part for parent in level for part in parent.args]
        depth += 1
    return bool(level)


class _Reader:
    """Recursive descent over tokens; `depth` bounds how deep it goes."""

    __slots__ = ("at", "bars", "tokens")

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.at = 0
        self.bars = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def sees(self, *texts: str) -> bool:
        token = self.tokens[self.at]
        return token.kind != "end" and token.text in texts

    def take(self, *texts: str) -> bool:
        if self.sees(*texts):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise NotMaths(f"There is {self.now.text!r} where {text!r} should stand.")

    # Statements

    def answer(self, depth: int) -> Node:
        """Everything: one statement, or a list of them."""
        parts = [self.statement(depth)]
        kinds = set()
        while separator := self.separator():
            kinds.add(separator)
            parts.append(self.statement(depth))
        return (
            parts[0]
            if len(parts) == 1
            else Node("list", tuple(parts), kinds.pop() if len(kinds) == 1 else ",")
        )

    def separator(self) -> str:
        found = ""
        while self.sees(",", ";", "\\or", "\\and", "or", "and") or (found and self.sees("\\text")):
            found = {"\\and": "and", "and": "and", "\\or": "or", "or": "or"}.get(self.now.text, found or ",")
            self.at += 1
        return found

    def statement(self, depth: int) -> Node:
        currency = self.currency()
        sides = [self.union(depth)]
        names = []
        while self.now.kind in ("symbol", "command") and self.now.text in _RELATIONS:
            names.append(_RELATIONS[self.now.text])
            self.at += 1
            currency = self.currency() or currency
            sides.append(self.union(depth))
        if unit := self.unit() or currency:
            sides[-1] = _with_unit(sides[-1], unit)
        return sides[0] if not names else Node("chain", tuple(sides), " ".join(names))

    def currency(self) -> str:
        if self.now.text in CURRENCY:
            self.at += 1
            return CURRENCY[self.tokens[self.at - 1].text]
        return ""

    def unit(self) -> str:
        """The words that end a statement, as one unit; with exponents, as in `cm^2`."""
        words: list[str] = []
        start = self.at
        while self.now.kind == "text" or (words and self.sees("^", "/", ".", "'")):
            if self.now.text in ("or", "and"):
                break
            if self.now.text == "^":
                self.at += 1
                words.append("^" + self.exponent_text())
                continue
            words.append(self.now.text)
            self.at += 1
        if not words and self.now.text in CURRENCY:
            return self.currency()
        named = [word for word in words if word[0].isalpha()]
        if len(named) > 4 or any(len(word) > 20 or word.lower() in NOT_UNITS for word in named):
            self.at = start
            raise NotMaths(f"{' '.join(words[:8])!r} does not belong in an answer.")
        return unit_name(words)

    def exponent_text(self) -> str:
        braced = self.take("{")
        sign = "-" if self.take("-") else ""
        token = self.now
        if token.kind != "number":
            raise NotMaths("A unit has an exponent that is not a number.")
        self.at += 1
        if braced:
            self.expect("}")
        return sign + token.text

    def union(self, depth: int) -> Node:
        node = self.sum(depth)
        while self.sees("\\cup", "\\cap", "\\setminus"):
            if self.now.text == "\\setminus":
                raise Unsupported("A difference of sets.")
            name = "union" if self.now.text == "\\cup" else "intersection"
            self.at += 1
            node = Node(name, (*_same(node, name), self.sum(depth)))
        return node

    # Expressions

    def sum(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise NotMaths(f"The answer is nested deeper than {MAX_DEPTH}.")
        parts = [self.product(depth)]
        while self.sees("+", "-", "\\pm", "\\mp"):
            operator = self.now.text
            self.at += 1
            right = self.product(depth)
            if operator in ("\\pm", "\\mp"):
                left = parts[0] if len(parts) == 1 else Node("add", tuple(parts))
                parts = [Node("pm", (left, right), operator[1:])]
            else:
                parts.append(right if operator == "+" else Node("neg", (right,)))
        return parts[0] if len(parts) == 1 else Node("add", tuple(parts))

    def product(self, depth: int) -> Node:
        parts = [self.signed(depth)]
        while True:
            if self.take("*", "\\cdot", "\\times"):
                parts.append(self.signed(depth))
            elif self.take("/", "\\div", ":"):
                left = parts[0] if len(parts) == 1 else Node("mul", tuple(parts))
                parts = [Node("div", (left, self.signed(depth)))]
            elif self.starts_factor():
                parts.append(self.implicit(parts, depth))
                if parts[-1].op == "mixed":
                    parts[-2:] = [Node("add", (parts[-2], parts[-1].args[0]))]
            elif self.now.kind == "text" and self.now.text.lower() in SCALES:
                scale = SCALES[self.now.text.lower()]
                self.at += 1
                parts.append(Node("num", value=Fraction(scale)))
            else:
                return _joined(parts)

    def implicit(self, parts: list[Node], depth: int) -> Node:
        """The next factor where no operator stands: a product, or the fraction of a mixed number."""
        starts_with = self.now
        after_number = parts[-1].op == "num" and len(parts) == 1
        if starts_with.kind == "number":
            return self.second_number(parts, depth)
        right = self.power(depth)
        if after_number and parts[-1].places == 0 and starts_with.text == "\\frac" and _proper(right):
            return Node("mixed", (right,))
        return right

    def second_number(self, parts: list[Node], depth: int) -> Node:
        """A number straight after a factor: `7! 3!` is a product, `2 1/2` is mixed, `3 5` is nothing."""
        left = parts[-1]
        if left.op in ("fact", "sym", "const", "pow", "root", "fn", "binom"):
            return self.power(depth)
        right = self.atom(depth)
        if left.op == "num" and left.places == 0 and right.places == 0 and self.take("/"):
            below = self.atom(depth)
            fraction = Node("div", (right, below))
            if below.op == "num" and _proper(fraction):
                return Node("mixed", (fraction,))
        raise NotMaths("Two numbers stand side by side.")

    def starts_factor(self) -> bool:
        token = self.now
        if token.kind in ("number", "word", "blackboard", "environment"):
            return not token.text.startswith("\\end")
        if token.kind == "symbol":
            return token.text in ("(", "[", "{") or (token.text == "|" and not self.bars)
        return token.kind == "command" and (
            token.text[1:] in FUNCTIONS
            or token.text[1:] in GREEK
            or token.text
            in (
                "\\frac",
                "\\sqrt",
                "\\pi",
                "\\infty",
                "\\log",
                "\\binom",
                "\\lfloor",
                "\\lceil",
                "\\lg",
                "\\lb",
            )
        )

    def signed(self, depth: int) -> Node:
        signs = 0
        negative = False
        while self.sees("-", "+"):
            negative ^= self.now.text == "-"
            signs += 1
            self.at += 1
            if signs > 2:
                raise NotMaths("There are too many signs in a row.")
        if self.sees("\\pm", "\\mp"):
            self.at += 1
            if depth > MAX_DEPTH:
                raise NotMaths(f"The answer is nested deeper than {MAX_DEPTH}.")
            return Node("pm", (Node("num", value=Fraction(0)), self.product(depth + 1)), "pm")
        node = self.power(depth)
        if not negative:
            return node
        # A mixed number keeps its sign outside: -2 1/2 is -(2 + 1/2).
        if node.op == "num" and self.starts_factor():
            right = self.implicit([node], depth)
            node = Node("add", (node, right.args[0])) if right.op == "mixed" else Node("mul", (node, right))
        return Node("neg", (node,))

    def power(self, depth: int) -> Node:
        node = self.atom(depth)
        while True:
            if self.take("^", "**"):
                node = self.raised(node, depth)
            elif self.take("!"):
                node = Node("fact", (node,))
            elif self.take("%"):
                node = Node("percent", (node,))
            elif self.take("\\circ"):
                node = Node("unit", (node,), "degree")
            elif self.sees("_") and node.op == "num":
                self.at += 1
                node = Node("unit", (node,), "base " + self.subscript())
            else:
                return node

    def raised(self, base: Node, depth: int) -> Node:
        if self.take("\\circ"):
            return Node("unit", (base,), "degree")
        if [token.text for token in self.tokens[self.at : self.at + 3]] == ["{", "\\circ", "}"]:
            self.at += 3
            return Node("unit", (base,), "degree")
        return Node("pow", (base, self.exponent(depth + 1)))

    def exponent(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise NotMaths(f"The answer is nested deeper than {MAX_DEPTH}.")
        if self.take("-"):
            return Node("neg", (self.exponent(depth + 1),))
        node = self.group(depth) if self.sees("{") else self.atom(depth)
        if self.take("^", "**"):
            return Node("pow", (node, self.exponent(depth + 1)))
        return node

    def group(self, depth: int) -> Node:
        """`{…}`, or one token where LaTeX takes one."""
        if self.take("{"):
            node = self.sum(depth + 1)
            self.expect("}")
            return node
        token = self.now
        if token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
            # \frac12 is 1 over 2.
            self.tokens[self.at] = Token("number", token.text[1:])
            return _number(token.text[0])
        return self.atom(depth + 1)

    def subscript(self) -> str:
        if self.now.kind == "end":
            raise NotMaths("A subscript is missing.")
        if not self.take("{"):
            self.at += 1
            return self.tokens[self.at - 1].text
        parts: list[str] = []
        while not self.sees("}"):
            if self.now.kind == "end" or len(parts) > 20:
                raise NotMaths("A subscript is not closed.")
            parts.append(self.now.text)
            self.at += 1
        self.at += 1
        return "".join(parts)

    def atom(self, depth: int) -> Node:
        token = self.now
        if depth > MAX_DEPTH:
            raise NotMaths(f"The answer is nested deeper than {MAX_DEPTH}.")
        if token.kind == "number":
            self.at += 1
            return self.scientific(_number(token.text))
        if token.kind == "word":
            self.at += 1
            return self.symbol(token.text)
        if token.kind == "blackboard":
            self.at += 1
            return _blackboard(token.text)
        if token.kind == "environment":
            return self.matrix(depth)
        if token.text in _SEQUENCE_OPEN and token.kind == "symbol":
            return self.sequence(depth)
        if token.text == "{":
            return self.group(depth)
        if token.text == "\\{":
            return self.set(depth)
        if token.text in ("|", "\\|"):
            return self.absolute(depth)
        if token.kind == "command":
            self.at += 1
            return self.command(token.text[1:], depth)
        raise NotMaths(f"{token.text!r} does not belong in an answer here.")

    def scientific(self, number: Node) -> Node:
        """`1.5e6`, as calculators write it: an `e` between a number and an integer, with no operator."""
        following = self.tokens[self.at : self.at + 3]
        if len(following) < 2 or following[0] not in (Token("word", "e"), Token("word", "E")):
            return number
        signed = following[1].text in ("+", "-") and len(following) == 3 and following[2].text.isdigit()
        digits = following[2].text if signed else following[1].text
        if not digits.isdigit() or len(digits) > 6 or (following[0].text == "e" and following[1].text == "+"):
            return number
        if signed and number.places == 0:
            return number  # 2e-1 is 2·e − 1 as often as 0.2
        self.at += 3 if signed else 2
        exponent = Node("num", value=Fraction(int(digits)))
        exponent = Node("neg", (exponent,)) if signed and following[1].text == "-" else exponent
        return Node("mul", (number, Node("pow", (Node("num", value=Fraction(10)), exponent))))

    def symbol(self, name: str) -> Node:
        if self.take("_"):
            return Node("sym", name=f"{name}_{self.subscript()}")
        if self.take("'"):
            name += "'"
        return Node("const", name=name) if name in ("e", "i") else Node("sym", name=name)

    def command(self, name: str, depth: int) -> Node:
        if name in FUNCTIONS or name in ("lg", "lb"):
            return self.function(name, depth)
        if name == "frac":
            above = self.group(depth)
            return Node("div", (above, self.group(depth)))
        if name == "sqrt":
            return self.root(depth)
        if name in ("pi", "infty"):
            return Node("const", name={"pi": "pi", "infty": "oo"}[name])
        if name == "log":
            return self.logarithm(depth)
        if name == "binom":
            above = self.group(depth)
            return Node("binom", (above, self.group(depth)))
        if name in ("lfloor", "lceil"):
            inner = self.sum(depth + 1)
            self.expect("\\rfloor" if name == "lfloor" else "\\rceil")
            return Node("fn", (inner,), "floor" if name == "lfloor" else "ceil")
        if name == "emptyset":
            return Node("set")
        if name in GREEK:
            return self.symbol(name)
        raise Unsupported(f"\\{name} is beyond the grammar.")

    def root(self, depth: int) -> Node:
        degree = Node("num", value=Fraction(2))
        if self.take("["):
            degree = self.sum(depth + 1)
            self.expect("]")
        radicand = self.group(depth) if self.sees("{") else self.atom(depth + 1)
        return Node("root", (radicand, degree))

    def logarithm(self, depth: int) -> Node:
        base: tuple[Node, ...] = ()
        if self.take("_"):
            base = (self.group(depth),)
        return Node("log", (self.argument(depth), *base))

    def function(self, name: str, depth: int) -> Node:
        if name == "lg":
            return Node("log", (self.argument(depth), _number("10")))
        if name == "lb":
            return Node("log", (self.argument(depth), _number("2")))
        if name in OF_MANY:
            inner = self.atom(depth + 1)
            return Node("fn", inner.args if inner.op == "seq" else (inner,), name)
        power = self.exponent(depth + 1) if self.take("^") else None
        argument = self.argument(depth)
        if power is not None and power == Node("neg", (_number("1"),)):
            return Node("fn", (argument,), "a" + name)
        node = Node("fn", (argument,), name)
        return node if power is None else Node("pow", (node, power))

    def argument(self, depth: int) -> Node:
        r"""What a function without parentheses takes: `\sin 2x` is of `2x`, `\sin x \cos x` of `x`."""
        if self.sees("(", "{", "["):
            return self.power_of_group(depth)
        if self.take("-"):
            return Node("neg", (self.argument(depth + 1),))
        parts = [self.power(depth + 1)]
        while self.now.kind in ("word", "number") or self.sees(
            "\\pi", "\\theta", "\\alpha", "\\beta", "\\frac", "\\sqrt"
        ):
            parts.append(self.power(depth + 1))
        return parts[0] if len(parts) == 1 else Node("mul", tuple(parts))

    def power_of_group(self, depth: int) -> Node:
        node = self.group(depth) if self.sees("{") else self.atom(depth + 1)
        if node.op == "seq":
            raise NotMaths("A function takes one value.")
        return node

    # Brackets

    def sequence(self, depth: int) -> Node:
        opening = self.now.text
        self.at += 1
        bars, self.bars = self.bars, 0
        if self.take(_SEQUENCE_OPEN[opening]):
            return Node("seq", (), opening + _SEQUENCE_OPEN[opening])
        parts = [self.statement(depth + 1)]
        while self.take(",", ";"):
            parts.append(self.statement(depth + 1))
        self.bars = bars
        closing = self.now.text
        if not self.take(")", "]"):
            raise NotMaths(f"There is {closing!r} where a bracket should close.")
        if len(parts) > 1:
            return Node("seq", tuple(parts), opening + closing)
        if opening + closing not in ("()", "[]") or parts[0].op == "chain":
            raise NotMaths("Brackets hold no sequence.")
        return (
            parts[0]
            if opening == "(" or self.starts_factor() or self.sees("^", "*", "/", "+", "-", "\\cdot")
            else Node("seq", (parts[0],), "[]")
        )

    def set(self, depth: int) -> Node:
        self.at += 1
        if self.take("\\}"):
            return Node("set")
        parts = [self.statement(depth + 1)]
        while self.separator():
            if self.sees("\\}"):
                break
            parts.append(self.statement(depth + 1))
        if self.sees("|", ":"):
            raise Unsupported("A set given by a condition.")
        self.expect("\\}")
        return Node("set", tuple(parts))

    def absolute(self, depth: int) -> Node:
        bar = self.now.text
        self.at += 1
        self.bars += 1
        inner = self.sum(depth + 1)
        self.bars -= 1
        self.expect(bar)
        return Node("abs", (inner,))

    def matrix(self, depth: int) -> Node:
        if "vmatrix" in self.now.text or "Vmatrix" in self.now.text:
            raise Unsupported("A determinant.")
        self.at += 1
        rows: list[Node] = []
        row: list[Node] = []
        while True:
            row.append(self.sum(depth + 1))
            if self.take("&"):
                continue
            rows.append(Node("row", tuple(row)))
            row = []
            ended = self.take("\\cr")
            if self.now.text.startswith("\\end"):
                self.at += 1
                break
            if not ended:
                raise NotMaths("A matrix is not closed.")
        if len({len(line.args) for line in rows}) != 1:
            raise NotMaths("A matrix has rows of different lengths.")
        return Node("matrix", tuple(rows))


def _joined(parts: list[Node]) -> Node:
    """The product of `parts`; `C(n, k)` is a binomial, other products with tuples are not read."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2 and parts[0].name == "C" and parts[1].op == "seq" and len(parts[1].args) == 2:
        return Node("binom", parts[1].args)
    if any(part.op in ("seq", "set", "matrix") for part in parts):
        raise Unsupported("A product with a tuple, set or matrix.")
    return Node("mul", tuple(parts))


def _number(text: str) -> Node:
    plain = text.replace(",", "")
    if len(plain) > MAX_DIGITS:
        raise NotMaths(f"A number has more than {MAX_DIGITS} digits.")
    places = len(plain.partition(".")[2])
    digits = int(plain.replace(".", "") or "0")
    return Node("num", value=Fraction(digits, 10**places) if places else Fraction(digits), places=places)


def _proper(fraction: Node) -> bool:
    """Whether `fraction` is one of two integers, the upper smaller: the fraction of a mixed number."""
    if fraction.op != "div" or any(part.op != "num" or part.places for part in fraction.args):
        return False
    above, below = (part.value or Fraction(0) for part in fraction.args)
    return 0 < above < below


def _same(node: Node, name: str) -> tuple[Node, ...]:
    return node.args if node.op == name else (node,)


def _blackboard(text: str) -> Node:
    letter = next(character for character in text[7:] if character.isalpha())
    if letter == "R":
        ends = (Node("neg", (Node("const", name="oo"),)), Node("const", name="oo"))
        return Node("seq", ends, "()")
    return Node("sym", name=f"blackboard {letter}")


def _with_unit(node: Node, unit: str) -> Node:
    return Node("percent", (node,)) if unit == "percent" else Node("unit", (node,), unit)
