"""What a poll does: work is counted, as time depends on the machine."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
import sys
from types import FrameType
from typing import Any
from unittest.mock import Mock

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.rate_limit import Priority
from custom_components.stellantis_connect.api.sliding_day import INTERVAL
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.store import HistoryStore
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from homeassistant.const import EVENT_STATE_CHANGED, MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator.server import Simulator

from .common import counted_calls, requested_paths
from .harness import MINUTE, Harness

DAY = timedelta(days=1)


@pytest.fixture
def work(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often a status is decoded and merged, and listeners are called."""
    counter = Counter[str]()

    def count(owner: type, name: str) -> None:
        original: Callable[..., Any] = vars(owner)[name]
        function = getattr(original, "__func__", original)

        def counted(*arguments: Any, **options: Any) -> Any:
            counter[name] += 1
            return function(*arguments, **options)

        is_class_method = isinstance(original, classmethod)
        replacement = classmethod(counted) if is_class_method else counted
        monkeypatch.setattr(owner, name, replacement)

    count(Status, "from_json")
    count(VehicleState, "merge")
    count(HistoryStore, "async_save")
    harness.car().async_add_listener(lambda: counter.update(["listeners"]))
    return counter


@pytest.fixture
def events(hass: HomeAssistant, work: Counter[str]) -> list[Event]:
    """Return the events that are fired."""
    fired: list[Event] = []

    @callback
    def note(event: Event) -> None:
        fired.append(event)

    hass.bus.async_listen(MATCH_ALL, note)
    return fired


async def test_unchanged_status_is_neither_parsed_nor_merged(
    hass: HomeAssistant, harness: Harness, work: Counter[str], events: list[Event]
) -> None:
    """Nothing follows from a response that is the same, and no event is fired."""
    await harness.refresh()
    await hass.async_block_till_done()
    work.clear()
    events.clear()
    await harness.refresh()
    await hass.async_block_till_done()
    assert (work["from_json"], work["merge"], work["listeners"]) == (0, 0, 0)
    assert events == []


async def test_changed_status_is_parsed_and_merged_once(
    hass: HomeAssistant, harness: Harness, work: Counter[str], events: list[Event]
) -> None:
    """Only the entities that show the change write their state; the history is the same."""
    await harness.refresh()
    history = harness.car().data.history
    await harness.change(open=["Trunk"])
    work.clear()
    events.clear()
    await harness.refresh()
    await hass.async_block_till_done()
    assert (work["from_json"], work["merge"], work["listeners"]) == (1, 1, 1)
    assert harness.car().data.history is history
    written = {
        event.data["entity_id"]
        for event in events
        if event.event_type == EVENT_STATE_CHANGED
    }
    assert harness.entity_id("opening_trunk") in written
    assert len(written) <= 8


async def test_lists_are_fetched_of_one_car_after_the_other(
    connected_simulator: Simulator, init_integration: MockConfigEntry
) -> None:
    """The setup of many cars sends few requests at once."""
    cars = [
        one.vehicle.id
        for one in init_integration.runtime_data.account.vehicles.values()
    ]
    paths = requested_paths(connected_simulator)
    lists = [one.split("/")[5] for one in paths[1:] if not one.endswith("/status")]
    assert [car for car, _ in groupby(lists)] == cars


async def test_device_is_created_once(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The entities of a car do not look its device up by what identifies it."""
    create = dr.DeviceRegistry.async_get_or_create
    created = Counter[str]()

    def count(registry: dr.DeviceRegistry, **fields: Any) -> dr.DeviceEntry:
        created.update(key for _, key in fields["identifiers"])
        return create(registry, **fields)

    monkeypatch.setattr(dr.DeviceRegistry, "async_get_or_create", count)
    await hass.config_entries.async_setup(mock_config_entry.entry_id)
    await hass.async_block_till_done()
    cars = mock_config_entry.runtime_data.vehicles
    assert [created[key] for key in cars] == [1] * len(cars)


async def calls_of_refresh(harness: Harness) -> int:
    """Return how many functions of the integration a poll calls."""
    with counted_calls() as calls:
        await harness.refresh()
    return calls.total()


async def test_changed_poll_calls_few_functions(harness: Harness) -> None:
    """What has not changed is neither decoded nor computed again."""
    await harness.refresh()
    await harness.change(level=50)
    assert await calls_of_refresh(harness) <= 1600


async def test_changed_poll_updates_no_issue(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The issues are the same as before."""
    await harness.refresh()
    await harness.change(level=50)
    update = Mock()
    monkeypatch.setattr(ir, "async_create_issue", update)
    monkeypatch.setattr(ir, "async_delete_issue", update)
    await harness.refresh()
    update.assert_not_called()


async def test_poll_does_not_walk_through_listeners(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoints that listeners need are counted when listeners are added and removed."""
    car = harness.car()
    assert car.needed_endpoints == {*car.async_contexts()}
    remove_listener = car.async_add_listener(lambda: None, Endpoint.PAST_CHARGES)
    assert Endpoint.PAST_CHARGES in car.needed_endpoints
    remove_listener()
    assert car.needed_endpoints == {*car.async_contexts()}
    walk = Mock()
    monkeypatch.setattr(VehicleCoordinator, "async_contexts", walk)
    await harness.refresh()
    walk.assert_not_called()


async def test_unchanged_poll_calls_few_functions(harness: Harness) -> None:
    """It calls hardly more after a day with requests in each interval that is counted."""
    await harness.refresh()
    calls = await calls_of_refresh(harness)
    assert calls <= 250
    car = harness.car()
    for _ in range(DAY // timedelta(seconds=INTERVAL)):
        async with car.quota.rate_limiter.admitted("status", Priority.PARKED):
            pass
        harness.freezer.tick(INTERVAL)
    for _ in range(3):
        await harness.refresh()
    assert await calls_of_refresh(harness) <= calls + 10


@pytest.mark.parametrize("capacity", [None, 50000.0])
async def test_charge_takes_no_longer_with_years_of_charges(
    harness: Harness, capacity: float | None
) -> None:
    """A status of a charging car calls as many functions with two thousand charges as with ten."""
    await harness.change(level=40, charging=True)
    await harness.refresh()
    car = harness.car()
    calls = Counter[int]()

    def count_call(frame: FrameType, event: str, argument: object) -> None:
        calls[charges] += event in ("call", "c_call")

    for charges in (10, 2000):
        history = car.data.history
        current = history.charges.records[-1]
        past = tuple(
            Charge(
                started_at=current.started_at - days * DAY / 2,
                ended_at=current.started_at - days * DAY / 2 + DAY / 4,
                start_level=40,
                end_level=60,
                capacity=capacity,
                usable_capacity=50000,
                settled=True,
            )
            for days in range(charges, 0, -1)
        )
        records = replace(history.charges, records=(*past, current))
        car.async_update_state(
            replace(car.data, history=replace(history, charges=records))
        )
        await car.async_save()
        for _ in range(2):
            status = car.data.status
            electric, updated_at = status.electric, status.updated_at
            assert electric and electric.level and updated_at
            electric = replace(electric, level=electric.level + 1)
            later = updated_at + MINUTE
            status = replace(status, electric=electric, updated_at=later)
            calls[charges] = 0
            sys.setprofile(count_call)
            car.async_merge(status)
            sys.setprofile(None)
        assert len(car.data.history.charges.records) == charges + 1
    assert calls[2000] <= 1.1 * calls[10]
