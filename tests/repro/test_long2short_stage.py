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
