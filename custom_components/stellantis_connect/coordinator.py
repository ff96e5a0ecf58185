"""Coordinators: which cars an account has, and when to fetch what of each car."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .api.client import StellantisClient
from .api.exceptions import (
    AuthenticationError,
    CertificateRejectedError,
    InvalidClientError,
    NotRegisteredToPlanError,
    NoVehiclesError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from .api.models.brand import Brand
from .api.models.scope import Scope
from .api.models.vehicle import Vehicle
from .api.paging import Collection
from .api.rate_limit import Priority
from .const import ACTION_TIMEOUT, CONF_BRAND, CONF_SCOPES, DOMAIN
from .history.models import History
from .history.records import FetchedRecords
from .history.store import HistoryStore
from .models import Activity, FetchedData, VehicleState
from .polling.authorization import Authorization, setup_error
from .polling.backoff import FIRST_RETRY, FetchState, retry_delay
from .polling.endpoint_coordinator import EndpointCoordinator
from .polling.endpoints import Endpoint, endpoints_for
from .polling.outage_log import OutageLog
from .polling.quota import POLL_INTERVALS, PRIORITIES, Quota
from .polling.schedule import ENDPOINT_ERRORS, FetchSchedule, due_endpoints
from .polling.store import VehicleStore
from .polling.vehicle_list import ACCOUNT_FORMAT, StoredAccount, identified
from .storage import ModelStore

_LOGGER = logging.getLogger(__name__)

ACCOUNT_INTERVAL = timedelta(hours=6)
# Until Home Assistant has started, after a restart.
RESUME_DELAY = timedelta(seconds=10)
SAVE_DELAY = 60
# Errors that only the owner can solve.
ACCOUNT_ERRORS = (
    AuthenticationError,
    CertificateRejectedError,
    InvalidClientError,
    NotRegisteredToPlanError,
)


class VehicleCoordinator(EndpointCoordinator[VehicleState]):
    """Fetch the endpoints of a car, each as often as it is needed.

    Attributes:
        key: the name of the car in identifiers: its first VIN or, without one, its first id.
        endpoints: the endpoints that the granted scopes give access to.
        restored_history: the history from before a restart.
        status_fetched_at: when the status was last fetched.
        disconnected_since: since when it fails.
    """

    config_entry: ConfigEntry

    def __init__(self, account: AccountCoordinator, key: str, vehicle: Vehicle) -> None:
        """Initialize the coordinator."""
        super().__init__(
            account.hass,
            _LOGGER,
            config_entry=account.config_entry,
            name=vehicle.label or account.brand.label,
            update_interval=POLL_INTERVALS[Activity.PARKED],
            always_update=False,
        )
        self.account = account
        self.key = key
        self.vehicle = vehicle
        self.data = VehicleState()
        self.restored_history = History()
        self.status_fetched_at: datetime | None = None
        self.disconnected_since: datetime | None = None
        endpoints = self.endpoints = endpoints_for(account.scopes)
        self.quota = account.quota
        self._schedule = FetchSchedule(endpoints, self.quota, lambda: self.vehicle.id)
        hass, entry = self.hass, self.config_entry
        self._store = VehicleStore(hass, entry.entry_id, key)
        self._history_store = HistoryStore(hass, entry.entry_id, key, entry.options)
        self._responses: dict[Endpoint, FetchedData] = {}
        self._is_status_requested = False

    @property
    def fetches(self) -> Mapping[Endpoint, FetchState]:
        """Return the last attempts to fetch the endpoints."""
        return self._schedule.fetches

    @property
    def status_error(self) -> StellantisError | None:
        """Return the error of the last attempt to fetch the status."""
        return self._schedule.errors.get(Endpoint.STATUS)

    @callback
    def is_endpoint_available(self, endpoint: Endpoint) -> bool:
        """Return whether an endpoint works, or has not failed for longer than its grace period."""
        return endpoint not in self._schedule.unavailable

    async def async_start(self) -> None:
        """Restore the state from before a restart, or else fetch it."""
        self.data, fetches = await self._store.async_load(
            self.vehicle, self.account.scopes
        )
        self.restored_history = await self._history_store.async_load()
        self.data = replace(self.data, history=self.restored_history)
        self._schedule.restore(fetches, self.data)
        if Endpoint.STATUS not in self.fetches:
            await self._async_fetch(Endpoint.STATUS, Priority.PARKED)
            next_fetches = self._next_fetches(Endpoint.STATUS)
            self.update_interval = self._schedule.time_to(next_fetches, self.data)
        else:
            now = dt_util.utcnow()
            self._schedule.update_unavailable(now)
            self.disconnected_since = self._schedule.disconnected_since
            next_at = self._schedule.resume_at(now)
            self.update_interval = max(next_at - now, RESUME_DELAY)

    async def async_fetch_lists(self) -> None:
        """Fetch the lists of a new car."""
        if not self.fetches.keys() - {Endpoint.STATUS}:
            await super().async_refresh()

    @callback
    def async_update_state(self, state: VehicleState) -> None:
        """Update the state with something else than a poll."""
        if state != self.data:
            self.data = state
            self.async_update_listeners()

    @callback
    def async_merge(
        self, *responses: FetchedData, outdated: Iterable[Endpoint] = ()
    ) -> None:
        """Merge what the platform pushed into the state, at once.

        Args:
            responses: what was pushed.
            outdated: the endpoints whose responses are outdated now.

        """
        state = self.data
        for response in responses:
            state = state.merge(response)
        for endpoint in self.endpoints.keys() & set(outdated):
            self._schedule.request(endpoint)
        if state != self.data:
            self.data = state
            self._schedule.shorten_wait(state)
            self._save_later()
            self.async_update_listeners()
        self._reschedule()

    @callback
    def async_set_push_intervals(
        self, intervals: Mapping[Activity, timedelta] | None
    ) -> None:
        """Set the intervals of polls while push works; None while it does not."""
        if intervals != self._schedule.push_intervals:
            self._schedule.push_intervals = intervals
            self._schedule.shorten_wait(self.data)
            self._reschedule()

    def _reschedule(self) -> None:
        """Schedule the next poll anew, unless one is being carried out or none is scheduled."""
        if self._unsub_refresh:
            next_fetches = self._next_fetches(*self.endpoints)
            self.update_interval = self._schedule.time_to(next_fetches, self.data)
            self._schedule_refresh()

    @override
    async def async_refresh(self) -> None:
        """Fetch the status now, and what else is due."""
        self._is_status_requested = True
        await super().async_refresh()

    async def async_refresh_now(self) -> None:
        """Refresh for a person, who waits for a limited time.

        Raises:
            StellantisError: the status could not be fetched, or not in time.

        """
        refresh = self.config_entry.async_create_task(
            self.hass, self.async_refresh(), f"{DOMAIN} refresh"
        )
        try:
            async with asyncio.timeout(ACTION_TIMEOUT.total_seconds()):
                await asyncio.shield(refresh)
        except TimeoutError as err:
            raise ServerError from err
        if error := self.status_error:
            raise error

    @override
    async def _async_update_data(self) -> VehicleState:
        """Fetch what is due once automations run; a failure concerns its endpoint alone."""
        is_requested, self._is_status_requested = self._is_status_requested, False
        if self.fetches and self.hass.state is not CoreState.running:
            self.update_interval = RESUME_DELAY
            return self.data
        if is_requested or due_endpoints(self._next_fetches(Endpoint.STATUS)):
            priority = Priority.USER if is_requested else PRIORITIES[self.data.activity]
            await self._async_fetch(Endpoint.STATUS, priority)
        next_fetches = self._next_fetches(*self.endpoints)
        fetched = {Endpoint.STATUS}
        while due := [one for one in due_endpoints(next_fetches) if one not in fetched]:
            if self._shutdown_requested:
                return self.data
            await self._async_fetch(due[0], self._schedule.priority(due[0]))
            fetched.add(due[0])
            next_fetches = self._next_fetches(*self.endpoints)
        self._update_availability()
        self.update_interval = self._schedule.time_to(next_fetches, self.data)
        self._save_later()
        return self.data

    def _save_later(self) -> None:
        self._store.async_delay_save(self.data, self.account.scopes, self.fetches)
        self._history_store.async_save(self.data.history)

    async def _async_fetch(self, endpoint: Endpoint, priority: Priority) -> None:
        if (description := self.endpoints.get(endpoint)) is None:
            return
        version = description.version_fn(self.data)
        client = self.account.clients[priority]
        error = None
        try:
            data = await description.fetch_fn(client, self.vehicle, self.data)
        except StellantisError as err:
            error = err
        if self._shutdown_requested:
            return
        self.account.async_note_response(error)
        if error:
            _LOGGER.debug("Failed to fetch %s: %s", endpoint, error)
            self._schedule.note_failure(endpoint, self.data, error, dt_util.utcnow())
        else:
            self._merge(endpoint, data, version)
        if endpoint is Endpoint.STATUS:
            is_outage = error and not isinstance(error, ENDPOINT_ERRORS)
            self.account.outages.update("data", self.key, error if is_outage else None)

    def _merge(self, endpoint: Endpoint, data: FetchedData, version: object) -> None:
        now = dt_util.utcnow()
        # An unchanged response is the same object.
        if data is not self._responses.get(endpoint):
            self._responses[endpoint] = data
            self.data = self.data.merge(data)
        is_complete = not isinstance(data, FetchedRecords) or bool(data.read_until)
        self._schedule.note_success(
            endpoint, self.data, version, now, is_complete=is_complete
        )
        if endpoint is Endpoint.STATUS:
            self.status_fetched_at = now

    @callback
    def _update_availability(self) -> None:
        """Update which endpoints are unavailable, and log each change once."""
        is_outage = self._schedule.is_platform_failing
        changed = self._schedule.update_unavailable(dt_util.utcnow())
        for endpoint in changed:
            error = self._schedule.errors.get(endpoint)
            has_worked = self.fetches[endpoint].has_succeeded
            if error is None or (has_worked and not is_outage):
                self.account.outages.update(endpoint, self.key, error)
        disconnected_since = self._schedule.disconnected_since
        if changed or disconnected_since != self.disconnected_since:
            self.disconnected_since = disconnected_since
            self.async_update_listeners()

    def _next_fetches(self, *endpoints: Endpoint) -> Mapping[Endpoint, datetime]:
        now, needed = dt_util.utcnow(), self.needed_endpoints
        return self._schedule.next_fetches(endpoints, self.data, needed, now)

    @callback
    def async_schedule_save(self) -> None:
        """Write the state now, without anything waiting for it."""
        self.config_entry.async_create_task(self.hass, self.async_save(), DOMAIN)

    async def async_save(self) -> None:
        """Write the state now."""
        await self._store.async_save(self.data, self.account.scopes, self.fetches)
        self._history_store.async_save(self.data.history)

    @override
    async def async_shutdown(self) -> None:
        """Write the state, and stop polling."""
        await super().async_shutdown()
        self.quota.remove(self._schedule)
        await self.async_save()
        await self._store.async_close()
        await self._history_store.async_close()

    async def async_remove(self) -> None:
        """Remove what is stored of a car that the account does not have anymore."""
        await self.async_shutdown()
        await self._store.async_remove()
        await self._history_store.async_remove()
        self.account.outages.remove(self.key)


class AccountCoordinator(DataUpdateCoordinator[dict[str, Vehicle]]):
    """Fetch which cars an account has, and keep a coordinator for each.

    Its listeners are called when the cars change or the error of the account does.

    Attributes:
        clients: the client, for requests of each priority.
        error: the error that only the owner can solve; None once a request has succeeded.
        outages: logs what fails, once for all cars.
    """

    config_entry: ConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: StellantisClient,
        quota: Quota,
    ) -> None:
        """Initialize the coordinator."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name="account",
            update_interval=ACCOUNT_INTERVAL,
            always_update=False,
        )
        self.data = {}
        self.client = client
        self.clients = {one: client.with_priority(one) for one in Priority}
        self.quota = quota
        self.brand = Brand(entry.data[CONF_BRAND])
        self.scopes = frozenset(map(Scope, entry.data[CONF_SCOPES]))
        self.vehicles: dict[str, VehicleCoordinator] = {}
        self.error: StellantisError | None = None
        self.outages = OutageLog(self.brand.label)
        self._store = ModelStore(hass, f"{entry.entry_id}.vehicles", ACCOUNT_FORMAT)
        self._is_noted = False
        self._failures = 0
        self._authorization = Authorization(hass, entry)

    @override
    async def _async_setup(self) -> None:
        stored = await self._store.async_load() or StoredAccount()
        self.data = stored.vehicles
        self._authorization.unauthorized_since = stored.unauthorized_since

    @override
    async def _async_update_data(self) -> dict[str, Vehicle]:
        """Fetch the cars; after a failure, and during an incident, keep those that are known."""
        try:
            listed = await self._async_fetch_vehicles()
        except StellantisError as err:
            self._note_failure(err)
            if not self.data:
                # Home Assistant shows it, and retries the setup.
                raise setup_error(err) from err
            self.outages.update("data", self.name, err)
            await self._async_update_vehicles(self.data)
            return self.data
        self._failures = 0
        self.update_interval = ACCOUNT_INTERVAL
        self.async_note_response(None)
        self.outages.update("data", self.name, None)
        vehicles = identified(self.data, listed)
        if not listed.complete:
            vehicles = self.data | vehicles
        await self._async_update_vehicles(vehicles)
        if listed.complete:
            self._remove_stale_devices(vehicles)
        await self._store.async_save(self._stored(vehicles))
        return vehicles

    async def _async_fetch_vehicles(self) -> Collection[Vehicle]:
        """Return the cars of the account, of which there is at least one."""
        if listed := await self.clients[Priority.PARKED].get_vehicles():
            return listed
        raise NoVehiclesError("vehicles")

    def _note_failure(self, error: StellantisError) -> None:
        self._failures += 1
        wait = retry_delay(self._failures, ACCOUNT_INTERVAL)
        if isinstance(error, QuotaExceededError):
            wait = max(error.retry_after, FIRST_RETRY)
        self.update_interval = self.quota.retry_interval(wait)
        self.async_note_response(error)

    async def _async_update_vehicles(self, vehicles: Mapping[str, Vehicle]) -> None:
        """Start the coordinators of new cars, and remove cars that are gone."""
        for key in self.vehicles.keys() - vehicles.keys():
            await self.vehicles.pop(key).async_remove()
        for key, coordinator in self.vehicles.items():
            coordinator.vehicle = vehicles[key]
        new = {
            key: VehicleCoordinator(self, key, vehicle)
            for key, vehicle in vehicles.items()
            if key not in self.vehicles
        }
        await asyncio.gather(*(car.async_start() for car in new.values()))
        self.vehicles |= new

    def _remove_stale_devices(self, vehicles: Iterable[str]) -> None:
        registry = dr.async_get(self.hass)
        entry_id = self.config_entry.entry_id
        present = {(DOMAIN, key) for key in (*vehicles, entry_id)}
        for device in dr.async_entries_for_config_entry(registry, entry_id):
            if not device.identifiers & present:
                registry.async_remove_device(device.id)

    @callback
    def async_note_response(self, error: StellantisError | None) -> None:
        """Note what any response says about the account: None after a success."""
        if self._shutdown_requested:
            return
        since = self._authorization.unauthorized_since
        self._authorization.async_update(error)
        if self._authorization.unauthorized_since != since:
            self._store.async_delay_save(self._stored(self.data), SAVE_DELAY)
        if error is None or isinstance(error, ACCOUNT_ERRORS):
            # The first response also solves the issues of an earlier setup.
            has_changed = not self._is_noted or type(error) is not type(self.error)
            self._is_noted = True
            self.error = error
            if has_changed:
                self.async_update_listeners()

    def _stored(self, vehicles: dict[str, Vehicle]) -> StoredAccount:
        since = self._authorization.unauthorized_since
        return StoredAccount(vehicles=vehicles, unauthorized_since=since)

    @override
    async def async_shutdown(self) -> None:
        """Stop polling."""
        await super().async_shutdown()
        await self._store.async_close()
