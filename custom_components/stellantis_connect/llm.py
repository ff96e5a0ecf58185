"""Tools for language models: they read how cars are, and never control them."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, override

import voluptuous as vol

from homeassistant.components.device_tracker import DOMAIN as DEVICE_TRACKER
from homeassistant.components.homeassistant import async_should_expose
from homeassistant.components.llm import LLMTools
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
)
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .availability.explanation import explain
from .commands.errors import vehicle_device
from .const import DOMAIN
from .coordinator import VehicleCoordinator
from .history.consumption import trip_consumptions
from .history.events import charge_data, trip_data
from .history.records import has_ended, start_of
from .runtime import StellantisConfigEntry
from .services.availability import CATALOG
from .zones import zone_name

ATTR_CAR = "car"
ATTR_END = "end"
ATTR_START = "start"

WEEK = timedelta(days=7)
MAX_RECORDS = 50

type Options = Mapping[str, datetime]


@dataclass(frozen=True, kw_only=True)
class ExposedVehicle:
    """A car of which an entity is exposed to the assistant.

    Attributes:
        name: the name that the owner has given the car.
        shows_position: whether the device tracker is exposed.
    """

    name: str
    coordinator: VehicleCoordinator
    shows_position: bool


@callback
def _exposed_vehicles(
    hass: HomeAssistant, assistant: str | None
) -> Iterator[ExposedVehicle]:
    """Yield the cars that the owner has exposed to an assistant."""
    if not assistant:
        return
    registry = er.async_get(hass)
    entries: list[StellantisConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    for entry in entries:
        for vehicle in entry.runtime_data.vehicles.values():
            if (device := vehicle_device(vehicle.coordinator)) is None:
                continue
            exposed = {
                entity.domain
                for entity in er.async_entries_for_device(registry, device.id)
                if async_should_expose(hass, assistant, entity.entity_id)
            }
            if exposed:
                yield ExposedVehicle(
                    name=device.name_by_user or vehicle.coordinator.name,
                    coordinator=vehicle.coordinator,
                    shows_position=DEVICE_TRACKER in exposed,
                )


class VehicleTool(Tool):
    """A tool that reads data of the exposed cars."""

    parameters = vol.Schema(
        {vol.Optional(ATTR_CAR, description="Name of one car, else all"): cv.string}
    )
    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )
    integration = DOMAIN

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> JsonObjectType:
        options = self.parameters(tool_input.tool_args)
        cars = [*_exposed_vehicles(hass, llm_context.assistant)]
        name = options.get(ATTR_CAR, "").casefold()
        named = [car for car in cars if car.name.casefold() == name]
        return {car.name: self._data(hass, car, options) for car in named or cars}

    @abstractmethod
    def _data(
        self, hass: HomeAssistant, car: ExposedVehicle, options: Options
    ) -> JsonObjectType:
        """Return the data of a car."""


class StatusTool(VehicleTool):
    """Tell where a car is and how it is."""

    name = f"{DOMAIN}__get_car_status"
    title = "Get car status"
    description = (
        "Returns where the user's cars are and how they are: battery level, range in "
        "km, plug, charging, doors, and how old this data is. It can't control a car."
    )

    @override
    def _data(
        self, hass: HomeAssistant, car: ExposedVehicle, options: Options
    ) -> JsonObjectType:
        state = car.coordinator.data
        status = state.status
        electric, fuel = state.electric, state.fuel
        end = state.charging_end
        data: JsonObjectType = {
            "activity": state.activity,
            "battery_level": electric.level,
            "electric_range": electric.autonomy,
            "fuel_level": fuel.level,
            "fuel_range": fuel.autonomy,
            "plugged_in": electric.charging.plugged,
            "charging": status.charging,
            "charging_end": end.isoformat() if end else None,
            "locked": status.doors_state.locked,
            "odometer": status.odometer.mileage,
            **_age(status.updated_at),
            **(_place(hass, car) if car.shows_position else {}),
        }
        return {key: value for key, value in data.items() if value is not None}


class HistoryTool(VehicleTool):
    """Tell the trips and the charging sessions of a range."""

    name = f"{DOMAIN}__get_car_history"
    title = "Get trips and charging sessions"
    description = (
        "Returns the trips (km, minutes) and charging sessions (%, kWh) of the user's "
        "cars that started in a range, by default the last week. The latest 50 of each."
    )
    parameters = VehicleTool.parameters.extend(
        {
            vol.Optional(ATTR_START, description="Start of the range"): cv.datetime,
            vol.Optional(ATTR_END, description="End of the range"): cv.datetime,
        }
    )

    @override
    def _data(
        self, hass: HomeAssistant, car: ExposedVehicle, options: Options
    ) -> JsonObjectType:
        now = dt_util.utcnow()
        start = dt_util.as_utc(options.get(ATTR_START, now - WEEK))
        end = dt_util.as_utc(options.get(ATTR_END, now))
        history = car.coordinator.data.history
        hidden: set[str] = set() if car.shows_position else {"position", "zone"}
        trips = (
            trip_data(trip, trip_consumptions(trip, history.capacity_of(trip)))
            for trip in (
                one.detailed()
                for one in history.trips
                if has_ended(one) and start <= start_of(one) <= end
            )
        )
        charges = (
            charge_data(charge)
            for charge in history.charges
            if has_ended(charge) and start <= start_of(charge) <= end
        )
        return {"trips": _latest(trips, hidden), "charges": _latest(charges, hidden)}


class ExplanationTool(VehicleTool):
    """Explain why data or commands are missing."""

    name = f"{DOMAIN}__explain_missing_data"
    title = "Explain missing data"
    description = (
        "Explains why data or commands of the user's cars are missing or unknown, and "
        "what the user can do."
    )

    @override
    def _data(
        self, hass: HomeAssistant, car: ExposedVehicle, options: Options
    ) -> JsonObjectType:
        return {
            key: one["explanation"]
            for key, one in explain(hass, car.coordinator, CATALOG).items()
            if not one["available"]
        }


def _age(updated_at: datetime | None) -> JsonObjectType:
    if updated_at is None:
        return {}
    age = dt_util.utcnow() - updated_at
    return {
        "updated_at": updated_at.isoformat(),
        "data_age_minutes": max(round(age / timedelta(minutes=1)), 0),
    }


@callback
def _place(hass: HomeAssistant, car: ExposedVehicle) -> JsonObjectType:
    position = car.coordinator.data.status.last_position
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None:
        return {}
    return {
        "zone": zone_name(hass, position),
        "latitude": latitude,
        "longitude": longitude,
    }


def _latest(
    records: Iterable[Mapping[str, object]], hidden: set[str]
) -> list[JsonValueType]:
    """Return the last records without hidden fields."""
    shown = [
        {key: value for key, value in record.items() if key not in hidden}
        for record in records
    ]
    return cast(list[JsonValueType], shown[-MAX_RECORDS:])


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools if a car is exposed to the assistant."""
    if api_id != LLM_API_ASSIST:
        return None
    if not any(_exposed_vehicles(hass, llm_context.assistant)):
        return None
    return LLMTools(tools=[StatusTool(), HistoryTool(), ExplanationTool()])
