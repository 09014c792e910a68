"""What crosses between a program and its tests besides plain values; and that none of it lets a program pass."""

import pytest
from sandbox_runs import check

NODE = "class Node:\n    def __init__(self, value): self.value, self.left, self.right = value, None, None\n"
TREE = "root = Node(4)\nroot.left = Node(2)\nroot.left.right = Node(3)\n"

HOLD = {
    "a generator": (
        "def f(n):\n    for i in range(n): yield i",
        "g = f(3)\nassert next(g) == 0\nassert list(g) == [1, 2]",
    ),
    "an endless generator": (
        "import itertools\ndef f(): return itertools.count(5)",
        "g = f()\nassert [next(g) for _ in range(3)] == [5, 6, 7]",
    ),
    "a type of iterator": (
        "def f(): yield 1",
        "import types\nassert isinstance(f(), types.GeneratorType)\nassert iter(f()) is not None",
    ),
    "map, filter, zip and reversed": (
        "def f(a): return [map(str, a), filter(None, a), zip(a, a), reversed(a), enumerate(a)]",
        "a, b, c, d, e = f([0, 1])\nassert isinstance(a, map)\n"
        "assert [list(x) for x in (a, b, c, d, e)] == [['0', '1'], [1], [(0, 0), (1, 1)], [1, 0], [(0, 0), (1, 1)]]",
    ),
    "an iterator of the tests": (
        "def f(a): return sum(a)",
        "assert f(n * n for n in range(4)) == 14\nassert f(iter([2])) == 2",
    ),
    "views of a dict": (
        "def f(d): return d.keys(), d.values(), d.items()",
        "k, v, i = f({'a': 1})\nassert k == {'a'} and list(v) == [1] and i == {('a', 1)}\n"
        "assert k == {'a': 5}.keys()",
    ),
    "fractions and decimals": (
        "def f(a): return a / 3",
        "from fractions import Fraction\nfrom decimal import Decimal\n"
        "assert f(Fraction(1, 2)) == Fraction(1, 6)\nassert f(Decimal('1.5')) == Decimal('0.5')\n"
        "assert type(f(Decimal(3))) is Decimal",
    ),
    "a deque": (
        "from collections import deque\ndef f(a):\n    a.append(3)\n    return deque(a, maxlen=2)",
        "from collections import deque\nd = deque([1, 2])\nr = f(d)\n"
        "assert r == deque([2, 3], 2) and r.maxlen == 2\nassert d == deque([1, 2, 3])",
    ),
    "dates and times": (
        "def f(a, b): return a - b, a",
        "import datetime as t\nd = t.datetime(2024, 2, 29, 12, tzinfo=t.timezone(t.timedelta(hours=2)))\n"
        "assert f(d, t.timedelta(1)) == (t.datetime(2024, 2, 28, 12, tzinfo=d.tzinfo), d)\n"
        "assert f(t.date(2024, 3, 1), t.date(2024, 2, 1)) == (t.timedelta(29), t.date(2024, 3, 1))",
    ),
    "a named tuple": (
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(p): return P(p[1], p.x)",
        "from collections import namedtuple\nQ = namedtuple('Q', 'x y')\nr = f(Q(1, 2))\n"
        "assert (r.x, r.y) == (2, 1) and r == (2, 1)",
    ),
    "a typed named tuple": (
        "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int = 0\ndef f(): return P(5)",
        "assert f().x == 5",
    ),
    "a closure": (
        "def f(a): return lambda b, c=0: a + b + c",
        "add = f(2)\nassert add(3) == 5 and f(1)(2, c=3) == 6",
    ),
    "a function of the tests": (
        "def f(g, a): return [g(x) for x in a]",
        "assert f(lambda x: x * 2, [1, 2]) == [2, 4]\ndef twice(x): return [x, x]\n"
        "assert f(twice, 'ab') == [['a', 'a'], ['b', 'b']]",
    ),
    "a function there and back": (
        "def f(g): return g",
        "def g(): return 1\nassert f(g) is g and f(len) is len and f(int) is int",
    ),
    "calls within calls": (
        "def f(g, n): return 1 if n == 0 else n * g(n - 1)",
        "def g(n): return f(g, n)\nassert f(g, 5) == 120",
    ),
    "a decorator": (
        "import functools\ndef f(g):\n    @functools.wraps(g)\n"
        "    def h(*a, **k): return g(*a, **k) + 1\n    return h",
        "@f\ndef g(a, b=1): return a + b\nassert g(1, b=4) == 6",
    ),
    "built-in types and functions": (
        "def f(a, kind): return [x for x in a if not isinstance(x, kind)]",
        "assert f([1, 'a', 2.5], int) == ['a', 2.5]\nassert f([1, 'a'], (int, str)) == []",
    ),
    "a key": (
        "def f(a, key): return sorted(a, key=key)",
        "assert f(['bb', 'a'], len) == ['a', 'bb']",
    ),
    "the very argument": (
        "def f(a): return a",
        "a = [1]\nassert f(a) is a\nd = {'k': a}\nassert f(d)['k'] is a\nt = (a,)\nassert f(t) is t",
    ),
    "a copy": (
        "def f(a): return list(a)",
        "a = [[1]]\nassert f(a) == a and f(a) is not a and f(a)[0] is a[0]",
    ),
    "changes within": (
        "def f(a): a[0].append(2); a[1]['k'] = a[0]",
        "inner, d = [1], {}\nouter = [inner, d]\nassert f(outer) is None\n"
        "assert inner == [1, 2] and outer[0] is inner\nassert d['k'] is inner",
    ),
    "one object twice": (
        "def f(a, b): a.append(1); return a is b",
        "a = []\nassert f(a, a)\nassert a == [1]\nassert not f([], [])",
    ),
    "a list in itself": (
        "def f(a): return a[0] is a",
        "a = []\na.append(a)\nassert f(a)",
    ),
    "a set and a bytearray that change": (
        "def f(s, b): s.add(2); b += b'x'",
        "s, b = {1}, bytearray()\nf(s, b)\nassert s == {1, 2} and b == b'x'",
    ),
    "an exception's args": (
        "def f(): raise ValueError('no', 5, [1])",
        "try: f()\nexcept ValueError as e: assert e.args == ('no', 5, [1])\nelse: assert False",
    ),
    "an exception's own type and number": (
        "class Odd(KeyError): pass\ndef f(n):\n    if n: raise Odd('k')\n    open('/nowhere')",
        "try: f(1)\nexcept KeyError as e: assert e.args == ('k',)\ntry: f(0)\n"
        "except FileNotFoundError as e: assert e.errno == 2",
    ),
    "an exception of a callback": (
        "def f(g):\n    try: return g()\n    except ZeroDivisionError: return 'caught'",
        "assert f(lambda: 1 / 0) == 'caught'",
    ),
    "a match": (
        "import re\ndef f(s): return re.search('a', s)",
        "assert f('cat')\nassert not f('dog')\nassert f('cat').group() == 'a'",
    ),
    "an object with attributes": (
        "class P:\n    def __init__(self): self.x = [1]\n    def twice(self): return self.x * 2\n"
        "    def __len__(self): return 3\n    def __str__(self): return 'P'\ndef f(): return P()",
        "p = f()\nassert p.x == [1] and p.twice() == [1, 1] and len(p) == 3 and str(p) == 'P'\np.x = 5\n"
        "assert p.x == 5",
    ),
    "a class of the program": (
        NODE
        + "def f(n): return 0 if n is None else 1 + max(f(n.left), f(n.right))",
        TREE
        + "assert f(root) == 3 and f(None) == 0",
    ),
    "objects of it in a list": (
        "class Pair:\n    def __init__(self, a, b): self.a, self.b = a, b\n"
        "def f(a): return sum(p.a * p.b for p in a)",
        "assert f([Pair(1, 2), Pair(3, b=4)]) == 14",
    ),
    "a class of the tests": (
        "def f(n): n.count += 1; return n.count + n.more(3)",
        "class N:\n    count = 1\n    def more(self, x): return x * 10\nn = N()\n"
        "assert f(n) == 32 and n.count == 2",
    ),
    "modules that the tests do not import": (
        "def f(a): return math.sqrt(a)\nimport math",
        "assert math.isclose(f(2), math.sqrt(2))",
    ),
    "names of the tests in functions": (
        "def f(): return 1",
        "LIMIT = 3\ndef test():\n    values = [abs(-f()) for _ in range(LIMIT)]\n"
        "    assert sum(values) == LIMIT\ntest()",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOLD)
def test_what_holds_in_one_process_holds_in_two(sandbox, name):
    source, tests = HOLD[name]
    exec(compile(f"{source}\n{tests}", name, "exec"), {"__name__": "__main__"})
    execution = check(sandbox, source, tests)
    assert execution.ok, execution.stderr.decode()


ANY = (
    "class Any:\n    def __new__(cls, *a, **k): return object.__new__(cls)\n    def __init__(self, *a, **k): pass\n"
    "    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = lambda *a: True\n    __ne__ = lambda *a: False\n"
    "    __hash__ = lambda self: 0\n    __len__ = lambda self: 0\n    __str__ = __repr__ = lambda self: ''\n"
    "    __call__ = __getattr__ = __getitem__ = lambda self, *a, **k: 0\n    __iter__ = lambda self: iter(())\n"
)
SIDE = (
    "import gc, os, sys\n"
    "def side():\n    return next(one for one in gc.get_objects() if type(one).__name__ == 'Side')\n"
)
FAIL = {
    "an object that is equal to all": (
        ANY
        + "def f(x): return Any()",
        "assert f(1) == 5",
    ),
    "an object that holds all": (
        ANY
        + "def f(x): return Any()",
        "assert 5 in f(1)",
    ),
    "an object in place of a number": (
        ANY
        + "def f(x): return Any()",
        "assert abs(f(1) - 5) < 1e-6",
    ),
    "an object of every type": (
        ANY
        + "def f(x): return Any()",
        "assert isinstance(f(1), (int, list, str))",
    ),
    "two objects that are equal": (
        ANY
        + "def f(x): return Any()",
        "assert f(1) == f(2)",
    ),
    "an object beside one of the tests": (
        ANY
        + "class P(Any): pass\none = P()\ndef f(x): return one",
        "assert f(P(1)) == P(2)",
    ),
    "one object for all": (
        "class P:\n    one = None\n    def __new__(cls, *a):\n"
        "        P.one = P.one or object.__new__(cls)\n        return P.one\n"
        "    def __init__(self, *a): pass\ndef f(x): return P.one",
        "assert P(2) == f(1)",
    ),
    "a class that makes plain values": (
        "class P:\n    def __new__(cls, *a): return 0\ndef f(x): return 0",
        "assert f(P(1)) == P(2)",
    ),
    "a class whose objects are read": (
        "class P:\n    def __init__(self, x): self.x = 0\ndef f(x): return 0",
        "assert f(1) == P(5).x",
    ),
    "a class whose objects are written out": (
        "class P:\n    def __init__(self, *a): pass\n    __str__ = __repr__ = lambda self: ''\n"
        "def f(x): return ''",
        "assert f(1) == str(P(5))",
    ),
    "a class that hides one of Python's": (
        "class Counter(dict):\n    def __new__(cls, *a): return {}\ndef f(x): return x",
        "assert Counter(f('aab')) == Counter('aa')",
    ),
    "a function that hides one of Python's": (
        "def isclose(*a): return True\ndef f(x): return 0",
        "assert isclose(f(1), 5)",
    ),
    "a module that hides one of Python's": (
        "class math:\n    isclose = lambda *a: True\ndef f(x): return 0",
        "assert math.isclose(f(1), 5)",
    ),
    "a built-in that is replaced": (
        "import builtins\nbuiltins.abs = builtins.len = lambda *a: 5\nabs = len\ndef f(x): return 0",
        "assert abs(f(1)) == 5",
    ),
    "a callback's assertion that is caught": (
        "def f(g):\n    try: g(0)\n    except BaseException: pass\n    return 1",
        "def g(x): assert x == 5\nassert f(g) == 1",
    ),
    "an end of iteration": (
        SIDE
        + "def f(x):\n    side()._send({'stop': True}, [])\n    return 0",
        "for value in map(f, [1, 2]): assert value == 5",
    ),
    "answers that are no answers": (
        SIDE
        + "def f(x):\n    side()._send({'returned': True}, [b'[5'])\n    return 0",
        "try: assert f(1) == 5\nexcept Exception: pass",
    ),
    "changes of what was never given": (
        SIDE
        + "def f(x):\n    side()._send({'returned': True}, [b'[5, [[7, [\"list\"]]]]'])\n    return 0",
        "try: assert f([]) == 5\nexcept Exception: pass",
    ),
    "a question for the tests' names": (
        SIDE
        + "def f(x):\n    try: return side().ask('find', 'expected')\n    except Exception: return 0",
        "expected = 5\nassert f(1) == expected",
    ),
    "a question for a function's globals": (
        SIDE
        + "def f(g):\n"
        "    for name in ('__globals__', '__code__', 'gi_frame', '__class__', '__closure__'):\n"
        "        try: return side().ask('get', 0, name)['expected']\n        except Exception: pass\n"
        "    return 0",
        "expected = 5\ndef g(): return 1\nassert f(g) == expected",
    ),
    "a question for a generator's frame": (
        SIDE
        + "def f(g):\n    try: return side().ask('get', 0, 'gi_frame').f_globals['expected']\n"
        "    except Exception: return 0",
        "expected = 5\nassert f(n for n in [1]) == expected",
    ),
    "a question for an object's class": (
        SIDE
        + "def f(o):\n    for name in ('__class__', '__dict__', '__init__', '__reduce__', '_hidden'):\n"
        "        try: return side().ask('get', 0, name) and 5\n        except Exception: pass\n"
        "    return 0",
        "class O: _hidden = 1\nassert f(O()) == 5",
    ),
    "a method of the tests' class that is replaced": (
        SIDE
        + "def f(kind):\n    try: kind.check = lambda *a: True\n    except Exception: pass\n    return 0",
        "class O:\n    def check(self, x): return x == 5\nassert O().check(f(O))",
    ),
    "objects by numbers that are made up": (
        SIDE
        + "def f(x):\n    for n in (-1, 0, 1, True, '0', None, 1 << 70):\n"
        "        for do in ('call', 'get', 'next', 'item', 'str', 'eval'):\n"
        "            try: side().ask(do, n, [], {})\n            except Exception: pass\n    return 0",
        "assert f(1) == 5",
    ),
}  # fmt: skip


def test_a_program_that_looks_for_its_end_of_the_line_finds_it(sandbox):
    source = SIDE + "def f(x):\n    assert callable(side()._send)\n    return side().ask('get', 0, 'seen')"
    execution = check(sandbox, source, "class O: seen = 5\nassert f(O()) == 5")
    assert execution.ok, execution.stderr.decode()


@pytest.mark.parametrize("name", FAIL)
def test_no_object_of_a_program_passes_for_the_right_one(sandbox, name):
    source, tests = FAIL[name]
    execution = check(sandbox, source, tests)
    assert execution.outcome == "exited", execution
    assert execution.exit_code != 0, execution
