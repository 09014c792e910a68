"""What long2short trains on: the tokens that were drawn, and no others."""

from evals.types import Message, Problem, Sample
from repro.stages.long2short import sampled_examples
from training.tokenizer import build_tokenizer
from verifiers import Verdict


def test_a_cut_response_gets_no_end_token() -> None:
    tokenizer = build_tokenizer()
    problem = Problem("p", (Message("user", "Use 1 2 to make 3 ."),), {}, "countdown")
    verdict = Verdict("wrong", 0.0, None, "x", "", "countdown", "1")
    samples = [
        Sample("p", index, "<think> 1 + 2", 4, reason, verdict, 0)
        for index, reason in enumerate(("stop", "length", "repeat"))
    ]
    stopped, cut, repeated = sampled_examples(tokenizer, [(problem, sample) for sample in samples])
    assert stopped.response == (*cut.response, tokenizer.eos_token_id)
    assert cut.response == repeated.response
    assert tokenizer.decode(cut.response) == "<think> 1 + 2"


def test_the_mark_of_thinking_that_the_prompt_opens_is_trained_on_once() -> None:
    tokenizer = build_tokenizer()
    assert isinstance(tokenizer.chat_template, str)
    tokenizer.chat_template += "<think>"
    problem = Problem("p", (Message("user", "Use 1 2 to make 3 ."),), {}, "countdown")
    verdict = Verdict("wrong", 0.0, None, "x", "", "countdown", "1")
    sample = Sample("p", 0, "<think> 1 + 2 </think>", 5, "stop", verdict, 0)
    (example,) = sampled_examples(tokenizer, [(problem, sample)])
    assert tokenizer.decode(example.prompt).endswith("<|assistant|> <think>")
    assert tokenizer.decode(example.response) == "1 + 2 </think> <|end|>"
