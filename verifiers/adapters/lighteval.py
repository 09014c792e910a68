"""A metric for lighteval (`LightevalTaskConfig(metrics=[verifier_metric("math")], ...)`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from lighteval.metrics.metrics_sample import SampleLevelComputation
from lighteval.metrics.utils.metric_utils import SampleLevelMetricGrouping
from lighteval.models.model_output import ModelResponse
from lighteval.tasks.requests import Doc, SamplingMethod

from verifiers.adapters.common import failed, item_of, judge_any
from verifiers.options import check_options


def verifier_metric(
    kind: str = "math", *, reference: str | None = None, prefill: str = "", **options: Any
) -> SampleLevelMetricGrouping:
    """A metric that judges with the verifier for `kind`, called with `options`.

    The reference is the document's gold (of several, any will do) or the entry `reference` of its `specific`;
    `prefill` is what the prompt puts in the model's mouth, such as "<think>". The values are `verifier`, the mean
    score over the responses to a document, and `verifier_failed`, the share of responses where the verifier failed,
    which count as wrong. Raises `ValueError` for a wrong setting.
    """
    check_options(kind, options)
    return SampleLevelMetricGrouping(
        metric_name=["verifier", "verifier_failed"],
        sample_level_fn=Judgement(kind, reference, options, prefill),
        category=SamplingMethod.GENERATIVE,
        corpus_level_fn={"verifier": fmean, "verifier_failed": fmean},
        higher_is_better={"verifier": True, "verifier_failed": False},
    )


@dataclass(frozen=True)
class Judgement(SampleLevelComputation):
    """How one document is scored; see `verifier_metric`."""

    kind: str
    reference: str | None
    options: Mapping[str, Any]
    prefill: str = ""

    def compute(self, doc: Doc, model_response: ModelResponse, **_: Any) -> dict[str, float]:
        """The metric's values for one document."""
        wanted = doc.get_golds() if self.reference is None else [doc.specific[self.reference]]
        verdicts = [
            judge_any(item_of(self.kind, self.prefill + text, one, self.options) for one in wanted)
            for text in model_response.final_text
        ]
        return {
            "verifier": fmean(verdict.score for verdict in verdicts),
            "verifier_failed": fmean(failed(verdict) for verdict in verdicts),
        }
