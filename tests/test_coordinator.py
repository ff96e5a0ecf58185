"""How often the platform is asked, what is kept, and what a bad day looks like."""

from collections.abc import Sequence
from datetime import timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .common import (
    advance_time,
    devices,
    entity_ids,
    entity_states,
    requested_paths,
    set_status,
)
from .conftest import SetupIntegration
from .simulator_client import control

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at an hour when cars stand."""
    freezer.move_to("2026-11-20T02:00:00+00:00")


@pytest.fixture
def doing() -> dict[str, Any]:
    """Return what the car does at first; tests override it."""
    return {}


@pytest.fixture
def recordings(doing: dict[str, Any]) -> Sequence[Recording]:
    """Return the one car."""
    return [Recording("Car", "Electric", status(**doing))]


def status(
    km: float = 1000.0,
    age: timedelta = timedelta(),
    *,
    moving: bool = False,
    charging: bool = False,
) -> dict[str, Any]:
    """Return a status as it was told so long ago."""
    told_at = (dt_util.utcnow() - age).isoformat()
    charger = {"plugged": charging, "status": "InProgress" if charging else "Stopped"}
    return {
        "updatedAt": told_at,
        "odometer": {"mileage": km},
        "kinetic": {"moving": moving, "createdAt": told_at},
        "energies": [
            {"type": "Electric", "extension": {"electric": {"charging": charger}}}
        ],
    }


@pytest.mark.parametrize(
    ("doing", "interval"),
    [
        pytest.param({"moving": True}, MINUTE, id="driving"),
        pytest.param({"charging": True}, 5 * MINUTE, id="charging"),
        pytest.param({}, 30 * MINUTE, id="parked"),
        pytest.param({"age": 2 * DAY}, 2 * HOUR, id="silent"),
    ],
)
async def test_car_is_asked_as_often_as_its_doings_call_for(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    interval: timedelta,
) -> None:
    """A car on its way is looked at more often than one that stands."""
    await setup_integration()
    requested_paths(connected_simulator)
    await advance_time(hass, freezer, interval - 2 * SECOND)
    assert requested_paths(connected_simulator) == []
    await advance_time(hass, freezer, 3 * SECOND)
    assert len(requested_paths(connected_simulator, "/status")) == 1


@pytest.mark.parametrize("doing", [{"moving": True}])
async def test_car_that_has_just_stopped_is_watched_for_a_while(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """People who arrive plug in, lock up or drive on; after ten minutes they are gone."""
    await setup_integration()
    set_status(connected_simulator, status())
    await advance_time(hass, freezer, MINUTE + SECOND)
    assert len(requested_paths(connected_simulator, "/status")) == 2
    asked = []
    for _ in range(30):
        await advance_time(hass, freezer, MINUTE)
        asked.append(len(requested_paths(connected_simulator, "/status")))
    assert sum(asked[:12]) == 5
    assert sum(asked[12:]) == 0


async def test_status_never_goes_backwards(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """Of two back-ends that answer in turn, the one with older data is not heard."""
    entry = await setup_integration()
    for km, age, odometer in (
        (1002.0, timedelta(), "1002.0"),
        (1001.0, HOUR, "1002.0"),
        (1003.0, timedelta(), "1003.0"),
    ):
        set_status(connected_simulator, status(km, age))
        await advance_time(hass, freezer, 30 * MINUTE)
        assert entity_states(hass, entry)["odometer"] == odometer


class TestMaintenance:
    """What a car does not tell as often as its status."""

    async def test_is_asked_once_a_day(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """The days to the next maintenance change by the day."""
        await setup_integration()
        assert len(requested_paths(connected_simulator, "/maintenance")) == 1
        for _ in range(23):
            await advance_time(hass, freezer, HOUR)
        assert requested_paths(connected_simulator, "/maintenance") == []
        await advance_time(hass, freezer, HOUR + MINUTE)
        assert len(requested_paths(connected_simulator, "/maintenance")) == 1

    @pytest.mark.parametrize(
        ("fault", "again"),
        [
            pytest.param({"status": 404, "code": 40400}, DAY, id="not for this car"),
            pytest.param({"status": 500}, HOUR, id="broken"),
        ],
    )
    async def test_can_be_done_without(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
        caplog: pytest.LogCaptureFixture,
        fault: dict[str, Any],
        again: timedelta,
    ) -> None:
        """Its failure takes nothing away, and it is left alone for a while."""
        entry = await setup_integration()
        days = entity_states(hass, entry)["days_before_maintenance"]
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            form="api",
            path="*/maintenance",
            times=None,
            **fault,
        )
        set_status(connected_simulator, status(1001.0, -DAY))
        await advance_time(hass, freezer, DAY)
        assert requested_paths(connected_simulator, "/maintenance")
        for _ in range(again // HOUR - 1):
            await advance_time(hass, freezer, HOUR)
        await advance_time(hass, freezer, 31 * MINUTE)
        assert requested_paths(connected_simulator, "/maintenance") == []
        assert entity_states(hass, entry)["days_before_maintenance"] == days
        assert entity_states(hass, entry)["odometer"] == "1001.0"
        await advance_time(hass, freezer, 31 * MINUTE)
        assert requested_paths(connected_simulator, "/maintenance")
        assert not errors(caplog)

    async def test_is_not_asked_where_nobody_looks_at_it(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """Whoever disables the entities of an endpoint saves its requests."""
        entry = await setup_integration()
        for key, entity_id in entity_ids(hass, entry).items():
            if "maintenance" in key:
                er.async_get(hass).async_update_entity(
                    entity_id, disabled_by=er.RegistryEntryDisabler.USER
                )
        requested_paths(connected_simulator)
        for _ in range(13):
            await advance_time(hass, freezer, 2 * HOUR + MINUTE)
        asked = requested_paths(connected_simulator)
        assert [path for path in asked if path.endswith("/maintenance")] == []
        assert len([path for path in asked if path.endswith("/status")]) == 13


async def test_nothing_is_asked_about_a_car_whose_device_is_disabled(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """A car that nobody wants to see costs no request."""
    entry = await setup_integration()
    [device_id] = devices(hass, entry)
    dr.async_get(hass).async_update_device(
        device_id, disabled_by=dr.DeviceEntryDisabler.USER
    )
    await hass.async_block_till_done()
    requested_paths(connected_simulator)
    for _ in range(5):
        await advance_time(hass, freezer, HOUR)
    assert requested_paths(connected_simulator) == []


async def test_nothing_is_asked_without_the_right_to_ask(
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where the owner withholds telemetry, no request is sent only to be refused."""
    entry = await setup_integration(scopes=[Scope.HORN])
    assert entry.state is ConfigEntryState.LOADED
    assert [
        path.rsplit("/", 1)[1] for path in requested_paths(connected_simulator)
    ] == ["vehicles"]
    assert not errors(caplog)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what Home Assistant's log complains of."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and record.name != "asyncio"
    ]


class TestOutage:
    """The platform is down, for a while or for days."""

    @pytest.fixture(autouse=True)
    async def _loaded(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """Know the car, and then lose the platform."""
        self.entry = await setup_integration()
        await self.fail(connected_simulator)

    async def fail(self, connected_simulator: Simulator) -> None:
        """Answer with a page for people."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=502,
            form="html",
            path="*/status",
            times=None,
        )

    async def test_is_told_once_and_its_end_too(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """However long it lasts, there is one line as it begins and one as it ends."""
        for _ in range(60):
            await advance_time(hass, freezer, HOUR)
        assert entity_states(hass, self.entry)["odometer"] == "unavailable"
        [line] = errors(caplog)
        assert line.startswith("Error fetching Car data: The platform does not answer")

        await control(connected_simulator, "DELETE", "faults")
        caplog.clear()
        await advance_time(hass, freezer, HOUR)
        assert entity_states(hass, self.entry)["odometer"] == "1000.0"
        assert [
            record.getMessage()
            for record in caplog.records
            if record.levelno == logging.INFO
            and "fetching" in record.getMessage().lower()
        ] == ["Fetching Car data recovered"]

    async def test_is_looked_through_ever_less_often(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
    ) -> None:
        """At first the platform is asked again soon, and never less often than otherwise."""
        await advance_time(hass, freezer, 30 * MINUTE)
        requested_paths(connected_simulator)
        minutes = []
        for minute in range(1, 130):
            await advance_time(hass, freezer, MINUTE)
            if requested_paths(connected_simulator, "/status"):
                minutes.append(minute)
        assert minutes == [1, 3, 7, 15, 31, 61, 91, 121]

    async def test_hurries_again_after_it_has_ended(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
    ) -> None:
        """The next outage is another one."""
        for _ in range(5):
            await advance_time(hass, freezer, HOUR)
        await control(connected_simulator, "DELETE", "faults")
        await advance_time(hass, freezer, HOUR)
        await self.fail(connected_simulator)
        await advance_time(hass, freezer, HOUR)
        requested_paths(connected_simulator)
        await advance_time(hass, freezer, MINUTE + SECOND)
        assert requested_paths(connected_simulator, "/status")


async def test_car_without_a_status_is_unavailable(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """What a service told before it ended is not shown as if it still held."""
    entry = await setup_integration()
    [car] = entry.runtime_data.account.data.values()
    await control(
        connected_simulator, "PATCH", f"vehicles/{car.id}", missing=["status"]
    )
    await advance_time(hass, freezer, HOUR)
    assert entity_states(hass, entry)["odometer"] == "unavailable"


async def test_owner_who_withdraws_access_is_asked_to_sign_in_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """A token that works no more is not tried for ever."""
    await setup_integration()
    await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
    await advance_time(hass, freezer, HOUR)
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"
    requested_paths(connected_simulator)
    await advance_time(hass, freezer, HOUR)
    assert requested_paths(connected_simulator) == []


class TestQuota:
    """The plan allows little, or nothing for now."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return no recorded car."""
        return []

    async def test_no_car_of_the_client_id_is_asked_before_the_time(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """What the platform tells one car of one account holds for all of them."""
        entries = [
            await setup_integration(Brand.PEUGEOT),
            await setup_integration(Brand.OPEL),
        ]
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=429,
            form="api",
            path="*/status",
            headers={"Retry-After": "36000"},
        )
        await advance_time(hass, freezer, 2 * HOUR)
        refused = [
            entry for entry in connected_simulator.backend.log if entry.status == 429
        ]
        assert len(refused) == 1
        requested_paths(connected_simulator)
        for _ in range(9):
            await advance_time(hass, freezer, HOUR)
        assert requested_paths(connected_simulator) == []
        await advance_time(hass, freezer, HOUR + SECOND)
        assert len(requested_paths(connected_simulator, "/status")) == 8
        for entry in entries:
            assert all(
                car.last_update_success
                for car in entry.runtime_data.account.vehicles.values()
            )

    @pytest.mark.parametrize("per_day", [20, 60, 200])
    async def test_lasts_the_day_with_a_reserve(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
        per_day: int,
    ) -> None:
        """Cars that drive and charge as they like never use up the plan."""
        await control(connected_simulator, "PATCH", "application", per_day=per_day)
        entry = await setup_integration()
        for _ in range(48 * 6):
            await advance_time(hass, freezer, 10 * MINUTE)
            left = entry.runtime_data.account.client.rate_limiter.remaining_today
            assert left is not None
            assert left >= per_day / 10 - 1
        statuses = requested_paths(connected_simulator, "/status")
        assert len(statuses) > per_day / 2
        assert len(set(statuses)) == 4


class TestRestart:
    """What was known before shows at once, and is asked when it is due."""

    async def test_values_are_there_before_any_request_for_them(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """A restart costs the list of the cars, and no more than that."""
        entry = await setup_integration()
        before = entity_states(hass, entry)
        await advance_time(hass, freezer, 10 * MINUTE)
        requested_paths(connected_simulator)

        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert entity_states(hass, entry) == before
        assert [
            path.rsplit("/", 1)[1] for path in requested_paths(connected_simulator)
        ] == ["vehicles"]

        await advance_time(hass, freezer, 19 * MINUTE)
        assert requested_paths(connected_simulator) == []
        await advance_time(hass, freezer, MINUTE + SECOND)
        assert len(requested_paths(connected_simulator)) == 1

    async def test_what_is_overdue_is_asked_soon(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """After days off, old values show for some seconds."""
        entry = await setup_integration()
        before = entity_states(hass, entry)
        await hass.config_entries.async_set_disabled_by(
            entry.entry_id, ConfigEntryDisabler.USER
        )
        await advance_time(hass, freezer, 3 * DAY)
        set_status(connected_simulator, status(2000.0))
        requested_paths(connected_simulator)
        await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
        await hass.async_block_till_done()
        assert entity_states(hass, entry) == before

        await advance_time(hass, freezer, 11 * SECOND)
        assert entity_states(hass, entry)["odometer"] == "2000.0"
        assert len(requested_paths(connected_simulator, "/maintenance")) == 1

    async def test_a_clock_that_was_wrong_does_not_stop_the_asking(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
        hass_storage: dict[str, Any],
    ) -> None:
        """Whatever is stored, the wait is no longer than between two requests."""
        entry = await setup_integration()
        await hass.config_entries.async_unload(entry.entry_id)
        [stored] = hass_storage[f"stellantis_connect.{entry.entry_id}"]["data"].values()
        stored["due"]["status"] = "2099-01-01T00:00:00+00:00"
        await hass.config_entries.async_setup(entry.entry_id)
        requested_paths(connected_simulator)
        await advance_time(hass, freezer, 30 * MINUTE)
        assert len(requested_paths(connected_simulator, "/status")) == 1
