"""Engines."""

from enum import StrEnum

from ..decode import json_field, model
from .base import Block, percent_field, temperature_field


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
    speed: float | None = json_field(minimum=0, maximum=30_000)
    coolant_temp: float | None = temperature_field("extension/thermic/coolant/temp")
    coolant_level: float | None = percent_field("extension/thermic/coolant/level")
    oil_temp: float | None = temperature_field("extension/thermic/oil/temp", "oil/temp")
    oil_level: float | None = percent_field("extension/thermic/oil/level")
    air_temp: float | None = temperature_field("extension/thermic/air/temp")

    @property
    def has_reading(self) -> bool:
        """Return whether any of its sensors reported a value."""
        readings = (self.coolant_temp, self.oil_temp, self.air_temp, self.speed)
        return any(reading is not None for reading in readings)


NO_ENGINE = Engine()
"""That of a car that does not have it."""
