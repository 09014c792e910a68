"""Rows in the form that benchmarks' own scorers write, and what rows of any form may lack."""

import json

import pytest

from evals.benchmarks import SPECS
from evals.data import DataError
from evals.recorded import FORMATS, Fields, Record, read
from evals.recorded.json_answers import json_answer
from evals.recorded.problems import finder, from_reference, paired
from evals.rescore import rescore, summarise, warnings
from evals.types import Message, Problem


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def on_benchmark(name, path, problems=()):
    outputs = read(path)
    return outputs, rescore(paired(outputs.records, finder(SPECS[name], None, problems)))


def statuses(judged):
    return [one.verdict.status for one in judged]


# --- MathVista, MMMU, MMLU-Pro, MultiPL-E -----------------------------------------------------------------


MATHVISTA = {"image": "images/1.jpg", "unit": None, "precision": None, "choices": None,
             "metadata": {"task": "figure question answering"}}  # fmt: skip
"""The picture is not there, and no judging needs it."""
CHOICE = {**MATHVISTA, "question": "How long?", "choices": ["12 cm", "15 cm", "18 cm"], "answer": "15 cm",
          "question_type": "multi_choice", "answer_type": "text"}  # fmt: skip
DECIMAL = {**MATHVISTA, "question": "How much?", "answer": "1.2", "precision": 1, "question_type": "free_form",
           "answer_type": "float"}  # fmt: skip


def test_mathvistas_result_file_is_judged_by_the_choices_and_types_of_its_rows(tmp_path):
    responses = [
        (CHOICE, "The answer is (B) 15 cm.", True),
        (CHOICE, "The answer is B", True),
        (CHOICE, "The answer is (A) 12 cm.", False),
        (DECIMAL, r"So \boxed{1.23}", True),
        (DECIMAL, r"So \boxed{1.3}", False),
        (DECIMAL, None, False),
    ]
    rows = {
        str(pid): {"pid": str(pid), **row, "response": text, "true_false": right, "extraction": "x"}
        for pid, (row, text, right) in enumerate(responses, 1)
    }
    file = tmp_path / "output_model.json"
    file.write_text(json.dumps(rows))
    outputs, judged = on_benchmark("mathvista", file)
    assert outputs.format == "mathvista"
    assert outputs.notes == ("1 of 6 responses are empty, which is no answer.",)
    assert [one.problem.verifier for one in judged] == ["choice"] * 3 + ["math"] * 3
    assert statuses(judged) == ["correct", "correct", "wrong", "correct", "wrong", "no_answer"]
    beside = summarise(judged).marks["true_false"]
    assert (beside.marked, beside.agreement) == (6, 1.0)


def test_another_field_of_a_known_format_may_hold_what_is_judged(tmp_path):
    """MathVista's files also have the answer that GPT-4 read out of the response, by which it is scored."""
    row = {"pid": "1", **DECIMAL, "response": "Who knows?", "extraction": "1.2", "true_false": True}
    file = write(tmp_path / "f.jsonl", [row])
    (record,) = read(file, "mathvista", response_field="extraction").records
    assert (record.response, record.marks) == ("1.2", {"true_false": True})
    with pytest.raises(DataError, match="No row has a field 'extracted'"):
        read(file, "mathvista", response_field="extracted")
    log = write(tmp_path / "log.jsonl", [{"doc_id": 0, "doc": {}, "resps": [["7"]]}])
    with pytest.raises(DataError, match="lm-eval's files keep no response in a field of its own"):
        read(log, "lm-eval", response_field="text")


def test_mmmus_folder_of_subjects_is_one_file_of_outputs(tmp_path):
    options = {"all_choices": ["A", "B"], "index2ans": {"A": "Project A", "B": "Project B"}}
    asked = {"Accounting": [("multiple-choice", "B", options, "The answer is (B)."),
                            ("multiple-choice", "B", options, "The answer is Project A.")],
             "Electronics": [("short-answer", "30", {}, r"\boxed{30}"),
                             ("short-answer", ["left", "the left"], {}, "<answer>The left</answer>")]}  # fmt: skip
    for subject, rows in asked.items():
        folder = tmp_path / subject
        folder.mkdir()
        (folder / "output.json").write_text(json.dumps([
            {"id": f"validation_{subject}_{number}", "question_type": kind, "answer": answer, **more, "response": text}
            for number, (kind, answer, more, text) in enumerate(rows)
        ]))  # fmt: skip
        (folder / "parsed_output.json").write_text("[]")
    outputs, judged = on_benchmark("mmmu", tmp_path)
    assert outputs.format == "mmmu"
    assert statuses(judged) == ["correct", "wrong", "correct", "correct"]
    assert [one.problem.tags["subject"] for one in judged] == ["Accounting"] * 2 + ["Electronics"] * 2
    assert summarise(judged, SPECS["mmmu"].measures).measures["macro"].value == pytest.approx(0.75)


def test_a_benchmark_whose_rows_say_how_to_judge_is_not_judged_by_references_alone(tmp_path):
    file = write(tmp_path / "f.jsonl", [{"pid": "1", "response": "B", "answer": "15 cm"}])
    with pytest.raises(DataError, match=r"judged by its row of mathvista.*--data.*--kind"):
        on_benchmark("mathvista", file)


def test_mmlu_pros_outputs_are_judged_with_their_options(tmp_path):
    row = {"question_id": 7, "question": "Which?", "options": ["North", "South", "East"], "answer": "C",
           "answer_index": 2, "category": "law"}  # fmt: skip
    rows = [
        {**row, "pred": "C", "model_outputs": "The answer is (C).\n\nQuestion:\nMore?\nThe answer is (A)."},
        {**row, "question_id": 8, "question": "And?", "pred": None, "model_outputs": "The answer is East."},
    ]
    outputs = read(write(tmp_path / "model_outputs.jsonl", rows))
    assert (outputs.format, [record.marks for record in outputs.records]) == (
        "mmlu-pro",
        [{"pred": True}, {"pred": False}],
    )
    pairs = paired(outputs.records, lambda record: from_reference("choice", record))
    assert statuses(rescore(pairs)) == ["wrong", "correct"]
    assert statuses(rescore(pairs, stop=["Question:"])) == ["correct", "correct"]


JS = {"name": "HumanEval_0_twice", "language": "js", "prompt": "//Twice x\nfunction twice(x){\n",
      "tests": "const assert = require('node:assert');\nfunction test() {\n  let candidate = twice;\n"
      "  assert.deepEqual(candidate(2),4);\n}\ntest();"}  # fmt: skip


def test_multipl_es_completions_and_results_hold_whole_programs(tmp_path):
    program = "//Twice x\nfunction twice(x){\n  return 2 * x;\n}\n"
    rows = [{**JS, "completions": ["  return 2 * x;\n}", None]}]
    records = read(write(tmp_path / "completions.jsonl", rows)).records
    assert records[0].response == program.rstrip()
    results = {**JS, "results": [{"program": f"{program}\n{JS['tests']}", "status": "OK", "exit_code": 0}]}
    file = write(tmp_path / "HumanEval_0_twice.results.jsonl", [results])
    (record,) = read(file, "multipl-e").records
    assert (record.response, record.marks) == (program.rstrip(), {"status": True})


def test_ids_of_multipl_e_are_found_in_the_language_of_the_row():
    problems = [
        Problem(
            f"humaneval_mul/{name}/HumanEval_0_twice",
            (Message("user", name),),
            {},
            "code",
            {"language": name},
        )
        for name in ("cpp", "javascript")
    ]
    find = finder(SPECS["humaneval_mul"], None, problems)
    assert find(Record("HumanEval_0_twice", "", row=JS)).tags["language"] == "javascript"
    assert find(Record("HumanEval_0_twice", "")) is None  # of either language
    assert finder(SPECS["humaneval_mul"], None, problems[:1])(Record("HumanEval_0_twice", "")) == problems[0]


def test_files_of_multipl_es_languages_keep_their_names(tmp_path):
    for name in ("js.jsonl", "humaneval-cpp.jsonl"):
        row = JS if name == "js.jsonl" else {**JS, "language": "cpp", "tests": "int main() {\n"
              "    auto candidate = twice;\n    assert(candidate((2)) == (4));\n}\n"}  # fmt: skip
        write(tmp_path / name, [row])
    problems = SPECS["humaneval_mul"].benchmark(data=tmp_path).load()
    assert sorted(problem.tags["language"] for problem in problems) == ["cpp", "javascript"]


# --- IF-Eval ----------------------------------------------------------------------------------------------


def test_m_ifevals_ids_and_rows_without_a_key(tmp_path):
    rows = [
        {
            "prompt": f"Say {word}.",
            "instruction_id_list": ["en:punctuation:no_comma"],
            "kwargs": [{}],
            "response": text,
        }
        for word, text in (("it", "It is so"), ("more", "Yes, it is"))
    ]
    _, judged = on_benchmark("ifeval", write(tmp_path / "f.jsonl", rows))
    assert statuses(judged) == ["correct", "wrong"]
    data = write(tmp_path / "data.jsonl", rows)
    assert [problem.id for problem in SPECS["ifeval"].benchmark(data=data).load()] == ["ifeval/0", "ifeval/1"]


# --- Rows of any form -------------------------------------------------------------------------------------


NULL = {
    "lm-eval": {"doc_id": 0, "doc": {}, "target": "7", "resps": [[None]]},
    "lighteval": {"predictions": [None, "x"], "gold": ["7"], "metrics": {}},
    "inspect": {"id": 1, "epoch": 1, "target": "7", "output": {"choices": [{"message": {"content": None}}]}},
    "livecodebench": {"question_id": "a", "code_list": [None]},
    "human-eval": {"task_id": "HumanEval/0", "completion": None},
    "math-harness": {"idx": 3, "gt": "7", "code": [None]},
    "ifeval": {"prompt": "p", "response": None, "instruction_id_list": []},
    "mathvista": {"pid": "1", "response": None, **CHOICE},
    "mmmu": {"id": "validation_Art_1", "question_type": "open", "answer": "7", "response": None},
    "mmlu-pro": {"question_id": 1, "options": ["a"], "answer": "A", "pred": None, "model_outputs": None},
    "own": {"problem_id": "a", "sample_index": 0, "response": None, "status": "wrong"},
    "simple-evals": {"convos": [[{"content": "q"}, {"content": None}]], "htmls": [""]},
    "evalplus": {"eval": {"HumanEval/0": [{"solution": None, "base_status": "fail"}]}},
    "multipl-e": {**JS, "completions": [None]},
}  # fmt: skip


def test_every_format_is_tried_with_null():
    assert NULL.keys() == FORMATS.keys()


@pytest.mark.parametrize("name", NULL)
def test_a_null_response_is_an_empty_one(name, tmp_path):
    outputs = read(write(tmp_path / "f.jsonl", [NULL[name]]))
    assert outputs.format == name
    response = outputs.records[0].response
    assert "None" not in response
    assert not response.replace("```python", "").strip("`\n ") or name == "multipl-e"


def test_texts_by_their_ids_are_responses(tmp_path):
    texts = {f"validation_Art_{number}": "D" for number in range(60)}
    (tmp_path / "total.json").write_text(json.dumps(texts))
    assert {record.problem: record.response for record in read(tmp_path / "total.json").records} == texts
    (tmp_path / "row.json").write_text(json.dumps({"question": "How many?", "response": "7"}))
    assert [record.response for record in read(tmp_path / "row.json").records] == ["7"]


def test_a_null_in_the_first_row_does_not_hide_the_field(tmp_path):
    rows = [{"id": 1, "output": None, "answer": "7"}, {"id": 2, "output": "7", "answer": "7"}]
    outputs = read(write(tmp_path / "f.jsonl", rows))
    assert [record.response for record in outputs.records] == ["", "7"]
    assert "1 of 2 responses are empty" in outputs.notes[-1]


def test_failed_samples_of_a_log_are_said_whatever_its_container(tmp_path):
    sample = {"id": 1, "epoch": 1, "target": "7", "input": "3 + 4?",
              "output": {"choices": [{"message": {"content": "7"}}]}}  # fmt: skip
    failed = {**sample, "id": 2, "output": {"choices": []}, "error": {"message": "Connection\nlost."}}
    (tmp_path / "log.json").write_text(json.dumps({"eval": {"task": "sums"}, "samples": [sample, failed]}))
    outputs = read(tmp_path / "log.json")
    assert len(outputs.records) == 1
    assert outputs.notes == (
        "log.json: 1 rows hold no response and are left out (the first: Connection lost.).",
    )


@pytest.mark.parametrize(
    ("answer", "reference", "same"),
    [
        (["7", "8"], ["7"], [True, False]),  # one answer for each response
        (["7", "8"], ["7", "7"], [True, False]),
        (["7", "8"], ["8", "9"], [False, True]),  # or one of several references
        ([["1", "2"], ["2", "1"]], ["1", "2"], [True, False]),  # answers of several parts
        ("7", ["7"], [True, True]),
        ("7", "7", [True, True]),
        ([None, "7"], "7", [False, True]),
    ],
)
def test_answers_and_references_may_be_lists(answer, reference, same, tmp_path):
    row = {"out": ["a", "b"], "pred": answer, "gold": reference}
    outputs = read(write(tmp_path / "f.jsonl", [row]), fields=Fields("out", reference="gold", answer="pred"))
    assert [record.marks["pred"] for record in outputs.records] == same


@pytest.mark.parametrize(
    "options",
    [["North", "South"], {"A": "North", "B": "South"}, {"label": ["A", "B"], "text": ["North", "South"]}],
)
@pytest.mark.parametrize("gold", ["B", "South"])
def test_the_texts_of_the_choices_of_any_file_are_used(options, gold, tmp_path):
    rows = [
        {"response": text, "choices": options, "gold": gold} for text in ("It is South.", "Answer: South")
    ]
    file = write(tmp_path / "f.jsonl", [{"id": number, **row} for number, row in enumerate(rows)])
    for fields in (None, Fields("response", reference="gold", options="choices")):
        pairs = paired(read(file, fields=fields).records, lambda record: from_reference("choice", record))
        assert statuses(rescore(pairs))[1] == "correct"


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ('{"reasoning": "6 * 7", "answer": "42"}', "42"),
        ('{"answer": 42}', "42"),
        ('{"answer": -1.5, "reasoning": "x"}', "-1.5"),
        ('```json\n{"reasoning": "so", "answer": "B"}\n```', "B"),
        ('<think>Is it {"answer": "A"}?</think>\n{"answer": "B"}', "B"),
        ('{"reasoning": "a line\nbreak", "answer": "\\frac{1}{2}"}', r"\frac{1}{2}"),
        ('{"reasoning": "", "answer": "\\\\frac{1}{2}"}', r"\frac{1}{2}"),
        ('{"reasoning": "He said \\"answer\\": \\"A\\"", "final_answer": "B"}', "B"),
        ('{"reasoning": "cut off, "answer', None),
        ('The answer is {"answer": "B"}', None),
        ("42", None),
        ("<think>{", None),
    ],
)
def test_answers_in_json(response, answer):
    assert json_answer(response) == answer


def test_json_behind_a_stop_text_is_another_answer():
    response = '{"answer": "B"}\nQuestion: And then?\n{"answer": "A"}'
    pair = Record(problem="1", response=response), Problem("1", (), "B", "choice")
    assert statuses(rescore([pair], stop=["Question:"])) == ["correct"]


def test_json_is_judged_by_its_answer():
    responses = (
        '{"reasoning": "Not 41.", "answer": "42"}',
        '{"reasoning": "It is 42.", "answer": "41"}',
        "42",
    )
    records = [Record(str(n), text, 0, reference="42") for n, text in enumerate(responses)]
    judged = rescore(paired(records, lambda record: from_reference("math", record)))
    assert statuses(judged) == ["correct", "wrong", "correct"]


UNSURE = "I cannot say what it comes to, since too little is given here to go on."


@pytest.mark.parametrize(
    ("texts", "reference", "says"),
    [
        (
            [UNSURE] * 6 + ["7"] * 4,
            "7",
            "6 of 10 responses have no answer that is read; the commonest reason (6): ",
        ),
        ([UNSURE] * 5 + ["7"] * 5, "7", None),
        (
            ["7"] * 3,
            "",
            "3 of 3 responses could not be judged and count as wrong; the commonest reason (3): ",
        ),
    ],
)
def test_a_total_of_errors_or_without_answers_is_warned_of(texts, reference, says):
    records = [Record(str(n), text, 0, reference=reference) for n, text in enumerate(texts)]
    told = warnings(rescore(paired(records, lambda record: from_reference("math", record))))
    assert len(told) == (says is not None)
    assert says is None or says in told[0]
