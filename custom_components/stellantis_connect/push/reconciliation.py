"""Reconciliation in the background, which is retried after a failure."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later

from ..api.exceptions import StellantisError
from ..const import DOMAIN
from ..polling.backoff import retry_delay

_LOGGER = logging.getLogger(__name__)

LONGEST_RETRY = timedelta(hours=6)


class Reconciliation:
    """Reconcile whenever something has changed, one time after the other."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        reconcile: Callable[[], Awaitable[None]],
    ) -> None:
        """Initialize the reconciliation; nothing has changed yet."""
        self._hass = hass
        self._entry = entry
        self._reconcile = reconcile
        self._task: asyncio.Task[None] | None = None
        self._is_outdated = False
        self._failures = 0
        self._cancel_retry: CALLBACK_TYPE | None = None

    @callback
    def async_schedule(self, *_: object) -> None:
        """Reconcile in the background."""
        self._is_outdated = True
        if self._task is None or self._task.done():
            self._task = self._entry.async_create_background_task(
                self._hass, self._async_run(), f"{DOMAIN} push"
            )

    @callback
    def async_retry(self, delay: timedelta) -> None:
        """Reconcile after some time, unless that happens before."""
        self.close()
        self._cancel_retry = async_call_later(self._hass, delay, self.async_schedule)

    @callback
    def close(self) -> None:
        """Cancel what is planned."""
        if self._cancel_retry:
            self._cancel_retry()

    async def _async_run(self) -> None:
        """Reconcile until nothing has changed meanwhile; after a failure, retry later."""
        while self._is_outdated:
            self._is_outdated = False
            self.close()
            try:
                await self._reconcile()
            except (StellantisError, HomeAssistantError) as err:
                _LOGGER.debug("Failed to update push: %s", err)
                self._failures += 1
                self.async_retry(retry_delay(self._failures, LONGEST_RETRY))
            else:
                self._failures = 0
