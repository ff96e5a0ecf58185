"""Tests of events."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.stellantis_connect import logbook
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import DOMAIN, EVENT_HISTORY
from custom_components.stellantis_connect.event import DESCRIPTIONS
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from custom_components.stellantis_connect.translation import event_message
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State
from homeassistant.helpers import entity_registry as er, restore_state
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util
from simulator.cars.car import Car
from simulator.server import Simulator

from .common import add_zone, advance_time, crash, entity_ids, simulated_car
from .conftest import SetupIntegration
from .harness import Harness
from .simulator_client import control

BATTERY = "Compact Electric"
PLUG_IN = "Family Plug-in Hybrid"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("_event_entities_enabled")

LAST_EVENT = "2026-03-15T18:30:00.000+00:00"

type StateEvent = Event[EventStateChangedData]


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time on a Monday before the first trip."""
    freezer.move_to("2026-03-16T03:00:00+00:00")


def event_data(events: Iterable[StateEvent], entity_id: str) -> list[dict[str, Any]]:
    """Return the attributes of an entity's events, without restored ones."""
    states = [
        (event.data["old_state"], event.data["new_state"])
        for event in events
        if event.data["entity_id"] == entity_id
    ]
    fired = [
        new
        for old, new in states
        if new
        and new.state not in ("unknown", "unavailable")
        and (old is None or old.state != new.state)
    ]
    unique = {state.state: dict(state.attributes) for state in fired}
    return [*unique.values()]


async def act(connected_simulator: Simulator, car: Car, **changes: object) -> None:
    """Change a simulated car."""
    await control(connected_simulator, "PATCH", f"vehicles/{car.id}", **changes)


@pytest.fixture
def ids(hass: HomeAssistant, init_integration: ConfigEntry) -> dict[str, str]:
    """Return the entities of the battery car."""
    return entity_ids(hass, init_integration, BATTERY)


@pytest.fixture
def events(hass: HomeAssistant, ids: dict[str, str]) -> list[StateEvent]:
    """Capture the state changes from now on."""
    return async_capture_events(hass, EVENT_STATE_CHANGED)


async def test_alert_triggers_events_when_raised_and_cleared(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
    events: list[StateEvent],
) -> None:
    """The kind, the severity and the position are attributes."""
    car = simulated_car(connected_simulator, BATTERY)
    alert = {"type": "EngineFailure", "severity": "Critical"}
    await act(connected_simulator, car, alert=alert)
    await advance_time(hass, freezer, 9 * HOUR)
    [raised] = event_data(events, ids["alert"])
    assert raised["event_type"] == "raised"
    assert raised["kind"] == "engine_failure"
    assert raised["name"] == "Engine failed"
    assert raised["severity"] == "critical"
    assert raised["position"]["latitude"]
    problem = hass.states.get(ids["problem"])
    assert problem
    assert problem.state == "on"
    assert problem.attributes["alerts"] == ["Engine failed"]

    await act(connected_simulator, car, clear_alert="EngineFailure")
    await advance_time(hass, freezer, 9 * HOUR)
    assert event_data(events, ids["alert"])[-1]["event_type"] == "cleared"
    assert hass.states.is_state(ids["problem"], "off")


async def test_alert_without_position_permission_has_no_position(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """The event is triggered without the permission for positions, too."""
    entry = await setup_integration(scopes=[Scope.TELEMETRY, Scope.ALERT])
    events = async_capture_events(hass, EVENT_STATE_CHANGED)
    await act(
        connected_simulator,
        simulated_car(connected_simulator, BATTERY),
        alert="EngineFailure",
    )
    await advance_time(hass, freezer, 9 * HOUR)
    [raised] = event_data(events, entity_ids(hass, entry, BATTERY)["alert"])
    assert raised["kind"] == "engine_failure"
    assert "latitude" not in raised


async def test_alarm_triggered_has_kind_and_position(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
    events: list[StateEvent],
) -> None:
    """A change of the status triggers the fetch of the list."""
    await act(
        connected_simulator,
        simulated_car(connected_simulator, BATTERY),
        alarm="VolumetricBreakIn",
    )
    await advance_time(hass, freezer, 31 * MINUTE)
    [alarm] = [
        one
        for one in event_data(events, ids["alarm"])
        if one["event_type"] == "triggered"
    ]
    assert alarm["kind"] == "volumetric_break_in"
    assert alarm["position"]["latitude"]


async def test_collision_has_its_impacts(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
    events: list[StateEvent],
) -> None:
    """The side, the severity and what else the car reports are attributes."""
    impact = {"side": "Lateral", "severity": "Major", "tippedOver": True}
    await act(
        connected_simulator,
        simulated_car(connected_simulator, BATTERY),
        collision=impact,
    )
    await advance_time(hass, freezer, DAY + MINUTE)
    [collision] = event_data(events, ids["collision"])
    assert collision["side"] == "lateral"
    assert collision["severity"] == "major"
    assert collision["tipped_over"] is True
    assert collision["impacts"] == [{"side": "lateral", "severity": "major"}]


async def test_trip_triggers_events_when_it_starts_and_ends(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
    events: list[StateEvent],
) -> None:
    """The end has the distance and the consumption."""
    car = simulated_car(connected_simulator, BATTERY)
    await act(connected_simulator, car, trip="shop")
    await advance_time(hass, freezer, 31 * MINUTE)
    for _ in range(60):
        await advance_time(hass, freezer, 2 * MINUTE)
    types = [one["event_type"] for one in event_data(events, ids["trip"])]
    assert types == ["started", "ended"]
    ended = event_data(events, ids["trip"])[-1]
    trip = car.trips[-1]
    assert trip.stop
    assert ended["distance"] == pytest.approx(
        trip.stop.odometer - trip.start.odometer, abs=0.1
    )
    assert ended["electric_consumption"] > 0
    assert ended["electric_consumption_estimated"] is False


@pytest.mark.parametrize("state", [LAST_EVENT, STATE_UNAVAILABLE])
async def test_event_after_restart_is_restored(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    setup_integration: SetupIntegration,
    state: str,
) -> None:
    """The last event is shown again, also if the entity was unavailable at the end."""
    entity_id = "event.compact_electric_alert"
    data = {
        "last_event_type": "raised",
        "last_event_attributes": {"kind": "engine_failure"},
        "last_event_triggered": LAST_EVENT,
    }
    stored = {
        "state": State(entity_id, state).as_dict(),
        "extra_data": data,
        "last_seen": dt_util.utcnow().isoformat(),
    }
    hass_storage[restore_state.STORAGE_KEY] = {
        "version": restore_state.STORAGE_VERSION,
        "data": [stored],
    }
    await restore_state.async_get(hass).async_load()

    await setup_integration()

    restored = hass.states.get(entity_id)
    assert restored
    assert restored.state == LAST_EVENT
    assert restored.attributes["event_type"] == "raised"
    assert restored.attributes["kind"] == "engine_failure"


async def test_event_is_stored_with_its_time(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
) -> None:
    """The time is stored beside the state, which may be unavailable."""
    car = simulated_car(connected_simulator, BATTERY)
    await act(connected_simulator, car, alert="EngineFailure")
    await advance_time(hass, freezer, 9 * HOUR)
    state = hass.states.get(ids["alert"])
    assert state

    [stored] = [
        one.extra_data.as_dict()
        for one in restore_state.async_get(hass).async_get_stored_states()
        if one.state.entity_id == ids["alert"] and one.extra_data
    ]

    assert stored["last_event_triggered"] == state.state


async def test_impacts_of_collision_are_not_recorded(
    hass: HomeAssistant, ids: dict[str, str]
) -> None:
    """Long lists stay out of the database."""
    state = hass.states.get(ids["collision"])
    assert state
    assert state.state_info
    assert "impacts" in state.state_info["unrecorded_attributes"]


def test_events_are_disabled_by_default() -> None:
    """The logbook would have two lines."""
    assert not [one.key for one in DESCRIPTIONS if one.entity_registry_enabled_default]


async def test_collision_is_logged_while_its_entity_is_disabled(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    ids: dict[str, str],
) -> None:
    """Collisions are fetched for the logbook."""
    er.async_get(hass).async_update_entity(
        ids["collision"], disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.config_entries.async_reload(init_integration.entry_id)
    logged = async_capture_events(hass, EVENT_HISTORY)
    car = simulated_car(connected_simulator, BATTERY)
    await act(connected_simulator, car, collision={"side": "Rear", "severity": "Minor"})
    await advance_time(hass, freezer, DAY + MINUTE)
    messages = [event.data["message"] for event in logged]
    assert "Collision: Rear, Minor (belts tightened)" in messages


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize(
    ("language", "messages"),
    [
        ("en", ["Alert: Engine failed", "Trip: From Home, 8.3 km"]),
        ("fr", ["Alerte : Défaillance du moteur", "Trajet : Depuis Home, 8,3 km"]),
        ("de", ["Warnung: Motor ausgefallen", "Fahrt: Ab Home, 8,3 km"]),
    ],
)
async def test_logbook_has_one_line_in_words(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    language: str,
    messages: list[str],
) -> None:
    """It names the car, in the language of Home Assistant."""
    await hass.config.async_update(language=language)
    await async_load_integrations(hass, {DOMAIN})
    logged = async_capture_events(hass, EVENT_HISTORY)
    car = simulated_car(connected_simulator, BATTERY)
    add_zone(hass, "Home", car.at(dt_util.utcnow()).fix.place)
    await act(connected_simulator, car, alert="EngineFailure")
    await advance_time(hass, freezer, 31 * MINUTE)
    await act(connected_simulator, car, trip="start")
    await advance_time(hass, freezer, 10 * MINUTE)
    await act(connected_simulator, car, trip="stop")
    await advance_time(hass, freezer, 61 * MINUTE)

    describe: dict[str, logbook.DescribeEvent] = {}
    logbook.async_describe_events(
        hass,
        lambda domain, event_type, function: describe.update({event_type: function}),
    )
    assert [describe[EVENT_HISTORY](event) for event in logged] == [
        {"name": BATTERY, "message": message} for message in messages
    ]
    assert all(event.data["device_id"] for event in logged)
    assert [event.data["entity_id"] for event in logged] == [
        "sensor.compact_electric_active_alerts",
        "calendar.compact_electric_trips",
    ]


async def test_trip_of_0_km_only_ends_what_has_started(harness: Harness) -> None:
    """It is no trip for anything else."""
    trip, last = harness.state("trip"), harness.state("last_trip_distance")
    await harness.change(trip="start")
    await harness.change(trip="stop")
    await harness.pass_time(12 * MINUTE, 3 * MINUTE)
    await harness.refresh()
    assert len(harness.car().data.history.trips.records) > 5
    assert harness.state("trip") == trip
    await harness.change(trip="start")
    await harness.refresh()
    assert harness.state("trip").attributes["event_type"] == "started"
    await harness.change(trip="stop")
    await harness.pass_time(3 * MINUTE, 3 * MINUTE)
    await harness.refresh()
    await harness.pass_time(3 * MINUTE, 3 * MINUTE)
    ended = harness.state("trip").attributes
    assert (ended["event_type"], ended["distance"]) == ("ended", 0)
    assert harness.state("last_trip_distance").state == last.state
    response = await harness.act("get_trips")
    assert all(one["distance"] for one in response["trips"])


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize(
    ("event", "event_type", "data", "message"),
    [
        ("alarm", "triggered", {"kind": "roof_break_in"}, "Alarm: Roof: break-in"),
        ("alarm", "armed", {"kind": None}, ""),
        (
            "charge",
            "ended",
            {"start_level": 40.0, "end_level": 79.5},
            "Charged from 40% to 80%",
        ),
        ("charge", "started", {"start_level": 40.0}, ""),
        (
            "collision",
            "collision",
            {"side": "rear", "severity": "minor"},
            "Collision: Rear, Minor (belts tightened)",
        ),
        ("trip", "ended", {"title": "8.3 km"}, "Trip: 8.3 km"),
        ("trip", "started", {}, ""),
    ],
)
async def test_event_message_without_data_is_empty(
    hass: HomeAssistant,
    event: str,
    event_type: str,
    data: dict[str, object],
    message: str,
) -> None:
    """A sentence neither has a gap nor repeats the type of the event alone."""
    assert event_message(hass, event, event_type, data) == message


async def test_charges_found_in_the_past_trigger_no_events(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: ConfigEntry,
    events: list[StateEvent],
    ids: dict[str, str],
) -> None:
    """They are found after the first status."""
    [car] = [
        car
        for car in init_integration.runtime_data.account.vehicles.values()
        if car.name == BATTERY
    ]
    # Statistics listen like this.
    unsubscribe = car.async_add_listener(lambda: None, Endpoint.PAST_CHARGES)
    await advance_time(hass, freezer, 31 * MINUTE)
    unsubscribe()
    assert car.data.history.charges.latest.ended_at > dt_util.utcnow() - timedelta(
        days=7
    )
    assert event_data(events, ids["charge_event"]) == []


async def test_charge_triggers_events_when_it_starts_and_ends(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
    events: list[StateEvent],
) -> None:
    """The platform has no list of charges: they are derived from the status."""
    car = simulated_car(connected_simulator, BATTERY)
    await act(connected_simulator, car, charging=False)
    await act(connected_simulator, car, level=50, plugged=True)
    await advance_time(hass, freezer, 31 * MINUTE)
    before = len(event_data(events, ids["charge_event"]))
    await act(connected_simulator, car, charging=True)
    await advance_time(hass, freezer, 31 * MINUTE)
    await advance_time(hass, freezer, HOUR)
    await act(connected_simulator, car, charging=False)
    await advance_time(hass, freezer, 31 * MINUTE)
    started, ended = event_data(events, ids["charge_event"])[before:]
    assert (started["event_type"], ended["event_type"]) == ("started", "ended")
    assert ended["energy"] == pytest.approx(car.charges[-1].energy / 1000, rel=0.01)


async def test_charge_that_no_poll_saw_triggers_both_events(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    ids: dict[str, str],
    events: list[StateEvent],
) -> None:
    """The level rose between two polls."""
    car = simulated_car(connected_simulator, BATTERY)
    await act(connected_simulator, car, charging=False, level=50)
    await advance_time(hass, freezer, 31 * MINUTE)
    before = len(event_data(events, ids["charge_event"]))
    freezer.tick(10 * MINUTE)
    await act(connected_simulator, car, plugged=True, charging=True)
    freezer.tick(15 * MINUTE)
    await act(connected_simulator, car, charging=False)
    await advance_time(hass, freezer, 31 * MINUTE)
    started, ended = event_data(events, ids["charge_event"])[before:]
    assert (started["event_type"], ended["event_type"]) == ("started", "ended")
    assert started["started_at"] == ended["started_at"]


async def test_charge_observed_is_not_found_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """The past may be fetched after a charge was observed."""
    telemetry = {"method": "GET", "path": "*/telemetry", "status": 500}
    await control(
        connected_simulator, "POST", "faults", kind="error", times=None, **telemetry
    )
    entry = await setup_integration()
    [vehicle] = [
        one
        for one in entry.runtime_data.account.vehicles.values()
        if one.vehicle.label == BATTERY
    ]
    vehicle.async_add_listener(lambda: None, Endpoint.PAST_CHARGES)
    car = simulated_car(connected_simulator, BATTERY)
    await act(connected_simulator, car, charging=True, level=50)
    for _ in range(3):
        await advance_time(hass, freezer, 31 * MINUTE)
    await act(connected_simulator, car, charging=False)
    await advance_time(hass, freezer, 31 * MINUTE)
    await control(connected_simulator, "DELETE", "faults")
    for _ in range(3):
        await advance_time(hass, freezer, HOUR)
    charges = vehicle.data.history.charges.records
    assert len(charges) == len(car.charges) > 1


async def test_events_in_a_week_of_faults_are_triggered_once(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    subtests: pytest.Subtests,
) -> None:
    """Restarts, crashes, outages, lost and repeated pages neither hide an event nor repeat it."""
    events = async_capture_events(hass, EVENT_STATE_CHANGED)
    began = connected_simulator.clock.now()
    cars = {
        label: simulated_car(connected_simulator, label) for label in (BATTERY, PLUG_IN)
    }
    impact = {"side": "Rear", "severity": "Minor"}
    for hour in range(7 * 24):
        await advance_time(hass, freezer, 30 * MINUTE)
        if hour % 25 == 11:
            await crash(hass, hass_storage, init_integration)
        match hour % 24:
            case 5:
                await control(
                    connected_simulator,
                    "POST",
                    "faults",
                    kind="error",
                    status=503,
                    form="html",
                    path="*/vehicles/*",
                    times=20,
                )
            case 9 if hour < 48:
                for car in cars.values():
                    await act(
                        connected_simulator, car, collision=impact, alarm="RoofBreakIn"
                    )
            case 10:
                await control(
                    connected_simulator,
                    "POST",
                    "faults",
                    kind="stale_data",
                    seconds=7200,
                    times=8,
                )
            case 13 | 19:
                await hass.config_entries.async_reload(init_integration.entry_id)
                await hass.async_block_till_done()
            case 15:
                await control(
                    connected_simulator,
                    "POST",
                    "faults",
                    kind="truncate",
                    path="*/vehicles/*/*",
                    times=6,
                )
        await advance_time(hass, freezer, 30 * MINUTE)
    # What changed and changed back between two polls is found by the daily fetch.
    settled = connected_simulator.clock.now()
    for _ in range(25):
        await advance_time(hass, freezer, HOUR)

    def happened(moments: Iterable[datetime | None]) -> list[str]:
        return sorted(
            moment.replace(microsecond=0).isoformat()
            for moment in moments
            if moment and began < moment <= settled
        )

    def triggered(entity_id: str, event_type: str | None, attribute: str) -> list[str]:
        moments = sorted(
            one[attribute]
            for one in event_data(events, entity_id)
            if event_type in (None, one["event_type"])
        )
        return [moment for moment in moments if moment <= settled.isoformat()]

    for label, car in cars.items():
        ids = entity_ids(hass, init_integration, label)
        with subtests.test(label):
            starts = happened(alert.start.at for alert in car.alerts)
            assert triggered(ids["alert"], "raised", "started_at") == starts
            ends = happened(alert.end.at for alert in car.alerts if alert.end)
            assert triggered(ids["alert"], "cleared", "ended_at") == ends
            alarms = happened(alarm.at for alarm in car.alarms)
            assert triggered(ids["alarm"], None, "happened_at") == alarms
            collisions = happened(collision.at for collision in car.collisions)
            assert triggered(ids["collision"], None, "happened_at") == collisions
            assert len(collisions) >= 2
            trips = happened(trip.stop.at for trip in car.trips if trip.stop)
            assert triggered(ids["trip"], "ended", "ended_at") == trips
            starts = happened(trip.start.at for trip in car.trips)
            assert triggered(ids["trip"], "started", "started_at") == starts
            assert len(trips) > 5
