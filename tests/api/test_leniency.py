"""A field that is missing or wrong hides nothing but itself, in whichever recorded status."""

from collections.abc import Iterator
from copy import deepcopy
import re
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.telemetry import Telemetry
from custom_components.stellantis_connect.api.models.trips import Trip

from .recorded import STATUSES, load, motorization, values
from .test_telemetry import MESSAGE

REMOVED = object()
MUTATIONS = {
    "removed": REMOVED,
    "null": None,
    "text": "Unheard-of",
    "number": 17,
    "boolean": True,
    "list": [],
    "list of text": ["Unheard-of"],
    "object": {},
    "object of text": {"type": "Unheard-of"},
}
type Path = tuple[str | int, ...]


def paths(json: Any, here: Path = ()) -> Iterator[Path]:
    """Yield where each field lies; a list of plain values is one field."""
    if here and not isinstance(here[-1], int):
        yield here
    if isinstance(json, dict):
        for key, value in json.items():
            if key != "_links":
                yield from paths(value, (*here, key))
    elif isinstance(json, list):
        for index, value in enumerate(json):
            if isinstance(value, dict):
                yield from paths(value, (*here, index))


def at(json: Any, path: Path) -> Any:
    """Return what lies at a path."""
    for step in path:
        json = json[step]
    return json


def mutated(json: Any, path: Path, mutation: object) -> Any:
    """Return a copy in which one field is removed or replaced."""
    copy = deepcopy(json)
    *above, last = path
    parent = at(copy, tuple(above))
    if mutation is REMOVED:
        del parent[last]
    else:
        parent[last] = mutation
    return copy


def shown_as(name: str) -> str:
    """Return what shows a value: a place is shown whole, remaining time as the end of the charge."""
    name = re.sub(r"position\.(longitude|latitude|altitude)$", "position", name)
    return name.replace("electric.charging.remaining_time", "charging_end")


def entities(before: Status, after: Status) -> set[str]:
    """Return which values differ, apart from the times of blocks."""
    old, new = values(before), values(after)
    differing = {name for name in old.keys() | new if old.get(name) != new.get(name)}
    return {shown_as(name) for name in differing if not name.endswith("_at")}


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS)
@pytest.mark.parametrize("told", [True, False], ids=["known car", "unknown car"])
@pytest.mark.parametrize("name", STATUSES)
def test_wrong_field_changes_itself_at_most(
    name: str, told: bool, mutation: object
) -> None:
    """One wrong field changes one value; a wrong object or list, no more than lies in it.

    Whether anything is open sums up the doors, so it goes when all of them go.
    """
    raw = load(name)
    car = motorization(name) if told else None
    before = Status.from_json(raw, car)

    def changed_by(path: Path, mutation: object) -> set[str]:
        return entities(before, Status.from_json(mutated(raw, path, mutation), car))

    lost: dict[Path, set[str]] = {}
    for path in sorted(paths(raw), key=len, reverse=True):
        within = [inner for inner in lost if inner[: len(path)] == path]
        changed = changed_by(path, mutation)
        if within:
            losses = {"doors_state.any_open"}.union(*(lost[inner] for inner in within))
            assert changed <= losses, path
        else:
            assert len(changed) <= 1, path
        lost[path] = changed_by(path, REMOVED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(data=st.data(), name=st.sampled_from(STATUSES), json=JSON)
def test_nothing_makes_the_reading_fail(
    data: st.DataObject, name: str, json: Any
) -> None:
    """Whatever stands in a field's place, the status can be read, and read again from what is kept."""
    raw = load(name)
    path = data.draw(st.sampled_from(list(paths(raw))))
    status = Status.from_json(mutated(raw, path, json), motorization(name))
    assert Status.from_json(status.raw, motorization(name)) == status


PAST: list[tuple[type[Telemetry | Trip], Any]] = [
    (Trip, load("ha365-trip-308-phev-2025") | {"kinetic": {"maxSpeed": 1}}),
    (Telemetry, MESSAGE),
]


@given(data=st.data(), of_raw=st.sampled_from(PAST), json=JSON)
def test_nothing_makes_the_reading_of_the_past_fail(
    data: st.DataObject, of_raw: tuple[type[Telemetry | Trip], Any], json: Any
) -> None:
    """Neither that of a trip, nor that of a message."""
    of, raw = of_raw
    path = data.draw(st.sampled_from(list(paths(raw))))
    read = of.from_json(mutated(raw, path, json))
    assert of.from_json(read.raw) == read
