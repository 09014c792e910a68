"""The response as a whole: how it starts and ends, its case, commas, two answers, the prompt repeated."""

from itertools import islice

from verifiers.instructions.relation import holds
from verifiers.instructions.sentences import sentences, words


def end_checker(text: str, *, end_phrase: str) -> bool:
    """It ends with the phrase, in any case; a closing `"` after it is allowed."""
    return text.strip().strip('"').lower().endswith(end_phrase.strip().lower())


def quotation(text: str) -> bool:
    """It stands between two `"`."""
    text = text.strip()
    return len(text) > 1 and text[0] == text[-1] == '"'


def no_comma(text: str) -> bool:
    """There is no `,`."""
    return "," not in text


def two_responses(text: str) -> bool:
    """It holds two answers that differ, with `******` between them; a blank part may only be first or last."""
    parts = [part.strip() for part in text.split("******")]
    answers = [part for part in parts if part]
    return all(parts[1:-1]) and len(answers) == 2 and answers[0] != answers[1]


def repeat_prompt(text: str, *, prompt_to_repeat: str) -> bool:
    """It starts with the prompt, word for word but in any case."""
    return text.strip().lower().startswith(prompt_to_repeat.strip().lower())


def capital_word_frequency(text: str, *, capital_frequency: int, capital_relation: str) -> bool:
    """Less than, or at least, so many words in capitals, as NLTK cuts words; "I" and "A" are two of them."""
    capitals = (
        word
        for sentence in sentences(text)
        if any(map(str.isupper, sentence))  # cutting into words is the slow part
        for word in words(sentence)
        if word.isupper()
    )
    found = sum(1 for _ in islice(capitals, capital_frequency))  # more need not be counted
    return holds(found, capital_relation, capital_frequency)
