"""`repro rescore`, in a process of its own."""

import json

import pytest
from cli_support import repro

ROWS = [
    {"doc_id": n, "doc": {"question": "q", "answer": "#### 7"}, "target": "7", "resps": [[text]], "filter": "none",
     "metrics": ["exact_match"], "exact_match": score}
    for n, (text, score) in enumerate([(r"\boxed{7}", 1.0), (r"\boxed{8}", 0.0), (r"\boxed{7.0}", 0.0)])
]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "samples_gsm8k.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return path


def test_our_score_stands_beside_the_files_and_disagreements_are_listed(file, tmp_path):
    done = repro("rescore", file, "--benchmark", "gsm8k", "--out", tmp_path / "verdicts.jsonl")
    assert done.code == 0, done.err
    for words in (
        "3 responses to 3 problems",
        "ours",
        "the file's",
        "66.7",
        "33.3",
        "Agreement: 66.7 % of 3",
    ):
        assert words in done.out
    assert "2, sample 0: wrong for the file, correct for us" in done.out
    rows = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text().splitlines()]
    assert [(row["status"], row["agrees"]) for row in rows] == [
        ("correct", True),
        ("wrong", True),
        ("correct", False),
    ]


def test_json_and_fields_by_name(file, tmp_path):
    done = repro("rescore", file, "--benchmark", "gsm8k", "--json")
    assert (done.json["ours"]["value"], done.json["agreement"]) == (
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
    )
    named = tmp_path / "mine.csv"
    named.write_text("answer,gold\n1/2,0.5\n3,4\n")
    done = repro(
        "rescore",
        named,
        "--kind",
        "text",
        "--response-field",
        "answer",
        "--reference-field",
        "gold",
        "--json",
    )
    assert done.code == 0, done.err
    assert (done.json["responses"], done.json["theirs"]) == (2, None)


def test_bad_input_is_one_sentence(file, tmp_path):
    repro("rescore", file).refused("--benchmark, or --kind")
    repro("rescore", file, "--benchmark", "gsm9k").refused("no public benchmark 'gsm9k'", "gsm8k")
    repro("rescore", file, "--kind", "maths").refused("no verifier 'maths'")
    repro("rescore", tmp_path / "no.jsonl", "--kind", "math").refused("There is no file")
    repro("rescore", file, "--kind", "math", "--preset", "inspect").refused("no file of inspect")
    repro("rescore", file, "--kind", "math", "--response-field", "text").refused("no field 'text'")
    repro("rescore", file, "--kind", "math", "--label-field", "x").refused("--response-field")
    other = tmp_path / "other.jsonl"
    other.write_text('{"a": 1}\n')
    repro("rescore", other, "--kind", "math").refused("no known format", "It has a.")
