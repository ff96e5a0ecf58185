"""Callbacks: where the platform sends messages."""

from enum import StrEnum

from ..decode import json_field, model
from .base import Record


class SubscriptionStatus(StrEnum):
    """The status of a callback or a monitor."""

    RUNNING = "Running"
    PAUSED = "Paused"
    FAILED = "Failed"


class AttributeType(StrEnum):
    """Where an attribute is in a message; batches have only those in the body."""

    HEADER = "Header"
    QUERY = "Query"
    BODY = "Body"


@model
class Attribute:
    """An attribute that the platform adds to each message; values such as `$vin` are replaced."""

    type: AttributeType | None = None
    key: str | None = None
    value: str | None = None

    def body(self) -> dict[str, object]:
        """Return the JSON object to send."""
        return {"type": self.type, "key": self.key, "value": self.value}


class CallbackType(StrEnum):
    """The subject of messages."""

    MONITOR = "Monitor"
    REMOTE = "Remote"


@model
class CallbackSubscribe:
    """The subscription of a webhook.

    Attributes:
        label: the label of the callback.
        name: the name of the webhook.
        target: the URL of the webhook.
    """

    label: str | None = None
    type: frozenset[CallbackType] = frozenset(CallbackType)
    name: str | None = json_field("callback/webhook/name")
    target: str | None = json_field("callback/webhook/target")
    attributes: tuple[Attribute, ...] = json_field(
        "callback/webhook/attributes", default=()
    )

    def body(self) -> dict[str, object]:
        """Return the JSON object to send; the platform refuses it without a list of attributes."""
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
    """A callback, which may be of another installation."""

    label: str | None = json_field("label", "subscribe/label")
    status: SubscriptionStatus | None = None
    subscribe: CallbackSubscribe = CallbackSubscribe()
