"""Messages from simulated cars to their entities, and what keeps them coming."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
import gzip
import json
import logging
import random
import sys
from types import ModuleType

from aiohttp import ClientSession
from hass_nabucasa import CloudError
import pytest
from yarl import URL

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import OnboardCapabilities
from custom_components.stellantis_connect.const import CONF_SCOPES, DOMAIN
from custom_components.stellantis_connect.push.inbox import MAX_WAITING
from custom_components.stellantis_connect.push.url import CLOUD
from custom_components.stellantis_connect.push.webhook import (
    READ_TIMEOUT,
    parse_messages,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from simulator.push import delivery

from ..common import counted_calls, requested_paths, simulated_car
from ..conftest import SetupIntegration
from ..harness import (
    BATTERY,
    MINUTE,
    MOMENT,
    OLD_BATTERY,
    PETROL,
    PLUG_IN,
    SECOND,
    Harness,
)
from ..simulator_client import control
from .conftest import EXTERNAL_URL, PushHarness
from .test_webhook import mutated

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CARS = (BATTERY, PLUG_IN, PETROL, OLD_BATTERY)
ALL = {"parked", "trip", "safety", "entered", "left"}


def issue_keys(hass: HomeAssistant) -> set[str]:
    """Return the keys of the issues."""
    issues = ir.async_get(hass).issues.values()
    return {one.translation_key or "" for one in issues if one.domain == DOMAIN}


async def refuse(*_: object) -> bool:
    """Deliver nothing."""
    return False


@asynccontextmanager
async def open_request(
    push_harness: PushHarness, body: bytes, **headers: str
) -> AsyncIterator[asyncio.StreamReader]:
    """Send the beginning of a request to the webhook, and close the connection."""
    url = URL(str(push_harness.callbacks()[0].webhook["target"]))
    lines = {
        "Host": "home",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"POST {url.path} HTTP/1.1\r\n{head}\r\n".encode() + body)
    await writer.drain()
    yield reader
    writer.close()
    await writer.wait_closed()


class TestReconciliation:
    """The callback and the monitors at the platform."""

    async def test_external_url_has_callback_and_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """One callback, and the monitors of each car."""
        [callback] = push_harness.callbacks()
        assert callback.label == f"{DOMAIN}.{push_harness.entry.entry_id}"
        assert callback.status == "Running"
        for label in CARS:
            assert {*push_harness.monitors(label)} == ALL

    async def test_no_external_url_sends_no_request(self, harness: Harness) -> None:
        """Home Assistant polls, and nothing complains."""
        await harness.pass_time(MINUTE, MINUTE)
        assert not harness.simulator.backend.subscriptions.all_callbacks()
        assert not harness.entry.runtime_data.push.issues

    async def test_restart_adopts_callback_and_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """Nothing is created again, and messages continue."""
        [callback] = push_harness.callbacks()
        monitors = {one.id for one in push_harness.monitors().values()}
        await push_harness.restart()
        await push_harness.pass_time(MINUTE, MINUTE)
        assert push_harness.callbacks() == [callback]
        assert {one.id for one in push_harness.monitors().values()} == monitors
        await push_harness.happen(open=["Driver"])
        assert push_harness.state("opening_driver").state == "on"

    async def test_url_change_updates_callback_in_place(
        self, push_harness: PushHarness
    ) -> None:
        """Its id and its monitors stay; it has to be proven again."""
        await push_harness.happen(open=["Driver"])
        assert push_harness.push.is_working
        [callback] = push_harness.callbacks()
        monitors = {one.id for one in push_harness.monitors().values()}
        await push_harness.hass.config.async_update(external_url="https://new.example")
        await push_harness.deliver()
        assert push_harness.callbacks() == [callback]
        assert "localhost" in str(callback.webhook["target"])
        assert {one.id for one in push_harness.monitors().values()} == monitors
        assert not push_harness.push.is_working
        await push_harness.happen(open=["Trunk"])
        assert push_harness.push.is_working

    async def test_insecure_url_deletes_monitors_and_raises_issue(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """Without HTTPS nothing is sent, until the URL is secure again."""
        await hass.config.async_update(external_url="http://home.example")
        await push_harness.deliver()
        assert "external_url_not_https" in issue_keys(hass)
        assert not push_harness.monitors()
        [callback] = push_harness.callbacks()
        assert ".invalid" in str(callback.webhook["target"])
        await hass.config.async_update(external_url=EXTERNAL_URL)
        await push_harness.deliver()
        assert {*push_harness.monitors()} == ALL
        assert "external_url_not_https" not in issue_keys(hass)

    @pytest.mark.parametrize("fault", ["fail_monitors", "fail_callbacks"])
    async def test_failed_at_the_platform_runs_within_a_day(
        self, push_harness: PushHarness, fault: str
    ) -> None:
        """The daily check finds it."""
        await push_harness.fault(fault)
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        assert [one.status for one in push_harness.callbacks()] == ["Running"]
        monitors = push_harness.monitors()
        assert {*monitors} == ALL
        assert {one.status for one in monitors.values()} == {"Running"}

    async def test_paused_at_the_platform_is_resumed(
        self, push_harness: PushHarness
    ) -> None:
        """A monitor or callback that was paused keeps its id."""
        monitors = push_harness.monitors()
        ids = {one.id for one in monitors.values()}
        for monitor in monitors.values():
            monitor.status = "Paused"
        push_harness.callbacks()[0].status = "Paused"
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        monitors = push_harness.monitors()
        assert {one.id for one in monitors.values()} == ids
        assert {one.status for one in monitors.values()} == {"Running"}
        assert push_harness.callbacks()[0].status == "Running"

    async def test_lost_callback_is_created_again_after_a_poll(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """A poll that shows a change without a message is the occasion."""
        await push_harness.happen(open=["Driver"])
        [callback] = push_harness.callbacks()
        await push_harness.pass_time(10 * MINUTE, MINUTE)
        await push_harness.fault("forget_callbacks")
        await push_harness.happen(open=[])
        await push_harness.refresh()
        assert push_harness.state("opening_driver").state == "off"
        assert push_harness.push.is_working
        await push_harness.pass_time(5 * MINUTE, MINUTE)
        assert [one.id for one in push_harness.callbacks()] != [callback.id]
        assert {*push_harness.monitors()} == ALL
        assert "push_unreachable" not in issue_keys(hass)
        await push_harness.happen(open=["Driver"])
        assert push_harness.state("opening_driver").state == "on"
        assert push_harness.push.is_working

    async def test_lost_callback_of_two_cars_is_no_issue(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """That a message of the second car is missing as well says nothing new."""
        for label in (BATTERY, PLUG_IN):
            await push_harness.happen(label, open=["Driver"])
        await push_harness.pass_time(10 * MINUTE, MINUTE)
        await push_harness.fault("forget_callbacks")
        for label in (BATTERY, PLUG_IN):
            await push_harness.happen(label, open=[])
        await push_harness.refresh()
        await push_harness.refresh(PLUG_IN)
        await push_harness.pass_time(5 * MINUTE, MINUTE)
        assert len(push_harness.callbacks()) == 1
        assert "push_unreachable" not in issue_keys(hass)

    async def test_unreachable_url_raises_issue_until_a_message_arrives(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """A change is polled, but no message has arrived since the URL was set."""
        await push_harness.pass_time(3 * MINUTE, MINUTE)
        await hass.config.async_update(external_url="https://new.example")
        await push_harness.deliver()
        [callback] = push_harness.callbacks()
        reachable = callback.subscribe["callback"]
        callback.subscribe["callback"] = {
            "webhook": {"name": "lost", "target": "https://lost.invalid/"}
        }
        await push_harness.happen(open=["Driver"])
        await push_harness.refresh()
        callback.subscribe["callback"] = reachable
        await push_harness.pass_time(5 * MINUTE, MINUTE)
        assert "push_unreachable" in issue_keys(hass)
        await push_harness.happen(open=[])
        assert "push_unreachable" not in issue_keys(hass)

    async def test_platform_down_is_retried(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """After some minutes, and not only the next day."""
        await push_harness.fault("error", status=503, path="*/callbacks", times=None)
        await hass.config.async_update(external_url="https://new.example")
        await push_harness.deliver()
        [callback] = push_harness.callbacks()
        assert "127.0.0.1" in str(callback.webhook["target"])
        await push_harness.delete_faults()
        await push_harness.pass_time(3 * MINUTE, MINUTE)
        assert "localhost" in str(callback.webhook["target"])

    async def test_car_not_found_is_retried(self, push_harness: PushHarness) -> None:
        """The callback may have been deleted in the meantime."""
        await push_harness.fault("forget_callbacks")
        await push_harness.fault("error", status=404, path="*/monitors")
        push_harness.push.async_schedule_reconcile()
        await push_harness.deliver()
        await push_harness.pass_time(2 * MINUTE, MINUTE)
        for label in CARS:
            assert {*push_harness.monitors(label)} == ALL

    async def test_car_that_fails_leaves_the_others_their_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """What is wrong with the first car is no concern of those that follow."""
        await push_harness.fault("forget_callbacks")
        await push_harness.fault(
            "error", BATTERY, "monitors", status=500, times=None, method="GET"
        )
        push_harness.push.async_schedule_reconcile()
        await push_harness.pass_time(5 * SECOND)
        for label in CARS:
            assert {*push_harness.monitors(label)} == (
                ALL if label != BATTERY else set()
            )
        await push_harness.delete_faults()
        await push_harness.pass_time(2 * MINUTE, MINUTE)
        assert {*push_harness.monitors()} == ALL

    @pytest.mark.parametrize("status", [400, 403])
    async def test_refused_monitor_leaves_the_others(
        self, hass: HomeAssistant, push_harness: PushHarness, status: int
    ) -> None:
        """The car is polled as without push, and the owner can do nothing about it."""
        await push_harness.fault("forget_callbacks")
        await push_harness.fault(
            "error", BATTERY, "monitors", status=status, method="POST"
        )
        push_harness.push.async_schedule_reconcile()
        await push_harness.pass_time(5 * SECOND)
        assert {*push_harness.monitors()} == ALL - {"parked"}
        assert not push_harness.push.issues
        assert not push_harness.push.is_working
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        assert {*push_harness.monitors()} == ALL

    async def test_monitor_that_cannot_be_resumed_is_created_again(
        self, push_harness: PushHarness
    ) -> None:
        """Like a callback that cannot."""
        monitor = push_harness.monitors()["parked"]
        monitor.status = "Paused"
        await push_harness.fault("error", status=400, path="*/monitors/*/status")
        push_harness.push.async_schedule_reconcile()
        await push_harness.deliver()
        assert {*push_harness.monitors()} == ALL
        assert push_harness.monitors()["parked"].id != monitor.id

    @pytest.mark.parametrize("path", ["*/callbacks", "*/monitors"])
    async def test_empty_list_changes_nothing(
        self, hass: HomeAssistant, push_harness: PushHarness, path: str
    ) -> None:
        """During incidents, lists are empty."""
        callbacks, monitors = push_harness.callbacks(), push_harness.monitors()
        await push_harness.fault("empty", path=path, method="GET")
        push_harness.push.async_schedule_reconcile()
        await push_harness.pass_time(5 * SECOND)
        assert "monitors_taken" not in issue_keys(hass)
        await push_harness.pass_time(2 * MINUTE, MINUTE)
        assert push_harness.callbacks() == callbacks
        assert push_harness.monitors() == monitors
        assert {*push_harness.push.registry.complete} == {
            push_harness.car(label).key for label in CARS
        }

    async def test_strangers_keep_their_callbacks_and_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """Another installation has one monitor, so that one of ours is missing and the car is polled."""
        client = push_harness.entry.runtime_data.account.client
        vehicle_id = push_harness.car().vehicle.id
        [ours] = await client.get_callbacks()
        foreign = ours.subscribe.__class__(
            label="another", name="another", target="https://another.invalid/"
        )
        callback_id = await client.create_callback(foreign)
        held = await client.get_monitors(vehicle_id, ours.id)
        await client.delete_monitor(vehicle_id, ours.id, held[0].id)
        parameter = push_harness.push.wanted_monitors(push_harness.car())
        await client.create_monitor(
            vehicle_id, callback_id, next(iter(parameter.values()))
        )
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        assert len(await client.get_monitors(vehicle_id, callback_id)) == 1
        assert len(await client.get_monitors(vehicle_id, ours.id)) == 4
        await push_harness.happen(locked=False)
        assert not push_harness.push.is_working
        await push_harness.hass.config_entries.async_remove(push_harness.entry.entry_id)
        assert [one.label for one in push_harness.callbacks()] == ["another"]

    async def test_surplus_callback_of_ours_is_deleted(
        self, push_harness: PushHarness
    ) -> None:
        """A response that was lost may have left a second one."""
        client = push_harness.entry.runtime_data.account.client
        [ours] = await client.get_callbacks()
        await client.create_callback(ours.subscribe)
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        assert [one.id for one in push_harness.callbacks()] == [ours.id]

    async def test_callback_that_cannot_be_resumed_is_created_again(
        self, push_harness: PushHarness
    ) -> None:
        """Its monitors are created again, too."""
        [callback] = push_harness.callbacks()
        await push_harness.fault("fail_callbacks")
        await push_harness.fault("error", status=400, path="*/callbacks/*/status")
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        assert [one.id for one in push_harness.callbacks()] != [callback.id]
        assert {*push_harness.monitors()} == ALL
        await push_harness.happen(open=["Driver"])
        assert push_harness.push.is_working

    async def test_monitors_missing_let_the_status_be_fetched(
        self, push_harness: PushHarness
    ) -> None:
        """What happened in the meantime shows without another message."""
        await push_harness.happen(open=["Driver"])
        await push_harness.fault("forget_callbacks")
        await push_harness.happen(open=[])
        push_harness.push.async_schedule_reconcile()
        await push_harness.pass_time(10 * MOMENT)
        assert push_harness.state("opening_driver").state == "off"

    async def test_messages_arrive_while_monitors_are_replaced(
        self, push_harness: PushHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first monitor is replaced; those after it are known in the meantime."""
        known: list[set[str]] = []
        delete_monitor = StellantisClient.delete_monitor

        async def delete(client: StellantisClient, *ids: str) -> None:
            known.append({*push_harness.push.registry.monitors})
            await delete_monitor(client, *ids)

        monkeypatch.setattr(StellantisClient, "delete_monitor", delete)
        [first, *others] = push_harness.monitors().values()
        first.status = "Failed"
        push_harness.push.async_schedule_reconcile()
        await push_harness.deliver()
        assert known
        assert known[0] >= {one.id for one in others}
        assert {*push_harness.monitors()} == ALL

    async def test_permission_withdrawn_deletes_its_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """Without the position there are no zones."""
        data = push_harness.entry.data
        scopes = [one for one in data[CONF_SCOPES] if one != Scope.POSITION]
        push_harness.hass.config_entries.async_update_entry(
            push_harness.entry, data={**data, CONF_SCOPES: scopes}
        )
        await push_harness.restart()
        await push_harness.deliver()
        assert {*push_harness.monitors()} == ALL - {"entered", "left"}

    async def test_capabilities_changed_adapt_the_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """A car that reports less has fewer triggers."""
        before = push_harness.monitors()
        account = push_harness.entry.runtime_data.account
        car = push_harness.car()
        capabilities = OnboardCapabilities(
            data=frozenset({"data:telemetry:vehicle:doorsState"})
        )
        car.vehicle = replace(car.vehicle, capabilities=capabilities)
        account.async_update_listeners()
        await push_harness.deliver()
        after = push_harness.monitors()
        assert after["parked"].id != before["parked"].id
        assert after["entered"].id == before["entered"].id

    async def test_zone_moved_replaces_its_monitors(
        self, push_harness: PushHarness
    ) -> None:
        """Those of changes stay."""
        before = push_harness.monitors()
        await push_harness.hass.config.async_update(latitude=48.0, longitude=2.0)
        await push_harness.deliver()
        after = push_harness.monitors()
        assert {key for key in ALL if before[key].id != after[key].id} == {
            "entered",
            "left",
        }

    async def test_car_sold_loses_its_monitors(self, push_harness: PushHarness) -> None:
        """What is known of them is forgotten."""
        count = len(push_harness.push.registry.monitors)
        await push_harness.change(PETROL, present=False)
        await push_harness.entry.runtime_data.account.async_refresh()
        await push_harness.pass_time(DAY, DAY)
        await push_harness.deliver()
        assert len(push_harness.push.registry.monitors) == count - len(ALL)

    async def test_car_listed_again_is_watched_again(
        self, push_harness: PushHarness
    ) -> None:
        """It has monitors, which follow its charge limit."""
        account = push_harness.entry.runtime_data.account
        vehicle_id = push_harness.car().vehicle.id
        for is_present in (False, True):
            path = f"vehicles/{vehicle_id}"
            await control(push_harness.simulator, "PATCH", path, present=is_present)
            await account.async_refresh()
            await push_harness.pass_time(15 * SECOND)
        assert {*push_harness.monitors()} == ALL
        await push_harness.use("charge_limit", "set_value", value=80)
        await push_harness.deliver()
        assert {*push_harness.monitors()} == (ALL - {"left"}) | {"left_or_level"}

    async def test_charge_limit_adds_level_monitor(
        self, push_harness: PushHarness
    ) -> None:
        """The monitors follow the limit."""
        await push_harness.use("charge_limit", "set_value", value=80)
        await push_harness.deliver()
        assert {*push_harness.monitors()} == (ALL - {"left"}) | {"left_or_level"}

    async def test_option_off_deletes_monitors(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """The callback stays for commands, with an address that leads nowhere."""
        hass.config_entries.async_update_entry(
            push_harness.entry, options={"push": "off"}
        )
        await push_harness.restart()
        await push_harness.deliver()
        assert not push_harness.monitors()
        [callback] = push_harness.callbacks()
        assert ".invalid" in str(callback.webhook["target"])


class TestMessages:
    """What messages change."""

    async def test_door_opened_shows_without_poll(
        self, push_harness: PushHarness
    ) -> None:
        """A door that is opened shows before any poll."""
        requested_paths(push_harness.simulator)
        await push_harness.happen(open=["Driver"])
        assert push_harness.state("opening_driver").state == "on"
        assert not requested_paths(push_harness.simulator, "/status")

    async def test_time_of_each_message_shows(self, push_harness: PushHarness) -> None:
        """Not only of the first, which proves that push works."""
        await push_harness.happen(open=["Driver"])
        await push_harness.pass_time(5 * MINUTE, MINUTE)
        await push_harness.happen(open=[])
        state = push_harness.hass.states.get(
            "binary_sensor.peugeot_account_push_working"
        )
        assert state
        assert state.attributes["last_message"] == push_harness.push.received_at

    async def test_alert_shows_and_is_fetched(self, push_harness: PushHarness) -> None:
        """The active alerts are in the message; the list, which has the ends, is fetched."""
        requested_paths(push_harness.simulator)
        await push_harness.happen(alert="RiskOfIce")
        assert push_harness.state("active_alerts").state == "1"
        await push_harness.pass_time(3 * MINUTE, MINUTE)
        assert requested_paths(push_harness.simulator, "/alerts")

    async def test_trip_shows_after_its_end(self, push_harness: PushHarness) -> None:
        """The message about the stop contains the trip."""
        before = push_harness.car().data.history.trips.latest
        await push_harness.happen(trip="start")
        assert push_harness.state("moving").state == "on"
        await push_harness.pass_time(15 * MINUTE, MINUTE)
        requested_paths(push_harness.simulator)
        await push_harness.happen(trip="stop")
        assert push_harness.state("moving").state == "off"
        assert not requested_paths(push_harness.simulator, "/trips")
        assert push_harness.car().data.history.trips.latest != before

    async def test_doubled_late_and_disordered_messages_change_nothing(
        self, push_harness: PushHarness
    ) -> None:
        """The newest status stays, whatever arrives afterwards."""
        await push_harness.fault("double_message", times=4)
        await push_harness.happen(open=["Driver"])
        await push_harness.fault("hold_message", times=4)
        await push_harness.happen(open=["Driver", "Trunk"])
        await push_harness.delete_faults()
        await push_harness.happen(open=[])
        assert push_harness.state("opening_driver").state == "off"
        assert push_harness.state("opening_trunk").state == "off"

    async def test_batch_after_an_outage_is_accepted(
        self, push_harness: PushHarness, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Messages in a batch have no headers."""
        with monkeypatch.context() as patch:
            patch.setattr(delivery, "_post", refuse)
            await push_harness.happen(open=["Driver"])
            assert push_harness.state("opening_driver").state == "off"
        await push_harness.pass_time(20 * MOMENT)
        await push_harness.deliver()
        assert push_harness.state("opening_driver").state == "on"
        assert push_harness.push.inbox.counts.received > 1
        assert push_harness.push.inbox.counts.rejected == 0

    async def test_remote_ends_without_poll(self, push_harness: PushHarness) -> None:
        """The platform reports the success of a command."""
        await push_harness.happen(open=[], locked=False)
        requested_paths(push_harness.simulator)
        use = push_harness.hass.async_create_task(push_harness.using("lock", "lock"))
        for _ in range(20):
            await push_harness.deliver()
        assert use.done()
        paths = requested_paths(push_harness.simulator)
        assert not [path for path in paths if "/remotes/" in path]

    async def test_zone_entered_and_left_shows_at_once(
        self, push_harness: PushHarness
    ) -> None:
        """The tracker is at home as soon as the platform reports it, also after a restart."""
        home = push_harness.hass.states.get("zone.home")
        assert home
        longitude, latitude = home.attributes["longitude"], home.attributes["latitude"]
        far = [longitude + 0.5, latitude]
        await push_harness.happen(position=far)
        assert push_harness.state("position").state == "not_home"
        await push_harness.happen(position=[longitude + 0.005, latitude])
        assert push_harness.state("position").state == "home"
        await push_harness.restart()
        assert push_harness.state("position").state == "home"
        await push_harness.happen(position=far)
        assert push_harness.state("position").state == "not_home"

    async def test_position_alone_keeps_the_rest_of_the_status(
        self, push_harness: PushHarness
    ) -> None:
        """A message without a status changes what it contains."""
        await push_harness.happen(open=["Driver"])
        body = await push_harness.last_message()
        position = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [2.5, 48.5]},
            "properties": {"createdAt": body["date"]},
        }
        extension = {"type": "vehicle.position", "body": [{"position": position}]}
        body["monitorEvent"]["extensions"] = [extension]
        push_harness.push.inbox.async_receive([body])
        await push_harness.activity.settle()
        assert push_harness.state("opening_driver").state == "on"
        assert push_harness.state("position").attributes["longitude"] == 2.5
        assert push_harness.car().data.status.raw["lastPosition"] == position

    async def test_message_calls_no_more_functions_than_changed_poll(
        self, push_harness: PushHarness
    ) -> None:
        """The rest is the same: a changed status."""
        await push_harness.happen(open=["Driver"])
        body = await push_harness.last_message()
        await push_harness.change(open=["Trunk"])
        with counted_calls() as poll:
            await push_harness.refresh()
        body["date"] = dt_util.utcnow().isoformat()
        [status] = [
            part["status"]
            for extension in body["monitorEvent"]["extensions"]
            for part in extension["body"]
            if "status" in part
        ]
        status["createdAt"] = status["updatedAt"] = body["date"]
        with counted_calls() as message:
            push_harness.push.inbox.async_receive([body])
        await push_harness.activity.settle()
        assert push_harness.state("opening_driver").state == "on"
        assert message.total() <= poll.total()

    async def test_forged_and_replayed_requests_change_nothing(
        self, push_harness: PushHarness
    ) -> None:
        """They are rejected or dropped, and counted."""
        await push_harness.happen(open=["Driver"])
        message = (await control(push_harness.simulator, "GET", "messages"))[
            "messages"
        ][-1]
        await push_harness.happen(open=[])
        state = push_harness.car().data
        body = message["message"]
        counts = push_harness.push.inbox.counts
        async with ClientSession() as session:
            for content, status in (
                (body, 200),
                ({**body, "callbackId": "another"}, 200),
                ({**body, "monitorEvent": {"monitorId": "another"}}, 200),
                ({**body, "monitorEvent": None, "remoteEvent": {}}, 200),
                ({**body, "attributes": []}, 401),
                ("text", 400),
            ):
                async with session.post(message["target"], json=content) as response:
                    assert response.status == status
        await push_harness.activity.settle()
        assert push_harness.car().data == state
        assert counts.unknown == 3
        assert counts.rejected == 2

    async def test_random_messages_raise_and_log_nothing(
        self, push_harness: PushHarness, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Damaged messages reach the entities, and the next message is shown."""
        await push_harness.happen(open=["Driver"], alert="RiskOfIce")
        await push_harness.happen(trip="start")
        log = await control(push_harness.simulator, "GET", "messages")
        bodies = [one["message"] for one in log["messages"] if one["delivered"]]
        chance = random.Random(12)
        caplog.clear()
        for _ in range(100):
            batch = [mutated(chance.choice(bodies), chance) for _ in range(4)]
            body = json.dumps([one for one in batch if isinstance(one, dict)])
            push_harness.push.inbox.async_receive(
                parse_messages(body.encode(), "", is_authorized=True)
            )
            await push_harness.activity.settle()
        counts = push_harness.push.inbox.counts
        assert counts.received - counts.unknown > 100
        assert not [one for one in caplog.records if one.levelno > logging.INFO]
        await push_harness.happen(trip="stop")
        await push_harness.happen(open=[])
        assert push_harness.state("opening_driver").state == "off"

    async def test_messages_during_a_reload_are_made_up_for(
        self, push_harness: PushHarness
    ) -> None:
        """Home Assistant accepts messages of unknown webhooks, and drops them."""
        await push_harness.happen(locked=False)
        entries = push_harness.hass.config_entries
        await entries.async_unload(push_harness.entry.entry_id)
        push_harness.freezer.tick(SECOND)
        await control(
            push_harness.simulator,
            "PATCH",
            f"vehicles/{simulated_car(push_harness.simulator, BATTERY).id}",
            open=["Driver"],
        )
        await push_harness.simulator.settle()
        await entries.async_setup(push_harness.entry.entry_id)
        await push_harness.pass_time(15 * SECOND)
        assert push_harness.state("opening_driver").state == "on"
        assert push_harness.push.inbox.counts.received == 0

    async def test_old_batch_in_disorder_changes_nothing(
        self, push_harness: PushHarness
    ) -> None:
        """Stellantis tries for 72 hours; what happened since is known by polls."""
        await push_harness.happen(open=["Driver"], alert="RiskOfIce")
        await push_harness.happen(trip="start")
        await push_harness.pass_time(15 * MINUTE, MINUTE)
        await push_harness.happen(trip="stop")
        await push_harness.happen(open=[], clear_alert="RiskOfIce")
        await push_harness.pass_time(3 * DAY, 12 * HOUR)
        await push_harness.deliver()
        log = await control(push_harness.simulator, "GET", "messages")
        sent = [one for one in log["messages"] if one["delivered"]]
        keys = (
            "opening_driver",
            "active_alerts",
            "moving",
            "trip",
            "alert",
            "position",
        )
        before = [push_harness.state(key) for key in keys]
        received = push_harness.push.inbox.counts.received
        batch = [one["message"] for one in reversed(sent)][:100]
        async with ClientSession() as session:
            for _ in range(2):
                async with session.post(sent[0]["target"], json=batch) as response:
                    assert response.status == 200
        await push_harness.pass_time(10 * MINUTE, MINUTE)
        assert push_harness.push.inbox.counts.received == received + 2 * len(batch)
        assert [push_harness.state(key) for key in keys] == before

    async def test_flood_is_made_up_for_by_a_poll(
        self, push_harness: PushHarness
    ) -> None:
        """A message waits for as many others as fit in the queue, and what did not fit is polled."""
        await push_harness.happen(locked=False)
        inbox = push_harness.push.inbox
        await push_harness.fault("lose_message", times=None)
        await push_harness.happen(open=["Driver"])
        requested_paths(push_harness.simulator)
        for _ in range(50):
            inbox.async_receive([{}] * 100)
        await push_harness.pass_time(5 * SECOND)
        assert inbox.counts.unknown <= MAX_WAITING + 1
        assert push_harness.state("opening_driver").state == "on"
        assert len(requested_paths(push_harness.simulator, "/status")) == len(CARS)

    async def test_compressed_bomb_is_rejected(self, push_harness: PushHarness) -> None:
        """The size counts after decompression."""
        target = push_harness.callbacks()[0].webhook["target"]
        headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        body = gzip.compress(b" " * 50_000_000)
        async with (
            ClientSession() as session,
            session.post(str(target), data=body, headers=headers) as response,
        ):
            assert response.status == 413
        assert push_harness.push.inbox.counts.rejected == 1

    async def test_slow_body_ends_after_seconds(
        self, push_harness: PushHarness
    ) -> None:
        """A client that stops in the middle is rejected, and others are not delayed."""
        counts = push_harness.push.inbox.counts
        async with open_request(
            push_harness, b"{", **{"Content-Length": "2"}
        ) as reader:
            await push_harness.happen(open=["Driver"])
            assert push_harness.state("opening_driver").state == "on"
            assert counts.rejected == 0
            await push_harness.pass_time(READ_TIMEOUT * SECOND, SECOND)
            assert counts.rejected == 1
            assert b" 408 " in await reader.readline()

    async def test_damaged_body_is_not_logged(
        self, push_harness: PushHarness, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Home Assistant would log the id of the webhook with an error that is raised."""
        headers = {"Content-Encoding": "gzip"}
        async with open_request(push_harness, b"text", **headers) as reader:
            assert b" 400 " in await reader.readline()
        async with open_request(push_harness, b"{", **{"Content-Length": "2"}):
            await push_harness.activity.settle()
        await push_harness.happen(open=["Driver"])
        assert push_harness.state("opening_driver").state == "on"
        assert not [
            one
            for one in caplog.records
            if one.name.startswith("homeassistant") and one.levelno > logging.INFO
        ]

    async def test_other_methods_are_rejected(self, push_harness: PushHarness) -> None:
        """Stellantis posts."""
        target = str(push_harness.callbacks()[0].webhook["target"])
        async with ClientSession() as session:
            for method in ("PUT", "GET"):
                async with session.request(method, target) as response:
                    assert response.status == 405

    async def test_flood_keeps_the_newest(self, push_harness: PushHarness) -> None:
        """What does not fit in the queue is dropped and counted."""
        await push_harness.deliver()
        inbox = push_harness.push.inbox
        before = inbox.counts.received
        for _ in range(3):
            inbox.async_receive([{}] * MAX_WAITING)
        await push_harness.activity.settle()
        counts = inbox.counts
        assert counts.received - before == 3 * MAX_WAITING
        assert counts.dropped + counts.unknown == 3 * MAX_WAITING
        assert counts.unknown <= MAX_WAITING + 1


class TestPolling:
    """How often cars are polled while push works."""

    async def test_working_push_polls_hourly(self, push_harness: PushHarness) -> None:
        """All intervals become the safety interval; without push they are shorter again."""
        for label in CARS:
            await push_harness.happen(label, locked=False)
        assert push_harness.push.is_working
        assert push_harness.state_of_push() == "on"
        await push_harness.pass_time(HOUR, MINUTE)
        requested_paths(push_harness.simulator)
        await push_harness.pass_time(2 * HOUR, MINUTE)
        paths = requested_paths(push_harness.simulator, "/status")
        assert len(paths) <= 4 * 3

    async def test_day_with_push_takes_forty_requests_per_car(
        self, push_harness: PushHarness
    ) -> None:
        """Cars drive and charge by themselves, and no message is missing."""
        for label in CARS:
            await push_harness.happen(label, locked=False)
            await push_harness.change(label, sleep="auto")
        requested_paths(push_harness.simulator)
        for _ in range(24 * 6):
            await push_harness.pass_time(10 * MINUTE, 10 * MINUTE)
            await push_harness.simulator.settle()
        paths = requested_paths(push_harness.simulator)
        for label in CARS:
            vehicle_id = push_harness.car(label).vehicle.id
            assert sum(vehicle_id in path for path in paths) <= 40
        assert push_harness.push.is_working

    async def test_charge_limit_keeps_five_minutes_outside_of_zones(
        self, push_harness: PushHarness
    ) -> None:
        """The monitor of the limit reports a charge within the zones only."""
        await push_harness.use("charge_limit", "set_value", value=80)
        await push_harness.happen(level=40, charging=True)
        assert push_harness.push.is_working
        requested_paths(push_harness.simulator)
        await push_harness.pass_time(HOUR, MINUTE)
        vehicle_id = push_harness.car().vehicle.id
        statuses = [
            path
            for path in requested_paths(push_harness.simulator, "/status")
            if vehicle_id in path
        ]
        assert 10 <= len(statuses) <= 13

    async def test_small_plan_raises_issue_with_numbers(
        self, hass: HomeAssistant, push_harness: PushHarness
    ) -> None:
        """Four cars need 96 requests a day with push, also after a restart."""
        await push_harness.restart()
        await control(push_harness.simulator, "PATCH", "application", per_day=110)
        await push_harness.happen(open=["Driver"])
        for label in CARS:
            await push_harness.refresh(label)
        await push_harness.happen(open=[])
        [issue] = [
            one
            for one in ir.async_get(hass).issues.values()
            if one.translation_key == "plan_too_small"
        ]
        placeholders = issue.translation_placeholders or {}
        assert placeholders["cars"] == "4"
        assert placeholders["required"] == "96"
        assert 0 < int(placeholders["per_day"]) < 96


class TestOptions:
    """The test message of the options."""

    @staticmethod
    async def result(
        push_harness: PushHarness, passing: timedelta = timedelta()
    ) -> tuple[str, dict[str, str]]:
        """Return the reason and the placeholders with which a test ends."""
        flows = push_harness.hass.config_entries.options
        flow = await flows.async_init(push_harness.entry.entry_id)
        flow = await flows.async_configure(
            flow["flow_id"], {"next_step_id": "test_message"}
        )
        if flow["type"] is FlowResultType.SHOW_PROGRESS:
            await push_harness.pass_time(2 * SECOND)
            await push_harness.deliver()
            await push_harness.pass_time(passing, MINUTE)
            flow = await flows.async_configure(flow["flow_id"])
        assert flow["type"] is FlowResultType.ABORT
        return flow["reason"], dict(flow["description_placeholders"] or {})

    async def test_message_arrives_proves_push(self, push_harness: PushHarness) -> None:
        """It needs no car that is awake, and the monitors are the same afterwards."""
        reason, placeholders = await self.result(push_harness)
        assert reason == "test_succeeded"
        assert int(placeholders["seconds"]) <= 5
        await push_harness.pass_time(MINUTE, MINUTE)
        for label in CARS:
            assert {*push_harness.monitors(label)} == ALL
        assert push_harness.push.is_working

    async def test_message_lost_says_so(self, push_harness: PushHarness) -> None:
        """After a minute and a half."""
        await push_harness.fault("lose_message", times=None)
        reason, placeholders = await self.result(push_harness, 2 * MINUTE)
        assert reason == "test_not_received"
        assert placeholders == {"seconds": "90", "host": "127.0.0.1"}

    async def test_platform_down_says_so(self, push_harness: PushHarness) -> None:
        """The request for the message is not accepted."""
        await push_harness.fault("error", status=503, path="*/callbacks", times=None)
        reason, _ = await self.result(push_harness)
        assert reason == "test_failed"

    async def test_no_url_says_so(self, push_harness: PushHarness) -> None:
        """There is no way from outside."""
        push_harness.hass.config.external_url = None
        reason, _ = await self.result(push_harness)
        assert reason == "no_url"

    async def test_push_off_says_so(self, push_harness: PushHarness) -> None:
        """It is off in the options."""
        push_harness.hass.config_entries.async_update_entry(
            push_harness.entry, options={"push": "off"}
        )
        await push_harness.restart()
        reason, _ = await self.result(push_harness)
        assert reason == "push_off"

    async def test_no_telemetry_says_so(
        self, external_url: None, setup_integration: SetupIntegration, harness: Harness
    ) -> None:
        """The test message needs the permission to read the odometer."""
        entry = await setup_integration(
            Brand.OPEL, [Scope.POSITION], "second@example.com"
        )
        push_harness = PushHarness(**{**vars(harness), "entry": entry})
        reason, _ = await self.result(push_harness)
        assert reason == "no_vehicle"

    async def test_account_not_set_up_sends_no_test_message(
        self, hass: HomeAssistant, create_config_entry: SetupIntegration
    ) -> None:
        """There is nothing to test."""
        entry = await create_config_entry()
        menu = await hass.config_entries.options.async_init(entry.entry_id)
        assert menu["menu_options"] == ["preferences", "charging_costs"]


class FakeCloud(ModuleType):
    """Home Assistant Cloud with a subscription."""

    def __init__(self) -> None:
        """Initialize the cloud."""
        super().__init__("cloud")
        self.is_connected = True
        self.is_subscribed = True
        self.error: Exception = HomeAssistantError()
        self.hooks: dict[str, str] = {}
        self.listeners: list[Callable[[object], None]] = []
        self.hook_listeners: dict[str, Callable[[object], None]] = {}
        self.created = 0

    def async_active_subscription(self, hass: HomeAssistant) -> bool:
        """Return whether there is a subscription."""
        return self.is_subscribed

    async def async_get_or_create_cloudhook(
        self, hass: HomeAssistant, webhook_id: str
    ) -> str:
        """Return the URL of a cloudhook."""
        if not self.is_connected:
            raise self.error
        if webhook_id not in self.hooks:
            self.created += 1
            self.hooks[webhook_id] = f"https://hooks.invalid/{self.created}"
            self.hook_listeners[webhook_id](self.hooks[webhook_id])
        return self.hooks[webhook_id]

    async def async_delete_cloudhook(
        self, hass: HomeAssistant, webhook_id: str
    ) -> None:
        """Delete a cloudhook, also without a connection."""
        if webhook_id not in self.hooks:
            raise ValueError
        del self.hooks[webhook_id]
        if listener := self.hook_listeners.get(webhook_id):
            listener(None)

    def connect(self, is_connected: bool) -> None:
        """Lose the connection, or find it again."""
        self.is_connected = is_connected
        for listener in self.listeners:
            listener("changed")

    def async_listen_connection_change(
        self, hass: HomeAssistant, listener: Callable[[object], None]
    ) -> Callable[[], None]:
        """Call a listener when the connection changes."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def async_listen_cloudhook_change(
        self,
        hass: HomeAssistant,
        webhook_id: str,
        listener: Callable[[object], None],
    ) -> Callable[[], None]:
        """Call a listener when a cloudhook changes, with None once it is deleted."""
        self.hook_listeners[webhook_id] = listener
        return lambda: self.hook_listeners.clear()


def targets(harness: Harness) -> list[object]:
    """Return the URLs of all callbacks."""
    callbacks = harness.simulator.backend.subscriptions.all_callbacks()
    return [one.webhook["target"] for one in callbacks]


class TestCloud:
    """Push by a cloudhook."""

    @pytest.fixture
    def cloud(self, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
        """Return a cloud in place of Home Assistant's."""
        cloud = FakeCloud()
        monkeypatch.setitem(sys.modules, CLOUD, cloud)
        hass.config.components.add("cloud")
        return cloud

    async def test_subscription_uses_cloudhook_until_removal(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """The cloudhook is deleted with the account."""
        await harness.pass_time(MINUTE, MINUTE)
        assert targets(harness) == [*cloud.hooks.values()]
        await harness.hass.config_entries.async_remove(harness.entry.entry_id)
        assert not cloud.hooks

    async def test_disconnected_keeps_callback_until_connected(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """A connection that is lost does not make the external URL the target."""
        await harness.pass_time(MINUTE, MINUTE)
        cloud.connect(False)
        await harness.pass_time(MINUTE, MINUTE)
        assert targets(harness) == [*cloud.hooks.values()]
        await harness.fault("forget_callbacks")
        cloud.connect(True)
        await harness.pass_time(MINUTE, MINUTE)
        assert targets(harness) == [*cloud.hooks.values()]

    async def test_disconnected_at_start_creates_cloudhook_once_connected(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """Until then, Home Assistant polls."""
        await harness.pass_time(MINUTE, MINUTE)
        await harness.fault("forget_callbacks")
        cloud.hooks.clear()
        cloud.connect(False)
        await harness.restart()
        await harness.pass_time(MINUTE, MINUTE)
        assert not targets(harness)
        cloud.connect(True)
        await harness.pass_time(SECOND)
        assert targets(harness) == [*cloud.hooks.values()] != []

    @pytest.mark.parametrize("error", [TimeoutError(), ValueError(), CloudError()])
    async def test_failed_cloud_is_retried(
        self, external_url: None, cloud: FakeCloud, harness: Harness, error: Exception
    ) -> None:
        """Its library has errors of its own."""
        await harness.pass_time(MINUTE, MINUTE)
        cloud.is_connected = False
        cloud.error = error
        await cloud.async_delete_cloudhook(harness.hass, *cloud.hooks)
        await harness.pass_time(SECOND)
        assert not cloud.hooks
        cloud.is_connected = True
        await harness.pass_time(3 * MINUTE, MINUTE)
        assert targets(harness) == ["https://hooks.invalid/2"]

    async def test_deleted_cloudhook_is_created_again(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """The callback keeps its id, and has the URL of the new one."""
        await harness.pass_time(MINUTE, MINUTE)
        [callback] = harness.simulator.backend.subscriptions.all_callbacks()
        await cloud.async_delete_cloudhook(harness.hass, *cloud.hooks)
        await harness.pass_time(SECOND)
        assert harness.simulator.backend.subscriptions.all_callbacks() == [callback]
        assert targets(harness) == ["https://hooks.invalid/2"]

    async def test_expired_subscription_uses_external_url(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """Without one Home Assistant polls, and a new subscription is used again."""
        await harness.pass_time(MINUTE, MINUTE)
        cloud.is_subscribed = False
        cloud.connect(False)
        await harness.pass_time(SECOND)
        assert "127.0.0.1" in str(targets(harness))
        await harness.hass.config.async_update(external_url=None)
        await harness.pass_time(SECOND)
        assert ".invalid/" in str(targets(harness))
        assert not harness.simulator.backend.subscriptions.monitors()
        assert not harness.entry.runtime_data.push.issues
        cloud.is_subscribed = True
        cloud.connect(True)
        await harness.pass_time(SECOND)
        assert targets(harness) == [*cloud.hooks.values()] != []
        assert harness.simulator.backend.subscriptions.monitors()

    async def test_test_message_without_cloud_says_so(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """The way from outside is closed."""
        await harness.pass_time(MINUTE, MINUTE)
        cloud.connect(False)
        push_harness = PushHarness(**vars(harness))
        reason, _ = await TestOptions.result(push_harness)
        assert reason == "cloud_unavailable"

    async def test_option_off_deletes_cloudhook(
        self, external_url: None, cloud: FakeCloud, harness: Harness
    ) -> None:
        """Nothing is kept that is not needed."""
        await harness.pass_time(MINUTE, MINUTE)
        harness.hass.config_entries.async_update_entry(
            harness.entry, options={"push": "off"}
        )
        await harness.restart()
        await harness.pass_time(MINUTE, MINUTE)
        assert not cloud.hooks
