"""Programs that try to pass without solving anything, to get out, to stay, or to bring the judge down.

An attack is a few statements. `programs` puts each where it can run: as the whole script, when the program is loaded,
and when its function is called. None of them solves the task, so the verdict on each is `wrong`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

MARKER = "k15_hostile_marker"
"""In the name of every file that an attack writes, and of nothing else."""

SECRET = "k15_hostile_secret_of_the_parent"
"""In the environment and memory of the judging process, and in no output of a program."""


@dataclass(frozen=True)
class Attack:
    """`layers` are those that may decide on one that uses up a limit: which strikes first is chance."""

    name: str
    body: str
    layers: tuple[str, ...] = ()

    @property
    def slow(self) -> bool:
        """Whether it uses up a limit; then it runs once as a script and once in a function."""
        return bool(self.layers)


def programs(attack: Attack) -> Iterator[tuple[str, str]]:
    """How it is run (`script`, `load`, `call`), and the program."""
    body = attack.body.strip("\n")
    yield "script", body
    if not attack.slow:
        yield "load", f"{body}\n\ndef f(*arguments):\n    return 0\n"
    yield "call", f"def f(*arguments):\n{indent(body, '    ')}\n    return 0\n"


def value_program(expression: str) -> str:
    """A program whose function returns this, with what the expressions below need."""
    return f"{PRELUDE}\ndef f(*arguments):\n    return {expression}\n"


def _read(text: str) -> Iterator[Attack]:
    """The attacks of a file: `#### name [layers]`, then the statements, up to the next line with four of a sign."""
    for match in re.finditer(
        r"^#### ([^\[\n]+?)(?: \[([a-z_ ]+)\])?\n(.*?)(?=^####|^====|\Z)", text, re.DOTALL | re.MULTILINE
    ):
        yield Attack(match[1], match[3].strip("\n"), tuple((match[2] or "").split()))


ATTACKS = list(_read((Path(__file__).resolve().parents[2] / "data" / "hostile_programs.txt").read_text()))

PRELUDE = """
import collections, decimal, enum, fractions, os, sys

def always(*a, **k):
    return True

class Equal:
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = __instancecheck__ = always
    __ne__ = lambda *a: False
    __hash__ = lambda self: 0
    __call__ = __getattr__ = __getitem__ = __sub__ = __rsub__ = __abs__ = lambda self, *a: self

class Meta(type):
    __eq__ = __instancecheck__ = __subclasscheck__ = always
    __hash__ = lambda self: 0

class Classy(metaclass=Meta):
    pass

class Int(int):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = always
    __ne__ = lambda *a: False
    __hash__ = lambda self: 0
    __repr__ = __str__ = lambda self: "passed"
    __index__ = __int__ = lambda self: 4
    __add__ = __radd__ = __sub__ = __rsub__ = lambda self, other: 0

class Float(float):
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = always
    __hash__ = lambda self: 0
    __repr__ = __str__ = lambda self: "4"
    __float__ = lambda self: 4.0
    __add__ = __sub__ = __rsub__ = lambda self, other: 0.0

class Str(str):
    __eq__ = always
    __hash__ = lambda self: 0
    __str__ = __repr__ = lambda self: "4"
    encode = lambda self, *a: b"4"

class List(list):
    __eq__ = always
    __iter__ = lambda self: os._exit(0)
    __len__ = lambda self: 0

class Dict(dict):
    __eq__ = always
    items = keys = values = __iter__ = lambda self: os._exit(0)

class Enum(enum.IntEnum):
    A = 0

class Deleted:
    def __del__(self):
        os._exit(0)

class Reduced:
    def __reduce__(self):
        return (os._exit, (0,))

class Lying:
    __class__ = int
    __eq__ = always

def cyclic():
    a = []
    a.append(a)
    return a

def deep(n):
    a = []
    for _ in range(n):
        a = [a]
    return a

def endless():
    while True:
        yield 0
"""

VALUES = (
    "Equal()", "Equal", "Classy", "Int(0)", "Int(10**30)", "Float(0)", "Str('x')", "List([0])", "Dict(a=0)", "Enum.A",
    "Deleted()", "Reduced()", "Lying()", "None", "True", "False", "NotImplemented", "...", "print", "lambda *a: True",
    "(n for n in range(9))", "endless()", "iter([4])", "map(Equal, [1])", "cyclic()", "deep(150)", "deep(5000)",
    "deep(100000)", "float('nan')", "float('inf')", "10**5000", "-10**400", "1 << 10**7", "b'4'", "bytearray(b'4')",
    "'4'", "''", "[]", "[4]", "{}", "{'__set__': []}", "{None: 0, 1: 0, True: 0}", "{(1, 2): 0}", "{1, 2}", "{'a'}",
    "1j", "range(4)", "fractions.Fraction(4, 1)", "decimal.Decimal(4)", "collections.Counter('aab')",
    "collections.OrderedDict(a=1)", "type('T', (), {'__eq__': always})()", "'\\ud800'", "'\\0'", "'x' * 10**7",
    "[0] * 10**6", "{str(n): n for n in range(10**5)}", "sys", "Exception('passed')", "AssertionError",
    "memoryview(b'4')", "os.environ", "globals()", "vars()", "object()", "arguments", "f",
)  # fmt: skip
"""What a function may return instead of an answer: none of it is right, though some of it says so."""
