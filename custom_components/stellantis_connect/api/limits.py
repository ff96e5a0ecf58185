"""What the headers of an answer tell of the rate limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_SPAN = timedelta(days=1)
UNTOLD_RETRY_AFTER = timedelta(minutes=5)
# A limit that ends as soon as this is the burst's, not the day's.
LONGEST_BURST = timedelta(seconds=5)
# Unix times are larger than this, and spans of seconds smaller.
EARLIEST_UNIX_TIME = 1e9


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits as of one answer; None is what it does not tell.

    Attributes:
        day: requests that the plan allows in a day.
        day_remaining: how many of them are left.
        burst: requests that the plan allows in a second.
        reset: until there is room again.
        retry_after: how long not to ask, if the request was refused.
    """

    day: int | None = None
    day_remaining: int | None = None
    burst: int | None = None
    reset: timedelta | None = None
    retry_after: timedelta = UNTOLD_RETRY_AFTER

    @classmethod
    def from_headers(cls, headers: Mapping[str, str], now: datetime) -> Limits:
        """Read the headers in both spellings; broken ones are passed over."""
        reset = _span(headers, "X-RateLimit-Reset", now)
        day = "-1"
        if f"X-RateLimit-Limit{day}" not in headers:
            # Gateways leave the number out; they mean the day unless it ends with the burst.
            day = "" if reset is None or reset > LONGEST_BURST else day
        return cls(
            day=_count(headers, f"X-RateLimit-Limit{day}"),
            day_remaining=_count(headers, f"X-RateLimit-Remaining{day}"),
            burst=_count(headers, "X-RateLimit-Limit-2") or None,
            reset=reset,
            retry_after=_span(headers, "Retry-After", now)
            or reset
            or UNTOLD_RETRY_AFTER,
        )


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "").strip()
    return int(value) if value.isdecimal() else None


def _span(headers: Mapping[str, str], name: str, now: datetime) -> timedelta | None:
    """Return a span given in seconds, or as the Unix time at which it ends."""
    try:
        seconds = float(headers.get(name, ""))
        if seconds > EARLIEST_UNIX_TIME:
            seconds -= now.timestamp()
        span = timedelta(seconds=seconds)
    except ValueError, OverflowError:
        return None
    return min(span, LONGEST_SPAN) if span > timedelta() else None
