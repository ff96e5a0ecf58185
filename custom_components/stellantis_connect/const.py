"""Names shared by the modules of the integration."""

from datetime import timedelta
from enum import StrEnum

from homeassistant.const import Platform

DOMAIN = "stellantis_connect"
DOCUMENTATION_URL = "https://github.com/stellantis-connect/stellantis-connect#readme"

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.DEVICE_TRACKER,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.LOCK,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
]

# Data of a config entry, beside `auth_implementation` and `token` of Home Assistant.
CONF_ACCOUNT_IDS = "account_ids"
CONF_BRAND = "brand"
CONF_CERTIFICATE = "certificate"
# Scopes that were granted before and are still requested; CONF_SCOPES are granted now.
CONF_EXPECTED_SCOPES = "expected_scopes"
CONF_REDIRECT_URI = "redirect_uri"
CONF_REQUESTED_SCOPES = "requested_scopes"
CONF_SCOPES = "scopes"

# Minutes; trips with shorter stops between them are shown as one.
CONF_MAX_STOP = "max_stop"
CONF_CHARGE_YEARS = "charge_years"
CONF_ELSEWHERE = "elsewhere"
CONF_ELSEWHERE_PRICE = "elsewhere_price"
CONF_ELSEWHERE_PRICE_ENTITY = "elsewhere_price_entity"
CONF_HOME_PRICE = "home_price"
CONF_HOME_PRICE_ENTITY = "home_price_entity"
CONF_PUSH = "push"
CONF_STATISTICS = "statistics"
CONF_WAKE_UP_GUARD = "wake_up_guard"
CONF_ZONES = "zones"
DEFAULT_ZONES = ["zone.home"]


class Push(StrEnum):
    """Whether Stellantis pushes updates to Home Assistant."""

    AUTOMATIC = "automatic"
    OFF = "off"


EVENT_COMMAND_FAILED = f"{DOMAIN}_command_failed"
EVENT_HISTORY = f"{DOMAIN}_history"


class Elsewhere(StrEnum):
    """What a charge costs that was not at home."""

    UNKNOWN = "unknown"
    SAME = "same"
    FREE = "free"
    OTHER = "other"


# An action call returns within 90 s, whatever happens.
ACTION_TIMEOUT = timedelta(seconds=85)
