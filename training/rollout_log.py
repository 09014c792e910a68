"""The rollouts of an iteration as Parquet, for reading them afterwards."""

import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from evals.files import atomic_write_bytes
from training.rewards import JudgedGroup


def write_rollouts(path: Path, judged: Sequence[JudgedGroup], drop_zero_variance: bool) -> None:
    """One row per finished response: text, verdict, shaped reward and the iterations that drew its segments."""
    rows = [
        {
            "problem_id": group.group.problem.id,
            "prompt": group.group.problem.prompt[-1].content,
            "response": response,
            "response_tokens": len(rollout.tokens),
            "finish_reason": rollout.finish_reason,
            "status": verdict.status,
            "score": verdict.score,
            "reason": verdict.reason,
            "reward": reward,
            "used": reward is not None and (group.has_reward_variance or not drop_zero_variance),
            "segments": [[s.iteration, s.start, s.end] for s in rollout.segments],
        }
        for group in judged
        for rollout, response, verdict, reward in zip(
            group.group.rollouts, group.responses, group.verdicts, group.rewards, strict=True
        )
    ]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer, compression="zstd")
    atomic_write_bytes(path, buffer.getvalue())
