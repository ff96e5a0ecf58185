"""Actions of remotes: their JSON, and which the platform would refuse."""

from collections.abc import Callable
from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.energy import (
    ChargingPowerLevel,
    ChargingType,
)
from custom_components.stellantis_connect.api.models.position import Position
from custom_components.stellantis_connect.api.models.program import (
    Day,
    Program,
    Recurrence,
)
from custom_components.stellantis_connect.api.models.remote_actions import (
    AirConditioning,
    ChargingPreference,
    ChargingPrograms,
    DelayedCharging,
    Door,
    Horn,
    ImmediateCharging,
    Lights,
    Navigation,
    RemoteAction,
    WakeUp,
)
from custom_components.stellantis_connect.api.models.remotes import RemoteType
from custom_components.stellantis_connect.api.models.scope import Scope
from tests.specification import check_remote

PARIS = Position(longitude=2.35, latitude=48.85)
RENNES = Position(longitude=-1.68, latitude=48.11, altitude=30)
MORNING = Program(
    slot=1,
    enabled=True,
    start=timedelta(hours=7, minutes=30),
    days=frozenset({Day.TUESDAY, Day.MONDAY}),
)
ONCE = Program(
    slot=4, enabled=False, recurrence=Recurrence.NONE, start=timedelta(hours=18)
)
NIGHT = Program(start=timedelta(hours=22), end=timedelta(hours=30, minutes=15))


def air_conditioning(**fields: Any) -> dict[str, Any]:
    """Return the body of a preconditioning."""
    return {"preconditioning": {"airConditioning": fields}}


BODIES: list[tuple[RemoteAction, dict[str, Any]]] = [
    (Door(locked=True), {"door": {"state": "Locked"}}),
    (Door(locked=False), {"door": {"state": "Unlocked"}}),
    (Horn(), {"horn": {"state": "Activated"}}),
    (Horn(activated=False), {"horn": {"state": "Unactivated"}}),
    (Lights(), {"lights": {"on": True}}),
    (Lights(on=False), {"lights": {"on": False}}),
    (WakeUp(), {"wakeUp": {"action": "WakeUp"}}),
    (AirConditioning(immediate=True), air_conditioning(immediate=True)),
    (AirConditioning(immediate=False), air_conditioning(immediate=False)),
    (
        AirConditioning(programs=(MORNING, ONCE), deleted_slots=(2,)),
        air_conditioning(
            programs=[
                {
                    "slot": 1,
                    "actionsType": "Set",
                    "enabled": True,
                    "recurrence": "Daily",
                    "start": "PT7H30M",
                    "occurence": {"day": ["Mon", "Tue"]},
                },
                {
                    "slot": 4,
                    "actionsType": "Set",
                    "enabled": False,
                    "recurrence": "None",
                    "start": "PT18H",
                    "occurence": {"day": []},
                },
                {"slot": 2, "actionsType": "Delete", "start": "PT0S"},
            ]
        ),
    ),
    (ImmediateCharging(immediate=True), {"charging": {"immediate": True}}),
    (ImmediateCharging(immediate=False), {"charging": {"immediate": False}}),
    (
        DelayedCharging(timedelta(hours=22, minutes=5)),
        {"charging": {"schedule": {"nextDelayedTime": "PT22H5M"}}},
    ),
    (
        DelayedCharging(timedelta(minutes=1)),
        {"charging": {"schedule": {"nextDelayedTime": "PT1M"}}},
    ),
    (
        ChargingPrograms((NIGHT,)),
        {
            "charging": {
                "schedule": {
                    "programs": [
                        {
                            "enabled": True,
                            "start": "PT22H",
                            "end": "PT30H15M",
                            "occurence": {"day": []},
                        }
                    ]
                }
            }
        },
    ),
    (ChargingPrograms(()), {"charging": {"schedule": {"programs": []}}}),
    (
        ChargingPreference(ChargingType.PARTIAL),
        {"charging": {"preferences": {"type": "Partial"}}},
    ),
    (
        ChargingPreference(ChargingPowerLevel.LEVEL_3),
        {"charging": {"preferences": {"level": "Level3"}}},
    ),
    (
        Navigation((RENNES, PARIS)),
        {
            "navigation": {
                "positions": [
                    {"type": "Point", "coordinates": [-1.68, 48.11]},
                    {"type": "Point", "coordinates": [2.35, 48.85]},
                ]
            }
        },
    ),
]


@pytest.mark.parametrize(
    ("action", "body"), BODIES, ids=[type(action).__name__ for action, _ in BODIES]
)
def test_body_of_action_matches_the_specification(
    action: RemoteAction, body: dict[str, Any]
) -> None:
    """With the platform's spelling."""
    sent = json.loads(json.dumps(action.body()))
    assert sent == body
    check_remote({"label": "a label", **sent})


KINDS: list[tuple[RemoteAction, RemoteType, Scope]] = [
    (Door(locked=True), RemoteType.DOORS, Scope.DOOR),
    (Horn(), RemoteType.HORN, Scope.HORN),
    (Lights(), RemoteType.LIGHTS, Scope.LIGHTS),
    (WakeUp(), RemoteType.WAKE_UP, Scope.WAKEUP),
    (
        AirConditioning(immediate=True),
        RemoteType.THERMAL_PRECONDITIONING,
        Scope.PRECONDITIONING,
    ),
    (
        ImmediateCharging(immediate=True),
        RemoteType.ELECTRIC_BATTERY_CHARGING_REQUEST,
        Scope.CHARGING,
    ),
    (Navigation((PARIS,)), RemoteType.NAVIGATION, Scope.NAVIGATION),
]


@pytest.mark.parametrize(
    ("action", "remote_type", "scope"),
    KINDS,
    ids=[remote_type for _, remote_type, _ in KINDS],
)
def test_action_has_type_and_scope(
    action: RemoteAction, remote_type: RemoteType, scope: Scope
) -> None:
    """They are those of the specification."""
    assert (action.type, action.scope) == (remote_type, scope)


@pytest.mark.parametrize(
    "refused",
    [
        AirConditioning,
        lambda: AirConditioning(programs=(MORNING, MORNING)),
        lambda: AirConditioning(programs=(MORNING,), deleted_slots=(1,)),
        lambda: AirConditioning(deleted_slots=(5,)),
        lambda: AirConditioning(programs=(NIGHT,)),
        lambda: AirConditioning(programs=(Program(slot=1),)),
        lambda: ChargingPrograms((Program(end=timedelta(hours=6)),)),
        lambda: Navigation(()),
        lambda: Navigation((PARIS,) * 11),
        lambda: Navigation((PARIS, Position(longitude=2.35))),
    ],
)
def test_action_that_the_platform_would_refuse_raises(
    refused: Callable[[], RemoteAction],
) -> None:
    """It is not sent."""
    with pytest.raises(ValueError):
        refused()


def test_actions_with_equal_fields_are_equal() -> None:
    """Duplicates can be recognized."""
    assert Door(locked=True) == Door(locked=True)
    assert Door(locked=True) != Door(locked=False)
    assert len({Navigation((PARIS,)), Navigation((PARIS,)), WakeUp()}) == 2
