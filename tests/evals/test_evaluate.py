import inspect
from dataclasses import replace
from pathlib import Path

import pytest
from evals_support import DigitEngine, make_benchmark, make_problems

from evals.model import EngineModel
from evals.run import Progress, data_digest, evaluate, shards_folder
from evals.seeds import derive_seed
from evals.store import read_key, read_prompts, read_samples, write_samples
from evals.types import Benchmark, Sample, Sampling

BENCHMARK = make_benchmark(samples=4, problems=7)


def run(
    engine: DigitEngine, out: Path | None = None, benchmark: Benchmark = BENCHMARK, **options: object
) -> list[Sample]:
    given = {"seed": 3, "shard_size": 10, "weights_digest": "sha256:w"} | options
    return evaluate(EngineModel(engine), benchmark, out=out, **given)  # type: ignore[arg-type]


def test_samples_come_in_order_with_real_verdicts() -> None:
    samples = run(DigitEngine())
    assert [(s.problem_id, s.sample_index) for s in samples] == [
        (f"p{i}", j) for i in range(7) for j in range(4)
    ]
    wanted = {problem.id: problem.reference for problem in make_problems()}
    assert {s.verdict.status for s in samples} >= {"correct", "wrong"}
    for sample in samples:
        assert sample.verdict.correct == (sample.response == wanted[sample.problem_id])
        assert sample.response_tokens == len(sample.response) + (sample.finish_reason == "stop")
        assert sample.seed == derive_seed(3, "digits", sample.problem_id, sample.sample_index)
        assert sample.tags["family"] == "digits"


def test_samples_do_not_depend_on_shards_or_storage(tmp_path: Path) -> None:
    plain = run(DigitEngine(), shard_size=1000)
    assert run(DigitEngine(), shard_size=3) == plain
    assert run(DigitEngine(), tmp_path / "a.parquet") == plain
    assert read_samples(tmp_path / "a.parquet") == plain


def test_prompts_of_a_shard_lie_by_length() -> None:
    engine = DigitEngine()
    run(engine)
    assert [len(call) for call in engine.calls] == [10, 10, 8]
    for call in engine.calls:
        lengths = [len(request.prompt) for request in call]
        assert lengths == sorted(lengths)


def test_a_killed_evaluation_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole.parquet", tmp_path / "killed.parquet"
    expected = run(DigitEngine(), whole)
    with pytest.raises(KeyboardInterrupt):
        run(DigitEngine(fail_at_call=2), killed)
    assert not killed.exists()
    assert [path.name for path in shards_folder(killed).iterdir()] == ["00000000.parquet"]

    engine = DigitEngine()
    assert run(engine, killed) == expected
    assert [len(call) for call in engine.calls] == [10, 8]
    assert killed.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["killed.parquet", "whole.parquet"]


def test_shards_of_another_size_are_drawn_again(tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(DigitEngine(fail_at_call=2), out)
    assert run(DigitEngine(), out, shard_size=5) == run(DigitEngine())
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_a_finished_evaluation_draws_nothing(tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    expected = run(DigitEngine(), out)
    engine, before = DigitEngine(), out.stat().st_mtime_ns
    assert run(engine, out) == expected
    assert engine.calls == []
    assert out.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("benchmark", "options"),
    [
        (BENCHMARK, {"seed": 4}),
        (BENCHMARK, {"weights_digest": "sha256:other"}),
        (replace(BENCHMARK, sampling=Sampling(max_tokens=4)), {}),
        (replace(BENCHMARK, samples_per_problem=2), {}),
        (replace(BENCHMARK, version="2"), {}),
        (replace(BENCHMARK, load=lambda: make_problems(6)), {}),
    ],
)
def test_nothing_is_reused_for_another_question(
    tmp_path: Path, benchmark: Benchmark, options: dict[str, object]
) -> None:
    out = tmp_path / "a.parquet"
    run(DigitEngine(), out)
    assert run(DigitEngine(), out, benchmark, **options) == run(DigitEngine(), None, benchmark, **options)


def test_a_damaged_shard_is_drawn_again(tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    with pytest.raises(KeyboardInterrupt):
        run(DigitEngine(fail_at_call=2), out)
    shard = next(shards_folder(out).iterdir())
    shard.write_bytes(shard.read_bytes()[:-20])
    engine = DigitEngine()
    assert run(engine, out) == run(DigitEngine())
    assert [len(call) for call in engine.calls] == [10, 10, 8]


def test_stored_responses_are_judged_anew_by_a_new_verifier(tmp_path: Path) -> None:
    out = tmp_path / "a.parquet"
    expected = run(DigitEngine(), out)
    bytes_before, key = out.read_bytes(), read_key(out)
    assert key is not None
    old = [
        replace(s, verdict=replace(s.verdict, version="0", status="wrong", score=0.0))
        for s in read_samples(out)
    ]
    write_samples(out, old, read_prompts(out), key)
    engine = DigitEngine()
    assert run(engine, out) == expected
    assert engine.calls == []
    assert out.read_bytes() == bytes_before


def test_judging_in_processes_changes_nothing() -> None:
    assert run(DigitEngine(), workers=2) == run(DigitEngine())


def test_progress_counts_responses_and_tokens() -> None:
    seen: list[Progress] = []
    samples = run(DigitEngine(), on_progress=seen.append)
    assert seen[-1] == Progress(28, 28, sum(s.response_tokens for s in samples))
    assert [p.samples for p in seen] == sorted(p.samples for p in seen)


def test_mistakes_are_refused(tmp_path: Path) -> None:
    engine = DigitEngine()
    unknown = [replace(make_problems()[0], verifier="oracle")]
    for benchmark, message in [
        (replace(BENCHMARK, load=list), "no problems"),
        (replace(BENCHMARK, load=lambda: make_problems(1) * 2), "same id"),
        (replace(BENCHMARK, load=lambda: unknown), "no verifier 'oracle'"),
    ]:
        with pytest.raises(ValueError, match=message):
            run(engine, benchmark=benchmark)
    with pytest.raises(ValueError, match="weights_digest"):
        evaluate(EngineModel(engine), BENCHMARK, seed=0, out=tmp_path / "a.parquet")
    with pytest.raises(ValueError, match="shard_size"):
        run(engine, shard_size=0)
    assert engine.calls == []


def test_an_engine_that_loses_a_response_is_refused() -> None:
    class Lossy(DigitEngine):
        def generate(self, *args: object, **kwargs: object) -> list[object]:  # type: ignore[override]
            return super().generate(*args, **kwargs)[1:]  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="9 of 10 requests"):
        run(Lossy())


def test_seeds_are_stable_and_distinct() -> None:
    """A changed seed would redraw every stored evaluation, so the first one is written down."""
    seeds = {derive_seed(s, "b", p, i) for s in (0, 1) for p in ("x", "y") for i in range(50)}
    assert len(seeds) == 200
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert derive_seed(0, "b", "x", 0) == 3437547990292395363


def test_data_digest_follows_what_is_asked_and_how_it_is_judged() -> None:
    problems = make_problems()
    digest = data_digest(problems)
    assert digest.startswith("sha256:")
    assert len(digest) == 71
    assert data_digest([replace(problems[0], difficulty=0.5), *problems[1:]]) == digest
    changed = [replace(problems[0], **change) for change in ({"reference": "9"}, {"id": "q"}, {"tags": {}})]
    assert len({digest, *(data_digest([one, *problems[1:]]) for one in changed)}) == 4


def test_evaluate_takes_what_the_pipeline_gives() -> None:
    names = list(inspect.signature(evaluate).parameters)
    assert names[:5] == ["model", "benchmark", "seed", "out", "weights_digest"]
