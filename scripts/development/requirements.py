"""Print the packages that Home Assistant would download at its first start."""

import asyncio
import logging
from tempfile import TemporaryDirectory
from typing import override

from homeassistant.bootstrap import CORE_INTEGRATIONS, DEFAULT_INTEGRATIONS
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_setup
from homeassistant.requirements import RequirementsManager

from .configuration import DOMAIN, INTEGRATIONS


class _Collector(RequirementsManager):
    """A requirements manager that collects requirements and installs none."""

    def __init__(self, hass: HomeAssistant) -> None:
        super().__init__(hass)
        self.found: set[str] = set()

    @override
    async def async_process_requirements(
        self, name: str, requirements: list[str], is_built_in: bool = True
    ) -> None:
        self.found.update(requirements)


async def _collect(folder: str) -> set[str]:
    hass = HomeAssistant(folder)
    async_setup(hass)
    collector = _Collector(hass)
    for domain in CORE_INTEGRATIONS | DEFAULT_INTEGRATIONS | {DOMAIN, *INTEGRATIONS}:
        await collector.async_get_integration_with_requirements(domain)
    await hass.async_stop(force=True)
    return collector.found


logging.disable(logging.WARNING)
with TemporaryDirectory() as folder:
    print(*sorted(asyncio.run(_collect(folder))), sep="\n")
