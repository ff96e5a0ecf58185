"""Scopes."""

from enum import StrEnum


class Scope(StrEnum):
    """The scopes that are requested: all that the platform grants to every application."""

    TELEMETRY = "data:telemetry"
    POSITION = "data:position"
    TRIP = "data:trip"
    ALERT = "data:alert"
    COLLISION = "data:collision"
    DOOR = "remote:door:write"
    PRECONDITIONING = "remote:preconditioning:write"
    HORN = "remote:horn:write"
    CHARGING = "remote:charging:write"
    LIGHTS = "remote:lights:write"
    WAKEUP = "remote:wakeup:write"
    NAVIGATION = "remote:navigation:write"
