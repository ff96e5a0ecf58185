"""The owner's OAuth2 token: what it says, and how it is kept alive."""

import asyncio
from collections.abc import Mapping
import hashlib
import logging
import time
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

import jwt

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_get_config_entry_implementation,
)
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..api.exceptions import AuthenticationError, StellantisError
from ..api.models.brand import Brand
from ..api.models.scope import Scope
from ..api.models.vehicle import User
from ..const import CONF_BRAND, CONF_SCOPES, DOMAIN

if TYPE_CHECKING:
    from ..application_credentials import StellantisOAuth2Implementation

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION = 1
# Seconds that a removal waits for the identity provider.
REVOCATION_TIMEOUT = 10
# Seconds before its end at which a token is renewed, for clocks that differ.
MARGIN = 60
# They bring the id token, which tells accounts apart.
OPENID_SCOPES = ("openid", "profile")
TOKEN_SOURCES: HassKey[dict[str, EntryTokens]] = HassKey(f"{DOMAIN}_token_sources")


class Token(TypedDict):
    """What is kept of a token answer; `expires_at` is a Unix time."""

    access_token: str
    refresh_token: str
    expires_at: float
    scope: NotRequired[str]


class FlowToken:
    """The token source of a flow, which is over before a token ends."""

    def __init__(self, token: Token) -> None:
        """Serve the token as it is."""
        self._token = token

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return the access token.

        Raises:
            AuthenticationError: the platform rejected it.

        """
        if rejected:
            raise AuthenticationError("token")
        return self._token["access_token"]


class EntryTokens:
    """The token source of an account; there is one for each entry.

    The identity provider rotates the refresh token: the old one is worthless from
    the moment the new one is made. So the new one is written to a store of its own
    before anything is done with it; the config entry, which Home Assistant writes
    with a delay, follows. After a crash between the two, the store has the newer one.

    Where the answer to a refresh is lost on its way, or Home Assistant is killed
    between the answer and the write, the platform has burned the old token and
    nobody has the new one: then, and only then, the owner must sign in again.
    """

    _implementation: StellantisOAuth2Implementation

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Serve an entry."""
        self._hass = hass
        self._entry = entry
        self._store = token_store(hass, entry.entry_id)
        self._lock = asyncio.Lock()

    @property
    def client_id(self) -> str:
        """Return the client id to which the tokens were given."""
        return self._implementation.client_id

    async def async_load(self) -> None:
        """Take up the entry's client, and the newest token that reached the disk."""
        implementation = cast(
            "StellantisOAuth2Implementation",
            await async_get_config_entry_implementation(self._hass, self._entry),
        )
        self._implementation = implementation.bind(Brand(self._entry.data[CONF_BRAND]))
        stored = await self._store.async_load()
        if stored and stored["expires_at"] > self._token["expires_at"]:
            self._keep(stored)

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return an access token, a new one where this one was rejected.

        Raises:
            AuthenticationError: the refresh token does not work any more.
            StellantisError: the identity provider did not answer as it should.

        """
        # Whoever asked may be cancelled; a refresh, once begun, is carried through.
        return await asyncio.shield(
            self._hass.async_create_task(
                self._async_valid_token(rejected), f"{DOMAIN} token"
            )
        )

    async def async_revoke(self) -> None:
        """Give the refresh token back, and with it the access tokens that came of it.

        Raises:
            StellantisError: the identity provider did not take it.

        """
        await self._implementation.identity_provider.revoke(
            self._token["refresh_token"]
        )

    async def _async_valid_token(self, rejected: str | None) -> str:
        async with self._lock:
            token = self._token
            ends = token["expires_at"] - MARGIN
            if ends <= time.time() or token["access_token"] == rejected:
                await self._async_refresh()
            return self._token["access_token"]

    async def _async_refresh(self) -> None:
        """Renew the token, with the stored one where ours is refused."""
        token = self._token
        try:
            renewed = await self._async_renewed(token)
        except AuthenticationError:
            stored = await self._store.async_load()
            if not stored or stored["refresh_token"] == token["refresh_token"]:
                raise
            renewed = await self._async_renewed(stored)
        await self._store.async_save(renewed)
        self._keep(renewed)

    async def _async_renewed(self, token: Token) -> Token:
        return cast(Token, await self._implementation.async_refresh_token(dict(token)))

    @property
    def _token(self) -> Token:
        return cast(Token, self._entry.data[CONF_TOKEN])

    def _keep(self, token: Token) -> None:
        """Let the entry follow, in its scopes too where the answer names them."""
        scopes = named_scopes(token.get("scope", "")) or self._entry.data[CONF_SCOPES]
        self._hass.config_entries.async_update_entry(
            self._entry,
            data={**self._entry.data, CONF_TOKEN: token, CONF_SCOPES: scopes},
        )


async def async_entry_tokens(hass: HomeAssistant, entry: ConfigEntry) -> EntryTokens:
    """Return the one token source of an entry, whoever asks."""
    sources = hass.data.setdefault(TOKEN_SOURCES, {})
    source = sources.setdefault(entry.entry_id, EntryTokens(hass, entry))
    await source.async_load()
    return source


async def async_revoke_tokens(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give an entry's token back as far as that is possible now, and forget it."""
    try:
        async with asyncio.timeout(REVOCATION_TIMEOUT):
            source = await async_entry_tokens(hass, entry)
            await source.async_revoke()
    except (StellantisError, HomeAssistantError, TimeoutError) as err:
        _LOGGER.debug("The token could not be revoked: %s", err)
    hass.data[TOKEN_SOURCES].pop(entry.entry_id)
    await token_store(hass, entry.entry_id).async_remove()


def token_store(hass: HomeAssistant, entry_id: str) -> Store[Token]:
    """Return where an account's newest token is kept."""
    return Store(
        hass,
        STORAGE_VERSION,
        f"{DOMAIN}.{entry_id}.token",
        private=True,
        atomic_writes=True,
    )


def account_ids(brand: Brand, token: Mapping[str, object], user: User) -> list[str]:
    """Return what tells accounts apart: the id token's subject, and the e-mail's hash.

    The first is the better one, and missing where the id token is. It comes straight
    from the identity provider over TLS, which is why its signature needs no look.
    """
    names = []
    try:
        claims = jwt.decode(str(token["id_token"]), options={"verify_signature": False})
        names.append(str(claims["sub"]))
    except KeyError, jwt.InvalidTokenError:
        pass
    if user.email:
        names.append(hashlib.sha256(user.email.casefold().encode()).hexdigest())
    return [f"{brand}_{name}" for name in names]


def named_scopes(*told: str) -> list[Scope]:
    """Return the scopes that the first answer to name any grants; none if all are silent.

    Some answers name `openid profile` alone: then the API lets through what it does.
    """
    for scopes in told:
        if named := [scope for scope in Scope if scope in scopes.split()]:
            return named
    return []
