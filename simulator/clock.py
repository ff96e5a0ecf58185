"""The simulator's clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_time() -> datetime:
    """Return the real present."""
    return datetime.now(UTC)


class Clock:
    """A clock that starts at the present, may run faster, and can be advanced.

    Cars follow `now`. Whatever a client measures with a clock of its own (the life of a token, a
    day's quota) follows `client_now`, which is advanced as well but never runs faster.
    """

    def __init__(
        self, base: Callable[[], datetime] = real_time, speed: float = 1.0
    ) -> None:
        """Initialize the clock; a frozen base is advanced by tests."""
        self._base = base
        self._start = base()
        self._advanced = timedelta()
        self.speed = speed
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Return the time of the cars."""
        elapsed = self._base() - self._start
        return self._start + elapsed * self.speed + self._advanced

    def client_now(self) -> datetime:
        """Return the time of clients: the real time, and what was advanced."""
        return self._base() + self._advanced

    def advance(self, by: timedelta) -> None:
        """Advance the clock; raise ValueError for a negative span."""
        if by < timedelta():
            raise ValueError("the clock only goes forward")
        self._advanced += by
        for listener in self._listeners:
            listener()

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Add a listener that is called after every advance."""
        self._listeners.append(listener)


def rfc3339(moment: datetime) -> str:
    """Format a moment as the platform does: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
