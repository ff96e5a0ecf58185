"""Charges are told from what a car says of itself."""

from datetime import UTC, datetime, timedelta
from functools import reduce

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.models import VehicleState

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _evening(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, after everything that is told."""
    freezer.move_to(NOON + 12 * HOUR)


def status(
    hours: float,
    level: float | None,
    *,
    charging: bool = False,
    km: float = 1000,
    residual: float | None = None,
    capacity: float | None = 50_000,
) -> Status:
    """Return what a car says so many hours after noon."""
    load = {"capacity": capacity, "residual": residual}
    electric = {
        "charging": {"status": "InProgress" if charging else "Disconnected"},
        "battery": {"load": load},
    }
    energy = {"type": "Electric", "level": level, "extension": {"electric": electric}}
    return Status.from_json(
        {
            "updatedAt": (NOON + hours * HOUR).isoformat(),
            "odometer": {"mileage": km},
            "energies": [energy],
        }
    )


def charges(*told: Status) -> tuple[Charge, ...]:
    """Return the charges that follow from what a car said."""
    return reduce(VehicleState.merge, told, VehicleState()).history.charges.records


def test_charge_lasts_from_the_last_word_before_it_to_the_first_after_it() -> None:
    """Nothing of the energy is lost between two looks."""
    [charge] = charges(
        status(0, 40),
        status(1, 50, charging=True),
        status(2, 70, charging=True),
        status(3, 80),
        status(4, 80),
    )
    assert (charge.started_at, charge.ended_at) == (NOON, NOON + 3 * HOUR)
    assert (charge.start_level, charge.end_level) == (40, 80)
    assert charge.energy == pytest.approx(20)
    assert charge.duration == 3 * HOUR
    assert charge.power == pytest.approx(20 / 3)


def test_charge_that_has_just_begun_began_now() -> None:
    """The car may have stood for hours before it."""
    [charge] = charges(status(0, 40), status(6, 40.5, charging=True))
    assert charge.started_at == NOON + 6 * HOUR
    assert charge.start_level == 40


def test_charge_lasts_on_while_the_car_says_so() -> None:
    """A charge without an end is under way."""
    [charge] = charges(status(0, 40), status(1, 50, charging=True))
    assert (charge.ended_at, charge.duration, charge.power) == (None, None, None)


def test_what_the_battery_holds_counts_more_than_its_level() -> None:
    """Energy that is told is not reckoned."""
    [charge] = charges(
        status(0, 40, residual=21_000),
        status(1, 60, charging=True, residual=30_000),
        status(2, 80, residual=41_500),
    )
    assert charge.energy == pytest.approx(20.5)


def test_levels_count_where_what_the_battery_holds_stands_still() -> None:
    """Cars may tell the same energy for months."""
    [charge] = charges(
        status(0, 40, residual=21_000),
        status(1, 60, charging=True, residual=21_000),
        status(2, 80, residual=21_000),
    )
    assert charge.energy == pytest.approx(20)


def test_charge_without_a_level_is_none() -> None:
    """There is nothing to tell of it; with the first level there is."""
    assert charges(status(0, None), status(1, None, charging=True)) == ()
    [charge] = charges(status(1, None, charging=True), status(2, 50, charging=True))
    assert (charge.started_at, charge.start_level) == (NOON + 2 * HOUR, 50)


def test_nothing_is_reckoned_from_an_unknown_capacity() -> None:
    """The levels remain."""
    [charge] = charges(
        status(0, 40, capacity=None), status(1, 60, charging=True, capacity=None)
    )
    assert charge.energy is None
    assert (charge.start_level, charge.end_level) == (40, 60)


def test_charge_that_nobody_saw_is_told_from_the_level() -> None:
    """Home Assistant was off, or the platform down, from its beginning to its end."""
    [charge] = charges(status(0, 40), status(5, 80))
    assert (charge.start_level, charge.end_level) == (40, 80)
    assert charge.ended_at == NOON + 5 * HOUR


def test_levels_that_waver_are_no_charge() -> None:
    """A battery that warms up gains a point."""
    assert charges(status(0, 40), status(1, 41), status(2, 40)) == ()


def test_what_a_drive_took_before_the_charge_does_not_count() -> None:
    """Who drives to the charger arrives with less than was last seen."""
    [charge] = charges(
        status(0, 70, km=1000),
        status(1, 45, km=1080, charging=True),
        status(2, 65, km=1080),
    )
    assert charge.start_level == 45


def test_charges_are_told_apart() -> None:
    """One ends before the next begins."""
    first, second = charges(
        status(0, 40),
        status(1, 50, charging=True),
        status(2, 60),
        status(3, 70, charging=True),
        status(4, 80),
    )
    assert first.id != second.id
    assert (first.end_level, second.start_level) == (60, 60)
