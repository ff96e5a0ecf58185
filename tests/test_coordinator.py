"""Tests for the coordinators: poll intervals, failures, restarts and the quota."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
import logging
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.polling.quota import QUOTAS
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .common import (
    advance_time,
    crash,
    devices,
    entity_ids,
    entity_states,
    requested_paths,
    set_status,
)
from .conftest import CreateConfigEntry
from .simulator_client import control

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# Of a car without a history, in the evening.
PARKED_INTERVAL = timedelta(seconds=962)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Account:
    """An account with one recorded car."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    simulator: Simulator
    entry: MockConfigEntry

    async def advance(self, period: timedelta, step: timedelta | None = None) -> None:
        """Advance the time, at once or in steps."""
        for _ in range(period // (step or period)):
            await advance_time(self.hass, self.freezer, step or period)

    async def fail(self, endpoint: str, **details: Any) -> None:
        """Let all requests of an endpoint fail."""
        fault = {"kind": "error", "form": "api", "times": None, **details}
        await control(self.simulator, "POST", "faults", path=f"*/{endpoint}", **fault)

    async def recover(self) -> None:
        """Delete all faults."""
        await control(self.simulator, "DELETE", "faults")

    def requests(self, ending: str = "") -> list[str]:
        """Return the last parts of the paths that were requested since the last call."""
        paths = requested_paths(self.simulator, ending)
        return [path.rsplit("/", 1)[1] for path in paths]

    @property
    def states(self) -> dict[str, str]:
        """Return the states of the car's entities; a picture has the time of its file."""
        states = entity_states(self.hass, self.entry)
        return {key: state for key, state in states.items() if key != "picture_1"}

    def state(self, key: str) -> str:
        """Return the state of an entity of the car."""
        return self.states[key]

    async def reload(self) -> None:
        """Reload the config entry."""
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done()


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at an hour when the simulated cars are parked."""
    freezer.move_to("2026-11-20T02:00:00+00:00")


@pytest.fixture
def activity() -> dict[str, Any]:
    """Return the activity of the car; tests override it."""
    return {}


@pytest.fixture
def recordings(activity: dict[str, Any]) -> Sequence[Recording]:
    """Return the one car."""
    return [Recording("Car", "Electric", status(**activity))]


@pytest.fixture
async def account(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: CreateConfigEntry,
) -> Account:
    """Return the account, set up."""
    entry = await setup_integration()
    requested_paths(connected_simulator)
    return Account(hass, freezer, connected_simulator, entry)


@pytest.fixture
async def new_account(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    create_config_entry: CreateConfigEntry,
) -> Account:
    """Return the account before its first setup."""
    entry = await create_config_entry()
    return Account(hass, freezer, connected_simulator, entry)


def status(
    mileage: float = 1000.0,
    age: timedelta = timedelta(),
    *,
    moving: bool = False,
    charging: bool = False,
    plugged: bool = False,
) -> dict[str, Any]:
    """Return a status of some age."""
    updated_at = (dt_util.utcnow() - age).isoformat()
    charger = {
        "plugged": charging or plugged,
        "status": "InProgress" if charging else "Stopped",
    }
    return {
        "updatedAt": updated_at,
        "odometer": {"mileage": mileage},
        "kinetic": {"moving": moving, "createdAt": updated_at},
        "energies": [
            {"type": "Electric", "extension": {"electric": {"charging": charger}}}
        ],
    }


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the warnings and errors of the log."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno > logging.INFO and record.name != "asyncio"
    ]


def recoveries(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the log lines about recoveries."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.getMessage().endswith("account again")
    ]


@pytest.mark.parametrize(
    ("activity", "interval"),
    [
        pytest.param({"moving": True}, MINUTE, id="driving"),
        pytest.param({"charging": True}, 290 * SECOND, id="charging"),
        pytest.param({}, PARKED_INTERVAL, id="parked"),
        pytest.param({"age": 9 * DAY}, 2 * HOUR, id="silent"),
    ],
)
async def test_poll_interval_follows_activity(
    account: Account, interval: timedelta
) -> None:
    """A driving car is polled more often than a parked one."""
    await account.advance(interval - 4 * SECOND)
    assert account.requests() == []
    await account.advance(5 * SECOND)
    assert account.requests("/status") == ["status"]


@pytest.mark.parametrize("activity", [{"moving": True}])
async def test_poll_interval_after_stop_is_short_for_ten_minutes(
    account: Account,
) -> None:
    """People who arrive plug in, lock the doors or drive on."""
    set_status(account.simulator, status())
    await account.advance(MINUTE + SECOND)
    assert len(account.requests("/status")) == 1
    counts = []
    for _ in range(30):
        await account.advance(MINUTE)
        counts.append(len(account.requests("/status")))
    assert sum(counts[:12]) == 5
    assert sum(counts[12:]) <= 2


@pytest.mark.parametrize("activity", [{"plugged": True}])
async def test_poll_interval_after_use_is_short_for_ten_minutes(
    account: Account,
) -> None:
    """People who unplug or unlock a car are about to drive."""
    set_status(account.simulator, status(plugged=False))
    await account.advance(PARKED_INTERVAL + SECOND)
    assert len(account.requests("/status")) == 1
    for _ in range(5):
        await account.advance(2 * MINUTE)
        assert len(account.requests("/status")) == 1
    await account.advance(2 * MINUTE)
    assert account.requests("/status") == []


async def test_device_disabled_is_not_polled(account: Account) -> None:
    """A car whose device is disabled costs no request."""
    [device_id] = devices(account.hass, account.entry)
    dr.async_get(account.hass).async_update_device(
        device_id, disabled_by=dr.DeviceEntryDisabler.USER
    )
    await account.hass.async_block_till_done()
    account.requests()
    await account.advance(5 * HOUR, HOUR)
    assert account.requests() == []


async def test_scope_missing_sends_no_request(
    connected_simulator: Simulator,
    setup_integration: CreateConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No request is sent that would only be refused."""
    entry = await setup_integration(scopes=[Scope.HORN])
    assert entry.state is ConfigEntryState.LOADED
    paths = requested_paths(connected_simulator)
    assert [path.rsplit("/", 1)[1] for path in paths] == ["vehicles"]
    assert not messages(caplog)


class TestMerge:
    """Responses are merged by the times of the platform."""

    @pytest.mark.parametrize("slow", [timedelta(), 3 * MINUTE])
    async def test_status_of_alternating_back_ends_never_goes_backwards(
        self, account: Account, slow: timedelta
    ) -> None:
        """The older response is ignored, also if Home Assistant's clock is slow."""
        [car] = account.entry.runtime_data.account.vehicles.values()
        for mileage, age, expected in (
            (1002.0, timedelta(), "1002.0"),
            (1001.0, 3 * MINUTE, "1002.0"),
            (1003.0, timedelta(), "1003.0"),
            (1002.0, 3 * MINUTE, "1003.0"),
        ):
            set_status(account.simulator, status(mileage, age - slow))
            await account.advance(MINUTE)
            await car.async_refresh()
            assert account.state("odometer") == expected

    @pytest.mark.parametrize("odometer", [{}, {"odometer": {"mileage": 0}}])
    async def test_status_without_odometer_keeps_it_over_a_restart(
        self, account: Account, odometer: dict[str, Any]
    ) -> None:
        """A mileage of 0 is none."""
        later = status(age=-MINUTE)
        del later["odometer"]
        set_status(account.simulator, {**later, **odometer})
        await account.advance(30 * MINUTE)
        assert account.state("odometer") == "1000.0"
        await account.reload()
        assert account.state("odometer") == "1000.0"

    async def test_unchanged_status_calls_no_listener_and_writes_nothing(
        self, account: Account, hass_storage: dict[str, Any]
    ) -> None:
        """Only the times of the attempts change."""
        await account.advance(HOUR, 10 * MINUTE)
        [car] = account.entry.runtime_data.account.vehicles.values()
        calls: list[object] = []
        car.async_add_listener(lambda: calls.append(car.data))
        stored = deepcopy(hass_storage)
        written = [
            key for key in stored if key.endswith(".vehicles") or ".state." in key
        ]
        assert len(written) == 2
        await account.advance(4 * HOUR, 30 * MINUTE)
        assert account.requests("/status")
        assert calls == []
        for key in written:
            assert hass_storage[key] == stored[key]

    async def test_unchanged_state_calls_no_listener(self, account: Account) -> None:
        """An update that changes nothing is none."""
        [car] = account.entry.runtime_data.account.vehicles.values()
        calls: list[object] = []
        car.async_add_listener(lambda: calls.append(car.data))
        car.async_update_state(car.data)
        assert calls == []


class TestMaintenance:
    """The maintenance is fetched once a day."""

    async def test_maintenance_is_fetched_once_a_day(self, account: Account) -> None:
        """The days to the next maintenance change by the day."""
        await account.advance(23 * HOUR, HOUR)
        assert account.requests("/maintenance") == []
        await account.advance(HOUR + MINUTE)
        assert account.requests("/maintenance") == ["maintenance"]

    async def test_maintenance_not_found_is_fetched_after_a_day(
        self, account: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A car without maintenance data costs one request a day."""
        days = account.state("days_before_maintenance")
        await account.fail("maintenance", status=404, code=40400)
        await account.advance(DAY + MINUTE)
        assert account.requests("/maintenance") == ["maintenance"]
        await account.advance(DAY - HOUR, HOUR)
        assert account.requests("/maintenance") == []
        assert account.state("days_before_maintenance") == days
        await account.advance(2 * HOUR, HOUR)
        assert account.requests("/maintenance") == ["maintenance"]
        assert not messages(caplog)

    async def test_maintenance_without_enabled_entity_is_not_fetched(
        self, account: Account
    ) -> None:
        """Disabling the entities of an endpoint saves its requests."""
        for key, entity_id in entity_ids(account.hass, account.entry).items():
            if "maintenance" in key:
                er.async_get(account.hass).async_update_entity(
                    entity_id, disabled_by=er.RegistryEntryDisabler.USER
                )
        await account.advance(26 * HOUR, HOUR)
        requests = account.requests()
        assert "maintenance" not in requests
        assert "status" in requests


class TestOutage:
    """The status fails with the page of a proxy."""

    @pytest.fixture(autouse=True)
    async def _failing(self, account: Account) -> None:
        await account.fail("status", status=502, form="html")

    async def test_outage_is_logged_once_and_makes_entities_unavailable(
        self, account: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The grace period is six hours; meanwhile, one entity shows the outage."""
        assert account.state("connection") == "on"
        await account.advance(6 * HOUR, 30 * MINUTE)
        assert account.state("odometer") == "1000.0"
        assert account.state("connection") == "off"
        await account.advance(60 * HOUR, HOUR)
        assert account.state("odometer") == "unavailable"
        assert account.state("connection") == "off"
        [line] = messages(caplog)
        assert line.startswith("Failed to fetch data for the Peugeot account: ")

        await account.recover()
        await account.advance(HOUR)
        assert account.state("odometer") == "1000.0"
        assert account.state("connection") == "on"
        assert recoveries(caplog) == ["Fetched data for the Peugeot account again"]

    async def test_outage_backs_off_up_to_the_interval(self, account: Account) -> None:
        """The status is retried soon at first, and never less often than without failures."""
        await account.advance(30 * MINUTE)
        account.requests()
        minutes = []
        for minute in range(1, 130):
            await account.advance(MINUTE)
            if account.requests("/status"):
                minutes.append(minute)
        assert minutes == [1, 3, 7, 15, 31, 61, 91, 121]

    async def test_outage_after_another_backs_off_from_the_start(
        self, account: Account
    ) -> None:
        """A success resets the back-off."""
        await account.advance(5 * HOUR, HOUR)
        await account.recover()
        await account.advance(HOUR)
        await account.fail("status", status=502, form="html")
        await account.advance(HOUR)
        account.requests()
        await account.advance(MINUTE + SECOND)
        assert account.requests("/status")

    async def test_outage_of_everything_ends_within_an_interval(
        self, account: Account
    ) -> None:
        """Lists that failed along with the status are fetched along with it again."""
        await account.fail("*", status=502, form="html")
        await account.advance(30 * HOUR, HOUR)
        assert account.state("problem") == "unavailable"
        assert account.state("days_before_maintenance") != "unavailable"
        await account.recover()
        await account.advance(2 * HOUR + MINUTE)
        assert "unavailable" not in account.states.values()

    async def test_outage_at_refresh_by_a_person_raises(self, account: Account) -> None:
        """The button says why it failed."""
        with pytest.raises(HomeAssistantError) as error:
            await account.hass.services.async_call(
                "button",
                "press",
                {"entity_id": entity_ids(account.hass, account.entry)["refresh"]},
                blocking=True,
            )
        assert error.value.translation_key == "remote_server_error"

    async def test_outage_at_start_shows_the_stored_states(
        self, account: Account
    ) -> None:
        """The list of cars is stored, too."""
        await account.fail("*", status=503)
        states = account.states
        await account.reload()
        assert account.entry.state is ConfigEntryState.LOADED
        assert account.states == states
        await account.advance(HOUR)
        set_status(account.simulator, status(1001.0))
        await account.recover()
        await account.advance(31 * MINUTE)
        assert account.state("odometer") == "1001.0"


@pytest.mark.parametrize("failure", [503, 500, 404, 429, 401])
async def test_first_status_failing_is_fetched_again(
    new_account: Account, failure: int
) -> None:
    """A car that could never be fetched appears once it can."""
    account = new_account
    await account.fail("status", status=failure)
    await account.hass.config_entries.async_setup(account.entry.entry_id)
    await account.hass.async_block_till_done()
    assert account.entry.state is ConfigEntryState.LOADED
    await account.advance(10 * MINUTE, MINUTE)
    await account.recover()
    await account.advance(31 * MINUTE, MINUTE)
    assert account.state("odometer") == "1000.0"


async def test_first_status_not_found_for_days_is_fetched_within_hours(
    new_account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    """A car that is not connected yet costs few requests, but appears without long delay."""
    account = new_account
    await account.fail("status", status=404, code=40400)
    await account.hass.config_entries.async_setup(account.entry.entry_id)
    await account.advance(2 * DAY, HOUR)
    account.requests()
    await account.advance(DAY, HOUR)
    assert 12 <= len(account.requests("/status")) <= 13
    await account.recover()
    await account.advance(2 * HOUR + MINUTE)
    assert account.state("odometer") == "1000.0"
    assert not messages(caplog)


async def test_status_not_found_makes_entities_unavailable(account: Account) -> None:
    """The service of the car has ended."""
    [vehicle] = account.entry.runtime_data.account.data.values()
    await control(
        account.simulator, "PATCH", f"vehicles/{vehicle.id}", missing=["status"]
    )
    await account.advance(7 * HOUR, 30 * MINUTE)
    assert account.state("odometer") == "unavailable"


class TestLists:
    """Lists fail by themselves."""

    async def test_list_that_always_fails_is_fetched_once_a_day(
        self, new_account: Account
    ) -> None:
        """It never worked on some accounts; the client tries three times each time."""
        account = new_account
        await account.fail("alerts", status=500)
        await account.hass.config_entries.async_setup(account.entry.entry_id)
        for _ in range(2 * 24):
            set_status(account.simulator, status())
            await account.advance(HOUR)
        account.requests()
        for _ in range(24):
            set_status(account.simulator, status())
            await account.advance(HOUR)
        assert len(account.requests("/alerts")) <= 3

    async def test_list_failing_makes_its_entities_unavailable_and_is_logged_once(
        self, account: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The entities of the other endpoints stay available."""
        await account.fail("alerts", status=500)
        assert account.state("problem") == "off"
        set_status(account.simulator, status(age=-MINUTE))
        await account.advance(6 * HOUR, 30 * MINUTE)
        assert account.state("problem") == "off"
        await account.advance(4 * HOUR, HOUR)
        assert account.state("problem") == "unavailable"
        assert account.state("odometer") == "1000.0"
        [line] = messages(caplog)
        assert line.startswith("Failed to fetch alerts for the Peugeot account: ")

        await account.recover()
        await account.advance(DAY, HOUR)
        assert account.state("problem") == "off"
        assert recoveries(caplog) == ["Fetched alerts for the Peugeot account again"]

    async def test_list_failing_over_a_restart_stays_unavailable(
        self, account: Account
    ) -> None:
        """The back-off is stored, too."""
        await account.fail("alerts", status=500)
        set_status(account.simulator, status(age=-MINUTE))
        await account.advance(12 * HOUR, 30 * MINUTE)
        account.requests()
        assert account.state("problem") == "unavailable"
        await account.reload()
        assert account.state("problem") == "unavailable"
        await account.advance(MINUTE)
        assert account.requests("/alerts") == []

    async def test_list_not_found_is_fetched_as_often_as_an_empty_one(
        self, account: Account
    ) -> None:
        """The platform has no record of the range; the next one is not missed for a day."""
        await account.fail("alerts", status=404, code=40400)
        for _ in range(3):
            set_status(account.simulator, status(age=-MINUTE))
            account.requests()
            await account.advance(30 * MINUTE + SECOND)
            assert account.requests("/alerts") == ["alerts"]
        assert account.state("problem") == "off"


class TestSignIn:
    """Signing in is required only if it helps."""

    async def test_consent_withdrawn_requires_sign_in_once(
        self, account: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Polling goes on, but sends no request without a token."""
        await control(account.simulator, "POST", "faults", kind="revoke_tokens")
        await account.advance(HOUR)
        [flow] = account.hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        account.requests()
        await account.advance(6 * HOUR, HOUR)
        assert not account.simulator.backend.log
        assert len(account.hass.config_entries.flow.async_progress()) == 1
        assert len(messages(caplog)) == 1

    async def test_unauthorized_briefly_does_not_require_sign_in(
        self, account: Account
    ) -> None:
        """The API refuses a valid token for some minutes while renewals work."""
        await account.fail("status", status=401)
        await account.advance(35 * MINUTE, MINUTE)
        await account.recover()
        set_status(account.simulator, status(1001.0))
        await account.advance(31 * MINUTE, MINUTE)
        assert account.state("odometer") == "1001.0"
        assert not account.hass.config_entries.flow.async_progress()

    async def test_unauthorized_for_an_hour_requires_sign_in_until_it_works(
        self, account: Account
    ) -> None:
        """When the API accepts the token again, polling goes on by itself."""
        await account.fail("connectedcar/*", status=401)
        await account.advance(2 * HOUR, 10 * MINUTE)
        [flow] = account.hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == "reauth"
        set_status(account.simulator, status(1001.0))
        await account.recover()
        await account.advance(31 * MINUTE, MINUTE)
        assert account.state("odometer") == "1001.0"
        assert not account.hass.config_entries.flow.async_progress()

    async def test_unauthorized_between_other_errors_does_not_require_sign_in(
        self, account: Account
    ) -> None:
        """A 503 says nothing about the token."""
        await account.fail("status", status=401)
        await account.advance(40 * MINUTE, MINUTE)
        await account.recover()
        await account.fail("status", status=503)
        await account.advance(2 * HOUR, MINUTE)
        await account.recover()
        await account.fail("status", status=401)
        await account.advance(40 * MINUTE, MINUTE)
        assert not account.hass.config_entries.flow.async_progress()


class TestVehicles:
    """The list of cars is stored, and incidents do not change it."""

    async def fail_list(self, account: Account, **fault: Any) -> None:
        """Let the list of cars be wrong."""
        await control(
            account.simulator,
            "POST",
            "faults",
            path="*/user/vehicles",
            times=None,
            **fault,
        )

    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param({"kind": "empty"}, id="empty"),
            pytest.param({"kind": "error", "status": 404, "form": "api"}, id="404"),
            pytest.param({"kind": "remove", "key": "vin"}, id="without VIN"),
            pytest.param({"kind": "truncate"}, id="truncated"),
            pytest.param(
                {"kind": "set_value", "key": "total", "value": 9}, id="incomplete"
            ),
        ],
    )
    async def test_list_wrong_after_a_restart_changes_no_device(
        self, account: Account, fault: dict[str, Any]
    ) -> None:
        """The stored cars are shown, under the same identifiers."""
        ids = set(devices(account.hass, account.entry))
        states = account.states
        await self.fail_list(account, **fault)
        await account.reload()
        assert account.entry.state is ConfigEntryState.LOADED
        assert set(devices(account.hass, account.entry)) == ids
        assert account.states == states
        await account.recover()
        await account.advance(13 * HOUR, HOUR)
        assert set(devices(account.hass, account.entry)) == ids

    async def test_vin_missing_at_first_does_not_change_the_device_later(
        self, new_account: Account
    ) -> None:
        """The identifier of a car never changes."""
        account = new_account
        await self.fail_list(account, kind="remove", key="vin")
        await account.hass.config_entries.async_setup(account.entry.entry_id)
        await account.hass.async_block_till_done()
        ids = set(devices(account.hass, account.entry))
        assert len(ids) == 1
        await account.recover()
        await account.reload()
        assert set(devices(account.hass, account.entry)) == ids
        [vehicle] = account.entry.runtime_data.account.data.values()
        assert vehicle.vin

    async def test_list_failing_backs_off(self, account: Account) -> None:
        """It is not fetched in 6 hours, but in 1, 2, 4 ... minutes."""
        await self.fail_list(account, kind="empty")
        await account.advance(6 * HOUR + MINUTE)
        account.requests()
        minutes = []
        for minute in range(1, 20):
            await account.advance(MINUTE + SECOND)
            if account.requests("/vehicles"):
                minutes.append(minute)
        assert minutes == [1, 3, 7, 15]

    async def test_list_refused_by_the_plan_is_fetched_when_it_says(
        self, account: Account
    ) -> None:
        """Nothing is requested before."""
        await self.fail_list(
            account,
            kind="error",
            status=429,
            form="api",
            headers={"Retry-After": "36000"},
        )
        await account.advance(6 * HOUR + MINUTE)
        await account.recover()
        account.requests()
        await account.advance(9 * HOUR, HOUR)
        assert account.requests() == []
        await account.advance(2 * HOUR, MINUTE)
        assert account.requests("/vehicles") == ["vehicles"]

    @pytest.mark.parametrize(
        ("failure", "state"),
        [
            pytest.param(503, ConfigEntryState.SETUP_RETRY, id="outage"),
            pytest.param(401, ConfigEntryState.SETUP_RETRY, id="unauthorized"),
        ],
    )
    async def test_first_list_failing_retries_the_setup(
        self,
        new_account: Account,
        caplog: pytest.LogCaptureFixture,
        failure: int,
        state: ConfigEntryState,
    ) -> None:
        """Nothing is stored that could be shown; Home Assistant shows the reason."""
        await self.fail_list(new_account, kind="error", status=failure, form="api")
        entry = new_account.entry
        await new_account.hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is state
        await new_account.advance(2 * MINUTE, 10 * SECOND)
        assert not messages(caplog)
        await new_account.recover()
        await new_account.advance(2 * MINUTE, 10 * SECOND)
        assert entry.state is ConfigEntryState.LOADED
        assert new_account.state("odometer") == "1000.0"


class TestTwoCars:
    """One of two cars is sold."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return the cars."""
        return [Recording(label, "Electric", status()) for label in ("Car", "Other")]

    async def test_car_sold_removes_its_device_and_its_store(
        self, account: Account, hass_storage: dict[str, Any]
    ) -> None:
        """The full list of cars does not have it anymore."""
        await account.advance(HOUR, 20 * MINUTE)
        stores = [key for key in hass_storage if ".state." in key]
        assert len(stores) == 2
        cars = account.entry.runtime_data.account.data.values()
        [sold] = [car for car in cars if car.label == "Other"]
        await control(account.simulator, "PATCH", f"vehicles/{sold.id}", present=False)
        await account.advance(6 * HOUR)
        assert len(devices(account.hass, account.entry)) == 1
        assert len([key for key in stores if key in hass_storage]) == 1


class TestFourCars:
    """All cars of an account fail together."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return no recorded car."""
        return []

    def states(self, account: Account) -> set[str]:
        """Return the states of the odometers."""
        ids = [
            one
            for one in account.hass.states.async_entity_ids("sensor")
            if one.endswith("_odometer")
        ]
        states = [account.hass.states.get(one) for one in ids]
        return {one.state for one in states if one}

    @pytest.mark.parametrize("endpoint", ["status", "*"])
    async def test_outage_of_all_cars_is_logged_once(
        self, account: Account, caplog: pytest.LogCaptureFixture, endpoint: str
    ) -> None:
        """One line when it begins, and one when all cars work again."""
        await account.fail(endpoint, status=503)
        await account.advance(10 * HOUR, 30 * MINUTE)
        assert self.states(account) == {"unavailable"}
        assert len(messages(caplog)) == 1
        await account.recover()
        await account.advance(7 * HOUR, 30 * MINUTE)
        assert "unavailable" not in self.states(account)
        assert len(messages(caplog)) == len(recoveries(caplog)) == 1

    async def test_consent_withdrawn_is_noticed_once(
        self, account: Account, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The refresh token is posted once for all cars."""
        await control(account.simulator, "POST", "faults", kind="revoke_tokens")
        account.requests()
        await account.advance(6 * HOUR, 10 * MINUTE)
        log = account.simulator.backend.log
        assert len([one for one in log if one.path.endswith("/access_token")]) == 1
        assert len(messages(caplog)) == 1
        assert len(account.hass.config_entries.flow.async_progress()) == 1


class TestQuota:
    """The plan allows little, or nothing for some time."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return no recorded car."""
        return []

    async def test_retry_after_holds_for_all_cars_of_the_client_id(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: CreateConfigEntry,
    ) -> None:
        """Both accounts use the same plan."""
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
            cars = entry.runtime_data.account.vehicles.values()
            assert all(car.status_error is None for car in cars)

    @pytest.mark.parametrize("per_day", [20, 60, 200])
    async def test_quota_lasts_the_day_with_a_reserve(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: CreateConfigEntry,
        per_day: int,
    ) -> None:
        """Cars that drive and charge never use up the plan."""
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
    """Stored states are shown at once, and fetched when they are due."""

    async def test_restart_fetches_the_list_of_cars_only(
        self, account: Account
    ) -> None:
        """The states are shown before any other request."""
        states = account.states
        await account.advance(4 * MINUTE)
        account.requests()
        await account.reload()
        assert account.states == states
        assert account.requests() == ["vehicles"]
        await account.advance(PARKED_INTERVAL - 5 * MINUTE)
        assert account.requests() == []
        await account.advance(MINUTE + SECOND)
        assert account.requests() == ["status"]

    @pytest.mark.parametrize("activity", [{"moving": True}])
    async def test_restart_after_a_drive_polls_as_before(
        self, account: Account
    ) -> None:
        """The car is polled every other minute, and the trips once they should be listed."""
        set_status(account.simulator, status())
        await account.advance(MINUTE + SECOND)
        await account.advance(3 * MINUTE, MINUTE)
        await account.reload()
        account.requests()
        await account.advance(6 * MINUTE, MINUTE)
        requests = account.requests()
        assert requests.count("status") == 3
        assert "trips" not in requests
        await account.advance(3 * MINUTE, MINUTE)
        assert "trips" in account.requests()

    async def test_restart_after_days_fetches_soon(self, account: Account) -> None:
        """Old values are shown for some seconds."""
        states = account.states
        entries = account.hass.config_entries
        await entries.async_set_disabled_by(
            account.entry.entry_id, ConfigEntryDisabler.USER
        )
        await account.advance(3 * DAY)
        set_status(account.simulator, status(2000.0))
        account.requests()
        await entries.async_set_disabled_by(account.entry.entry_id, None)
        await account.hass.async_block_till_done()
        assert account.states == states
        await account.advance(11 * SECOND)
        assert account.state("odometer") == "2000.0"
        assert account.requests("/maintenance") == ["maintenance"]

    async def test_restart_after_a_clock_that_was_ahead_fetches_soon(
        self, account: Account
    ) -> None:
        """What was stored under the wrong time does not delay anything."""
        await account.advance(400 * DAY)
        await account.hass.config_entries.async_unload(account.entry.entry_id)
        # The monotonic clock of a new process begins anew, and the limiter with it.
        del account.hass.data[QUOTAS]
        account.freezer.move_to("2026-11-20T03:00:00+00:00")
        set_status(account.simulator, status(1001.0))
        await account.hass.config_entries.async_setup(account.entry.entry_id)
        await account.advance(30 * SECOND)
        assert account.state("odometer") == "1001.0"

    async def test_kill_keeps_what_was_stored(
        self, account: Account, hass_storage: dict[str, Any]
    ) -> None:
        """The state is written within some minutes."""
        set_status(account.simulator, status(1005.0))
        await account.advance(31 * MINUTE)
        await account.advance(16 * MINUTE)
        await account.fail("*", status=503)
        await crash(account.hass, hass_storage, account.entry)
        assert account.state("odometer") == "1005.0"

    async def test_kill_in_the_first_minute_leaves_nothing_out(
        self, account: Account, hass_storage: dict[str, Any]
    ) -> None:
        """What was not fetched before the kill is fetched after it, and not with the next poll."""
        [car] = account.entry.runtime_data.account.vehicles.values()
        await car.async_save()
        [state] = [
            stored["data"]
            for key, stored in hass_storage.items()
            if "stellantis" in key and "fetches" in stored["data"]
        ]
        state["fetches"] = {"status": state["fetches"]["status"]}
        account.requests()
        await crash(account.hass, hass_storage, account.entry)
        await account.advance(MINUTE, 10 * SECOND)
        fetched = {path.rpartition("/")[2] for path in account.requests()}
        assert {"maintenance", "trips", "alerts"} <= fetched
        assert "status" not in fetched

    async def test_scopes_changed_discards_stored_responses(
        self, account: Account
    ) -> None:
        """What was fetched with another scope is not shown."""
        data = {**account.entry.data, "scopes": [Scope.POSITION]}
        account.hass.config_entries.async_update_entry(account.entry, data=data)
        await account.reload()
        [car] = account.entry.runtime_data.account.vehicles.values()
        assert car.data.status.odometer.mileage is None
        assert account.requests() == ["vehicles", "lastPosition"]


FAULTS: Sequence[Mapping[str, Any]] = (
    {"kind": "error", "status": 503, "form": "html"},
    {"kind": "error", "status": 500, "form": "api"},
    {"kind": "error", "status": 404, "form": "api", "code": 40400},
    {"kind": "error", "status": 403, "form": "api"},
    {"kind": "error", "status": 429, "form": "api", "headers": {"Retry-After": "3600"}},
    {"kind": "error", "status": 401, "form": "gateway", "message": "Security checks"},
    {"kind": "truncate"},
    {"kind": "drop"},
    {"kind": "mistype"},
    {"kind": "empty"},
)
LISTS = ("alerts", "alarms", "collisions", "trips")
PATHS = tuple(
    f"*/{endpoint}"
    for endpoint in ("status", "maintenance", "vehicles", *LISTS, "connectedcar/*")
)


@pytest.mark.usefixtures("_all_entities_enabled")
@pytest.mark.parametrize("seed", range(12))
async def test_random_failures_end_with_correct_entities(
    account: Account, hass_storage: dict[str, Any], seed: int
) -> None:
    """Over failures of every kind on every endpoint, with restarts."""
    chance = random.Random(seed)
    for _ in range(8):
        fault = {"times": None, **chance.choice(FAULTS), "path": chance.choice(PATHS)}
        await control(account.simulator, "POST", "faults", **fault)
        set_status(account.simulator, status(chance.uniform(1000, 2000)))
        await account.advance(chance.randint(1, 60) * 10 * MINUTE, 2 * HOUR)
        await account.advance(chance.randint(1, 20) * MINUTE)
        match chance.randrange(6):
            case 0:
                await account.reload()
            case 1:
                await crash(account.hass, hass_storage, account.entry)
            case 2:
                await account.recover()

    await account.recover()
    set_status(account.simulator, status(3000))
    account.requests()
    # A 429 is part of the failure: it blocks all requests for another hour.
    await account.advance(HOUR)
    await account.advance(2 * HOUR + MINUTE, 10 * MINUTE)
    assert account.state("odometer") == "3000.0"
    set_status(account.simulator, status(3001))
    await account.advance(DAY, HOUR)
    assert account.state("odometer") == "3001.0"
    assert "unavailable" not in account.states.values()
    assert {*LISTS, "maintenance", "vehicles"} <= {*account.requests()}
    assert not account.hass.config_entries.flow.async_progress()
