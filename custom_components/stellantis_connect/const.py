"""Names shared by the modules of the integration."""

from yarl import URL

from homeassistant.const import Platform
from homeassistant.util.hass_dict import HassKey

DOMAIN = "stellantis_connect"

DOCUMENTATION_URL = "https://github.com/stellantis-connect/stellantis-connect#readme"

CONF_BRAND = "brand"
CONF_SCOPES = "scopes"

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.DEVICE_TRACKER,
    Platform.SENSOR,
]

# The host that stands in for the whole platform during development.
DEVELOPMENT_HOST: HassKey[URL] = HassKey(f"{DOMAIN}_host")
