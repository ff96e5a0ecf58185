"""The `timestamps` filter: ISO 8601 intervals of RFC 3339 moments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re

DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
DAYS = {"years": 365, "months": 30}
MOST_REPETITIONS = 1000


@dataclass(frozen=True)
class Interval:
    """A span of time, open at an end that is None."""

    start: datetime | None
    end: datetime | None

    def __contains__(self, moment: datetime) -> bool:
        """Return whether a moment lies inside; both ends do."""
        return (self.start is None or moment >= self.start) and (
            self.end is None or moment <= self.end
        )


def parse_duration(text: str) -> timedelta:
    """Parse an ISO 8601 duration; raise ValueError."""
    if not (match := DURATION.fullmatch(text)):
        raise ValueError(f"no duration: {text}")
    parts = {
        name: float(number) for name, number in match.groupdict().items() if number
    }
    days = sum(parts.pop(name, 0.0) * length for name, length in DAYS.items())
    return timedelta(days=days) + timedelta(**parts)


def write_duration(duration: timedelta) -> str:
    """Format a duration in hours, minutes and seconds, as the platform does."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{number}{unit}"
        for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S"))
        if number
    ]
    return "PT" + ("".join(parts) or "0S")


def _moment(text: str) -> datetime:
    # A plus sign that is not escaped in a query arrives as a blank.
    moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _intervals(text: str) -> Iterable[Interval]:
    match text.split("/"):
        case [repeat, start, every, *rest] if repeat.startswith("R") and len(rest) <= 1:
            first, step = _moment(start), parse_duration(every)
            length = parse_duration(rest[0]) if rest else timedelta(days=1)
            for turn in range(
                min(int(repeat[1:] or MOST_REPETITIONS), MOST_REPETITIONS)
            ):
                yield Interval(first + turn * step, first + turn * step + length)
        case ["", end] if end:
            yield Interval(None, _moment(end))
        case [start, ""] if start:
            yield Interval(_moment(start), None)
        case [start, end] if end.startswith("P"):
            yield Interval(_moment(start), _moment(start) + parse_duration(end))
        case [start, end]:
            yield Interval(_moment(start), _moment(end))
        case _:
            raise ValueError(f"no interval: {text}")


def parse_intervals(texts: Iterable[str]) -> list[Interval]:
    """Parse the values of a `timestamps` parameter, which may be joined by commas; raise ValueError."""
    return [
        interval
        for text in texts
        for one in text.split(",")
        for interval in _intervals(one)
    ]
