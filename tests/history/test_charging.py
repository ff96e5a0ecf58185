"""Tests of charges."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import cycle

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.history.charging import (
    Charge,
    EnergySource,
    Measurement,
    next_charge,
)
from custom_components.stellantis_connect.history.records import completed_charges
from custom_components.stellantis_connect.models import VehicleState

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _evening(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time after the last status."""
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
    """Return the status of that many hours after noon."""
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


def charges(*statuses: Status) -> tuple[Charge, ...]:
    """Return the charges that successive statuses imply."""
    return reduce(VehicleState.merge, statuses, VehicleState()).history.charges.records


def test_charge_spans_from_last_status_before_to_first_after() -> None:
    """No energy is lost between two polls."""
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


def test_charge_without_gain_yet_started_now() -> None:
    """The car may have been parked for hours before it."""
    [charge] = charges(status(0, 40), status(6, 40.5, charging=True))
    assert charge.started_at == NOON + 6 * HOUR
    assert charge.start_level == 40


def test_charge_before_a_drive_ended_at_its_highest_level() -> None:
    """The drive may have started before the poll that found the end."""
    [charge] = charges(
        status(0, 40, residual=20_000),
        status(1, 60, charging=True, residual=30_000),
        status(1.1, 58, km=1010, residual=29_000),
    )
    assert (charge.end_level, charge.end_energy, charge.energy) == (60, 30_000, 10)


def test_charge_in_progress_has_no_end() -> None:
    """Its duration and its power are unknown."""
    [charge] = charges(status(0, 40), status(1, 50, charging=True))
    assert (charge.ended_at, charge.duration, charge.power) == (None, None, None)


def test_energy_reported_is_preferred_to_levels() -> None:
    """Energy that is reported is not estimated."""
    [charge] = charges(
        status(0, 40, residual=21_000),
        status(1, 60, charging=True, residual=30_000),
        status(2, 80, residual=41_500),
    )
    assert charge.energy == pytest.approx(20.5)


def test_energy_frozen_is_estimated_from_levels() -> None:
    """Cars may report the same energy for months."""
    [charge] = charges(
        status(0, 40, residual=21_000),
        status(1, 44, charging=True, residual=21_000),
        status(2, 48, residual=21_000),
    )
    assert charge.energy == pytest.approx(4)


def test_energy_that_contradicts_levels_is_estimated() -> None:
    """Cars report 4,096 Wh at 43 % of 50 kWh."""
    [charge] = charges(
        status(0, 40, residual=None),
        status(1, 44, charging=True, residual=4_096),
        status(2, 60, residual=30_000),
    )
    assert charge.gain
    assert charge.gain.value == pytest.approx(10)
    assert charge.gain.source is EnergySource.LEVELS


@pytest.mark.parametrize(
    ("reported", "energy", "source"),
    [
        pytest.param(35_168, 46.3 * 0.6, EnergySource.LEVELS, id="a third low"),
        pytest.param(46_300, 28.1, EnergySource.REPORTED, id="right"),
    ],
)
def test_energy_beside_wrong_capacity_is_estimated(
    reported: float, energy: float, source: EnergySource
) -> None:
    """The same cars that report their capacity too low report their energy too low."""
    part = 28_100 / 46_300 * reported
    before, now = (
        status(0, 20, charging=True, capacity=reported, residual=0.2 * reported),
        status(5, 80, capacity=reported, residual=0.2 * reported + part),
    )
    charge = next_charge(next_charge(None, before, before, 46_300), before, now, 46_300)
    assert charge
    assert charge.gain
    assert charge.gain.value == pytest.approx(energy)
    assert charge.gain.source is source


@pytest.mark.parametrize(
    ("before", "factors", "level", "expected"),
    [
        pytest.param(6, [0.69], 56, 15.6, id="fractions"),
        pytest.param(4, [0.69], 56, 16, id="too few charges"),
        pytest.param(6, [0.69], 57, 17, id="contradicts levels"),
        pytest.param(6, [0.69], 55.4, 15.4, id="level with decimals"),
        pytest.param(6, [0.69, 0.69, 0.74], 56, 16, id="charges differ"),
        pytest.param(6, [0], 56, 16, id="frozen"),
    ],
)
def test_reported_energy_shows_levels_before_they_are_rounded(
    before: int, factors: Sequence[float], level: float, expected: float
) -> None:
    """It may be a third too low: what counts is by how much it rises for each percent."""
    capacity = 100_000
    gains = [
        *((20, 20 + (-1) ** one * 0.4) for one in range(before)),
        (level - 40, 15.6),
    ]
    statuses = [
        status(
            2 * number + end,
            40 + end * gain,
            charging=not end,
            km=number,
            residual=capacity * factor * (0.4 + end * exact / 100) if factor else 4_096,
            capacity=0.69 * capacity,
        )
        for number, ((gain, exact), factor) in enumerate(zip(gains, cycle(factors)))
        for end in (0, 1)
    ]
    state = VehicleState().with_set_capacity(capacity / 1000)
    *_, last = reduce(VehicleState.merge, statuses, state).history.charges
    assert last.energy == pytest.approx(expected, abs=0.05)
    assert last.gain
    assert last.gain.source is EnergySource.LEVELS


def test_charge_found_in_telemetry_has_fractions_of_levels() -> None:
    """What was learned from earlier charges holds for it, too."""
    missed, found = (
        Charge(
            started_at=NOON + start * HOUR,
            ended_at=NOON + 6 * HOUR,
            start_level=40,
            end_level=60,
            usable_capacity=50_000,
            reported_per_level=per_level,
            start_energy=10_000,
            end_energy=17_000,
        )
        for start, per_level in ((0, 350), (2, None))
    )
    [charge] = completed_charges([missed], [found])
    assert charge.started_at == found.started_at
    assert charge.energy == missed.energy == pytest.approx(10)
    [charge] = completed_charges([missed], [replace(found, end_energy=17_200)])
    assert charge.energy == pytest.approx(7_200 / 350 * 0.5)


def test_energy_without_capacity_is_what_the_car_reports() -> None:
    """Unless it is that of no battery."""
    reported = Measurement(value=10, source=EnergySource.REPORTED)
    for gain, measured in ((10_000, reported), (200, None)):
        [charge] = charges(
            status(0, 40, residual=20_000, capacity=None),
            status(1, 60, residual=20_000 + gain, capacity=None),
        )
        assert charge.gain == measured


def test_power_is_of_shortest_period_with_sufficient_gain() -> None:
    """A change of the power shows soon, and the rounding of levels does not."""
    statuses = [
        status(0, 40),
        *(status(0.1 * n, 40 + 2 * n, charging=True) for n in range(1, 6)),
        *(status(0.1 * n, 50 + (n - 5), charging=True) for n in range(6, 11)),
    ]
    powers = []
    for number in range(2, len(statuses) + 1):
        [charge] = charges(*statuses[:number])
        power = charge.present_power(statuses[number - 1])
        powers.append(power and round(power.value, 1))
    assert powers == [None, 10, 10, 10, 10, 8.3, 7.5, 6.2, 6.0, 5.0]
    assert charge.top_power == pytest.approx(10)
    assert [point.level for point in charge.curve] == [
        42,
        44,
        46,
        48,
        50,
        *range(51, 56),
    ]


def test_power_without_gain_is_unknown() -> None:
    """The level may stay the same for hours."""
    same = [status(hours, 99, charging=True) for hours in (0, 0.5, 1, 1.5)]
    [charge] = charges(*same)
    assert charge.present_power(same[-1]) is None
    assert charge.present_power(status(2, None, charging=True)) is None


def test_power_of_a_level_that_was_sent_late_is_unknown() -> None:
    """No car charges by 10% within seconds."""
    statuses = [status(hours, 40, charging=True) for hours in (0, 0.5)]
    late = status(0.501, 50, charging=True)
    [charge] = charges(*statuses, late)
    assert charge.present_power(late) is not None
    [charge] = charges(status(0.5, 40, charging=True), late)
    assert charge.present_power(late) is None
    assert charge.top_power is None


def test_charge_without_level_is_ignored() -> None:
    """It starts with the first level."""
    assert charges(status(0, None), status(1, None, charging=True)) == ()
    [charge] = charges(status(1, None, charging=True), status(2, 50, charging=True))
    assert (charge.started_at, charge.start_level) == (NOON + 2 * HOUR, 50)


def test_energy_with_unknown_capacity_is_unknown() -> None:
    """The levels are known all the same."""
    [charge] = charges(
        status(0, 40, capacity=None), status(1, 60, charging=True, capacity=None)
    )
    assert charge.energy is None
    assert (charge.start_level, charge.end_level) == (40, 60)


def test_charge_between_two_statuses_follows_from_level() -> None:
    """Home Assistant or the platform was down for the whole charge."""
    [charge] = charges(status(0, 40), status(5, 80))
    assert (charge.start_level, charge.end_level) == (40, 80)
    assert charge.ended_at == NOON + 5 * HOUR


def test_level_that_varies_is_no_charge() -> None:
    """A battery that warms up gains a point."""
    assert charges(status(0, 40), status(1, 41), status(2, 40)) == ()


def test_charge_after_unseen_drive_starts_at_lower_level() -> None:
    """The car arrives at the charger with less than the last status had."""
    [charge] = charges(
        status(0, 70, km=1000),
        status(1, 45, km=1080, charging=True),
        status(2, 65, km=1080),
    )
    assert charge.start_level == 45


def test_charges_in_a_row_are_separate() -> None:
    """One ends before the next one starts."""
    first, second = charges(
        status(0, 40),
        status(1, 50, charging=True),
        status(2, 60),
        status(3, 70, charging=True),
        status(4, 80),
    )
    assert first.id != second.id
    assert (first.end_level, second.start_level) == (60, 60)
