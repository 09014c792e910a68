"""Outputs that others have saved: rows of each form read, judged, and set beside their marks."""

import gzip
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evals.benchmarks import SPECS
from evals.data import DataError
from evals.recorded import Fields, Record, read
from evals.recorded.files import read_outputs
from evals.recorded.record import mark, numbered
from evals.rescore import finder, from_reference, paired, rescore, summarise
from verifiers import Verdict

RIGHT, WRONG = r"So \boxed{1188}.", r"So \boxed{1200}."
GSM8K = SPECS["gsm8k"]
GSM8K_ROW = {
    "question": "A jar holds 1,200 beans and 12 are eaten. How many are left?",
    "answer": "#### 1,188",
}


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def as_math(records):
    return rescore(paired(records, lambda record: from_reference("math", record)))


FORMS = {
    "lm-eval": {"doc_id": 0, "doc": GSM8K_ROW, "target": "1188", "resps": [[RIGHT]], "acc": 1.0},
    "lighteval": {"predictions": [RIGHT], "gold": ["1188"], "metrics": {"extractive_match": 1.0}},
    "inspect": {"id": 1, "epoch": 1, "target": ["1188"], "scores": {"match": {"value": "C"}},
                "output": {"choices": [{"stop_reason": "stop", "message": {"content": [
                    {"type": "reasoning", "reasoning": "5"}, {"type": "text", "text": RIGHT}]}}]}},
    "math-harness": {"idx": 3, "question": "q", "gt": "1188", "code": [RIGHT], "pred": ["1188"], "score": [True]},
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_row_of_each_form_is_known_by_its_fields(name, tmp_path):
    outputs = read(write(tmp_path / "file.jsonl", [FORMS[name]]))
    assert outputs.read_as == name
    (one,) = as_math(outputs.records)
    assert one.record.response == RIGHT
    assert list(one.record.marks.values()) == [True]
    assert one.verdict.correct


def test_programs_of_evalplus_and_of_reflexion(tmp_path):
    results = {"date": "2026", "hash": "x", "eval": {"HumanEval/0": [
        {"task_id": "HumanEval/0", "solution": "def f(): 1", "base_status": "pass", "plus_status": "fail"},
        {"task_id": "HumanEval/0", "solution": "def f(): 2", "base_status": "timeout", "plus_status": "fail"},
    ]}}  # fmt: skip
    (tmp_path / "eval_results.json").write_text(json.dumps(results))
    outputs = read(tmp_path / "eval_results.json")
    assert outputs.read_as == "evalplus"
    assert [record.marks for record in outputs.records] == [
        {"base_status": True, "plus_status": False},
        {"base_status": False, "plus_status": False},
    ]
    rows = [{"task_id": "HumanEval/1", "solution": "def g(): 1", "is_solved": True}]
    (record,) = read(write(tmp_path / "run.jsonl", rows)).records
    assert (record.problem, record.marks) == ("HumanEval/1", {"is_solved": True})
    assert record.response == "```python\ndef g(): 1\n```"


def test_a_response_under_several_filters_is_one_with_all_marks(tmp_path):
    rows = [
        {"doc_id": 0, "doc": {}, "target": "1188", "resps": [[RIGHT]], "filter": name, "metrics": ["exact_match"],
         "exact_match": score}
        for name, score in (("strict", 0.0), ("flexible", 1.0))
    ]  # fmt: skip
    (one,) = as_math(read(write(tmp_path / "samples.jsonl", rows)).records)
    assert one.record.marks == {"exact_match,strict": False, "exact_match,flexible": True}
    assert (one.agrees("exact_match,strict"), one.agrees("exact_match,flexible")) == (False, True)
    assert one.agrees("exact_match") is None


def test_one_number_with_two_responses_is_two_responses():
    records = [Record("a", text, sample=0) for text in ("x", "y", "x")] + [Record("a", "z")]
    assert [(record.sample, record.response) for record in numbered(records)] == [
        (0, "x"),
        (1, "y"),
        (2, "z"),
    ]


def test_ours_stands_beside_theirs_on_the_same_responses():
    marked = [({"m": True}, RIGHT), ({"m": True}, WRONG), ({"m": False}, RIGHT), ({}, WRONG)]
    records = [Record(str(n), text, 0, reference="1188", marks=m) for n, (m, text) in enumerate(marked)]
    summary = summarise(as_math(records))
    beside = summary.marks["m"]
    assert (summary.ours.value, beside.ours.value, beside.theirs.value) == pytest.approx((0.5, 2 / 3, 2 / 3))
    assert (beside.marked, beside.only_ours, beside.only_theirs) == (3, 1, 1)
    assert beside.agreement == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="no response"):
        summarise([])


def test_a_verdict_that_failed_neither_agrees_nor_disagrees():
    (one,) = as_math([Record("1", RIGHT, 0, reference="", marks={"m": True})])
    assert (one.verdict.status, one.agrees("m")) == ("error", None)
    beside = summarise([one]).marks["m"]
    assert (beside.agreement, beside.only_ours, beside.only_theirs) == (None, 0, 0)


def test_several_responses_to_a_problem_are_one_cluster(tmp_path):
    rows = [{"q": number % 2, "texts": [RIGHT, WRONG], "marks": [1, 0], "gold": 1188} for number in range(6)]
    outputs = read(write(tmp_path / "f.jsonl", rows), fields=Fields("texts", "q", "gold", "marks"))
    assert sorted(record.sample for record in outputs.records if record.problem == "0") == list(range(6))
    summary = summarise(as_math(outputs.records))
    assert (summary.problems, summary.responses, summary.marks["marks"].agreement) == (2, 12, 1.0)
    assert summary.measures == {"pass@6": 1.0, "maj@6": 0.5}


def test_usual_names_are_guessed_and_said(tmp_path):
    rows = [{"id": "a", "prompt": "q", "model_output": RIGHT, "gold": 1188.0, "is_correct": "yes"}]
    outputs = read(write(tmp_path / "f.jsonl", rows))
    (one,) = as_math(outputs.records)
    assert (one.record.problem, one.record.marks, one.verdict.correct) == ("a", {"is_correct": True}, True)
    assert "responses in 'model_output'" in outputs.notes[0]
    with pytest.raises(DataError, match=r"no known format .* It has a, b\."):
        read(write(tmp_path / "other.jsonl", [{"a": 1, "b": RIGHT}]))


def test_a_models_answer_is_never_taken_for_the_reference(tmp_path):
    # With the field names of GSM8K's own rows, but the model's text in `answer`.
    rows = [{"question": GSM8K_ROW["question"], "answer": "#### 7", "gold": "1188"}]
    outputs = read(write(tmp_path / "f.jsonl", rows), fields=Fields("answer", reference="gold"))
    ((_, problem),) = paired(outputs.records, finder(GSM8K, None, []))
    assert problem.reference == "1188"


def test_their_extracted_answer_stands_for_a_mark(tmp_path):
    rows = [{"out": RIGHT, "gold": "1,188", "pred": ["1188"]}, {"out": RIGHT, "gold": "1,188", "pred": [""]}]
    fields = Fields("out", reference="gold", answer="pred")
    records = read(write(tmp_path / "f.jsonl", rows), fields=fields).records
    assert [record.marks for record in records] == [{"pred": True}, {"pred": False}]


def test_named_fields_may_lie_deeper_and_their_absence_is_one_sentence(tmp_path):
    file = write(tmp_path / "f.jsonl", [{"out": {"text": RIGHT}, "a.b": "dotted", "gold": "1188"}])
    (record,) = read(file, fields=Fields("out.text", reference="gold", problem="a.b")).records
    assert (record.response, record.problem, record.marks) == (RIGHT, "dotted", {})
    with pytest.raises(DataError, match=r"Row 1 has no field 'out.texts'; it has out, a.b, gold"):
        read(file, fields=Fields("out.texts"))
    with pytest.raises(DataError, match=r"'out' holds dict and no text; name the field inside it"):
        read(file, fields=Fields("out"))


def problem_of_gsm8k():
    return GSM8K.problems({"test": [GSM8K.row.model_validate(GSM8K_ROW)]}, GSM8K.protocols[0])


@pytest.mark.parametrize(
    "record",
    [
        Record("gsm8k/0", RIGHT),
        Record("0", RIGHT),
        Record("chat-7", RIGHT, question=GSM8K_ROW["question"]),
        Record(
            "chat-7", RIGHT, question="Think.\nA jar holds 1,200  beans and 12 are eaten. How many are left?"
        ),
    ],
)
def test_problems_are_found_in_the_data_by_id_place_or_question(record):
    ((_, problem),) = paired([record], finder(GSM8K, None, problem_of_gsm8k()))
    assert problem.reference == "1188"


def test_the_question_decides_where_numbers_count_something_else():
    other = {"question": "A box holds 5 pens and 2 are lost. How many are left?", "answer": "#### 3"}
    rows = [GSM8K.row.model_validate(row) for row in (other, GSM8K_ROW)]
    find = finder(GSM8K, None, GSM8K.problems({"test": rows}, GSM8K.protocols[0]))
    ((_, problem),) = paired([Record("0", RIGHT, question=GSM8K_ROW["question"])], find)
    assert problem.reference == "1188"


def test_what_has_no_problem_is_left_out_or_refused():
    assert paired([Record("7", RIGHT)], finder(GSM8K, None, problem_of_gsm8k())) == []
    with pytest.raises(DataError, match="neither its row nor a reference"):
        paired([Record("1", RIGHT)], finder(GSM8K, None, []))
    with pytest.raises(DataError, match="has no reference"):
        from_reference("math", Record("1", RIGHT))


def test_options_and_workers_change_how_and_where_not_what(monkeypatch):
    records = [Record(str(n), "It is 1,188 beans", 0, reference="1188") for n in range(40)]
    pairs = paired(records, lambda record: from_reference("math", record))
    told = []
    strict = rescore(pairs)
    loose = rescore(pairs, 2, {"fallback": "last_number"}, told.append)
    assert {one.verdict.status for one in strict} == {"no_answer"}
    assert {one.verdict.status for one in loose} == {"correct"}
    assert sum(told) == 40
    assert isinstance(loose[0].verdict, Verdict)


@pytest.mark.parametrize(
    ("value", "found"),
    [(True, True), (0, False), (1.0, True), ("C", True), ("I", False), (" Passed ", True), (0.5, None), ("P", None),
     (None, None), ([1], None)],
)  # fmt: skip
def test_marks_of_every_sort(value, found):
    assert mark(value) is found


# --- Containers -------------------------------------------------------------------------------------------

ROWS = [{"id": 1, "response": "x" * 200_000}, {"id": 2, "response": "y"}]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("f.jsonl", lines(ROWS).encode()),
        ("f.jsonl.gz", gzip.compress(lines(ROWS).encode())),
        ("f.json", json.dumps(ROWS, indent=1).encode()),
        ("f.json.gz", gzip.compress(json.dumps(ROWS).encode())),
        ("lines.json", lines(ROWS).encode()),
        ("list.jsonl", json.dumps(ROWS).encode()),
        ("f.txt", b"\xef\xbb\xbf" + lines(ROWS).encode()),
        ("wrapped.json", json.dumps({"model": "m", "rows": ROWS}).encode()),
    ],
)
def test_rows_of_every_container(tmp_path, name, raw):
    (tmp_path / name).write_bytes(raw)
    (part,) = read_outputs(tmp_path / name)
    assert (part.rows, part.note) == (ROWS, None)


def test_tables_zips_and_objects_by_id(tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "f.parquet")
    assert read_outputs(tmp_path / "f.parquet")[0].rows == ROWS
    (tmp_path / "f.csv").write_text(
        "id,response\n" + "".join(f"{row['id']},{row['response']}\n" for row in ROWS)
    )
    assert [row["response"] for row in read_outputs(tmp_path / "f.csv")[0].rows] == [
        r["response"] for r in ROWS
    ]
    with zipfile.ZipFile(tmp_path / "f.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("out/f.json", json.dumps(ROWS))
    assert read_outputs(tmp_path / "f.zip")[0].rows == ROWS
    (tmp_path / "ids.json").write_text(json.dumps({"a": {"response": "x"}, "b": {"response": "y"}}))
    assert [row["id"] for row in read_outputs(tmp_path / "ids.json")[0].rows] == ["a", "b"]


def test_a_last_line_cut_by_a_kill_is_left_out_and_said(tmp_path):
    (tmp_path / "f.jsonl").write_text(lines(ROWS) + '{"id": 3, "resp')
    (part,) = read_outputs(tmp_path / "f.jsonl")
    assert part.rows == ROWS
    assert part.note is not None
    assert "the last line (3) is cut off" in part.note


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("f.jsonl", b'{"a": 1}\n{"a"\n{"a": 2}\n', "line 2 is not JSON"),
        ("f.json", b"{", "neither JSON nor lines of JSON"),
        ("f.jsonl", b"", "holds no rows"),
        ("f.json", b"[1]", "holds no rows"),
        ("f.jsonl", b'{"a": "\xff"}', "cannot be read"),
        ("f.jsonl.gz", gzip.compress(lines(ROWS).encode())[:50], "cannot be read"),
        ("f.parquet", b"PAR1", "cannot be read"),
        ("f.pkl", b"\x80\x04.", "cannot be read"),
        ("f.json", b"[" * 200_000, "cannot be read"),
    ],
    ids=["line", "json", "empty", "numbers", "utf8", "gzip", "parquet", "pickle", "deep"],
)
def test_files_that_cannot_be_read_are_one_sentence(tmp_path, name, raw, words):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(DataError, match=words):
        read(tmp_path / name)


def test_rows_of_two_formats_and_broken_rows_are_named(tmp_path):
    mixed = write(tmp_path / "mixed.jsonl", [FORMS["lm-eval"], FORMS["math-harness"]])
    with pytest.raises(DataError, match=r"row 2, is not of lm-eval, as the first is\. It has idx, question"):
        read(mixed)
    broken = write(tmp_path / "broken.jsonl", [FORMS["inspect"] | {"epoch": "one"}])
    with pytest.raises(DataError, match="row 1, is not as inspect writes it"):
        read(broken)
    with pytest.raises(DataError, match="no file"):
        read(tmp_path / "nowhere.json")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no file of outputs"):
        read(tmp_path / "empty")
