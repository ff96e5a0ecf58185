"""Where each charge took place, and what it costs by the prices of the options."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.components.recorder import DOMAIN as RECORDER, get_instance
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.statistics import (
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.zone import ENTITY_ID_HOME, async_active_zone
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util

from ..api.models.position import Position
from ..api.models.trips import Trip
from ..const import (
    CONF_ELSEWHERE,
    CONF_ELSEWHERE_PRICE,
    CONF_ELSEWHERE_PRICE_ENTITY,
    CONF_HOME_PRICE,
    CONF_HOME_PRICE_ENTITY,
    DOMAIN,
    Elsewhere,
)
from ..coordinator import AccountCoordinator, VehicleCoordinator
from ..models import VehicleState
from ..polling.endpoints import Endpoint
from ..zones import accuracy_of, is_estimated, is_in_zone
from .charging import Charge, ChargePlace
from .prices import Price, average_price, price_per_kwh
from .records import FetchedRecords, end_of, has_ended

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
# A price may change every few minutes.
MAX_PRICES = 5000
# A car may report its position, or the end of its trip, that much later.
REPORT_DELAY = timedelta(minutes=10)
# Statuses that were missed are looked up for so long; some cars have no telemetry.
MAX_COMPLETION_TIME = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """A fixed price per kWh, or the entity of a price; nothing if the price is unknown."""

    price: float | None = None
    entity_id: str | None = None


def tariff_of(options: Mapping[str, Any], place: ChargePlace) -> Tariff:
    """Return the tariff of a place by the options of an account."""
    home = Tariff(
        price=options.get(CONF_HOME_PRICE),
        entity_id=options.get(CONF_HOME_PRICE_ENTITY),
    )
    elsewhere = {
        Elsewhere.UNKNOWN: Tariff(),
        Elsewhere.SAME: home,
        Elsewhere.FREE: Tariff(price=0),
        Elsewhere.OTHER: Tariff(
            price=options.get(CONF_ELSEWHERE_PRICE),
            entity_id=options.get(CONF_ELSEWHERE_PRICE_ENTITY),
        ),
    }[Elsewhere(options.get(CONF_ELSEWHERE, Elsewhere.UNKNOWN))]
    if place.home is None:
        return home if elsewhere == home else Tariff()
    return home if place.home else elsewhere


def place_of(hass: HomeAssistant, state: VehicleState, charge: Charge) -> ChargePlace:
    """Return where a charge took place: where the car was seen, or its last trip ended."""
    position = _position_of(state, charge)
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None or is_estimated(position):
        return ChargePlace()
    zone = async_active_zone(hass, latitude, longitude, accuracy_of(position))
    return ChargePlace(
        zone=zone.name if zone else None,
        home=is_in_zone(hass, position, ENTITY_ID_HOME),
        latitude=latitude,
        longitude=longitude,
    )


def _position_of(state: VehicleState, charge: Charge) -> Position:
    """Return the position of a charge, unless the car was driven since it was seen."""
    latest = charge.started_at + REPORT_DELAY
    trips = [
        (end, trip)
        for trip in state.history.trips
        if (end := end_of(trip)) and end <= latest
    ]
    last_end, last_trip = trips[-1] if trips else (None, Trip())
    seen = state.status.last_position
    until = (charge.ended_at or dt_util.utcnow()) + REPORT_DELAY
    if (
        seen.latitude is not None
        and seen.created_at
        and seen.created_at <= until
        and (last_end is None or seen.created_at >= last_end - REPORT_DELAY)
    ):
        return seen
    return last_trip.detailed().stop_position


class PriceTrack:
    """The prices of an entity since Home Assistant has started."""

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        """Initialize the track with the present price."""
        self._hass = hass
        self._entity_id = entity_id
        self._prices: deque[Price] = deque(maxlen=MAX_PRICES)
        self._note(hass.states.get(entity_id))

    @callback
    def async_start(self) -> Callable[[], None]:
        """Note each change of the price; return what stops that."""
        return async_track_state_change_event(
            self._hass, self._entity_id, self._handle_change
        )

    @property
    def prices(self) -> Sequence[Price]:
        """Return the prices, oldest first."""
        return [*self._prices]

    @callback
    def _handle_change(self, event: Event[EventStateChangedData]) -> None:
        self._note(event.data["new_state"])

    def _note(self, state: State | None) -> None:
        price = Price(dt_util.utcnow(), _price_of(self._hass, state))
        if not self._prices or price.value != self._prices[-1].value:
            self._prices.append(price)


class ChargeCosts:
    """Completes the ended charges of an account's cars by their places and prices."""

    def __init__(self, hass: HomeAssistant, account: AccountCoordinator) -> None:
        """Initialize the costs."""
        self._hass = hass
        self._entry = account.config_entry
        self._account = account
        self._started_at = dt_util.utcnow()
        self._cars: set[VehicleCoordinator] = set()
        self._pending: set[tuple[VehicleCoordinator, str]] = set()
        options = self._entry.options
        entities = (
            options.get(CONF_HOME_PRICE_ENTITY),
            options.get(CONF_ELSEWHERE_PRICE_ENTITY),
        )
        self._tracks = {
            entity_id: PriceTrack(hass, entity_id)
            for entity_id in filter(None, entities)
        }

    @callback
    def async_start(self) -> None:
        """Follow the cars until the entry is unloaded."""
        for track in self._tracks.values():
            self._entry.async_on_unload(track.async_start())
        self._async_add_cars()
        self._entry.async_on_unload(
            self._account.async_add_listener(self._async_add_cars)
        )

    @callback
    def _async_add_cars(self) -> None:
        for car in {*self._account.vehicles.values()} - self._cars:
            self._cars.add(car)
            self._async_follow(car)

    @callback
    def _async_follow(self, car: VehicleCoordinator) -> None:
        fetch = car.fetches.get(Endpoint.STATUS)
        last_run = fetch.attempted_at if fetch else dt_util.utcnow()

        @callback
        def update() -> None:
            if charges := [*self._completed(car, last_run)]:
                car.async_merge(FetchedRecords(kind="charges", records=charges))

        update()
        self._entry.async_on_unload(car.async_add_listener(update))

    def _completed(
        self, car: VehicleCoordinator, last_run: datetime
    ) -> Iterator[Charge]:
        """Yield the charges that can be completed now; look up what others cost."""
        for charge in car.data.history.charges.unsettled:
            if charge.has_gap and not self._has_waited(charge):
                continue
            place = charge.place
            if place == ChargePlace():
                place = place_of(self._hass, car.data, charge)
            if not has_ended(charge):
                if place != charge.place:
                    yield replace(charge, place=place)
                continue
            tariff = tariff_of(self._entry.options, place)
            charge = replace(charge, place=place)
            if tariff.entity_id is None:
                yield self._settled(charge, tariff.price)
                continue
            prices = self._tracks[tariff.entity_id].prices
            if prices[0].since <= charge.started_at:
                yield self._settled(charge, average_price(charge.levels, prices))
            elif (car, charge.id) not in self._pending:
                self._pending.add((car, charge.id))
                self._entry.async_create_background_task(
                    self._hass,
                    self._async_look_up(car, charge, tariff.entity_id, last_run),
                    f"{DOMAIN} price of a charge",
                )

    def _has_waited(self, charge: Charge) -> bool:
        since = max(self._started_at, charge.ended_at or self._started_at)
        return dt_util.utcnow() - since > MAX_COMPLETION_TIME

    async def _async_look_up(
        self,
        car: VehicleCoordinator,
        charge: Charge,
        entity_id: str,
        last_run: datetime,
    ) -> None:
        """Settle a charge by the prices that were recorded before this run."""
        try:
            recorded: Sequence[Price] = ()
            tracked = self._tracks[entity_id].prices
            if RECORDER in self._hass.config.components:
                recorded = await get_instance(self._hass).async_add_executor_job(
                    _recorded_prices,
                    self._hass,
                    entity_id,
                    charge.started_at,
                    tracked[0].since,
                )
            alive = max((last_run, *(one.since for one in recorded)))
            down = [Price(alive, None)] if alive < tracked[0].since else []
            price = average_price(charge.levels, [*recorded, *down, *tracked])
            current = {one.id: one for one in car.data.history.charges}
            if charge.id in current:
                charge = replace(current[charge.id], place=charge.place)
                settled = self._settled(charge, price)
                car.async_merge(FetchedRecords(kind="charges", records=[settled]))
        finally:
            self._pending.discard((car, charge.id))

    def _settled(self, charge: Charge, price: float | None) -> Charge:
        return replace(
            charge,
            price=None if price is None else round(price, 6),
            currency=None if price is None else self._hass.config.currency,
            curve=(),
            settled=True,
        )


def _recorded_prices(
    hass: HomeAssistant, entity_id: str, start: datetime, end: datetime
) -> list[Price]:
    """Return the recorded prices of a range: those of states, and hourly ones before them."""
    # The recorder leaves out a state of the very start.
    states = state_changes_during_period(hass, start - SECOND, end, entity_id)
    prices = [
        Price(max(state.last_updated, start), _price_of(hass, state))
        for state in states.get(entity_id, ())
    ]
    first = prices[0].since if prices else end
    hourly = statistics_during_period(
        hass, start - HOUR, first, {entity_id}, "hour", None, {"mean"}
    ).get(entity_id, [])
    _, metadata = get_metadata(hass, statistic_ids={entity_id}).get(
        entity_id, (0, None)
    )
    unit = metadata["unit_of_measurement"] if metadata else None
    for row in reversed(hourly):
        since = dt_util.utc_from_timestamp(row["start"])
        ends = since + HOUR
        value = price_per_kwh(str(row["mean"]), unit, hass.config.currency)
        if ends < first:
            prices.insert(0, Price(ends, None))
        prices.insert(0, Price(since, value))
        first = since
    return prices


def _price_of(hass: HomeAssistant, state: State | None) -> float | None:
    if state is None:
        return None
    return price_per_kwh(state.state, _unit_of(state), hass.config.currency)


def _unit_of(state: State | None) -> str | None:
    return state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None


@callback
def async_setup_costs(hass: HomeAssistant, account: AccountCoordinator) -> None:
    """Complete the charges of an account's cars by their places and prices."""
    ChargeCosts(hass, account).async_start()
