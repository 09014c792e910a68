"""lighteval's details (Parquet): `doc`, `model_response` and `metric`; and the older flat form."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.data import DataError
from evals.recorded.record import Record, figures, marks, response_text


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"doc", "model_response", "metric"} <= row.keys() or {
        "predictions",
        "gold",
        "metrics",
    } <= row.keys()


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per response; with several, a metric is of the problem and not of each."""
    if "model_response" in row:
        doc, metrics = row["doc"], row["metric"] or {}
        texts, gold, question = row["model_response"].get("text"), _gold(doc), doc.get("query")
        problem = str(doc["id"]) if doc.get("id") not in (None, "") else str(number)
        place = int(problem) if problem.isdigit() else None
        specific = doc.get("specific")
        data = {**specific, "query": question} if isinstance(specific, Mapping) else None
    else:
        texts, metrics, gold = row["predictions"], row["metrics"] or {}, row["gold"]
        question, data, problem, place = row.get("example"), None, str(number), number
    responses = texts if isinstance(texts, list) else [texts]
    if not responses or ((texts is None or responses == [None]) and _has_logprobs(row)):
        raise DataError(
            f"Document {problem} has log-likelihoods and no text; only generated answers can be judged."
        )
    several = len(responses) > 1
    for sample, text in enumerate(responses):
        yield Record(
            problem=problem,
            response=response_text(text),
            sample=sample,
            row=data,
            reference=gold[0] if isinstance(gold, list) and len(gold) == 1 else gold,
            marks={} if several else marks(metrics),
            shared=figures(metrics) if several else {},
            question=question,
            place=place,
        )


def _has_logprobs(row: dict[str, Any]) -> bool:
    """Whether log-likelihoods were asked for and no text."""
    answer = row.get("model_response")
    return not isinstance(answer, Mapping) or bool(answer.get("logprobs"))


def _gold(doc: Mapping[str, Any]) -> Any:
    """The gold choice: its letter where choices are options, else its text."""
    index, choices = doc.get("gold_index"), doc.get("choices") or []
    place = index[0] if isinstance(index, list) and index else index
    return str(choices[place]).strip() if isinstance(place, int) and 0 <= place < len(choices) else None
