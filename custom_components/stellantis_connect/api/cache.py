"""The last values of a client: an equal response returns the same object."""

from collections.abc import Callable, Hashable
from typing import Any, cast

from .paging import Collection
from .transport import Json, Response


class ResponseCache:
    """The last value of each resource."""

    def __init__(self) -> None:
        """Initialize the cache."""
        self._values: dict[Hashable, tuple[bytes, Any]] = {}
        self._collections: dict[Hashable, Collection[Any]] = {}

    def last(self, key: Hashable) -> Any:
        """Return the last value; None without one."""
        return self._values.get(key, (None, None))[1]

    def value[T](
        self, key: Hashable, response: Response, read: Callable[[Json], T]
    ) -> T:
        """Return what is read from a response; the last value if the response is the same."""
        body, value = self._values.get(key, (None, None))
        if body != response.body:
            value = read(response.json)
            self._values[key] = response.body, value
        return cast(T, value)

    def collection[T](self, key: Hashable, collection: Collection[T]) -> Collection[T]:
        """Return a collection; the last one if it is equal."""
        last = self._collections.setdefault(key, collection)
        if last == collection and last.complete == collection.complete:
            return last
        self._collections[key] = collection
        return collection
