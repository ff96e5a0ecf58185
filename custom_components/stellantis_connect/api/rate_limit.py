"""The rate limits of a client id's plan, kept for all who share it."""

from collections import Counter, deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from .clock import Clock
from .exceptions import QuotaExceededError
from .limits import LONGEST_BURST, Limits

HOUR = timedelta(hours=1)
HOURS_PER_DAY = 24
# The platform's second and ours do not begin together.
BURST_WINDOW = 1.1
# What is sent in a second: before the first answer, and where answers do not tell.
CAUTIOUS_BURST = 1
UNTOLD_BURST = 3


class RateLimiter:
    """What was sent, what the plan allows, and until when nothing may be sent.

    The day is a sliding one. Answers tell how much of it is left; what others have used under the
    same client id is the part that is not our own count. Where they do not tell, our own count is
    all there is.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        """Start with nothing known."""
        self._clock = clock or Clock()
        self._sent: Counter[int] = Counter()
        self._slots: deque[float] = deque(maxlen=100)
        self._burst = CAUTIOUS_BURST
        self._limit: int | None = None
        self._others = 0
        self._others_seen_at: datetime | None = None
        self._blocked_until: datetime | None = None

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any], clock: Clock | None = None) -> Self:
        """Go on from what `to_dict` gave."""
        rate_limiter = cls(clock)
        rate_limiter._sent = Counter({int(hour): n for hour, n in kept["sent"].items()})
        rate_limiter._limit = kept["limit"]
        rate_limiter._others = kept["others"]
        rate_limiter._others_seen_at = _from_iso(kept["others_seen_at"])
        rate_limiter._blocked_until = _from_iso(kept["blocked_until"])
        return rate_limiter

    def to_dict(self) -> dict[str, Any]:
        """Return all that must survive a restart, as JSON."""
        self._forget_yesterday()
        return {
            "sent": {str(hour): count for hour, count in self._sent.items()},
            "limit": self._limit,
            "others": self._others,
            "others_seen_at": _to_iso(self._others_seen_at),
            "blocked_until": _to_iso(self._blocked_until),
        }

    @property
    def sent_today(self) -> int:
        """How many requests were sent within the last day."""
        self._forget_yesterday()
        return self._sent.total()

    @property
    def limit(self) -> int | None:
        """How many requests the plan allows in a day; None if it never told."""
        return self._limit

    @property
    def remaining_today(self) -> int | None:
        """How many requests the day still holds; None if the plan never told its limit."""
        if self._limit is None:
            return None
        seen = self._others_seen_at
        recent = seen and self._clock.now() - seen < HOURS_PER_DAY * HOUR
        others = self._others if recent else 0
        return max(0, self._limit - self.sent_today - others)

    @property
    def blocked_until(self) -> datetime | None:
        """Until when nothing may be sent; None if something may."""
        until = self._blocked_until
        return until if until and until > self._clock.now() else None

    async def admit(self, resource: str) -> None:
        """Wait for the next free place in the burst, and count the request.

        Raises:
            QuotaExceededError: nothing may be sent for longer than it makes sense to wait.

        """
        await self._sit_out_block(resource)
        now = self._clock.monotonic()
        slot = now
        if len(self._slots) >= self._burst:
            slot = max(now, self._slots[-self._burst] + BURST_WINDOW)
        self._slots.append(slot)
        if slot > now:
            await self._clock.sleep(slot - now)
            await self._sit_out_block(resource)
        self._sent[self._hour()] += 1

    def record(self, headers: Mapping[str, str]) -> None:
        """Take up what an answer tells of the limits."""
        limits = Limits.from_headers(headers, self._clock.now())
        self._burst = limits.burst or max(self._burst, UNTOLD_BURST)
        if limits.day is not None and limits.day_remaining is not None:
            self._limit = limits.day
            self._others = max(0, limits.day - limits.day_remaining - self.sent_today)
            self._others_seen_at = self._clock.now()
        if self.remaining_today == 0:
            self.block(limits.reset or HOUR)

    def block(self, span: timedelta) -> None:
        """Send nothing for a while."""
        until = self._clock.now() + span
        self._blocked_until = max(until, self._blocked_until or until)

    async def _sit_out_block(self, resource: str) -> None:
        """Wait for a block as short as a burst; a longer one is the caller's to plan around."""
        if until := self.blocked_until:
            wait = until - self._clock.now()
            if wait > LONGEST_BURST:
                raise QuotaExceededError(resource, retry_after=wait)
            await self._clock.sleep(wait.total_seconds())

    def _forget_yesterday(self) -> None:
        oldest = self._hour() - HOURS_PER_DAY
        for hour in [hour for hour in self._sent if hour < oldest]:
            del self._sent[hour]

    def _hour(self) -> int:
        return int(self._clock.now().timestamp() // HOUR.total_seconds())


def _to_iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _from_iso(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment).astimezone(UTC) if moment else None
