"""No value of a model is outside the bounds of the specification, whatever a car sends."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import Field, fields, is_dataclass
from datetime import timedelta
from functools import partial
from typing import Any, get_args, get_type_hints

from hypothesis import given, strategies as st
import pytest

from custom_components.stellantis_connect.api.decode import decode
from custom_components.stellantis_connect.api.models.energy import (
    MAX_CHARGE_DURATION,
    EnergyType,
)
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.telemetry import Telemetry
from custom_components.stellantis_connect.api.models.trips import (
    MAX_PER_100_KM,
    MAX_TRIP_DURATION,
    DetailedTrip,
    Trip,
)
from custom_components.stellantis_connect.api.models.vehicle import Motorization

from .mutations import at, paths
from .recorded import load
from .test_telemetry import MESSAGE
from .test_trips import TRIP

type Bounds = dict[str, tuple[float | None, float | None]]

SPECIFICATION: dict[str, Bounds] = load("specification-bounds")
BOUNDS = {**SPECIFICATION, "DetailedTrip": SPECIFICATION["Trip"]}
# The types by which a status has its energies and engines, which are lists in the specification.
TYPES = {"Electric", "Fuel", "Thermic"}
HYBRID = Motorization.HYBRID
DECODERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "Status": (
        load("made-status-phev"),
        partial(Status.from_json, motorization=HYBRID),
    ),
    "Telemetry": (MESSAGE, partial(Telemetry.from_json, motorization=HYBRID)),
    "DetailedTrip": (TRIP, partial(decode, DetailedTrip)),
}

NUMBER = (
    st.sampled_from([-1, 0, 1, 10, 100, 215, 255, 65535, 1e300, -1e300, 10**400])
    | st.integers()
    | st.floats()
    | st.integers(0, 100)
)


def is_number(value: object) -> bool:
    """Return whether a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def spec_paths(field: Field[Any], prefix: str) -> Iterator[str]:
    """Yield the paths of a model's field in the specification."""
    head, *tail = field.name.split("_")
    own = head + "".join(word.capitalize() for word in tail)
    for path in field.metadata.get("paths") or (own,):
        steps = [step for step in path.split("/") if step and step not in TYPES]
        yield "/".join([prefix, *steps] if prefix else steps)


def numbers(model: Any, prefix: str = "") -> Iterator[tuple[str, float]]:
    """Yield the numbers of a model by path in the specification."""
    for field in fields(model):
        value = getattr(model, field.name)
        if not field.compare:
            continue
        for path in spec_paths(field, prefix):
            for one in value if isinstance(value, tuple) else (value,):
                if is_dataclass(one):
                    yield from numbers(one, path)
                elif is_number(one):
                    yield path, one


def declared(
    model: type[Any], prefix: str = ""
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the declaration of each field of a model by path in the specification."""
    hints = get_type_hints(model)
    for field in fields(model):
        hint = hints[field.name]
        types = [
            one
            for one in (hint, *get_args(hint))
            if isinstance(one, type) and is_dataclass(one)
        ]
        for path in spec_paths(field, prefix):
            yield path, field.metadata
            for one in types:
                yield from declared(one, path)


RESIDUAL = "residual/consumption"
# The ends of the paths that no field is decoded from.
NOT_DECODED: dict[type[Any], tuple[str, ...]] = {
    Status: (RESIDUAL,),
    Telemetry: (
        RESIDUAL,
        "thermic/coolant/level",
        "thermic/oil/level",
        "odometer/mileage",
        "properties/heading",
    ),
    DetailedTrip: (),
}


@pytest.mark.parametrize("model", NOT_DECODED)
def test_every_bound_of_the_specification_is_declared(model: type[Any]) -> None:
    """Also of fields that no test sends, unless they are not decoded."""
    bounds = BOUNDS[model.__name__]
    found = {path for path, _ in declared(model)}
    not_decoded = NOT_DECODED[model]
    assert {path for path in bounds if not path.endswith(not_decoded)} <= found
    for path, metadata in declared(model):
        minimum, maximum = bounds.get(path, (None, None))
        assert minimum is None or metadata["minimum"] >= minimum, path
        assert maximum is None or metadata["maximum"] <= maximum, path


@pytest.mark.parametrize("name", DECODERS)
@given(data=st.data())
def test_random_numbers_are_within_bounds_or_unknown(
    name: str, data: st.DataObject
) -> None:
    """Each number of a full response is replaced."""
    original, read = DECODERS[name]
    raw = deepcopy(original)
    for path in paths(original, elements=True):
        if is_number(at(original, path)):
            *above, last = path
            at(raw, tuple(above))[last] = data.draw(NUMBER)
    for spec_path, value in numbers(read(raw)):
        minimum, maximum = BOUNDS[name].get(spec_path, (None, None))
        assert minimum is None or value >= minimum, spec_path
        assert maximum is None or value <= maximum, spec_path


@given(
    distance=st.none() | NUMBER,
    energy=st.sampled_from(EnergyType),
    consumption=st.none() | NUMBER,
    average=st.none() | NUMBER,
)
def test_consumption_of_a_random_trip_is_plausible_or_unknown(
    distance: float | None,
    energy: EnergyType,
    consumption: float | None,
    average: float | None,
) -> None:
    """No car consumes more on 100 km."""
    sent = {"type": energy, "consumption": consumption, "avgConsumption": average}
    trip = decode(DetailedTrip, {"distance": distance, "energyConsumptions": [sent]})
    (converted,) = trip.energy_consumptions
    maximum = MAX_PER_100_KM[energy]
    assert 0 <= (converted.avg_consumption or 0) <= maximum
    if trip.distance:
        per_100_km = (converted.consumption or 0) * 100 / trip.distance
        assert 0 <= per_100_km <= maximum


DURATION = st.builds(
    "P{}DT{}H{}M".format, st.integers(0), st.integers(0), st.integers(0)
)


@given(start=DURATION, end=DURATION, remaining=DURATION, delayed=DURATION)
def test_random_durations_are_plausible_or_unknown(
    start: str, end: str, remaining: str, delayed: str
) -> None:
    """Times of day are less than a day."""
    program = {"enabled": True, "start": start, "end": end}
    charging = {
        "status": "InProgress",
        "remainingTime": remaining,
        "nextDelayedTime": delayed,
        "schedule": [program],
    }
    energy = {"type": "Electric", "charging": charging}
    status = Status.from_json({"energies": [energy]})
    assert status.electric
    assert status.charging_end is None
    decoded = status.electric.charging
    day = timedelta(days=1)
    assert (decoded.remaining_time or timedelta()) <= MAX_CHARGE_DURATION
    assert decoded.next_delayed_time is None or isinstance(
        decoded.next_delayed_time, timedelta
    )
    assert (decoded.next_delayed_time or timedelta()) < day
    for one in decoded.programs:
        assert one.start is not None
        assert one.start < day
        assert (one.end or timedelta()) < 2 * day


@given(started=st.datetimes(), stopped=st.datetimes())
def test_random_trip_ends_after_it_starts_within_days(
    started: Any, stopped: Any
) -> None:
    """Or its times are unknown."""
    times = {"startedAt": f"{started.isoformat()}Z", "stoppedAt": stopped.isoformat()}
    trip = Trip.from_json(times)
    if trip.started_at and trip.stopped_at:
        assert timedelta() <= trip.stopped_at - trip.started_at <= MAX_TRIP_DURATION
