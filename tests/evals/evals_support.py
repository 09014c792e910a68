"""A deterministic engine, a benchmark and samples to test evaluation with."""

import hashlib
from collections.abc import Callable, Sequence

from evals.engine import Request, Response
from evals.score import CheckpointFacts, score
from evals.types import Benchmark, FinishReason, Message, Problem, Sample, Sampling, Score
from verifiers import Verdict

END = 3


class DigitEngine:
    """Draws the digits 0, 1, 2 or the end, each by a hash of prompt, seed and position alone."""

    def __init__(self, fail_at_call: int | None = None) -> None:
        self.calls: list[list[Request]] = []
        self._fail_at_call = fail_at_call

    def encode(self, prompt: Sequence[Message], prefill: str = "") -> tuple[int, ...]:
        return tuple("".join(m.content for m in prompt).encode() + prefill.encode())

    def decode(self, tokens: Sequence[int]) -> str:
        return "".join(str(token) for token in tokens if token != END)

    def generate(
        self,
        requests: Sequence[Request],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
    ) -> list[Response]:
        self.calls.append(list(requests))
        responses = []
        for number, request in enumerate(requests):
            if len(self.calls) == self._fail_at_call and number == len(requests) // 2:
                raise KeyboardInterrupt("killed in the middle of a shard")
            responses.append(self._draw(request, sampling))
            if on_tokens:
                on_tokens(len(responses[-1].tokens))
        return responses

    def _draw(self, request: Request, sampling: Sampling) -> Response:
        tokens = list(request.prefix)
        while len(tokens) < sampling.max_tokens:
            text = f"{request.prompt}/{request.seed}/{len(tokens)}".encode()
            tokens.append(hashlib.sha256(text).digest()[0] % 4)
            if tokens[-1] == END:
                break
        drawn = tuple(tokens[len(request.prefix) :])
        reason: FinishReason = "stop" if tokens[-1] == END else "length"
        return Response(drawn, tuple(-1.386 for _ in drawn), reason)


def make_problems(count: int = 7) -> list[Problem]:
    return [
        Problem(
            id=f"p{i}",
            prompt=(Message("system", "Answer."), Message("user", f"Question {'x' * (i % 3)}{i}?")),
            reference=str(i % 3),
            verifier="text",
            tags={"family": "digits", "level": f"digits-{i % 2}"},
        )
        for i in range(count)
    ]


def make_benchmark(samples: int = 4, problems: int = 7, max_tokens: int = 3) -> Benchmark:
    return Benchmark(
        name="digits",
        version="1",
        description="Guess a digit.",
        load=lambda: make_problems(problems),
        sampling=Sampling(max_tokens=max_tokens),
        samples_per_problem=samples,
    )


def make_samples(table: Sequence[Sequence[int]], tokens: int = 10, **tags: str) -> list[Sample]:
    return [
        Sample(
            problem_id=f"p{i}",
            sample_index=j,
            response="r",
            response_tokens=tokens + j,
            finish_reason="stop",
            verdict=Verdict(
                "correct" if right else "wrong", float(right), "r", "exact", "It is.", "text", "1"
            ),
            seed=j,
            tags=tags or {"family": "digits"},
        )
        for i, row in enumerate(table)
        for j, right in enumerate(row)
    ]


def make_score(
    samples: Sequence[Sample],
    *,
    checkpoint: str = "sft",
    benchmark: Benchmark | None = None,
    data_digest: str = "sha256:d",
    split: str = "test",
    seed: int = 0,
) -> Score:
    per_problem = len({s.sample_index for s in samples})
    return score(
        samples,
        checkpoint=CheckpointFacts(checkpoint, "sft", None, (), f"sha256:{checkpoint}"),
        benchmark=benchmark or make_benchmark(per_problem),
        data_digest=data_digest,
        split=split,
        seed=seed,
    )
