"""A coordinator that knows which endpoints its listeners need."""

from collections.abc import Set as AbstractSet
from typing import Any

from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .endpoints import Endpoint


class EndpointCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A coordinator whose listeners give the endpoint that they need as context."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Initialize the coordinator without listeners."""
        super().__init__(*args, **options)
        self._listeners_seen = (0, 0)
        self._needed_endpoints = frozenset[Endpoint]()

    @property
    def needed_endpoints(self) -> AbstractSet[Endpoint]:
        """Return the endpoints that listeners need, collected only after listeners changed."""
        listeners = self._last_listener_id, len(self._listeners)
        if listeners != self._listeners_seen:
            self._listeners_seen = listeners
            self._needed_endpoints = frozenset(self.async_contexts())
        return self._needed_endpoints
