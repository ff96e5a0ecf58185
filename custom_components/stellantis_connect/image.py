"""Images: what a car looks like."""

from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.image import ImageEntity, ImageEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .availability.catalog import LOCAL
from .coordinator import VehicleCoordinator
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .pictures import Picture
from .runtime import StellantisConfigEntry, VehicleData

PARALLEL_UPDATES = 0

# As many views as cars are known to have pictures of.
MOST_VIEWS = 12


@dataclass(frozen=True, kw_only=True)
class StellantisImageDescription(
    ImageEntityDescription, StellantisEntityDescription[str]
):
    """A picture of a car, by its place among them."""

    index: int

    @override
    def value(self, car: VehicleCoordinator) -> str | None:
        """Return the address of the picture."""
        pictures = car.vehicle.pictures
        return pictures[self.index] if self.index < len(pictures) else None


class StellantisImage(StellantisEntity[str], ImageEntity):
    """A picture of a car."""

    entity_description: StellantisImageDescription

    def __init__(
        self, vehicle: VehicleData, description: StellantisImageDescription
    ) -> None:
        """Show a view of a car."""
        super().__init__(vehicle, description)
        ImageEntity.__init__(self, vehicle.coordinator.hass)
        self._picture: Picture | None = None
        self._attr_translation_placeholders = {"number": str(description.index + 1)}

    @property
    @override
    def image_last_updated(self) -> datetime | None:
        """Return when the picture was fetched."""
        return self._picture.fetched_at if self._picture else None

    @property
    @override
    def content_type(self) -> str:
        """Return the kind of the picture."""
        return self._picture.content_type if self._picture else "image/png"

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture."""
        await self._async_look()
        return self._picture.content if self._picture else None

    @override
    async def async_added_to_hass(self) -> None:
        """Fetch the picture, unless it is kept, without having anybody wait for it."""
        await super().async_added_to_hass()
        self.coordinator.config_entry.async_create_background_task(
            self.hass, self._async_look(), "picture of a car"
        )

    async def _async_look(self) -> None:
        pictures = self.vehicle.pictures
        before = self._picture
        url = self.reported_value
        self._picture = await pictures.async_get(url) if url else None
        if self._picture is not before:
            self.async_write_ha_state()


def _view(index: int) -> StellantisImageDescription:
    return StellantisImageDescription(
        key=f"picture_{index + 1}",
        translation_key="picture",
        entity_registry_enabled_default=index == 0,
        index=index,
        source=LOCAL,
        value_fn=lambda car: None,
    )


VIEWS = tuple(map(_view, range(MOST_VIEWS)))


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the images of each car."""
    await async_setup_entities(entry, async_add_entities, StellantisImage, VIEWS)
