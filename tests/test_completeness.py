"""A new sensor takes six files; each part that is forgotten is named here.

The parts are the model, the description, the icon or device class, the texts, the table of data,
and the recorded value that tests show.
"""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, replace
from fnmatch import fnmatch
import json
from pathlib import Path
import re
from typing import Any

import pytest

from custom_components.stellantis_connect import binary_sensor, sensor
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.telemetry import Telemetry
from custom_components.stellantis_connect.api.models.vehicle import Motorization
from custom_components.stellantis_connect.entity import (
    CommandDescription,
    StellantisEntityDescription,
)
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from homeassistant.const import Platform

from .api.recorded import STATUSES, load, motorization

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/stellantis_connect"
MODES = ("automatic", "sport", "snow", "sequential", "semiManual")
MESSAGE = {
    "vehicle": {
        "transmission": {
            "gearbox": {"ratio": "Ratio2", "mode": dict.fromkeys(MODES, False)}
        },
        "adas": {
            "parkAssist": {"front": ["Wait"], "rear": ["Active"]},
            "accr": "Off",
            "lvv": False,
            "rvv": "Off",
            "aebs": "off",
            "afil": "Off",
            "artiv": "Selected",
            "bsm": "Active",
            "esp": True,
            "abs": False,
            "fse": False,
            "sli": 110,
            "rlka": "Authorized",
            "llka": "Authorized",
            "rgi": "Up",
        },
        "wipingBlades": {"active": True, "speed": "Low"},
    },
}


@dataclass(frozen=True, kw_only=True)
class Files:
    """What the parts of an entity beside its description are in."""

    texts: Mapping[str, Any]
    icons: Mapping[str, Any]
    documented: AbstractSet[str]
    states: tuple[VehicleState, ...]


FILES = Files(
    texts={
        path.stem: json.loads(path.read_text())["entity"]
        for path in (INTEGRATION / "translations").glob("*.json")
    },
    icons=json.loads((INTEGRATION / "icons.json").read_text())["entity"],
    documented=set(re.findall(r"`(\w+\.[\w*]+)`", (ROOT / "docs/data.md").read_text())),
    states=(
        *(
            VehicleState(status=Status.from_json(load(name), motorization(name)))
            for name in STATUSES
        ),
        VehicleState(telemetry=Telemetry.from_json(MESSAGE, Motorization.HYBRID)),
    ),
)
ENTITIES = [
    (Platform.SENSOR, description) for description in sensor.VEHICLE_DESCRIPTIONS
] + [
    (Platform.BINARY_SENSOR, description) for description in binary_sensor.DESCRIPTIONS
]
# The entities of a status or of telemetry; those of the history are tested on their own.
OF_STATUS = {
    description.key
    for descriptions in (
        sensor.STATUS_DESCRIPTIONS,
        sensor.TELEMETRY_DESCRIPTIONS,
        binary_sensor.STATUS_DESCRIPTIONS,
        binary_sensor.TELEMETRY_DESCRIPTIONS,
    )
    for description in descriptions
    if description.source.blocks_fn(VehicleState())
    and description.source.endpoint in (Endpoint.STATUS, Endpoint.TELEMETRY)
}
# No recording has them; tests/test_binary_sensor.py has.
UNRECORDED = {"belt_driver", "belt_passenger", "program_3", "program_4"}


def missing_parts(
    platform: Platform, description: StellantisEntityDescription[Any], files: Files
) -> set[str]:
    """Return the names of the parts that an entity lacks."""
    key = description.key
    missing = set()
    if not (description.device_class or key in files.icons[platform]):
        missing.add("icon or device class")
    for language, texts in files.texts.items():
        if not (description.device_class or "name" in texts[platform].get(key, {})):
            missing.add(f"text in {language}")
        states = texts[platform].get(key, {}).get("state", {})
        missing |= {
            f"state {option} in {language}"
            for option in getattr(description, "options", None) or ()
            if option not in states
        }
    if not any(fnmatch(f"{platform}.{key}", place) for place in files.documented):
        missing.add("row of docs/data.md")
    if (
        key in OF_STATUS - UNRECORDED
        and not isinstance(description, CommandDescription)
        and all(description.value_fn(state) is None for state in files.states)
    ):
        missing.add("recorded value")
    return missing


@pytest.mark.parametrize(
    ("platform", "description"), ENTITIES, ids=lambda one: getattr(one, "key", one)
)
def test_entity_has_all_parts(
    platform: Platform, description: StellantisEntityDescription[Any]
) -> None:
    """Nothing is forgotten."""
    assert missing_parts(platform, description, FILES) == set()


def without(files: Files, part: str, key: str) -> Files:
    """Return the files without a part of a sensor."""
    match part:
        case "icon or device class":
            sensors = {k: v for k, v in files.icons["sensor"].items() if k != key}
            return replace(files, icons={**files.icons, "sensor": sensors})
        case "row of docs/data.md":
            return replace(files, documented=files.documented - {f"sensor.{key}"})
        case "recorded value":
            return replace(files, states=())
    language = part.rpartition(" ")[2]
    texts = files.texts[language]
    sensors = {k: v for k, v in texts["sensor"].items() if k != key}
    return replace(files, texts={**files.texts, language: {**texts, "sensor": sensors}})


@pytest.mark.parametrize(
    "part",
    [
        "icon or device class",
        *(f"text in {language}" for language in FILES.texts),
        "row of docs/data.md",
        "recorded value",
    ],
)
def test_forgotten_part_of_a_sensor_is_named(part: str) -> None:
    """Each part is deleted in turn."""
    key = "oil_level"
    [description] = [one for _, one in ENTITIES if one.key == key]
    files = without(FILES, part, key)
    assert missing_parts(Platform.SENSOR, description, files) == {part}
