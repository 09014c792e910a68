import json
import subprocess
import sys

import pytest


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "verifiers", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        **options,
    )


def test_one_answer():
    done = run("--kind", "math", "--response", r"\boxed{\frac{1}{2}}", "--reference", "0.5")
    assert done.returncode == 0
    verdict = json.loads(done.stdout)
    assert verdict["status"] == "correct"
    assert verdict["verifier"] == "math"


def test_one_answer_from_standard_input_with_a_json_reference():
    reference = '{"numbers": [3, 4, 5], "target": 17}'
    done = run(
        "--kind",
        "countdown",
        "--response",
        "-",
        "--reference",
        reference,
        input="<answer> 3 + 4 * 5 </answer>",
    )
    assert json.loads(done.stdout)["reason"] == "It evaluates to 23, not 17."


ROWS = [
    {"response": r"\boxed{1}", "reference": "1", "label": True},
    {"response": r"\boxed{2}", "reference": "1", "label": True},
    {"response": "no idea", "reference": "1"},
    {"kind": "text", "response": "yes", "reference": "yes", "label": 1},
    {"response": r"\boxed{", "reference": "1", "finish_reason": "length", "label": False},
    {"response": "5", "reference": "5 cm", "options": {"units": "required"}},
]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_file(tmp_path, workers):
    path = tmp_path / "answers.jsonl"
    path.write_text("\n\n".join(map(json.dumps, ROWS)) + "\n")
    done = run("--kind", "math", "--file", str(path), "--workers", workers)
    assert done.returncode == 0
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [verdict["status"] for verdict in verdicts] == [
        "correct",
        "wrong",
        "no_answer",
        "correct",
        "truncated",
        "wrong",
    ]
    assert [verdict["line"] for verdict in verdicts] == [1, 3, 5, 7, 9, 11]
    assert "correct    2" in done.stderr
    assert "accuracy   0.3333" in done.stderr
    assert "1 of 4 disagree: line 3" in done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("not json", "Line 1 is not JSON"),
        ("[1]", "Line 1 is not a JSON object"),
        ('{"response": "a"}', "Line 1 has no `reference`"),
        ('{"response": 1, "reference": "a"}', "`response` is not a string"),
        ('{"response": "a", "reference": "a", "kind": "poetry"}', "the kind is 'poetry'"),
        ('{"response": "a", "reference": "a", "label": "maybe"}', "`label` is 'maybe'"),
        ('{"response": "a", "reference": "a", "options": 3}', "`options` is not an object"),
    ],
)
def test_bad_files_are_one_sentence_and_exit_code_2(tmp_path, content, sentence):
    path = tmp_path / "answers.jsonl"
    path.write_text(content + "\n")
    done = run("--kind", "text", "--file", str(path))
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_bad_arguments_are_one_sentence_and_exit_code_2():
    for arguments, sentence in (
        (["--file", "/no/such/file", "--kind", "text"], "/no/such/file cannot be read"),
        (["--kind", "text", "--response", "a"], "Give --file"),
        (["--kind", "countdown", "--response", "a", "--reference", "17"], "countdown reference is"),
        (["--kind", "countdown", "--response", "a", "--reference", "{"], "is JSON"),
    ):
        done = run(*arguments)
        assert done.returncode == 2
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(json.dumps(ROWS[3]) + "\n")
    path.write_text(path.read_text() * 5_000)
    command = f"{sys.executable} -m verifiers --kind text --file {path} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=300)
    assert json.loads(done.stdout)["status"] == "correct"
    assert "Traceback" not in done.stderr
