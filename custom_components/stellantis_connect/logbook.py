"""Logbook of cars: what happened in words."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import LOGBOOK_ENTRY_MESSAGE, LOGBOOK_ENTRY_NAME
from homeassistant.const import ATTR_NAME
from homeassistant.core import Event, HomeAssistant, callback

from .commands.outcomes import ATTR_MESSAGE
from .const import DOMAIN, EVENT_COMMAND_FAILED, EVENT_HISTORY

type Description = dict[str, str]
type DescribeEvent = Callable[[Event[Any]], Description]


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[[str, str, DescribeEvent], None],
) -> None:
    """Describe the events of the integration."""

    @callback
    def describe(event: Event[Any]) -> Description:
        """Return the name of a car, and what happened to it or its command."""
        name: str = event.data[ATTR_NAME]
        message = event.data[ATTR_MESSAGE].removeprefix(name).lstrip(" :")
        return {
            LOGBOOK_ENTRY_NAME: name,
            LOGBOOK_ENTRY_MESSAGE: message[:1].upper() + message[1:],
        }

    for event_type in (EVENT_COMMAND_FAILED, EVENT_HISTORY):
        async_describe_event(DOMAIN, event_type, describe)
