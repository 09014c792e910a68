"""How long the response is: words, sentences, paragraphs."""

import re
from itertools import islice

from verifiers.instructions.relation import holds
from verifiers.instructions.sentences import sentences

_WORD = re.compile(r"\w+")
_DIVIDER = re.compile(r"\s?\*\*\*\s?")
_AFTER_FIRST_WORD = re.compile(r"[.,?!'\"]")


def number_words(text: str, *, num_words: int, relation: str) -> bool:
    """Less than, or at least, so many runs of letters, digits and `_`: "it's" is two."""
    return holds(sum(1 for _ in _WORD.finditer(text)), relation, num_words)


def number_sentences(text: str, *, num_sentences: int, relation: str) -> bool:
    """Less than, or at least, so many sentences."""
    found = sum(1 for _ in islice(sentences(text), num_sentences))  # more need not be counted
    return holds(found, relation, num_sentences)


def number_paragraphs(text: str, *, num_paragraphs: int) -> bool:
    """Exactly so many paragraphs, with `***` between them; only the first and the last may be blank."""
    paragraphs = _DIVIDER.split(text)
    if not all(paragraph.strip() for paragraph in paragraphs[1:-1]):
        return False
    return sum(1 for paragraph in paragraphs if paragraph.strip()) == num_paragraphs


def nth_paragraph_first_word(text: str, *, num_paragraphs: int, nth_paragraph: int, first_word: str) -> bool:
    """Exactly so many paragraphs with a blank line between, of which the nth starts with the word.

    Blank paragraphs do not count for the number, yet do for the place of the nth, as in the benchmark.
    """
    paragraphs = text.split("\n\n")
    if sum(1 for paragraph in paragraphs if paragraph.strip()) != num_paragraphs:
        return False
    words = paragraphs[nth_paragraph - 1].split(maxsplit=1)
    return bool(words) and _bare(words[0]) == first_word.lower()


def _bare(word: str) -> str:
    """`word` in lower case, without opening quotes and cut at its first punctuation mark."""
    bare = _AFTER_FIRST_WORD.split(word.lstrip("'").lstrip('"'), maxsplit=1)[0]
    return "".join(map(str.lower, bare))  # letter by letter, as the benchmark does: Σ is never ς
