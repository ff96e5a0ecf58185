"""The pictures of an account's cars: each is fetched once, and served from here."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
from http import HTTPStatus
import logging
import secrets
from typing import TypedDict

from aiohttp import ClientError, ClientTimeout, web

from homeassistant.components.http import KEY_HASS, HomeAssistantView
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)

STORAGE_VERSION = 1
TIMEOUT = ClientTimeout(total=20)
LARGEST = 2**22
# What could not be fetched is not tried again for each look at a dashboard.
TRY_AGAIN_AFTER = timedelta(hours=6)
PATH = f"/api/{DOMAIN}/pictures"


@dataclass(frozen=True)
class Picture:
    """A picture, and since when it is kept."""

    content: bytes
    content_type: str
    fetched_at: datetime


class StoredPicture(TypedDict):
    """A picture on disk."""

    content: str
    content_type: str
    fetched_at: str


class StoredPictures(TypedDict):
    """All pictures on disk, by key."""

    salt: str
    pictures: dict[str, StoredPicture]


class Pictures:
    """Fetches pictures, and keeps them."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Know of none yet."""
        self._hass = hass
        self._store = pictures_store(hass, entry_id)
        self._salt = secrets.token_hex()
        self._pictures: dict[str, Picture] = {}
        self._urls: dict[str, str] = {}
        self._missing: dict[str, datetime] = {}

    async def async_load(self) -> None:
        """Take up what was kept before a restart."""
        if (stored := await self._store.async_load()) is None:
            return
        self._salt = stored["salt"]
        for key, one in stored["pictures"].items():
            self._pictures[key] = Picture(
                b64decode(one["content"]),
                one["content_type"],
                datetime.fromisoformat(one["fetched_at"]),
            )

    def path(self, url: str) -> str:
        """Return where this Home Assistant serves a picture, which nobody can guess."""
        return f"{PATH}/{self._key(url)}"

    async def async_get(self, url: str) -> Picture | None:
        """Return a picture; None where it cannot be had now."""
        return await self.async_find(self._key(url))

    async def async_find(self, key: str) -> Picture | None:
        """Return the picture that is served under a key."""
        if key not in self._pictures and key in self._urls:
            await self._async_fetch(key)
        return self._pictures.get(key)

    def _key(self, url: str) -> str:
        key = hashlib.sha256(f"{self._salt}{url}".encode()).hexdigest()
        self._urls[key] = url
        return key

    async def _async_fetch(self, key: str) -> None:
        now = dt_util.utcnow()
        if now < self._missing.get(key, now):
            return
        # Whoever looks meanwhile gets none, and does not fetch it a second time.
        self._missing[key] = now + TRY_AGAIN_AFTER
        session = async_get_clientsession(self._hass)
        try:
            async with session.get(self._urls[key], timeout=TIMEOUT) as answer:
                answer.raise_for_status()
                content = await answer.content.read(LARGEST)
                content_type = answer.content_type
        except ClientError, TimeoutError, ValueError:
            _LOGGER.debug("A picture could not be fetched")
            return
        if content_type.startswith("image/"):
            self._pictures[key] = Picture(content, content_type, now)
            self._store.async_delay_save(self._as_stored)

    def _as_stored(self) -> StoredPictures:
        return {
            "salt": self._salt,
            "pictures": {
                key: {
                    "content": b64encode(one.content).decode(),
                    "content_type": one.content_type,
                    "fetched_at": one.fetched_at.isoformat(),
                }
                for key, one in self._pictures.items()
            },
        }


class PictureView(HomeAssistantView):
    """Serves pictures to those who were told where: to what shows a device tracker."""

    url = f"{PATH}/{{key}}"
    name = f"api:{DOMAIN}:pictures"
    requires_auth = False

    async def get(self, request: web.Request, key: str) -> web.Response:
        """Return a picture."""
        hass = request.app[KEY_HASS]
        for entry in hass.config_entries.async_loaded_entries(DOMAIN):
            pictures: Pictures = entry.runtime_data.pictures
            if picture := await pictures.async_find(key):
                return web.Response(
                    body=picture.content,
                    content_type=picture.content_type,
                    headers={"Cache-Control": "private, max-age=604800"},
                )
        return web.Response(status=HTTPStatus.NOT_FOUND)


def pictures_store(hass: HomeAssistant, entry_id: str) -> Store[StoredPictures]:
    """Return where an account's pictures are kept over a restart."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}.pictures", private=True)
