"""Messages that the platform sends to the webhook of a callback."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..decode import json_field, model
from .base import Stored
from .monitors import MonitoredData
from .remotes import RemoteState

type Json = Mapping[str, object]


@model
class TriggerValue:
    """A value that fired a trigger."""

    data: MonitoredData | None = None


@model
class Message(Stored):
    """A message of a monitor or about a remote.

    Attributes:
        date: when it was created at the platform.
        monitor_id: the monitor that fired.
        values: the values that fired it.
        remote: the state of a remote.
    """

    callback_id: str | None = None
    date: datetime | None = None
    monitor_id: str | None = json_field("monitorEvent/monitorId")
    values: tuple[TriggerValue, ...] = json_field("monitorEvent/values", default=())
    remote: RemoteState | None = json_field("remoteEvent")

    @property
    def data(self) -> frozenset[MonitoredData]:
        """Return the data that fired the monitor."""
        return frozenset(value.data for value in self.values if value.data)

    @property
    def parts(self) -> Sequence[tuple[object, Json]]:
        """Return the JSON objects of the extensions, each with the name of its extension."""
        return [
            (extension.get("type"), part)
            for extension in objects_of(self.raw.get("monitorEvent"), "extensions")
            for part in objects_of(extension, "body")
        ]


def objects_of(value: object, key: str) -> Sequence[Json]:
    """Return the objects of a field, which is an object or a list of them."""
    content = value.get(key) if isinstance(value, dict) else None
    elements = content if isinstance(content, list) else [content]
    return [one for one in elements if isinstance(one, dict)]
