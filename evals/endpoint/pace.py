"""Keep to so many requests, or tokens, a minute."""

from collections.abc import Awaitable, Callable

LONGEST_SLEEP = 1.0  # seconds between looks at whether the way has become free sooner or later


class Pace:
    """Lets `per_minute` units through a minute, evenly spread; None lets everything through, but for `hold`.

    Nothing is saved up: a minute after a pause holds no more than any other, which strict providers ask for.
    """

    def __init__(
        self,
        per_minute: float | None,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._seconds_each = 60.0 / per_minute if per_minute else 0.0
        self._clock = clock
        self._sleep = sleep
        self._free_at = clock()

    async def take(self, units: float = 1.0) -> None:
        """Wait until the way is free, then close it for as long as `units` take."""
        while (wait := self._free_at - self._clock()) > 0:
            await self._sleep(min(wait, LONGEST_SLEEP))
        self.settle(units)

    def settle(self, units: float) -> None:
        """Count `units` more (or fewer, below 0) than were taken, once it is known."""
        self._free_at = max(self._free_at, self._clock()) + units * self._seconds_each

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long."""
        self._free_at = max(self._free_at, self._clock() + seconds)
