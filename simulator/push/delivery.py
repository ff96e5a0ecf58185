"""Delivery of messages: one by one, in batches when they lag, again and again until they arrive."""

import asyncio
from collections.abc import Callable
import contextlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
from yarl import URL

from simulator.clock import rfc3339
from simulator.errors import Json
from simulator.faults import Faults

from .messages import Message

RETRY = timedelta(seconds=10)
RETENTION = timedelta(hours=72)
BATCH = 100
TIMEOUT = aiohttp.ClientTimeout(total=10)
UNREACHABLE = ".invalid"
"""The top-level domain that is reserved for addresses which lead nowhere (RFC 6761)."""


@dataclass(eq=False)
class QueuedMessage:
    """A message and its delivery."""

    message: Message
    accepted: datetime
    attempts: int = 0
    delivered: bool = False
    lost: bool = False


@dataclass
class Outbox:
    """The pending messages of one target; it lags once a delivery has failed."""

    waiting: list[QueuedMessage] = field(default_factory=list)
    next_try: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Return whether something should be posted."""
        return bool(self.waiting) and (self.next_try is None or self.next_try <= now)

    def batch(self) -> list[QueuedMessage]:
        """Return what goes in the next post."""
        return self.waiting[: BATCH if self.next_try else 1]


class Delivery:
    """The delivery of messages to the callbacks."""

    def __init__(self, faults: Faults, now: Callable[[], datetime]) -> None:
        """Initialize without messages; `now` is the clock of retries."""
        self._faults = faults
        self._now = now
        self._outboxes: dict[str, Outbox] = {}
        self._held: list[QueuedMessage] = []
        self._messages: list[QueuedMessage] = []
        self._busy = asyncio.Lock()

    def take(self, message: Message) -> None:
        """Queue a message, unless a fault loses, doubles or holds it."""
        queued = QueuedMessage(message, self._now())
        self._messages.append(queued)
        if self._faults.use("lose_message"):
            queued.lost = True
        elif self._faults.use("hold_message"):
            self._held.append(queued)
        else:
            copies = 2 if self._faults.use("double_message") else 1
            for one in (*[queued] * copies, *self._held):
                outbox = self._outboxes.setdefault(one.message.target, Outbox())
                outbox.waiting.append(one)
            self._held.clear()

    def forget(self, callback_id: str) -> None:
        """Delete the pending messages of a callback."""
        for outbox in self._outboxes.values():
            outbox.waiting = [
                queued
                for queued in outbox.waiting
                if queued.message.callback_id != callback_id
            ]

    async def deliver(self) -> None:
        """Post whatever is due."""
        async with self._busy:
            due = [
                (target, outbox)
                for target, outbox in self._outboxes.items()
                if outbox.is_due(self._now())
            ]
            if not due:
                return
            async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
                for target, outbox in due:
                    await self._empty(session, target, outbox)

    def shown(self) -> list[Json]:
        """Return all messages with what became of them, oldest first."""
        return [
            {
                "raised": rfc3339(queued.message.raised),
                "target": queued.message.target,
                "attempts": queued.attempts,
                "delivered": queued.delivered,
                "lost": queued.lost,
                "message": queued.message.body,
            }
            for queued in self._messages
        ]

    async def _empty(
        self, session: aiohttp.ClientSession, target: str, outbox: Outbox
    ) -> None:
        oldest = self._now() - RETENTION
        outbox.waiting = [one for one in outbox.waiting if one.accepted >= oldest]
        while outbox.is_due(self._now()):
            batch = outbox.batch()
            for queued in batch:
                queued.attempts += 1
            if not await _post(session, target, [one.message for one in batch]):
                outbox.next_try = self._now() + RETRY
                return
            for queued in batch:
                queued.delivered = True
                # The callback may have been deleted in the meantime.
                with contextlib.suppress(ValueError):
                    outbox.waiting.remove(queued)
        outbox.next_try = None


async def _post(
    session: aiohttp.ClientSession, target: str, batch: list[Message]
) -> bool:
    """Return whether a target accepts a message, or a batch, which has no headers and query."""
    if (URL(target).host or UNREACHABLE).endswith(UNREACHABLE):
        return False
    alone = batch[0] if len(batch) == 1 else None
    try:
        async with session.post(
            target,
            json=alone.body if alone else [message.body for message in batch],
            headers=alone.headers if alone else None,
            params=alone.query if alone else None,
            ssl=False,
        ) as response:
            return 200 <= response.status < 300
    except aiohttp.ClientError, TimeoutError:
        return False
