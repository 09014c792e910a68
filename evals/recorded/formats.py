"""The formats that are known, by name; the first that a row fits is taken."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evals.recorded import (
    evalplus,
    human_eval,
    ifeval,
    inspect_logs,
    lighteval,
    livecodebench,
    lm_eval,
    math_harness,
    mathvista,
    mmlu_pro,
    mmmu,
    multipl_e,
    own,
    simple_evals,
)
from evals.recorded.record import Record


@dataclass(frozen=True, slots=True)
class Format:
    """Whether a row is of this format, and the records of the row at a place (from 0) in its file.

    `response` is the field with the response, where there is one such field.
    """

    fits: Callable[[dict[str, Any]], bool]
    records: Callable[[dict[str, Any], int], Iterator[Record]]
    response: str | None = None


RESPONSES = dict.fromkeys(("ifeval", "mathvista", "mmmu", "own"), "response") | {"mmlu-pro": "model_outputs"}
FORMATS: Mapping[str, Format] = {
    name: Format(module.fits, module.records, RESPONSES.get(name))
    for name, module in {
        "lm-eval": lm_eval,
        "lighteval": lighteval,
        "inspect": inspect_logs,
        "livecodebench": livecodebench,
        "evalplus": evalplus,
        "human-eval": human_eval,
        "simple-evals": simple_evals,
        "math-harness": math_harness,
        "ifeval": ifeval,
        "multipl-e": multipl_e,
        "mathvista": mathvista,
        "mmmu": mmmu,
        "mmlu-pro": mmlu_pro,
        "own": own,
    }.items()
}
