"""Remotes: bodies, progress, and effects."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from simulator import Simulator

from .client import Client, Response

CALLBACK = {
    "label": "tests",
    "type": ["Remote"],
    "callback": {
        "webhook": {"name": "tests", "target": "https://nowhere.invalid/hook"}
    },
}
FAILURE_CAUSES = [
    "GeneralError",
    "VehicleError",
    "WrongCommand",
    "VehicleConnectionTimeout",
    "MissingRights",
    "NotPossibleDueToVehicleBatteryLevel",
    "NotPossibleDueToVehiclePrivacyLevel",
    "TooManyWakeUpsOverMonth",
    "TooManyRequestInShortTime",
    "SameActionInProgress",
    "NotPossibleDueToVehicleStolenState",
    "VehicleInUse",
    "TooManyRequestSent",
    "DoorsOpen",
    "VehicleErrorOrCidInside",
    "CidInside",
    "ExternalChargingSystemError",
    "VehicleChargingSystemError",
    "VehicleIsNotLocked",
    "CanceledByDriver",
]
HORN = {"horn": {"state": "Activated"}}


class Garage:
    """A car with a callback for remotes."""

    def __init__(self, client: Client, car: str, callback: str) -> None:
        """Initialize the path of the remotes."""
        self.client = client
        self.car = car
        self.remotes = f"{car}/callbacks/{callback}/remotes"

    async def post(self, body: object) -> Response:
        """Send a remote."""
        return await self.client.call("POST", self.remotes, body)

    async def send(self, body: Mapping[str, object]) -> str:
        """Send a remote that is accepted; return its path."""
        response = await self.post({"label": "test", **body})
        assert response.status == 202, response.body
        return f"{self.remotes}/{response.body['remoteActionId']}"

    async def done(self, body: Mapping[str, object]) -> tuple[str, str | None]:
        """Send a remote and wait; return its status and the cause of a failure."""
        remote = await self.send(body)
        self.client.simulator.clock.advance(timedelta(minutes=3))
        shown = await self.client.get(remote)
        return shown["status"], shown.get("failureCause")

    async def truth(self, **changes: object) -> Any:
        """Change the car; return its truth."""
        return await self.client.patch(self.car, **changes)


async def garage_of(
    client: Client, motorization: str = "Electric", dialect: str = "4.17"
) -> Garage:
    """Return an awake car with a callback."""
    response = await client.call("POST", "/user/callbacks", CALLBACK)
    garage = Garage(
        client, await client.car(dialect, motorization), response.body["callbackId"]
    )
    await garage.truth(
        sleep="awake", level=50
    ) if motorization != "Thermic" else await garage.truth(sleep="awake")
    return garage


@pytest.fixture
async def garage(client: Client) -> Garage:
    """Return the awake battery car."""
    return await garage_of(client)


async def steps(garage: Garage, remote: str, *seconds: float) -> list[str]:
    """Return the statuses of a remote after so many seconds each."""
    found = []
    for pause in seconds:
        garage.client.simulator.clock.advance(timedelta(seconds=pause))
        found.append((await garage.client.get(remote))["status"])
    return found


async def test_remote_of_awake_car_succeeds_within_seconds(garage: Garage) -> None:
    """Its status shows the progress."""
    remote = await garage.send(HORN)
    shown = await garage.client.get(remote)
    assert shown["type"] == "Horn"
    assert shown["remote"] == {"label": "test", **HORN}
    assert await steps(garage, remote, 0, 1, 3) == [
        "CheckingVehicle",
        "SentToVehicle",
        "Success",
    ]
    assert (await garage.truth())["horns"] == 1


async def test_remote_of_sleeping_car_wakes_it_up(garage: Garage) -> None:
    """Waking up takes up to two minutes."""
    await garage.truth(sleep="auto")
    garage.client.simulator.clock.advance(timedelta(minutes=10))
    remote = await garage.send(HORN)
    assert await steps(garage, remote, 0, 1, 13) == [
        "Accepted",
        "WakingUpVehicle",
        "WakingUpVehicle",
    ]
    assert await steps(garage, remote, 100) == ["Success"]
    assert (await garage.truth())["sleep"] == "awake"


async def test_remote_in_deep_sleep_times_out_after_an_hour(garage: Garage) -> None:
    """The cause is VehicleConnectionTimeout."""
    await garage.truth(sleep="deep")
    remote = await garage.send({"wakeUp": {"action": "WakeUp"}})
    assert await steps(garage, remote, 1800) == ["WakingUpVehicle"]
    garage.client.simulator.clock.advance(timedelta(minutes=31))
    await garage.client.renew()
    shown = await garage.client.get(remote)
    assert (shown["status"], shown["failureCause"]) == (
        "Failed",
        "VehicleConnectionTimeout",
    )


async def test_navigation_of_sleeping_car_does_not_wake_it_up(garage: Garage) -> None:
    """The first coordinate is the longitude."""
    await garage.truth(sleep="asleep")
    points = [
        {"type": "Point", "coordinates": [2.29, 48.86]},
        {"type": "Point", "coordinates": [2.35, 48.85]},
    ]
    remote = await garage.send({"navigation": {"positions": points}})
    assert await steps(garage, remote, 0, 1, 3) == [
        "CheckingVehicle",
        "SentToVehicle",
        "Success",
    ]
    assert (await garage.truth())["destinations"] == [[2.29, 48.86], [2.35, 48.85]]


@pytest.mark.parametrize(
    ("before", "body", "outcome", "after"),
    [
        (
            {"locked": False},
            {"door": {"state": "Locked"}},
            "Success",
            {"locked": ["Locked", "SuperLocked"]},
        ),
        ({"locked": True}, {"door": {"state": "Locked"}}, "AlreadyDone", {}),
        (
            {"locked": True},
            {"door": {"state": "Unlocked"}},
            "Success",
            {"locked": ["Unlocked"]},
        ),
        (
            {"open": ["Trunk"]},
            {"door": {"state": "Locked"}},
            "DoorsOpen",
            {"open": ["Trunk"]},
        ),
        ({"trip": "start"}, {"door": {"state": "Unlocked"}}, "VehicleInUse", {}),
        ({"trip": "start"}, HORN, "VehicleInUse", {"horns": 0}),
        ({}, {"horn": {"state": "Unactivated"}}, "AlreadyDone", {"horns": 0}),
        ({}, {"lights": {"on": True}}, "Success", {"lights": False}),
        ({}, {"lights": {"on": False}}, "AlreadyDone", {}),
        ({"trip": "start"}, {"lights": {"on": True}}, "VehicleInUse", {}),
        ({}, {"wakeUp": {"action": "WakeUp"}}, "Success", {}),
        (
            {},
            {"preconditioning": {"airConditioning": {"immediate": True}}},
            "Success",
            {"preconditioning": "Enabled"},
        ),
        (
            {"preconditioning": True},
            {"preconditioning": {"airConditioning": {"immediate": True}}},
            "AlreadyDone",
            {"preconditioning": "Enabled"},
        ),
        (
            {"preconditioning": True},
            {"preconditioning": {"airConditioning": {"immediate": False}}},
            "Success",
            {"preconditioning": "Disabled"},
        ),
        (
            {},
            {"preconditioning": {"airConditioning": {"immediate": False}}},
            "AlreadyDone",
            {},
        ),
        (
            {"level": 15},
            {"preconditioning": {"airConditioning": {"immediate": True}}},
            "NotPossibleDueToVehicleBatteryLevel",
            {},
        ),
        (
            {"trip": "start"},
            {"preconditioning": {"airConditioning": {"immediate": True}}},
            "VehicleInUse",
            {},
        ),
        (
            {"charging": True},
            {"charging": {"immediate": False}},
            "Success",
            {"charging": "Stopped"},
        ),
        (
            {"charging": True},
            {"charging": {"immediate": True}},
            "AlreadyDone",
            {"charging": "InProgress"},
        ),
        (
            {},
            {"charging": {"immediate": True}},
            "ExternalChargingSystemError",
            {"charging": "Disconnected"},
        ),
        ({}, {"charging": {"immediate": False}}, "AlreadyDone", {}),
        (
            {},
            {"charging": {"schedule": {"nextDelayedTime": "PT5H30M"}}},
            "Success",
            {"next_delayed_time": "PT5H30M"},
        ),
        (
            {},
            {"charging": {"nextDelayedTime": "2026-03-18T05:30:00+01:00"}},
            "Success",
            {"next_delayed_time": "PT5H30M"},
        ),
        (
            {},
            {"charging": {"schedule": {"nextDelayedTime": "PT22H30M"}}},
            "AlreadyDone",
            {},
        ),
        (
            {},
            {
                "charging": {
                    "schedule": {
                        "programs": [
                            {
                                "start": "PT1H",
                                "end": "PT5H",
                                "enabled": True,
                                "occurence": {"day": ["Mon"]},
                            }
                        ]
                    }
                }
            },
            "Success",
            {"charging_programs": ["PT1H"]},
        ),
        (
            {},
            {"charging": {"schedule": {"programs": [{"start": "PT1H"}] * 5}}},
            "WrongCommand",
            {},
        ),
        (
            {},
            {"charging": {"preferences": {"type": "Partial"}}},
            "Success",
            {"charge_type": "Partial"},
        ),
        ({}, {"charging": {"preferences": {"type": "Full"}}}, "AlreadyDone", {}),
        (
            {"charging": True},
            {"charging": {"preferences": {"level": "Level1"}}},
            "Success",
            {"power_level": "Level1", "charging": "InProgress"},
        ),
        (
            {"privacy": "Full"},
            HORN,
            "NotPossibleDueToVehiclePrivacyLevel",
            {"horns": 0},
        ),
    ],
)
async def test_remote_changes_the_car_or_returns_a_cause(
    garage: Garage,
    before: dict[str, object],
    body: Mapping[str, object],
    outcome: str,
    after: dict[str, object],
) -> None:
    """A remote without an effect is AlreadyDone."""
    await garage.truth(**before)
    status, cause = await garage.done(body)
    assert (cause or status) == outcome
    assert (status == "Failed") is (outcome not in ("Success", "AlreadyDone"))
    assert after.items() <= (await garage.truth()).items()


async def test_status_after_a_remote_has_its_effect(garage: Garage) -> None:
    """The car sends its state."""
    await garage.done({"charging": {"preferences": {"type": "Partial"}}})
    await garage.done({"door": {"state": "Unlocked"}})
    status = await garage.client.get(f"{garage.car}/status")
    assert status["doorsState"]["lockedStates"] == ["Unlocked"]
    assert (
        status["energies"][1]["extension"]["electric"]["charging"]["type"] == "Partial"
    )


async def test_charging_program_starts_and_stops_the_charge(garage: Garage) -> None:
    """The end may be after midnight."""
    program = {
        "start": "PT23H",
        "end": "PT1H",
        "enabled": True,
        "occurence": {"day": ["Wed"]},
    }
    clock = garage.client.simulator.clock
    await garage.truth(trip="home")
    clock.advance(timedelta(hours=9, minutes=30))
    await garage.client.renew()
    await garage.done({"charging": {"schedule": {"programs": [program]}}})
    seen = [(await garage.truth(plugged=False, level=20))["charging"]]
    seen.append((await garage.truth(plugged=True))["charging"])
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        seen.append((await garage.truth())["charging"])
    assert seen == ["Disconnected", "Stopped", "InProgress", "InProgress", "Stopped"]
    two_hours = 2 * 7.4 / 51 * 100
    assert (await garage.truth())["level"] == pytest.approx(20 + two_hours, abs=0.1)
    await garage.client.renew()
    status = await garage.client.get(f"{garage.car}/status")
    charging = status["energies"][1]["extension"]["electric"]["charging"]
    assert charging["schedule"] == {"programs": [program]}


async def test_lights_after_half_a_minute_are_off(garage: Garage) -> None:
    """The status shows them on before."""
    remote = await garage.send({"lights": {"on": True}})
    await steps(garage, remote, 6)
    status = await garage.client.get(f"{garage.car}/status")
    assert status["lightingSystem"]["turn"][0]["status"] == "On"
    await steps(garage, remote, 30)
    assert (await garage.truth())["lights"] is False


async def test_preconditioning_program_is_set_run_and_deleted(garage: Garage) -> None:
    """Other slots are unchanged."""
    program = {
        "slot": 2,
        "enabled": True,
        "recurrence": "Daily",
        "start": "PT18H30M",
        "occurence": {"day": ["Wed"]},
        "actionsType": "Set",
    }
    before = (await garage.truth())["programs"]
    body = {
        "preconditioning": {
            "airConditioning": {"immediate": False, "programs": [program]}
        }
    }
    assert await garage.done(body) == ("Success", None)
    assert await garage.done(body) == ("AlreadyDone", None)
    programs = (await garage.truth(trip="home"))["programs"]
    assert programs[1] == {
        "slot": 2,
        "enabled": True,
        "start": "PT18H30M",
        "days": ["Wed"],
        "recurrence": "Daily",
    }
    assert [programs[0], *programs[2:]] == [before[0], *before[2:]]
    async with garage.client.session.post(
        "/_sim/clock", json={"to": "2026-03-18T17:35:00Z"}
    ):
        assert (await garage.truth())["preconditioning"] == "Enabled"
    await garage.client.renew()
    status = await garage.client.get(f"{garage.car}/status")
    assert status["preconditioning"]["airConditioning"]["startingCause"] == "Scheduled"
    delete = {"slot": 2, "actionsType": "Delete"}
    assert (
        await garage.done(
            {"preconditioning": {"airConditioning": {"programs": [delete]}}}
        )
    )[0] == "Success"
    assert (await garage.truth())["programs"][1]["enabled"] is False


@pytest.mark.parametrize("recurrence", ["None", "Daily"])
async def test_program_without_recurrence_runs_once(
    garage: Garage, recurrence: str
) -> None:
    """A daily one stays enabled."""
    program = {
        "slot": 3,
        "enabled": True,
        "recurrence": recurrence,
        "start": "PT14H",
        "occurence": {"day": ["Wed"]},
    }
    await garage.done({"preconditioning": {"airConditioning": {"programs": [program]}}})
    async with garage.client.session.post(
        "/_sim/clock", json={"to": "2026-03-18T13:30:00Z"}
    ):
        programs = (await garage.truth())["programs"]
    assert programs[2]["enabled"] is (recurrence == "Daily")


@pytest.mark.parametrize(
    ("dialect", "motorization", "body"),
    [
        (
            "4.17",
            "Thermic",
            {"preconditioning": {"airConditioning": {"immediate": True}}},
        ),
        ("4.17", "Thermic", {"charging": {"immediate": True}}),
        ("4.17", "Hybrid", {"charging": {"immediate": False}}),
        ("4.17", "Hybrid", {"charging": {"preferences": {"type": "Full"}}}),
        (
            "4.17",
            "Hybrid",
            {"navigation": {"positions": [{"type": "Point", "coordinates": [1, 2]}]}},
        ),
        ("2022", "Electric", {"door": {"state": "Locked"}}),
    ],
)
async def test_unsupported_remote_fails(
    client: Client, dialect: str, motorization: str, body: Mapping[str, object]
) -> None:
    """The cause is WrongCommand."""
    garage = await garage_of(client, motorization, dialect)
    assert await garage.done(body) == ("Failed", "WrongCommand")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**HORN, "lights": {"on": True}},
        {"ejectorSeat": {"state": "Activated"}},
        {"horn": {"state": "Loud"}},
        {"door": {"state": "SuperLocked"}},
        {"lights": {"on": "yes"}},
        {"wakeUp": {"action": "Sleep"}},
        {"preconditioning": {}},
        {"preconditioning": {"airConditioning": {}}},
        {"preconditioning": {"airConditioning": {"programs": []}}},
        {
            "preconditioning": {
                "airConditioning": {"programs": [{"slot": 5, "actionsType": "Delete"}]}
            }
        },
        {
            "preconditioning": {
                "airConditioning": {
                    "programs": [{"slot": 1, "actionsType": "Delete"}] * 2
                }
            }
        },
        {"preconditioning": {"airConditioning": {"programs": [{"slot": 1}]}}},
        {
            "preconditioning": {
                "airConditioning": {
                    "programs": [{"slot": 1, "enabled": True, "start": "7:30"}]
                }
            }
        },
        {"charging": {}},
        {"charging": {"immediate": True, "preferences": {"type": "Full"}}},
        {"charging": {"preferences": {"level": "Level6"}}},
        {"charging": {"schedule": {"nextDelayedTime": "at night"}}},
        {"charging": {"schedule": {"programs": [{"end": "PT1H"}]}}},
        {"navigation": {"positions": []}},
        {"navigation": {"positions": [{"type": "Point", "coordinates": [1, 2]}] * 11}},
        {"navigation": {"positions": [{"coordinates": [1, 2]}]}},
    ],
)
async def test_invalid_remote_is_refused(
    garage: Garage, body: Mapping[str, object]
) -> None:
    """It is not sent to the car."""
    response = await garage.post(body)
    assert (response.status, response.body["code"]) == (400, 40000)
    assert (await garage.client.get(garage.remotes))["total"] == 0


@pytest.mark.parametrize("cause", FAILURE_CAUSES)
async def test_remote_fails_fault_has_the_requested_cause(
    garage: Garage, cause: str
) -> None:
    """The car keeps its state."""
    await garage.client.fault(kind="remote_fails", message=cause, key="horn")
    assert await garage.done(HORN) == ("Failed", cause)
    assert (await garage.truth())["horns"] == 0
    assert await garage.done(HORN) == ("Success", None)


async def test_remote_hangs_fault_times_out_after_an_hour(garage: Garage) -> None:
    """The status stays SentToVehicle until then."""
    await garage.client.fault(kind="remote_hangs")
    remote = await garage.send(HORN)
    assert await steps(garage, remote, 3000) == ["SentToVehicle"]
    garage.client.simulator.clock.advance(timedelta(minutes=15))
    await garage.client.renew()
    assert (await garage.client.get(remote))[
        "failureCause"
    ] == "VehicleConnectionTimeout"


async def test_remote_during_another_fails(garage: Garage) -> None:
    """The first one succeeds."""
    first = await garage.send(HORN)
    assert [
        await _cause(garage, await garage.send(body))
        for body in (HORN, {"lights": {"on": True}})
    ] == [
        "SameActionInProgress",
        "TooManyRequestInShortTime",
    ]
    assert await steps(garage, first, 10) == ["Success"]
    assert (await garage.truth())["horns"] == 1


async def _cause(garage: Garage, remote: str) -> str | None:
    garage.client.simulator.clock.advance(timedelta(seconds=1))
    cause: str | None = (await garage.client.get(remote)).get("failureCause")
    return cause


async def test_wake_up_over_monthly_limit_fails(garage: Garage) -> None:
    """The next month it succeeds."""
    garage.client.simulator.backend.application.wake_ups_per_month = 1
    wake_up = {"wakeUp": {"action": "WakeUp"}}
    await garage.truth(sleep="asleep")
    assert await garage.done(wake_up) == ("Success", None)
    remote = await garage.send(wake_up)
    assert await steps(garage, remote, 1, 1) == ["TooManyWakeUpsOverMonth", "Failed"]
    assert (await garage.client.get(remote))[
        "failureCause"
    ] == "TooManyWakeUpsOverMonth"
    garage.client.simulator.clock.advance(timedelta(days=14))
    await garage.client.renew()
    assert await garage.done(wake_up) == ("Success", None)


async def test_remote_with_low_auxiliary_battery_fails(garage: Garage) -> None:
    """The sleeping car is not woken up."""
    await garage.truth(sleep="asleep", auxiliary=30)
    remote = await garage.send(HORN)
    assert await steps(garage, remote, 1, 1) == ["VehicleBatteryChargeTooLow", "Failed"]


async def test_remotes_of_a_car_are_listed_with_their_status(garage: Garage) -> None:
    """An unknown one is not found."""
    await garage.done(HORN)
    await garage.done({"lights": {"on": False}})
    page = await garage.client.get(garage.remotes)
    assert [one["status"] for one in page["_embedded"]["remoteActions"]] == [
        "Success",
        "AlreadyDone",
    ]
    assert (await garage.client.call("GET", f"{garage.remotes}/0")).status == 404
    async with garage.client.session.get("/_sim/remotes") as response:
        shown = (await response.json())["remotes"]
    assert [one["type"] for one in shown] == ["Horn", "Lights"]
    assert [step["status"] for step in shown[0]["progress"]][-1] == "Success"


async def test_remote_without_its_scope_is_forbidden(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Another one with its scope is accepted."""
    limited = await garage_of(await Client.signed_in(simulator, session))
    limited.client = await Client.signed_in(
        simulator, session, scopes=["remote:lights:write"]
    )
    assert (await limited.post(HORN)).status == 403
    assert (await limited.post({"lights": {"on": True}})).status == 202


async def test_remote_of_callback_without_remotes_is_refused(client: Client) -> None:
    """An unknown callback is not found."""
    response = await client.call(
        "POST", "/user/callbacks", {**CALLBACK, "type": ["Monitor"]}
    )
    garage = Garage(client, await client.car(), response.body["callbackId"])
    assert (await garage.post(HORN)).status == 400
    unknown = Garage(client, garage.car, "0000")
    assert (await unknown.post(HORN)).status == 404
