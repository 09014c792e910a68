"""Our benchmarks as lm-eval's tasks: which there are, and how documents and measures are made; without lm-eval."""

import importlib
import json
import pickle

import pytest

from evals.benchmarks import SPECS
from evals.judge import judge
from evals.lm_eval_tasks import asked_by_lm_eval, functions, task, task_name, write_tasks
from evals.types import Benchmark, Message, Problem, Sample, Sampling

CHOICES = ["1", "2", "3", "4"]
MMLU = [
    {"question": "Which number is 2?", "subject": subject, "choices": CHOICES, "answer": 1}
    for subject in ("algebra", "algebra", "anatomy")
]
TWICE = {
    "contest_id": "1", "index": "A", "title": "Twice", "description": "Print twice the number.", "rating": None,
    "time_limit": 5.0, "memory_limit": 256.0, "official_tests_complete": True,
    "official_tests": [{"input": "2\n", "output": "4\n"}],
}  # fmt: skip
CONTEST = {
    "contest_id": "1", "rating_changes": [{"handle": f"h{n}", "oldRating": 1000 + 500 * n} for n in range(3)],
    "standings": {"problems": [{"index": "A", "points": 500.0}, {"index": "B", "points": 900.0}],
                  "rows": [{"party": {"members": [{"handle": f"h{n}"}]}, "points": 450.0 * n} for n in range(3)]},
}  # fmt: skip


def write_rows(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def figures_of(name, protocol, data, responses):
    """The measures as lm-eval makes them, and as our own scoring does, of the same responses to each problem."""
    benchmark = SPECS[name].benchmark(data=data, protocol=protocol)
    problems, samples, parts = benchmark.load(), [], []
    for problem, texts in zip(problems, responses, strict=True):
        document = {"id": problem.id, "benchmark": name, "protocol": benchmark.protocol, "data": str(data)}
        parts.append(functions.process_results(document, [texts]))
        verdicts = judge([(problem, text, None) for text in texts])
        samples += [
            Sample(problem.id, number, text, 0, "stop", verdict, 0, problem.tags)
            for number, (text, verdict) in enumerate(zip(texts, verdicts, strict=True))
        ]
    parts = pickle.loads(pickle.dumps(parts))  # as lm-eval gathers them from several processes
    theirs = {
        measure: getattr(functions, f"{name}:{measure}")([part[measure] for part in parts])
        for measure in SPECS[name].measures
    }
    return theirs, {measure: of(problems, samples).value for measure, of in benchmark.measures.items()}


def test_measures_are_those_of_the_benchmark(tmp_path):
    answers = [["Answer: B"], ["Answer: C"], ["Answer: B"]]
    theirs, ours = figures_of("mmlu", None, write_rows(tmp_path / "test.jsonl", MMLU), answers)
    assert theirs == ours == {"macro": 0.75}


def test_a_rating_by_standings_is_the_protocols_own(tmp_path, monkeypatch):
    """The problem has no rating, which the other protocols need."""
    monkeypatch.setattr(
        functions, "judge", told := lambda answers: [_verdict(text) for _, text, _ in answers]
    )
    monkeypatch.setitem(globals(), "judge", told)
    write_rows(tmp_path / "test.jsonl", [TWICE])
    write_rows(tmp_path / "standings.jsonl", [CONTEST])
    theirs, ours = figures_of("codeforces", "standings", tmp_path, [["wrong", "right"]])
    assert theirs == ours
    # 450 of 500 points: as the second of three, and those with the same result count as before.
    assert 1000 < theirs["rating"] < 1600


def _verdict(text):
    from verifiers import Verdict

    return Verdict("correct" if text == "right" else "wrong", 0.0, "x", "p", "Told.", "code", "1")


def test_there_is_no_task_for_pictures_earlier_turns_or_a_vote(tmp_path):
    names = set(write_tasks(tmp_path))
    assert {file.stem for file in tmp_path.glob("*.yaml")} == names
    assert {"k15_gsm8k", "k15_ceval", "k15_codeforces", "k15_codeforces_standings"} <= names
    left_out = {task_name(spec, p) for spec in SPECS.values() for p in spec.protocols} - names
    assert left_out == {
        "k15_ceval_five-shot", "k15_codeforces_majority", "k15_mathvista", "k15_mathvision", "k15_mmmu",
        "k15_mmmu_direct", "k15_mmmu_direct-mention",
    }  # fmt: skip


@pytest.mark.parametrize(("spec", "protocol"), [*asked_by_lm_eval()], ids=lambda part: part.name)
def test_what_a_task_names_is_there(spec, protocol):
    made = task(spec, protocol)
    named = [metric["aggregation"] for metric in made["metric_list"] if metric["aggregation"] != "mean"]
    assert [name.partition(":")[2] for name in named] == list(spec.measures)
    for name in (made["custom_dataset"], made["process_results"], *named):
        assert callable(getattr(functions, name))
    with pytest.raises(AttributeError, match="no attribute"):
        getattr(importlib.import_module("evals.lm_eval_tasks.functions"), f"{spec.name}:none")


def given(monkeypatch, *prompt, protocol=""):
    """Let every benchmark be one problem with this prompt."""
    problem = Problem("p", tuple(Message(*part) for part in prompt), "1", "math")
    made = Benchmark("own", "1", "Own.", lambda: [problem], Sampling(), 1, protocol=protocol)
    monkeypatch.setattr(functions, "_benchmark", lambda *_: made)


@pytest.mark.parametrize(
    "prompt",
    [[("user", "a"), ("assistant", "b"), ("user", "c")], [("user", "a"), ("assistant", "b")]],
)
def test_prompts_that_lm_eval_cannot_ask_are_refused(prompt, monkeypatch):
    pytest.importorskip("datasets")
    given(monkeypatch, *prompt)
    with pytest.raises(ValueError, match=r"images or several turns.*`repro eval`"):
        functions.documents(benchmark="gsm8k", protocol="zero-shot")


def test_a_vote_is_refused(monkeypatch):
    pytest.importorskip("datasets")
    given(monkeypatch, ("user", "u"), protocol="majority")
    with pytest.raises(ValueError, match=r"codeforces under majority is a vote.*`repro eval`"):
        functions.documents(benchmark="codeforces", protocol="majority")


def test_a_system_message_is_the_tasks_description(monkeypatch):
    pytest.importorskip("datasets")
    given(monkeypatch, ("system", "s"), ("user", "u"))
    [document] = functions.documents(benchmark="gsm8k", protocol="zero-shot")["test"]
    assert (document["system"], document["question"], document["target"]) == ("s", "u", "1")
