"""Callback of an account, which the platform keeps an installation's remotes and monitors under."""

import asyncio
from contextlib import suppress

from homeassistant.config_entries import ConfigEntry

from ..api.client import StellantisClient
from ..api.exceptions import (
    BadRequestError,
    NotFoundError,
    OutcomeUnknownError,
    ServerError,
)
from ..api.models.callbacks import (
    Attribute,
    Callback,
    CallbackSubscribe,
    SubscriptionStatus,
)
from ..const import DOMAIN

# No such domain can exist.
UNREACHABLE_TARGET = "https://home-assistant.invalid/"


class AccountCallback:
    """The callback of a config entry, found by its label; others are left alone.

    Attributes:
        id: its id; None until it is found or created.
        is_pushing: whether the platform's messages arrive.
    """

    def __init__(self, entry: ConfigEntry, client: StellantisClient) -> None:
        """Initialize the callback, which is found or created when it is needed."""
        self._client = client
        self._label = f"{DOMAIN}.{entry.entry_id}"
        self._subscribe = self._subscription(UNREACHABLE_TARGET)
        self._lock = asyncio.Lock()
        self.id: str | None = None
        self.is_pushing = False

    async def async_get_id(self) -> str:
        """Return the id; create the callback where there is none.

        Raises:
            StellantisError: it could be neither found nor created.

        """
        async with self._lock:
            if self.id is None:
                found = await self._async_find()
                self.id = found[0].id if found else await self._async_create()
            return self.id

    async def async_set_target(
        self, target: str | None, attributes: tuple[Attribute, ...] = ()
    ) -> str:
        """Have messages sent to a URL, or nowhere; return the id of the running callback.

        Args:
            target: the URL.
            attributes: the attributes of each message.

        Raises:
            StellantisError: the callback may have another target, or may not run.

        """
        async with self._lock:
            self._subscribe = self._subscription(
                target or UNREACHABLE_TARGET, attributes
            )
            found = await self._async_find()
            for surplus in found[1:]:
                await self._client.delete_callback(surplus.id)
            self.id = await self._async_update(found[0]) if found else None
            if self.id is None:
                self.id = await self._async_create()
            return self.id

    async def async_delete(self) -> None:
        """Delete each callback of the config entry once, and with it its monitors.

        Raises:
            StellantisError: it may still exist.

        """
        for found in await self._async_find():
            await self._client.delete_callback(found.id)

    def _subscription(
        self, target: str, attributes: tuple[Attribute, ...] = ()
    ) -> CallbackSubscribe:
        return CallbackSubscribe(
            label=self._label, name=self._label, target=target, attributes=attributes
        )

    async def _async_find(self) -> list[Callback]:
        """Return the callbacks of the config entry, the one in use first."""
        callbacks = await self._client.get_callbacks()
        own = [one for one in callbacks if one.label == self._label]
        return sorted(own, key=lambda one: one.id != self.id)

    async def _async_update(self, held: Callback) -> str | None:
        """Return the id of a callback that runs as it should; None if it was deleted."""
        try:
            if held.subscribe.body() != self._subscribe.body():
                await self._client.update_callback(held.id, self._subscribe)
            if held.status is not SubscriptionStatus.RUNNING:
                await self._client.set_callback_status(
                    held.id, SubscriptionStatus.RUNNING
                )
        except BadRequestError, NotFoundError:
            await self._client.delete_callback(held.id)
            return None
        return held.id

    async def _async_create(self) -> str:
        with suppress(OutcomeUnknownError):
            return await self._client.create_callback(self._subscribe)
        if found := await self._async_find():
            return found[0].id
        raise ServerError("callback")
