"""Monitors of an account's cars at the platform."""

from collections.abc import Container, Mapping
from contextlib import suppress
import logging

from ..api.exceptions import BadRequestError, ForbiddenError, NotFoundError
from ..api.models.callbacks import SubscriptionStatus
from ..api.models.monitors import MonitorParameter
from ..coordinator import AccountCoordinator, VehicleCoordinator
from .callback import AccountCallback
from .monitors import MAX_MONITORS, key_of
from .store import StoredMonitor

_LOGGER = logging.getLogger(__name__)

# With fewer, another installation may have most: it gets the rest, so that one has all.
MIN_MONITORS = MAX_MONITORS // 2 + 1


class MonitorRegistry:
    """The monitors that exist under the callback.

    Attributes:
        monitors: the monitors by their ids.
        complete: the keys of the monitors of each car that has all of its own.
        taken: the cars of which other installations have monitors in place of ours.
    """

    def __init__(
        self, account: AccountCoordinator, account_callback: AccountCallback
    ) -> None:
        """Initialize the registry."""
        self._account = account
        self._callback = account_callback
        self.monitors: dict[str, StoredMonitor] = {}
        self.complete: dict[str, frozenset[str]] = {}
        self.taken: set[str] = set()

    def clear(self) -> None:
        """Forget monitors that went with their callback."""
        self.monitors = {}
        self.complete = {}
        self.taken = set()

    def keep(self, vehicles: Container[str]) -> None:
        """Forget the monitors of all but some cars."""
        self.monitors = {
            monitor_id: monitor
            for monitor_id, monitor in self.monitors.items()
            if monitor.vehicle in vehicles
        }
        self.complete = {
            key: keys for key, keys in self.complete.items() if key in vehicles
        }
        self.taken = {key for key in self.taken if key in vehicles}

    async def async_update(
        self,
        vehicle: VehicleCoordinator,
        parameters: Mapping[str, MonitorParameter],
    ) -> bool:
        """Create the monitors of a car that are missing, and delete those that are outdated.

        Return whether any was missing.

        Args:
            vehicle: the car.
            parameters: the parameters of its monitors by their labels.

        Raises:
            StellantisError: they may not be up to date.

        """
        client, vehicle_id = self._account.client, vehicle.vehicle.id
        key = vehicle.key
        callback_id = await self._callback.async_get_id()
        held = await client.get_monitors(vehicle_id, callback_id)
        current = {
            monitor.label or "": monitor
            for monitor in held
            if monitor.label in parameters
            and monitor.status is not SubscriptionStatus.FAILED
        }
        missing = {
            label: one for label, one in parameters.items() if label not in current
        }
        self.keep(self._account.vehicles.keys() - {key})
        # Their messages may arrive in the meantime.
        for label, monitor in current.items():
            self._add(monitor.id, key, label)
        try:
            for monitor in held:
                if monitor not in current.values():
                    await client.delete_monitor(vehicle_id, callback_id, monitor.id)
                elif monitor.status is SubscriptionStatus.PAUSED:
                    await client.set_monitor_status(
                        vehicle_id, callback_id, monitor.id, SubscriptionStatus.RUNNING
                    )
            for label, parameter in missing.items():
                monitor_id = await client.create_monitor(
                    vehicle_id, callback_id, parameter
                )
                self._add(monitor_id, key, label)
        except (BadRequestError, ForbiddenError) as err:
            _LOGGER.debug("Failed to create monitors of a car: %s", err)
            if await self._async_is_full(vehicle_id):
                await self._async_yield(key, vehicle_id, callback_id)
                self.taken.add(key)
        else:
            if parameters:
                self.complete[key] = frozenset(map(key_of, parameters))
        return bool(missing)

    async def _async_is_full(self, vehicle_id: str) -> bool:
        """Return whether a car has no place for a monitor, with those of other installations."""
        client = self._account.client
        count = 0
        for one in await client.get_callbacks():
            with suppress(BadRequestError, ForbiddenError, NotFoundError):
                count += len(await client.get_monitors(vehicle_id, one.id))
        return count >= MAX_MONITORS

    async def _async_yield(self, key: str, vehicle_id: str, callback_id: str) -> None:
        """Delete the monitors of a car if another installation can have all of them."""
        own = [one for one, monitor in self.monitors.items() if monitor.vehicle == key]
        if len(own) < MIN_MONITORS:
            for monitor_id in own:
                await self._account.client.delete_monitor(
                    vehicle_id, callback_id, monitor_id
                )
            self.keep(self._account.vehicles.keys() - {key})

    def _add(self, monitor_id: str, vehicle: str, label: str) -> None:
        monitor = StoredMonitor(vehicle=vehicle, label=label)
        self.monitors = {**self.monitors, monitor_id: monitor}

    async def async_delete(self) -> None:
        """Delete all monitors.

        Raises:
            StellantisError: some may still exist.

        """
        client = self._account.client
        callback_id = await self._callback.async_get_id()
        for vehicle in self._account.vehicles.values():
            vehicle_id = vehicle.vehicle.id
            for monitor in await client.get_monitors(vehicle_id, callback_id):
                await client.delete_monitor(vehicle_id, callback_id, monitor.id)
        self.clear()

    async def async_create_temporary(
        self, vehicle: VehicleCoordinator, parameter: MonitorParameter
    ) -> None:
        """Create a monitor beside the others of a car, or in place of one; it goes with `async_reconcile`.

        Raises:
            StellantisError: it could not be created.

        """
        client, vehicle_id = self._account.client, vehicle.vehicle.id
        callback_id = await self._callback.async_get_id()
        try:
            await client.create_monitor(vehicle_id, callback_id, parameter)
        except BadRequestError:
            held = await client.get_monitors(vehicle_id, callback_id)
            for monitor in held[-1:]:
                await client.delete_monitor(vehicle_id, callback_id, monitor.id)
            await client.create_monitor(vehicle_id, callback_id, parameter)
