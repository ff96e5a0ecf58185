"""A coordinator that counts the listeners of each context."""

from collections import Counter
from collections.abc import Set as AbstractSet
from typing import Any, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .endpoints import Endpoint


class EndpointCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """A coordinator whose listeners give the endpoint that they need as context."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Initialize the coordinator without listeners."""
        super().__init__(*args, **options)
        self._listener_counts = Counter[Endpoint]()

    @property
    def needed_endpoints(self) -> AbstractSet[Endpoint]:
        """Return the endpoints that listeners need, without walking through all listeners."""
        return {one for one, count in self._listener_counts.items() if count}

    @callback
    @override
    def async_add_listener(
        self, update_callback: CALLBACK_TYPE, context: Endpoint | None = None
    ) -> CALLBACK_TYPE:
        remove_listener = super().async_add_listener(update_callback, context)
        if context is None:
            return remove_listener
        self._listener_counts[context] += 1

        @callback
        def remove() -> None:
            remove_listener()
            self._listener_counts[context] -= 1

        return remove
