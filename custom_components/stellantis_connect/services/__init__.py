"""The actions: what is requested of a car other than by an entity."""

import voluptuous as vol

from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from .availability import AVAILABILITY_ACTIONS
from .call import DEVICE
from .commands import COMMANDS
from .history import HISTORY_ACTIONS


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not an account is set up."""
    actions = {**AVAILABILITY_ACTIONS, **COMMANDS, **HISTORY_ACTIONS}
    for name, (handler, schema, supports_response) in actions.items():
        hass.services.async_register(
            DOMAIN,
            name,
            handler,
            vol.Schema({**DEVICE, **schema}),
            supports_response=supports_response,
        )
