"""Alerts in a person's words, and by what they are about."""

from collections.abc import Iterable, Mapping

from homeassistant.core import HomeAssistant

from .api.models.alerts import Alert, AlertSeverity, AlertType
from .translation import text

# The groups that people automate on, by words in the names of the kinds.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "tyres": ("TIRE_", "SPARE_WHEEL"),
    "brakes": ("BRAKING_", "BRAKE_PADS", "PARKING_BRAKE", "ABS_", "ESP_"),
    "lamps": ("LAMP", "INDICATOR", "HEADLIGHT"),
    "doors": ("DOOR_OPEN", "WINDOW_OPEN", "HOOD_OPEN"),
    "fluids": ("WASHER_FLUID", "LEVELLOW", "LEVEL_LOW", "WATER_IN"),
    "engine": ("ENGINE_", "EMISSION_", "AD_BLUE_", "PARTICLE_FILTER", "GEARBOX_"),
    "traction": ("TRACTION_", "CHARGING_", "BATTERY_CHARGE_OR"),
    "steering": ("STEERING_", "SUSPENSION_"),
}
GROUPS: Mapping[str, frozenset[AlertType]] = {
    group: frozenset(
        kind for kind in AlertType if any(word in kind.name for word in words)
    )
    for group, words in _WORDS.items()
}


def is_critical(alerts: Iterable[Alert]) -> bool:
    """Tell whether one of the alerts says to stop, or to see to it at once."""
    return any(alert.severity is AlertSeverity.CRITICAL for alert in alerts)


def alert_name(hass: HomeAssistant, kind: str) -> str:
    """Return what a kind of alert is called in the language of this Home Assistant."""
    return text(hass, "entity", f"event.alert.state_attributes.kind.state.{kind}", kind)
