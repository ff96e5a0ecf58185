"""The target, the attributes, and the body of a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from simulator.clock import rfc3339
from simulator.errors import Json


@dataclass(frozen=True)
class Attribute:
    """A key and a value for the header, the query, or the body."""

    place: str
    key: str
    value: str

    def filled(self, variables: Mapping[str, str]) -> Attribute:
        """Return it with a variable's value, if its own is the name of one."""
        return Attribute(self.place, self.key, variables.get(self.value, self.value))


def read_attributes(body: Json) -> list[Attribute]:
    """Parse a list of attributes; what is none is left out."""
    found = []
    for one in body if isinstance(body, list) else []:
        match one:
            case {
                "type": "Header" | "Query" | "Body" as place,
                "key": str(key),
                "value": str(value),
            }:
                found.append(Attribute(place, key, value))
    return found


@dataclass(frozen=True)
class Message:
    """A message; the event is `monitorEvent` or `remoteEvent`."""

    callback_id: str
    target: str
    attributes: tuple[Attribute, ...]
    raised: datetime
    kind: str
    event: dict[str, Json]

    @property
    def body(self) -> dict[str, Json]:
        """Return the message as it is posted."""
        return {
            "callbackId": self.callback_id,
            "attributes": [
                {"key": attribute.key, "value": attribute.value}
                for attribute in self._at("Body")
            ],
            "type": self.kind,
            "date": rfc3339(self.raised),
            f"{self.kind.lower()}Event": self.event,
        }

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers, which a batch does not have."""
        return {attribute.key: attribute.value for attribute in self._at("Header")}

    @property
    def query(self) -> dict[str, str]:
        """Return the query, which a batch does not have."""
        return {attribute.key: attribute.value for attribute in self._at("Query")}

    def _at(self, place: str) -> list[Attribute]:
        return [attribute for attribute in self.attributes if attribute.place == place]
