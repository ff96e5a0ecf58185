"""When to ask, what to keep, who must know."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum
import logging
from typing import Self, TypedDict, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api import (
    Brand,
    Maintenance,
    NotForThisVehicle,
    NoVehicles,
    QuotaExceeded,
    Scope,
    SignInNeeded,
    Status,
    StellantisClient,
    StellantisError,
    Vehicle,
)
from .const import CONF_BRAND, CONF_SCOPES, DOMAIN

_LOGGER = logging.getLogger(__name__)

type StellantisConfigEntry = ConfigEntry[AccountCoordinator]

DAY = timedelta(days=1)
ACCOUNT_INTERVAL = timedelta(hours=6)
JUST_STOPPED_FOR = timedelta(minutes=10)
ACCOUNT_RETRY = timedelta(minutes=15)
FIRST_RETRY = timedelta(minutes=1)
STORAGE_VERSION = 1
SAVE_DELAY = 30
# The part of the day's quota that is left to commands and to a person's refresh.
RESERVE = 0.1


class Activity(Enum):
    """What a car does, as far as its status tells."""

    DRIVING = "driving"
    CHARGING = "charging"
    JUST_STOPPED = "just_stopped"
    PARKED = "parked"
    SILENT = "silent"


CADENCE: Mapping[Activity, timedelta] = {
    Activity.DRIVING: timedelta(minutes=1),
    Activity.CHARGING: timedelta(minutes=5),
    Activity.JUST_STOPPED: timedelta(minutes=2),
    Activity.PARKED: timedelta(minutes=30),
    Activity.SILENT: timedelta(hours=2),
}


class Resource(StrEnum):
    """What can be asked of a car; entities give theirs as coordinator context."""

    STATUS = "status"
    MAINTENANCE = "maintenance"


type Answer = Status | Maintenance


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """How a resource is asked, and how long its answer serves."""

    fetch: Callable[[StellantisClient, Vehicle], Awaitable[Answer]]
    serves: timedelta = timedelta()


ENDPOINTS: Mapping[Resource, Endpoint] = {
    Resource.STATUS: Endpoint(
        fetch=lambda client, car: client.get_status(car.id, car.motorization)
    ),
    Resource.MAINTENANCE: Endpoint(
        fetch=lambda client, car: client.get_maintenance(car.id), serves=DAY
    ),
}


@dataclass(frozen=True, kw_only=True)
class VehicleState:
    """What is known of a car: the newest answer of each resource."""

    status: Status = field(default_factory=Status)
    maintenance: Maintenance = field(default_factory=Maintenance)
    stopped_at: datetime | None = None

    def merge(self, answer: Answer) -> Self:
        """Return the state with an answer, or itself where the answer is older.

        Two back-ends may answer in turn, one with older data, and messages arrive
        in any order. An answer that carries no time is taken as it comes.
        """
        held: Answer
        match answer:
            case Status():
                held, merged = self.status, replace(self, status=answer)
            case Maintenance():
                held, merged = self.maintenance, replace(self, maintenance=answer)
        if _is_older(answer, held):
            return self
        if self.status.driving and not merged.status.driving:
            return replace(merged, stopped_at=dt_util.utcnow())
        return merged

    @property
    def activity(self) -> Activity:
        """Return what the car does now."""
        now = dt_util.utcnow()
        if self.status.driving:
            return Activity.DRIVING
        if self.status.charging:
            return Activity.CHARGING
        if self.stopped_at and now - self.stopped_at < JUST_STOPPED_FOR:
            return Activity.JUST_STOPPED
        if self.status.updated_at and now - self.status.updated_at > DAY:
            return Activity.SILENT
        return Activity.PARKED


class StoredVehicle(TypedDict):
    """What of a car survives a restart: the answers as they came, and how long each serves."""

    status: Mapping[str, object]
    maintenance: Mapping[str, object]
    served_until: dict[str, str]


def _is_older(answer: Answer, held: Answer) -> bool:
    return bool(
        answer.updated_at and held.updated_at and answer.updated_at < held.updated_at
    )


class VehicleCoordinator(DataUpdateCoordinator[VehicleState]):
    """One car's state, asked as often as what the car does calls for."""

    config_entry: StellantisConfigEntry

    def __init__(self, account: AccountCoordinator, vehicle: Vehicle) -> None:
        """Know nothing of the car yet."""
        super().__init__(
            account.hass,
            _LOGGER,
            config_entry=account.config_entry,
            # Stands in log lines, so neither VIN nor id.
            name=vehicle.label or account.brand.label,
            update_interval=CADENCE[Activity.PARKED],
            always_update=False,
        )
        self.account = account
        self.vehicle = vehicle
        self.data = VehicleState()
        self._served_until: dict[Resource, datetime] = {}
        self._failures = 0

    async def async_start(self, stored: StoredVehicle | None) -> None:
        """Go on from what was known before a restart, and ask for what is due."""
        if stored:
            self._restore(stored)
        now = dt_util.utcnow()
        due = self._served_until.get(Resource.STATUS, now)
        if due > now:
            self.update_interval = due - now
        else:
            await self.async_refresh()

    async def async_refresh_now(self) -> None:
        """Ask now, for a person.

        Raises:
            HomeAssistantError: the platform did not answer as it should.

        """
        await self.async_refresh()
        if isinstance(self.last_exception, HomeAssistantError):
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key=self.last_exception.translation_key,
            )

    @override
    async def _async_update_data(self) -> VehicleState:
        """Ask for what is needed and due, and decide when to ask again."""
        state = self.data
        try:
            for resource in list(self._needed()):
                state = await self._ask(resource, state)
        except StellantisError as err:
            self._failures += 1
            again = min(
                CADENCE[state.activity], FIRST_RETRY * 2 ** (self._failures - 1)
            )
            raise as_update_failure(err, again) from err
        self._failures = 0
        self.update_interval = self.account.planned(CADENCE[state.activity])
        self._served_until[Resource.STATUS] = dt_util.utcnow() + self.update_interval
        self.account.async_schedule_save()
        return state

    def _needed(self) -> Iterator[Resource]:
        """Yield the status, and of the rest what was never asked or is shown and due."""
        shown = set(self.async_contexts())
        now = dt_util.utcnow()
        for resource in Resource:
            served_until = self._served_until.get(resource)
            if (
                resource is Resource.STATUS
                or served_until is None
                or (resource in shown and served_until <= now)
            ):
                yield resource

    async def _ask(self, resource: Resource, state: VehicleState) -> VehicleState:
        """Ask for one resource; what this car has not got is left alone for a day."""
        endpoint = ENDPOINTS[resource]
        try:
            answer = await endpoint.fetch(self.account.client, self.vehicle)
        except NotForThisVehicle:
            self._served_until[resource] = dt_util.utcnow() + DAY
            return state
        self._served_until[resource] = dt_util.utcnow() + endpoint.serves
        return state.merge(answer)

    def _restore(self, stored: StoredVehicle) -> None:
        self.data = VehicleState(
            status=Status.from_json(stored["status"], self.vehicle.motorization),
            maintenance=Maintenance.from_json(stored["maintenance"]),
        )
        self._served_until = {
            Resource(name): datetime.fromisoformat(moment)
            for name, moment in stored["served_until"].items()
        }

    def as_stored(self) -> StoredVehicle:
        """Return what is to survive a restart."""
        return {
            "status": dict(self.data.status.raw),
            "maintenance": dict(self.data.maintenance.raw),
            "served_until": {
                resource: moment.isoformat()
                for resource, moment in self._served_until.items()
            },
        }


class AccountCoordinator(DataUpdateCoordinator[dict[str, Vehicle]]):
    """Which cars the account has; keeps a coordinator for each."""

    config_entry: StellantisConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: StellantisConfigEntry,
        client: StellantisClient,
    ) -> None:
        """Prepare for an account whose cars are not known yet."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name="account",
            update_interval=ACCOUNT_INTERVAL,
            always_update=False,
        )
        self.client = client
        self.brand = Brand(entry.data[CONF_BRAND])
        self.scopes = frozenset(map(Scope, entry.data[CONF_SCOPES]))
        self.vehicles: dict[str, VehicleCoordinator] = {}
        self._stored: dict[str, StoredVehicle] = {}
        self._store = vehicle_store(hass, entry.entry_id)
        self._new_vehicle_listeners: list[Callable[[VehicleCoordinator], None]] = []

    @override
    async def _async_setup(self) -> None:
        """Recall what was known of the cars before a restart."""
        self._stored = await self._store.async_load() or {}

    @override
    async def _async_update_data(self) -> dict[str, Vehicle]:
        """Ask which cars there are.

        During incidents the list is empty, missing or broken: that removes no car.
        """
        known = self.data or {}
        try:
            vehicles = await self.client.get_vehicles()
        except NoVehicles:
            return known
        except StellantisError as err:
            raise as_update_failure(err, ACCOUNT_RETRY) from err
        found = {vehicle.key: vehicle for vehicle in vehicles}
        return found if found and vehicles.complete else known | found

    async def async_follow_vehicles(self) -> None:
        """Give each car a coordinator and a device, and let go of those that are gone."""
        new = [
            VehicleCoordinator(self, vehicle)
            for key, vehicle in self.data.items()
            if key not in self.vehicles
        ]
        await asyncio.gather(
            *(car.async_start(self._stored.get(car.vehicle.key)) for car in new)
        )
        for coordinator in new:
            self.vehicles[coordinator.vehicle.key] = coordinator
            for listener in self._new_vehicle_listeners:
                listener(coordinator)
        for key in self.vehicles.keys() - self.data.keys():
            await self.vehicles.pop(key).async_shutdown()
        if self.data:
            self._remove_stale_devices()

    def _remove_stale_devices(self) -> None:
        registry = dr.async_get(self.hass)
        for device in dr.async_entries_for_config_entry(
            registry, self.config_entry.entry_id
        ):
            if not device.identifiers & {(DOMAIN, key) for key in self.data}:
                registry.async_remove_device(device.id)

    @callback
    def async_keep_following(self) -> CALLBACK_TYPE:
        """Follow the cars whenever the list of them changes; return how to stop it."""

        @callback
        def follow() -> None:
            self.config_entry.async_create_background_task(
                self.hass, self.async_follow_vehicles(), f"{DOMAIN} vehicles"
            )

        return self.async_add_listener(follow)

    @callback
    def async_on_new_vehicle(
        self, listener: Callable[[VehicleCoordinator], None]
    ) -> CALLBACK_TYPE:
        """Call the listener for each car that appears; return how to stop it."""
        self._new_vehicle_listeners.append(listener)
        return lambda: self._new_vehicle_listeners.remove(listener)

    def planned(self, cadence: timedelta) -> timedelta:
        """Stretch a cadence where the day's quota would not last.

        While more is left than it takes to look at all cars as if they were parked for a
        day, each is asked as often as it calls for.
        """
        ledger = self.client.ledger
        if ledger.limit is None or ledger.remaining_today is None:
            return cadence
        left = ledger.remaining_today - RESERVE * ledger.limit
        cars = max(len(self.data), 1)
        if left > cars * (DAY / CADENCE[Activity.PARKED]):
            return cadence
        slowest = CADENCE[Activity.SILENT]
        return max(cadence, min(DAY * cars / left, slowest) if left > 0 else slowest)

    @callback
    def async_schedule_save(self) -> None:
        """Write what is known of the cars, once things have calmed down."""
        self._store.async_delay_save(
            lambda: {key: car.as_stored() for key, car in self.vehicles.items()},
            SAVE_DELAY,
        )


def as_update_failure(err: StellantisError, again: timedelta) -> HomeAssistantError:
    """Return what Home Assistant makes of an error of the platform.

    Args:
        err: the error.
        again: when to ask again, where the platform does not say.

    """
    if isinstance(err, SignInNeeded):
        return ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key=err.key)
    if isinstance(err, QuotaExceeded):
        again = err.retry_after
    return UpdateFailed(
        translation_domain=DOMAIN,
        translation_key=err.key,
        retry_after=again.total_seconds(),
    )


def vehicle_store(
    hass: HomeAssistant, entry_id: str
) -> Store[dict[str, StoredVehicle]]:
    """Return where an account's cars are kept over a restart."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", private=True)
