"""A dashboard of all cars, created from the entities that exist."""

from dataclasses import dataclass
from typing import Any

from .configuration import DOMAIN
from .home_assistant import Home

PATH = "garage"

GLANCE = (
    "battery_level",
    "fuel_level",
    "total_range",
    "electric_range",
    "fuel_range",
    "charging_status",
    "charging_end",
    "plugged",
    "locked",
    "any_opening",
    "outside_temperature",
    "odometer",
)
"""The keys of what a person wants to know of a car before anything else."""
CONTROLS = ("lock", "switch", "number", "select", "time", "button")
"""The domains of what a person commands a car with."""
FEATURES = {
    "battery_level": "bar-gauge",
    "fuel_level": "bar-gauge",
    "lock": "lock-commands",
    "switch": "toggle",
    "number": "numeric-input",
    "select": "select-options",
}
"""What a tile has beside the state, by an entity's key or else its domain."""
CHAPTERS = {
    "Controls": CONTROLS,
    "Measured": ("sensor",),
    "Yes or no": ("binary_sensor",),
    "Happening": ("event", "calendar", "image"),
}
"""The parts of a car's own view, and the domains in each."""

OWN_NAME = {"type": "entity"}
"""An entity's name without that of its car, which stands above it."""

type Json = dict[str, Any]


@dataclass(frozen=True)
class Entity:
    """An enabled entity with its key."""

    entity_id: str
    key: str
    diagnostic: bool

    @property
    def domain(self) -> str:
        """Return the kind of entity."""
        return self.entity_id.partition(".")[0]


@dataclass(frozen=True)
class Car:
    """A device of the integration."""

    device_id: str
    name: str
    entities: tuple[Entity, ...]

    def everyday(self, *domains: str) -> list[Entity]:
        """Return the entities of some domains that are not for diagnosis, domain after domain."""
        return [
            entity
            for domain in domains
            for entity in self.entities
            if entity.domain == domain and not entity.diagnostic
        ]

    def glance(self) -> list[Entity]:
        """Return the entities that matter most."""
        known = {entity.key: entity for entity in self.entities}
        return [known[key] for key in GLANCE if key in known]


async def show_garage(home: Home) -> None:
    """Create the dashboard and make it the default."""
    dashboards = await home.command("lovelace/dashboards/list")
    if PATH not in {dashboard["url_path"] for dashboard in dashboards}:
        await home.command(
            "lovelace/dashboards/create",
            url_path=PATH,
            title="Garage",
            icon="mdi:garage-variant",
            allow_single_word=True,
        )
        await home.command(
            "frontend/set_system_data", key="core", value={"default_panel": PATH}
        )
    cars = await _cars(home)
    views = [_garage_view(cars), *map(_car_view, cars)]
    await home.command("lovelace/config/save", url_path=PATH, config={"views": views})


async def _cars(home: Home) -> list[Car]:
    entities = await home.command("config/entity_registry/list")
    return [
        Car(
            device["id"],
            device["name_by_user"] or device["name"],
            tuple(
                Entity(
                    entity["entity_id"],
                    entity["unique_id"].partition(f"_{car}_")[2],
                    entity["entity_category"] == "diagnostic",
                )
                for entity in entities
                if entity["device_id"] == device["id"] and not entity["disabled_by"]
            ),
        )
        for device in await home.command("config/device_registry/list")
        for domain, car in device["identifiers"]
        if domain == DOMAIN and device["entry_type"] is None
    ]


def _garage_view(cars: list[Car]) -> Json:
    trackers = [
        entity.entity_id
        for car in cars
        for entity in car.entities
        if entity.domain == "device_tracker"
    ]
    whereabouts = {
        "type": "grid",
        "column_span": 4,
        "cards": [
            {
                "type": "map",
                "entities": trackers,
                "theme_mode": "auto",
                "grid_options": {"columns": "full", "rows": 6},
            }
        ],
    }
    return {
        "title": "Garage",
        "icon": "mdi:garage-variant",
        "type": "sections",
        "max_columns": 4,
        "dense_section_placement": True,
        "sections": [whereabouts, *map(_car_section, cars)],
    }


def _car_section(car: Car) -> Json:
    return _section(
        _heading(
            car.name,
            icon="mdi:car",
            tap_action={
                "action": "navigate",
                "navigation_path": f"/{PATH}/{car.device_id}",
            },
        ),
        *(
            {"type": "picture-entity", "entity": image.entity_id, "show_state": False}
            for image in car.everyday("image")
        ),
        *map(_tile, car.glance()),
        *map(_tile, car.everyday(*CONTROLS)),
    )


def _car_view(car: Car) -> Json:
    diagnostics = [entity for entity in car.entities if entity.diagnostic]
    chapters = {title: car.everyday(*domains) for title, domains in CHAPTERS.items()}
    levels = [
        entity.entity_id for entity in car.glance() if entity.key.endswith("_level")
    ]
    return {
        "title": car.name,
        "path": car.device_id,
        "type": "sections",
        "subview": True,
        "max_columns": 4,
        "sections": [
            *(
                _section(_heading(title), _list(entities))
                for title, entities in (chapters | {"Diagnostics": diagnostics}).items()
                if entities
            ),
            _section(
                _heading("Lately"),
                {"type": "history-graph", "entities": levels, "hours_to_show": 48},
                {"type": "logbook", "target": {"device_id": car.device_id}},
            ),
        ],
    }


def _section(*cards: Json) -> Json:
    return {"type": "grid", "cards": cards}


def _heading(title: str, **options: Any) -> Json:
    return {"type": "heading", "heading": title, **options}


def _list(entities: list[Entity]) -> Json:
    rows = [{"entity": entity.entity_id, "name": OWN_NAME} for entity in entities]
    return {"type": "entities", "entities": rows}


def _tile(entity: Entity) -> Json:
    tile: Json = {
        "type": "tile",
        "entity": entity.entity_id,
        "name": {"type": "entity"},
    }
    if entity.domain == "button":
        return tile | {"hide_state": True, "tap_action": {"action": "toggle"}}
    tile["visibility"] = [
        {
            "condition": "state",
            "entity": entity.entity_id,
            "state_not": ["unavailable", "unknown"],
        }
    ]
    if feature := FEATURES.get(entity.key) or FEATURES.get(entity.domain):
        return tile | {
            "features": [{"type": feature}],
            "features_position": "inline",
            "grid_options": {"columns": "full"},
        }
    return tile
