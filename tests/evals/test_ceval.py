"""C-Eval on questions of the same form written for these tests, and data that lies in several pieces."""

import csv
import json
import sys
from types import SimpleNamespace

import pytest

from evals.benchmarks.ceval import SPEC, SUBJECTS
from evals.data import DataError
from evals.judge import judge
from evals.score import CheckpointFacts, score
from evals.types import Sample

FIELDS = ("id", "question", "A", "B", "C", "D", "answer")


def question(number, answer="B", **more):
    return {"id": number, "question": f"第{number}题:下列哪一个是鸟?", "A": "鲸", "B": "鹳", "C": "狼", "D": "蛇",
            "answer": answer, **more}  # fmt: skip


def write_csv(file, rows):
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as text:
        table = csv.DictWriter(text, FIELDS)
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def released(tmp_path):
    """A directory in the form of the released one, of two subjects: two questions of law and one of logic."""
    write_csv(tmp_path / "val" / "law_val.csv", [question(0), question(1, "C")])
    write_csv(tmp_path / "val" / "logic_val.csv", [question(0)])
    for subject in ("law", "logic"):
        write_csv(tmp_path / "dev" / f"{subject}_dev.csv", [question(n, "ABCDA"[n]) for n in range(5)])
    return tmp_path


def test_the_subjects_are_those_of_the_paper():
    counts = {
        category: sum(mine == category for _, mine in SUBJECTS.values()) for _, category in SUBJECTS.values()
    }
    assert counts == {"STEM": 20, "Social Science": 10, "Humanities": 11, "Other": 11}


def test_the_released_folder_and_a_file_with_a_column_give_the_same_problems(released, tmp_path):
    made = SPEC.benchmark(data=released)
    assert [problem.id for problem in made.load()] == ["ceval/logic/0", "ceval/law/0", "ceval/law/1"]
    assert dict(made.load()[1].tags) == {"subject": "law", "category": "Humanities"}
    file = tmp_path / "val.jsonl"
    rows = [question(0, subject="law"), question(1, "C", subject="law"), question(0, subject="logic")]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert SPEC.benchmark(data=file).load() == made.load()
    assert SPEC.benchmark(data=released).load() == made.load()  # where both are, the one file is taken
    assert "3 problems in this data, 1,346 as published" in made.caveats


@pytest.mark.parametrize(
    ("response", "status"),
    [("鹳是鸟。\n答案:B", "correct"), ("B", "correct"), ("答案：D", "wrong"), ("不知道。", "no_answer")],
)
@pytest.mark.parametrize("protocol", ["zero-shot-cot", "five-shot"])
def test_an_answer_is_judged(released, protocol, response, status):
    (verdict,) = judge([(SPEC.benchmark(data=released, protocol=protocol).load()[0], response, "stop")])
    assert verdict.status == status


def test_the_prompt_names_the_subject_and_shots_are_turns_with_their_answers(released):
    (alone,) = SPEC.benchmark(data=released).load()[1].prompt
    assert "法学" in alone.content
    assert "B. 鹳" in alone.content
    shots = SPEC.benchmark(data=released, protocol="five-shot").load()[0].prompt
    assert [message.role for message in shots] == ["system", *["user", "assistant"] * 5, "user"]
    assert [message.content for message in shots[2::2]] == [f"答案:{letter}" for letter in "ABCDA"]
    assert shots[-1].content == "第0题:下列哪一个是鸟?\nA. 鲸\nB. 鹳\nC. 狼\nD. 蛇"


def test_shots_that_are_not_there_are_one_sentence(released):
    (released / "dev" / "logic_dev.csv").unlink()
    assert len(SPEC.benchmark(data=released).load()) == 3
    with pytest.raises(
        DataError, match=r"needs 5 questions of the split dev for logic, and has 0; give --data"
    ):
        SPEC.benchmark(data=released, protocol="five-shot")


def test_the_published_average_is_over_subjects_and_the_other_over_categories(released):
    write_csv(released / "val" / "marxism_val.csv", [question(0)])
    made = SPEC.benchmark(data=released)
    assert made.metric == "macro"
    answers = {"ceval/law/0": "B", "ceval/law/1": "B", "ceval/logic/0": "B", "ceval/marxism/0": "A"}
    verdicts = judge([(problem, answers[problem.id], "stop") for problem in made.load()])
    samples = [
        Sample(problem.id, 0, "", 1, "stop", verdict, 0, problem.tags)
        for problem, verdict in zip(made.load(), verdicts, strict=True)
    ]
    facts = CheckpointFacts("sft", "sft", None, (), "sha256:w")
    row = score(samples, checkpoint=facts, benchmark=made, data_digest="sha256:d", split="test", seed=0)
    assert row.accuracy.value == 0.5
    assert row.measures["macro"].value == pytest.approx((0.5 + 1 + 0) / 3)
    assert row.measures["macro_category"].value == pytest.approx((2 / 3 + 0) / 2)


def test_the_test_split_without_answers_and_unknown_subjects_are_refused(released):
    write_csv(released / "val" / "law_val.csv", [question(0, "")])
    with pytest.raises(DataError, match=r"law_val\.csv, row 1, is not as ceval has it: answer"):
        SPEC.benchmark(data=released)
    file = released / "val.jsonl"
    file.write_text(json.dumps(question(0, subject="alchemy")))
    with pytest.raises(DataError, match="'alchemy' is none of the 52 subjects"):
        SPEC.benchmark(data=file)


# --- Data in pieces -------------------------------------------------------------------------------------------


def test_a_directory_with_nothing_of_the_scored_part_says_what_may_be_there(tmp_path):
    write_csv(tmp_path / "dev" / "law_dev.csv", [question(0)])
    write_csv(tmp_path / "law.csv", [question(0)])  # of which part is not known
    names = r"val\.jsonl, .*val\.csv, or val/computer_network\.jsonl and so on"
    with pytest.raises(DataError, match=f"has no file of ceval; it must be called one of {names}"):
        SPEC.benchmark(data=tmp_path)


def test_coverage_names_what_is_there_or_what_is_missing(released):
    def said():
        return [caveat for caveat in SPEC.benchmark(data=released).caveats if " by subject" in caveat]

    assert said() == ["2 of 52 by subject: logic, law"]
    for subject in SUBJECTS:
        if subject != "physician":
            write_csv(released / "val" / f"{subject}.csv", [question(0)])
    assert said() == ["51 of 52 by subject, without physician"]
    write_csv(released / "val" / "physician.csv", [question(0)])
    assert said() == []


def test_coverage_is_that_of_the_problems_that_a_limit_leaves(released):
    assert "1 of 52 by subject: logic" in SPEC.benchmark(data=released, limit=1).caveats


def test_from_the_hub_every_subject_is_a_configuration(monkeypatch):
    asked = []

    class Loaded(list):
        @property
        def features(self):
            return {}

    def load_dataset(path, name, *, split, revision):
        asked.append((path, name, split))
        return Loaded([question(n) for n in range(5)])

    monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load_dataset, Image=type(None)))
    made = SPEC.benchmark(protocol="five-shot").load()
    assert len(made) == 5 * 52
    assert {problem.tags["subject"] for problem in made} == set(SUBJECTS)
    assert asked == [("ceval/ceval-exam", name, split) for split in ("val", "dev") for name in SUBJECTS]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("val.jsonl.gz", b"\x1f\x8b\x08\x00" + b"\x00" * 6 + b"\xff\xff\xff"),
        ("val.jsonl.gz", b"not gzipped"),
        ("val.parquet", b"PAR1"),
        ("val.csv", b"id,question\n1,\"" + b"x" * 200_000),
        ("val.json", b"[" * 100_000),
        ("val.jsonl", b"\xff\xfe"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_one_sentence_that_names_it(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=rf"val\.{name.split('.')[1]}") as error:
        SPEC.benchmark(data=tmp_path / name)
    assert "\n" not in str(error.value)
