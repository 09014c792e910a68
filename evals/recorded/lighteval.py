"""lighteval's details (Parquet): `doc`, `model_response` and `metric`; and the older flat form."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.recorded.record import Record, mark


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"doc", "model_response", "metric"} <= row.keys() or {
        "predictions",
        "gold",
        "metrics",
    } <= row.keys()


def records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    """A record per response; a problem is named by its place in the file, as its details have it."""
    for number, row in enumerate(rows):
        if "model_response" in row:
            doc = row["doc"]
            texts, metrics = row["model_response"].get("text"), row["metric"]
            gold = _gold(doc)
            specific = doc.get("specific")
            data = {**(specific if isinstance(specific, Mapping) else {}), "query": doc.get("query")}
            problem = str(doc.get("id") if doc.get("id") not in (None, "") else number)
        else:
            texts, metrics, gold = row["predictions"], row["metrics"], row["gold"]
            data, problem = {}, str(number)
        label = next((m for m in map(mark, (metrics or {}).values()) if m is not None), None)
        responses = texts if isinstance(texts, list) else [texts]
        # A mark is of the row: with several responses it says of none whether that one is right.
        for sample, text in enumerate(responses):
            only = label if len(responses) == 1 else None
            yield Record(problem, str(text or ""), sample, data, gold, only)


def _gold(doc: Mapping[str, Any]) -> Any:
    """The gold choice: its letter where choices are options, else its text."""
    index, choices = doc.get("gold_index"), doc.get("choices") or []
    place = index[0] if isinstance(index, list) and index else index
    return str(choices[place]).strip() if isinstance(place, int) and 0 <= place < len(choices) else None
