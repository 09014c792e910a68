"""Which checkpoints a report speaks of, and by what names."""

from collections.abc import Mapping
from dataclasses import dataclass

from evals.types import Score
from reports.run import Run

METHODS = ("merge", "shortest_rejection", "merge_rejection", "dpo", "rl")
METHOD_LABELS = {
    "merge": "merge",
    "shortest_rejection": "shortest rejection sampling",
    "merge_rejection": "merge + rejection sampling",
    "dpo": "DPO",
    "rl": "long2short RL",
}
STAGE_LABELS = {
    "sft": "SFT (short CoT)",
    "curate": "prompt curation",
    "long_cot_sft": "long-CoT SFT",
    "rl": "RL",
    "long2short": "long2short",
    "external": "external",
}
BEST_SHORT_MARGIN = 0.03


@dataclass(frozen=True, slots=True)
class KeyScores:
    """The four checkpoints that tell the story of a run, where they have been scored."""

    sft: Score | None
    long_cot: Score | None
    rl: Score | None
    short: Score | None

    def named(self) -> tuple[tuple[str, Score], ...]:
        """(label, score) of those that are there, in pipeline order."""
        pairs = (
            ("SFT", self.sft),
            ("long-CoT SFT", self.long_cot),
            ("RL", self.rl),
            ("best long2short", self.short),
        )
        return tuple((label, score) for label, score in pairs if score is not None)


def main_benchmark(run: Run, split: str = "test") -> str | None:
    """The benchmark with the most checkpoints scored on `split`; the first by name among equals."""
    counts: dict[str, int] = {}
    for score in run.scores:
        if score.split == split:
            counts[score.benchmark] = counts.get(score.benchmark, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def main_split(run: Run) -> str:
    """`test` where anything was scored on it, else `validation`."""
    return "test" if any(s.split == "test" for s in run.scores) or not run.scores else "validation"


def key_scores(run: Run, benchmark: str, split: str) -> KeyScores:
    """The last checkpoint of SFT, of long-CoT SFT and of RL, and the best long2short one."""

    def last(stage: str) -> Score | None:
        rows = run.of(benchmark, split, stage)
        return max(rows, key=lambda s: (s.iteration or 0, rows.index(s)), default=None)

    rl = last("rl")
    return KeyScores(last("sft"), last("long_cot_sft"), rl, best_short(run, benchmark, split, rl))


def best_short(run: Run, benchmark: str, split: str, long: Score | None) -> Score | None:
    """The shortest long2short model within 3 points of the long one; the most accurate if none is.

    It is chosen on the validation split where every candidate was scored on it, so that the test figures of
    the chosen one are not chosen for being high.
    """
    rows = [s for s in run.of(benchmark, split, "long2short") if method_of(s.checkpoint)]
    if not rows:
        return None
    judged = {s.checkpoint: run.find(s.checkpoint, benchmark, "validation") for s in rows}
    reference = run.find(long.checkpoint, benchmark, "validation") if long else None
    by_validation = {name: score for name, score in judged.items() if score is not None}
    if len(by_validation) < len(rows) or (long is not None and reference is None):
        by_validation, reference = {s.checkpoint: s for s in rows}, long
    floor = reference.accuracy.value - BEST_SHORT_MARGIN if reference else 0.0
    close = [s for s in rows if by_validation[s.checkpoint].accuracy.value >= floor]
    if close:
        return min(close, key=lambda s: (by_validation[s.checkpoint].response_tokens_mean, s.checkpoint))
    return max(rows, key=lambda s: (by_validation[s.checkpoint].accuracy.value, s.checkpoint))


def rl_start(run: Run, benchmark: str, split: str) -> Score | None:
    """The score of the checkpoint that RL started from: the parent of its first checkpoint."""
    first = min(run.of(benchmark, split, "rl"), key=lambda s: s.iteration or 0, default=None)
    parent = first.parents[0] if first and first.parents else "long_cot_sft"
    return run.find(parent, benchmark, split)


def rl_trajectory(run: Run, benchmark: str, split: str) -> tuple[tuple[int, Score], ...]:
    """(iteration, score) over RL, from the checkpoint that it started from as iteration 0."""
    rows = {s.iteration: s for s in run.of(benchmark, split, "rl") if s.iteration is not None}
    start = rl_start(run, benchmark, split)
    if start is not None and 0 not in rows:
        rows[0] = start
    return tuple(sorted(rows.items()))


def method_of(checkpoint: str) -> str | None:
    """The long2short method behind an id such as `long2short/merge-0.50`; None for controls and others."""
    name = checkpoint.removeprefix("long2short/")
    if name == checkpoint or "control" in name:
        return None
    stem = name.replace("+", "_").replace("/", "-").split("-")[0]
    if stem.startswith("merge_"):
        return "merge_rejection"
    return stem if stem in METHODS else None


def short_methods(
    run: Run, benchmark: str, split: str, chosen: Mapping[str, str] | None = None
) -> dict[str, Score]:
    """The checkpoint that stands for each long2short method (section 2.4).

    `chosen` (method to checkpoint id) decides; without it `long2short/<method>` itself, then the plain
    average of a coefficient sweep (`-0.50`), then the last iteration, then the best on validation. Controls
    are left out.
    """
    found: dict[str, Score] = {}
    for method in METHODS:
        named = (chosen or {}).get(method)
        if named is not None:
            rows = [s for s in run.of(benchmark, split) if s.checkpoint == named]
        else:
            rows = [s for s in run.of(benchmark, split, "long2short") if method_of(s.checkpoint) == method]
        if rows:
            found[method] = max(rows, key=lambda s: _preference(run, method, s))
    return found


def _preference(run: Run, method: str, score: Score) -> tuple[bool, bool, int, float, str]:
    validation = run.find(score.checkpoint, score.benchmark, "validation")
    return (
        score.checkpoint == f"long2short/{method}",
        score.checkpoint == f"long2short/{method}-0.50",
        score.iteration or 0,
        validation.accuracy.value if validation else -1.0,
        score.checkpoint,
    )


def label(checkpoint: str) -> str:
    """A checkpoint's name for a chart."""
    method = method_of(checkpoint)
    if method is None:
        return {"sft": "SFT", "long_cot_sft": "long-CoT SFT"}.get(checkpoint, checkpoint)
    short = {
        "shortest_rejection": "shortest",
        "merge_rejection": "merge + rs",
        "dpo": "DPO",
        "rl": "long2short RL",
    }
    return short.get(method, checkpoint.removeprefix("long2short/").replace("-", " "))
