"""The two relations between a count and the number that an instruction asks for."""

RELATIONS = ("less than", "at least")


def holds(count: int, relation: str, number: int) -> bool:
    """`count` is less than, or at least, `number`."""
    return count < number if relation == "less than" else count >= number
