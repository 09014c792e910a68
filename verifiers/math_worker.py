"""What a symbolic worker process runs. The only place that imports sympy and Math-Verify."""

import contextlib
import logging
import resource
import signal
import sys
from fractions import Fraction
from typing import Any

from verifiers.math_parse import Node
from verifiers.process import serve

MEMORY_BYTES = 1_500_000_000
_DIGITS = 50
_CLOSE = 1e-35
_POINTS = (
    Fraction(311, 997),
    Fraction(1583, 997),
    Fraction(2749, 997),
    Fraction(-419, 997),
    Fraction(-1733, 997),
)

Reply = tuple[bool | None, str, str]


def serve_main() -> None:
    """Cap memory, import what is slow to import, then answer questions."""
    for limit, value in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit on address space
            resource.setrlimit(limit, (value, value))
    sys.set_int_max_str_digits(20_000)
    import math_verify  # noqa: F401

    logging.disable(logging.CRITICAL)
    serve(_limited)


def _limited(question: tuple[Any, ...]) -> Reply:
    """Answer within the processor time that ends a question; after that the kernel ends the process."""
    signal.setitimer(signal.ITIMER_PROF, question[-1])
    try:
        return _answer(question)
    except MemoryError:
        return None, "error", "The symbolic comparison needs too much memory."
    except RecursionError:
        return None, "symbolic", "The symbolic comparison is too deep."
    except Exception as error:
        return None, "symbolic", f"The symbolic comparison failed with {type(error).__name__}."
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _answer(question: tuple[Any, ...]) -> Reply:
    if question[0] == "trees":
        return _same_value(question[1], question[2])
    if question[0] == "latex":
        return _same_latex(question[1], question[2])
    return None, "symbolic", ""


def _same_value(answer: Node, reference: Node) -> Reply:
    """Equal at 50 digits at several points, or different at one; simplified where no point is of use."""
    import sympy

    left, right = _sympy(answer), _sympy(reference)
    difference = left - right
    if difference == 0:
        return True, "symbolic", ""
    names = sorted(left.free_symbols | right.free_symbols, key=str)
    agreed = 0
    for shift in range(len(_POINTS) if names else 1):
        values = {
            name: sympy.Rational(str(_POINTS[(shift + place) % len(_POINTS)]))
            for place, name in enumerate(names)
        }
        gap = sympy.N(difference.subs(values), _DIGITS)
        size = sympy.N(abs(right.subs(values)), _DIGITS)
        if (
            not gap.is_number
            or gap.has(sympy.nan, sympy.zoo, sympy.oo)
            or (gap.is_comparable is False and names)
        ):
            continue
        if abs(gap) > _CLOSE * max(1, size):
            return False, "symbolic", "They differ when evaluated to 50 digits."
        agreed += 1
    if agreed >= min(3, len(_POINTS) if names else 1):
        return True, "symbolic", ""
    return bool(sympy.simplify(difference) == 0) or None, "symbolic", "No simplification makes them equal."


def _sympy(node: Node) -> Any:
    """The sympy expression of a tree; built node by node, so no text is ever evaluated."""
    import sympy

    if node.op == "num":
        assert node.value is not None
        return sympy.Rational(node.value.numerator, node.value.denominator)
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
        "log": lambda x, base=sympy.E: sympy.log(x, base), "unit": lambda a: a * sympy.pi / 180,
    }  # fmt: skip
    if node.op == "root" and node.args[1].value is not None and node.args[1].value % 2 == 0:
        return sympy.root(*parts)
    return makers[node.op](*parts)


def _function(name: str) -> Any:
    import sympy

    special = {"ln": "log", "ceil": "ceiling", "max": "Max", "min": "Min"}
    if name.startswith("arc"):
        name = "a" + name[3:]
    return getattr(sympy, special.get(name, name))


def _same_latex(answer: str, reference: str) -> Reply:
    """Math-Verify's verdict on two formulas; both must be read whole, as LaTeX."""
    from math_verify import LatexExtractionConfig, parse, verify

    config = [LatexExtractionConfig()]
    gold = parse(f"${reference}$", extraction_config=config, parsing_timeout=None, raise_on_error=False)
    found = parse(f"${answer}$", extraction_config=config, parsing_timeout=None, raise_on_error=False)
    if not any(not isinstance(part, str) for part in gold) or not any(
        not isinstance(part, str) for part in found
    ):
        return None, "math-verify", "Math-Verify cannot read one of the two."
    equal = verify(gold, found, timeout_seconds=None, raise_on_error=False)
    return bool(equal), "math-verify", "" if equal else "Math-Verify finds them different."
