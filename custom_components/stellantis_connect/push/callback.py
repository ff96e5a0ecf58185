"""The account's callback, behind which the platform keeps an installation's remotes."""

import asyncio
from contextlib import suppress

from ..api.exceptions import OutcomeUnknownError, ServerError
from ..api.models.callbacks import CallbackSubscribe
from ..api.stellantis import StellantisClient
from ..const import DOMAIN

# It can receive nothing: there is no such domain, nor will there be.
NOWHERE = "https://home-assistant.invalid/"


class AccountCallback:
    """The one callback of an entry, found by its name; those of others are left alone."""

    def __init__(self, client: StellantisClient, entry_id: str) -> None:
        """Look for it when somebody needs it, and not before."""
        self._client = client
        self._label = f"{DOMAIN}.{entry_id}"
        self._id: str | None = None
        self._lock = asyncio.Lock()

    async def async_get_id(self) -> str:
        """Return its id; it is made where there is none.

        Raises:
            StellantisError: it could be neither found nor made.

        """
        async with self._lock:
            self._id = (
                self._id or await self._async_find() or await self._async_create()
            )
            return self._id

    def forget(self) -> None:
        """Look for it again next time: somebody has deleted it."""
        self._id = None

    async def async_delete(self) -> None:
        """Delete it, wherever it came from.

        Raises:
            StellantisError: it may still be there.

        """
        while found := await self._async_find():
            await self._client.delete_callback(found)

    async def _async_find(self) -> str | None:
        return next(
            (
                callback.id
                for callback in await self._client.get_callbacks()
                if callback.label == self._label
            ),
            None,
        )

    async def _async_create(self) -> str:
        subscribe = CallbackSubscribe(
            label=self._label, name=self._label, target=NOWHERE
        )
        with suppress(OutcomeUnknownError):
            return await self._client.create_callback(subscribe)
        if made := await self._async_find():
            return made
        raise ServerError("callback")
