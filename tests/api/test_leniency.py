"""A field that is missing or wrong affects nothing but itself, in any recorded response."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.stellantis_connect.api.decode import decode
from custom_components.stellantis_connect.api.models.alarms import AlarmDetails
from custom_components.stellantis_connect.api.models.alerts import Alert
from custom_components.stellantis_connect.api.models.callbacks import Callback
from custom_components.stellantis_connect.api.models.collisions import Collision
from custom_components.stellantis_connect.api.models.maintenance import Maintenance
from custom_components.stellantis_connect.api.models.monitors import Monitor
from custom_components.stellantis_connect.api.models.remotes import RemoteState
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.telemetry import Telemetry
from custom_components.stellantis_connect.api.models.trips import DetailedTrip, Trip
from custom_components.stellantis_connect.api.models.vehicle import (
    Motorization,
    User,
    Vehicle,
)

from .mutations import MUTATIONS, REMOVED, WRONG_TYPES, Path, mutated, mutation, paths
from .recorded import STATUSES, leaves, load, motorization, values
from .test_telemetry import MESSAGE
from .test_trips import TRIP

# The values that depend on another one: they follow from it, or may contradict it.
DEPENDENTS: Mapping[str, set[str]] = {
    "created_at": {"updated_at", "charging_end", "kinetic.moving"},
    "updated_at": {"charging_end", "kinetic.moving"},
    "kinetic.created_at": {"kinetic.moving"},
    "electric.updated_at": {"charging_end"},
    "electric.level": {"electric.autonomy", "electric.battery.load.residual"},
    "electric.autonomy": {"electric.level", "electric.battery.load.residual"},
    "electric.battery.load.capacity": {"electric.battery.load.residual"},
    "electric.charging.status": {"charging", "charging_end"},
    "electric.charging.plugged": {"charging", "charging_end"},
    "electric.charging.charging_rate": {"charging", "charging_end"},
    "electric.charging.remaining_time": {"charging_end"},
    "fuel.level": {"fuel.autonomy", "fuel.type"},
    "fuel.autonomy": {"fuel.level", "fuel.type"},
    # An empty tank and an engine without a reading are none, if the motorization is unknown.
    "thermic.oil_temp": {"thermic.type"},
    "distance": {"energy_consumptions"},
    "started_at": {"stopped_at"},
    "stopped_at": {"started_at"},
}
# The values that depend on the type of an entry, by the name of its list.
ENERGIES = ("electric.", "fuel.", "charging")
ENGINES = ("thermic.", "electric_engine.")
TYPES: Mapping[str, tuple[str, ...]] = {
    "service": ("service.", *ENERGIES, *ENGINES),
    "energies": ENERGIES,
    "energy": ENERGIES,
    "engines": ENGINES,
}
# The values that follow from several others.
SUMMARIES = {"doors_state.any_open", "doors_state.locked"}
MAINTENANCES = ("psa_ccc-maintenance-2023-03", "ha584-maintenance-2026")
TIME = "2026-02-03T12:00:00Z"
POSITION = {
    "geometry": {"coordinates": [2.35, 48.85, 35]},
    "properties": {"createdAt": TIME, "heading": 90, "type": "Acquire"},
}


@dataclass(frozen=True)
class Response:
    """A response, how it is decoded, and the mutations to test."""

    raw: Any
    decode: Callable[[Any], Any]
    values: Callable[[Any], dict[str, Any]] = lambda model: dict(leaves(model))
    mutations: Mapping[str, object] = field(default_factory=lambda: MUTATIONS)


def _responses() -> Iterator[tuple[str, Response]]:
    for name in STATUSES:
        from_json = partial(Status.from_json, motorization=motorization(name))
        yield name, Response(load(name), from_json, values)
        unknown = Response(load(name), Status.from_json, values, WRONG_TYPES)
        yield f"{name} of unknown car", unknown
    electric = partial(Telemetry.from_json, motorization=Motorization.ELECTRIC)
    yield "telemetry", Response(MESSAGE, electric)
    yield "telemetry of unknown car", Response(MESSAGE, Telemetry.from_json)
    yield "trip", Response(TRIP, partial(decode, DetailedTrip))
    yield (
        "recorded trip",
        Response(load("ha365-trip-308-phev-2025"), partial(decode, DetailedTrip)),
    )
    for name in MAINTENANCES:
        yield name, Response(load(name), Maintenance.from_json)
    for name in ("evcc11534-vehicles-peugeot-e208-2024-01", "psa_ccc-user-2023-04"):
        yield name, Response(load(name), partial(decode, User))
    yield (
        "vehicle",
        Response(load("psa_ccc-user-vehicle-2023-03"), partial(decode, Vehicle)),
    )
    alert = {"id": "a", "updatedAt": TIME, "active": True, "type": "AdBlueFault"}
    yield (
        "alert",
        Response(
            {**alert, "startPosition": POSITION, "endAt": TIME}, partial(decode, Alert)
        ),
    )
    trigger = {"createdAt": TIME, "type": "RoofBreakIn", "position": POSITION}
    yield (
        "alarm",
        Response({"id": "a", "trigger": trigger}, partial(decode, AlarmDetails)),
    )
    details = [{"side": "Front", "severity": "Major"}]
    yield (
        "collision",
        Response(
            {"id": "a", "updatedAt": TIME, "details": details},
            partial(decode, Collision),
        ),
    )
    remote = {"remoteActionId": "a", "remoteType": "Horn"}
    status = {"status": "Failed", "failureCause": "DoorsOpen"}
    yield (
        "remote",
        Response({**remote, "eventStatus": status}, partial(decode, RemoteState)),
    )
    webhook = {"name": "a", "target": "https://example.com", "attributes": [{}]}
    yield (
        "callback",
        Response(
            {"id": "a", "subscribe": {"callback": {"webhook": webhook}}},
            partial(decode, Callback),
        ),
    )
    yield (
        "monitor",
        Response(
            {"monitorId": "a", "monitor": {"label": "b"}}, partial(decode, Monitor)
        ),
    )


RESPONSES = dict(_responses())


def changes(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the names of the values that differ; the parts of a position have one name."""
    names = {name for name in before | after if before.get(name) != after.get(name)}
    parts = (".longitude", ".latitude", ".altitude")
    return {name.rpartition(".")[0] if name.endswith(parts) else name for name in names}


def is_explained(changed: set[str], path: Path) -> bool:
    """Return whether only one value changed, with those that depend on it and times of blocks."""
    if path[-1] in ("type", "subType"):
        block = next((step for step in path if step in TYPES), "")
        changed = {
            name
            for name in changed
            if not name.startswith(TYPES.get(str(block), ("service.",)))
        }
    return not changed or any(
        all(
            other == name or other.endswith("_at") or other in DEPENDENTS.get(name, ())
            for other in changed
        )
        for name in changed
    )


@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_mutated_field_changes_only_its_dependents(
    response: Response, caplog: pytest.LogCaptureFixture
) -> None:
    """Every mutation of every field; one of an object or a list, only values in it."""
    raw = response.raw
    before = response.decode(raw)
    values_before = response.values(before)
    removed: dict[Path, set[str]] = {}

    def changed_by(path: Path, value: object) -> set[str]:
        with mutation(raw, path, value):
            after = response.decode(raw)
            if after == before:
                return set()
            return changes(values_before, response.values(after))

    for path in sorted(paths(raw, elements=True), key=len, reverse=True):
        inner = [names for one, names in removed.items() if one[: len(path)] == path]
        allowed = set().union(*inner)
        allowed |= {other for name in allowed for other in DEPENDENTS.get(name, ())}
        for name, value in response.mutations.items():
            changed = changed_by(path, value)
            if inner:
                outside = {one for one in changed - allowed if not one.endswith("_at")}
                assert outside <= SUMMARIES, (path, name, outside)
            else:
                assert is_explained(changed, path), (path, name, changed)
        removed[path] = changed_by(path, REMOVED)
    assert response.decode(raw) == before
    assert not caplog.records


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(data=st.data(), name=st.sampled_from(STATUSES), json=JSON)
def test_status_with_any_json_can_be_decoded_and_stored(
    data: st.DataObject, name: str, json: Any
) -> None:
    """The stored status is equal to the decoded one."""
    raw = load(name)
    path = data.draw(st.sampled_from(list(paths(raw))))
    status = Status.from_json(mutated(raw, path, json), motorization(name))
    assert Status.from_json(status.raw, motorization(name)) == status


RECORDS: list[tuple[type[Telemetry | Trip], Any]] = [
    (Trip, TRIP),
    (Telemetry, MESSAGE),
]


@given(data=st.data(), record=st.sampled_from(RECORDS), json=JSON)
def test_record_with_any_json_can_be_decoded_and_stored(
    data: st.DataObject, record: tuple[type[Telemetry | Trip], Any], json: Any
) -> None:
    """The stored trip or message is equal to the decoded one."""
    record_type, raw = record
    path = data.draw(st.sampled_from(list(paths(raw))))
    decoded = record_type.from_json(mutated(raw, path, json))
    assert record_type.from_json(decoded.raw) == decoded
    if isinstance(decoded, Trip):
        assert Trip.from_packed(decoded.packed) == decoded
