"""What is stored of push: the webhook, and the monitors that post to it."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe

from homeassistant.components.webhook import async_generate_id
from homeassistant.core import HomeAssistant

from ..storage import ModelStore, StorageFormat


@dataclass(frozen=True, kw_only=True)
class StoredMonitor:
    """A monitor that exists at the platform.

    Attributes:
        vehicle: the key of the car.
        label: the label of the monitor.
    """

    vehicle: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PushState:
    """The state of push.

    Attributes:
        webhook_id: the id of the webhook, which nobody can guess.
        secret: what the platform's messages contain.
        callback_id: the callback of the config entry.
        target: the URL that the callback has; None while it has none.
        previous_target: the one that it had before.
        copy_target: the URL of a copy of this installation that used the callback.
        is_proven: whether messages arrive: one did, and no poll has shown since that one is missing.
        received_at: when the last message was received.
        monitors: the monitors by their ids.
    """

    webhook_id: str = field(default_factory=async_generate_id)
    secret: str = field(default_factory=token_urlsafe)
    callback_id: str | None = None
    target: str | None = None
    previous_target: str | None = None
    copy_target: str | None = None
    is_proven: bool = False
    received_at: datetime | None = None
    monitors: dict[str, StoredMonitor] = field(default_factory=dict)


FORMAT = StorageFormat(PushState)


def push_store(hass: HomeAssistant, entry_id: str) -> ModelStore[PushState]:
    """Return the store of a config entry."""
    return ModelStore(hass, f"{entry_id}.push", FORMAT)
