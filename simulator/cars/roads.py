"""Roads between places: where a car is, how fast and in which direction, after so many seconds."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from random import Random

EARTH_KM = 6371.0
KM_PER_DEGREE = 111.2
TOWN, COUNTRY, MOTORWAY = 38.0, 76.0, 118.0


@dataclass(frozen=True)
class Place:
    """A point on the globe: degrees, and metres above the sea."""

    longitude: float
    latitude: float
    altitude: float = 0.0

    def moved(self, kilometres: float, bearing: float) -> Place:
        """Return the place so far away, by the flat formula that does for a day's drive."""
        north = kilometres * cos(radians(bearing)) / KM_PER_DEGREE
        east = (
            kilometres
            * sin(radians(bearing))
            / (KM_PER_DEGREE * cos(radians(self.latitude)))
        )
        return Place(self.longitude + east, self.latitude + north, self.altitude)

    def kilometres_to(self, other: Place) -> float:
        """Return the great-circle distance."""
        first, second = radians(self.latitude), radians(other.latitude)
        half = (
            sin((second - first) / 2) ** 2
            + cos(first)
            * cos(second)
            * sin(radians(other.longitude - self.longitude) / 2) ** 2
        )
        return 2 * EARTH_KM * asin(sqrt(half))

    def heading_to(self, other: Place) -> int:
        """Return the course in whole degrees, 0..359."""
        east = (other.longitude - self.longitude) * cos(radians(self.latitude))
        return round(degrees(atan2(east, other.latitude - self.latitude))) % 360

    def towards(self, other: Place, part: float) -> Place:
        """Return the place that lies at a part (0..1) of the way."""
        return Place(
            self.longitude + (other.longitude - self.longitude) * part,
            self.latitude + (other.latitude - self.latitude) * part,
            self.altitude + (other.altitude - self.altitude) * part,
        )


@dataclass(frozen=True)
class Fix:
    """The position, speed, and direction on a road."""

    place: Place
    heading: int
    speed: float
    distance: float


@dataclass(frozen=True)
class Road:
    """A road along points; `speeds` in km/h, one per leg between two points."""

    points: tuple[Place, ...]
    speeds: tuple[float, ...]

    @cached_property
    def _milestones(self) -> tuple[list[float], list[float]]:
        kilometres, seconds = [0.0], [0.0]
        for index, speed in enumerate(self.speeds):
            length = self.points[index].kilometres_to(self.points[index + 1])
            kilometres.append(kilometres[-1] + length)
            seconds.append(seconds[-1] + length / speed * 3600)
        return kilometres, seconds

    @property
    def length(self) -> float:
        """Return the length in km."""
        return self._milestones[0][-1]

    @property
    def seconds(self) -> float:
        """Return how many seconds the road takes."""
        return self._milestones[1][-1]

    @property
    def top_speed(self) -> float:
        """Return the highest speed in km/h."""
        return max(self.speeds)

    @cached_property
    def backwards(self) -> Road:
        """Return the road in the other direction."""
        return Road(self.points[::-1], self.speeds[::-1])

    def after(self, seconds: float) -> Fix:
        """Return where a car is after so many seconds; it waits at the end."""
        kilometres, times = self._milestones
        leg = min(bisect_right(times, max(0.0, seconds)), len(times) - 1) - 1
        start, end = self.points[leg], self.points[leg + 1]
        part = min(
            1.0, max(0.0, (seconds - times[leg]) / (times[leg + 1] - times[leg]))
        )
        return Fix(
            start.towards(end, part),
            start.heading_to(end),
            self.speeds[leg],
            kilometres[leg] + (kilometres[leg + 1] - kilometres[leg]) * part,
        )

    def passing_times(self) -> list[float]:
        """Return after how many seconds each point is passed."""
        return self._milestones[1]


def simplified(places: Sequence[Place], tolerance: float) -> list[int]:
    """Return which places describe a way that is nowhere farther off than so many km (Douglas-Peucker)."""
    if len(places) < 3:
        return list(range(len(places)))
    distances = [_off(place, places[0], places[-1]) for place in places]
    farthest = max(range(len(places)), key=distances.__getitem__)
    if distances[farthest] <= tolerance:
        return [0, len(places) - 1]
    before = simplified(places[: farthest + 1], tolerance)
    after = simplified(places[farthest:], tolerance)
    return [*before, *(farthest + index for index in after[1:])]


def _off(place: Place, start: Place, end: Place) -> float:
    """Return how far a place lies off the line between two others."""
    length = start.kilometres_to(end)
    reach = start.kilometres_to(place)
    if length == 0:
        return reach
    angle = radians(start.heading_to(place) - start.heading_to(end))
    along = min(1.0, max(0.0, reach * cos(angle) / length))
    return place.kilometres_to(start.towards(end, along))


def build_road(start: Place, end: Place, rng: Random) -> Road:
    """Return a way that winds like a real one: slow in towns at both ends, fast between."""
    straight = start.kilometres_to(end)
    count = max(6, round(straight / 0.6))
    bends = [(rng.uniform(-1, 1), rng.uniform(1, 4)) for _ in range(4)]
    across = start.heading_to(end) + 90
    points = []
    for index in range(count + 1):
        part = index / count
        sway = sum(size * sin(part * 3.14159 * waves) for size, waves in bends)
        envelope = sin(part * 3.14159) * min(2.5, straight * 0.05)
        altitude = (
            start.altitude
            + (end.altitude - start.altitude) * part
            + 18 * sin(part * 9.4)
        )
        on_line = start.towards(end, part)
        points.append(
            Place(on_line.longitude, on_line.latitude, round(altitude)).moved(
                sway * envelope, across
            )
        )
    speeds = [
        _limit(start, end, point) * rng.uniform(0.86, 1.04) for point in points[:-1]
    ]
    return Road(tuple(points), tuple(speeds))


def _limit(start: Place, end: Place, here: Place) -> float:
    to_town = min(here.kilometres_to(start), here.kilometres_to(end))
    if to_town < 2.5:
        return TOWN
    return COUNTRY if to_town < 12 else MOTORWAY
