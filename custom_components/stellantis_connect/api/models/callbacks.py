"""Callbacks: where the platform sends its messages."""

from enum import StrEnum

from ..decode import at, model
from .common import Record
from .subscriptions import Attribute, SubscriptionStatus


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
    name: str | None = at("callback/webhook/name")
    target: str | None = at("callback/webhook/target")
    attributes: tuple[Attribute, ...] = at("callback/webhook/attributes", default=())

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

    label: str | None = at("label", "subscribe/label")
    status: SubscriptionStatus | None = None
    subscribe: CallbackSubscribe = CallbackSubscribe()
