"""Labelled pairs of answers, MATH-like, made from seeded templates; right and wrong by construction.

A template returns two forms of one answer, and a wrong answer of the same look. The easy mix has the shares of
everyday answers (most are numbers, and most right ones are written as the reference is); the hard mix has
each of its templates equally often.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, gcd, isqrt

Random = random.Random
Forms = tuple[str, str, str]


@dataclass(frozen=True)
class Pair:
    kind: str
    answer: str
    reference: str
    label: bool


def mix(name: str, count: int, seed: int) -> list[Pair]:
    """`count` pairs of the `easy` or the `hard` mix; about six in ten are right."""
    chance = Random(f"{name} {seed}")
    templates = EASY if name == "easy" else HARD
    chosen = chance.choices(list(templates), weights=list(templates.values()), k=count)
    return [pair(template, chance) for template in chosen]


def pair(template: Callable[[Random], Forms], chance: Random) -> Pair:
    answer, reference, wrong = template(chance)
    label = chance.random() < 0.6
    return Pair(template.__name__, answer if label else wrong, reference, label)


# --- Easy ---------------------------------------------------------------------------------------------------


def integer(chance: Random) -> Forms:
    value = chance.choice((chance.randint(-20, 20), chance.randint(21, 999)))
    return str(value), str(value), str(value + chance.choice((-10, -2, -1, 1, 2, 10)))


def large_integer(chance: Random) -> Forms:
    value = chance.randint(1_000, 9_999_999)
    grouped = f"{value:,}"
    answer = chance.choice((str(value), grouped, grouped.replace(",", "{,}"), grouped.replace(",", ",\\!")))
    return answer, str(value), str(value + chance.choice((-1, 1, 1_000)))


def fraction(chance: Random) -> Forms:
    value = proper(chance)
    command = chance.choice(("frac", "dfrac", "tfrac", "frac"))
    answer = chance.choice((latex(value, command), latex(value), f"{value}"))
    return answer, latex(value), latex(value + Fraction(1, value.denominator))


def decimal(chance: Random) -> Forms:
    value = Fraction(chance.randint(1, 9_999), chance.choice((4, 5, 8, 20, 100)))
    shown = f"{float(value):.10f}".rstrip("0").rstrip(".")
    reference = chance.choice((shown, shown, latex(value)))
    wrong = f"{float(value + Fraction(1, 10)):.10f}".rstrip("0").rstrip(".")
    return shown, reference, wrong


def root(chance: Random) -> Forms:
    factor, inside = chance.randint(2, 12), chance.choice((2, 3, 5, 6, 7, 10, 11, 13))
    reference = rf"{factor}\sqrt{{{inside}}}"
    answer = chance.choice((reference, rf"{factor} \sqrt{{{inside}}}", rf"\sqrt{{{factor**2 * inside}}}"))
    return answer, reference, rf"{factor + 1}\sqrt{{{inside}}}"


def point(chance: Random) -> Forms:
    values = [chance.randint(-9, 9) for _ in range(chance.choice((2, 2, 3)))]
    wrong = [*values[:-1], values[-1] + 1]
    opening, closing = chance.choice((("(", ")"), (r"\left(", r"\right)")))
    joined = chance.choice((", ", ",")).join(map(str, values))
    return f"{opening}{joined}{closing}", f"({','.join(map(str, values))})", f"({', '.join(map(str, wrong))})"


def interval(chance: Random) -> Forms:
    low, high = sorted(chance.sample(range(-20, 20), 2))
    opening, closing = chance.choice("(["), chance.choice(")]")
    reference = f"{opening}{low},{high}{closing}"
    other = "[" if opening == "(" else "("
    answer = rf"\left{opening}{low}, {high}\right{closing}"
    return chance.choice((answer, reference)), reference, f"{other}{low},{high}{closing}"


def polynomial(chance: Random) -> Forms:
    a, b, c = chance.randint(2, 9), chance.randint(-9, 9) or 4, chance.randint(1, 9)
    reference = f"{a}x^2{b:+d}x+{c}"
    answer = chance.choice((reference, f"{a}x^2 {b:+d}x + {c}", f"{c}+{a}x^{{2}}{b:+d}x"))
    return answer, reference, f"{a}x^2{-b:+d}x+{c}"


def angle(chance: Random) -> Forms:
    value = chance.randint(1, 359)
    answer = chance.choice((rf"{value}^\circ", rf"{value}^{{\circ}}", f"{value}"))
    return answer, rf"{value}^\circ", rf"{value + 1}^\circ"


def money(chance: Random) -> Forms:
    value = f"{chance.randint(1, 400)}.{chance.randint(10, 99)}"
    wrong = f"{chance.randint(401, 900)}.50"
    return chance.choice((rf"\${value}", value)), rf"\${value}", rf"\${wrong}"


def percentage(chance: Random) -> Forms:
    value = chance.randint(1, 99)
    return chance.choice((rf"{value}\%", f"{value}%", f"{value}")), rf"{value}\%", rf"{value + 1}\%"


def measure(chance: Random) -> Forms:
    value, unit = chance.randint(2, 300), chance.choice(("cm", "inches", "hours", "miles", "square units"))
    answer = chance.choice((rf"{value}\text{{ {unit}}}", f"{value}", rf"{value} \text{{ {unit}}}"))
    return answer, rf"{value}\text{{ {unit}}}", rf"{value + 2}\text{{ {unit}}}"


def name(chance: Random) -> Forms:
    right, wrong = chance.sample(
        ("Evelyn", "Alice", "odd", "even", "Friday", "ellipse", "circle", "decreasing"), 2
    )
    return rf"\text{{{right}}}", chance.choice((rf"\text{{{right}}}", right)), rf"\text{{{wrong}}}"


def multiple_of_pi(chance: Random) -> Forms:
    value = proper(chance)
    reference = rf"\frac{{{value.numerator}\pi}}{{{value.denominator}}}"
    answer = chance.choice((reference, rf"{latex(value)}\pi"))
    return answer, reference, rf"\frac{{{value.numerator + value.denominator}\pi}}{{{value.denominator}}}"


# --- Hard ---------------------------------------------------------------------------------------------------


def factored(chance: Random) -> Forms:
    a, b, m = chance.randint(1, 9), chance.randint(-9, -1), chance.randint(2, 5)
    reference = f"{m}x^2{m * b + a:+d}x{a * b:+d}" if m * b + a else f"{m}x^2{a * b:+d}"
    return f"(x{b:+d})({m}x+{a})", reference, f"(x{b:+d})({m}x+{a + 1})"


def cube(chance: Random) -> Forms:
    a = chance.randint(1, 9)
    return f"(y+{a})^3", f"y^3+{3 * a}y^2+{3 * a * a}y+{a**3}", f"(y+{a})^3+1"


def rational_function(chance: Random) -> Forms:
    a, b = chance.sample(range(1, 12), 2)
    reference = rf"\frac{{{a + b}x+{2 * a * b}}}{{(x+{a})(x+{b})}}"
    # a/(x+a) + b/(x+b) = ((a+b)x + 2ab) / ((x+a)(x+b))
    answer = rf"\frac{{{a}}}{{x+{a}}}+\frac{{{b}}}{{x+{b}}}"
    return answer, reference, rf"\frac{{{a}}}{{x+{a}}}-\frac{{{b}}}{{x+{b}}}"


def rationalised(chance: Random) -> Forms:
    a, b = chance.randint(2, 20), chance.choice((2, 3, 5, 7))
    return (
        rf"\frac{{{a}}}{{\sqrt{{{b}}}}}",
        rf"\frac{{{a}\sqrt{{{b}}}}}{{{b}}}",
        rf"\frac{{{a}\sqrt{{{b}}}}}{{{b + 1}}}",
    )


def conjugate(chance: Random) -> Forms:
    b = chance.choice((2, 3, 5, 6, 7))
    a = isqrt(b) + chance.randint(1, 5)
    size = a * a - b
    reference = rf"\frac{{{a}-\sqrt{{{b}}}}}{{{size}}}"
    return rf"\frac{{1}}{{{a}+\sqrt{{{b}}}}}", reference, rf"\frac{{1}}{{{a}-\sqrt{{{b}}}}}"


def nested_root(chance: Random) -> Forms:
    a, b = sorted(chance.sample((2, 3, 5, 7, 11), 2))
    reference = rf"\sqrt{{{a + b}+2\sqrt{{{a * b}}}}}"
    return rf"\sqrt{{{a}}}+\sqrt{{{b}}}", reference, rf"\sqrt{{{a}}}+\sqrt{{{b + 1}}}"


def mixed_number(chance: Random) -> Forms:
    whole, part = chance.randint(1, 20), proper(chance)
    reference = latex(whole + part)
    return f"{whole}{latex(part)}", reference, f"{whole + 1}{latex(part)}"


def scientific(chance: Random) -> Forms:
    digits, power = chance.randint(11, 99), chance.randint(3, 9)
    reference = str(digits * 10 ** (power - 1))
    shown = f"{digits / 10}"
    return rf"{shown} \times 10^{{{power}}}", reference, rf"{shown} \times 10^{{{power + 1}}}"


def other_base(chance: Random) -> Forms:
    value, base = chance.randint(9, 200), chance.choice((2, 3, 5, 7, 8))
    digits, wrong = in_base(value, base), in_base(value + 1, base)
    return f"{digits}_{base}", f"{digits}_{{{base}}}", f"{wrong}_{base}"


def complex_number(chance: Random) -> Forms:
    a, b, c = (chance.randint(1, 9) for _ in range(3))
    # (a + bi)(c + i) = (ac - b) + (a + bc) i
    real, imaginary = a * c - b, a + b * c
    return f"({a}+{b}i)({c}+i)", f"{imaginary}i{real:+d}", f"({a}+{b}i)({c}-i)"


def unordered(chance: Random) -> Forms:
    values = chance.sample(range(-20, 20), chance.randint(3, 5))
    other = values[1:] + values[:1]
    wrong = [*values[:-1], 99]
    return (
        rf"\{{{', '.join(map(str, other))}\}}",
        chance.choice((rf"\{{{','.join(map(str, values))}\}}", ",".join(map(str, values)))),
        rf"\{{{', '.join(map(str, wrong))}\}}",
    )


def two_values(chance: Random) -> Forms:
    a, b = chance.randint(1, 9), chance.choice((2, 3, 5, 7))
    return rf"{a} \pm \sqrt{{{b}}}", rf"{a}-\sqrt{{{b}}}, {a}+\sqrt{{{b}}}", rf"{a} + \sqrt{{{b}}}"


def union(chance: Random) -> Forms:
    a, b = sorted(chance.sample(range(-9, 10), 2))
    reference = rf"(-\infty,{a})\cup({b},\infty)"
    answer = rf"\left({b}, \infty\right) \cup \left(-\infty, {a}\right)"
    return answer, reference, rf"(-\infty,{a}]\cup({b},\infty)"


def inequality(chance: Random) -> Forms:
    low, high = sorted(chance.sample(range(-9, 10), 2))
    return rf"{low} < x \le {high}", f"({low},{high}]", rf"{low} \le x \le {high}"


def line(chance: Random) -> Forms:
    a, b, c = chance.randint(2, 9), chance.randint(2, 9), chance.randint(1, 20)
    reference = f"{a}x+{b}y={c}"
    answer = rf"y = \frac{{{c} - {a}x}}{{{b}}}"
    return answer, reference, rf"y = \frac{{{c} + {a}x}}{{{b}}}"


def assignment(chance: Random) -> Forms:
    value = proper(chance)
    return f"x = {latex(value)}", latex(value), f"x = {latex(1 / value)}" if value != 1 else "x = 2"


def matrix(chance: Random) -> Forms:
    a, b, c, d = (chance.randint(-9, 9) for _ in range(4))
    reference = rf"\begin{{pmatrix}} {a} & {b} \\ {c} & {d} \end{{pmatrix}}"
    answer = rf"\begin{{bmatrix}}{a}&{b}\\{c}&{d}\end{{bmatrix}}"
    return answer, reference, rf"\begin{{pmatrix}} {a} & {b} \\ {c} & {d + 1} \end{{pmatrix}}"


def counting(chance: Random) -> Forms:
    n = chance.randint(6, 14)
    k = chance.randint(2, n - 2)
    return rf"\binom{{{n}}}{{{k}}}", str(comb(n, k)), rf"\binom{{{n + 1}}}{{{k}}}"


def factorials(chance: Random) -> Forms:
    n = chance.randint(5, 12)
    return f"{n}!", str(factorial(n)), f"{n - 1}!"


def logarithm(chance: Random) -> Forms:
    a, b = chance.sample((2, 3, 5, 7, 11), 2)
    return rf"\ln {a} + \ln {b}", rf"\ln {a * b}", rf"\ln {a + b}"


def trigonometry(chance: Random) -> Forms:
    n = chance.randint(2, 9)
    form, reference, wrong = chance.choice((
        (rf"2\sin({n}x)\cos({n}x)", rf"\sin({2 * n}x)", rf"2\sin({n}x)"),
        (rf"1-\cos^2({n}x)", rf"\sin^2({n}x)", rf"1+\cos^2({n}x)"),
        (rf"\frac{{\sin({n}x)}}{{\cos({n}x)}}", rf"\tan({n}x)", rf"\frac{{\cos({n}x)}}{{\sin({n}x)}}"),
    ))  # fmt: skip
    return form, reference, wrong


def exact_trigonometry(chance: Random) -> Forms:
    return chance.choice((
        (r"\cos\frac{\pi}{6}", r"\frac{\sqrt{3}}{2}", r"\sin\frac{\pi}{6}"),
        (r"\tan\frac{\pi}{3}", r"\sqrt{3}", r"\tan\frac{\pi}{6}"),
        (r"\frac{\sqrt{6}-\sqrt{2}}{4}", r"\sin 15^\circ", r"\frac{\sqrt{6}+\sqrt{2}}{4}"),
        (r"\arctan 1", r"\frac{\pi}{4}", r"\arctan 2"),
    ))  # fmt: skip


def powers(chance: Random) -> Forms:
    a, n = chance.choice((2, 3, 5)), chance.randint(2, 6)
    return f"{a}^{{x+{n}}}", rf"{a**n} \cdot {a}^x", f"{a}^{{x-{n}}}"


def recurring(chance: Random) -> Forms:
    digit = chance.choice((1, 2, 4, 5, 7, 8))
    return rf"0.\overline{{{digit}}}", latex(Fraction(digit, 9)), f"0.{digit}"


def converted(chance: Random) -> Forms:
    value = chance.randint(2, 90)
    return rf"{value * 100}\text{{ cm}}", rf"{value}\text{{ m}}", rf"{value * 10}\text{{ cm}}"


def series(chance: Random) -> Forms:
    n = chance.randint(3, 12)
    return rf"\sum_{{k=1}}^{{{n}}} k", str(n * (n + 1) // 2), rf"\sum_{{k=1}}^{{{n}}} k^2"


# --- Parts --------------------------------------------------------------------------------------------------


def proper(chance: Random) -> Fraction:
    """A fraction between 0 and 1."""
    while True:
        below = chance.randint(2, 30)
        above = chance.randint(1, below - 1)
        if gcd(above, below) == 1:
            return Fraction(above, below)


def latex(value: Fraction, command: str = "frac") -> str:
    return rf"\{command}{{{value.numerator}}}{{{value.denominator}}}" if value.denominator > 1 else str(value)


def in_base(value: int, base: int) -> str:
    return "".join(_digits(value, base))[::-1]


def _digits(value: int, base: int) -> Iterator[str]:
    while value:
        value, digit = divmod(value, base)
        yield str(digit)


EASY: dict[Callable[[Random], Forms], int] = {
    integer: 40, large_integer: 5, fraction: 14, decimal: 5, root: 6, point: 6, interval: 4, polynomial: 5,
    angle: 2, money: 2, percentage: 2, measure: 3, name: 3, multiple_of_pi: 3,
}  # fmt: skip
HARD: dict[Callable[[Random], Forms], int] = dict.fromkeys((
    factored, cube, rational_function, rationalised, conjugate, nested_root, mixed_number, scientific, other_base,
    complex_number, unordered, two_values, union, inequality, line, assignment, matrix, counting, factorials,
    logarithm, trigonometry, exact_trigonometry, powers, recurring, converted, series,
), 1)  # fmt: skip
