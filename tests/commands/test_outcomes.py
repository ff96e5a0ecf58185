"""Outcomes of commands: errors, events, the logbook, and notifications."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.stellantis_connect import logbook
from custom_components.stellantis_connect.api.models.remotes import RemoteFailureCause
from custom_components.stellantis_connect.commands.errors import vehicle_device
from custom_components.stellantis_connect.commands.queue import COMMAND_TIMEOUT
from custom_components.stellantis_connect.const import (
    ACTION_TIMEOUT,
    DOMAIN,
    EVENT_COMMAND_FAILED,
)
from homeassistant.components import persistent_notification
from homeassistant.components.persistent_notification import Notification
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util

from ..harness import BATTERY, MINUTE, PETROL, SECOND, Harness
from .common import error_of, outcome


def notifications(hass: HomeAssistant) -> list[str]:
    """Return the messages of the notifications about cars."""
    shown: dict[str, Notification] = hass.data.get(persistent_notification.DOMAIN, {})
    return [
        f"{one['title']}: {one['message']}"
        for notification_id, one in shown.items()
        if notification_id.startswith(DOMAIN)
    ]


async def fail_late(harness: Harness, key: str, service: str) -> None:
    """Send a command that fails; the outcome arrives after the action has returned."""
    await harness.fault("remote_fails", message="VehicleError")
    await harness.fault("drop", method="GET", path="*/remotes/*", times=None)
    await harness.use(key, service)
    await harness.delete_faults()
    await harness.pass_time(MINUTE, SECOND)


def rename(harness: Harness, name: str) -> str:
    """Give the device of the battery car a name; return its id."""
    device = vehicle_device(harness.car())
    assert device
    dr.async_get(harness.hass).async_update_device(device.id, name_by_user=name)
    return device.id


async def test_error_names_car_and_command(harness: Harness) -> None:
    """The car has the name that its owner gave it."""
    rename(harness, "Zoe")
    await harness.fault("remote_fails", message="DoorsOpen")
    with pytest.raises(HomeAssistantError) as raised:
        await harness.use("lock", "unlock")
    assert str(raised.value) == (
        "Zoe: Unlock failed. A door, the hood, or the trunk is open. "
        "Close everything and try again"
    )
    assert outcome(harness)["message"] == f"{raised.value}."


@pytest.mark.parametrize(
    ("label", "advice"), [(BATTERY, "Charge the car"), (PETROL, "Drive the car")]
)
async def test_advice_fits_the_car(harness: Harness, label: str, advice: str) -> None:
    """A car without a traction battery cannot be charged."""
    cause = RemoteFailureCause.NOT_POSSIBLE_DUE_TO_VEHICLE_BATTERY_LEVEL
    await harness.fault("remote_fails", message=cause.value)
    with pytest.raises(HomeAssistantError) as raised:
        await harness.use("lock", "unlock", label)
    assert advice in str(raised.value)
    assert ("Charge the car" in str(raised.value)) is (label == BATTERY)


async def test_failed_refresh_names_car(harness: Harness) -> None:
    """So do the actions that fetch something."""
    await harness.fault("drop", times=None)
    with pytest.raises(HomeAssistantError) as raised:
        await harness.use("refresh", "press")
    assert str(raised.value).startswith("Compact Electric: Refresh failed. ")
    with pytest.raises(HomeAssistantError) as raised:
        await harness.act("get_trips")
    assert str(raised.value).startswith("Compact Electric: Get trips failed. ")


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "Unlock failed. A door, the hood, or the trunk is open."),
        ("de", "„Entriegeln“ ist fehlgeschlagen. Eine Tür, die Motorhaube oder"),
        ("fr", "Échec de « Déverrouiller ». Une porte, le capot ou le coffre"),
    ],
)
async def test_failure_is_an_event_and_one_line_of_the_logbook(
    harness: Harness, language: str, message: str
) -> None:
    """The line begins with the name of the car."""
    hass = harness.hass
    hass.config.language = language
    await async_load_integrations(hass, {DOMAIN})
    device_id = rename(harness, "Zoe")
    events = async_capture_events(hass, EVENT_COMMAND_FAILED)
    await harness.use("lock", "unlock")
    assert events == []
    await harness.fault("remote_fails", message="DoorsOpen")
    await error_of(harness, "lock", "unlock")
    [event] = events
    assert event.data["device_id"] == device_id
    assert event.data["entity_id"] == harness.entity_id("lock")
    assert (event.data["name"], event.data["command"]) == ("Zoe", "unlock")
    assert event.data["reason"] == "remote_doors_open"

    described: dict[str, logbook.DescribeEvent] = {}

    def describe(domain: str, name: str, function: logbook.DescribeEvent) -> None:
        described[name] = function

    logbook.async_describe_events(hass, describe)
    entry = described[EVENT_COMMAND_FAILED](event)
    assert entry["name"] == "Zoe"
    assert entry["message"].startswith(message)


class TestNotifications:
    """A failure that nobody waited for is shown until a command of its kind succeeds."""

    async def test_late_failure_is_shown_until_success(self, harness: Harness) -> None:
        """Neither a failure nor another command removes it."""
        hass = harness.hass
        requested = dt_util.as_local(dt_util.utcnow())
        await fail_late(harness, "precondition", "turn_on")
        [shown] = notifications(hass)
        assert shown.startswith(
            "Command failed: Compact Electric: Start preconditioning failed. "
            "The car reports a fault and didn't carry out the command. Start the car,"
        )
        assert shown.endswith(f"{requested:%Y-%m-%d %H:%M}")

        await harness.use("sound_horn", "press")
        await harness.fault("remote_fails", message="VehicleError")
        await error_of(harness, "precondition", "turn_on")
        assert notifications(hass) == [shown]
        await harness.use("precondition", "turn_on")
        assert notifications(hass) == []

    async def test_failure_that_raised_is_not_shown(self, harness: Harness) -> None:
        """The person who sent the command has seen it."""
        await harness.fault("remote_fails", message="VehicleError")
        await error_of(harness, "precondition", "turn_on")
        assert notifications(harness.hass) == []

    async def test_replaced_command_is_not_shown(self, harness: Harness) -> None:
        """The person who replaced it knows."""
        await harness.change(sleep="deep")
        horn = asyncio.ensure_future(harness.using("sound_horn", "press"))
        unlock = asyncio.ensure_future(harness.using("lock", "unlock"))
        await harness.pass_time(ACTION_TIMEOUT + SECOND, SECOND)
        await asyncio.gather(horn, unlock)
        lock = asyncio.ensure_future(harness.using("lock", "lock"))
        await harness.pass_time(SECOND)
        assert outcome(harness)["reason"] == "command_superseded"
        assert notifications(harness.hass) == []
        lock.cancel()

    async def test_later_failure_replaces_notification(self, harness: Harness) -> None:
        """There is one of a kind."""
        await fail_late(harness, "precondition", "turn_on")
        await fail_late(harness, "precondition", "turn_off")
        [shown] = notifications(harness.hass)
        assert "Stop preconditioning" in shown

    async def test_notification_is_in_language_of_home_assistant(
        self, harness: Harness
    ) -> None:
        """There is no other language that a notification could have."""
        harness.hass.config.language = "de"
        await async_load_integrations(harness.hass, {DOMAIN})
        await fail_late(harness, "precondition", "turn_on")
        [shown] = notifications(harness.hass)
        assert shown.startswith(
            "Befehl fehlgeschlagen: Compact Electric: „Vorklimatisierung starten“"
        )

    async def test_notification_returns_after_restart(self, harness: Harness) -> None:
        """Home Assistant itself forgets notifications."""
        hass, entry_id = harness.hass, harness.entry.entry_id
        await fail_late(harness, "precondition", "turn_on")
        shown = notifications(hass)
        await hass.config_entries.async_unload(entry_id)
        assert notifications(hass) == []
        await hass.config_entries.async_setup(entry_id)
        assert notifications(hass) == shown

    async def test_dismissed_notification_stays_away(self, harness: Harness) -> None:
        """A restart does not bring it back; the notifications of others do not matter."""
        hass = harness.hass
        await fail_late(harness, "precondition", "turn_on")
        persistent_notification.async_create(hass, "Other", notification_id="other")
        persistent_notification.async_dismiss(hass, "other")
        assert notifications(hass)
        persistent_notification.async_dismiss_all(hass)
        await harness.restart()
        assert notifications(hass) == []

    async def test_removed_account_leaves_no_notification(
        self, harness: Harness
    ) -> None:
        """Nobody could send another command."""
        await fail_late(harness, "precondition", "turn_on")
        await harness.hass.config_entries.async_remove(harness.entry.entry_id)
        assert notifications(harness.hass) == []


async def test_pending_control_shows_progress(harness: Harness) -> None:
    """It goes with the outcome; an idle control and those of other cars have none."""
    await harness.change(sleep="deep")
    controls = {"lock": "unlock", "precondition": "turn_on", "sound_horn": "press"}
    actions = [
        asyncio.ensure_future(harness.using(key, service))
        for key, service in controls.items()
    ]
    await harness.pass_time(10 * SECOND, SECOND)
    assert harness.state("lock").state == "unlocking"
    assert harness.state("lock").attributes["progress"] == "Waking up the car"
    assert harness.state("precondition").attributes["progress"] == "Queued"
    assert harness.state("sound_horn").attributes["progress"] == "Queued"
    assert "progress" not in harness.state("flash_lights").attributes
    assert "progress" not in harness.state("lock", PETROL).attributes
    await harness.pass_time(COMMAND_TIMEOUT + MINUTE, SECOND)
    assert all("progress" not in harness.state(key).attributes for key in controls)
    await asyncio.gather(*actions, return_exceptions=True)
