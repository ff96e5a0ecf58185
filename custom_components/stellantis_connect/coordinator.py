"""When to ask, what to keep, who must know."""

from abc import abstractmethod
import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import logging
from typing import Any, TypedDict, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api.exceptions import (
    AuthenticationError,
    NotFoundError,
    NoVehiclesError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from .api.models.brand import Brand
from .api.models.maintenance import Maintenance
from .api.models.scope import Scope
from .api.models.status import Status
from .api.models.telemetry import Telemetry
from .api.models.vehicle import Vehicle
from .api.paging import Collection
from .api.stellantis import StellantisClient
from .commands.models import ChargeLimit, CommandState
from .const import ACTION_TIMEOUT, CONF_BRAND, CONF_SCOPES, DOMAIN
from .history.models import History
from .history.store import HistoryStore
from .models import FetchedData, VehicleState
from .polling.endpoints import ENDPOINTS, Endpoint, endpoints_for
from .polling.quota import DAY, POLL_INTERVALS, QUOTAS, Quota

_LOGGER = logging.getLogger(__name__)

ACCOUNT_INTERVAL = timedelta(hours=6)
FIRST_RETRY = timedelta(minutes=1)
# Until Home Assistant has shown what it knew before a restart.
RESUME_DELAY = timedelta(seconds=10)
STORAGE_VERSION = 1
SAVE_DELAY = 30
# How long the car goes without a resource that could not be had, other than its status.
DONE_WITHOUT_FOR = timedelta(hours=1)


class PollingCoordinator[DataT](DataUpdateCoordinator[DataT]):
    """Asks within the quota, and ever less often while the platform fails."""

    config_entry: ConfigEntry
    error: StellantisError | None = None

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, quota: Quota, name: str
    ) -> None:
        """Take a share of the quota; the name stands in log lines, so it tells no secret."""
        super().__init__(
            hass, _LOGGER, config_entry=entry, name=name, always_update=False
        )
        self.quota = quota
        self.quota.pollers.add(self)
        self._pause = FIRST_RETRY

    @abstractmethod
    async def _async_fetch_data(self) -> DataT:
        """Return what is known after asking.

        Raises:
            StellantisError: the platform did not answer as it should.

        """

    @abstractmethod
    def _poll_interval(self, data: DataT) -> timedelta:
        """Return how often to ask, as far as the quota allows."""

    @override
    async def _async_update_data(self) -> DataT:
        """Ask, and decide when to ask again."""
        try:
            data = await self._async_fetch_data()
        except StellantisError as err:
            self._note_error(err)
            again = self.quota.throttled(self._pause)
            self._pause = min(2 * self._pause, self._poll_interval(self.data))
            raise as_update_failure(err, again) from err
        finally:
            self.hass.data[QUOTAS].async_schedule_save()
        self._note_error(None)
        self._pause = FIRST_RETRY
        self.update_interval = self.planned(data)
        return data

    @callback
    def _note_error(self, err: StellantisError | None) -> None:
        """Keep the error of the last update, and call the listeners where its type changes."""
        has_changed = type(err) is not type(self.error)
        self.error = err
        if has_changed:
            self.async_update_listeners()

    def planned(self, data: DataT) -> timedelta:
        """Return how often to ask."""
        return self.quota.throttled(self._poll_interval(data))

    @override
    async def async_shutdown(self) -> None:
        """Ask no more, and leave the quota to the others."""
        await super().async_shutdown()
        self.quota.pollers.discard(self)


class StoredVehicle(TypedDict):
    """What of a car survives a restart: the answers as they came, and when more are due.

    The answers serve only while the scopes are those with which they were asked for.
    """

    commands: dict[str, Any]
    charge_limit: dict[str, Any]
    scopes: list[str]
    status: Mapping[str, object]
    maintenance: Mapping[str, object]
    telemetry: Mapping[str, object]
    due: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """When a resource was asked for, in terms of when to ask again.

    Attributes:
        rests_until: not before this.
        due: not later than this.
        clue: in between, if this has changed.
    """

    rests_until: datetime
    due: datetime
    clue: object


class VehicleCoordinator(PollingCoordinator[VehicleState]):
    """One car's state, asked as often as what the car does calls for."""

    account: AccountCoordinator
    vehicle: Vehicle

    def __init__(self, account: AccountCoordinator, vehicle: Vehicle) -> None:
        """Know nothing of the car yet."""
        super().__init__(
            account.hass,
            account.config_entry,
            account.quota,
            vehicle.label or account.brand.label,
        )
        self.account = account
        self.vehicle = vehicle
        self.data = VehicleState()
        self.key = vehicle.key
        self.endpoints = endpoints_for(account.scopes)
        self.restored_history = History()
        self._history_store = HistoryStore(
            self.hass, self.config_entry.entry_id, self.key
        )
        self._asked: dict[Endpoint, Asked] = {}

    async def async_start(self, stored: StoredVehicle | None) -> None:
        """Ask; but after a restart show what was known before it, and ask when that is due."""
        self.restored_history = await self._history_store.async_load()
        self.data = replace(self.data, history=self.restored_history)
        if stored is not None:
            self.data = replace(
                self.data,
                commands=CommandState.from_dict(stored["commands"]),
                charge_limit=ChargeLimit.from_dict(stored["charge_limit"]),
            )
        if (
            stored is None
            or not stored["status"]
            or {*stored["scopes"]} != self.account.scopes
        ):
            await self.async_refresh()
        else:
            self._restore(stored)
            now = dt_util.utcnow()
            interval = self.planned(self.data)
            asked = self._asked.get(Endpoint.STATUS)
            requested_at = asked.due if asked else now - interval
            self.update_interval = max(requested_at + interval - now, RESUME_DELAY)

    @callback
    def async_update_state(self, state: VehicleState) -> None:
        """Show what came of something else than asking."""
        self.data = state
        self.async_update_listeners()

    async def async_refresh_now(self) -> None:
        """Ask now, for a person; where that takes longer than anybody waits, it goes on all the same.

        Raises:
            HomeAssistantError: the platform did not answer as it should, or not in time.

        """
        asking = self.config_entry.async_create_task(
            self.hass, self.async_refresh(), f"{DOMAIN} refresh"
        )
        try:
            async with asyncio.timeout(ACTION_TIMEOUT.total_seconds()):
                await asyncio.shield(asking)
        except TimeoutError as err:
            raise HomeAssistantError(
                translation_domain=DOMAIN, translation_key=ServerError.key
            ) from err
        if self.last_exception and not self.last_update_success:
            raise self.last_exception

    @override
    def _poll_interval(self, data: VehicleState) -> timedelta:
        return POLL_INTERVALS[data.activity]

    @override
    async def _async_fetch_data(self) -> VehicleState:
        """Ask for what is due: the status first, which tells whether there is more to ask for."""
        fetched: list[FetchedData] = []
        for resource in self.endpoints:
            if self._is_due(resource, self._merged(fetched)):
                await self._async_add_answer(resource, fetched)
        self.account.async_schedule_save()
        state = self._merged(fetched)
        self._history_store.async_save(state.history)
        return state

    def _merged(self, fetched: Iterable[FetchedData]) -> VehicleState:
        """Return what is known now: something may have come in while others were under way."""
        state = self.data
        for data in fetched:
            state = state.merge(data)
        return state

    def _is_due(self, resource: Endpoint, state: VehicleState) -> bool:
        """Tell whether to ask: for what is shown and has served, and for what is not known yet.

        The status is always shown where anything is: it tells when to ask for the rest.
        """
        endpoint = self.endpoints[resource]
        shown = set(self.async_contexts())
        is_status = resource is Endpoint.STATUS
        if (self.quota.is_scarce and not is_status) or (
            endpoint.is_known(state) and not (shown if is_status else resource in shown)
        ):
            return False
        asked = self._asked.get(resource)
        if asked is None:
            return True
        now = dt_util.utcnow()
        changed = endpoint.clue(state) != asked.clue
        return asked.due <= now or (changed and asked.rests_until <= now)

    async def _async_add_answer(
        self, resource: Endpoint, fetched: list[FetchedData]
    ) -> None:
        """Add the answer to those before it, or none of what can be done without for a while.

        That is all but the status; a day where this car has not got it.
        """
        endpoint = self.endpoints[resource]
        serves = endpoint.serves
        rests = self.quota.throttled_for_list(endpoint.serves_least)
        try:
            fetched.append(
                await endpoint.fetch(
                    self.account.client, self.vehicle, self._merged(fetched)
                )
            )
        except StellantisError as err:
            if resource is Endpoint.STATUS:
                raise
            _LOGGER.debug("Going on without: %s", err)
            serves = DAY if isinstance(err, NotFoundError) else DONE_WITHOUT_FOR
            rests = serves
        else:
            if not endpoint.is_known(self._merged(fetched)):
                serves = DONE_WITHOUT_FOR
        now = dt_util.utcnow()
        self._asked[resource] = Asked(
            rests_until=now + rests,
            due=now + serves,
            clue=endpoint.clue(self._merged(fetched)),
        )

    @override
    async def async_shutdown(self) -> None:
        """Shut down the coordinator and close its stores."""
        await super().async_shutdown()
        await self._history_store.async_close()

    def _restore(self, stored: StoredVehicle) -> None:
        self.data = replace(
            self.data,
            status=Status.from_json(stored["status"], self.vehicle.motorization),
            maintenance=Maintenance.from_json(stored["maintenance"]),
            telemetry=Telemetry.from_json(
                stored["telemetry"], self.vehicle.motorization
            ),
        )
        now = dt_util.utcnow()
        for name, moment in stored["due"].items():
            endpoint = ENDPOINTS[Endpoint(name)]
            # The clock may have been wrong when this was written.
            due = min(datetime.fromisoformat(moment), now + endpoint.serves)
            self._asked[Endpoint(name)] = Asked(
                rests_until=now, due=due, clue=endpoint.clue(self.data)
            )

    def as_stored(self) -> StoredVehicle:
        """Return what is to survive a restart."""
        return {
            "commands": self.data.commands.to_dict(),
            "charge_limit": self.data.charge_limit.to_dict(),
            "scopes": [*self.account.scopes],
            "status": dict(self.data.status.raw),
            "maintenance": dict(self.data.maintenance.raw),
            "telemetry": dict(self.data.telemetry.raw),
            "due": {name: asked.due.isoformat() for name, asked in self._asked.items()},
        }


class AccountCoordinator(PollingCoordinator[dict[str, Vehicle]]):
    """Which cars the account has; keeps a coordinator for each.

    Its listeners are called when the cars change.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: StellantisClient,
        quota: Quota,
    ) -> None:
        """Prepare for an account whose cars are not known yet."""
        super().__init__(hass, entry, quota, "account")
        self.data = {}
        self.client: StellantisClient = client
        self.brand = Brand(entry.data[CONF_BRAND])
        self.scopes = frozenset(map(Scope, entry.data[CONF_SCOPES]))
        self.vehicles: dict[str, VehicleCoordinator] = {}
        self._stored: dict[str, StoredVehicle] = {}
        self._store = vehicle_store(hass, entry.entry_id)

    @override
    async def _async_setup(self) -> None:
        """Recall what was known of the cars before a restart."""
        self._stored = await self._store.async_load() or {}

    @override
    def _poll_interval(self, data: dict[str, Vehicle]) -> timedelta:
        return ACCOUNT_INTERVAL

    @override
    async def _async_fetch_data(self) -> dict[str, Vehicle]:
        """Ask which cars there are, and give each a coordinator.

        Cars that are gone are let go, with their devices. During incidents the list is empty,
        missing or broken: that removes no car.
        """
        found, whole = await self._async_list()
        if not whole:
            found = self.data | found
        await self._async_follow(found)
        if whole:
            self._remove_stale_devices(found)
        return found

    async def _async_list(self) -> tuple[dict[str, Vehicle], bool]:
        """Return the cars that the platform lists, and whether these are all.

        A car that does not tell its VIN this time is known by its id.
        """
        listed = Collection[Vehicle]()
        with suppress(NoVehiclesError):
            listed = await self.client.get_vehicles()
        if not listed and not self.data:
            raise NoVehiclesError("vehicles")
        vins = {vehicle.id: vehicle.vin for vehicle in self.data.values()}
        vehicles = [
            replace(vehicle, vin=vehicle.vin or vins.get(vehicle.id))
            for vehicle in listed
        ]
        told = [vehicle.vin is not None for vehicle in vehicles]
        whole = listed.complete and any(told) and all(told)
        return {vehicle.key: vehicle for vehicle in vehicles}, whole

    async def _async_follow(self, vehicles: Mapping[str, Vehicle]) -> None:
        for key in self.vehicles.keys() - vehicles.keys():
            await self.vehicles.pop(key).async_shutdown()
        for key, coordinator in self.vehicles.items():
            coordinator.vehicle = vehicles[key]
        new = {
            key: VehicleCoordinator(self, vehicle)
            for key, vehicle in vehicles.items()
            if key not in self.vehicles
        }
        await asyncio.gather(
            *(car.async_start(self._stored.get(key)) for key, car in new.items())
        )
        self.vehicles |= new

    def _remove_stale_devices(self, vehicles: Mapping[str, Vehicle]) -> None:
        registry = dr.async_get(self.hass)
        entry_id = self.config_entry.entry_id
        present = {(DOMAIN, key) for key in (*vehicles, entry_id)}
        for device in dr.async_entries_for_config_entry(registry, entry_id):
            if not device.identifiers & present:
                registry.async_remove_device(device.id)

    @callback
    def async_schedule_save(self) -> None:
        """Write what is known of the cars, once things have calmed down."""
        # What ends after a reload must not undo what the next run has written.
        if not self._shutdown_requested:
            self._store.async_delay_save(self._as_stored, SAVE_DELAY)

    async def async_save(self) -> None:
        """Write what is known of the cars, now; what has happened to them is much more."""
        # What ends after a reload must not undo what the next run has written.
        if not self._shutdown_requested:
            await self._store.async_save(self._as_stored())

    @override
    async def async_shutdown(self) -> None:
        """Write what is known of the cars at once, so that a reload finds it."""
        await super().async_shutdown()
        if self.vehicles:
            await self._store.async_save(self._as_stored())

    def _as_stored(self) -> dict[str, StoredVehicle]:
        return {key: car.as_stored() for key, car in self.vehicles.items()}


def as_update_failure(err: StellantisError, again: timedelta) -> HomeAssistantError:
    """Return what Home Assistant makes of an error of the platform.

    Args:
        err: the error.
        again: when to ask again, where the platform does not say.

    """
    if isinstance(err, AuthenticationError):
        return ConfigEntryAuthFailed(translation_domain=DOMAIN, translation_key=err.key)
    if isinstance(err, QuotaExceededError):
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
