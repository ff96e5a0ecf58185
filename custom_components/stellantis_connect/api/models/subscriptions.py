"""What callbacks and monitors have in common: attributes of their messages, and a status."""

from enum import StrEnum

from ..decode import model


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
