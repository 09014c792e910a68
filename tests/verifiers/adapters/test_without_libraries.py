"""What the adapters do by themselves; the other files here use them in the real libraries."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from verifiers import Item
from verifiers.adapters import common, lm_eval, openrlhf, trl, verl

RIGHT, WRONG = r"So it is \boxed{\frac12}.", r"So it is \boxed{2}."
BROKEN = ""  # no reference at all: the verifier reports an error
PUZZLE = '{"numbers": [3, 4, 5], "target": 17}'
FACTORIES = [trl.reward_function, openrlhf.reward_function, lm_eval.results_function]


def test_no_library_is_imported():
    script = (
        "import sys, verifiers, verifiers.adapters\n"
        "print('verifiers.adapters.common' in sys.modules)\n"
        "import verifiers.adapters.trl, verifiers.adapters.verl\n"
        "import verifiers.adapters.openrlhf, verifiers.adapters.lm_eval\n"
        "names = {'torch', 'transformers', 'trl', 'verl', 'openrlhf', 'lm_eval', 'inspect_ai', 'lighteval'}\n"
        "print(sorted(names & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["False", "[]"], done.stderr


@pytest.mark.parametrize("factory", FACTORIES)
def test_wrong_settings_are_refused_at_once(factory):
    with pytest.raises(ValueError, match="no verifier 'poetry'"):
        factory("poetry")
    with pytest.raises(ValueError, match="colour"):
        factory("text", colour="red")


# TRL


def test_trl_scores_text_and_chats():
    reward = trl.reward_function("math", reference="answer")
    chats = [
        [{"role": "assistant", "content": RIGHT}],
        [
            {"role": "assistant", "content": WRONG},
            {"role": "tool", "content": "0.5"},
            {"role": "assistant", "content": [{"type": "text", "text": RIGHT}]},
        ],
        [{"role": "assistant", "content": None}],
        [],
    ]
    assert reward(prompts=["p"] * 4, completions=chats, answer=["0.5"] * 4) == [1.0, 1.0, 0.0, 0.0]
    assert reward(prompts=["p"] * 2, completions=[RIGHT, WRONG], answer=["0.5"] * 2) == [1.0, 0.0]
    assert reward.__name__ == "math_reward"


@pytest.mark.parametrize("workers", [0, 2])
def test_trl_leaves_out_what_is_not_judged(workers, caplog):
    logged = {}
    reward = trl.reward_function(workers=workers)
    with caplog.at_level(logging.WARNING, "verifiers"):
        rewards = reward(
            prompts=["p"] * 4,
            completions=[RIGHT, RIGHT, RIGHT, WRONG],
            solution=["0.5", None, BROKEN, "0.5"],
            log_metric=logged.__setitem__,
        )
    assert rewards == [1.0, None, None, 0.0]
    assert logged == {"verifier_failed": 0.25}
    assert "failed (error): The reference is empty" in caplog.text


def test_trl_references_may_be_json_and_thinking_may_begin_in_the_prompt():
    countdown = trl.reward_function("countdown", prefill="<think>")
    said = "3*4</think> <answer> 3 * 4 + 5 </answer>"
    cut = "<answer> 3 * 4 + 5 </answer>"  # still thinking
    assert countdown(prompts=["p"] * 2, completions=[said, cut], solution=[PUZZLE] * 2) == [1.0, 0.0]


def test_trl_names_a_missing_column():
    with pytest.raises(ValueError, match="no column 'solution'; it has answer"):
        trl.reward_function()(prompts=["p"], completions=[RIGHT], answer=["0.5"])


# verl


def test_verl_dispatches_by_data_source():
    kinds = {"gsm8k": "math", "puzzles": "countdown"}
    scored = verl.compute_score("puzzles", "<answer> 3 * 4 + 5 </answer>", PUZZLE, {}, kinds=kinds)
    assert scored == {
        "score": 1.0, "acc": 1.0, "pred": "3 * 4 + 5", "status": "correct", "verifier_failed": 0.0,
    }  # fmt: skip
    assert verl.compute_score("gsm8k", RIGHT, "0.5", kinds=kinds)["score"] == 1.0
    with pytest.raises(ValueError, match="no entry for the data source 'aime'"):
        verl.compute_score("aime", RIGHT, "0.5", kinds=kinds)


def test_verl_takes_options_by_kind():
    text = r"\boxed{Paris.}"
    exact = {"text": {"match": "exact"}}
    assert verl.compute_score("x", text, "paris", kinds="text")["score"] == 1.0
    assert verl.compute_score("x", text, "paris", kinds="text", options=exact)["score"] == 0.0
    with pytest.raises(ValueError, match="colour"):
        verl.compute_score("x", text, "paris", kinds="text", options={"text": {"colour": "red"}})


def test_verl_keeps_failures_apart():
    scored = verl.compute_score("x", RIGHT, BROKEN)
    assert (scored["score"], scored["status"], scored["verifier_failed"]) == (0.0, "error", 1.0)


def test_verl_scores_the_same_in_threads():
    calls = [(RIGHT if place % 3 else WRONG, "0.5") for place in range(60)]
    with ThreadPoolExecutor(8) as threads:
        scores = list(threads.map(lambda call: verl.compute_score("x", *call)["score"], calls))
    assert scores == [float(place % 3 > 0) for place in range(60)]


# OpenRLHF


@pytest.fixture
def openrlhf_reward():
    pytest.importorskip("torch", reason="torch is not installed, and OpenRLHF's rewards are its tensors")
    return openrlhf.reward_function("math")


def test_openrlhf_reads_the_response_only(openrlhf_reward):
    prompt = r"<|user|> If the answer is \boxed{2}, what is its inverse? <|assistant|>"
    queries = [
        prompt + RIGHT + "<|im_end|>",
        prompt[30:] + RIGHT,  # its beginning cut off
        "<s>" + prompt + "I do not know.",
        "something else",
    ]
    found = openrlhf_reward(queries, [prompt] * 4, ["0.5", "0.5", "2", "2"])
    assert found["rewards"].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert found["scores"].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert found["extra_logs"]["verifier_failed"].tolist() == [0.0, 0.0, 0.0, 1.0]


# lm-eval


def test_lm_eval_scores_one_or_several_responses():
    process_results = lm_eval.results_function("math", reference="target")
    doc = {"target": "0.5"}
    assert process_results(doc, [RIGHT]) == {"acc": 1.0, "verifier_failed": 0.0}
    assert process_results(doc, [[RIGHT, WRONG]]) == {"acc": 0.5, "verifier_failed": 0.0}
    assert process_results({"target": BROKEN}, [RIGHT]) == {"acc": 0.0, "verifier_failed": 1.0}
    with pytest.raises(ValueError, match="no field 'target'; it has answer"):
        process_results({"answer": "0.5"}, [RIGHT])


def test_lm_eval_is_told_that_the_prompt_opens_the_thinking():
    process_results = lm_eval.results_function("math", reference="target", prefill="<think>")
    doc = {"target": "0.5"}
    assert process_results(doc, [f"so {RIGHT}"])["acc"] == 0.0
    assert process_results(doc, [f"so {WRONG}</think>{RIGHT}"])["acc"] == 1.0


def test_lm_eval_example_folder_is_printed():
    command = [sys.executable, "-m", "verifiers.adapters.lm_eval"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(lm_eval.tasks_folder())
    assert (lm_eval.tasks_folder() / "k15_math_example.yaml").is_file()


# Several references


def test_any_of_several_references_will_do():
    def verdict(*references):
        return common.judge_any(Item("math", RIGHT, reference) for reference in references).status

    assert verdict("2", BROKEN, "0.5") == "correct"
    assert verdict("2", BROKEN) == "error"
    assert verdict("2", "3") == "wrong"
    with pytest.raises(ValueError, match="no reference"):
        verdict()
