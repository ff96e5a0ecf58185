"""The table of docs/data.md: the 139 data of the platform, and their entities."""

import fnmatch
from importlib import import_module
import json
from pathlib import Path
import re

import pytest
import yaml

from custom_components.stellantis_connect.const import PLATFORMS
from custom_components.stellantis_connect.history.statistics import STATISTICS
from homeassistant.helpers.entity import EntityDescription

from .api.recorded import FIXTURES

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/stellantis_connect"
NAMES: list[str] = json.loads((FIXTURES / "data-catalog-names.json").read_text())
ROWS = dict(
    re.findall(
        r"^\| (.+?) \| (.+) \|$", (ROOT / "docs/data.md").read_text(), re.MULTILINE
    )[1:]
)
OMITTED = "—: "
OF_THE_DEVICE = "the "


def places() -> set[str]:
    """Return all entities, statistics, and actions that can have a datum."""
    found = {f"statistic.{statistic.key}" for statistic in STATISTICS}
    actions = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
    found |= {f"action.{name}" for name in actions}
    for platform in PLATFORMS:
        module = vars(import_module(f"custom_components.stellantis_connect.{platform}"))
        for value in module.values():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, EntityDescription):
                    found.add(f"{platform}.{one.key}")
    return found


PLACES = places()


def test_table_has_the_data_of_the_catalog() -> None:
    """It has no others."""
    assert len(NAMES) == 139
    assert [*ROWS] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_place_of_a_datum_exists(name: str) -> None:
    """A datum without a place has a reason."""
    where = ROWS[name]
    named = re.findall(r"`(\w+\.[\w*]+)`", where)
    assert all(fnmatch.filter(PLACES, place) for place in named)
    assert named or where.startswith((OMITTED, OF_THE_DEVICE, "which entities"))
    assert where.removeprefix(OMITTED)
