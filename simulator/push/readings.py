"""The data of triggers: how each is read from a car, and its operators."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.cars import blocks, records
from simulator.cars.car import Car
from simulator.cars.past import Trip
from simulator.cars.state import State, outside_temperature

type Value = str | float | frozenset[str] | None
"""Literals and truth values are strings; a set holds several at once; None is not known."""

NUMBER = frozenset({"equalsTo", "greaterThan", "lowerThan"})
CHANGE = frozenset({"onChange"})
TWO_STATES = frozenset({"onChange", "equalsTo"})
STATES = frozenset({"onChange", "equalsTo", "includedIn"})


@dataclass(frozen=True)
class Reading:
    """A datum of a trigger."""

    operators: frozenset[str]
    read: Callable[[Car, State], Value]
    scope: str = "data:telemetry"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _if_battery(read: Callable[[Car, State], Value]) -> Callable[[Car, State], Value]:
    return lambda car, state: read(car, state) if car.model.battery else None


def _if_tank(read: Callable[[Car, State], Value]) -> Callable[[Car, State], Value]:
    return lambda car, state: read(car, state) if car.model.tank else None


def _trip(read: Callable[[Car, Trip, State], Value]) -> Callable[[Car, State], Value]:
    def of_the_last(car: Car, state: State) -> Value:
        trip = car.trip_at(state.at)
        return read(car, trip, state) if trip else None

    return of_the_last


def _last(trip: Trip, state: State) -> State:
    """Return how far a trip has come at a moment that may lie in the past."""
    return trip.stop if trip.stop and trip.stop.at <= state.at else state


def _stopped_trip(car: Car, state: State) -> Value:
    stopped = [
        trip for trip in car.trips[-3:] if trip.stop and trip.stop.at <= state.at
    ]
    return stopped[-1].id if stopped else None


def _autonomy(car: Car, state: State) -> Value:
    return float(
        blocks.electric_range(car.model, state) + blocks.fuel_range(car.model, state)
    )


def _mode(car: Car, state: State) -> Value:
    return str(blocks.driving_mode(car.model, state)["mode"])


READINGS: Mapping[str, Reading] = {
    "vehicle.alert": Reading(
        STATES,
        lambda car, state: frozenset(alert.kind for alert in car.alerts_at(state.at)),
        "data:alert",
    ),
    "vehicle.odometer": Reading(NUMBER, lambda car, state: state.odometer),
    "vehicle.powertrain.status": Reading(
        STATES, lambda car, state: "Running" if state.drive else "Stopped"
    ),
    "vehicle.engines.thermic.oil.temp": Reading(
        NUMBER, _if_tank(lambda car, state: state.engine_temperature * 0.96)
    ),
    "vehicle.energy.electric.level": Reading(
        NUMBER, _if_battery(lambda car, state: blocks.electric_level(car.model, state))
    ),
    "vehicle.energy.electric.autonomy": Reading(
        NUMBER,
        _if_battery(lambda car, state: float(blocks.electric_range(car.model, state))),
    ),
    "vehicle.energy.fuel.level": Reading(
        NUMBER, _if_tank(lambda car, state: blocks.fuel_level(car.model, state))
    ),
    "vehicle.energy.fuel.autonomy": Reading(
        NUMBER, _if_tank(lambda car, state: float(blocks.fuel_range(car.model, state)))
    ),
    "vehicle.autonomy": Reading(NUMBER, _autonomy),
    "vehicle.energy.charging.status": Reading(
        STATES, _if_battery(lambda car, state: state.charging_status)
    ),
    "vehicle.energy.charging.plugged": Reading(
        TWO_STATES, _if_battery(lambda car, state: _flag(state.plugged))
    ),
    "vehicle.energy.charging.type": Reading(
        TWO_STATES, _if_battery(lambda car, state: state.charge_type)
    ),
    "vehicle.doorsState.lockedState": Reading(
        CHANGE, lambda car, state: ",".join(state.locks)
    ),
    "vehicle.doorsState.opening": Reading(
        CHANGE, lambda car, state: ",".join(sorted(state.opened))
    ),
    "vehicle.kinetic.moving": Reading(
        TWO_STATES, lambda car, state: _flag(state.drive is not None)
    ),
    "vehicle.kinetic.speed": Reading(NUMBER, lambda car, state: state.fix.speed),
    "vehicle.trip.start": Reading(
        CHANGE, _trip(lambda car, trip, state: trip.id), "data:trip"
    ),
    "vehicle.trip.stop": Reading(CHANGE, _stopped_trip, "data:trip"),
    "vehicle.trip.duration": Reading(
        NUMBER,
        _trip(
            lambda car, trip, state: (
                _last(trip, state).at - trip.start.at
            ).total_seconds()
        ),
        "data:trip",
    ),
    "vehicle.trip.distance": Reading(
        NUMBER,
        _trip(
            lambda car, trip, state: _last(trip, state).odometer - trip.start.odometer
        ),
        "data:trip",
    ),
    "vehicle.trip.state": Reading(
        frozenset({"includedIn"}),
        _trip(lambda car, trip, state: records.state_of(trip)),
        "data:trip",
    ),
    "vehicle.safety.beltWarning": Reading(TWO_STATES, lambda car, state: "Normal"),
    "environment.air.temp": Reading(
        NUMBER, lambda car, state: outside_temperature(state.at)
    ),
    "privacy.state": Reading(STATES, lambda car, state: state.privacy),
    "vehicle.drivingBehavior.mode": Reading(STATES, _mode),
    "vehicle.safety.autoECallTriggering": Reading(
        STATES, lambda car, state: "Detected" if state.emergency_call else "NotDetected"
    ),
    "vehicle.preconditioning.airConditioning": Reading(
        CHANGE, lambda car, state: state.air.status
    ),
    "vehicle.alarm.trigger.type": Reading(
        STATES, lambda car, state: state.trigger.kind if state.trigger else None
    ),
    "vehicle.alarm.status.activation": Reading(
        TWO_STATES, lambda car, state: "Active" if state.armed else "Inactive"
    ),
}

WITH_PREVIOUS = frozenset(
    {
        "vehicle.alert",
        "vehicle.energy.charging.status",
        "vehicle.energy.charging.plugged",
        "vehicle.kinetic.moving",
        "vehicle.safety.beltWarning",
        "vehicle.safety.autoECallTriggering",
        "privacy.state",
        "vehicle.drivingBehavior.mode",
    }
)
"""Data whose state before the change a trigger may name."""
