"""Runtime data of a config entry: its account and, per car, what follows the coordinator."""

from dataclasses import dataclass, field

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback

from .api.client import StellantisClient
from .api.models.remotes import RemoteState
from .auth.session import StellantisOAuth2Session
from .commands.charge_limit import ChargeLimiter
from .commands.queue import CommandQueue
from .coordinator import RESUME_DELAY, AccountCoordinator, VehicleCoordinator
from .push.callback import AccountCallback
from .push.manager import PushManager

type StellantisConfigEntry = ConfigEntry[StellantisData]


@dataclass(frozen=True, kw_only=True)
class VehicleData:
    """Runtime data of a car."""

    coordinator: VehicleCoordinator
    commands: CommandQueue
    charge_limiter: ChargeLimiter


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

    @property
    def client(self) -> StellantisClient:
        """Return the client of the account."""
        return self.account.client


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
            data.vehicles.pop(key).commands.async_close()
        for key, coordinator in account.vehicles.items():
            if key not in data.vehicles:
                data.vehicles[key] = _async_start_vehicle(data, coordinator)

    @callback
    def close() -> None:
        for vehicle in data.vehicles.values():
            vehicle.commands.async_close()

    update()
    account.config_entry.async_on_unload(account.async_add_listener(update))
    account.config_entry.async_on_unload(close)


@callback
def _async_start_vehicle(
    data: StellantisData, coordinator: VehicleCoordinator
) -> VehicleData:
    commands = CommandQueue(coordinator, data.callback)
    charge_limiter = ChargeLimiter(coordinator, commands)
    commands.async_start(RESUME_DELAY)
    charge_limiter.async_start()
    return VehicleData(
        coordinator=coordinator,
        commands=commands,
        charge_limiter=charge_limiter,
    )
