"""Tasks of lm-eval through `training.lm_harness`, beside lm-eval's own answer to the same question."""

import re

import pytest
from adapter_libraries import library

library("lm_eval")
library("accelerate")
from lm_eval import simple_evaluate  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402
from lm_eval_support import QUESTIONS, save_tiny, write_task  # noqa: E402

from evals.lm_eval_results import LmEvalError  # noqa: E402
from evals.score import CheckpointFacts  # noqa: E402
from evals.store import append_score, read_key, read_prompts, read_samples, read_scores, samples_path  # noqa: E402
from evals.types import Sampling  # noqa: E402
from training import lm_harness_model  # noqa: E402
from training.checkpoint import load_checkpoint  # noqa: E402
from training.lm_harness import LmEvalTask, run_task  # noqa: E402

CHOICE = {
    "output_type": "multiple_choice", "doc_to_choice": [" 1", " 2", " 3", " 4"], "doc_to_target": "{{answer|int - 1}}",
    "filter_list": None, "generation_kwargs": None,
    "metric_list": [{"metric": "acc", "aggregation": "mean", "higher_is_better": True}],
}  # fmt: skip
GREEDY = {"until": ["stop"], "max_gen_toks": 4, "do_sample": False}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "tiny"
    info = save_tiny(path)
    return path, CheckpointFacts(info.id, info.stage, info.iteration, info.parents, info.weights_digest)


@pytest.fixture
def run(checkpoint, tmp_path):
    """Run a task of the folder `tmp_path`; append the score, as the command does."""
    path, facts = checkpoint

    def call(name, *, seed=0, shard_size=512, on_progress=None, **settings):
        model, tokenizer = load_checkpoint(path)
        scores = tmp_path / "out" / "scores.jsonl"
        task = LmEvalTask(name, include_path=tmp_path, **settings)
        made = run_task(
            model, tokenizer, facts, task,
            scores=scores, seed=seed, batch=4, shard_size=shard_size, on_progress=on_progress,
        )  # fmt: skip
        append_score(scores, made)
        return made

    return call


@pytest.fixture
def own_tasks_alone(monkeypatch):
    """Reading lm-eval's own 14,000 task files takes many seconds."""
    monkeypatch.setattr(
        "lm_eval.tasks.TaskManager",
        lambda include_defaults=False, **options: TaskManager(include_defaults=False, **options),
    )


def samples_of(tmp_path, score):
    file = samples_path(tmp_path / "out", score.checkpoint, score.benchmark, score.split, score.protocol)
    return file, read_samples(file)


def lm_evals_own(checkpoint, tmp_path, name, chat=True):
    model, tokenizer = load_checkpoint(checkpoint[0])
    return simple_evaluate(
        HFLM(pretrained=model, tokenizer=tokenizer, batch_size=4),
        tasks=[name],
        task_manager=TaskManager(include_path=str(tmp_path), include_defaults=False),
        apply_chat_template=chat,
        bootstrap_iters=0,
    )


def test_drawn_answers_are_scored_and_kept(run, tmp_path):
    write_task(tmp_path, "numbers")
    score = run("numbers")
    file, samples = samples_of(tmp_path, score)
    assert (score.benchmark, score.benchmark_version, score.split) == ("lm-eval.numbers", "2.0", "test")
    assert score.protocol == "exact_match,boxed,0-shot,chat"
    assert score.sampling == Sampling(1.0, 1.0, 0, 4)
    assert (score.problems, score.samples_per_problem, score.metric) == (6, 1, "avg@k")
    assert list(score.measures) == ["exact_match,last"]
    for sample, row in zip(samples, QUESTIONS, strict=True):
        said = re.search(r"\\boxed\{(\d)\}", sample.response)
        assert sample.verdict.answer == (said and said[1])
        assert sample.verdict.correct == (said is not None and said[1] == row["answer"])
        assert sample.verdict.verifier == "lm-eval"
    assert score.accuracy.value == sum(sample.verdict.correct for sample in samples) / 6
    assert set(read_prompts(file).values()) == {f"user {row['question']} assistant " for row in QUESTIONS}
    assert read_scores(tmp_path / "out" / "scores.jsonl") == [score]
    assert not file.with_name(f"{file.name}.shards").exists()


def test_tokens_are_counted_to_the_end_token_or_stop_string(run, tmp_path):
    write_task(tmp_path, "numbers", repeats=20, metadata={})
    score = run("numbers", max_tokens=3)
    _, samples = samples_of(tmp_path, score)
    assert {sample.finish_reason for sample in samples} == {"stop", "length"}
    for sample in samples:
        words = len(sample.response.split())
        # Three words and no end, or fewer words and the end token or stop string behind them. Special tokens that
        # are drawn amid a response are in no text.
        assert words <= sample.response_tokens <= 3
        assert sample.finish_reason != "length" or sample.response_tokens == 3
        assert sample.finish_reason != "stop" or words < sample.response_tokens


@pytest.mark.parametrize("chat", [True, False])
@pytest.mark.parametrize("settings", [{"generation_kwargs": GREEDY}, CHOICE], ids=["greedy", "choice"])
def test_the_figures_are_lm_evals_own(run, checkpoint, tmp_path, settings, chat):
    write_task(tmp_path, "numbers", **settings)
    score = run("numbers", chat=chat)
    metric = score.protocol.removesuffix(",chat").removesuffix(",0-shot")
    own = lm_evals_own(checkpoint, tmp_path, "numbers", chat)
    assert score.accuracy.value == own["results"]["numbers"][metric]
    _, samples = samples_of(tmp_path, score)
    rows = [row for row in own["samples"]["numbers"] if row["filter"] == metric.split(",")[1]]
    assert [sample.verdict.score for sample in samples] == [row[metric.split(",")[0]] for row in rows]
    if settings is CHOICE:
        assert {sample.response_tokens for sample in samples} == {0}
        assert samples[0].response.count("\n") == 3


def test_what_is_scored_already_is_not_run_again(run, tmp_path, monkeypatch):
    write_task(tmp_path, "numbers")
    first = run("numbers")
    monkeypatch.setattr(lm_harness_model.HFLM, "generate_until", None)
    assert run("numbers") == first
    assert run("numbers", metric="exact_match,boxed") == first
    with pytest.raises(LmEvalError, match="other settings; name a scores file in another folder"):
        run("numbers", limit=2)


def test_a_stopped_evaluation_goes_on(run, tmp_path, monkeypatch):
    write_task(tmp_path, "numbers")
    whole = run("numbers", shard_size=2)
    _, expected = samples_of(tmp_path, whole)
    (tmp_path / "out" / "scores.jsonl").unlink()

    def stop(done, total):
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("numbers", shard_size=2, on_progress=stop)
    drawn = []
    draw = lm_harness_model.HFLM.generate_until
    monkeypatch.setattr(
        lm_harness_model.HFLM,
        "generate_until",
        lambda self, requests, **options: drawn.append(len(requests)) or draw(self, requests, **options),
    )
    again = run("numbers", shard_size=2)
    assert drawn == [2]
    assert again == whole
    assert samples_of(tmp_path, again)[1] == expected


def test_responses_are_samples_where_the_task_judges_them_one_by_one(run, tmp_path):
    (tmp_path / "judging.py").write_text(
        "def results(doc, results):\n"
        "    right = [response.startswith('\\\\boxed{' + doc['answer'] + '}') for response in results[0]]\n"
        "    return {'acc': sum(right) / len(right), 'any': float(any(right))}\n"
    )
    write_task(
        tmp_path, "numbers", repeats=16, filter_list=[
            {"name": "all", "filter": [{"function": "take_first_k", "k": 16}]}
        ], metric_list=[
            {"metric": name, "aggregation": "mean", "higher_is_better": True} for name in ("acc", "any")
        ],
    )  # fmt: skip
    file = tmp_path / "numbers.yaml"
    file.write_text(file.read_text() + "process_results: !function judging.results\n")
    score = run("numbers")
    _, samples = samples_of(tmp_path, score)
    assert (score.problems, score.samples_per_problem, score.metric) == (6, 16, "avg@k")
    for sample in samples:
        answer = QUESTIONS[int(sample.problem_id.split("/")[1])]["answer"]
        assert sample.verdict.correct == sample.response.startswith(rf"\boxed{{{answer}}}")
    assert 0 < score.accuracy.value < 1
    assert len({sample.response for sample in samples[:16]}) > 1
    assert score.pass_at_k["16"] == pytest.approx(score.measures["any,all"].value)
    # `any` is not a mean over responses: each document is one sample.
    folded = run("numbers", metric="any,all")
    assert (folded.samples_per_problem, folded.accuracy.value) == (1, score.pass_at_k["16"])


def test_a_group_has_one_score_with_a_slice_for_each_task(own_tasks_alone, run, tmp_path):
    write_task(tmp_path, "one", **CHOICE)
    write_task(tmp_path, "two", **{**CHOICE, "doc_to_text": "number ? {{question}}"})
    (tmp_path / "both.yaml").write_text(
        "group: both\ntask: [one, two]\naggregate_metric_list: [{metric: acc, weight_by_size: true}]\n"
    )
    score = run("both")
    assert (score.benchmark, score.problems) == ("lm-eval.both", 12)
    assert set(score.by_tag) == {"task=one", "task=two"}
    assert score.accuracy.value == sum(part.accuracy.value for part in score.by_tag.values()) / 2
    write_task(tmp_path, "two")
    with pytest.raises(LmEvalError, match="tasks of both have different ways to draw; name them one by one"):
        run("both", seed=1)


def test_few_shot_and_limit(run, tmp_path):
    write_task(tmp_path, "numbers", fewshot_split="test")
    score = run("numbers", few_shot=2, limit=3, chat=False)
    file, _ = samples_of(tmp_path, score)
    assert score.protocol == "exact_match,boxed,2-shot"
    assert score.caveats[1] == "the first 3 of 6 documents"
    assert all(prompt.count("Which number") == 3 for prompt in read_prompts(file).values())
    assert read_key(file)["data_digest"] == score.data_digest


def test_no_examples_may_be_asked_for_where_a_task_takes_none(run, tmp_path):
    write_task(tmp_path, "numbers", num_fewshot=0)
    assert run("numbers", few_shot=0, limit=1, chat=False).protocol == "exact_match,boxed,0-shot"


@pytest.mark.parametrize(
    ("name", "settings", "asked", "message"),
    [
        ("number", {}, {}, "no task 'number'; did you mean numbers"),
        ("qqqq", {}, {}, "no task 'qqqq'; `lm_eval ls tasks` lists"),
        ("numbers", {}, {"metric": "f1,none"}, "choose from exact_match,boxed; exact_match,last"),
        ("numbers", {}, {"max_tokens": 256}, "asks for 256 tokens, and the model has room for 256"),
        ("numbers", {"num_fewshot": 0}, {"few_shot": 2}, "takes no examples (its num_fewshot is 0), so --few-shot 2"),
        ("numbers", {"unsafe_code": True}, {}, "runs what the model writes on this machine"),
        ("numbers", {"dataset_kwargs": {"data_files": "nowhere.jsonl"}}, {}, "cannot load the task numbers: "),
        (
            "numbers",
            {"output_type": "loglikelihood_rolling", "doc_to_target": "{{question}}", "generation_kwargs": None,
             "metric_list": [{"metric": "word_perplexity"}], "filter_list": None},
            {},
            "measures perplexity",
        ),
        (
            "numbers",
            {"metric_list": [{"metric": "brier_score"}], **{k: v for k, v in CHOICE.items() if k != "metric_list"}},
            {},
            "measures brier_score, which does not say which documents are right",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_said_in_one_sentence(
    own_tasks_alone, run, tmp_path, name, settings, asked, message
):
    write_task(tmp_path, "numbers", **settings)
    with pytest.raises(LmEvalError, match=re.escape(message)) as caught:
        run(name, **asked)
    assert "\n" not in str(caught.value)


def test_a_task_file_is_named_by_its_path(run, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_task(elsewhere, "numbers")
    assert run(str(elsewhere / "numbers.yaml")).benchmark == "lm-eval.numbers"


@pytest.mark.slow
def test_lm_evals_own_tasks_are_known(run):
    with pytest.raises(LmEvalError, match=r"no task 'gsm8kk'; did you mean .*gsm8k"):
        run("gsm8kk")
