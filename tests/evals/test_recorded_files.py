"""Files written by the tools themselves (see recorded_files/README.md), rescored."""

from pathlib import Path

import pytest

from evals.benchmarks import SPECS
from evals.data import DataError
from evals.recorded import read
from evals.recorded.problems import finder, from_reference, paired
from evals.rescore import rescore, summarise
from verifiers.sandbox import LocalSandbox, SandboxUnavailable

FILES = Path(__file__).with_name("recorded_files")


def rescored(name, kind):
    outputs = read(FILES / name)
    return outputs, rescore(paired(outputs.records, lambda record: from_reference(kind, record)))


@pytest.mark.parametrize(
    ("name", "kind", "form", "sizes", "ours", "marks"),
    [
        ("lm_eval_sums.jsonl", "math", "lm-eval", (4, 4), 0.75,
         {"exact_match,strict-match": (0.5, 0.75), "exact_match,flexible-extract": (0.75, 1.0)}),
        ("lighteval_sums.parquet", "math", "lighteval", (4, 4), 0.75, {"extractive_match": (0.75, 1.0)}),
        ("lighteval_choice.parquet", "choice", "lighteval", (2, 2), 0.5, {"extractive_match": (0.5, 1.0)}),
        ("inspect_sums.eval", "math", "inspect", (3, 6), 4 / 6,
         {"match": (1 / 3, 4 / 6), "includes": (4 / 6, 4 / 6)}),
        ("inspect_choice.json", "choice", "inspect", (2, 2), 0.5, {"choice": (0.5, 1.0)}),
        ("simple_evals_math_allresults.json", "math", "simple-evals", (2, 4), 0.75, {"score": (0.75, 1.0)}),
    ],
)  # fmt: skip
def test_marked_responses(name, kind, form, sizes, ours, marks):
    outputs, made = rescored(name, kind)
    summary = summarise(made)
    assert outputs.format == form
    assert (summary.problems, summary.responses) == sizes
    assert summary.ours.value == pytest.approx(ours)
    assert {name: (beside.theirs.value, beside.agreement) for name, beside in summary.marks.items()} == {
        name: pytest.approx(figures) for name, figures in marks.items()
    }
    assert summary.shared == {}


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("lm_eval_majority.jsonl",
         {"exact_match,score-first": 0.5, "exact_match,maj@4": 0.5, "exact_match,maj@2": 0.5}),
        ("lighteval_pass_at_k.parquet", {"pass@k:k=1&n=4": 0.75, "avg@n:n=4": 0.75}),
    ],
)  # fmt: skip
def test_what_a_file_says_of_problems_is_no_mark_of_their_four_responses(name, shared):
    _, made = rescored(name, "math")
    summary = summarise(made)
    assert (summary.problems, summary.responses, summary.marks) == (4, 16, {})
    assert summary.shared == pytest.approx(shared)
    assert summary.ours.value == pytest.approx(0.75)
    assert summary.measures["pass@4"].value == 1.0


@pytest.mark.parametrize("name", ["lm_eval_likelihoods.jsonl", "lighteval_likelihoods.parquet"])
def test_files_without_text_say_so(name):
    with pytest.raises(DataError, match=rf"{name}: Document \d has log-likelihoods and no text"):
        read(FILES / name)


@pytest.fixture
def sandbox_here():
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("name", "benchmark", "protocol", "data", "marks"),
    [
        ("human_eval_samples.jsonl", "humaneval", None, "human_eval_problems.jsonl", {}),
        ("human_eval_samples.jsonl_results.jsonl", "humaneval", None, "human_eval_problems.jsonl", {"passed": 1.0}),
        ("livecodebench_eval_all.json", "livecodebench", "all", "livecodebench_problems.jsonl", {"graded": 1.0}),
    ],
)  # fmt: skip
def test_programs(sandbox_here, name, benchmark, protocol, data, marks):
    spec = SPECS[benchmark]
    problems = spec.benchmark(data=FILES / data, protocol=protocol).load()
    pairs = paired(read(FILES / name).records, finder(spec, protocol, problems))
    summary = summarise(rescore(pairs))
    assert (summary.problems, summary.responses) == (2, 4)
    values = {name: figure.value for name, figure in summary.measures.items()}
    assert (summary.ours.value, values) == (0.5, {"pass@2": 1.0})
    assert {name: beside.agreement for name, beside in summary.marks.items()} == marks


def test_a_protocol_that_takes_some_problems_leaves_the_others_out():
    spec, data = SPECS["livecodebench"], FILES / "livecodebench_problems.jsonl"
    problems = spec.benchmark(data=data, protocol="paper-v5").load()
    records = read(FILES / "livecodebench_eval_all.json").records
    pairs = paired(records, finder(spec, "paper-v5", problems))
    assert {record.name for record, _ in pairs} == {"own_1"}


def test_a_directory_is_all_its_files_but_those_without_text(tmp_path):
    for name in ("sums", "majority", "likelihoods"):
        (tmp_path / f"samples_{name}_2026.jsonl").write_bytes((FILES / f"lm_eval_{name}.jsonl").read_bytes())
    outputs = read(tmp_path)
    assert len(outputs.records) == 20
    # Both ask the same questions, so these are samples of the same problems.
    assert {record.name for record in outputs.records} == {f"samples_majority_2026/{n}" for n in range(4)}
    (note,) = outputs.notes
    assert note.startswith("samples_likelihoods_2026.jsonl is left out")
