"""Outputs that others have saved: each format read, judged, and set beside its own marks."""

import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evals.benchmarks import SPECS
from evals.data import DataError
from evals.recorded import PRESETS, Record, fields, find_preset
from evals.recorded.files import read_outputs
from evals.recorded.record import mark
from evals.rescore import finder, from_reference, rescore, summarise

RIGHT, WRONG = r"So \boxed{1188}.", r"So \boxed{1200}."
GSM8K_ROW = {
    "question": "A jar holds 1,200 beans and 12 are eaten. How many are left?",
    "answer": "#### 1,188",
}


def lm_eval_row(number, response, score, name="strict-match"):
    return {
        "doc_id": number, "doc": GSM8K_ROW, "target": "#### 1,188", "arguments": {}, "resps": [[response]],
        "filtered_resps": ["1188"], "filter": name, "metrics": ["exact_match"], "exact_match": score,
        "doc_hash": "x", "prompt_hash": "x", "target_hash": "x",
    }  # fmt: skip


def inspect_sample(number, epoch, text, value):
    return {
        "id": number, "epoch": epoch, "input": "q", "target": "1188", "messages": [], "metadata": {},
        "output": {"choices": [{"message": {"role": "assistant", "content": text}, "stop_reason": "stop"}]},
        "scores": {"match": {"value": value, "answer": "1"}},
    }  # fmt: skip


FILES = {
    "lm-eval": [
        lm_eval_row(0, RIGHT, 1.0),
        lm_eval_row(1, WRONG, 0.0),
        lm_eval_row(2, RIGHT, 0.0),
        lm_eval_row(2, RIGHT, 1.0, "flexible-extract"),
    ],
    "lighteval": [
        {"doc": {"query": "q", "choices": ["1188"], "gold_index": [0], "id": str(number), "specific": None},
         "model_response": {"text": [text]}, "metric": {"extractive_match": score}}
        for number, (text, score) in enumerate([(RIGHT, 1.0), (WRONG, 0.0), (RIGHT, 0.0)])
    ],
    "inspect": [
        {"eval": {"task": "gsm8k"}, "samples": [
            inspect_sample(1, 1, RIGHT, "C"),
            inspect_sample(2, 1, [{"type": "reasoning", "reasoning": "5"}, {"type": "text", "text": WRONG}], "I"),
            inspect_sample(3, 1, RIGHT, "I"),
        ]}
    ],
    "simple-evals": [
        {"score": 0.3, "metrics": {}, "convos": [[{"role": "user", "content": "q"}, {"role": "assistant", "content": t}]
                                                 for t in (RIGHT, WRONG, RIGHT)],
         "htmls": [f"<h3>Results</h3><p>Correct Answer: 1188</p><p>Extracted Answer: 1</p><p>Score: {score}</p>"
                   for score in ("1.0", "0.0", "False")]}
    ],
}  # fmt: skip


@pytest.mark.parametrize("preset", FILES)
def test_a_math_file_of_each_format_is_judged_beside_its_marks(preset):
    assert find_preset(FILES[preset]) == preset
    records = list(PRESETS[preset][1](FILES[preset]))
    assert [record.response for record in records] == [RIGHT, WRONG, RIGHT]
    assert [record.label for record in records] == [True, False, False]
    made = rescore(records, finder(SPECS["gsm8k"], None, []))
    assert [one.verdict.status for one in made] == ["correct", "wrong", "correct"]
    assert [one.agrees for one in made] == [True, True, False]
    summary = summarise(made)
    assert (summary.problems, summary.responses, summary.marked) == (3, 3, 3)
    assert summary.ours.value == pytest.approx(2 / 3)
    assert summary.theirs is not None
    assert summary.theirs.value == pytest.approx(1 / 3)
    assert summary.agreement == pytest.approx(2 / 3)
    assert (summary.only_ours, summary.only_theirs) == (1, 0)


def test_human_eval_and_livecodebench_files_find_their_problems_by_id(sandbox_here):
    row = {"task_id": "Own/0", "prompt": 'def twice(x):\n    """Twice."""\n', "entry_point": "twice",
           "test": "def check(candidate):\n    assert candidate(4) == 8\n"}  # fmt: skip
    spec = SPECS["humaneval"]
    problems = spec.problems({"test": [spec.row.model_validate(row)]}, spec.protocol(None))
    lines = [
        {"task_id": "Own/0", "completion": "    return 2 * x\n", "result": "passed", "passed": True},
        {"task_id": "Own/0", "completion": "    return x\n", "result": "failed", "passed": True},
    ]
    assert find_preset(lines) == "human-eval"
    made = rescore(list(PRESETS["human-eval"][1](lines)), finder(spec, None, problems))
    assert [(one.record.sample, one.verdict.status, one.agrees) for one in made] == [
        (0, "correct", True),
        (1, "wrong", False),
    ]
    assert summarise(made).only_theirs == 1

    question = {"question_id": "own_1", "question_content": "Add.", "difficulty": "easy", "contest_date": "2025-01-05",
                "public_test_cases": '[{"input": "1 2", "output": "3"}]'}  # fmt: skip
    spec = SPECS["livecodebench"]
    problems = spec.problems({"test": [spec.row.model_validate(question)]}, spec.protocol(None))
    rows = [{"question_id": "own_1", "code_list": ["print(sum(map(int, input().split())))", "print(4)"],
             "graded_list": [True, False]}]  # fmt: skip
    assert find_preset(rows) == "livecodebench"
    made = rescore(list(PRESETS["livecodebench"][1](rows)), finder(spec, None, problems))
    assert [(one.verdict.status, one.agrees) for one in made] == [("correct", True), ("wrong", True)]


@pytest.fixture
def sandbox_here():
    from verifiers.sandbox import LocalSandbox, SandboxUnavailable

    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def test_several_responses_to_a_problem_are_one_cluster():
    rows = [{"q": number % 2, "texts": [RIGHT, WRONG], "marks": [1, 0], "gold": 1188} for number in range(6)]
    records = list(fields.records(rows, fields.Fields("texts", "q", "gold", "marks")))
    assert [record.sample for record in records[:4]] == [0, 1, 0, 1]
    assert [record.sample for record in records[4:8]] == [2, 3, 2, 3]
    summary = summarise(rescore(records, lambda record: from_reference("math", record)))
    assert (summary.problems, summary.responses, summary.agreement) == (2, 12, 1.0)


def test_named_fields_may_lie_deeper_and_their_absence_is_one_sentence():
    rows = [{"out": {"text": RIGHT}, "a.b": "dotted", "gold": "1188"}]
    (record,) = fields.records(rows, fields.Fields("out.text", reference="gold", problem="a.b"))
    assert (record.response, record.problem, record.label) == (RIGHT, "dotted", None)
    with pytest.raises(DataError, match=r"Row 1 has no field 'out.texts'; it has out, a.b, gold"):
        list(fields.records(rows, fields.Fields("out.texts")))


def test_a_file_without_marks_has_our_score_alone():
    record = Record("1", RIGHT, reference="1188")
    summary = summarise(rescore([record], lambda one: from_reference("math", one)))
    assert (summary.theirs, summary.agreement, summary.marked) == (None, None, 0)
    with pytest.raises(ValueError, match="no response"):
        summarise([])


def test_what_cannot_be_judged_is_refused_with_what_to_give():
    find = finder(SPECS["gsm8k"], None, [])
    with pytest.raises(DataError, match="neither its row nor a reference"):
        rescore([Record("1", RIGHT)], find)
    problems = SPECS["gsm8k"].problems(
        {"test": [SPECS["gsm8k"].row.model_validate(GSM8K_ROW)]}, SPECS["gsm8k"].protocols[0]
    )
    with pytest.raises(DataError, match="has no problem '7'"):
        rescore([Record("7", RIGHT)], finder(SPECS["gsm8k"], None, problems))
    likelihoods = lm_eval_row(0, RIGHT, 1.0) | {"resps": [[[-1.0, False]]]}
    with pytest.raises(DataError, match="log-likelihoods"):
        list(PRESETS["lm-eval"][1]([likelihoods]))


@pytest.mark.parametrize(
    ("value", "read"),
    [(True, True), (0, False), (1.0, True), ("C", True), ("I", False), (" Passed ", True), (0.5, None), ("P", None),
     (None, None), ([1], None)],
)  # fmt: skip
def test_marks_of_every_sort(value, read):
    assert mark(value) is read


def test_files_of_every_container(tmp_path):
    rows = FILES["lm-eval"]
    lines = tmp_path / "samples.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert read_outputs(lines) == rows
    table = tmp_path / "details.parquet"
    pq.write_table(pa.Table.from_pylist([{"task_id": "a", "completion": "b"}]), table)
    assert read_outputs(table) == [{"task_id": "a", "completion": "b"}]
    log = tmp_path / "log.eval"
    with zipfile.ZipFile(log, "w") as archive:
        archive.writestr("header.json", "{}")
        for sample in FILES["inspect"][0]["samples"]:
            archive.writestr(f"samples/{sample['id']}_epoch_{sample['epoch']}.json", json.dumps(sample))
    assert find_preset(read_outputs(log)) == "inspect"
    assert [record.label for record in PRESETS["inspect"][1](read_outputs(log))] == [True, False, False]
    whole = tmp_path / "log.json"
    whole.write_text(json.dumps(FILES["inspect"][0]))
    assert read_outputs(whole) == FILES["inspect"]
    for name, text in {"bad.json": "{", "empty.jsonl": "", "list.json": "[1]"}.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(DataError):
            read_outputs(tmp_path / name)
    with pytest.raises(DataError, match="no file"):
        read_outputs(tmp_path / "nowhere.json")
