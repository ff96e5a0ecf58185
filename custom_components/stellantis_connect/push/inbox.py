"""Messages that were received and wait to be merged."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from aiohttp.hdrs import METH_POST
from aiohttp.web import Request, Response

from homeassistant.components import webhook
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.models.messages import Message
from ..const import DOMAIN
from .webhook import RejectedRequestError, async_read_messages

# A poll makes up for the messages that do not fit.
MAX_WAITING = 500


@dataclass
class MessageCounts:
    """How many messages were received.

    Attributes:
        received: those with the secret.
        dropped: those that did not fit in the queue.
        unknown: those of unknown callbacks, monitors, cars or remotes.
        rejected: the requests without the secret, or of another form.
    """

    received: int = 0
    dropped: int = 0
    unknown: int = 0
    rejected: int = 0


class Inbox:
    """Receive messages by the webhook, and handle them one by one in the background."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        handle_message: Callable[[Message], bool],
        handle_loss: Callable[[], None],
    ) -> None:
        """Initialize the queue.

        Args:
            hass: Home Assistant.
            entry: the config entry.
            handle_message: handles a message, and returns whether it is known.
            handle_loss: called once the queue is empty again after messages did not fit.

        """
        self._hass = hass
        self._entry = entry
        self._secret = ""
        self._handle_message = handle_message
        self._handle_loss = handle_loss
        self._has_loss = False
        self._waiting: deque[Mapping[str, object]] = deque(maxlen=MAX_WAITING)
        self._task: asyncio.Task[None] | None = None
        self.counts = MessageCounts()

    @callback
    def async_register(self, webhook_id: str, secret: str) -> None:
        """Register the webhook until the config entry is unloaded."""
        self._secret = secret

        @callback
        def unregister() -> None:
            webhook.async_unregister(self._hass, webhook_id)

        webhook.async_register(
            self._hass,
            DOMAIN,
            self._entry.title,
            webhook_id,
            self._async_handle_request,
            allowed_methods=[METH_POST],
        )
        self._entry.async_on_unload(unregister)

    async def _async_handle_request(
        self, hass: HomeAssistant, webhook_id: str, request: Request
    ) -> Response:
        """Accept messages, or respond with the status of an error."""
        try:
            messages = await async_read_messages(request, self._secret)
        except RejectedRequestError as err:
            self.counts.rejected += 1
            return Response(status=err.status)
        self.async_receive(messages)
        return Response()

    @callback
    def async_receive(self, messages: Collection[Mapping[str, object]]) -> None:
        """Have messages handled in the background; the oldest are dropped if there are too many."""
        self.counts.received += len(messages)
        if (surplus := len(self._waiting) + len(messages) - MAX_WAITING) > 0:
            self.counts.dropped += surplus
            self._has_loss = True
        self._waiting.extend(messages)
        if self._task is None or self._task.done():
            self._task = self._entry.async_create_background_task(
                self._hass, self._async_handle_waiting(), f"{DOMAIN} messages"
            )

    async def _async_handle_waiting(self) -> None:
        while self._waiting:
            message = Message.from_json(self._waiting.popleft())
            if not self._handle_message(message):
                self.counts.unknown += 1
            # Other tasks run between two messages.
            await asyncio.sleep(0)
        if self._has_loss:
            self._has_loss = False
            self._handle_loss()
