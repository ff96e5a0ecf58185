"""Engines."""

from enum import StrEnum

from ..decode import json_field, model
from .base import Block, sensed


class EngineType(StrEnum):
    """A kind of engine."""

    THERMIC = "Thermic"
    ELECTRIC = "Electric"


class PowertrainStatus(StrEnum):
    """Whether an engine, or all of the powertrain, runs."""

    NOT_RUNNING = "NotRunning"
    STARTING = "Starting"
    RUNNING = "Running"
    STOPPING = "Stopping"
    STOPPED = "Stopped"


@model
class Engine(Block):
    """An engine: temperatures in °C, levels in percent, speed in revolutions per minute."""

    type: EngineType | None = None
    speed: float | None = None
    gmp_status: PowertrainStatus | None = None
    coolant_temp: float | None = json_field(
        "extension/thermic/coolant/temp", convert=sensed
    )
    coolant_level: float | None = json_field("extension/thermic/coolant/level")
    oil_temp: float | None = json_field(
        "extension/thermic/oil/temp", "oil/temp", convert=sensed
    )
    oil_level: float | None = json_field("extension/thermic/oil/level")
    air_temp: float | None = json_field("extension/thermic/air/temp", convert=sensed)

    @property
    def has_reading(self) -> bool:
        """Whether any sensor tells something."""
        readings = (self.coolant_temp, self.oil_temp, self.air_temp, self.speed)
        return any(reading is not None for reading in readings)
