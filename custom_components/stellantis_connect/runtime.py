"""Runtime data of a config entry: its account and, per car, what follows the coordinator."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)

from .api.models.position import Position
from .api.models.remotes import RemoteState
from .api.paging import Collection
from .auth.session import StellantisOAuth2Session
from .commands.charge_limit import ChargeLimiter
from .commands.outcomes import OutcomeReporter
from .commands.queue import CommandQueue
from .const import DOMAIN
from .coordinator import RESUME_DELAY, AccountCoordinator, VehicleCoordinator
from .frontend import async_page_url
from .history_log import HistoryLog
from .polling.endpoints import Endpoint
from .push.callback import AccountCallback
from .push.manager import PushManager

SIGNAL_VEHICLES_CHANGED = f"{DOMAIN}_vehicles_changed"

type StellantisConfigEntry = ConfigEntry[StellantisData]


@dataclass(frozen=True, kw_only=True)
class VehicleData:
    """Runtime data of a car.

    Attributes:
        device_id: the device of the car.
        routes: the positions of the last trip by its id and the number of fetched pages.
    """

    coordinator: VehicleCoordinator
    device_id: str
    commands: CommandQueue
    charge_limiter: ChargeLimiter
    outcomes: OutcomeReporter
    routes: dict[tuple[str, int], Collection[Position]] = field(default_factory=dict)

    @callback
    def async_close(self) -> None:
        """End what follows the coordinator."""
        self.commands.async_close()
        self.outcomes.async_close()


@dataclass(frozen=True, kw_only=True)
class StellantisData:
    """Runtime data of a config entry.

    Attributes:
        vehicles: the cars by the keys of their coordinators.
    """

    account: AccountCoordinator
    callback: AccountCallback
    session: StellantisOAuth2Session
    push: PushManager
    vehicles: dict[str, VehicleData] = field(default_factory=dict)


def create_runtime_data(
    account: AccountCoordinator, session: StellantisOAuth2Session
) -> StellantisData:
    """Return the runtime data of a config entry, still without cars."""
    account_callback = AccountCallback(account.config_entry, account.client)
    vehicles: dict[str, VehicleData] = {}

    def handle_remote(remote: RemoteState) -> bool:
        for vehicle in vehicles.values():
            pending = vehicle.commands.state.pending
            if any(one.remote_id == remote.id for one in pending):
                vehicle.commands.async_handle_remote(remote)
                return True
        return False

    return StellantisData(
        account=account,
        callback=account_callback,
        session=session,
        push=PushManager(account, account_callback, handle_remote),
        vehicles=vehicles,
    )


@callback
def async_follow_vehicles(data: StellantisData) -> None:
    """Keep the data of the cars that the account has, until the entry is unloaded."""
    account = data.account

    @callback
    def update() -> None:
        for key in data.vehicles.keys() - account.vehicles.keys():
            data.vehicles.pop(key).async_close()
        for key, coordinator in account.vehicles.items():
            if key not in data.vehicles:
                data.vehicles[key] = _async_start_vehicle(data, coordinator)
        async_dispatcher_send(account.hass, SIGNAL_VEHICLES_CHANGED)

    @callback
    def close() -> None:
        for vehicle in data.vehicles.values():
            vehicle.async_close()
        data.vehicles.clear()
        async_dispatcher_send(account.hass, SIGNAL_VEHICLES_CHANGED)

    update()
    account.config_entry.async_on_unload(account.async_add_listener(update))
    account.config_entry.async_on_unload(close)


@callback
def async_fetch_lists(account: AccountCoordinator) -> None:
    """Fetch the lists of one new car after the other, so that few requests are sent at once."""
    lock = asyncio.Lock()

    async def fetch() -> None:
        async with lock:
            for coordinator in [*account.vehicles.values()]:
                await coordinator.async_fetch_lists()

    @callback
    def start() -> None:
        account.config_entry.async_create_task(account.hass, fetch(), f"{DOMAIN} lists")

    start()
    account.config_entry.async_on_unload(account.async_add_listener(start))


@callback
def _async_start_vehicle(
    data: StellantisData, coordinator: VehicleCoordinator
) -> VehicleData:
    commands = CommandQueue(coordinator, data.callback)
    charge_limiter = ChargeLimiter(coordinator, commands)
    outcomes = OutcomeReporter(coordinator)
    outcomes.async_start()
    HistoryLog(coordinator).async_start()
    commands.async_start(RESUME_DELAY)
    charge_limiter.async_start()
    return VehicleData(
        coordinator=coordinator,
        device_id=_async_create_device(coordinator).id,
        commands=commands,
        charge_limiter=charge_limiter,
        outcomes=outcomes,
    )


@callback
def _async_create_device(coordinator: VehicleCoordinator) -> dr.DeviceEntry:
    """Create the device of a car, once for all of its entities."""
    car = coordinator.vehicle
    brand = car.brand or coordinator.account.brand
    registry = dr.async_get(coordinator.hass)
    device = registry.async_get_or_create(
        config_entry_id=coordinator.config_entry.entry_id,
        identifiers={(DOMAIN, coordinator.key)},
        manufacturer=brand.label,
        model=car.label,
        name=car.label or brand.label,
        serial_number=car.vin,
    )
    url = async_page_url(coordinator.hass, device.id)
    return registry.async_update_device(device.id, configuration_url=url) or device


@callback
def async_get_vehicle(hass: HomeAssistant, device_id: str) -> VehicleData | None:
    """Return the car of a device; None while its entry is not set up."""
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, device_id, domain=DOMAIN, include_child_devices=False
    )
    data: StellantisData | None = getattr(entry, "runtime_data", None)
    if device is None or data is None:
        return None
    keys = [key for domain, key in device.identifiers if domain == DOMAIN]
    return next((data.vehicles[key] for key in keys if key in data.vehicles), None)


@callback
def async_track_vehicle(
    hass: HomeAssistant,
    device_id: str,
    endpoint: Endpoint,
    listener: Callable[[VehicleCoordinator], None],
) -> CALLBACK_TYPE:
    """Call a listener now and with each update of a car, also after its entry is reloaded.

    Args:
        hass: Home Assistant.
        device_id: the device of the car.
        endpoint: the endpoint that the listener needs.
        listener: receives the coordinator of the car.

    Returns:
        What removes the listener.

    """
    tracked: VehicleCoordinator | None = None
    remove_listener: CALLBACK_TYPE | None = None

    @callback
    def remove() -> None:
        nonlocal tracked, remove_listener
        if remove_listener:
            remove_listener()
        tracked = remove_listener = None

    @callback
    def update() -> None:
        nonlocal tracked, remove_listener
        vehicle = async_get_vehicle(hass, device_id)
        if (coordinator := vehicle and vehicle.coordinator) is tracked:
            return
        remove()
        if coordinator:
            tracked = coordinator
            remove_listener = coordinator.async_add_listener(
                lambda: listener(coordinator), endpoint
            )
            listener(coordinator)

    disconnect = async_dispatcher_connect(hass, SIGNAL_VEHICLES_CHANGED, update)
    update()

    @callback
    def stop() -> None:
        disconnect()
        remove()

    return stop
