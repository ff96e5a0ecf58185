"""A car that goes from event to event, however far the clock jumps."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from random import Random
from typing import Literal

from simulator.brands import Brand
from simulator.errors import Json

from .charging import Charge
from .models import CarModel, Dialect
from .past import Alarm, Alert, ChargeRecord, Collision, Trip, digest
from .roads import Place, Road, build_road
from .state import (
    LOCKED,
    STAYS_AWAKE,
    UNLOCKED,
    Air,
    Drive,
    Program,
    State,
    Trigger,
    evolve,
)
from .timetable import LOCAL, Entry, Timetable

TOWN = Place(-1.6778, 48.1113, 40)
LONG_TRIP = timedelta(minutes=15)
PARTIAL = 0.8
NEARLY_EMPTY = 0.25
AIR_RUNS = timedelta(minutes=10)
AIR_ENERGY = 600.0
LOCKS_AFTER = timedelta(seconds=70)
PLUGS_AFTER = timedelta(seconds=150)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DRIVING_TICK = timedelta(minutes=1)
CHARGING_TICK = timedelta(minutes=5)

type Step = tuple[datetime, Callable[[State], State]]
type Cursor = tuple[int, datetime]
"""A position in the past of a car: the number of the state, and the moment."""


def serial_number(brand: Brand, identifier: str) -> str:
    """Return a VIN in form, which no car bears."""
    alphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
    number = int(identifier, 16)
    messages = ""
    for _ in range(14):
        number, index = divmod(number, len(alphabet))
        messages += alphabet[index]
    return brand.vin_prefix + messages


@lru_cache(maxsize=64)
def _survey(seed: str, km_to_work: float) -> Mapping[str, Road]:
    """Return the roads from home; kept, because a test's cars are those of the test before."""
    rng = Random(seed)
    home = TOWN.moved(rng.uniform(1, 9), rng.uniform(0, 360))
    distances = {
        "work": km_to_work * rng.uniform(0.9, 1.1),
        "shop": rng.uniform(3, 7),
        "friends": rng.uniform(25, 45),
        "seaside": rng.uniform(62, 80),
    }
    roads = {}
    for name, kilometres in distances.items():
        there = replace(
            home.moved(kilometres * 0.92, rng.uniform(0, 360)),
            altitude=round(rng.uniform(5, 90)),
        )
        roads[name] = build_road(home, there, rng)
    return roads


class Car:
    """One car of one owner."""

    def __init__(
        self,
        model: CarModel,
        brand: Brand,
        owner: str,
        seed: str,
        since: date,
        recording: dict[str, Json] | None = None,
        *,
        by_the_book: bool = True,
    ) -> None:
        """Initialize the car at a day's local midnight; a recorded one stays parked."""
        self.model = model
        self.brand = brand
        self.id = digest(seed, brand.name, owner, model.key)
        self.vin = serial_number(brand, self.id)
        self.dialect: Dialect = model.dialect
        self.recording = recording
        self.by_the_book = by_the_book
        self.missing: set[str] = set()
        self._scheduled: list[Step] = []
        self.trips: list[Trip] = []
        self.alerts: list[Alert] = []
        self.alarms: list[Alarm] = []
        self.collisions: list[Collision] = []
        self.charges: list[ChargeRecord] = []
        self._seed = f"{seed}/{brand.name}/{owner}/{model.key}"
        self._roads = _survey(f"{self._seed}/roads", model.km_to_work)
        powers = {"battery"} if model.battery else set()
        timetable = Timetable(
            self._seed,
            model.diligence,
            frozenset(powers | ({"tank"} if model.tank else set())),
        )
        self._entries = timetable.entries(since) if recording is None else iter(())
        self._entry = next(self._entries, None)
        self._states = [
            self._initial_state(datetime.combine(since, time(), LOCAL).astimezone(UTC))
        ]
        self._times = [self._states[0].at]

    @property
    def destinations(self) -> tuple[str, ...]:
        """Return the destinations of the car."""
        return ("home", *self._roads)

    @property
    def history_start(self) -> datetime:
        """Return the start of the car's history."""
        return self._times[0]

    def at(self, moment: datetime) -> State:
        """Return the truth at a moment, the future included up to there."""
        self.advance(moment)
        state = self._states[max(0, bisect_right(self._times, moment) - 1)]
        return evolve(state, max(moment, state.at), self.model)

    def reported(self, moment: datetime) -> State:
        """Return what the platform knows at a moment: the last that the car has sent."""
        state = self.at(moment)
        known = (
            self.at(state.privacy_at)
            if state.privacy == "Full"
            else self._uploaded(moment)
        )
        return replace(known, privacy=state.privacy, privacy_at=state.privacy_at)

    def uploads(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Return when the car sent its state: at events, each minute of a drive, each fifth of a charge."""
        self.advance(until)
        first = max(0, bisect_right(self._times, since) - 1)
        for _, moment in self._uploads(first, until):
            if moment >= since:
                yield moment

    def cursor(self, moment: datetime) -> Cursor:
        """Return the present position in the car's states, for `states_since`."""
        self.advance(moment)
        return len(self._states) - 1, moment

    def states_since(
        self, since: Cursor, until: datetime
    ) -> tuple[list[State], Cursor]:
        """Return the states that the car sent after a position, and the next position."""
        self.advance(until)
        states = [
            evolve(self._states[index], moment, self.model)
            for index, moment in self._uploads(since[0], until)
            if (index, moment) > since
        ]
        return states, (len(self._states) - 1, until)

    def _uploads(self, first: int, until: datetime) -> Iterator[Cursor]:
        for index in range(first, len(self._states)):
            state = self._states[index]
            following = self._times[index + 1] if index + 1 < len(self._times) else None
            if state.privacy == "Full" and state.at != state.privacy_at:
                continue
            yield index, state.at
            if (tick := _tick(state)) and state.privacy != "Full":
                moment = state.at + tick
                while moment <= until and (following is None or moment < following):
                    yield index, moment
                    moment += tick

    def trip_at(self, moment: datetime) -> Trip | None:
        """Return the trip that began last before a moment."""
        return next(
            (trip for trip in reversed(self.trips) if trip.start.at <= moment), None
        )

    def alerts_at(self, moment: datetime) -> list[Alert]:
        """Return the warnings that were shown at a moment."""
        return [
            alert
            for alert in self.alerts
            if alert.start.at <= moment and (alert.end is None or alert.end.at > moment)
        ]

    def schedule(self, moment: datetime, change: Callable[[State], State]) -> None:
        """Schedule a change of the state."""
        self._scheduled.append((moment, change))
        self._scheduled.sort(key=lambda step: step[0])

    def advance(self, until: datetime) -> None:
        """Apply everything that is due."""
        while (step := self._next_step()) and step[0] <= until:
            moment, change = step
            self._keep(change(evolve(self._states[-1], moment, self.model)))

    def change(self, moment: datetime, how: Callable[[State], State]) -> State:
        """Apply a change now."""
        state = how(self.at(moment))
        self._keep(state)
        return state

    def _keep(self, state: State) -> None:
        charge = self._states[-1].charge
        if charge and charge is not state.charge:
            energy = charge.energy_at(state.at) - charge.energy
            record = ChargeRecord(charge.started, state.at, energy, charge.quick)
            self.charges.append(record)
        if state.armed != self._states[-1].armed:
            self.alarms.append(
                Alarm(digest(self.id, "alarm", state.at), state.at, active=state.armed)
            )
        self._states.append(state)
        self._times.append(state.at)

    def _uploaded(self, moment: datetime) -> State:
        state = self._states[max(0, bisect_right(self._times, moment) - 1)]
        tick = _tick(state)
        ticks = (moment - state.at) // tick if tick else 0
        return evolve(state, state.at + ticks * tick if tick else state.at, self.model)

    # The next changes.

    def _next_step(self) -> Step | None:
        state = self._states[-1]
        steps: list[Step] = []
        if self._entry:
            steps.append((max(self._entry.at, state.at), self._follow_timetable))
        if self._scheduled:
            steps.append((max(self._scheduled[0][0], state.at), self._apply_scheduled))
        if state.pending:
            steps.append((max(state.pending[0][0], state.at), self._do_pending))
        if state.drive:
            steps.append((max(state.drive.ends, state.at), self.arrive))
        if state.charge:
            steps.append((max(state.charge.ends, state.at), self._finish_charge))
        elif state.plugged and state.charging_status == "Stopped":
            steps.extend(self._coming_charges(state))
        if state.air.ends:
            steps.append((max(state.air.ends, state.at), self.finish_air))
        elif not state.drive:
            steps.extend(
                (
                    _next_local(state.at, program.start, program.days or WEEKDAYS),
                    partial(self._start_program, program),
                )
                for program in state.air.programs
                if program.enabled and (program.days or program.recurrence == "None")
            )
        return min(steps, key=lambda step: step[0], default=None)

    def _coming_charges(self, state: State) -> Iterator[Step]:
        """Return when a charge will start by itself: programs come before the delayed time."""
        programs = [one for one in state.charging_programs if one.enabled]
        for program in programs:
            moment = _next_local(state.at, program.start, program.days or WEEKDAYS)
            yield moment, partial(self.start_charge, length=program.length)
        if state.delayed_start is not None and not programs:
            yield _next_local(state.at, state.delayed_start), self.start_charge

    def _follow_timetable(self, state: State) -> State:
        entry, self._entry = self._entry, next(self._entries, None)
        match entry:
            case Entry(action="leave", detail=destination) if (
                state.where == "home" and not state.drive
            ):
                return self.leave(state, destination)
            case Entry(action="return") if state.where != "home" and not state.drive:
                return self.leave(state, "home")
            case Entry(action="raise", detail=kind, severity=severity):
                return self.raise_alert(state, kind, severity)
            case Entry(action="clear", detail=kind):
                return self.clear_alert(state, kind)
            case Entry(action="alarm", detail=kind) if state.armed:
                return self.trigger_alarm(state, kind)
            case Entry(
                action="collision", detail=("Front" | "Rear" | "Lateral") as side
            ):
                return self.collide(state, side)
            case _:
                return state

    def _apply_scheduled(self, state: State) -> State:
        _, change = self._scheduled.pop(0)
        return change(state)

    def _do_pending(self, state: State) -> State:
        (_, what), *rest = state.pending
        state = replace(state, pending=tuple(rest))
        match what:
            case "lock":
                return self.lock(state)
            case "plug":
                return self.plug_in(state)
            case _:
                return replace(state, trigger=None)

    # Events of a car.

    def leave(self, state: State, destination: str) -> State:
        """Start a drive home or to a destination."""
        if state.plugged:
            state = self.unplug(state)
        road = (
            self._roads[state.where].backwards
            if destination == "home"
            else self._roads[destination]
        )
        pace = Random(f"{self._seed}/{state.at}").uniform(0.82, 1.06)
        state = replace(
            state,
            drive=Drive(road, destination, state.at, pace),
            locks=UNLOCKED,
            opened=frozenset(),
            doors_at=state.at,
            air=replace(state.air, status="Disabled", ends=None),
            auxiliary=None,
            pending=(),
        )
        self.trips.append(
            Trip(
                digest(self.id, "trip", state.at),
                Drive(road, destination, state.at, pace),
                state,
            )
        )
        return state

    def arrive(self, state: State) -> State:
        """Stop here; the owner locks the car, and plugs it in if there is a reason to."""
        if state.drive is None:
            return state
        fix, lasted = state.fix, state.at - state.drive.started
        pending = [(state.at + LOCKS_AFTER, "lock")]
        at_home = state.drive.destination == "home"
        if self._wants_plug(state, at_home=at_home):
            pending.append((state.at + PLUGS_AFTER, "plug"))
        state = replace(
            state,
            where=state.drive.destination,
            drive=None,
            place=fix.place,
            heading=fix.heading,
            stopped_at=state.at,
            long_trip_at=state.at if lasted >= LONG_TRIP else state.long_trip_at,
            awake_until=state.at + STAYS_AWAKE,
            pending=tuple(pending),
        )
        self.trips[-1] = replace(self.trips[-1], stop=state)
        return state if at_home else self._fill_up(state)

    def _fill_up(self, state: State) -> State:
        tank = self.model.tank
        if tank is None or state.fuel > NEARLY_EMPTY * tank.capacity:
            return state
        return replace(state, fuel=tank.capacity)

    def lock(self, state: State, locks: tuple[str, ...] = LOCKED) -> State:
        """Set the locks."""
        opened = frozenset() if "Locked" in locks else state.opened
        return self.keep_awake(
            replace(state, locks=locks, opened=opened, doors_at=state.at)
        )

    def plug_in(self, state: State) -> State:
        """Plug in; the charge starts at once, or at its programmed time."""
        if state.plugged or self.model.battery is None:
            return state
        state = self.keep_awake(replace(state, plugged=True, charging_status="Stopped"))
        programmed = any(program.enabled for program in state.charging_programs)
        waits = programmed or state.delayed_start is not None
        return state if waits and state.where == "home" else self.start_charge(state)

    def unplug(self, state: State) -> State:
        """Unplug."""
        return self.keep_awake(
            replace(state, plugged=False, charge=None, charging_status="Disconnected")
        )

    def start_charge(self, state: State, length: timedelta | None = None) -> State:
        """Start a charge, for a time or until full, if the car is plugged in and not full."""
        battery = self.model.battery
        if battery is None or not state.plugged or state.charge:
            return state
        partly = PARTIAL if state.charge_type == "Partial" else 1.0
        target = battery.capacity * partly
        if state.energy >= target:
            return replace(state, charging_status="Finished")
        quick = state.where == "seaside" and battery.direct > 0
        power = (
            battery.direct
            if quick
            else battery.alternating * _power_part(state.power_level)
        )
        stops = None if length is None else state.at + length
        charge = Charge(
            state.at, state.energy, battery.capacity, power, target, quick, stops
        )
        return self.keep_awake(
            replace(state, charge=charge, charging_status="InProgress")
        )

    def stop_charge(self, state: State) -> State:
        """Stop the charge; the car waits for its programmed time."""
        if state.charge is None:
            return state
        return self.keep_awake(replace(state, charge=None, charging_status="Stopped"))

    def _finish_charge(self, state: State) -> State:
        if state.charge is None:
            return state
        if state.at == state.charge.stops:
            return self.stop_charge(state)
        full = replace(state, energy=state.charge.target, charge=None)
        return self.keep_awake(replace(full, charging_status="Finished"))

    def prefer(
        self,
        state: State,
        *,
        charge_type: Literal["Partial", "Full"] | None = None,
        power_level: str | None = None,
    ) -> State:
        """Change how the car charges, also during a charge."""
        charging = state.charge is not None
        state = replace(
            state,
            charge=None,
            charge_type=charge_type or state.charge_type,
            power_level=power_level or state.power_level,
        )
        return self.start_charge(state) if charging else self.keep_awake(state)

    def start_air(self, state: State, cause: str = "Immediate") -> State:
        """Start preconditioning."""
        air = replace(
            state.air,
            status="Enabled",
            cause=cause,
            failure=None,
            ends=state.at + AIR_RUNS,
        )
        return self.keep_awake(replace(state, air=air, air_at=state.at))

    def finish_air(
        self, state: State, status: Literal["Finished", "Disabled"] = "Finished"
    ) -> State:
        """Stop preconditioning, which has used energy."""
        energy = state.energy if state.charge else max(0.0, state.energy - AIR_ENERGY)
        air = replace(state.air, status=status, ends=None)
        return self.keep_awake(replace(state, energy=energy, air=air, air_at=state.at))

    def _start_program(self, program: Program, state: State) -> State:
        state = self.start_air(state, "Scheduled")
        if program.recurrence != "None":
            return state
        done = tuple(
            replace(one, enabled=False) if one == program else one
            for one in state.air.programs
        )
        return replace(state, air=replace(state.air, programs=done))

    def keep_awake(self, state: State) -> State:
        """Keep the car awake for a while."""
        return replace(
            state, awake_until=max(state.awake_until, state.at + STAYS_AWAKE)
        )

    def raise_alert(self, state: State, kind: str, severity: str) -> State:
        """Raise an alert, unless it is active."""
        if not any(alert.kind == kind and alert.end is None for alert in self.alerts):
            self.alerts.append(
                Alert(digest(self.id, "alert", kind, state.at), kind, severity, state)
            )
        return state

    def clear_alert(self, state: State, kind: str) -> State:
        """Clear an alert."""
        self.alerts = [
            replace(alert, end=state)
            if alert.kind == kind and alert.end is None
            else alert
            for alert in self.alerts
        ]
        return state

    def trigger_alarm(self, state: State, kind: str) -> State:
        """Trigger the alarm for some minutes."""
        trigger = Trigger(kind, state.at, state.fix.place)
        self.alarms.append(
            Alarm(digest(self.id, "trigger", state.at), state.at, trigger)
        )
        pending = sorted((*state.pending, (state.at + timedelta(minutes=5), "calm")))
        return self.keep_awake(replace(state, trigger=trigger, pending=tuple(pending)))

    def collide(
        self,
        state: State,
        side: Literal["Front", "Rear", "Lateral"],
        severity: Literal["Minimal", "Minor", "Major"] = "Minimal",
        *,
        tipped_over: bool = False,
        pedestrian: bool = False,
    ) -> State:
        """Record a collision; a major one triggers the emergency call."""
        self.collisions.append(
            Collision(
                digest(self.id, "collision", state.at),
                state.at,
                side,
                severity,
                tipped_over,
                pedestrian,
            )
        )
        return self.keep_awake(replace(state, emergency_call=severity == "Major"))

    # The initial state.

    def _initial_state(self, moment: datetime) -> State:
        battery, tank = self.model.battery, self.model.tank
        programs = tuple(
            Program(slot)
            for slot in range(1, self.model.remotes.preconditioning_programs + 1)
        )
        if programs and self.dialect == "4.17":
            programs = (
                Program(1, True, timedelta(hours=7, minutes=10), WEEKDAYS[:5]),
                *programs[1:],
            )
        return State(
            at=moment,
            where="home",
            place=self._roads["work"].points[0],
            heading=90,
            odometer=self.model.odometer,
            energy=0.8 * battery.capacity if battery else 0.0,
            fuel=0.7 * tank.capacity if tank else 0.0,
            fuel_used=self.model.odometer
            * tank.per_100_km
            / 100
            * (0.5 if battery else 1.0)
            if tank
            else 0.0,
            stopped_at=moment,
            long_trip_at=moment,
            awake_until=moment,
            delayed_start=timedelta(hours=22, minutes=30)
            if self.model.remotes.next_delayed_time
            else None,
            doors_at=moment,
            air=Air(programs=programs),
            air_at=moment,
            privacy_at=moment,
        )

    def _wants_plug(self, state: State, *, at_home: bool) -> bool:
        battery = self.model.battery
        if battery is None or state.drive is None:
            return False
        if not at_home:
            return state.drive.destination == "seaside" and battery.direct > 0
        level = state.energy / battery.capacity
        return level < 0.6 or Random(f"{self._seed}/plug/{state.at}").random() < 0.3


def _tick(state: State) -> timedelta | None:
    if state.drive:
        return DRIVING_TICK
    return CHARGING_TICK if state.charge else None


def _power_part(level: str) -> float:
    """Return the part of the full power that a level stands for; Level3 is how the car comes."""
    return {"Level1": 0.3, "Level2": 0.6}.get(level, 1.0)


def _next_local(
    after: datetime, start: timedelta, days: tuple[str, ...] = WEEKDAYS
) -> datetime:
    """Return the next moment when local clocks show a time on one of the weekdays."""
    local = after.astimezone(LOCAL)
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        if WEEKDAYS[day.weekday()] in days:
            moment = (
                (datetime.combine(day, time()) + start)
                .replace(tzinfo=LOCAL)
                .astimezone(after.tzinfo)
            )
            if moment > after:
                return moment
    raise ValueError("a program without days")
