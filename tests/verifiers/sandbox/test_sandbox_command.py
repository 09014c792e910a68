"""`python -m verifiers.sandbox`, and what importing costs."""

import json
import os
import subprocess
import sys

from verifiers.sandbox import LANGUAGES, LAYERS


def python(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )


def test_it_tells_what_there_is(sandbox):
    done = python("-m", "verifiers.sandbox")
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines() if line} >= {*LAYERS, *LANGUAGES}
    assert done.stdout.endswith("\nUntrusted programs can be run.\n")


def test_it_tells_programs_too(sandbox):
    done = python("-m", "verifiers.sandbox", "--json")
    found = json.loads(done.stdout)
    assert [layer["layer"] for layer in found["protections"]] == list(LAYERS)
    assert [language["language"] for language in found["languages"]] == list(LANGUAGES)
    assert found["refusal"] is None


def test_it_exits_with_1_where_the_sandbox_would_refuse():
    script = (
        "import sys\nfrom verifiers.sandbox import bubblewrap, __main__\nbubblewrap.find = lambda: None\n"
        "sys.argv[1:] = []\nsys.exit(__main__.main())"
    )
    done = python("-c", script)
    assert done.returncode == 1
    assert "MISSING" in done.stdout
    assert "Untrusted programs cannot be kept in here, for want of" in done.stdout
    assert done.stderr == ""


def test_importing_is_cheap():
    script = (
        "import sys, time, verifiers\nstart = time.process_time()\nimport verifiers.sandbox\n"
        "from verifiers.sandbox import Program, Stdin, Limits\n"
        "print(time.process_time() - start, 'verifiers.sandbox.local' in sys.modules, 'subprocess' in sys.modules)"
    )
    best = min(python("-c", script).stdout.split() for _ in range(3))
    assert float(best[0]) < 0.02
    assert best[1:] == ["False", "False"]
