"""The option that is mentioned last, which counts with `fallback="last_mention"` where nothing states an answer."""

import pytest

from verifiers import choice

PLANTS = ["taiga", "tundra", "rain forest", "desert"]


@pytest.mark.parametrize(
    ("response", "options", "reference"),
    [
        ("The finding is (C) a pin, near the joint. Nothing else is seen there.", ["a screw", "a nail", "a pin"], "C"),
        ("(A) is far too dry. The picture must have been taken in (B) and not in summer.", PLANTS, "B"),
        ("The biome shown in the image is tundra.\nIt is cold there.", PLANTS, "B"),
        ("The picture was taken in a Rain  Forest near the coast of the island.", PLANTS, "C"),
        ("A desert would be dry. What is shown are the trees of the taiga, I think.", PLANTS, "A"),
        ("The cell in the picture has walls, as a plant cell has.", ["plant", "plant cell", "animal"], "B"),
        ("Those that were found are rods and cocci.", ["rods", "cocci", "rods and cocci"], "C"),
        ("On the left stands C, and nothing more is to be seen. Good luck with it", PLANTS, "C"),
    ],
)  # fmt: skip
def test_the_last_mention_counts_where_nothing_states_an_answer(response, options, reference):
    wrong = "D" if reference == "A" else "A"
    assert choice.verify(response, reference, options=options, fallback="last_mention").correct
    assert choice.verify(response, wrong, options=options, fallback="last_mention").status == "wrong"


@pytest.mark.parametrize(
    "response",
    [
        "Nothing of this can be seen in the picture, so I cannot help you with it.",
        "The tundras of the north and deserted places look like this one here.",  # parts of other words
        "",
    ],
)
def test_nothing_that_is_mentioned_is_no_answer(response):
    verdict = choice.verify(response, "B", options=PLANTS, fallback="last_mention")
    assert verdict.status == "no_answer"


def test_a_stated_answer_counts_before_what_is_mentioned_after_it():
    response = "The answer is (B). In the (C) of the other picture there is more rain."
    assert choice.verify(response, "B", options=PLANTS, fallback="last_mention").correct


def test_a_text_of_two_options_mentions_neither():
    for reference in ("A", "B"):
        verdict = choice.verify(
            "What I can see here is sand and stones, and no plants.", reference, options=["sand and stones"] * 2,
            fallback="last_mention",
        )  # fmt: skip
        assert not verdict.correct


def test_without_texts_letters_are_looked_for_alone():
    assert choice.verify("I see (A), then (D) in the middle of it.", "D", fallback="last_mention").correct
    verdict = choice.verify("I see no letter whatever in there.", "D", fallback="last_mention")
    assert verdict.status == "no_answer"
