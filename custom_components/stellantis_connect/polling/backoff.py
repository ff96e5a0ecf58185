"""Back-off: when to fetch an endpoint again after an attempt that succeeded or failed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

FIRST_RETRY = timedelta(minutes=1)
MAX_WAIT = timedelta(days=3650)


def retry_delay(failures: int, longest: timedelta) -> timedelta:
    """Return how long to wait after so many failures in a row: 1, 2, 4 ... minutes."""
    doublings = min(failures, 32) - 1
    return min(FIRST_RETRY * 2.0**doublings, longest)


@dataclass(frozen=True, kw_only=True)
class FetchState:
    """The last attempt to fetch an endpoint.

    Attributes:
        attempted_at: the time of the attempt.
        wait: the time from the attempt to the next one.
        has_succeeded: whether any attempt ever did.
        failures: the attempts in a row that have failed.
        failing_since: the time of the first of these.
    """

    attempted_at: datetime
    wait: timedelta = timedelta()
    has_succeeded: bool = False
    failures: int = 0
    failing_since: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse stored values that make no sense."""
        if not timedelta() <= self.wait <= MAX_WAIT or self.failures < 0:
            raise ValueError("Invalid wait or failures")

    def next_at(self, now: datetime) -> datetime:
        """Return when to fetch next: now, if the clock was ahead at the last attempt."""
        return now if now < self.attempted_at else self.attempted_at + self.wait

    @classmethod
    def after_success(cls, now: datetime, wait: timedelta) -> Self:
        """Return the state after an attempt that succeeded."""
        return cls(attempted_at=now, wait=wait, has_succeeded=True)

    def after_incomplete(self, now: datetime, longest: timedelta) -> Self:
        """Return the state after a success that did not deliver everything."""
        failed = self.after_failure(now, longest)
        return replace(failed, has_succeeded=True, failing_since=None)

    def after_failure(self, now: datetime, longest: timedelta) -> Self:
        """Return the state after another attempt that failed."""
        failures = self.failures + 1
        return replace(
            self.after_delay(now, retry_delay(failures, longest)), failures=failures
        )

    def after_delay(self, now: datetime, wait: timedelta) -> Self:
        """Return the state after a failure that says how long to wait."""
        return replace(
            self,
            attempted_at=now,
            wait=wait,
            failing_since=min(self.failing_since or now, now),
        )
