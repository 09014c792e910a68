"""Several files of saved outputs: which are of the benchmark, and which responses are to one problem."""

import json

import pytest

from evals.benchmarks import SPECS
from evals.data import DataError
from evals.recorded import read
from evals.recorded.merge import merged, of_benchmark
from evals.recorded.problems import finder, from_reference, is_row_of, paired
from evals.rescore import rescore, summarise

GSM8K = SPECS["gsm8k"]
FIRST, SECOND = "2026-01-02T03-04-05.678901", "2026-02-03T04-05-06.789012"


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def doc(number):
    return {"question": f"What is {number} + 1?", "answer": f"#### {number + 1}"}


def logged(document, answer, number=0, filter="none"):
    return {"doc_id": number, "doc": document, "target": "x", "resps": [[answer]], "filter": filter,
            "metrics": ["exact_match"], "exact_match": 1.0}  # fmt: skip


def judged(path, benchmark="gsm8k"):
    outputs = read(path)
    files, notes = of_benchmark(outputs.files, benchmark, is_row_of(SPECS[benchmark], None))
    pairs = paired(merged(files), finder(SPECS[benchmark], None, []))
    return summarise(rescore(pairs)), notes


def test_other_tasks_are_left_out_and_said(tmp_path):
    write(tmp_path / f"m/samples_gsm8k_{FIRST}.jsonl", [logged(doc(1), r"\boxed{2}")])
    write(
        tmp_path / f"m/samples_arc_easy_{FIRST}.jsonl", [logged({"question": "Why?", "choices": []}, "So.")]
    )
    summary, notes = judged(tmp_path)
    assert (summary.problems, summary.responses, summary.ours.value) == (1, 1, 1.0)
    assert notes == ["Left out, as other tasks than gsm8k: arc_easy."]


def test_of_two_tasks_with_the_same_questions_one_is_taken(tmp_path):
    write(tmp_path / f"samples_gsm8k_cot_{FIRST}.jsonl", [logged(doc(1), r"\boxed{0}")])
    write(tmp_path / f"samples_gsm8k_{FIRST}.jsonl", [logged(doc(1), r"\boxed{2}")])
    summary, notes = judged(tmp_path)
    assert (summary.responses, summary.ours.value) == (1, 1.0)
    assert notes == ["Left out, as other tasks than gsm8k: gsm8k_cot."]


def test_the_subjects_of_a_benchmark_are_all_of_it(tmp_path):
    for subject in ("anatomy", "virology"):
        row = {"question": f"Of {subject}?", "subject": subject, "choices": list("wxyz"), "answer": 1}
        write(tmp_path / f"samples_mmlu_{subject}_{FIRST}.jsonl", [logged(row, "The answer is B.")])
    other = {"question": "Of law?", "options": list("wxyz"), "answer": "B", "answer_index": 1}
    write(tmp_path / f"samples_mmlu_pro_law_{FIRST}.jsonl", [logged(other, "The answer is B.")])
    summary, notes = judged(tmp_path, "mmlu")
    assert (summary.problems, summary.responses, summary.ours.value) == (2, 2, 1.0)
    assert notes == ["Left out, as other tasks than mmlu: mmlu_pro_law."]


def test_a_second_run_is_more_samples_of_the_same_problems(tmp_path):
    """Also where it has its documents in another order, and each under two filters."""

    def run(numbers, answer):
        return [
            logged(doc(number), answer, place, filter)
            for place, number in enumerate(numbers)
            for filter in ("strict", "flexible")
        ]  # fmt: skip

    write(tmp_path / f"samples_gsm8k_{FIRST}.jsonl", run((1, 2), r"\boxed{2}"))
    write(tmp_path / f"samples_gsm8k_{SECOND}.jsonl", run((2, 1), r"\boxed{3}"))
    summary, notes = judged(tmp_path)
    assert (summary.problems, summary.responses) == (2, 4)
    assert {name: figure.value for name, figure in summary.measures.items()} == {"pass@2": 1.0, "maj@2": 0.5}
    (note,) = notes
    assert note.startswith("gsm8k is in 2 files")


def test_a_folder_of_other_tasks_alone_is_refused(tmp_path):
    for task in ("arc_easy", "hellaswag"):
        write(tmp_path / f"samples_{task}_{FIRST}.jsonl", [logged({"question": task}, "So.")])
    with pytest.raises(DataError, match="arc_easy, hellaswag, and none is gsm8k"):
        judged(tmp_path)


@pytest.mark.parametrize(
    ("benchmark", "task"),
    [("aime2024", "aime24"), ("math500", "minerva_math500"), ("gsm8k", "lighteval|gsm8k|5")],
)
def test_a_task_is_known_by_its_name_where_no_row_tells(benchmark, task, tmp_path):
    flat = {"predictions": [r"\boxed{7}"], "gold": ["7"], "metrics": {}, "example": "3 + 4?"}
    for name in (task, "other"):
        write(tmp_path / f"samples_{name}_{FIRST}.jsonl", [{**flat, "example": name}])
    summary, notes = judged(tmp_path, benchmark)
    assert summary.responses == 1
    assert notes == [f"Left out, as other tasks than {benchmark}: other."]


def test_runs_in_files_of_any_name_share_problems_by_question_and_ids_only_look_alike(tmp_path):
    rows = [{"id": "0", "question": f"{number}?", "response": "7", "gold": "7"} for number in range(2)]
    write(tmp_path / "a.jsonl", [rows[0]])
    write(tmp_path / "b.jsonl", [rows[1]])
    write(tmp_path / "c.jsonl", [rows[0]])
    records = read(tmp_path).records
    assert [(record.name, record.sample) for record in records] == [("a/0", 0), ("b/0", 0), ("a/0", 1)]
    assert {record.problem for record in records} == {"0"}  # what is looked up in data


def test_an_id_with_other_questions_or_references_is_another_problem(tmp_path):
    rows = [("1", "5"), ("1", "6"), ("2", "5"), ("1", "5")]
    write(tmp_path / "f.jsonl", [{"id": name, "response": "5", "gold": gold} for name, gold in rows])
    outputs = read(tmp_path / "f.jsonl")
    assert [(record.name, record.sample) for record in outputs.records] == [
        ("1", 0), ("1#2", 0), ("2", 0), ("1", 1),
    ]  # fmt: skip
    assert "1 problems have the id of another" in outputs.notes[-1]
    judged_all = rescore(paired(outputs.records, lambda record: from_reference("math", record)))
    assert [one.verdict.correct for one in judged_all] == [True, False, True, True]
    assert summarise(judged_all).problems == 3
