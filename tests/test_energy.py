"""The entities of charging and energy."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.store import HistoryStore
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.recorded import STATUSES, load
from .common import advance_time, crash, devices, entity_ids, recording, set_status
from .conftest import SetupIntegration

# A battery car that has never charged; its capacity is too low.
CAR = "ha78-status-peugeot-bev-2025-03"
POLL = timedelta(minutes=30)
SECOND = timedelta(seconds=1)

# Written by hand from what is known of the cars: state, power, energy charged.
UNKNOWN = ("unknown", "unknown", "0.0")
DISCONNECTED = ("disconnected", "0", "0.0")
ENERGY: Mapping[str, Sequence[str] | None] = {
    "ha104-status-peugeot-bev-stla-2025-03": None,
    "ha211-status-2008-thermal-2025-06": None,
    "ha282-status-corsae-2025-09": None,
    "ha3-status-vauxhall-bev-2025-01": DISCONNECTED,
    "ha306-status-ec4-2025-09": DISCONNECTED,
    "ha78-status-peugeot-bev-2025-03": DISCONNECTED,
    # It reports no capacity, so nothing is known of what it charges.
    "openhab-status-2020-12": ("disconnected", "0", "unknown"),
    "psa_ccc-status-bev-2023-03": ("disconnected", "0", "unknown"),
    "psa_ccc-status-bev-2023-04": DISCONNECTED,
    "psacc-status-bev-2022-03": ("disconnected", "0", "unknown"),
    "psacc-status-bev-charging-2021-04": ("charging", "unknown", "unknown"),
}


class Driveway:
    """A recorded battery car whose level and charging change."""

    def __init__(
        self, hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulator: Simulator
    ) -> None:
        """Initialize the car."""
        self._hass, self._freezer, self._simulator = hass, freezer, simulator
        self.entry: MockConfigEntry

    async def send(
        self,
        level: float,
        status: str = "Disconnected",
        remaining_time: str | None = None,
        **electric: Any,
    ) -> None:
        """Send a status half an hour later."""
        sent = load(CAR)
        self._freezer.tick(POLL - SECOND)
        now = dt_util.utcnow().isoformat()
        sent["updatedAt"] = now
        energy = sent["energies"][1]
        energy |= {"createdAt": now, "level": level}
        extension = energy["extension"]["electric"]
        extension["battery"]["load"] = electric
        extension["charging"] |= {
            "plugged": status != "Disconnected",
            "status": status,
            "remainingTime": remaining_time,
        }
        set_status(self._simulator, sent)
        [coordinator] = self.entry.runtime_data.account.vehicles.values()
        await coordinator.async_refresh()
        # The history is written at once.
        await advance_time(self._hass, self._freezer, SECOND)

    def state(self, key: str) -> State:
        """Return the state of an entity."""
        state = self._hass.states.get(entity_ids(self._hass, self.entry)[key])
        assert state
        return state

    async def call(self, key: str, service: str, **data: object) -> None:
        """Call a service of an entity."""
        entity_id = entity_ids(self._hass, self.entry)[key]
        await self._hass.services.async_call(
            entity_id.partition(".")[0],
            service,
            {ATTR_ENTITY_ID: entity_id, **data},
            blocking=True,
        )


@pytest.fixture
def name() -> str:
    """Return the name of a recording."""
    return CAR


@pytest.fixture
def recordings(name: str) -> Sequence[Recording]:
    """Return the recorded car."""
    return [recording(name)]


@pytest.fixture
async def car(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    simulator: Simulator,
    setup_integration: SetupIntegration,
) -> Driveway:
    """Return the car, which has arrived with 40 %."""
    driveway = Driveway(hass, freezer, simulator)
    driveway.entry = await setup_integration()
    await driveway.send(40, capacity=50_000)
    return driveway


def test_table_has_all_recordings() -> None:
    """Each recorded status has its row."""
    assert {*ENERGY} == {name for name in STATUSES if not name.startswith("made")}


@pytest.mark.parametrize("name", ENERGY)
async def test_energy_of_recording(
    hass: HomeAssistant, setup_integration: SetupIntegration, name: str
) -> None:
    """It is right, or unknown."""
    entry = await setup_integration()
    ids = entity_ids(hass, entry)
    keys = ("charging_state", "charging_power", "energy_charged")
    expected = ENERGY[name]
    if expected is None:
        assert not ids.keys() & {*keys, "charging_end"}
        return
    found = [hass.states.get(ids[key]) for key in keys]
    assert [state.state for state in found if state] == [*expected]
    end = hass.states.get(ids["charging_end"])
    assert end
    assert end.state == "unknown"


async def test_power_and_energy_of_a_charge(car: Driveway) -> None:
    """The power is 0 before and after it."""
    seen = []
    for level, status in (
        (40, "Disconnected"),
        (40, "InProgress"),
        (50, "InProgress"),
        (60, "InProgress"),
        (61, "Finished"),
        (61, "Disconnected"),
    ):
        await car.send(level, status, capacity=50_000)
        seen.append(
            (
                car.state("charging_state").state,
                car.state("charging_power").state,
                car.state("energy_charged").state,
            )
        )
    assert seen == [
        ("disconnected", "0", "0.0"),
        ("charging", "unknown", "0.0"),
        ("charging", "10.0", "5.0"),
        ("charging", "10.0", "10.0"),
        ("connected", "0", "10.5"),
        ("disconnected", "0", "10.5"),
    ]


@pytest.mark.parametrize(
    ("residuals", "power", "estimated"),
    [
        ((20_000, 25_400), "10.8", False),
        ((20_000, 20_500), "10.0", True),
    ],
)
async def test_power_is_estimated_unless_the_car_reports_its_energy(
    car: Driveway, residuals: Sequence[float], power: str, estimated: bool
) -> None:
    """Energy that contradicts the levels is not used."""
    for level, residual in zip((40, 50), residuals, strict=True):
        await car.send(level, "InProgress", capacity=50_000, residual=residual)
    state = car.state("charging_power")
    assert state.state == power
    assert state.attributes["estimated"] is estimated


async def test_energy_charged_never_falls(
    hass: HomeAssistant, hass_storage: dict[str, Any], car: Driveway
) -> None:
    """Neither over a crash nor over a status that is corrected."""
    seen = []
    for level in (40, 50, 60):
        await car.send(level, "InProgress", capacity=50_000)
        await crash(hass, hass_storage, car.entry)
        seen.append(float(car.state("energy_charged").state))
    await car.send(59, "Finished", capacity=50_000)
    seen.append(float(car.state("energy_charged").state))
    await car.send(20, capacity=50_000)
    await car.send(30, "InProgress", capacity=50_000)
    await hass.config_entries.async_reload(car.entry.entry_id)
    await hass.async_block_till_done()
    seen.append(float(car.state("energy_charged").state))
    assert seen == [0, 5, 10, 10, 14.5]


async def test_charging_end_at_the_limit_is_estimated(car: Driveway) -> None:
    """The car charges 10 % in half an hour."""
    await car.send(40, "InProgress", capacity=50_000)
    await car.send(50, "InProgress", capacity=50_000)
    assert car.state("charging_end").state == "unknown"
    await car.call("charge_limit", "set_value", value=80)
    end = car.state("charging_end")
    expected = dt_util.utcnow() - SECOND + 3 * POLL
    assert end.state == expected.isoformat(timespec="seconds")
    assert end.attributes["estimated"] is True


async def test_small_changes_of_charging_end_are_ignored(car: Driveway) -> None:
    """Each change is a line of the logbook."""
    await car.send(40, "InProgress", "PT3H")
    end = car.state("charging_end").state
    await car.send(50, "InProgress", "PT2H32M")
    assert car.state("charging_end").state == end
    await car.send(60, "InProgress", "PT2H10M")
    assert car.state("charging_end").state > end
    await car.send(70, "Stopped")
    assert car.state("charging_end").state == "unknown"


async def test_capacity_that_is_set_counts_from_then_on(
    hass: HomeAssistant, car: Driveway
) -> None:
    """What was charged before stays, also over a restart."""
    number = car.state("usable_battery_capacity")
    assert number.state == "50.0"
    assert number.attributes["source"] == "reported"
    await car.send(60, capacity=50_000)
    assert car.state("last_charge_energy").state == "10.0"
    await car.call("usable_battery_capacity", "set_value", value=46.3)
    await hass.config_entries.async_reload(car.entry.entry_id)
    await hass.async_block_till_done()
    number = car.state("usable_battery_capacity")
    assert number.state == "46.3"
    assert number.attributes["source"] == "set"
    assert number.attributes["learned_capacity"] == 50
    assert car.state("last_charge_energy").state == "10.0"
    await car.send(20, capacity=50_000)
    await car.send(40, capacity=50_000)
    assert float(car.state("last_charge_energy").state) == pytest.approx(9.26)
    assert car.state("energy_charged").state == "19.26"


async def test_reset_uses_the_learned_capacity(car: Driveway) -> None:
    """The button is the way back."""
    await car.call("usable_battery_capacity", "set_value", value=46.3)
    await car.call("reset_battery_capacity", "press")
    assert car.state("usable_battery_capacity").state == "50.0"


async def test_capacity_is_unknown_until_it_is_reported(car: Driveway) -> None:
    """The owner can set it all the same."""
    await car.send(40)
    assert car.state("usable_battery_capacity").state == "unknown"
    assert car.state("energy_charged").state == "unknown"
    await car.call("usable_battery_capacity", "set_value", value=46)
    await car.send(60)
    assert car.state("energy_charged").state == "9.2"


async def test_battery_health_is_measured_by_the_charges_that_are_kept(
    hass: HomeAssistant, car: Driveway, freezer: FrozenDateTimeFactory
) -> None:
    """It is unknown before there are enough; the usable capacity does not matter."""
    before = car.state("battery_health_measured")
    assert (before.state, before.attributes.get("sessions")) == ("unknown", None)
    first = dt_util.utcnow() - timedelta(days=400)
    charges = [
        Charge(
            started_at=first + timedelta(days=number * 4),
            ended_at=first + timedelta(days=number * 4, hours=5),
            start_level=30,
            end_level=80,
            start_energy=0.3 * capacity,
            end_energy=0.8 * capacity,
            usable_capacity=40_000,
        )
        for number, capacity in enumerate([50_000] * 50 + [48_000] * 50)
    ]
    [key] = car.entry.runtime_data.account.vehicles
    await hass.config_entries.async_unload(car.entry.entry_id)
    store = HistoryStore(hass, car.entry.entry_id, key)
    history = await store.async_load()
    fetched = FetchedRecords(kind="charges", records=charges)
    store.async_save(history.with_fetched(fetched, Status()))
    await advance_time(hass, freezer, SECOND)
    await hass.config_entries.async_setup(car.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    after = car.state("battery_health_measured")
    assert after.state == "96.0"
    assert after.attributes["state_class"] == "measurement"
    assert after.attributes["sessions"] == 100
    assert after.attributes["reference_capacity"] == 50
    assert after.attributes["since"] == charges[0].ended_at


async def test_past_is_recalculated_only_by_the_action(
    hass: HomeAssistant, car: Driveway
) -> None:
    """The total stays, and later charges are added to it."""
    [device] = devices(hass, car.entry)

    async def recalculate() -> object:
        return await hass.services.async_call(
            DOMAIN,
            "recalculate_energy",
            {"device_id": device},
            blocking=True,
            return_response=True,
        )

    await car.send(60, capacity=50_000)
    await car.call("usable_battery_capacity", "set_value", value=40)
    assert await recalculate() == {
        "usable_capacity": 40,
        "changed_charges": 1,
        "changed_trips": 0,
        "energy_charged_before": 10,
        "energy_charged_after": 8,
    }
    await hass.config_entries.async_reload(car.entry.entry_id)
    await hass.async_block_till_done()
    assert car.state("last_charge_energy").state == "8.0"
    assert car.state("energy_charged").state == "10.0"
    await car.send(50, "InProgress", capacity=50_000)
    await car.send(60, "InProgress", capacity=50_000)
    await recalculate()
    assert car.state("energy_charged").state == "14.0"


async def test_unknown_capacity_recalculates_nothing(
    hass: HomeAssistant, car: Driveway
) -> None:
    """The owner has to set it first."""
    [device] = devices(hass, car.entry)
    await car.send(40)
    with pytest.raises(ServiceValidationError) as raised:
        await hass.services.async_call(
            DOMAIN, "recalculate_energy", {"device_id": device}, blocking=True
        )
    assert raised.value.translation_key == "capacity_unknown"


def test_petrol_history_is_recalculated() -> None:
    """It has no total."""
    assert History().recalculated(40) == History()
