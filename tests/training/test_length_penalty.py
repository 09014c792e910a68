import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.length_penalty import LengthPenaltyConfig, length_rewards

groups = st.lists(st.tuples(st.integers(1, 10_000), st.booleans()), min_size=1, max_size=16)


@given(groups)
def test_equals_the_formula_of_the_paper(group):
    lengths, correct = [length for length, _ in group], [right for _, right in group]
    found = length_rewards(lengths, correct)
    shortest, longest = min(lengths), max(lengths)
    for (length, right), reward in zip(group, found, strict=True):
        if longest == shortest:
            assert reward == 0
            continue
        share = 0.5 - (length - shortest) / (longest - shortest)
        assert reward == (share if right else min(0, share))


@given(groups)
def test_a_right_answer_never_gets_less_than_a_wrong_one_of_its_length(group):
    lengths = [length for length, _ in group]
    right, wrong = length_rewards(lengths, [True] * len(group)), length_rewards(lengths, [False] * len(group))
    assert all(a >= b for a, b in zip(right, wrong, strict=True))
    assert all(-0.5 <= reward <= 0.5 for reward in right + wrong)


@given(st.lists(st.integers(1, 500), min_size=2, max_size=8))
def test_all_wrong_is_never_rewarded(lengths):
    assert max(length_rewards(lengths, [False] * len(lengths))) <= 0


def test_single_responses_and_equal_lengths_get_nothing():
    assert length_rewards([7], [True]) == [0.0]
    assert length_rewards([7, 7, 7], [True, False, True]) == [0.0, 0.0, 0.0]
    assert length_rewards([], []) == []


def test_the_shortest_right_answer_gets_a_half_and_the_longest_minus_a_half():
    assert length_rewards([10, 20, 30], [True, True, True]) == [0.5, 0.0, -0.5]
    assert length_rewards([10, 20, 30], [False, False, False]) == [0.0, 0.0, -0.5]


def test_unpaired_input_is_refused():
    with pytest.raises(ValueError, match="do not pair up"):
        length_rewards([1, 2], [True])


def test_the_weight_is_zero_in_the_warm_up_and_constant_after_it():
    config = LengthPenaltyConfig(weight=0.3, warmup_iterations=2)
    assert [config.weight_at(i) for i in range(4)] == [0.0, 0.0, 0.3, 0.3]
