"""Messages that the platform sends to the webhook of a callback."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ..decode import json_field, model
from .base import Stored
from .monitors import ExtendedEvent, MonitoredData
from .remotes import RemoteState


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

    def extensions(
        self, event: ExtendedEvent, key: str
    ) -> Iterator[Mapping[str, object]]:
        """Yield the JSON objects of an extension, such as the alerts of `vehicle.alerts`."""
        monitor_event = self.raw.get("monitorEvent")
        for extension in _objects(monitor_event, "extensions"):
            if extension.get("type") == event:
                for part in _objects(extension, "body"):
                    yield from _objects(part, key)


def _objects(value: object, key: str) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a field, which is an object or a list of them."""
    content = value.get(key) if isinstance(value, dict) else None
    for one in content if isinstance(content, list) else [content]:
        if isinstance(one, dict):
            yield one
