"""Killed in the middle and resumed: nothing lost, nothing counted twice."""

import json
from pathlib import Path

import pytest
from testcases_support import SMALL, adding, exited, fake, make_problem

from evals.testcases.errors import SandboxFailed
from evals.testcases.export import rows, write
from evals.testcases.run import run
from verifiers.sandbox.types import Execution

PROBLEMS = [make_problem(name) for name in ("one", "two", "three", "four")]
LABELS = {"one": {"a.py": None, "b.py": "wrong"}}


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def whole(folder: Path, problems=PROBLEMS, labels=LABELS, settings=SMALL, sandbox=None, **options):
    return run(problems, labels, sandbox or fake(), settings, folder, **options)


def failing_after(runs: int):
    """A sandbox that breaks down at that many runs of `c`."""
    sandbox = fake()

    def program(text):
        return Execution("failed", "It is down.") if sandbox.runs.count("c") > runs else adding(text)

    sandbox.programs = {**sandbox.programs, "c": program}
    return sandbox


@pytest.mark.parametrize("runs", [0, 7, 13, 20])
def test_a_run_that_breaks_down_goes_on_where_it_was(tmp_path, runs):
    expected = whole(tmp_path / "expected")
    with pytest.raises(SandboxFailed):
        whole(tmp_path / "broken", sandbox=failing_after(runs))
    done = len(list((tmp_path / "broken").glob("cases/*.json")))
    assert done == runs // SMALL.inputs
    sandbox = fake()
    assert whole(tmp_path / "broken", sandbox=sandbox) == expected
    assert sandbox.runs.count("c") == SMALL.inputs * (len(PROBLEMS) - done)
    assert files(tmp_path / "broken") == files(tmp_path / "expected")


def test_what_is_done_is_not_done_again(tmp_path):
    first = whole(tmp_path)
    sandbox = fake()
    assert whole(tmp_path, sandbox=sandbox) == first
    assert sandbox.runs == []


@pytest.mark.parametrize("damage", [b"", b"{", b'"text"', b'{"key": "other", "value": 1}'])
def test_a_damaged_file_is_made_anew(tmp_path, damage):
    first = whole(tmp_path)
    before = files(tmp_path)
    (tmp_path / "cases" / "two.json").write_bytes(damage)
    assert whole(tmp_path) == first
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"settings": SMALL.__class__(inputs=6, drawn=3, agreeing=2, valid=4, passing=2, seed=1)},
        {"problems": [make_problem("one", generator="h"), *PROBLEMS[1:]]},
    ],
)
def test_other_settings_or_another_problem_are_not_mistaken_for_these(tmp_path, changed):
    whole(tmp_path)
    sandbox = fake(h=lambda number, seed: exited(f"{number} 9\n"))
    found = whole(tmp_path, sandbox=sandbox, **changed)
    assert sandbox.runs
    assert found == whole(tmp_path / "fresh", sandbox=sandbox, **changed)


def test_labels_do_not_change_the_cases(tmp_path):
    whole(tmp_path / "with")
    whole(tmp_path / "without", labels={})
    upside_down = {"one": {"a.py": "wrong", "b.py": None, "c.py": "wrong"}}
    whole(tmp_path / "other", labels=upside_down)
    cases = [files(tmp_path / name / "cases") for name in ("with", "without", "other")]
    assert cases[0] == cases[1] == cases[2]


def test_new_labels_do_not_make_the_cases_anew(tmp_path):
    whole(tmp_path, labels={})
    sandbox = fake()
    found = whole(tmp_path, sandbox=sandbox)
    assert [len(result.judged) for result in found] == [2, 0, 0, 0]
    assert "g" not in sandbox.runs


def test_threads_change_nothing(tmp_path):
    told = []
    found = whole(tmp_path / "four", workers=4, on_done=told.append)
    assert found == whole(tmp_path / "one")
    assert files(tmp_path / "four") == files(tmp_path / "one")
    assert sorted(r.curated.problem for r in told) == ["four", "one", "three", "two"]


def test_one_id_for_two_problems_is_refused(tmp_path):
    with pytest.raises(ValueError, match="same id"):
        whole(tmp_path, problems=[make_problem("a"), make_problem("a")])


@pytest.mark.parametrize("name", ["../a", "a/b", "", ".."])
def test_an_id_that_is_no_name_of_a_file_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="name of a file"):
        whole(tmp_path / "out", problems=[make_problem(name)])
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("name", ["cases.jsonl", "cases.parquet"])
def test_kept_problems_are_written_as_rows_for_the_verifier(tmp_path, name):
    problems = [make_problem("kept"), make_problem("left", special_judge="Any.")]
    found = rows(problems, [r.curated for r in whole(tmp_path, problems=problems)])
    write(tmp_path / name, found)
    if name.endswith("parquet"):
        import pyarrow.parquet as pq

        read = pq.read_table(tmp_path / name).to_pylist()
        read = [row | {"reference": json.loads(row["reference"])} for row in read]
    else:
        read = [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
    assert read == found
    assert [row["id"] for row in read] == ["kept"]
    assert read[0]["reference"]["tests"][0] == {"stdin": "1 2\n", "stdout": "3"}


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"\.jsonl, \.parquet"):
        write(tmp_path / "cases.csv", [])
