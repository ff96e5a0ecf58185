"""The rate limits that a response reports, in the spellings of the platform and its gateways."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
import re
from typing import Self

DAY = timedelta(days=1)
# A reset as soon as this is the burst's, not the day's.
LONGEST_BURST = timedelta(seconds=5)
# Without a valid Retry-After.
DEFAULT_RETRY_AFTER = timedelta(minutes=1)
# Unix times are larger than this, and spans of seconds smaller.
_EARLIEST_UNIX_TIME = 1e9
_MAX_DIGITS = 12
# `480`, `name=day,480;`, or several of these.
_NUMBER = re.compile(rf"(?:^|[,;])\s*(\d{{1,{_MAX_DIGITS}}})\s*(?=;|$)")


@dataclass(frozen=True, kw_only=True)
class ReportedLimits:
    """The rate limits that a response reports; None where it does not.

    Attributes:
        day: the requests that the plan allows in a day.
        day_remaining: how many of them are left.
        burst: the requests that the plan allows in a second.
        reset: the time until more are allowed.
        retry_after: how long to send nothing, if the request was refused.
    """

    day: int | None = None
    day_remaining: int | None = None
    burst: int | None = None
    reset: timedelta | None = None
    retry_after: timedelta = DEFAULT_RETRY_AFTER

    @classmethod
    def from_headers(cls, headers: Mapping[str, str], now: datetime) -> Self:
        """Read the headers in both spellings; invalid ones are ignored."""
        spans = headers.get("X-RateLimit-Reset"), headers.get("Retry-After")
        reset = retry_after = None
        if any(spans):
            now = _date(headers.get("Date", "")) or now
            reset, retry_after = [_span(one or "", now) for one in spans]
        suffix = "-1"
        if f"X-RateLimit-Limit{suffix}" not in headers:
            # Gateways omit the number; they mean the day unless it ends with the burst.
            suffix = "" if reset is None or reset > LONGEST_BURST else suffix
        limits = _numbers(headers.get(f"X-RateLimit-Limit{suffix}", ""))
        remaining = _numbers(headers.get(f"X-RateLimit-Remaining{suffix}", ""))
        # A plan without any request would never be tried again.
        days = [one for one in zip(limits, remaining, strict=False) if one[0]]
        day, day_remaining = max(days, default=(None, None))
        burst = _numbers(headers.get("X-RateLimit-Limit-2", ""))
        return cls(
            day=day,
            day_remaining=day_remaining,
            burst=(burst or [0])[0] or None,
            reset=reset,
            retry_after=retry_after or reset or DEFAULT_RETRY_AFTER,
        )


def _numbers(value: str) -> list[int]:
    if value.isdecimal() and len(value) <= _MAX_DIGITS:
        return [int(value)]
    return [int(number) for number in _NUMBER.findall(value)] if value else []


def _span(value: str, now: datetime) -> timedelta | None:
    """Return a span of seconds, or until a Unix time or an HTTP date; at most a day."""
    if not value:
        return None
    if date := _date(value):
        span = date - now
    else:
        match _numbers(value):
            case [seconds] if seconds < _EARLIEST_UNIX_TIME:
                span = timedelta(seconds=seconds)
            case [seconds]:
                span = timedelta(seconds=seconds - now.timestamp())
            case _:
                return None
    return min(span, DAY) if span > timedelta() else None


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else None
