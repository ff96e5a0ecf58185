"""A set-up account with four cars, and helpers to use it."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.runtime import VehicleData
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr
from simulator.server import Simulator

from .activity import Activity
from .common import entity_ids
from .simulator_client import control
from .specification import check_remote

BATTERY = "Compact Electric"
PLUG_IN = "Family Plug-in Hybrid"
PETROL = "City Petrol"
OLD_BATTERY = "City Electric 2021"

MOMENT = timedelta(seconds=0.5)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Harness:
    """A set-up account with its cars."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    simulator: Simulator
    entry: ConfigEntry
    activity: Activity

    def car(self, label: str = BATTERY) -> VehicleCoordinator:
        """Return what Home Assistant knows of a car."""
        [car] = [
            car
            for car in self.entry.runtime_data.account.vehicles.values()
            if car.vehicle.label == label
        ]
        found: VehicleCoordinator = car
        return found

    def vehicle(self, label: str = BATTERY) -> VehicleData:
        """Return the runtime data of a car."""
        vehicles: Mapping[str, VehicleData] = self.entry.runtime_data.vehicles
        return vehicles[self.car(label).key]

    def entity_id(self, key: str, label: str = BATTERY) -> str:
        """Return a car's entity."""
        return entity_ids(self.hass, self.entry, label)[key]

    def state(self, key: str, label: str = BATTERY) -> State:
        """Return what a car's entity shows."""
        state = self.hass.states.get(self.entity_id(key, label))
        assert state
        return state

    async def pass_time(
        self, span: timedelta = MOMENT, step: timedelta = MOMENT
    ) -> None:
        """Advance the time in steps, each after all that the step before has started."""
        await self.activity.settle()
        for _ in range(span // step):
            self.freezer.tick(step)
            async_fire_time_changed(self.hass)
            await self.activity.settle()

    async def done[T](self, action: Awaitable[T]) -> T:
        """Return the result of an awaitable, and advance the time until it is there."""
        task = asyncio.ensure_future(action)
        await self.activity.settle()
        while not task.done():
            await self.pass_time()
        return await task

    async def use(
        self, key: str, service: str, label: str = BATTERY, **data: object
    ) -> None:
        """Call a service of a car's entity, and advance the time until it returns."""
        await self.done(self.using(key, service, label, **data))

    async def using(
        self, key: str, service: str, label: str = BATTERY, **data: object
    ) -> None:
        """Call a service of a car's entity; the caller advances the time."""
        entity_id = self.entity_id(key, label)
        domain = entity_id.partition(".")[0]
        await self.hass.services.async_call(
            domain, service, {"entity_id": entity_id, **data}, blocking=True
        )

    async def act(
        self, service: str, label: str = BATTERY, **data: object
    ) -> Mapping[str, Any]:
        """Return the response of an action of the integration."""
        return await self.done(self.acting(service, label, **data))

    async def acting(
        self, service: str, label: str = BATTERY, **data: object
    ) -> Mapping[str, Any]:
        """Return the response of an action; the caller advances the time."""
        device = next(
            device
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self.hass), self.entry.entry_id
            )
            if device.name == label
        )
        response = await self.hass.services.async_call(
            DOMAIN,
            service,
            {"device_id": device.id, **data},
            blocking=True,
            return_response=True,
        )
        assert response is not None
        return response

    async def change(
        self, label: str = BATTERY, **changes: object
    ) -> Mapping[str, Any]:
        """Change a simulated car; return its truth."""
        path = f"vehicles/{self.car(label).vehicle.id}"
        car = await control(self.simulator, "PATCH", path, **changes)
        truth: Mapping[str, Any] = car["truth"]
        return truth

    async def truth(self, label: str = BATTERY) -> Mapping[str, Any]:
        """Return a simulated car's truth."""
        return await self.change(label, missing=[])

    async def refresh(self, label: str = BATTERY) -> None:
        """Fetch a car's status."""
        await self.car(label).async_refresh()

    async def fault(
        self, kind: str, car: str | None = None, endpoint: str = "", **details: object
    ) -> int:
        """Add a fault to the requests of a car or of an endpoint; return its id."""
        if car or endpoint:
            vehicle_id = self.car(car).vehicle.id if car else ""
            details["path"] = f"*{vehicle_id}*/{endpoint or '*'}"
        fault = await control(self.simulator, "POST", "faults", kind=kind, **details)
        identifier: int = fault["id"]
        return identifier

    async def delete_faults(self, identifier: int | None = None) -> None:
        """Delete one fault or all, and release the requests that they hold."""
        query = "" if identifier is None else f"?id={identifier}"
        await control(self.simulator, "DELETE", f"faults{query}")

    async def sent(self) -> list[Any]:
        """Return the bodies of all remotes, without their labels, oldest first.

        Raises:
            ValidationError: A body does not match the specification.

        """
        remotes = (await control(self.simulator, "GET", "remotes"))["remotes"]
        bodies = [check_remote(remote["body"]) for remote in remotes]
        return [
            {name: action for name, action in body.items() if name != "label"}
            for body in bodies
        ]

    async def restart(self) -> None:
        """Restart the integration."""
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done()
