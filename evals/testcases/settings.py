"""The numbers of the protocol."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The protocol's numbers. The first six are the paper's (section 2.3.5), the others are ours.

    Raises `ValueError` for numbers that contradict each other.
    """

    inputs: int = 50
    """Inputs that are generated for each problem."""
    drawn: int = 10
    """Ground-truth submissions that are drawn for each problem."""
    agreeing: int = 7
    """An input is valid where this many of them print the same."""
    valid: int = 40
    """A generator is good where it gives this many valid inputs."""
    passing: int = 9
    """A problem is kept where this many of them pass all valid inputs."""
    seed: int = 0
    """Of the generators and of the draw."""
    generator_seconds: float = 5.0
    """Processor time of a generator for one input."""
    input_bytes: int = 1 << 20
    """The largest input, and the largest output."""
    memory_bytes: int = 1 << 29
    """Of a generator, and of a submission."""
    strikes: int = 3
    """A submission is stopped, and fails the inputs that are left, once it ran out of time this often."""

    def __post_init__(self) -> None:
        if not 0 < self.valid <= self.inputs:
            raise ValueError(
                f"Settings: valid is {self.valid}; it must lie between 1 and inputs ({self.inputs})."
            )
        if not self.drawn / 2 < self.agreeing <= self.drawn:
            raise ValueError(
                f"Settings: agreeing is {self.agreeing}; it must be more than half of drawn ({self.drawn}), "
                "so that no two outputs can be agreed on."
            )
        if not 0 < self.passing <= self.drawn:
            raise ValueError(
                f"Settings: passing is {self.passing}; it must lie between 1 and drawn ({self.drawn})."
            )
        if min(self.generator_seconds, self.input_bytes, self.memory_bytes, self.strikes) <= 0:
            raise ValueError(
                "Settings: generator_seconds, input_bytes, memory_bytes and strikes must be above 0."
            )
