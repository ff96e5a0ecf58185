"""Tests of what charges cost, with the simulator and the recorder."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.exceptions import ForbiddenError
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.telemetry import Telemetry
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.history.charging import Charge, ChargePlace
from custom_components.stellantis_connect.history.cost import (
    Tariff,
    place_of,
    tariff_of,
)
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.statistics import (
    STATISTICS,
    statistic_id_of,
)
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.services.history import (
    SERVICE_GET_CHARGES,
    SERVICE_RECALCULATE_COSTS,
)
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    async_list_statistic_ids,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util

from ..common import advance_time, entity_ids
from ..conftest import CreateConfigEntry

BATTERY = "Compact Electric"
PRICE = "sensor.price"
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
[CHARGING_COST] = [one for one in STATISTICS if one.key == "charging_cost"]
ENTITY_AT_HOME = {"home_price_entity": PRICE, "elsewhere": "same"}


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record the price alone."""
    return {"include": {"entities": [PRICE]}, "commit_interval": 0}


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Set up the recorder before Home Assistant."""


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time when all simulated cars are parked."""
    freezer.move_to("2026-03-28T22:00:00+00:00")


class Costs:
    """An account with options, and a car of which charges are known."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        entry: ConfigEntry,
        options: dict[str, Any],
    ) -> None:
        """Initialize the account, which is not set up."""
        self.hass = hass
        self.freezer = freezer
        self.entry = entry
        hass.config_entries.async_update_entry(
            entry, options={"statistics": False, "push": "off", **options}
        )

    async def set_up(self) -> None:
        """Set up the account."""
        await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()

    async def unload(self) -> None:
        """Unload the account."""
        await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hass.async_block_till_done()

    @property
    def car(self) -> VehicleCoordinator:
        """Return the car."""
        [car] = [
            one
            for one in self.entry.runtime_data.account.vehicles.values()
            if one.vehicle.label == BATTERY
        ]
        found: VehicleCoordinator = car
        return found

    async def charged(self, charge: Charge) -> Charge:
        """Return a charge of the car as it is known after a while."""
        fetched = FetchedRecords(kind="charges", records=[charge])
        self.car.async_merge(fetched)
        await self.hass.async_block_till_done(wait_background_tasks=True)
        await async_wait_recording_done(self.hass)
        [found] = [one for one in self.car.data.history.charges if one.id == charge.id]
        return found

    def set_price(self, price: float | str, unit: str = "EUR/kWh") -> None:
        """Set the state of the price."""
        self.hass.states.async_set(
            PRICE,
            str(price),
            {"unit_of_measurement": unit, "state_class": "measurement"},
        )

    async def recorded(self) -> float:
        """Return the cost of all hours of the statistic."""
        await self.hass.async_block_till_done(wait_background_tasks=True)
        await async_wait_recording_done(self.hass)
        statistic_id = statistic_id_of(self.car.key, CHARGING_COST)
        found = await get_instance(self.hass).async_add_executor_job(
            statistics_during_period,
            self.hass,
            dt_util.utcnow() - timedelta(days=100),
            None,
            {statistic_id},
            "hour",
            None,
            {"change"},
        )
        return sum(row["change"] or 0 for row in found[statistic_id])

    async def act(self, action: str, **data: object) -> Any:
        """Return the response of an action."""
        devices = dr.async_get(self.hass).devices
        [device] = [one for one in devices if one.name == BATTERY]
        return await self.hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": device.id, **data},
            blocking=True,
            return_response=True,
        )


@pytest.fixture
async def costs(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    create_config_entry: CreateConfigEntry,
    request: pytest.FixtureRequest,
) -> Costs:
    """Return an account with the options of the test, by default a price entity at home."""
    options = getattr(request, "param", ENTITY_AT_HOME)
    return Costs(hass, freezer, await create_config_entry(), options)


def charge(started_at: datetime, hours: float = 4, **fields: Any) -> Charge:
    """Return a charge of 20 kWh."""
    return Charge(
        started_at=started_at,
        ended_at=started_at + hours * HOUR,
        start_level=20,
        end_level=60,
        **{"capacity": 50_000, "completed": True, **fields},
    )


@pytest.mark.parametrize(
    "costs", [{"home_price": 0.25, "elsewhere": "same"}], indirect=True
)
@pytest.mark.usefixtures("_all_entities_enabled")
async def test_fixed_price_is_shown_everywhere(costs: Costs) -> None:
    """The sensor, the action, and the event agree, in the currency of Home Assistant."""
    await costs.set_up()
    costs.freezer.tick(1)
    found = await costs.charged(charge(dt_util.utcnow() - 4 * HOUR + SECOND))
    assert (found.cost, found.currency, found.curve) == (5, "EUR", ())

    sensor = entity_ids(costs.hass, costs.entry, BATTERY)["last_charge_cost"]
    state = costs.hass.states.get(sensor)
    assert state
    assert (state.state, state.attributes["unit_of_measurement"]) == ("5.0", "EUR")
    assert state.attributes["price"] == 0.25

    response = await costs.act(SERVICE_GET_CHARGES)
    assert response["charges"][-1]["cost"] == 5
    assert response["totals"] == {
        "charges": 1,
        "energy": 20,
        "costs": {"EUR": 5},
        "charges_without_cost": 0,
    }
    assert response["complete"]
    costs.hass.config.language = "de"
    await async_load_integrations(costs.hass, {DOMAIN})
    calendar = entity_ids(costs.hass, costs.entry, BATTERY)["charges"]
    shown: Any = await costs.hass.services.async_call(
        "calendar",
        "get_events",
        {"entity_id": calendar, "duration": {"hours": 1}},
        blocking=True,
        return_response=True,
    )
    [event] = shown[calendar]["events"]
    assert event["summary"].endswith("20,0 kWh, 5,00 EUR")
    early = (dt_util.utcnow() - 5 * HOUR).isoformat()
    assert (await costs.act(SERVICE_GET_CHARGES, end=early))["charges"] == []
    await costs.unload()


@pytest.mark.parametrize(
    "costs",
    [{"home_price": 0.25, "elsewhere": "same", "statistics": True}],
    indirect=True,
)
async def test_costs_are_a_statistic_in_the_currency(costs: Costs) -> None:
    """The energy dashboard can take it; its hours are those of the charges."""
    await costs.set_up()
    await costs.charged(charge(dt_util.utcnow() - 4 * HOUR))
    recorded = await costs.recorded()
    [statistic] = [
        one
        for one in await async_list_statistic_ids(costs.hass)
        if one["statistic_id"] == statistic_id_of(costs.car.key, CHARGING_COST)
    ]
    assert statistic["statistics_unit_of_measurement"] == "EUR"
    known = [one.cost or 0 for one in costs.car.data.history.charges]
    assert recorded == pytest.approx(sum(known))
    assert sum(known) > 4
    await costs.unload()


async def test_price_that_changes_is_integrated_over_the_change_to_summer_time(
    costs: Costs,
) -> None:
    """The night of the change has an hour less; prices are of points in time."""
    costs.set_price(30, "ct/kWh")
    await costs.set_up()
    started_at = dt_util.utcnow()
    costs.freezer.move_to("2026-03-29T01:00:00+00:00")
    costs.set_price("unavailable")
    costs.freezer.tick(HOUR / 2)
    costs.set_price(100, "EUR/MWh")
    costs.freezer.move_to("2026-03-29T04:00:00+00:00")

    found = await costs.charged(charge(started_at, 6))

    assert found.price == pytest.approx((3.5 * 0.3 + 2.5 * 0.1) / 6, rel=1e-4)
    await costs.unload()


@pytest.mark.parametrize(
    ("hours", "after", "price"),
    [
        # The price was recorded until shortly before the restart.
        (0.5, 0.1, (2.5 * 0.3 + 1.5 * 0.1) / 4),
        # Nothing recorded it for hours, but it is what it was.
        (2, 0.3, 0.3),
        # It may have changed at any time.
        (2, 0.1, None),
    ],
)
async def test_restart_within_a_charge_uses_recorded_prices(
    costs: Costs, hours: float, after: float, price: float | None
) -> None:
    """What was recorded before counts, and what was not is not invented."""
    costs.set_price(0.3)
    await costs.set_up()
    started_at = dt_util.utcnow()
    await advance_time(costs.hass, costs.freezer, 2 * HOUR)
    await costs.car.async_refresh()
    await async_wait_recording_done(costs.hass)
    await costs.unload()
    costs.freezer.tick(hours * HOUR)
    costs.set_price(after)
    await costs.set_up()
    costs.freezer.move_to(started_at + 4 * HOUR)

    found = await costs.charged(charge(started_at))

    assert found.settled
    assert found.price == (None if price is None else pytest.approx(price))
    await costs.unload()


async def test_charge_before_prices_were_known_costs_nothing_known(
    costs: Costs,
) -> None:
    """The price of now is not that of yesterday."""
    costs.set_price(0.3)
    await costs.set_up()
    found = await costs.charged(charge(dt_util.utcnow() - 24 * HOUR))
    assert (found.settled, found.price, found.cost) == (True, None, None)
    response = await costs.act(SERVICE_GET_CHARGES)
    assert response["totals"]["charges_without_cost"] == 1
    assert response["totals"]["costs"] == {}
    await costs.unload()


@pytest.mark.parametrize("costs", [{"statistics": True}], indirect=True)
@pytest.mark.parametrize(
    ("options", "cost"),
    [({"home_price": 0.25, "elsewhere": "same"}, 5), (ENTITY_AT_HOME, 6)],
)
async def test_charge_without_cost_gets_one_by_the_action_alone(
    costs: Costs, options: dict[str, Any], cost: float
) -> None:
    """It may have ended before a price was set; one that has a cost keeps it."""
    costs.set_price(0.3)
    await costs.set_up()
    started_at = dt_util.utcnow()
    costs.freezer.tick(4 * HOUR)
    costs.set_price(0.4)
    await async_wait_recording_done(costs.hass)
    priced = charge(started_at - 50 * HOUR, price=0.1, currency="EUR", settled=True)
    await costs.charged(priced)
    found = await costs.charged(charge(started_at))
    assert found.cost is None

    await costs.unload()
    costs.hass.config_entries.async_update_entry(
        costs.entry, options=costs.entry.options | options
    )
    await costs.set_up()
    assert (await costs.act(SERVICE_GET_CHARGES))["totals"]["costs"] == {"EUR": 2}

    response = await costs.act(SERVICE_RECALCULATE_COSTS)
    recorded = await costs.recorded()
    charges = {one.id: one for one in costs.car.data.history.charges}
    assert response == {"charges_without_cost": len(charges) - 1}
    assert charges[priced.id] == priced
    assert charges[found.id].cost == cost
    assert recorded == pytest.approx(sum(one.cost or 0 for one in charges.values()))
    await costs.unload()


async def test_purged_prices_are_those_of_the_statistics(costs: Costs) -> None:
    """States are kept for days, hourly averages for ever."""
    now = dt_util.utcnow()
    costs.set_price(0.3)
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.ARITHMETIC,
        has_sum=False,
        name=None,
        source="recorder",
        statistic_id=PRICE,
        unit_class=None,
        unit_of_measurement="ct/kWh",
    )
    hours = [
        StatisticData(start=now - hour * HOUR, mean=10.0 + hour)
        for hour in (100, 99, 98, 97, 50)
    ]
    async_import_statistics(costs.hass, metadata, hours)
    await async_wait_recording_done(costs.hass)
    await costs.set_up()
    found = await costs.charged(charge(now - 100 * HOUR))
    assert found.price == pytest.approx((1.10 + 1.09 + 1.08 + 1.07) / 4)
    # Of this one an hour is missing.
    found = await costs.charged(charge(now - 98 * HOUR))
    assert found.price is None
    await costs.unload()


def telemetry(moment: datetime, level: float, *, charging: bool) -> Telemetry:
    """Return a message of the battery."""
    energy = {
        "type": "Electric",
        "level": level,
        "extension": {
            "electric": {
                "charging": {"status": "InProgress" if charging else "Disconnected"},
                "battery": {"load": {"capacity": 50_000}},
            }
        },
    }
    return Telemetry.from_json(
        {"createdAt": moment.isoformat(), "vehicle": {"energies": [energy]}}
    )


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        # It charged in the last two of six hours, which is when the price was low.
        ((20, 20, 20, 20, 20, 40, 60), (4, 6, 0.1)),
        # Twice.
        ((20, 40, 40, 40, 40, 40, 60), (0, 6, 0.2)),
        # Nothing is known of it.
        ((), (0, 6, (0.3 * 4 + 0.1 * 2) / 6)),
    ],
)
async def test_charge_that_was_missed_is_completed_once(
    costs: Costs,
    monkeypatch: pytest.MonkeyPatch,
    levels: tuple[float, ...],
    expected: tuple[float, float, float],
) -> None:
    """Home Assistant only saw the level before and after it."""
    costs.set_price(0.3)
    await costs.set_up()
    started_at = dt_util.utcnow()
    requests = []

    async def get_telemetry(
        client: object, vehicle_id: str, *, kinds: Any = (), **_: object
    ) -> Any:
        if not kinds:
            return []
        requests.append(vehicle_id)
        return [
            telemetry(
                started_at + hour * HOUR,
                level,
                charging=level != after and hour < len(levels) - 1,
            )
            for hour, (level, after) in enumerate(
                zip(levels, (*levels[1:], None), strict=False)
            )
        ]

    async def get_status(*_: object) -> Status:
        return costs.car.data.status

    monkeypatch.setattr(StellantisClient, "get_telemetry", get_telemetry)
    monkeypatch.setattr(StellantisClient, "get_status", get_status)
    costs.freezer.tick(4 * HOUR)
    costs.set_price(0.1)
    costs.freezer.tick(2 * HOUR)
    await costs.charged(charge(started_at, 6, completed=False))
    [missed] = costs.car.data.history.charges.missed
    assert not missed.settled

    await costs.car.async_refresh()
    await costs.car.async_refresh()
    await costs.hass.async_block_till_done(wait_background_tasks=True)

    assert len(requests) == 1
    found = [
        one for one in costs.car.data.history.charges if one.started_at >= started_at
    ]
    start, end, price = expected
    assert found[0].id == missed.id
    assert found[0].started_at == started_at + start * HOUR
    assert found[-1].ended_at == started_at + end * HOUR
    energy = sum(one.energy or 0 for one in found)
    assert sum(one.cost or 0 for one in found) == pytest.approx(
        energy * price, rel=1e-4
    )
    assert sum(one.end_level - one.start_level for one in found) == 40
    await costs.unload()


@pytest.mark.parametrize(
    "costs", [{"home_price": 0.25, "elsewhere": "same"}], indirect=True
)
async def test_missed_charge_of_a_car_without_telemetry_has_a_cost(
    costs: Costs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a day, what the levels imply counts."""
    await costs.set_up()

    async def get_telemetry(*_: object, **__: object) -> Any:
        raise ForbiddenError

    monkeypatch.setattr(StellantisClient, "get_telemetry", get_telemetry)
    started_at = dt_util.utcnow()
    costs.freezer.tick(6 * HOUR)
    missed = charge(started_at, 6, completed=False)
    assert (await costs.charged(missed)).cost is None
    costs.freezer.tick(25 * HOUR)
    costs.car.async_update_listeners()
    [found] = [one for one in costs.car.data.history.charges if one.id == missed.id]
    assert found.cost == 5
    await costs.unload()


@pytest.mark.parametrize(
    ("options", "home", "tariff"),
    [
        ({}, True, Tariff()),
        ({"home_price": 0.3}, True, Tariff(price=0.3)),
        ({"home_price": 0.3}, False, Tariff()),
        ({"home_price": 0.3}, None, Tariff()),
        ({"home_price": 0.3, "elsewhere": "same"}, None, Tariff(price=0.3)),
        ({"home_price": 0.3, "elsewhere": "free"}, False, Tariff(price=0)),
        (
            {"elsewhere": "other", "elsewhere_price_entity": PRICE},
            False,
            Tariff(entity_id=PRICE),
        ),
    ],
)
def test_tariff_is_that_of_the_place(
    options: dict[str, Any], home: bool | None, tariff: Tariff
) -> None:
    """Without a position only one price for all places is known."""
    assert tariff_of(options, ChargePlace(home=home)) == tariff


def position(
    hours: float, longitude: float = 8, kind: str | None = None
) -> dict[str, Any]:
    """Return a position of that many hours after noon, on a latitude of home."""
    moment = (NOON + hours * HOUR).isoformat()
    return {
        "geometry": {"coordinates": [longitude, 50]},
        "properties": {"createdAt": moment, "type": kind},
    }


def state(
    seen: dict[str, Any] | None, trip: dict[str, Any] | None = None
) -> VehicleState:
    """Return the state of a car that was seen, and whose trip ended an hour before noon."""
    status = Status.from_json({"lastPosition": seen} if seen else {})
    trips = [
        Trip.from_json(
            {
                "id": "1",
                "startedAt": (NOON - 2 * HOUR).isoformat(),
                "stoppedAt": (NOON - HOUR).isoformat(),
                "distance": 10,
                "done": True,
                "stopPosition": trip,
            }
        )
    ]
    fetched = FetchedRecords(kind="trips", records=trips if trip is not None else [])
    return VehicleState(status=status, history=History().with_fetched(fetched, status))


@pytest.mark.parametrize(
    ("seen", "trip", "zone", "home"),
    [
        (position(-0.5), None, "Home", True),
        (position(-0.5, 9), None, None, False),
        (position(-0.5, kind="Estimate"), None, None, None),
        (None, None, None, None),
        # The car was driven since it was seen.
        (position(-5), position(-1, 9), None, False),
        (position(-5), {}, None, None),
        (position(-1), position(-1, 9), "Home", True),
        # It was seen long after the charge.
        (position(9), position(-1), "Home", True),
    ],
)
async def test_place_is_where_the_car_was_then(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    seen: dict[str, Any] | None,
    trip: dict[str, Any] | None,
    zone: str | None,
    home: bool | None,
) -> None:
    """A position counts for the time at which the car was there."""
    freezer.move_to(NOON + 10 * HOUR)
    attributes = {"latitude": 50, "longitude": 8, "radius": 100}
    hass.states.async_set(
        "zone.home", "0", {**attributes, "friendly_name": "Home", "passive": False}
    )
    hass.data["zone_entity_ids"] = {"zone.home": None}
    place = place_of(hass, state(seen, trip), charge(NOON))
    assert (place.zone, place.home) == (zone, home)
    assert (place.latitude is None) == (home is None)
