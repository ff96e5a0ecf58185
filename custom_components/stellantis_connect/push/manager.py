"""Push of an account: its callback, the monitors of its cars, and their messages."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.event import (
    EventStateChangedData,
    async_track_state_change_event,
    async_track_time_interval,
)
from homeassistant.helpers.importlib import async_import_module
from homeassistant.util import dt as dt_util

from ..api.exceptions import StellantisError
from ..api.models.messages import Message
from ..api.models.monitors import MonitorParameter
from ..api.models.remotes import RemoteState
from ..commands.models import MAX_CHARGE_LIMIT
from ..const import CONF_PUSH, CONF_ZONES, DEFAULT_ZONES, Push
from ..coordinator import AccountCoordinator, VehicleCoordinator
from ..models import Activity
from ..polling.endpoints import Endpoint
from ..polling.quota import CHARGE_LIMIT_INTERVALS, DAY, SAFETY_INTERVALS
from .callback import AccountCallback
from .inbox import Inbox
from .merge import PUSHED_ENDPOINTS, outdated_endpoints, read_message
from .monitors import LEFT_OR_LEVEL, LEVEL, key_of, monitors_for
from .reconciliation import Reconciliation
from .registry import MonitorRegistry
from .silence import SilenceCheck
from .store import PushState, push_store
from .url import CLOUD, WebhookUrl, async_delete_cloudhook, async_get_webhook_url
from .webhook import secret_attributes
from .zones import Zone, selected_zones

CONTEST_RETRY = timedelta(hours=1)
SAVE_DELAY = 60

NOT_HTTPS = "external_url_not_https"
UNREACHABLE = "push_unreachable"
MONITORS_TAKEN = "monitors_taken"
PUSH_ISSUES = (NOT_HTTPS, UNREACHABLE, MONITORS_TAKEN)


class PushManager:
    """Push of an account.

    Attributes:
        url: the URL of the webhook, as of the last reconciliation.
        inbox: the messages that were received.
        registry: the monitors.
    """

    def __init__(
        self,
        account: AccountCoordinator,
        account_callback: AccountCallback,
        handle_remote: Callable[[RemoteState], bool],
    ) -> None:
        """Initialize push.

        Args:
            account: the account.
            account_callback: its callback.
            handle_remote: handles the state of a remote, and returns whether it is known.

        """
        self.account = account
        self.url = WebhookUrl()
        self._hass = account.hass
        self._entry = account.config_entry
        self._callback = account_callback
        self._handle_remote = handle_remote
        self._store = push_store(self._hass, self._entry.entry_id)
        self._state = PushState()
        self.inbox = Inbox(
            self._hass, self._entry, self._handle_message, self._poll_lost
        )
        self._zone_ids: list[str] = self._entry.options.get(CONF_ZONES, DEFAULT_ZONES)
        self._zones: tuple[Zone, ...] = ()
        self.registry = MonitorRegistry(account, account_callback)
        self._inputs: dict[VehicleCoordinator, object] = {}
        self._silence = SilenceCheck(self._hass, self._handle_missing_message)
        self._listeners: list[CALLBACK_TYPE] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._lock = asyncio.Lock()
        self._is_unreachable = False
        self._reconciliation = Reconciliation(
            self._hass, self._entry, self.async_reconcile
        )

    @property
    def is_enabled(self) -> bool:
        """Return whether the options allow push."""
        option = self._entry.options.get(CONF_PUSH, Push.AUTOMATIC)
        return bool(option != Push.OFF)

    @property
    def is_working(self) -> bool:
        """Return whether messages arrive of every car."""
        return self._state.is_proven and all(
            key in self.registry.complete for key in self.account.vehicles
        )

    @property
    def issues(self) -> frozenset[str]:
        """Return the keys of what the owner can do something about."""
        exists = {
            NOT_HTTPS: self.url.is_insecure,
            UNREACHABLE: self._is_unreachable,
            MONITORS_TAKEN: bool(self.registry.taken),
        }
        return frozenset(key for key in PUSH_ISSUES if exists[key])

    @property
    def received_at(self) -> datetime | None:
        """Return when the last message was received."""
        return self._state.received_at

    @property
    def diagnostics(self) -> Mapping[str, object]:
        """Return what explains why push works or not."""
        return {
            "enabled": self.is_enabled,
            "working": self.is_working,
            "has_url": self.url.url is not None,
            "is_cloudhook": self.url.is_cloudhook,
            "last_message": self.received_at,
            "monitors": len(self.registry.monitors),
            "cars_with_monitors_taken": len(self.registry.taken),
            "messages": asdict(self.inbox.counts),
        }

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener at each message, and whenever push or its issues change."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def async_start(self) -> None:
        """Receive messages, and bring the callback and the monitors up to date."""
        self._state = await self._store.async_load() or self._state
        await self._store.async_save(self._state)
        self._callback.restore(self._state)
        self.registry.monitors = self._state.monitors
        self._entry.async_on_unload(self._reconciliation.close)
        self._entry.async_on_unload(self._silence.close)
        if self.is_enabled:
            state = self._state
            self.inbox.async_register(state.webhook_id, state.secret)
            if state.target is not None:
                # Until now, Home Assistant has accepted messages for nothing.
                self._poll_lost()
            await self._async_track_changes()
        self._track_vehicles()
        self._update_polling()
        self.async_schedule_reconcile()

    @callback
    def _poll_lost(self) -> None:
        """Fetch what messages may have said that were lost."""
        for vehicle in self.account.vehicles.values():
            vehicle.async_merge(outdated=PUSHED_ENDPOINTS)

    async def async_close(self) -> None:
        """Write what is pending."""
        await self._store.async_close()

    @callback
    def async_schedule_reconcile(self, *_: object) -> None:
        """Bring the callback and the monitors up to date in the background."""
        self._reconciliation.async_schedule()

    async def async_wait_for_message(self, timeout: timedelta) -> bool:
        """Return whether a message arrives within a time."""
        received = self._hass.loop.create_future()
        self._waiters.append(received)
        try:
            async with asyncio.timeout(timeout.total_seconds()):
                await received
        except TimeoutError:
            return False
        finally:
            self._waiters.remove(received)
        return True

    async def async_reconcile(self) -> None:
        """Bring the callback and the monitors up to date.

        Raises:
            StellantisError: they may not be.
            HomeAssistantError: the cloud cannot be reached.

        """
        async with self._lock:
            url = WebhookUrl()
            if self.is_enabled:
                url = await async_get_webhook_url(self._hass, self._state.webhook_id)
            self.url = url
            contested = self.registry.contested
            try:
                if url.url is None:
                    await self._async_stop()
                else:
                    await self._async_update_callback(url.url)
                    await self._async_update_monitors()
            finally:
                self._update_polling()
            if self.registry.contested - contested:
                # By then, the other installations have deleted their monitors.
                self._reconciliation.async_retry(CONTEST_RETRY)

    async def _async_stop(self) -> None:
        """Let the platform send nothing any more."""
        if self._state.target is not None:
            await self._callback.async_set_target(None)
            await self.registry.async_delete()
            await async_delete_cloudhook(self._hass, self._state.webhook_id)
        self.registry.clear()
        self._is_unreachable = False
        state = self._with_callback()
        self._set_state(replace(state, is_proven=False, monitors={}))

    def _with_callback(self) -> PushState:
        """Return the state with what is stored of the callback."""
        return replace(
            self._state,
            callback_id=self._callback.id,
            target=self._callback.target,
            previous_target=self._callback.previous_target,
            copy_target=self._callback.copy_target,
        )

    async def _async_update_callback(self, url: str) -> None:
        attributes = secret_attributes(self._state.secret)
        callback_id = await self._callback.async_set_target(url, attributes)
        before, state = self._state, self._with_callback()
        if callback_id != before.callback_id:
            state = replace(state, monitors={})
            self.registry.clear()
        if url != before.target:
            state = replace(state, is_proven=False)
        self._set_state(state)
        # After a crash, an unknown URL is taken for that of a copy.
        await self._store.async_save(self._state)

    async def _async_update_monitors(self) -> None:
        error: StellantisError | None = None
        try:
            for vehicle in [*self.account.vehicles.values()]:
                try:
                    await self._async_update_monitors_of(vehicle)
                except StellantisError as err:
                    # It is no concern of other cars.
                    error = error or err
        finally:
            self.registry.keep(self.account.vehicles)
            self._set_state(replace(self._state, monitors=self.registry.monitors))
        if error:
            raise error

    async def _async_update_monitors_of(self, vehicle: VehicleCoordinator) -> None:
        wanted = self.wanted_monitors(vehicle)
        was_missing = await self.registry.async_update(vehicle, wanted)
        if was_missing and self.received_at:
            # Nothing was pushed while the monitor was missing.
            vehicle.async_merge(outdated=[Endpoint.STATUS])

    def wanted_monitors(
        self, vehicle: VehicleCoordinator
    ) -> Mapping[str, MonitorParameter]:
        """Return the monitors that a car is to have, by their labels."""
        level = vehicle.data.charge_limit.level
        return monitors_for(
            vehicle.vehicle,
            self.account.scopes,
            level if level < MAX_CHARGE_LIMIT else None,
            self._zones,
        )

    def _handle_message(self, message: Message) -> bool:
        """Handle a message; return whether it is known."""
        if message.callback_id != self._callback.id:
            return False
        # The monitor of a test is not stored.
        is_known = self._merge(message) or bool(self._waiters)
        if message.remote:
            is_known = self._handle_remote(message.remote)
        if is_known:
            self._note_message()
        return is_known

    def _merge(self, message: Message) -> bool:
        monitor = self.registry.monitors.get(message.monitor_id or "")
        vehicle = self.account.vehicles.get(monitor.vehicle) if monitor else None
        if monitor is None or vehicle is None:
            return False
        self._silence.note_message(vehicle)
        key, status = key_of(monitor.label), vehicle.data.status
        responses = read_message(message, vehicle.vehicle, status, key, self._zones)
        vehicle.async_merge(*responses, outdated=outdated_endpoints(message))
        return True

    def _note_message(self) -> None:
        for received in self._waiters:
            if not received.done():
                received.set_result(None)
        self._is_unreachable = False
        state = replace(self._state, received_at=dt_util.utcnow(), is_proven=True)
        self._set_state(state)
        self._call_listeners()

    @callback
    def _handle_missing_message(self, vehicle: VehicleCoordinator) -> None:
        """Poll as without push, and bring it up to date, after a poll that shows a change."""
        if self._state.target is None or vehicle.key not in self.registry.complete:
            return
        # A callback that was lost, or a message, is no concern of the owner's.
        self._is_unreachable = not self._state.is_proven
        # Messages of other cars may be missing for the same reason.
        self._silence.restart()
        self._set_state(replace(self._state, is_proven=False))
        self.async_schedule_reconcile()

    def _set_state(self, state: PushState) -> None:
        was_proven = self._state.is_proven
        self._state = state
        self._store.async_delay_save(state, SAVE_DELAY)
        if state.is_proven != was_proven:
            self._update_polling()

    def _call_listeners(self) -> None:
        for listener in [*self._listeners]:
            listener()

    @callback
    def _update_polling(self) -> None:
        """Poll the cars whose messages arrive for safety only."""
        self._callback.is_pushing = self._state.is_proven
        for vehicle in self.account.vehicles.values():
            vehicle.async_set_push_intervals(self._intervals(vehicle))
        self._call_listeners()

    def _intervals(
        self, vehicle: VehicleCoordinator
    ) -> Mapping[Activity, timedelta] | None:
        keys = self.registry.complete.get(vehicle.key)
        if not self._state.is_proven or keys is None:
            return None
        is_watched = LEVEL in keys or (
            # This one reports a charge in a zone only.
            LEFT_OR_LEVEL in keys and vehicle.data.entered_zone is not None
        )
        limit = vehicle.data.charge_limit
        is_unwatched = limit.level < MAX_CHARGE_LIMIT and not is_watched
        return CHARGE_LIMIT_INTERVALS if is_unwatched else SAFETY_INTERVALS

    async def _async_track_changes(self) -> None:
        """Reconcile whenever the URL, the cloud connection or a zone changes, and daily."""

        @callback
        def handle_cloudhook_change(hook: Mapping[str, object] | None) -> None:
            if hook is None and self.url.is_cloudhook:
                self.async_schedule_reconcile()

        @callback
        def handle_zone_change(event: Event[EventStateChangedData]) -> None:
            if self._update_zones():
                self.async_schedule_reconcile()

        self._update_zones()
        hass, on_unload = self._hass, self._entry.async_on_unload
        handle_change = self.async_schedule_reconcile
        on_unload(hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, handle_change))
        on_unload(
            async_track_state_change_event(hass, self._zone_ids, handle_zone_change)
        )
        on_unload(async_track_time_interval(hass, handle_change, DAY))
        if "cloud" in hass.config.components:
            cloud = await async_import_module(hass, CLOUD)
            on_unload(cloud.async_listen_connection_change(hass, handle_change))
            on_unload(
                cloud.async_listen_cloudhook_change(
                    hass, self._state.webhook_id, handle_cloudhook_change
                )
            )

    def _update_zones(self) -> bool:
        """Update the zones; return whether they have changed."""
        before = self._zones
        self._zones = selected_zones(self._hass, self._zone_ids)
        return self._zones != before

    @callback
    def _track_vehicles(self) -> None:
        """Reconcile whenever a car is new or its monitors are to be others."""

        @callback
        def update() -> None:
            for vehicle in self.account.vehicles.values():
                if vehicle not in self._inputs:
                    self._entry.async_on_unload(
                        vehicle.async_add_listener(
                            partial(self._handle_update, vehicle)
                        )
                    )
                self._handle_update(vehicle)

        update()
        self._entry.async_on_unload(self.account.async_add_listener(update))

    @callback
    def _handle_update(self, vehicle: VehicleCoordinator) -> None:
        self._silence.handle_update(vehicle)
        one = vehicle.vehicle
        inputs = (
            one.id,
            one.motorization,
            one.capabilities and one.capabilities.data,
            vehicle.data.charge_limit.level,
        )
        if self._inputs.get(vehicle) != inputs:
            is_new = vehicle not in self._inputs
            self._inputs[vehicle] = inputs
            if self.is_enabled and (not is_new or self._state.target):
                self.async_schedule_reconcile()
        if self._state.is_proven:
            vehicle.async_set_push_intervals(self._intervals(vehicle))


async def async_remove_push(hass: HomeAssistant, entry_id: str) -> None:
    """Delete the cloudhook of a removed config entry."""
    if state := await push_store(hass, entry_id).async_load():
        await async_delete_cloudhook(hass, state.webhook_id)
