"""The OAuth2 session of an account, whose rotated token is stored before it is used."""

import asyncio
from dataclasses import asdict
import time
from typing import Any, cast, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.config_entry_oauth2_flow import (
    CLOCK_OUT_OF_SYNC_MAX_SEC,
    OAuth2Session,
    async_get_config_entry_implementation,
)

from ..api.exceptions import AuthenticationError
from ..api.models.brand import Brand
from ..api.models.scope import Scope
from ..const import CONF_BRAND, CONF_SCOPES, DOMAIN
from ..storage import ModelStore
from .implementation import StellantisOAuth2Implementation
from .token import TOKEN_FORMAT, Token, granted_scopes


class StellantisOAuth2Session(OAuth2Session):
    """OAuth2 session of a config entry.

    The identity provider rotates the refresh token, and the old one is void from then on. The new
    one is therefore written to a store of its own before it is used; the config entry, which Home
    Assistant writes with a delay, follows. Only when the response to a refresh is lost, or Home
    Assistant is killed before it is written, must the owner sign in again.
    """

    implementation: StellantisOAuth2Implementation

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        implementation: StellantisOAuth2Implementation,
    ) -> None:
        """Initialize the session with the token of the config entry."""
        super().__init__(hass, config_entry, implementation)
        self._token = self._entry_token
        self._store = token_store(hass, config_entry.entry_id)
        self._is_refused = False

    @property
    def client_id(self) -> str:
        """Return the client ID that the token was issued to."""
        return self.implementation.client_id

    @property
    @override
    def token(self) -> dict[str, Any]:
        return asdict(self._token)

    @property
    @override
    def valid_token(self) -> bool:
        return self._token.expires_at > time.time() + CLOCK_OUT_OF_SYNC_MAX_SEC

    async def async_load(self) -> None:
        """Restore the stored token where it is newer than that of the config entry."""
        stored = await self._store.async_load()
        if stored and stored.is_newer_than(self._token):
            self._token = stored
            self._update_entry()
        else:
            await self._store.async_save(self._token)

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return a valid access token, other than the rejected one.

        Raises:
            AuthenticationError: the identity provider refused the refresh token, now or before.
            StellantisError: the token could not be refreshed now.

        """
        if self._token_lock.locked() or self._needs_refresh(rejected):
            refresh = self.config_entry.async_create_task(
                self.hass, self.async_ensure_token_valid(rejected), f"{DOMAIN} token"
            )
            # The caller may be canceled; a refresh must be completed, and may fail then.
            refresh.add_done_callback(lambda task: task.cancelled() or task.exception())
            await asyncio.wait([refresh])
            await refresh
        return self._token.access_token

    @override
    async def async_ensure_token_valid(self, rejected: str | None = None) -> None:
        async with self._token_lock:
            if self._needs_refresh(rejected):
                await self._async_refresh()

    async def async_wait_for_refresh(self) -> None:
        """Wait until no refresh is in progress."""
        async with self._token_lock:
            pass

    async def async_revoke(self) -> None:
        """Revoke the refresh token, and with it the access tokens that were issued for it.

        Raises:
            StellantisError: the identity provider did not confirm it.

        """
        async with self._token_lock:
            await self.implementation.identity_provider.revoke(
                self._token.refresh_token
            )

    def _needs_refresh(self, rejected: str | None) -> bool:
        return not self.valid_token or self._token.access_token == rejected

    async def _async_refresh(self) -> None:
        if self._is_refused:
            raise AuthenticationError("token")
        try:
            response = await self.implementation.async_refresh_token(self.token)
        except AuthenticationError:
            self._is_refused = True
            raise
        self._token = self._token.rotated(response)
        if not self._is_superseded:
            await self._store.async_save(self._token)
        self._update_entry(granted_scopes(response.get("scope")))

    @property
    def _is_superseded(self) -> bool:
        """Return whether the owner has signed in again, or the config entry was removed."""
        entries = self.hass.config_entries
        is_removed = entries.async_get_entry(self.config_entry.entry_id) is None
        return is_removed or self._entry_token.generation > self._token.generation

    @property
    def _entry_token(self) -> Token:
        return TOKEN_FORMAT.decode(self.config_entry.data[CONF_TOKEN])

    def _update_entry(self, scopes: list[Scope] | None = None) -> None:
        """Update the token and the scopes; entities follow the scopes by a reload."""
        if self._is_superseded:
            return
        entry, entries = self.config_entry, self.hass.config_entries
        old_scopes = entry.data[CONF_SCOPES]
        scopes = scopes or old_scopes
        entries.async_update_entry(
            entry, data={**entry.data, CONF_TOKEN: self.token, CONF_SCOPES: scopes}
        )
        if scopes != old_scopes and entry.state is ConfigEntryState.LOADED:
            entries.async_schedule_reload(entry.entry_id)


async def async_create_session(
    hass: HomeAssistant, entry: ConfigEntry
) -> StellantisOAuth2Session:
    """Return a session with the newest token of a config entry; only one may be in use.

    Raises:
        HomeAssistantError: the application credentials are not available.

    """
    implementation = cast(
        StellantisOAuth2Implementation,
        await async_get_config_entry_implementation(hass, entry),
    )
    implementation.bind(Brand(entry.data[CONF_BRAND]))
    session = StellantisOAuth2Session(hass, entry, implementation)
    await session.async_load()
    return session


def token_store(hass: HomeAssistant, entry_id: str) -> ModelStore[Token]:
    """Return the store of the newest token of an account."""
    return ModelStore(hass, f"{entry_id}.token", TOKEN_FORMAT)
