"""What the tests of commands share."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError

from ..harness import BATTERY, Harness

TRANSLATIONS: Mapping[str, Any] = json.loads(
    (
        Path(__file__).parents[2]
        / "custom_components/stellantis_connect/translations/en.json"
    ).read_text()
)
HORN = {"horn": {"state": "Activated"}}
LOCK = {"door": {"state": "Locked"}}
UNLOCK = {"door": {"state": "Unlocked"}}
PRECONDITION = {"preconditioning": {"airConditioning": {"immediate": True}}}
WAKE_UP = {"wakeUp": {"action": "WakeUp"}}


def outcome(harness: Harness, label: str = BATTERY) -> Mapping[str, Any]:
    """Return the attributes of a car's command event."""
    return harness.state("command", label).attributes


async def error_of(harness: Harness, key: str, service: str) -> str:
    """Return the translation key of the error that using an entity raises."""
    with pytest.raises(HomeAssistantError) as raised:
        await harness.use(key, service)
    assert raised.value.translation_key in TRANSLATIONS["exceptions"]
    return raised.value.translation_key or ""
