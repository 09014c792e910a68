r"""What a symbolic worker process runs. The only place that imports sympy and a reader of general LaTeX.

Two expressions are equal if they are at fixed points, relative to their size: `e^{-1000}` and `e^{-1001}`
differ, and so do `\tanh(50)` and 1. A value whose digits cannot be vouched for decides nothing.
"""

import contextlib
import gc
import logging
import random
import re
import resource
import sys
from fractions import Fraction
from typing import Any

from verifiers.math.tree import Node
from verifiers.process import refuse, serve_in_forks

MEMORY_BYTES = 1_500_000_000
_DIGITS = 200
_AGREEING = 190
_WORKING_DIGITS = 1_000
"""Digits worked with to get the digits of a value in which much cancels."""
_ENOUGH = 3
_POINTS = (
    Fraction(311, 997),
    Fraction(1583, 997),
    Fraction(2749, 997),
    Fraction(-419, 997),
    Fraction(-1733, 997),
)
_TERMS = (0, 1, 2, 3, 7, 12)
"""The terms, counted from the first, by which two series with the same bounds are compared."""
_WHOLE_POINTS, _ENOUGH_WHOLE, _MOST_TERMS = 20, 7, 60
"""Where sums up to a variable are compared: points, how many have to agree, and the terms that are written out."""
_WARM = (
    r"\sum_{n=0}^{\infty} x^n",
    r"\frac{1}{2}",
    r"\int_0^1 \sqrt{x} dx",
    r"\sum_{k=1}^{3} k^2",
    r"\lim_{x \to 0} \frac{\sin x}{x}",
    r"\binom{4}{2} e^{i\pi} \log_2 x",
)
# What the reader drops or reads as something else: words, dots that stand for terms, the letter Π.
_MISREAD = re.compile(r"\\(?:text|mbox|[lcvd]?dots|Pi|quad)|\.\.\.|…|[^\x00-\x7f]")
_DIFFERENTIAL = re.compile(r"(?:\\[,;!])?\s*\\(?:mathrm|text|operatorname)\s?\{d\}\s?(?=[a-z])")

_NOT_DECIDED = (ArithmeticError, NotImplementedError, TypeError, ValueError)
"""What sympy raises for formulas that have no value or that it cannot work with; anything else is a fault."""

Reply = tuple[bool | None, str, str]


def serve_main() -> None:
    """Cap memory, import what is slow to import, then answer questions."""
    for limit, value in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit on address space
            resource.setrlimit(limit, (value, value))
    sys.set_int_max_str_digits(20_000)
    logging.disable(logging.CRITICAL)
    try:
        _warm_up()
    except ImportError as error:
        refuse(f"Symbolic comparison needs the packages sympy and latex2sympy2-extended: {error}.")
    else:
        serve_in_forks(_answer)


def _warm_up() -> None:
    """Import what a question needs and fill its caches, which takes longer than most questions."""
    for formula in _WARM:
        _same_latex(formula, formula + "+1")
    gc.freeze()  # forks then share the memory


def _answer(question: tuple[Any, ...]) -> Reply:
    try:
        if question[0] == "trees":
            return _same(_sympy(question[1]), _sympy(question[2]), "symbolic")
        if question[0] == "latex":
            return _same_latex(question[1], question[2])
        return None, "symbolic", ""
    except MemoryError:
        return None, "error", "The symbolic comparison needs too much memory."
    except RecursionError:
        return None, "symbolic", "The symbolic comparison is too deep."
    except _NOT_DECIDED as error:
        return None, "symbolic", f"The symbolic comparison is not possible ({type(error).__name__})."
    except Exception as error:
        return None, "error", f"The symbolic comparison failed with {type(error).__name__}: {error}."


def _same(left: Any, right: Any, layer: str) -> Reply:
    """Different at one point, or equal at several; simplified where too few points are of use."""
    import sympy

    difference = left - right
    if difference == 0:
        return True, layer, ""
    names = sorted(left.free_symbols | right.free_symbols, key=str)
    agreed = 0
    for shift in range(len(_POINTS) if names else 1):
        point = {
            name: sympy.Rational(*_pair(_POINTS[(shift + place) % len(_POINTS)]))
            for place, name in enumerate(names)
        }
        equal = _same_number(left.subs(point), right.subs(point))
        if equal is False:
            return False, layer, f"They differ when evaluated to {_DIGITS} digits."
        agreed += equal is True
    if agreed >= (_ENOUGH if names else 1):
        return True, layer, ""
    return bool(sympy.simplify(difference) == 0) or None, layer, "No simplification makes them equal."


def _pair(number: Fraction) -> tuple[int, int]:
    return number.numerator, number.denominator


def _same_number(left: Any, right: Any) -> bool | None:
    """Whether two expressions without variables are equal; None if one has no value to be relied upon.

    Equal numbers agree to `_DIGITS` digits, and their difference has no digit that more work would bring out.
    """
    first, second = _number(left), _number(right)
    if first is None or second is None:
        return None
    if abs(first - second) * 10**_AGREEING > max(abs(first), abs(second)):
        return False
    gap = _number(left - right)
    return gap is None or bool(gap == 0)


def _number(value: Any) -> Any:
    """The value to `_DIGITS` digits, all of them right; None where there is none."""
    import sympy

    if value.has(sympy.nan, sympy.zoo, sympy.oo, *_unfinished()):
        return None
    try:
        found = value.evalf(_DIGITS, maxn=_WORKING_DIGITS, strict=True)
    except sympy.core.evalf.PrecisionExhausted:
        return None
    return found if found.is_number and not found.has(sympy.nan, sympy.zoo, sympy.oo) else None


def _unfinished() -> tuple[Any, ...]:
    import sympy

    return sympy.Integral, sympy.Sum, sympy.Product, sympy.Limit, sympy.Derivative


def _sympy(node: Node) -> Any:
    """The sympy expression of a tree; built node by node, so no text is ever evaluated."""
    import sympy

    if node.op == "num":
        assert node.value is not None
        return sympy.Rational(*_pair(node.value))
    if node.op == "sym":
        return sympy.Symbol(node.name, real=True)
    if node.op == "const":
        return {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo}[node.name]
    parts = [_sympy(part) for part in node.args]
    if node.op == "fn":
        return _function(node.name)(*parts)
    makers: dict[str, Any] = {
        "add": lambda *p: sympy.Add(*p), "mul": lambda *p: sympy.Mul(*p), "neg": lambda a: -a,
        "div": lambda a, b: a / b, "pow": lambda a, b: sympy.Pow(a, b),
        "root": lambda a, n: sympy.real_root(a, n),
        "fact": sympy.factorial, "binom": sympy.binomial, "abs": sympy.Abs, "percent": lambda a: a / 100,
        "log": lambda x, base=sympy.E: sympy.log(x, base),
    }  # fmt: skip
    if node.op == "unit" and node.name == "degree":
        return parts[0] * sympy.pi / 180
    if node.op == "root" and node.args[1].value is not None and node.args[1].value % 2 == 0:
        return sympy.root(*parts)
    return makers[node.op](*parts)


def _function(name: str) -> Any:
    import sympy

    special = {"ln": "log", "ceil": "ceiling", "max": "Max", "min": "Min", "sgn": "sign", "remainder": "Mod"}
    if name.startswith("arc"):
        name = "a" + name[3:]
    return getattr(sympy, special.get(name, name))


def _same_latex(answer: str, reference: str) -> Reply:
    """Two formulas beyond our grammar: read by latex2sympy2-extended, compared as all others are."""
    import sympy

    left, right = _read(answer), _read(reference)
    if not isinstance(left, sympy.Expr) or not isinstance(right, sympy.Expr):
        return None, "latex", "One of the two cannot be read as an expression."
    if (decision := _same_series(left, right)) is not None:
        return decision
    if (decision := _same_at_whole(left, right)) is not None:
        return decision
    return _same(left.doit(), right.doit(), "latex")


def _read(formula: str) -> Any:
    from latex2sympy2_extended.latex2sympy2 import ConversionConfig, latex2sympy

    formula = _DIFFERENTIAL.sub(" d", formula)
    if _MISREAD.search(formula):
        return None
    try:
        letters = ConversionConfig(lowercase_symbols=False)
        return latex2sympy(formula, normalization_config=None, conversion_config=letters)
    except MemoryError:
        raise
    except Exception:  # whatever the reader raises means that it cannot read this
        return None


def _same_at_whole(left: Any, right: Any) -> Reply | None:
    """Sums and products up to a variable, at whole numbers, where they are written out; None for other formulas."""
    import sympy

    series = left.atoms(sympy.Sum, sympy.Product) | right.atoms(sympy.Sum, sympy.Product)
    if not any(bound.free_symbols for one in series for limits in one.limits for bound in limits[1:]):
        return None
    names = sorted(left.free_symbols | right.free_symbols, key=str)
    source = random.Random(2501)
    agreed = 0
    for _ in range(_WHOLE_POINTS):
        point = {name: sympy.Integer(source.randint(1, 8)) for name in names}
        here, there = left.subs(point), right.subs(point)
        if not (_is_short(here) and _is_short(there)):
            continue
        equal = _same_number(here.doit(), there.doit())
        if equal is False:
            return False, "latex", f"They differ when evaluated to {_DIGITS} digits."
        agreed += equal is True
        if agreed == _ENOUGH_WHOLE:
            return True, "latex", ""
    return None


def _is_short(value: Any) -> bool:
    """Whether all sums and products in `value` have a few terms, whose number is known."""
    import sympy

    for series in value.atoms(sympy.Sum, sympy.Product):
        for _, first, last in series.limits:
            terms = last - first + 1
            if not terms.is_Integer or not 0 < terms <= _MOST_TERMS:
                return False
    return True


def _same_series(left: Any, right: Any) -> Reply | None:
    """Two sums or products between the same bounds are equal if their terms are; otherwise it stays open."""
    import sympy

    if type(left) is not type(right) or not isinstance(left, sympy.Sum | sympy.Product):
        return None
    if len(left.limits) != 1 or len(right.limits) != 1:
        return None
    (index, *bounds), (other, *others) = left.limits[0], right.limits[0]
    if bounds != others or index in right.free_symbols or other in left.free_symbols:
        return None
    first = bounds[0] if bounds and bounds[0].is_Integer else 0
    for step in _TERMS:
        term, its = left.function.subs(index, first + step), right.function.subs(other, first + step)
        if not _same(term, its, "latex")[0]:
            return None
    return True, "latex", ""
