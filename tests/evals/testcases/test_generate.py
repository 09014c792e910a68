"""Generators in the real sandbox."""

import pytest
from testcases_support import SMALL, make_problem

from evals.testcases.generate import generate
from evals.testcases.problem import SHIPPED, read_problem

CYARON = "from cyaron import *\nprint(randint(1, 10**9), *Vector.random(2, [(1, 10**6)], 1))\n"


def made(sandbox, source, settings=SMALL):
    return generate(make_problem(generator=source), sandbox, settings)


def test_cyaron_is_there_and_its_numbers_follow_from_the_seed(sandbox):
    first = made(sandbox, CYARON)
    assert all(one.input for one in first), first
    assert len({one.input for one in first}) == SMALL.inputs
    assert made(sandbox, CYARON) == first
    other = made(sandbox, CYARON, SMALL.__class__(inputs=6, drawn=3, agreeing=2, valid=4, passing=2, seed=1))
    assert [one.input for one in other] != [one.input for one in first]


@pytest.mark.parametrize(
    ("source", "fault", "detail"),
    [
        ("raise ValueError('no such graph')", "crashed", "ValueError: no such graph"),
        ("def (", "crashed", "SyntaxError: invalid syntax"),
        ("import os\nos._exit(3)", "crashed", "exit code 3"),
        ("while True: pass", "cpu", "processor time"),
        ("x = 0", "nothing printed", ""),
        ("print('1 2')", "repeated", ""),
        ("while True: print('1' * 1000)", "output", ""),
        ("import sys\nsys.stdout.buffer.write(b'\\xff\\n')", "no text", ""),
        ("print(open('/etc/passwd').read())", "crashed", "FileNotFoundError"),
        ("from cyaron import *\nIO('a', 'b').output_gen('echo 5')", "nothing printed", ""),
    ],
)
def test_faults(sandbox, source, fault, detail):
    settings = SMALL.__class__(
        inputs=2, drawn=3, agreeing=2, valid=1, passing=2, generator_seconds=0.5, input_bytes=10_000
    )
    last = made(sandbox, source, settings)[-1]
    assert (last.input, last.fault) == (None, fault), last
    assert detail in last.detail


def test_a_generator_that_fails_for_some_inputs_gives_the_others(sandbox):
    found = made(sandbox, "import sys\nprint(6 // (int(sys.argv[1]) - 3))\n")
    assert [one.input for one in found] == ["-3\n", "-6\n", None, "6\n", "3\n", "2\n"]
    assert found[2].detail == "ZeroDivisionError: integer division or modulo by zero"


@pytest.mark.parametrize("name", ["cables", "polygon-area", "words"])
def test_shipped_generators_give_the_same_bytes_again(sandbox, name):
    problem = read_problem(SHIPPED / name)
    first = generate(problem, sandbox, SMALL)
    assert generate(problem, sandbox, SMALL) == first
    assert all(one.input or one.fault == "repeated" for one in first)
