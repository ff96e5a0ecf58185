"""Images for Stellantis Connect."""

from asyncio import Task
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
from http import HTTPStatus
import logging
from pathlib import Path
from typing import override

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
from homeassistant.util.file import write_utf8_file_atomic

from .api.models.brand import Brand
from .availability.catalog import LOCAL
from .const import DOMAIN
from .coordinator import VehicleCoordinator
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .runtime import StellantisConfigEntry, VehicleData
from .storage import vehicle_digest

_LOGGER = logging.getLogger(__name__)

PARALLEL_UPDATES = 0

# The most that a car is known to have.
MAX_PICTURES = 12
MAX_PICTURE_SIZE = 5 * 2**20
PICTURE_DOMAINS = frozenset({"opel-vauxhall.com", *(brand.domain for brand in Brand)})
TIMEOUT = ClientTimeout(total=30)
MIN_RETRY_INTERVAL = timedelta(minutes=5)
MAX_RETRY_INTERVAL = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture and the time when it was fetched."""

    content: bytes
    content_type: str
    fetched_at: datetime


class PictureFile:
    """The file of a picture, whose name contains what identifies its URL."""

    def __init__(self, directory: Path, name: str, url: str) -> None:
        """Initialize the file."""
        self._directory = directory
        self._prefix = f"{name}."
        self._path = directory / f"{name}.{hashlib.sha256(url.encode()).hexdigest()}"

    def read(self) -> tuple[Picture | None, bool]:
        """Return the picture, or else that of a previous URL, and whether it is the former."""
        if picture := _read_picture(self._path):
            return picture, True
        paths = self._directory.glob(f"{self._prefix}*")
        return next(filter(None, map(_read_picture, paths)), None), False

    def write(self, content: bytes) -> None:
        """Write the picture in place of that of a previous URL."""
        self._directory.mkdir(exist_ok=True)
        write_utf8_file_atomic(str(self._path), content, private=True, mode="wb")
        for path in self._directory.glob(f"{self._prefix}*"):
            if path != self._path:
                path.unlink()


def _read_picture(path: Path) -> Picture | None:
    try:
        content = path.read_bytes()
        modified = path.stat().st_mtime
    except OSError:
        return None
    if (content_type := content_type_of(content)) is None:
        return None
    return Picture(
        content=content,
        content_type=content_type,
        fetched_at=dt_util.utc_from_timestamp(modified),
    )


@dataclass(frozen=True, kw_only=True)
class StellantisImageDescription(
    ImageEntityDescription, StellantisEntityDescription[str]
):
    """Describe a picture by its position in the list."""

    index: int
    is_local: bool = True

    @override
    def value(self, car: VehicleCoordinator) -> str | None:
        pictures = car.vehicle.pictures
        return pictures[self.index] if self.index < len(pictures) else None


class StellantisImage(StellantisEntity[str], ImageEntity):
    """A picture of a car, which does not depend on its status."""

    entity_description: StellantisImageDescription

    _picture: Picture | None = None
    _url: str | None = None
    _task: Task[None] | None = None
    _cancel_retry: CALLBACK_TYPE | None = None
    _retry_interval = MIN_RETRY_INTERVAL

    def __init__(
        self, vehicle: VehicleData, description: StellantisImageDescription
    ) -> None:
        """Initialize the image."""
        super().__init__(vehicle, description)
        ImageEntity.__init__(self, vehicle.coordinator.hass)
        self._attr_translation_placeholders = {"number": str(description.index + 1)}

    @override
    async def async_image(self) -> bytes | None:
        return self._picture.content if self._picture else None

    @callback
    @override
    def async_update_token(self) -> None:
        """Keep the access token, whose rotation would change the state every five minutes."""
        if not self.access_tokens:
            super().async_update_token()

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._async_cancel)
        account = self.coordinator.account
        self.async_on_remove(
            account.async_add_listener(self._handle_coordinator_update)
        )
        self._async_start_update()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if self.reported_value not in (None, self._url):
            self._async_start_update()

    @callback
    def _async_start_update(self, _now: datetime | None = None) -> None:
        self._async_cancel()
        self._url = self.reported_value
        self._task = self.coordinator.config_entry.async_create_background_task(
            self.hass, self._async_update_picture(self._url or ""), f"{DOMAIN} picture"
        )

    @callback
    def _async_cancel(self) -> None:
        if self._task:
            self._task.cancel()
            self._task = None
        if self._cancel_retry:
            self._cancel_retry()
            self._cancel_retry = None

    async def _async_update_picture(self, url: str) -> None:
        """Show the stored picture; fetch that of a new URL, and try again if that fails."""
        run = self.hass.async_add_executor_job
        file = self._file(url)
        stored, is_current = await run(file.read)
        if self._picture is None and stored:
            self._async_show(stored)
        if is_current:
            return
        session = async_get_clientsession(self.hass)
        content = await async_fetch_picture(session, url)
        content_type = content_type_of(content) if content else None
        if content is None or content_type is None:
            _LOGGER.debug("Failed to fetch a picture")
            self._cancel_retry = async_call_later(
                self.hass, self._retry_interval, self._async_start_update
            )
            self._retry_interval = min(2 * self._retry_interval, MAX_RETRY_INTERVAL)
            return
        self._retry_interval = MIN_RETRY_INTERVAL
        if self._picture is None or self._picture.content != content:
            picture = Picture(
                content=content, content_type=content_type, fetched_at=dt_util.utcnow()
            )
            self._async_show(picture)
        await run(file.write, content)

    @callback
    def _async_show(self, picture: Picture) -> None:
        self._picture = picture
        self._attr_content_type = picture.content_type
        self._attr_image_last_updated = picture.fetched_at
        self.async_write_ha_state()

    def _file(self, url: str) -> PictureFile:
        coordinator = self.coordinator
        entry_id = coordinator.config_entry.entry_id
        car = vehicle_digest(coordinator.key)
        return PictureFile(
            Path(self.hass.config.path(STORAGE_DIR)),
            f"{DOMAIN}.{entry_id}.{car}.{self.entity_description.key}",
            url,
        )


async def async_fetch_picture(session: ClientSession, url: str) -> bytes | None:
    """Return the content of a URL of the platform; None if that fails or is too large."""
    if not is_picture_url(url):
        return None
    # A compressed response could be of any size.
    headers = {"Accept-Encoding": "identity"}
    content = bytearray()
    try:
        async with session.get(
            url, headers=headers, allow_redirects=False, timeout=TIMEOUT
        ) as response:
            if (
                response.status != HTTPStatus.OK
                or "Content-Encoding" in response.headers
            ):
                return None
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > MAX_PICTURE_SIZE:
                    return None
    except ClientError, TimeoutError:
        return None
    return bytes(content)


def is_picture_url(url: str) -> bool:
    """Return whether a URL is one of the platform's, and not of the home network."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    host = parsed.host or ""
    return parsed.scheme == "https" and any(
        host == domain or host.endswith(f".{domain}") for domain in PICTURE_DOMAINS
    )


def content_type_of(content: bytes) -> str | None:
    """Return the type of a picture by its first bytes; None if it is not supported."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


PICTURES = tuple(
    StellantisImageDescription(
        key=f"picture_{index + 1}",
        translation_key="picture",
        entity_registry_enabled_default=index == 0,
        index=index,
        source=LOCAL,
    )
    for index in range(MAX_PICTURES)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the images of each car."""
    await async_setup_entities(entry, async_add_entities, StellantisImage, PICTURES)
