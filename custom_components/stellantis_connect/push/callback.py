"""Callback of an account, which the platform keeps an installation's remotes and monitors under."""

import asyncio
from collections.abc import Sequence
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
from .store import PushState

# No such domain can exist.
UNREACHABLE_TARGET = "https://home-assistant.invalid/"


class AccountCallback:
    """The callback of a config entry, found by its label; others are left alone.

    A copy of this installation, such as a restored backup, has the same label. A URL that this
    one has not set is replaced once, as the copy may be gone. If it is there again, the callback
    is left to the copy, and this installation has another one.

    Attributes:
        id: its id; None until it is found or created.
        target: the URL that this installation has set; None without one.
        previous_target: the one that it had set before.
        copy_target: the URL of a copy that this installation has replaced.
        is_pushing: whether the platform's messages arrive.
    """

    def __init__(self, entry: ConfigEntry, client: StellantisClient) -> None:
        """Initialize the callback, which is found or created when it is needed."""
        self._client = client
        self._label = f"{DOMAIN}.{entry.entry_id}"
        self._subscribe = self._subscription(UNREACHABLE_TARGET)
        self._lock = asyncio.Lock()
        self._listed: Sequence[Callback] = ()
        self.id: str | None = None
        self.target: str | None = None
        self.previous_target: str | None = None
        self.copy_target: str | None = None
        self.is_pushing = False

    @property
    def rivals(self) -> Sequence[str]:
        """Return the callbacks of other installations, as of the last list."""
        return [
            one.id
            for one in self._listed
            if one.id != self.id and (one.label or "").startswith(f"{DOMAIN}.")
        ]

    def restore(self, state: PushState) -> None:
        """Restore the callback from before a restart."""
        self.id = state.callback_id
        self.target = state.target
        self.previous_target = state.previous_target
        self.copy_target = state.copy_target

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
            wanted = target or UNREACHABLE_TARGET
            self._subscribe = self._subscription(wanted, attributes)
            if self.copy_target == wanted:
                self.copy_target = None
            found = await self._async_find()
            for surplus in found[1:]:
                if surplus.subscribe.target == wanted:
                    await self._client.delete_callback(surplus.id)
            self.id = await self._async_update(found[0]) if found else None
            if self.id is None:
                self.id = await self._async_create()
            else:
                self._note_replaced(found[0].subscribe.target)
            if target != self.target:
                self.previous_target = self.target or self.previous_target
                self.target = target
            return self.id

    async def async_list(self) -> Sequence[Callback]:
        """Return all callbacks of the account."""
        self._listed = await self._client.get_callbacks()
        return self._listed

    async def async_delete(self) -> None:
        """Delete each callback of the config entry once, and with it its monitors.

        Raises:
            StellantisError: it may still exist.

        """
        for found in await self._async_find():
            if self.id in (None, found.id) or found.subscribe.target == self.target:
                await self._client.delete_callback(found.id)

    def _subscription(
        self, target: str, attributes: tuple[Attribute, ...] = ()
    ) -> CallbackSubscribe:
        return CallbackSubscribe(
            label=self._label, name=self._label, target=target, attributes=attributes
        )

    async def _async_find(self) -> list[Callback]:
        """Return the callbacks of the config entry, the one in use first."""
        wanted = self._subscribe.target
        labeled = [one for one in await self.async_list() if one.label == self._label]
        own = [
            one
            for one in labeled
            if self.copy_target is None or one.subscribe.target != self.copy_target
        ]
        if self.id and all(one.id != self.id for one in labeled):
            # During incidents, lists are empty.
            own.append(Callback(id=self.id))
        return sorted(
            own, key=lambda one: (one.subscribe.target != wanted, one.id != self.id)
        )

    def _note_replaced(self, target: str | None) -> None:
        own = (self._subscribe.target, self.target, self.previous_target)
        if target not in (None, UNREACHABLE_TARGET, *own):
            self.copy_target = target

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
