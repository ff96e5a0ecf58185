"""Monitors of an account's cars at the platform."""

from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
import logging

from ..api.exceptions import BadRequestError, ForbiddenError, NotFoundError, ServerError
from ..api.models.callbacks import SubscriptionStatus
from ..api.models.monitors import Monitor, MonitorParameter
from ..coordinator import AccountCoordinator, VehicleCoordinator
from .callback import AccountCallback
from .monitors import MAX_MONITORS, key_of
from .store import StoredMonitor

_LOGGER = logging.getLogger(__name__)


class MonitorRegistry:
    """The monitors that exist under the callback.

    Attributes:
        monitors: the monitors by their ids.
        complete: the keys of the monitors of each car that has all of its own.
        taken: the cars of which others have monitors in place of ours.
        contested: those of them of which other installations are to leave theirs to this one.
    """

    def __init__(
        self, account: AccountCoordinator, account_callback: AccountCallback
    ) -> None:
        """Initialize the registry."""
        self._account = account
        self._callback = account_callback
        self.monitors: dict[str, StoredMonitor] = {}
        self.complete: dict[str, frozenset[str]] = {}
        self.taken: frozenset[str] = frozenset()
        self.contested: frozenset[str] = frozenset()

    def clear(self) -> None:
        """Forget monitors that went with their callback."""
        self.monitors = {}
        self.complete = {}
        self.taken = self.contested = frozenset()

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
        self.taken = frozenset(key for key in self.taken if key in vehicles)
        self.contested = frozenset(key for key in self.contested if key in vehicles)

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
        client, vehicle_id, key = self._account.client, vehicle.vehicle.id, vehicle.key
        callback_id = await self._callback.async_get_id()
        held = await client.get_monitors(vehicle_id, callback_id)
        current = {
            monitor.label or "": monitor
            for monitor in held
            if monitor.label in parameters
            and await self._async_is_running(vehicle, callback_id, monitor)
        }
        missing = {
            label: one for label, one in parameters.items() if label not in current
        }
        was_taken = key in self.taken
        self.keep(self._account.vehicles.keys() - {key})
        # Their messages may arrive in the meantime.
        for label, monitor in current.items():
            self._add(monitor.id, key, label)
        for monitor in held:
            if monitor not in current.values():
                await client.delete_monitor(vehicle_id, callback_id, monitor.id)
        if missing and was_taken:
            rivals = await self._async_count(vehicle, self._callback.rivals)
            has_place = sum(rivals.values()) + len(parameters) <= MAX_MONITORS
            if not has_place and _is_behind(len(current), callback_id, rivals):
                await self._async_leave(vehicle, callback_id)
                self.taken |= {key}
                return True
        is_complete = bool(parameters)
        for label, parameter in missing.items():
            try:
                monitor_id = await client.create_monitor(
                    vehicle_id, callback_id, parameter
                )
            except (BadRequestError, ForbiddenError) as err:
                _LOGGER.debug("Failed to create a monitor of a car: %s", err)
                is_complete = False
                if await self._async_is_full(vehicle, callback_id):
                    break
            else:
                self._add(monitor_id, key, label)
        if is_complete:
            self.complete[key] = frozenset(map(key_of, parameters))
        return bool(missing)

    async def _async_is_running(
        self, vehicle: VehicleCoordinator, callback_id: str, monitor: Monitor
    ) -> bool:
        """Return whether a monitor runs; resume it if it is paused."""
        if monitor.status is SubscriptionStatus.PAUSED:
            try:
                await self._account.client.set_monitor_status(
                    vehicle.vehicle.id,
                    callback_id,
                    monitor.id,
                    SubscriptionStatus.RUNNING,
                )
            except BadRequestError, ForbiddenError, NotFoundError:
                return False
        return monitor.status is not SubscriptionStatus.FAILED

    async def _async_is_full(
        self, vehicle: VehicleCoordinator, callback_id: str
    ) -> bool:
        """Return whether a car has no place for a monitor, because of those of others."""
        callbacks = await self._callback.async_list()
        counts = await self._async_count(vehicle, [one.id for one in callbacks])
        if sum(counts.values()) < MAX_MONITORS:
            return False
        own = counts.get(callback_id, 0)
        if own >= MAX_MONITORS:
            # They were not in the list before.
            raise ServerError("monitors")
        rivals = {one: counts.get(one, 0) for one in self._callback.rivals}
        if _is_behind(own, callback_id, rivals):
            await self._async_leave(vehicle, callback_id)
        elif any(rivals.values()):
            self.contested |= {vehicle.key}
        self.taken |= {vehicle.key}
        return True

    async def _async_count(
        self, vehicle: VehicleCoordinator, callback_ids: Iterable[str]
    ) -> dict[str, int]:
        """Return how many monitors of a car callbacks have."""
        client, vehicle_id = self._account.client, vehicle.vehicle.id
        counts = {}
        for one in callback_ids:
            with suppress(BadRequestError, ForbiddenError, NotFoundError):
                counts[one] = len(await client.get_monitors(vehicle_id, one))
        return counts

    async def _async_leave(self, vehicle: VehicleCoordinator, callback_id: str) -> None:
        """Delete the monitors of a car, so that another installation can have all of them."""
        for monitor_id, monitor in self.monitors.items():
            if monitor.vehicle == vehicle.key:
                await self._account.client.delete_monitor(
                    vehicle.vehicle.id, callback_id, monitor_id
                )
        self.keep(self._account.vehicles.keys() - {vehicle.key})

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


def _is_behind(own: int, callback_id: str, rivals: Mapping[str, int]) -> bool:
    """Return whether another installation has more monitors, or as many and the lower id."""
    return any(
        count and (-count, one) < (-own, callback_id) for one, count in rivals.items()
    )
