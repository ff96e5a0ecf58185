"""The data and the commands of the platform, and what each of them requires."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, override

from ..api.models.energy import NO_ENERGY, Energy
from ..api.models.engine import NO_ENGINE
from ..api.models.position import Position
from ..api.models.scope import Scope
from ..api.models.status import Status
from ..api.models.vehicle import Motorization
from ..coordinator import VehicleCoordinator
from ..models import VehicleState
from ..polling.endpoints import Endpoint

THERMIC = frozenset({Motorization.THERMIC})
ELECTRIC = frozenset({Motorization.ELECTRIC})
NOT_COMBUSTING = frozenset({Motorization.ELECTRIC, Motorization.HYDROGEN})

# The fields of a block without data.
_TIMES = {"created_at", "updated_at"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where data of one kind come from, and what they require.

    Attributes:
        capability: their name in a car's list of data; None if they do not come from the car.
        scopes: the permissions required, all of them.
        endpoint: what is polled for them.
        on_request: whether only actions fetch them, and nothing keeps them.
        absent_in: the motorizations that have no such data.
        private: whether the privacy setting in the car can withhold them.
        for_end_users: whether the API for end users has them, not only the one for fleets.
        blocks_fn: returns the parts of the state that hold them, the outermost first.
    """

    capability: str | None = None
    scopes: frozenset[Scope] = frozenset({Scope.TELEMETRY})
    endpoint: Endpoint = Endpoint.STATUS
    on_request: bool = False
    absent_in: frozenset[Motorization] = frozenset()
    private: bool = True
    for_end_users: bool = True
    blocks_fn: Callable[[VehicleState], tuple[Any, ...]] = lambda state: ()

    def has_values(self, state: VehicleState) -> bool:
        """Return whether the outermost block holds more than its time."""
        block = next(iter(self.blocks_fn(state)), None)
        if block is None:
            return False
        empty = type(block)()
        return any(
            getattr(block, field.name) != getattr(empty, field.name)
            for field in fields(block)
            if field.compare and field.name not in _TIMES
        )


def _status(name: str, *blocks: Callable[[Status], object], **fields: Any) -> Source:
    """Return the source of a part of the status, by its name in a car's list of data.

    Args:
        name: the name, after `data:telemetry:`.
        blocks: return the parts of the status that hold the data, the outermost first.
        fields: other fields of the source.

    """
    return Source(
        capability=f"data:telemetry:{name}",
        blocks_fn=lambda state: tuple(block(state.status) for block in blocks),
        **fields,
    )


def _electric(status: Status) -> Energy:
    return status.electric or NO_ENERGY


# What the integration itself holds.
LOCAL = Source(scopes=frozenset(), private=False)
STATUS = Source(blocks_fn=lambda state: (state.status,))
POSITION = Source(
    capability="data:position",
    scopes=frozenset({Scope.POSITION}),
    blocks_fn=lambda state: (state.status.last_position,),
)
ELECTRIC_ENERGY = _status("vehicle:energies", _electric, absent_in=THERMIC)
BATTERY_LOAD = _status(
    "vehicle:energies",
    _electric,
    lambda status: _electric(status).battery.load,
    absent_in=THERMIC,
)
BATTERY_HEALTH = _status(
    "vehicle:energies",
    _electric,
    lambda status: _electric(status).battery.health,
    absent_in=THERMIC,
)
FUEL_ENERGY = _status(
    "vehicle:energies", lambda status: status.fuel or NO_ENERGY, absent_in=ELECTRIC
)
THERMIC_ENGINE = _status(
    "vehicle:engines",
    lambda status: status.thermic or NO_ENGINE,
    absent_in=NOT_COMBUSTING,
)
ELECTRIC_ENGINE = _status(
    "vehicle:engines",
    lambda status: status.electric_engine or NO_ENGINE,
    absent_in=THERMIC,
)
ODOMETER = _status("vehicle:odometer", lambda status: status.odometer)
KINETIC = _status("vehicle:kinetic", lambda status: status.kinetic)
IGNITION = _status("vehicle:ignition", lambda status: status.ignition)
POWERTRAIN = _status("vehicle:powertrain", lambda status: status.powertrain)
DOORS = _status("vehicle:doorsState", lambda status: status.doors_state)
PRECONDITIONING = _status(
    "vehicle:preconditioning", lambda status: status.preconditioning
)
AUXILIARY_BATTERY = _status("vehicle:battery", lambda status: status.battery)
SAFETY = _status("vehicle:safety", lambda status: status.safety)
AIR = _status(
    "environment",
    lambda status: status.environment,
    lambda status: status.environment.air,
)
LUMINOSITY = _status(
    "environment",
    lambda status: status.environment,
    lambda status: status.environment.luminosity,
)
DRIVING_BEHAVIOR = _status(
    "vehicle:drivingBehavior", lambda status: status.driving_behavior
)
LIGHTING_SYSTEM = _status(
    "vehicle:lightingSystem", lambda status: status.lighting_system
)
ALARM_STATUS = _status(
    "vehicle:alarm", lambda status: status.alarm, lambda status: status.alarm.status
)
ALARM_TRIGGER = _status(
    "vehicle:alarm", lambda status: status.alarm, lambda status: status.alarm.trigger
)
PRIVACY = _status("privacy", lambda status: status.privacy, private=False)
MAINTENANCE = Source(
    capability="data:telemetry:vehicle:maintenance",
    endpoint=Endpoint.MAINTENANCE,
    blocks_fn=lambda state: (state.maintenance,),
)
TRANSMISSION = Source(
    capability="data:telemetry:vehicle:transmission",
    endpoint=Endpoint.TELEMETRY,
    blocks_fn=lambda state: (state.telemetry.gearbox,),
)
ADAS = Source(
    capability="data:telemetry:vehicle:adas",
    endpoint=Endpoint.TELEMETRY,
    blocks_fn=lambda state: (state.telemetry.adas,),
)
WIPING_BLADES = Source(
    capability="data:telemetry:vehicle:wipingBlades",
    endpoint=Endpoint.TELEMETRY,
    blocks_fn=lambda state: (state.telemetry.wiping_blades,),
)
ALARMS = Source(
    capability="data:telemetry:vehicle:alarm",
    endpoint=Endpoint.ALARMS,
    blocks_fn=lambda state: (state.history.alarms,),
)
ALERTS = Source(
    capability="data:alert",
    scopes=frozenset({Scope.ALERT}),
    endpoint=Endpoint.ALERTS,
    blocks_fn=lambda state: (state.history.alerts,),
)
COLLISIONS = Source(
    capability="data:collision",
    scopes=frozenset({Scope.COLLISION}),
    endpoint=Endpoint.COLLISIONS,
    blocks_fn=lambda state: (state.history.collisions,),
)
TRIPS = Source(
    capability="data:trip",
    scopes=frozenset({Scope.TRIP}),
    endpoint=Endpoint.TRIPS,
    blocks_fn=lambda state: (state.history.trips,),
)


@dataclass(frozen=True, kw_only=True)
class Datum[ValueT]:
    """A datum of a car: what it is, and where it comes from."""

    value_fn: Callable[[VehicleState], ValueT | None] = lambda state: None
    source: Source = STATUS

    def value(self, car: VehicleCoordinator) -> ValueT | None:
        """Return the value in the car's present state; None if it is not known."""
        return self.value_fn(car.data)


@dataclass(frozen=True, kw_only=True)
class _Pictures(Datum[tuple[str, ...]]):
    """The pictures of a car, which come with the list of cars."""

    source: Source = LOCAL

    @override
    def value(self, car: VehicleCoordinator) -> tuple[str, ...] | None:
        return car.vehicle.pictures or None


def _of_position(value_fn: Callable[[Position], object]) -> Datum[object]:
    return Datum(
        source=POSITION, value_fn=lambda state: value_fn(state.status.last_position)
    )


def _on_request(*scopes: Scope) -> Datum[object]:
    """Return a datum that actions fetch and nothing keeps."""
    source = Source(capability="data:trip", scopes=frozenset(scopes), on_request=True)
    return Datum(source=source)


def _with_positions(
    source: Source, value_fn: Callable[[VehicleState], object]
) -> Datum[object]:
    """Return the positions within data of a source."""
    source = replace(source, scopes=source.scopes | {Scope.POSITION})
    return Datum(source=source, value_fn=value_fn)


_FOR_FLEETS: Datum[object] = Datum(
    source=Source(
        scopes=frozenset(), on_request=True, private=False, for_end_users=False
    )
)

# The data that no entity shows by itself.
OTHER_DATA: Mapping[str, Datum[Any]] = {
    "altitude": _of_position(lambda position: position.altitude),
    "heading": _of_position(lambda position: position.heading),
    "position_type": _of_position(lambda position: position.type),
    "fix_status": _of_position(lambda position: position.fix_status),
    "signal_quality": _of_position(lambda position: position.signal_quality),
    "alarm_position": _with_positions(
        ALARM_TRIGGER,
        lambda state: state.status.alarm.trigger.position.latitude,
    ),
    "alert_positions": _with_positions(
        ALERTS, lambda state: state.history.alerts.read_until
    ),
    "trip_positions": _with_positions(
        TRIPS, lambda state: state.history.trips.read_until
    ),
    "trip_waypoints": _on_request(Scope.TRIP, Scope.POSITION),
    "trip_alerts": _on_request(Scope.TRIP, Scope.ALERT),
    "pictures": _Pictures(),
    "fleet": _FOR_FLEETS,
    "uin": _FOR_FLEETS,
    "trip_telemetry": _FOR_FLEETS,
    "trip_collisions": _FOR_FLEETS,
    "remote_immobilization": _FOR_FLEETS,
    "remote_stolen": _FOR_FLEETS,
}


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A command.

    Attributes:
        scope: the permission required.
        kind: its name among a car's remote capabilities.
        detail: what of that kind must be supported.
        absent_in: the motorizations that have no such command.
    """

    scope: Scope
    kind: str
    detail: str = "supported"
    absent_in: frozenset[Motorization] = frozenset()

    @property
    def scopes(self) -> frozenset[Scope]:
        """The permissions required."""
        return frozenset({self.scope})


def _preconditioning(detail: str) -> Remote:
    return Remote(scope=Scope.PRECONDITIONING, kind="preconditioning", detail=detail)


def _charging(detail: str) -> Remote:
    return Remote(
        scope=Scope.CHARGING, kind="charging", detail=detail, absent_in=THERMIC
    )


REMOTES: Mapping[str, Remote] = {
    "remote_door": Remote(scope=Scope.DOOR, kind="door"),
    "remote_horn": Remote(scope=Scope.HORN, kind="horn"),
    "remote_lights": Remote(scope=Scope.LIGHTS, kind="lights"),
    "remote_wake_up": Remote(scope=Scope.WAKEUP, kind="wakeup"),
    "remote_navigation": Remote(scope=Scope.NAVIGATION, kind="navigation"),
    "remote_preconditioning": _preconditioning("immediate"),
    "remote_preconditioning_programs": _preconditioning("programs_size"),
    "remote_charging_start": _charging("immediate_start"),
    "remote_charging_stop": _charging("immediate_stop"),
    "remote_charging_next_delayed_time": _charging("next_delayed_time"),
    "remote_charging_programs": _charging("programs_supported"),
    "remote_charging_power_level": _charging("preferences_level"),
    "remote_charging_type": _charging("preferences_type"),
}
