"""Messages from a simulated car to its entities."""

from ..harness import BATTERY, PETROL
from .conftest import PushHarness


async def test_setup_external_url_creates_monitors(push_harness: PushHarness) -> None:
    """One callback, and the monitors of each car."""
    [callback] = push_harness.callbacks()
    assert callback.label == f"stellantis_connect.{push_harness.entry.entry_id}"
    assert callback.status == "Running"
    assert {*push_harness.monitors(BATTERY)} == {
        "parked",
        "trip",
        "safety",
        "entered",
        "left",
    }
    assert {*push_harness.monitors(PETROL)} == {*push_harness.monitors(BATTERY)}


async def test_message_door_opened_shows_without_poll(
    push_harness: PushHarness,
) -> None:
    """A door that is opened shows before any poll."""
    key = "opening_driver"
    assert push_harness.state(key).state == "off"
    push_harness.simulator.backend.log.clear()
    await push_harness.happen(open=["Driver"])
    assert push_harness.state(key).state == "on"
    assert not [
        one
        for one in push_harness.simulator.backend.log
        if one.path.endswith("/status")
    ]
