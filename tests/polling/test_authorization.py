"""Tests for when the owner has to sign in again."""

from datetime import timedelta
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory

from custom_components.stellantis_connect.api.exceptions import UnauthorizedError
from custom_components.stellantis_connect.polling.authorization import (
    MAX_UNAUTHORIZED_PERIOD,
    Authorization,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util


def test_refusal_noted_while_the_clock_was_ahead_counts_from_now(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The owner is not left without a word for as long as the clock was ahead."""
    entry = Mock(spec=ConfigEntry)
    entry.async_get_active_flows.return_value = []
    authorization = Authorization(hass, entry)
    authorization.unauthorized_since = dt_util.utcnow() + timedelta(days=400)
    authorization.async_update(UnauthorizedError("status", 401))
    freezer.tick(MAX_UNAUTHORIZED_PERIOD - timedelta(seconds=1))
    authorization.async_update(UnauthorizedError("status", 401))
    entry.async_start_reauth.assert_not_called()
    freezer.tick(timedelta(seconds=1))
    authorization.async_update(UnauthorizedError("status", 401))
    entry.async_start_reauth.assert_called_once_with(hass)
