"""Callback of an account, which the platform keeps an installation's remotes under."""

import asyncio
from contextlib import suppress

from homeassistant.config_entries import ConfigEntry

from ..api.client import StellantisClient
from ..api.exceptions import OutcomeUnknownError, ServerError
from ..api.models.callbacks import CallbackSubscribe
from ..const import DOMAIN

# No such domain can exist.
UNREACHABLE_TARGET = "https://home-assistant.invalid/"


class AccountCallback:
    """The callback of a config entry, found by its label; others are left alone."""

    def __init__(self, entry: ConfigEntry, client: StellantisClient) -> None:
        """Initialize the callback, which is found or created when it is needed."""
        self._client = client
        self._label = f"{DOMAIN}.{entry.entry_id}"
        self._id: str | None = None
        self._lock = asyncio.Lock()

    async def async_get_id(self) -> str:
        """Return the id; create the callback where there is none.

        Raises:
            StellantisError: it could be neither found nor created.

        """
        async with self._lock:
            self._id = (
                self._id or await self._async_find() or await self._async_create()
            )
            return self._id

    def forget(self) -> None:
        """Forget the id of a callback that was deleted."""
        self._id = None

    async def async_delete(self) -> None:
        """Delete each callback of the config entry once.

        Raises:
            StellantisError: it may still exist.

        """
        for found in await self._client.get_callbacks():
            if found.label == self._label:
                await self._client.delete_callback(found.id)

    async def _async_find(self) -> str | None:
        callbacks = await self._client.get_callbacks()
        return next((one.id for one in callbacks if one.label == self._label), None)

    async def _async_create(self) -> str:
        subscribe = CallbackSubscribe(
            label=self._label, name=self._label, target=UNREACHABLE_TARGET
        )
        with suppress(OutcomeUnknownError):
            return await self._client.create_callback(subscribe)
        if found := await self._async_find():
            return found
        raise ServerError("callback")
