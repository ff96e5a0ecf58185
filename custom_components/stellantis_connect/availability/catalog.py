"""What the platform can tell of a car and do with it, as its specification has it.

A key is that of the entity that shows the datum, where there is one. Of what comes as a list
(trips, alerts, alarms, collisions) those parts are told apart that take other rights.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..api.models.scope import Scope
from ..api.models.vehicle import Motorization

THERMIC = frozenset({Motorization.THERMIC})
ELECTRIC = frozenset({Motorization.ELECTRIC})
NOT_COMBUSTING = frozenset({Motorization.ELECTRIC, Motorization.HYDROGEN})


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something that the platform can tell or do.

    Attributes:
        scopes: the rights that it takes, all of them.
        absent_in: the motorizations that have no such thing.
        for_end_users: whether the API for end users knows it, not the one for fleets alone.
    """

    scopes: frozenset[Scope] = frozenset()
    absent_in: frozenset[Motorization] = frozenset()
    for_end_users: bool = True


@dataclass(frozen=True, kw_only=True)
class Datum(Item):
    """Something that the platform can tell.

    Attributes:
        block: what it comes and goes with, as a path from a car's coordinator; empty where it
            is not kept.
        field: its own path within the block.
        capability: its name in a car's list of data; None where it does not come from the car.
        private: whether the privacy setting in the car can hold it back.
    """

    block: str = ""
    field: str = ""
    capability: str | None = None
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Remote(Item):
    """A command.

    Attributes:
        kind: its name among a car's remote capabilities.
        detail: what of that kind must be supported.
    """

    kind: str
    detail: str = "supported"


def _block(
    capability: str,
    block: str,
    fields: Mapping[str, str],
    *scopes: Scope,
    absent_in: frozenset[Motorization] = frozenset(),
    private: bool = True,
) -> dict[str, Datum]:
    """Return the data of a block, by key; the scope is that of telemetry if none is given."""
    return {
        key: Datum(
            block=block,
            field=field,
            capability=capability,
            scopes=frozenset(scopes or {Scope.TELEMETRY}),
            absent_in=absent_in,
            private=private,
        )
        for key, field in fields.items()
    }


def _list(
    capability: str, kind: str, keys: Iterable[str], *scopes: Scope
) -> dict[str, Datum]:
    """Return data of a list of what has happened: they are known once it was read."""
    fields = dict.fromkeys(keys, "read_until")
    return _block(capability, f"data.history.{kind}", fields, *scopes)


def _unkept(capability: str, keys: Iterable[str], *scopes: Scope) -> dict[str, Datum]:
    """Return data that are answered on request and not kept."""
    return _block(capability, "", dict.fromkeys(keys, ""), *scopes)


_STATUS: Mapping[str, Datum] = {
    **_block(
        "data:position",
        "data.status.last_position",
        {
            "position": "latitude",
            "altitude": "altitude",
            "heading": "heading",
            "position_type": "type",
            "fix_status": "fix_status",
            "signal_quality": "signal_quality",
        },
        Scope.POSITION,
    ),
    **_block(
        "data:telemetry:vehicle:energies",
        "data.status.electric",
        {
            "battery_level": "level",
            "electric_range": "autonomy",
            "plugged": "charging.plugged",
            "charging_status": "charging.status",
            "charging_mode": "charging.charging_mode",
            "charging_rate": "charging.charging_rate",
            "charging_remaining_time": "charging.remaining_time",
            "charging_next_delayed_time": "charging.next_delayed_time",
            "charging_programs": "charging.programs",
            "charging_power_level": "charging.charging_power_level",
            "charging_type": "charging.type",
            "battery_capacity": "battery.load.capacity",
            "battery_residual": "battery.load.residual",
            "battery_health_capacity": "battery.health.capacity",
            "battery_health_resistance": "battery.health.resistance",
            "electric_consumption_instant": "consumptions.instant",
        },
        absent_in=THERMIC,
    ),
    **_block(
        "data:telemetry:vehicle:energies",
        "data.status.fuel",
        {
            "fuel_level": "level",
            "fuel_range": "autonomy",
            "fuel_consumption_instant": "consumptions.instant",
            "fuel_consumption_total": "consumptions.total",
        },
        absent_in=ELECTRIC,
    ),
    **_block(
        "data:telemetry:vehicle:engines",
        "data.status.thermic",
        {
            "thermic_engine_speed": "speed",
            "coolant_temperature": "coolant_temp",
            "coolant_level": "coolant_level",
            "oil_temperature": "oil_temp",
            "oil_level": "oil_level",
            "engine_air_temperature": "air_temp",
        },
        absent_in=NOT_COMBUSTING,
    ),
    **_block(
        "data:telemetry:vehicle:engines",
        "data.status.electric_engine",
        {"electric_engine_speed": "speed"},
        absent_in=THERMIC,
    ),
    **_block(
        "data:telemetry:vehicle:odometer",
        "data.status.odometer",
        {"odometer": "mileage"},
    ),
    **_block(
        "data:telemetry:vehicle:kinetic",
        "data.status.kinetic",
        {"speed": "speed", "acceleration": "acceleration", "moving": "moving"},
    ),
    **_block(
        "data:telemetry:vehicle:ignition",
        "data.status.ignition",
        {"ignition": "type"},
    ),
    **_block(
        "data:telemetry:vehicle:powertrain",
        "data.status.powertrain",
        {"powertrain": "status"},
    ),
    **_block(
        "data:telemetry:vehicle:doorsState",
        "data.status.doors_state",
        {"locked": "locked_states", "openings": "openings"},
    ),
    **_block(
        "data:telemetry:vehicle:preconditioning",
        "data.status.preconditioning",
        {
            "preconditioning_status": "status",
            "preconditioning_starting_cause": "starting_cause",
            "preconditioning_failure_cause": "failure_cause",
            "preconditioning_programs": "programs",
        },
    ),
    **_block(
        "data:telemetry:vehicle:battery",
        "data.status.battery",
        {"auxiliary_battery_level": "level"},
    ),
    **_block(
        "data:telemetry:vehicle:safety",
        "data.status.safety",
        {"belts": "belts", "emergency_call": "auto_e_call_triggering"},
    ),
    **_block(
        "data:telemetry:environment",
        "data.status.environment",
        {"outside_temperature": "air.temp", "daylight": "luminosity.day"},
    ),
    **_block(
        "data:telemetry:vehicle:drivingBehavior",
        "data.status.driving_behavior",
        {"driving_mode": "mode"},
    ),
    **_block(
        "data:telemetry:vehicle:lightingSystem",
        "data.status.lighting_system",
        {"turn_lights": "turn", "fog_lights": "fog"},
    ),
    **_block(
        "data:telemetry:vehicle:alarm",
        "data.status.alarm",
        {
            "alarm_armed": "status.activation",
            "alarm_triggered": "trigger.type",
            "alarm_started_at": "trigger.start_at",
        },
    ),
    **_block(
        "data:telemetry:vehicle:alarm",
        "data.status.alarm",
        {"alarm_position": "trigger.position.latitude"},
        Scope.TELEMETRY,
        Scope.POSITION,
    ),
    **_block(
        "data:telemetry:privacy",
        "data.status.privacy",
        {"privacy": "state"},
        private=False,
    ),
}

_MAINTENANCE = _block(
    "data:telemetry:vehicle:maintenance",
    "data.maintenance",
    {
        "days_before_maintenance": "days_before_maintenance",
        "mileage_before_maintenance": "mileage_before_maintenance",
    },
)

_MESSAGES: Mapping[str, Datum] = {
    **_block(
        "data:telemetry:vehicle:transmission",
        "data.telemetry.gearbox",
        {
            "gearbox_ratio": "ratio",
            "gearbox_automatic": "automatic",
            "gearbox_sport": "sport",
            "gearbox_snow": "snow",
            "gearbox_sequential": "sequential",
            "gearbox_semi_manual": "semi_manual",
        },
    ),
    **_block(
        "data:telemetry:vehicle:adas",
        "data.telemetry.adas",
        {
            "park_assist_front": "park_assist_front",
            "park_assist_rear": "park_assist_rear",
            "adaptive_cruise_control": "accr",
            "speed_limiter": "lvv",
            "cruise_control": "rvv",
            "emergency_braking": "aebs",
            "lane_departure_warning": "afil",
            "distance_assist": "artiv",
            "blind_spot_monitoring": "bsm",
            "stability_control": "esp",
            "anti_lock_braking": "abs",
            "electric_brake": "fse",
            "speed_limit": "sli",
            "lane_keeping_right": "rlka",
            "lane_keeping_left": "llka",
            "gear_suggestion": "rgi",
        },
    ),
    **_block(
        "data:telemetry:vehicle:wipingBlades",
        "data.telemetry.wiping_blades",
        {"wipers": "active", "wiper_speed": "speed"},
    ),
}

_LISTS: Mapping[str, Datum] = {
    **_list("data:telemetry:vehicle:alarm", "alarms", ("alarms",), Scope.TELEMETRY),
    **_list("data:alert", "alerts", ("alerts",), Scope.ALERT),
    **_list("data:alert", "alerts", ("alert_positions",), Scope.ALERT, Scope.POSITION),
    **_list("data:collision", "collisions", ("collisions",), Scope.COLLISION),
    **_list("data:trip", "trips", ("trips",), Scope.TRIP),
    **_list("data:trip", "trips", ("trip_positions",), Scope.TRIP, Scope.POSITION),
}

_ON_REQUEST: Mapping[str, Datum] = {
    **_unkept("data:trip", ("trip_way_points",), Scope.TRIP, Scope.POSITION),
    **_unkept("data:trip", ("trip_alerts",), Scope.TRIP, Scope.ALERT),
}

_FOR_FLEETS_ALONE = dict.fromkeys(
    (
        "fleet",
        "uin",
        "trip_telemetry",
        "trip_collisions",
        "remote_immobilization",
        "remote_stolen",
    ),
    Datum(for_end_users=False),
)

DATA: Mapping[str, Datum] = {
    **_STATUS,
    **_MAINTENANCE,
    **_MESSAGES,
    **_LISTS,
    **_ON_REQUEST,
    "pictures": Datum(block="vehicle", field="pictures"),
    **_FOR_FLEETS_ALONE,
}


def _remote(
    scope: Scope,
    kind: str,
    detail: str = "supported",
    absent_in: frozenset[Motorization] = frozenset(),
) -> Remote:
    return Remote(
        scopes=frozenset({scope}), kind=kind, detail=detail, absent_in=absent_in
    )


def _preconditioning(detail: str) -> Remote:
    return _remote(Scope.PRECONDITIONING, "preconditioning", detail)


def _charging(detail: str) -> Remote:
    return _remote(Scope.CHARGING, "charging", detail, THERMIC)


REMOTES: Mapping[str, Remote] = {
    "remote_door": _remote(Scope.DOOR, "door"),
    "remote_horn": _remote(Scope.HORN, "horn"),
    "remote_lights": _remote(Scope.LIGHTS, "lights"),
    "remote_wake_up": _remote(Scope.WAKEUP, "wakeup"),
    "remote_navigation": _remote(Scope.NAVIGATION, "navigation"),
    "remote_preconditioning": _preconditioning("immediate"),
    "remote_preconditioning_programs": _preconditioning("programs_size"),
    "remote_charging_start": _charging("immediate_start"),
    "remote_charging_stop": _charging("immediate_stop"),
    "remote_charging_next_delayed_time": _charging("next_delayed_time"),
    "remote_charging_programs": _charging("programs_supported"),
    "remote_charging_power_level": _charging("preferences_level"),
    "remote_charging_type": _charging("preferences_type"),
}

CATALOGUE: Mapping[str, Datum | Remote] = {**DATA, **REMOTES}
