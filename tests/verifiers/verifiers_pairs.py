"""Pairs that reach every layer, and what processes of other kinds run on them; see test_concurrency.py."""

import asyncio
import multiprocessing

from verifiers import Item, math, verify_batch

#: Answer, reference, status.
PAIRS = [
    ("5", "5", "correct"),
    (r"\frac{1}{2}", "0.5", "correct"),
    (r"(1, \frac{2}{4}]", "(1,0.5]", "correct"),
    ("13536", "13535", "wrong"),
    (r"\{1,2,3\}", r"\{3,2,1\}", "correct"),
    ("(x+1)^2", "x^2+2x+1", "correct"),
    (r"\sqrt{2}\sqrt{3}", r"\sqrt{6}", "correct"),
    (r"\sin(x)^2", r"1-\cos(x)^2", "correct"),
    ("50%", "1/2", "correct"),
    ("5 cm", "5 m", "wrong"),
    (r"10^{17}+\pi", r"10^{17}+1+\pi", "wrong"),
    (r"\sum_{k=1}^{10^{12}} \sin(k^k)", "5", "timeout"),
    (r"\int_0^1 x dx", "1/3", "wrong"),
    (r"\lim_{x \to 0} \frac{\sin x}{x}", "1", "correct"),
    (r"\int_0^1 x dx", r"\frac{1}{2}", "correct"),
]


def verdict_on(answer, reference):
    """What must not differ: all but the seconds."""
    return facts(math.equivalent(answer, reference, timeout=0.5))


def facts(verdict):
    return verdict.status, verdict.layer, verdict.reason, verdict.answer, verdict.score


def verdicts():
    return [verdict_on(answer, reference) for answer, reference, _ in PAIRS]


def batch(workers):
    return verify_batch(
        [Item("math", rf"\boxed{{{answer}}}", reference, {"timeout": 0.5}) for answer, reference, _ in PAIRS],
        workers,
    )


def verdicts_of_batch(workers):
    return [facts(verdict) for verdict in batch(workers)]


def verdicts_and_daemon(_):
    return verdicts(), multiprocessing.current_process().daemon


class Judge:
    """A Ray actor with threads."""

    def judge(self):
        return verdicts()


class AsyncJudge:
    """A Ray actor with an event loop, which its first half blocks and its second does not."""

    async def judge(self):
        half = len(PAIRS) // 2
        found = [verdict_on(*pair[:2]) for pair in PAIRS[:half]]
        return found + [await asyncio.to_thread(verdict_on, *pair[:2]) for pair in PAIRS[half:]]
