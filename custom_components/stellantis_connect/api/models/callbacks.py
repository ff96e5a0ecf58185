"""Callbacks: where the platform sends its messages."""

from enum import StrEnum

from ..decode import json_field, model
from .base import Record


class SubscriptionStatus(StrEnum):
    """Whether messages are sent."""

    RUNNING = "Running"
    PAUSED = "Paused"
    FAILED = "Failed"


class AttributeType(StrEnum):
    """Where in a message an attribute goes; in batches, only those in the body do."""

    HEADER = "Header"
    QUERY = "Query"
    BODY = "Body"


@model
class Attribute:
    """Something that the platform adds to each message; `$vin` and such values it fills in."""

    type: AttributeType | None = None
    key: str | None = None
    value: str | None = None

    def body(self) -> dict[str, object]:
        """Return what to send."""
        return {"type": self.type, "key": self.key, "value": self.value}


class CallbackType(StrEnum):
    """What messages are about."""

    MONITOR = "Monitor"
    REMOTE = "Remote"


@model
class CallbackSubscribe:
    """A webhook to be called.

    Attributes:
        label: what the callback is known by.
        type: what it is for; monitors and remotes if empty.
        name: what the webhook is known by.
        target: the address to post to.
    """

    label: str | None = None
    type: frozenset[CallbackType] = frozenset(CallbackType)
    name: str | None = json_field("callback/webhook/name")
    target: str | None = json_field("callback/webhook/target")
    attributes: tuple[Attribute, ...] = json_field(
        "callback/webhook/attributes", default=()
    )

    def body(self) -> dict[str, object]:
        """Return what to send; without a list of attributes, if only an empty one, it is refused."""
        return {
            "label": self.label,
            "type": sorted(self.type),
            "callback": {
                "webhook": {
                    "name": self.name,
                    "target": self.target,
                    "attributes": [attribute.body() for attribute in self.attributes],
                }
            },
        }


@model
class Callback(Record):
    """A callback as the platform keeps it, maybe of another installation."""

    label: str | None = json_field("label", "subscribe/label")
    status: SubscriptionStatus | None = None
    subscribe: CallbackSubscribe = CallbackSubscribe()
