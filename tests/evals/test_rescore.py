"""Outputs that others have saved: rows of each form read, judged, and set beside their marks."""

import gzip
import json
import os
import subprocess
import sys
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evals.benchmarks import SPECS
from evals.data import DataError
from evals.recorded import Fields, Record, read
from evals.recorded.files import read_outputs
from evals.recorded.problems import finder, from_reference, paired
from evals.recorded.record import mark, numbered
from evals.rescore import rescore, summarise
from evals.types import Message, Problem
from verifiers import Verdict
from verifiers.intervals import Z95, wilson_interval

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
    assert outputs.format == name
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
    assert outputs.format == "evalplus"
    assert [record.marks for record in outputs.records] == [
        {"base_status": True, "plus_status": False},
        {"base_status": False, "plus_status": False},
    ]
    rows = [{"task_id": "HumanEval/1", "solution": "def g(): 1", "is_solved": True}]
    (record,) = read(write(tmp_path / "run.jsonl", rows)).records
    assert (record.problem, record.marks) == ("HumanEval/1", {"is_solved": True})
    assert (record.response, record.is_code) == ("def g(): 1", True)


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
    values = {name: figure.value for name, figure in summary.measures.items()}
    assert values == {"pass@6": 1.0, "maj@6": 0.5}
    # Two problems that are solved, or half voted for, say little: as 2 of 2 do, and 1 of 2.
    for name, right in (("pass@6", 2), ("maj@6", 1)):
        figure = summary.measures[name]
        assert (figure.low, figure.high) == pytest.approx(wilson_interval(right / 2, 2, Z95))


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
        Record("chat-7", RIGHT, place=0),
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


def numbered_from_one(*texts):
    """Problems whose ids are their numbers from 1, as MathVista's and MATH-Vision's are."""
    return [
        Problem(f"mathvista/{number}", (Message("user", text),), text, "math")
        for number, text in enumerate(texts, 1)
    ]


def found(record, *texts):
    problem = finder(SPECS["mathvista"], None, numbered_from_one(*texts))(record)
    return problem and problem.id


def test_a_place_is_no_id_and_an_id_no_place():
    texts = ("First?", "Second?", "Third?")
    assert found(Record("1", RIGHT), *texts) == "mathvista/1"
    assert found(Record("1", RIGHT, place=1), *texts) == "mathvista/2"
    assert found(Record("0", RIGHT), *texts) is None
    assert found(Record("3", RIGHT, place=3), *texts) is None
    assert found(Record("-1", RIGHT, place=-1), *texts) is None


@pytest.mark.parametrize(
    ("row", "id"),
    [
        ({"doc_id": 1, "doc": {}, "target": "1", "resps": [[RIGHT]]}, "mathvista/2"),
        ({"doc_id": 1, "doc": {"question": "Third?"}, "target": "1", "resps": [[RIGHT]]}, "mathvista/3"),
        ({"doc_id": 1, "doc": {"question": "Second?"}, "target": "1", "resps": [[RIGHT]]}, "mathvista/2"),
        ({"doc_id": 1, "doc": {"question": "Of other data?"}, "target": "1", "resps": [[RIGHT]]}, None),
        (FORMS["math-harness"] | {"idx": 1, "question": "Second?"}, "mathvista/2"),
        (FORMS["inspect"] | {"id": 1, "input": "Third?"}, "mathvista/3"),
        (FORMS["inspect"] | {"id": 1, "input": "Of other data?"}, None),
        ({"idx": 1, "response": RIGHT}, "mathvista/2"),
        ({"id": 1, "response": RIGHT}, "mathvista/1"),
        ({"response": RIGHT}, "mathvista/1"),
    ],
)
def test_formats_that_number_rows_count_from_nought(row, id, tmp_path):
    (record,) = read(write(tmp_path / "f.jsonl", [row])).records
    assert found(record, "First?", "Second?", "Third?") == id


def test_each_of_several_files_counts_for_itself(tmp_path):
    for name in ("law", "logic"):
        write(tmp_path / f"samples_{name}.jsonl", [FORMS["lm-eval"]])
    assert [record.place for record in read(tmp_path).records] == [None, None]


def test_a_question_that_several_problems_ask_is_told_by_its_place():
    texts = ("Which is odd?\nA. 4\nB. 5", "Which is odd?\nA. 7\nB. 8", "Which is even?\nA. 1\nB. 2")
    assert found(Record("x", RIGHT, question="Which is odd?", place=1), *texts) == "mathvista/2"
    assert found(Record("x", RIGHT, question="Which is odd?", place=2), *texts) is None
    assert found(Record("x", RIGHT, question="Which is odd?\nA. 7\nB. 8", place=2), *texts) == "mathvista/2"
    assert found(Record("x", RIGHT, question="Which is odd?", place=7), texts[0], texts[0]) == "mathvista/1"


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


def choice(number):
    return Problem(f"c{number}", (), "A", "choice", options={"options": ["4", "5"]})


def test_each_verifier_gets_the_options_that_it_has():
    pairs = [
        (Record("c", "Answer: A"), choice(0)),
        (Record("m", r"\boxed{3.1416}"), Problem("m", (), "3.14", "math")),
    ]
    assert [one.verdict.status for one in rescore(pairs)] == ["correct", "wrong"]
    assert [one.verdict.status for one in rescore(pairs, 0, {"rounding": 2})] == ["correct", "correct"]
    # Whichever comes first.
    assert [one.verdict.status for one in rescore(pairs[::-1], 0, {"rounding": 2})] == ["correct", "correct"]
    with pytest.raises(
        ValueError, match=r"choice verifier has no option 'roundin'.*math verifier has no option"
    ):
        rescore(pairs, 0, {"roundin": 2})


@pytest.mark.parametrize("value", ["any", "last_letter"])
def test_a_value_that_one_of_the_verifiers_refuses_is_refused_and_not_counted_as_errors(value):
    pairs = [
        (Record("c", "Answer: A"), choice(0)),
        (Record("m", r"\boxed{3}"), Problem("m", (), "3", "math")),
    ]
    with pytest.raises(ValueError, match=rf"verifier's option fallback is '{value}'; it must be one of"):
        rescore(pairs, 0, {"fallback": value})
    assert [one.verdict.status for one in rescore(pairs, 0, {"fallback": "last_line"})] == ["correct"] * 2


# --- The protocol's figures -------------------------------------------------------------------------------


def of_ceval(subject, number, right, known=True):
    row = {"subject": subject, "id": number, "question": f"{subject} {number}?", "A": "1", "B": "2", "C": "3", "D": "4",
           "answer": "B"}  # fmt: skip
    return Record(
        f"{subject}/{number}", "答案:B" if right else "答案:C", row=row if known else None, reference="B"
    )


def summary_of(name, records):
    spec = SPECS[name]
    rescored = rescore(paired(records, finder(spec, None, [])))
    return summarise(rescored, spec.measures, spec.protocols[0].metric)


def test_a_macro_average_weighs_subjects_the_same():
    records = [of_ceval("law", n, True) for n in range(3)] + [of_ceval("logic", 0, False)]
    summary = summary_of("ceval", records)
    assert (summary.ours.value, summary.metric) == (0.75, "macro")
    macro = summary.measures["macro"]
    assert macro.value == 0.5
    assert macro.low < 0.5 < macro.high


def test_problems_known_by_their_reference_have_no_figures_of_the_protocol():
    records = [of_ceval("law", 0, True), of_ceval("logic", 0, False, known=False)]
    summary = summary_of("ceval", records)
    assert (summary.ours.value, summary.measures) == (0.5, {})


def of_ifeval(key, response, names):
    row = {"key": key, "prompt": f"Write {key}.", "instruction_id_list": names, "kwargs": [{}] * len(names)}
    return Record(str(key), response, row=row)


def test_instructions_have_loose_figures_and_figures_by_instruction():
    no_comma, lower = "punctuation:no_comma", "change_case:english_lowercase"
    records = [
        of_ifeval(1, "all is well here", [no_comma, lower]),
        of_ifeval(2, "Sure, here:\nno comma", [no_comma]),
    ]
    summary = summary_of("ifeval", records)
    values = {name: figure.value for name, figure in summary.measures.items()}
    assert summary.ours.value == 0.5
    assert values == pytest.approx(
        {"prompt_loose": 1.0, "instruction_strict": 2 / 3, "instruction_loose": 1.0}
    )


def test_a_reference_that_cannot_be_judged_by_stops_no_other_figure():
    records = [of_ifeval(1, "well", ["punctuation:no_comma"]), of_ifeval(2, "well", ["of:another_language"])]
    summary = summary_of("ifeval", records)
    assert (summary.ours.value, summary.status_shares["error"], summary.measures) == (0.5, 0.5, {})


# --- Formats ----------------------------------------------------------------------------------------------


def test_marks_are_in_the_order_of_the_file_whatever_the_hash_seed(tmp_path):
    names = ["f1", "acc", "exact_match", "bleu", "em", "pass"]
    row = {"doc_id": 0, "doc": {}, "target": "1188", "resps": [[RIGHT]], **dict.fromkeys(names, 1.0)}
    file = write(tmp_path / "samples.jsonl", [row])
    code = (
        "from pathlib import Path; from evals.recorded import read; "
        f"print(*read(Path({str(file)!r})).records[0].marks)"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
        )
        assert done.stdout.split() == names, done.stderr


def test_ifeval_files_say_their_instructions_and_prompts_may_repeat(tmp_path):
    rows = [
        {"prompt": p, "response": r, "follow_all_instructions": True} for p, r in ("ax", "ay", "bx", "ax")
    ]
    outputs = read(write(tmp_path / "eval_results.jsonl", rows))
    assert outputs.format == "ifeval"
    assert [(record.problem, record.sample) for record in outputs.records] == [
        ("a", 0),
        ("a", 1),
        ("b", 0),
        ("a", 2),
    ]
    assert all(record.marks == {"follow_all_instructions": True} for record in outputs.records)


def test_prompts_and_responses_alone_are_not_of_ifeval(tmp_path):
    outputs = read(write(tmp_path / "f.jsonl", [{"prompt": "a", "response": ["x", "y"]}]))
    assert outputs.format == "responses in 'response'"
    assert [(record.problem, record.response) for record in outputs.records] == [("a", "x"), ("a", "y")]
    rows = [{"prompt": "a", "response": ["x", "y"], "instruction_id_list": []}]
    with pytest.raises(DataError, match="is no file of ifeval"):
        read(write(tmp_path / "g.jsonl", rows), "ifeval")


def test_a_format_is_one_of_those_there_are(tmp_path):
    with pytest.raises(DataError, match=r"no format 'auto'; choose from lm-eval, .*, own\."):
        read(write(tmp_path / "f.jsonl", ROWS), "auto")


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
