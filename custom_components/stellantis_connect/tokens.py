"""The owner's OAuth2 token: what it says, and how it is kept alive."""

import asyncio
from collections.abc import Mapping
import hashlib
import time
from typing import TYPE_CHECKING, TypedDict, cast

import jwt

from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .api import Brand, Scope, SignInNeeded, User
from .const import DOMAIN

if TYPE_CHECKING:
    from .application_credentials import StellantisOAuth2Implementation
    from .coordinator import StellantisConfigEntry

STORAGE_VERSION = 1
# Seconds before its end at which a token is renewed, for clocks that differ.
MARGIN = 60
# They bring the id token, which tells accounts apart.
OPENID_SCOPES = ("openid", "profile")


class Token(TypedDict):
    """What is kept of a token answer; `expires_at` is a Unix time."""

    access_token: str
    refresh_token: str
    expires_at: float


class FlowToken:
    """The token source of a flow, which is over before a token ends."""

    def __init__(self, token: Token) -> None:
        """Serve the token as it is."""
        self._token = token

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return the access token.

        Raises:
            SignInNeeded: the platform rejected it.

        """
        if rejected:
            raise SignInNeeded("token")
        return self._token["access_token"]


class EntryTokens:
    """The token source of an account.

    The identity provider rotates the refresh token: the old one is worthless from
    the moment the new one is made. So the new one is written to a store of its own
    before anything is done with it; the config entry, which Home Assistant writes
    with a delay, follows. After a crash between the two, the store has the newer one.

    Where the answer to a refresh is lost on its way, or Home Assistant is killed
    between the answer and the write, the platform has burned the old token and
    nobody has the new one: then, and only then, the owner must sign in again.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: StellantisConfigEntry,
        implementation: StellantisOAuth2Implementation,
    ) -> None:
        """Serve the entry with tokens of this client."""
        self._hass = hass
        self._entry = entry
        self._implementation = implementation
        self._store = token_store(hass, entry.entry_id)
        self._lock = asyncio.Lock()

    async def async_load(self) -> None:
        """Take up the newest token that reached the disk."""
        stored = await self._store.async_load()
        if stored and stored["expires_at"] > self._token["expires_at"]:
            self._keep(stored)

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return an access token, a new one where this one was rejected.

        Raises:
            SignInNeeded: the refresh token does not work any more.
            StellantisError: the identity provider did not answer as it should.

        """
        # Whoever asked may be cancelled; a refresh, once begun, is carried through.
        return await asyncio.shield(
            self._hass.async_create_task(
                self._async_valid_token(rejected), f"{DOMAIN} token"
            )
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
        except SignInNeeded:
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
        self._hass.config_entries.async_update_entry(
            self._entry, data={**self._entry.data, CONF_TOKEN: token}
        )


def token_store(hass: HomeAssistant, entry_id: str) -> Store[Token]:
    """Return where an account's newest token is kept."""
    return Store(
        hass,
        STORAGE_VERSION,
        f"{DOMAIN}.{entry_id}.token",
        private=True,
        atomic_writes=True,
    )


def account_id(brand: Brand, token: Mapping[str, object], user: User) -> str:
    """Return what tells accounts apart: the subject of the id token, else the e-mail.

    The id token comes straight from the identity provider over TLS, which is why
    its signature needs no look. The e-mail is told by its hash alone.
    """
    try:
        claims = jwt.decode(str(token["id_token"]), options={"verify_signature": False})
        subject = str(claims["sub"])
    except KeyError, jwt.InvalidTokenError:
        subject = hashlib.sha256((user.email or "").casefold().encode()).hexdigest()
    return f"{brand}_{subject}"


def granted_scopes(token: Mapping[str, object]) -> list[Scope]:
    """Return the scopes that a token answer grants, all of them where it is silent.

    Some answers name `openid profile` alone: then the API lets through what it does.
    """
    named = str(token.get("scope", "")).split()
    return [scope for scope in Scope if scope in named] or list(Scope)
