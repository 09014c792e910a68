from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from evals_support import make_samples, make_score

from evals.store import (
    append_score,
    read_key,
    read_prompts,
    read_samples,
    read_scores,
    samples_path,
    score_from_json,
    score_to_json,
    write_samples,
)

SAMPLES = make_samples([[1, 0, 1], [0, 0, 1]])
SCORE = make_score(SAMPLES)


def test_a_score_survives_json() -> None:
    score = replace(SCORE, parents=("sft", "rl/0010"), iteration=3)
    text = score_to_json(score)
    assert score_from_json(text) == score
    assert score_to_json(score_from_json(text)) == text
    assert "\n" not in text


@pytest.mark.parametrize("text", ["[]", "3", "{}", '{"parents": []}', "{", "null"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a score|Expecting"):
        score_from_json(text)


def test_append_adds_each_row_once(tmp_path: Path) -> None:
    path = tmp_path / "run" / "scores.jsonl"
    assert read_scores(path) == []
    assert append_score(path, SCORE)
    before = path.read_bytes()
    assert not append_score(path, SCORE)
    assert path.read_bytes() == before
    other = replace(SCORE, checkpoint="rl/0010")
    assert append_score(path, other)
    assert read_scores(path) == [SCORE, other]
    assert path.read_bytes().startswith(before)
    assert [entry.name for entry in path.parent.iterdir()] == ["scores.jsonl"]


def test_another_score_of_the_same_thing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    append_score(path, SCORE)
    with pytest.raises(ValueError, match="already holds a different score of sft on digits"):
        append_score(path, replace(SCORE, weights_digest="sha256:other"))
    assert read_scores(path) == [SCORE]


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_line_torn_by_a_kill_is_dropped(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "scores.jsonl"
    append_score(path, SCORE)
    whole = path.read_bytes()
    path.write_bytes(whole + score_to_json(replace(SCORE, seed=1)).encode()[:cut])
    assert read_scores(path) == [SCORE]
    assert append_score(path, replace(SCORE, seed=2))
    assert read_scores(path) == [SCORE, replace(SCORE, seed=2)]
    assert path.read_bytes().startswith(whole)


def test_a_line_torn_inside_a_letter_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    append_score(path, SCORE)
    path.write_bytes(path.read_bytes() + '{"stage": "é'.encode()[:-1])
    assert read_scores(path) == [SCORE]


def test_a_damaged_line_in_the_middle_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    path.write_text('{"torn": \n' + score_to_json(SCORE) + "\n")
    with pytest.raises(ValueError, match=r"scores\.jsonl, line 1"):
        read_scores(path)


def test_samples_survive_parquet(tmp_path: Path) -> None:
    verdict = replace(SAMPLES[0].verdict, status="no_answer", score=0.0, answer=None, reason="¿Qué? 数")
    samples = [replace(SAMPLES[0], verdict=verdict, seed=2**63 - 1, finish_reason="repeat"), *SAMPLES[1:]]
    path = samples_path(tmp_path, "rl/0010", "digits", "test")
    write_samples(path, samples, {"p0": "One?", "p1": "Two?"}, {"seed": 0, "rows": [0, 6]})
    assert path.name == "rl__0010.digits.test.parquet"
    assert read_samples(path) == samples
    assert read_prompts(path) == {"p0": "One?", "p1": "Two?"}
    assert read_key(path) == {"seed": 0, "rows": [0, 6]}


def test_sample_columns_are_those_of_the_run_directory(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.parquet", SAMPLES, {"p0": "", "p1": ""})
    names = (
        "problem_id, sample_index, prompt, response, response_tokens, finish_reason, status, score, answer, "
        "layer, reason, verifier, verifier_version, seed, tags"
    )
    assert pq.read_schema(tmp_path / "a.parquet").names == names.split(", ")


def test_equal_samples_give_equal_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.parquet", tmp_path / "other.parquet"
    slow = [replace(s, verdict=replace(s.verdict, seconds=9.5), tags=dict(s.tags)) for s in SAMPLES]
    write_samples(one, SAMPLES, {"p0": "a", "p1": "b"}, {"x": 1, "y": 2})
    write_samples(other, slow, {"p1": "b", "p0": "a"}, {"y": 2, "x": 1})
    assert one.read_bytes() == other.read_bytes()


def test_text_that_is_no_utf8_does_not_stop_a_write(tmp_path: Path) -> None:
    write_samples(tmp_path / "a.parquet", [replace(SAMPLES[0], response="a\ud800b\0")], {"p0": ""})
    assert read_samples(tmp_path / "a.parquet")[0].response == "a?b\0"


def test_no_key_without_a_readable_file(tmp_path: Path) -> None:
    assert read_key(tmp_path / "none.parquet") is None
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 not really")
    assert read_key(tmp_path / "bad.parquet") is None
    (tmp_path / "empty.parquet").write_bytes(b"")
    assert read_key(tmp_path / "empty.parquet") is None
