"""Storage: typed, atomic and private stores that never block setup."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
import hashlib
import logging
from pathlib import Path
from typing import Any, ClassVar, Self, override

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
from mashumaro.dialect import Dialect
from mashumaro.types import SerializableType

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import json_dumps
from homeassistant.helpers.storage import STORAGE_DIR, Store
from homeassistant.util.json import json_loads_object

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

CORRUPT_SUFFIX = ".corrupt"

type Migration = Callable[[Any], Any]


def _checked[T](expected: type[T]) -> Callable[[object], T]:
    """Return a deserializer that refuses a value of another type."""

    def deserialize(value: object) -> T:
        if type(value) is not expected:
            raise TypeError(f"Not of type {expected.__name__}")
        return value

    return deserialize


def _float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("Not a number")
    return float(value)


def _aware_datetime(value: str) -> datetime:
    parsed = datetime.fromisoformat(value)
    if parsed.tzinfo is None:
        raise ValueError("Not a timezone-aware datetime")
    return parsed


class _StorageDialect(Dialect):
    """Deserialize strictly: mashumaro on its own converts, or accepts, any scalar."""

    serialization_strategy = {
        bool: {"deserialize": _checked(bool)},
        datetime: {"deserialize": _aware_datetime},
        float: {"deserialize": _float},
        int: {"deserialize": _checked(int)},
        str: {"deserialize": _checked(str)},
    }


def vehicle_digest(vehicle_key: str) -> str:
    """Return what names a car's store without revealing its VIN."""
    return hashlib.sha256(vehicle_key.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class JSONText(SerializableType):
    """A JSON object that is stored as text: indented, it would take twice the space."""

    value: Mapping[str, Any]

    @override
    def _serialize(self) -> str:
        return json_dumps(self.value)

    @classmethod
    @override
    def _deserialize(cls, value: str) -> Self:
        return cls(json_loads_object(value))


class StorageFormat[DataT]:
    """How data of one type is stored.

    Create it once per module: it generates code for the type.

    Attributes:
        version: the version that is written: each migration raises it by one.
    """

    def __init__(
        self, data_type: type[DataT], migrations: Sequence[Migration] = ()
    ) -> None:
        """Initialize the format.

        Args:
            data_type: a dataclass, or a mapping or sequence of dataclasses; `__post_init__` may
                raise ValueError for values that make no sense.
            migrations: what converts stored data of version 1 to 2, of 2 to 3, and so on.

        """
        self.version = 1 + len(migrations)
        self._migrations = migrations
        self._decoder = BasicDecoder(data_type, default_dialect=_StorageDialect)
        self._encoder = BasicEncoder(data_type, default_dialect=_StorageDialect)

    def encode(self, data: DataT) -> Any:
        """Return the data as JSON types."""
        return self._encoder.encode(data)

    def decode(self, stored: Any) -> DataT:
        """Return the data from JSON types."""
        return self._decoder.decode(stored)

    def migrate(self, version: int, stored: Any) -> Any:
        """Return stored data of an older version as data of this version."""
        if version < 1:
            raise ValueError("Unknown version")
        for migration in self._migrations[version - 1 :]:
            stored = migration(stored)
        return stored


@dataclass(frozen=True)
class StoredText[ModelT](SerializableType):
    """A model that is stored as text, without what is empty: indented, it takes several times the space."""

    storage_format: ClassVar[StorageFormat[Any]]
    model: ModelT

    @override
    def _serialize(self) -> str:
        encoded = self.storage_format.encode(self.model)
        return json_dumps({k: v for k, v in encoded.items() if v not in (None, [])})

    @classmethod
    @override
    def _deserialize(cls, value: str) -> Self:
        return cls(cls.storage_format.decode(json_loads_object(value)))


class _JSONStore(Store[Any]):
    """A JSON file of Home Assistant's storage that migrates by a format."""

    def __init__(
        self,
        hass: HomeAssistant,
        key: str,
        storage_format: StorageFormat[Any],
        *,
        serialize_in_event_loop: bool,
    ) -> None:
        """Initialize the store."""
        super().__init__(
            hass,
            storage_format.version,
            key,
            private=True,
            atomic_writes=True,
            serialize_in_event_loop=serialize_in_event_loop,
        )
        self._format = storage_format

    @override
    async def _async_migrate_func(
        self, old_major_version: int, old_minor_version: int, old_data: Any
    ) -> Any:
        return self._format.migrate(old_major_version, old_data)

    async def async_wait_for_write(self) -> None:
        """Wait until no write is in progress."""
        async with self._write_lock:
            pass


class ModelStore[DataT]:
    """Immutable data in a file; saving is ignored before it is loaded and after it is closed."""

    def __init__(
        self,
        hass: HomeAssistant,
        name: str,
        storage_format: StorageFormat[DataT],
        *,
        serialize_in_event_loop: bool = False,
    ) -> None:
        """Initialize the store; the name appears in the log and holds nothing personal."""
        self._hass = hass
        self._key = f"{DOMAIN}.{name}"
        self._format = storage_format
        self._store = _JSONStore(
            hass,
            self._key,
            storage_format,
            serialize_in_event_loop=serialize_in_event_loop,
        )
        self._is_open = False
        self._is_scheduled = False
        self._latest: DataT | None = None
        self._written: DataT | None = None

    async def async_load(self) -> DataT | None:
        """Return what is stored; None if there is nothing or it cannot be read."""
        try:
            stored = await self._store.async_load()
            data = None
            if stored is not None:
                decode = self._format.decode
                data = await self._hass.async_add_executor_job(decode, stored)
        except (
            ArithmeticError,
            AttributeError,
            HomeAssistantError,
            LookupError,
            TypeError,
            ValueError,
        ) as err:
            _LOGGER.error(
                "Failed to read storage %s (%s), renamed it to %s%s",
                self._key,
                type(err).__name__,
                self._key,
                CORRUPT_SUFFIX,
            )
            await self._hass.async_add_executor_job(_set_aside, Path(self._store.path))
            data = None
        self._latest = self._written = data
        self._is_open = True
        return data

    async def async_save(self, data: DataT) -> None:
        """Write the data now, unless it is what is stored already."""
        if self._is_open and data != self._written:
            self._latest = self._written = data
            # Saving cancels a write that is pending.
            self._is_scheduled = False
            await self._store.async_save(self._format.encode(data))

    @callback
    def async_delay_save(self, data: DataT, delay: float) -> None:
        """Write the data after some seconds; later data joins a write that is pending."""
        if not self._is_open or data == self._latest:
            return
        self._latest = data
        if not self._is_scheduled:
            self._is_scheduled = True
            self._store.async_delay_save(self._encode_latest, delay)

    @callback
    def async_schedule_save(self, data_fn: Callable[[], DataT], delay: float) -> None:
        """Write what a function returns after some seconds."""
        if not self._is_open or self._is_scheduled:
            return

        def encode() -> Any:
            self._latest = data_fn()
            return self._encode_latest()

        self._is_scheduled = True
        self._store.async_delay_save(encode, delay)

    async def async_close(self) -> None:
        """Write what is pending, and ignore what a run that has ended still saves."""
        is_pending = self._is_open and self._latest != self._written
        self._is_open = False
        if is_pending:
            encoded = await self._hass.async_add_executor_job(self._encode_latest)
            await self._store.async_save(encoded)
        await self._store.async_wait_for_write()

    async def async_remove(self) -> None:
        """Remove the file, and what was set aside of it."""
        self._is_open = False
        await self._store.async_remove()
        path = Path(self._store.path)
        await self._hass.async_add_executor_job(_remove, path.parent, f"{path.name}.*")

    def _encode_latest(self) -> Any:
        # Data that comes from now on needs a write of its own.
        self._is_scheduled = False
        self._written = latest = self._latest
        return None if latest is None else self._format.encode(latest)


async def async_stored_names(hass: HomeAssistant, prefix: str) -> list[str]:
    """Return the names of the stores, written before, that begin with a prefix."""
    directory = Path(hass.config.path(STORAGE_DIR))
    paths = await hass.async_add_executor_job(
        lambda: [*directory.glob(f"{DOMAIN}.{prefix}*")]
    )
    return [path.name.removeprefix(f"{DOMAIN}.") for path in paths]


async def async_remove_stores(hass: HomeAssistant, name: str) -> None:
    """Remove each store whose name begins with this one, and what was set aside of them."""
    await hass.async_add_executor_job(
        _remove, Path(hass.config.path(STORAGE_DIR)), f"{DOMAIN}.{name}*"
    )


def _set_aside(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.replace(path.with_name(path.name + CORRUPT_SUFFIX))


def _remove(directory: Path, pattern: str) -> None:
    for path in directory.glob(pattern):
        path.unlink()
