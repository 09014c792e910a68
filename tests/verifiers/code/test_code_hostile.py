"""Programs that attack the judge, in all the ways a program is run: none passes, gets out, hangs or stays."""

import contextlib
import ctypes
import os
import signal
from pathlib import Path

import hostile_programs as hostile
import pytest
from code_processes import below

from verifiers import code
from verifiers.sandbox import LocalSandbox, SandboxUnavailable

LIMITS = {
    "cpu_seconds": 0.5,
    "wall_seconds": 1.5,
    "memory_bytes": 1 << 28,
    "scratch_bytes": 1 << 24,
    "processes": 16,
}
WANTED = {7: 94_421, 8: 94_477, 9: 94_500}
"""What the task's function gives; no program here knows it."""
CHECK = """
def check(candidate):
    try:
        assert candidate(7) == 94421
        assert not candidate(8) != 94477, "differs"
        assert candidate(9) in (94500,) and abs(candidate(9) - 94500) < 1e-6
        assert isinstance(candidate(7), int) and str(candidate(7)) == "94421"
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError from error
"""
REFERENCES = {
    "tests": {"tests": [{"stdin": f"{n}\n", "stdout": f"{v}\n"} for n, v in WANTED.items()]},
    "calls": {"function": "f", "calls": [{"arguments": [n], "result": v} for n, v in WANTED.items()]},
    "check": {"function": "f", "check": CHECK},
    "assertions": {"function": "f", "assertions": "assert f(7) == 94421\nassert 94477 == f(8)"},
}
NOTHING = {
    "null": {"function": "f", "calls": [{"arguments": [], "result": None}]},
    "empty": {"function": "f", "calls": [{"arguments": [], "result": ""}]},
    "false": {"function": "f", "calls": [{"arguments": [], "result": False}]},
}

try:
    LocalSandbox().close()
except SandboxUnavailable as error:
    pytest.skip(str(error), allow_module_level=True)


def marked():
    """Files of the host that an attack has written."""
    tops = (
        "/",
        "/tmp",
        "/dev/shm",
        "/var/tmp",
        "/usr",
        "/usr/lib",
        "/etc",
        "/run",
        "/dev",
        Path.home(),
        Path.cwd(),
    )
    return [str(path) for top in tops for path in Path(top).glob(f"*{hostile.MARKER}*")]


def mounts():
    return sorted(line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines())


class Listening:
    """A sandbox whose programs let out nothing of this process."""

    def __init__(self, place):
        self.place = place

    def run(self, program, inputs, limits):
        runs = self.place.run(program, inputs, limits)
        try:
            for execution in runs:
                said = execution.stdout + execution.stderr + (execution.value or "").encode()
                assert hostile.SECRET.encode() not in said
                yield execution
        finally:
            runs.close()

    def close(self):
        self.place.close()


@pytest.fixture(scope="module")
def sandbox():
    """A sandbox of its own; when it is closed nothing is left of it: no process, file or mount."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # orphans below us become ours, so that none is missed
    os.environ[hostile.SECRET] = hostile.SECRET
    before = below(os.getpid()), mounts()
    assert marked() == []
    place = Listening(LocalSandbox(workers=2))
    yield place
    place.close()
    del os.environ[hostile.SECRET]
    ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)
    assert below(os.getpid()) - before[0] == set()
    assert mounts() == before[1]
    assert marked() == []


def references(way):
    return {"tests": REFERENCES["tests"]} if way == "script" else {**REFERENCES, "tests": None}


def judged(program, reference, sandbox):
    return code.verify(f"~~~python\n{program}\n~~~", {**reference, "limits": LIMITS}, sandbox=sandbox)


def test_there_are_enough_of_them():
    assert len(hostile.ATTACKS) >= 120
    assert len({attack.name for attack in hostile.ATTACKS}) == len(hostile.ATTACKS)
    assert len(hostile.VALUES) >= 60


@pytest.mark.parametrize("attack", [a for a in hostile.ATTACKS if not a.slow], ids=lambda attack: attack.name)
def test_an_attack_is_wrong(attack, sandbox):
    for way, program in hostile.programs(attack):
        for sort, reference in references(way).items():
            if reference is not None:
                verdict = judged(program, reference, sandbox)
                assert verdict.status == "wrong", (way, sort, verdict)


@pytest.mark.slow
@pytest.mark.parametrize("attack", [a for a in hostile.ATTACKS if a.slow], ids=lambda attack: attack.name)
def test_an_attack_that_uses_up_a_limit_is_wrong(attack, sandbox):
    for way, program in hostile.programs(attack):
        for sort in ("tests",) if way == "script" else ("calls", "check"):
            reference = {**REFERENCES[sort], "limits": LIMITS}
            verdict = code.verify(f"```python\n{program}\n```", reference, sandbox=sandbox)
            assert verdict.status == "wrong", (way, sort, verdict)
            if sort != "check":  # there the tests have a word in it
                assert verdict.layer in attack.layers, (way, sort, verdict)


@pytest.mark.parametrize("value", hostile.VALUES)
def test_a_value_is_wrong(value, sandbox):
    for sort, reference in references("call").items():
        if reference is not None:
            verdict = judged(hostile.value_program(value), reference, sandbox)
            assert verdict.status == "wrong", (sort, verdict)


@pytest.mark.parametrize("expected", NOTHING)
@pytest.mark.parametrize(
    "attack", [a for a in hostile.ATTACKS if not a.slow][:25], ids=lambda attack: attack.name
)
def test_a_program_that_leaves_returned_nothing_not_even_none(attack, expected, sandbox):
    for way, program in hostile.programs(attack):
        if way != "script":
            assert judged(program, NOTHING[expected], sandbox).status == "wrong", way


def test_nothing_is_carried_to_the_next_program(sandbox):
    """After every attack that writes or patches, a program that looks for its traces finds none."""
    look = (
        "import builtins, json, os, sys\n"
        "found = [n for top in ('/tmp', '/dev/shm', '.') for n in os.listdir(top) if n != 'main.py']\n"
        "assert builtins.open is open and json.loads(json.dumps([1])) == [1]\n"
        "print(found, len(os.listdir('/proc/self/fd')) < 8, os.getpid() < 9)\n"
    )
    clean = {"tests": [{"stdin": "", "stdout": "[] True True"}]}
    for attack in hostile.ATTACKS:
        if not attack.slow:
            code.verify(
                f"```python\n{attack.body}\n```", {**REFERENCES["tests"], "limits": LIMITS}, sandbox=sandbox
            )
            verdict = code.verify(f"```python\n{look}```", clean, sandbox=sandbox)
            assert verdict.correct, (attack.name, verdict)


def test_one_input_leaves_nothing_for_the_next(sandbox):
    program = "import os\nn = input()\nprint(sorted(os.listdir('/tmp')))\nopen('/tmp/left', 'w').write(n)\n"
    reference = {"tests": [{"stdin": f"{n}\n", "stdout": "['main.py']\n"} for n in range(3)]}
    assert code.verify(f"```python\n{program}```", reference, sandbox=sandbox).correct


HONEST = {
    "catches exceptions": "try:\n    1 / 0\nexcept BaseException:\n    pass\nprint(int(input()) * 2)",
    "exits with 0 when it is done": "import sys\nprint(int(input()) * 2)\nsys.exit(0)",
    "ends at once when it is done": "import os\nprint(int(input()) * 2, flush=True)\nos._exit(0)",
    "a thread that ends": "from threading import Thread\nt = Thread(target=lambda: print(int(input()) * 2))\nt.start()",
    "a child that ends": "import os\nif os.fork() == 0:\n    print(int(input()) * 2)\nelse:\n    os.wait()",
    "talks on stderr": "import sys\nprint('passed', file=sys.stderr)\nprint(int(input()) * 2)",
    "prints at the end": "import atexit\nn = int(input())\natexit.register(lambda: print(n * 2))",
    "replaces stdout by a buffer":
        "import io, sys\nreal, sys.stdout = sys.stdout, io.StringIO()\nprint(int(input()) * 2)\n"
        "real.write(sys.stdout.getvalue())",
    "writes a file": "open('a.txt', 'w').write(input())\nprint(int(open('a.txt').read()) * 2)",
    "recurses deeply": "import sys\nsys.setrecursionlimit(9000)\ndef g(n):\n    return g(n - 1) if n else 0\n"
        "print(int(input()) * 2 + g(8000))",
    "reads all at once": "import sys\nprint(int(sys.stdin.buffer.read()) * 2)",
    "runs as main": "def main():\n    print(int(input()) * 2)\n\nif __name__ == '__main__':\n    main()",
}  # fmt: skip


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_program_is_right(name, sandbox):
    reference = {"tests": [{"stdin": f"{n}\n", "stdout": f"{2 * n}\n"} for n in (0, 4, 11)]}
    verdict = code.verify(f"```python\n{HONEST[name]}\n```", reference, sandbox=sandbox)
    assert verdict.correct, verdict


RIGHT_AND_THEN = {
    "killed": "os.kill(os.getpid(), 9)",
    "an error": "raise ValueError",
    "another exit code": "sys.exit(3)",
    "no end": "while True: pass",
    "too much of it": "os.write(2, b'x' * (1 << 24))",
}


@pytest.mark.parametrize("name", RIGHT_AND_THEN)
def test_the_right_output_is_not_enough(name, sandbox):
    program = f"import os, sys\nprint(int(input()) * 2, flush=True)\n{RIGHT_AND_THEN[name]}\n"
    reference = {"tests": [{"stdin": "2\n", "stdout": "4\n"}], "limits": LIMITS}
    assert code.verify(f"```python\n{program}```", reference, sandbox=sandbox).status == "wrong"


def test_a_killed_server_costs_no_verdict(sandbox):
    program = "def f(n):\n    return n + 1"
    reference = {"function": "f", "calls": [{"arguments": [n], "result": n + 1} for n in range(40)]}
    seen = 0
    for result in code.judge._results(program, code.judge.read(reference), sandbox, stop=True):
        assert result.passed
        seen += 1
        if seen in (5, 20):
            for process in below(os.getpid()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
    assert seen == 40
