"""Amounts in the units of the owner's unit system, with the language's decimal separator."""

from dataclasses import dataclass

from homeassistant.const import (
    UnitOfEnergy,
    UnitOfLength,
    UnitOfPower,
    UnitOfSpeed,
    UnitOfTime,
    UnitOfVolume,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    DistanceConverter,
    DurationConverter,
    EnergyConverter,
    PowerConverter,
    SpeedConverter,
    VolumeConverter,
)

from .translation import text


@dataclass(frozen=True)
class Quantity:
    """A quantity.

    Attributes:
        converter: the units that it can be converted to.
        unit: the unit of its values.
        digits: the number of decimals that are shown.
    """

    converter: type[BaseUnitConverter]
    unit: str
    digits: int = 0


DISTANCE = Quantity(DistanceConverter, UnitOfLength.KILOMETERS, 1)
DURATION = Quantity(DurationConverter, UnitOfTime.MINUTES)
ENERGY = Quantity(EnergyConverter, UnitOfEnergy.KILO_WATT_HOUR, 1)
FUEL = Quantity(VolumeConverter, UnitOfVolume.LITERS, 1)
POWER = Quantity(PowerConverter, UnitOfPower.KILO_WATT, 1)
SPEED = Quantity(SpeedConverter, UnitOfSpeed.KILOMETERS_PER_HOUR)


@callback
def unit_of(hass: HomeAssistant, quantity: Quantity) -> str:
    """Return the unit of a quantity in the owner's unit system."""
    unit_class = quantity.converter.UNIT_CLASS
    converted = hass.config.units.get_converted_unit(unit_class, quantity.unit)
    return converted or quantity.unit


@callback
def converted(hass: HomeAssistant, quantity: Quantity, value: float) -> float:
    """Return a value in the owner's unit system."""
    unit = unit_of(hass, quantity)
    return quantity.converter.convert(value, quantity.unit, unit)


@callback
def formatted(
    hass: HomeAssistant, quantity: Quantity, value: float | None
) -> str | None:
    """Return a value with its unit; None if it is unknown."""
    if value is None:
        return None
    number = decimal(hass, converted(hass, quantity, value), quantity.digits)
    return f"{number} {unit_of(hass, quantity)}"


@callback
def decimal(hass: HomeAssistant, value: float, digits: int) -> str:
    """Return a number with the decimal separator of Home Assistant's language."""
    return f"{value:.{digits}f}".replace(".", decimal_separator(hass))


@callback
def decimal_separator(hass: HomeAssistant) -> str:
    """Return the decimal separator of Home Assistant's language."""
    return text(hass, "common", "decimal_separator", ".")
