"""Tests of the files of charges, which are real here."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.const import CONF_CHARGE_YEARS
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.store import HistoryStore
from homeassistant.core import HomeAssistant

VIN = "VR3UPHNKSKT101603"


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use real files."""
    return {}


async def test_charges_older_than_the_owner_wants_are_removed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """They are dropped with their files once the owner wants fewer years."""
    freezer.move_to("2026-05-20T12:00:00Z")
    old, new = (
        [
            Charge(
                started_at=datetime(year, 1, day, tzinfo=UTC),
                ended_at=datetime(year, 1, day, 1, tzinfo=UTC),
                start_level=20,
                end_level=30,
            )
            for day in range(1, 30)
        ]
        for year in (2022, 2026)
    )
    store = HistoryStore(hass, "entry", VIN)
    history = await store.async_load()
    fetched = FetchedRecords(kind="charges", records=[*old, *new])
    store.async_save(history.with_fetched(fetched, Status()))
    freezer.tick(timedelta(seconds=1))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    await store.async_close()
    files = Path(hass.config.path(".storage"))
    assert {one.suffix for one in files.glob("*.charges.*")} == {".2022", ".2026"}

    kept = await HistoryStore(hass, "entry", VIN, {CONF_CHARGE_YEARS: 1}).async_load()

    assert kept.charges.records == tuple(new)
    assert {one.suffix for one in files.glob("*.charges.*")} == {".2026"}
