"""`repro testcases`."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from cli_support import ENVIRONMENT, ROOT, repro

from verifiers.sandbox import LocalSandbox, SandboxUnavailable

SOURCES = {
    "a.py": "print(sum(map(int, input().split())))",
    "b.py": "a, b = input().split()\nprint(int(a) + int(b))",
    "c.py": "import sys\nx = sys.stdin.read().split()\nprint(int(x[0]) - -int(x[1]))",
    "w.py": "print(2)",
}
FEW = ("--inputs", 6, "--drawn", 3, "--agreeing", 2, "--valid", 4, "--passing", 2)


@pytest.fixture(scope="module", autouse=True)
def _needs_a_sandbox():
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def problems(tmp_path) -> Path:
    """Four problems, of which one needs a special judge."""
    root = tmp_path / "problems"
    for name in ("p1", "p2", "p3", "p4"):
        folder = root / name
        (folder / "submissions").mkdir(parents=True)
        facts = {"samples": [{"input": "1 1\n", "output": "2\n"}], "rejected": ["w.py"]}
        if name == "p4":
            facts["special_judge"] = "Any sum is right."
        (folder / "problem.yaml").write_text(yaml.safe_dump(facts))
        (folder / "labels.yaml").write_text(
            yaml.safe_dump({"a.py": "right", "b.py": "right", "w.py": "prints 2"})
        )
        (folder / "statement.md").write_text("Add two numbers.\n")
        (folder / "generator.py").write_text(
            "import sys\nfrom cyaron import randint\nprint(sys.argv[1], randint(1, 9))\n"
        )
        for file, source in SOURCES.items():
            (folder / "submissions" / file).write_text(source)
    return root


def test_the_cases_the_funnel_and_the_catch_rates(problems, tmp_path):
    out = tmp_path / "out"
    shown = repro("testcases", problems, "--out", out, *FEW)
    assert shown.code == 0, shown
    for words in ("Funnel", "614", "463", "323", "special judge", "wrong, caught by the cases", "McNemar"):
        assert words in shown.out
    machine = repro("testcases", problems, "--out", out, *FEW, "--json").json
    assert [step["problems"] for step in machine["funnel"]] == [4, 3, 3, 3, 3]
    assert machine["caught"]["wrong_by_samples"]["count"] == 0
    assert machine["caught"]["wrong_by_cases"]["count"] == 3
    assert machine["caught"]["alarms_by_cases"] == machine["caught"]["alarms_by_samples"]
    assert machine == json.loads((out / "summary.json").read_text())
    rows = [json.loads(line) for line in (out / "testcases.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["p1", "p2", "p3"]
    assert all(len(row["reference"]["tests"]) == 6 for row in rows)


def test_the_rows_are_judged_by_the_code_verifier(problems, tmp_path):
    out = tmp_path / "out"
    assert repro("testcases", problems, "--out", out, *FEW).code == 0
    row = json.loads((out / "testcases.jsonl").read_text().splitlines()[0])
    answers = tmp_path / "answers.jsonl"
    lines = [
        {
            "kind": "code",
            "reference": row["reference"],
            "label": label,
            "response": f"```python\n{source}\n```",
        }
        for source, label in ((SOURCES["a.py"], True), (SOURCES["w.py"], False))
    ]
    answers.write_text("".join(json.dumps(line) + "\n" for line in lines))
    judged = repro("verify", "--file", answers, "--json")
    assert judged.code == 0, judged
    assert [json.loads(line)["status"] for line in judged.out.splitlines()] == ["correct", "wrong"]


def test_a_killed_run_goes_on_where_it_was(problems, tmp_path):
    command = [sys.executable, "-m", "repro", "testcases", str(problems), "--workers", "1", *map(str, FEW)]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen(
        [*command, "--out", str(killed)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not list(killed.glob("cases/p*.json")) and time.monotonic() < deadline:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (killed / "summary.json").exists()
    kept = {path: path.stat().st_mtime_ns for path in killed.glob("cases/p*.json")}
    assert kept
    assert repro("testcases", problems, "--out", killed, *FEW).code == 0
    assert repro("testcases", problems, "--out", whole, *FEW).code == 0
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    for path in whole.rglob("*"):
        if path.is_file() and path.name != "summary.json":  # which names the folder
            assert (killed / path.relative_to(whole)).read_bytes() == path.read_bytes()


def test_parquet(problems, tmp_path):
    import pyarrow.parquet as pq

    done = repro("testcases", problems, "--out", tmp_path / "out", *FEW, "--format", "parquet", "--json")
    assert pq.read_table(done.json["file"]).column("id").to_pylist() == ["p1", "p2", "p3"]


def test_bad_input_is_one_sentence(problems, tmp_path):
    repro("testcases", tmp_path / "none", cwd=tmp_path).refused("There is no folder")
    repro("testcases", problems, "--agreeing", 3, cwd=tmp_path).refused("more than half")
    repro("testcases", problems, "--model", tmp_path / "none", cwd=tmp_path).refused("checkpoint directory")
    (problems / "p2" / "problem.yaml").write_text("samples: [")
    repro("testcases", problems, cwd=tmp_path).refused("p2/problem.yaml", "not YAML")
    assert not (tmp_path / "testcases").exists()


def test_a_missing_cyaron_is_said_with_how_to_get_it(problems, tmp_path):
    hidden = (
        "import importlib.metadata as m\ndef none(name): raise m.PackageNotFoundError(name)\nm.files = none"
    )
    done = repro("testcases", problems, "--out", tmp_path / "out", *FEW, before=hidden)
    assert done.code == 2
    assert "pip install 'k15-repro[testcases]'" in done.err
    assert "Traceback" not in done.err


def test_a_sandbox_that_fails_ends_the_run_with_code_1_and_says_how_to_go_on(problems, tmp_path):
    broken = (
        "from verifiers.sandbox import LocalSandbox\nfrom verifiers.sandbox.types import Execution\n"
        "LocalSandbox.run = lambda self, program, inputs, limits: (Execution('failed', 'It is down.') for _ in inputs)"
    )
    done = repro("testcases", problems, "--out", tmp_path / "out", *FEW, before=broken)
    assert done.code == 1
    assert "It is down." in done.err
    assert "goes on from here" in done.err
    assert "Traceback" not in done.err
    assert repro("testcases", problems, "--out", tmp_path / "out", *FEW).code == 0


def test_a_model_whose_responses_hold_no_program_gives_no_generators(problems, tmp_path, checkpoint):
    out = tmp_path / "out"
    done = repro(
        "testcases", problems, "--out", out, *FEW, "--model", checkpoint, "--max-tokens", 4, "--json"
    )
    assert done.code == 0, done
    assert [step["problems"] for step in done.json["funnel"]] == [4, 3, 3, 0, 0]
    assert done.json["caught"] is None
    assert len(list((out / "responses").glob("*.json"))) == 3
