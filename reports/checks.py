"""What a reader must be warned of before believing the numbers of a run."""

from collections.abc import Mapping
from typing import Any

from evals.types import Score
from reports.run import Run
from reports.text import listed, plural, scientific, short_digest, with_sign

SAMPLER_GAP_ALARM = {"float32": 0.02, "bfloat16": 0.05}
"""Mean absolute log-prob difference per token, in nats, where the recipe names no limit of its own, by its `dtype`.

Sampler and trainer in one process and float32 agree to about 1e-5; 0.02 moves a 100-token ratio by e².
"""


def warnings(run: Run) -> tuple[str, ...]:
    """One sentence per concern, the gravest first."""
    return (
        *_comparability(run),
        *_verifier_failures(run),
        *_sampler_gap(run),
        *_zero_variance(run),
        *_dirty(run),
        *_resumed(run),
    )


def notes(run: Run) -> tuple[str, ...]:
    """Options that change the method and so must be named wherever its numbers are."""
    found = []
    stages = [
        rl_label(stage)
        for stage in dict.fromkeys(("rl", "long2short/rl", *run.rl_stages))
        if any(row.get("length_normalised") for row in run.rl_stages.get(stage, ()))
        or _search(_section(run.recipe, stage), "length_normalised") is True
    ]
    if stages or _search(run.recipe, "length_normalised") is True:
        where = f" in {listed(stages)}" if stages else ""
        found.append(
            f"length_normalised is on{where}: the log-ratio is divided by the response's length. That is not "
            "the paper's loss, which takes the sum over tokens (section 2.3.2)."
        )
    return tuple(found)


def _comparability(run: Run) -> list[str]:
    """Scores that stand side by side should differ in the checkpoint and in nothing else."""
    found = []
    groups = dict.fromkeys((s.benchmark, s.protocol, s.split) for s in run.scores)
    for benchmark, protocol, split in groups:
        scores = tuple(
            s for s in run.of(benchmark, split) if s.protocol == protocol and s.stage != "external"
        )
        where = f"{benchmark} ({', '.join(part for part in (protocol, split) if part)})"
        for what, values in {
            "data": {short_digest(s.data_digest) for s in scores},
            "version": {s.benchmark_version for s in scores},
            "engine": {s.engine for s in scores},
            "sampling": {_sampling(s) for s in scores},
            "token limit": {f"{s.sampling.max_tokens}" for s in scores},
            "number of problems": {str(s.problems) for s in scores},
            "samples per problem": {str(s.samples_per_problem) for s in scores},
            "seed": {str(s.seed) for s in scores},
        }.items():
            if len(values) > 1:
                found.append(
                    f"Scores of {where} set beside each other differ in {what}: "
                    f"{listed(sorted(values))}. Their differences are not of the checkpoints alone."
                )
        twice = sorted(
            {s.checkpoint for s in scores if sum(t.checkpoint == s.checkpoint for t in scores) > 1}
        )
        if twice:
            found.append(f"{where} has more than one score of {listed(twice)}; claims use the first.")
    return found


def _sampling(score: Score) -> str:
    s = score.sampling
    return f"temperature {s.temperature:g}, top-p {s.top_p:g}, top-k {s.top_k}"


def _verifier_failures(run: Run) -> list[str]:
    bad = [
        f"{s.checkpoint} on {s.benchmark} ({s.split})"
        for s in run.scores
        if s.status_shares.get("error", 0.0) + s.status_shares.get("timeout", 0.0) > 0
    ]
    if not bad:
        return []
    shown = listed(bad) if len(bad) <= 3 else f"{', '.join(bad[:3])} and {len(bad) - 3} more"
    return [f"The verifier failed or timed out on some responses of {shown}; they count as wrong."]


def rl_label(stage: str) -> str:
    """A metrics file's stage in a sentence: `RL`, `long2short RL`."""
    return {"rl": "RL", "long2short/rl": "long2short RL"}.get(stage, stage)


def _sampler_gap(run: Run) -> list[str]:
    found = []
    for stage, rows in run.rl_stages.items():
        limit = _search(_section(run.recipe, stage), "sampler_gap_alarm")
        number = isinstance(limit, int | float) and not isinstance(limit, bool)
        default = SAMPLER_GAP_ALARM.get(str(run.recipe.get("dtype")), SAMPLER_GAP_ALARM["float32"])
        alarm = float(limit) if number else default
        gaps = [r.get("sampler_gap_mean") or 0.0 for r in rows]
        over = [gap for gap in gaps if gap > alarm]
        if over:
            found.append(
                f"The sampler and the trainer disagree by more than {alarm:g} nats per token in "
                f"{plural(len(over), f'{rl_label(stage)} iteration')} (worst {scientific(max(over))}): samples "
                "were not drawn from π_i."
            )
    return found


def _zero_variance(run: Run) -> list[str]:
    found = []
    for stage, rows in run.rl_stages.items():
        groups = sum(r.get("groups") or 0 for r in rows)
        equal = sum(r.get("zero_variance_groups") or 0 for r in rows)
        if groups and equal / groups > 0.5:
            share = with_sign(equal / groups)
            found.append(
                f"{share} of {rl_label(stage)} groups had equal rewards, and so no gradient but that of the l2 term."
            )
    return found


def _dirty(run: Run) -> list[str]:
    if run.environment.get("revision_dirty"):
        return ["The working tree had uncommitted changes: the revision alone does not reproduce this run."]
    return []


def _resumed(run: Run) -> list[str]:
    found = []
    if run.environment.get("resumed_under"):
        found.append(
            "The run went on under other code, packages or hardware than it began with (environment.json)."
        )
    changed = [key for change in run.environment.get("recipe_changes", ()) for key in change["keys"]]
    if changed:
        found.append(
            f"The recipe was changed while the run was under way, in parts that had not begun: {listed(changed)}."
        )
    return found


def _section(recipe: Mapping[str, Any], stage: str) -> Any:
    """The part of a recipe that a stage such as `long2short/rl` was trained by; None where there is none."""
    found: Any = recipe
    for part in stage.split("/"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _search(tree: Any, key: str) -> Any:
    """The first value under `key` anywhere in a recipe or a part of one."""
    if not isinstance(tree, Mapping):
        return None
    if key in tree:
        return tree[key]
    for name in sorted(tree, key=str):
        found = _search(tree[name], key)
        if found is not None:
            return found
    return None
