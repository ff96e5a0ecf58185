"""The stored state of a car: the last responses, its commands, and when to fetch what."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from homeassistant.core import HomeAssistant, callback

from ..api.models.maintenance import Maintenance
from ..api.models.scope import Scope
from ..api.models.status import Status
from ..api.models.telemetry import Telemetry
from ..api.models.vehicle import Vehicle
from ..commands.models import ChargeLimit, CommandState
from ..models import VehicleState, ZoneEvent
from ..storage import JSONText, ModelStore, StorageFormat, vehicle_digest
from .backoff import FetchState
from .endpoints import Endpoint

# A kill loses the responses since the last save, which are fetched again.
SAVE_DELAY = 15 * 60

type FetchStates = Mapping[Endpoint, FetchState]


@dataclass(frozen=True, kw_only=True)
class StoredState:
    """The stored state of a car; its history has a store of its own.

    Attributes:
        scopes: those that were granted when the responses were fetched.
        stopped_at: when it was first known that the car had stopped.
        used_at: when it was first known that the car had been used.
        zone_event: the last zone that the car entered or left.
    """

    scopes: tuple[Scope, ...] = ()
    status: JSONText = field(default_factory=lambda: JSONText({}))
    maintenance: JSONText = field(default_factory=lambda: JSONText({}))
    telemetry: JSONText = field(default_factory=lambda: JSONText({}))
    commands: CommandState = field(default_factory=CommandState)
    charge_limit: ChargeLimit = field(default_factory=ChargeLimit)
    stopped_at: datetime | None = None
    used_at: datetime | None = None
    zone_event: ZoneEvent | None = None
    fetches: dict[Endpoint, FetchState] = field(default_factory=dict)


FORMAT = StorageFormat(StoredState)


class VehicleStore:
    """Store the state of a car; nothing is written while only fetch times change."""

    def __init__(self, hass: HomeAssistant, entry_id: str, vehicle_key: str) -> None:
        """Initialize the store."""
        name = f"{entry_id}.state.{vehicle_digest(vehicle_key)}"
        self._store = ModelStore(hass, name, FORMAT)
        self._saved: object = None
        self._latest: Callable[[], StoredState] = StoredState

    async def async_load(
        self, vehicle: Vehicle, scopes: Collection[Scope]
    ) -> tuple[VehicleState, FetchStates]:
        """Return the stored state; the responses only if the scopes are still the same."""
        stored = await self._store.async_load() or StoredState()
        state = VehicleState(commands=stored.commands, charge_limit=stored.charge_limit)
        if {*stored.scopes} != {*scopes}:
            return state, {}
        motorization = vehicle.motorization
        state = replace(
            state,
            status=Status.from_json(stored.status.value, motorization),
            maintenance=Maintenance.from_json(stored.maintenance.value),
            telemetry=Telemetry.from_json(stored.telemetry.value, motorization),
            stopped_at=stored.stopped_at,
            used_at=stored.used_at,
            zone_event=stored.zone_event,
        )
        self._saved = _content(state, stored.fetches)
        return state, stored.fetches

    async def async_save(
        self, state: VehicleState, scopes: Collection[Scope], fetches: FetchStates
    ) -> None:
        """Write the state now."""
        self._saved = _content(state, fetches)
        await self._store.async_save(_stored(state, scopes, fetches))

    @callback
    def async_delay_save(
        self, state: VehicleState, scopes: Collection[Scope], fetches: FetchStates
    ) -> None:
        """Write the state within some minutes if it has changed."""
        saved, self._saved = self._saved, _content(state, fetches)
        if self._saved != saved:
            self._latest = partial(_stored, state, scopes, {**fetches})
            self._store.async_schedule_save(lambda: self._latest(), SAVE_DELAY)

    async def async_close(self) -> None:
        """Write what is pending, and ignore later saves."""
        await self._store.async_close()

    async def async_remove(self) -> None:
        """Remove the stored state."""
        await self._store.async_remove()


def _content(state: VehicleState, fetches: FetchStates) -> object:
    """Return what is stored, without what changes with each fetch."""
    return (
        state.status,
        state.maintenance,
        state.telemetry,
        state.commands,
        state.charge_limit,
        [endpoint for endpoint, one in fetches.items() if one.failing_since],
    )


def _stored(
    state: VehicleState, scopes: Collection[Scope], fetches: FetchStates
) -> StoredState:
    return StoredState(
        scopes=tuple(sorted(scopes)),
        status=JSONText(state.status.raw),
        maintenance=JSONText(state.maintenance.raw),
        telemetry=JSONText(state.telemetry.raw),
        commands=state.commands,
        charge_limit=state.charge_limit,
        stopped_at=state.stopped_at,
        used_at=state.used_at,
        zone_event=state.zone_event,
        fetches=dict(fetches),
    )
