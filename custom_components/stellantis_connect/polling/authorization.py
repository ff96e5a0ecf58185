"""Whether the owner has to sign in again: only if nothing else helps."""

from datetime import datetime, timedelta

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..api.exceptions import AuthenticationError, StellantisError, UnauthorizedError
from ..const import DOMAIN

# The API may refuse valid tokens for some time.
MAX_UNAUTHORIZED_PERIOD = timedelta(hours=1)


class Authorization:
    """Start the reauthentication of an account once, and end it when requests succeed again.

    Attributes:
        unauthorized_since: when the API began to refuse tokens that could be renewed.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Initialize the authorization."""
        self._hass = hass
        self._entry = entry
        # A reconfiguration can cure what an earlier setup started a flow for.
        self._is_reauth_pending = any(
            entry.async_get_active_flows(hass, {SOURCE_REAUTH})
        )
        self.unauthorized_since: datetime | None = None

    @callback
    def async_update(self, error: StellantisError | None) -> None:
        """Update with the error of a response, or with None after a success."""
        now = dt_util.utcnow()
        if isinstance(error, UnauthorizedError):
            self.unauthorized_since = min(self.unauthorized_since or now, now)
        elif error is None or error.status:
            self.unauthorized_since = None
        since = self.unauthorized_since
        is_refused = since is not None and now - since >= MAX_UNAUTHORIZED_PERIOD
        if is_refused or isinstance(error, AuthenticationError):
            self._start_reauth()
        elif error is None:
            self._end_reauth()

    def _start_reauth(self) -> None:
        if not self._is_reauth_pending:
            self._is_reauth_pending = True
            self._entry.async_start_reauth(self._hass)

    def _end_reauth(self) -> None:
        if self._is_reauth_pending:
            self._is_reauth_pending = False
            flows = self._entry.async_get_active_flows(self._hass, {SOURCE_REAUTH})
            for flow in [*flows]:
                self._hass.config_entries.flow.async_abort(flow["flow_id"])


def setup_error(error: StellantisError) -> HomeAssistantError:
    """Return the error of the setup of an account whose cars are not known."""
    if isinstance(error, AuthenticationError):
        return ConfigEntryAuthFailed(
            translation_domain=DOMAIN, translation_key=error.key
        )
    return UpdateFailed(translation_domain=DOMAIN, translation_key=error.key)
