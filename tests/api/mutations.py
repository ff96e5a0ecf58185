"""Mutations of JSON: one field is removed or has a wrong value."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
import math
from typing import Any

REMOVED = object()
DUPLICATED = object()
WRONG_TYPES: dict[str, object] = {
    "removed": REMOVED,
    "null": None,
    "text": "Unheard-of",
    "number": 17,
    "boolean": True,
    "list": [],
    "list of text": ["Unheard-of"],
    "object": {},
    "object of text": {"type": "Unheard-of"},
}
MUTATIONS: dict[str, object] = {
    **WRONG_TYPES,
    "duplicated": DUPLICATED,
    "empty text": "",
    "zero": 0,
    "negative": -1,
    "255": 255,
    "65535": 65535,
    "huge": 10**400,
    "huge negative": -1e300,
    "not a number": math.nan,
    "infinity": math.inf,
    "past": "1970-01-01T00:00:00Z",
    "far past": "0001-01-01T00:00:00+23:00",
    "far future": "2099-12-31T23:59:59Z",
    "end of time": "9999-12-31T23:59:59-23:00",
    "sentinel of durations": "PT34H7M",
    "long duration": "PT90000000H",
    "absurd duration": f"P{'9' * 400}D",
    "negative duration": "-PT1H",
}
type Path = tuple[str | int, ...]


def paths(json: Any, prefix: Path = (), *, elements: bool = False) -> Iterator[Path]:
    """Yield the path of each field; elements of lists without objects only on request."""
    if prefix and (elements or not isinstance(prefix[-1], int)):
        yield prefix
    if isinstance(json, dict):
        for key, value in json.items():
            if key != "_links":
                yield from paths(value, (*prefix, key), elements=elements)
    elif isinstance(json, list):
        for index, value in enumerate(json):
            if elements or isinstance(value, dict):
                yield from paths(value, (*prefix, index), elements=elements)


def at(json: Any, path: Path) -> Any:
    """Return the value at a path."""
    for step in path:
        json = json[step]
    return json


@contextmanager
def mutation(json: Any, path: Path, value: object) -> Iterator[None]:
    """Mutate JSON in place, for as long as the context lasts."""
    *above, last = path
    parent = at(json, tuple(above))
    original = parent[last]
    items = list(parent.items()) if isinstance(parent, dict) else list(parent)
    if value is REMOVED:
        del parent[last]
    elif value is DUPLICATED:
        parent[last] = original * 2 if isinstance(original, list) else [original] * 2
    else:
        parent[last] = value
    try:
        yield
    finally:
        if isinstance(parent, dict):
            parent.clear()
            parent.update(items)
        else:
            parent[:] = items


def mutated(json: Any, path: Path, value: object) -> Any:
    """Return a mutated copy of JSON."""
    copy = deepcopy(json)
    with mutation(copy, path, value):
        return deepcopy(copy)
