"""The actions that send commands."""

from typing import Any

import pytest
import voluptuous as vol

from custom_components.stellantis_connect.api.models.scope import Scope
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .harness import BATTERY, PETROL, PLUG_IN, Harness

EIFFEL = {"latitude": 48.8584, "longitude": 2.2945}
ARC = {"latitude": 48.8738, "longitude": 2.295}


@pytest.fixture(autouse=True)
def _places(hass: HomeAssistant) -> None:
    """Add entities with and without coordinates."""
    hass.states.async_set("zone.work", "0", {**ARC, "radius": 100})
    hass.states.async_set("person.anna", "not_home", {**EIFFEL})
    hass.states.async_set("device_tracker.phone", "work", {})
    hass.states.async_set("sensor.spot", "48.8738,2.295")
    hass.states.async_set("sensor.follows", "person.anna")
    hass.states.async_set("light.lamp", "on")


class TestSendToNavigation:
    """The action send_to_navigation."""

    @pytest.mark.parametrize(
        ("destination", "points"),
        [
            ({"location": {**EIFFEL, "radius": 50}}, [[2.2945, 48.8584]]),
            ({"entity_id": "zone.work"}, [[2.295, 48.8738]]),
            ({"entity_id": "person.anna"}, [[2.2945, 48.8584]]),
            ({"entity_id": "device_tracker.phone"}, [[2.295, 48.8738]]),
            ({"entity_id": "sensor.spot"}, [[2.295, 48.8738]]),
            ({"entity_id": "sensor.follows"}, [[2.2945, 48.8584]]),
            (
                {"location": EIFFEL, "waypoints": ["zone.work", EIFFEL]},
                [[2.295, 48.8738], [2.2945, 48.8584], [2.2945, 48.8584]],
            ),
            (
                {"location": EIFFEL, "waypoints": [ARC] * 9},
                [[2.295, 48.8738]] * 9 + [[2.2945, 48.8584]],
            ),
        ],
        ids=[
            "coordinates",
            "zone",
            "person",
            "tracker in a zone",
            "sensor",
            "entity that names another",
            "waypoints",
            "ten points",
        ],
    )
    async def test_destination_is_sent_last(
        self,
        harness: Harness,
        destination: dict[str, Any],
        points: list[list[float]],
    ) -> None:
        """The car gets the points in order, with the longitude first."""
        response = await harness.act("send_to_navigation", **destination)
        assert response == {"outcome": "success"}
        assert (await harness.truth())["destinations"] == points
        assert await harness.sent() == [
            {
                "navigation": {
                    "positions": [
                        {"type": "Point", "coordinates": point} for point in points
                    ]
                }
            }
        ]

    async def test_invalid_data_is_refused_by_field(self, harness: Harness) -> None:
        """The error names the field, and nothing is sent."""
        with pytest.raises(vol.Invalid, match="latitude"):
            await harness.act(
                "send_to_navigation", location={"latitude": 91, "longitude": 0}
            )
        neither_or_both: list[dict[str, Any]] = [
            {},
            {"location": EIFFEL, "entity_id": "zone.work"},
        ]
        for data in neither_or_both:
            with pytest.raises(ServiceValidationError) as error:
                await harness.act("send_to_navigation", **data)
            placeholders = error.value.translation_placeholders
            assert placeholders and placeholders["fields"] == "location, entity_id"
        with pytest.raises(ServiceValidationError) as error:
            await harness.act(
                "send_to_navigation", location=EIFFEL, waypoints=[ARC] * 10
            )
        assert error.value.translation_placeholders == {
            "car": BATTERY,
            "command": "Send to navigation",
            "field": "waypoints",
            "maximum": "9",
        }
        nowhere: list[tuple[dict[str, Any], str]] = [
            ({"entity_id": "light.lamp"}, "entity_id"),
            ({"entity_id": "person.nobody"}, "entity_id"),
            ({"location": EIFFEL, "waypoints": ["light.lamp"]}, "waypoints"),
        ]
        for data, field in nowhere:
            with pytest.raises(ServiceValidationError) as error:
                await harness.act("send_to_navigation", **data)
            assert error.value.translation_placeholders
            assert error.value.translation_placeholders["field"] == field
        assert await harness.sent() == []


class TestSetChargingSchedule:
    """The action set_charging_schedule."""

    async def test_start_is_sent_as_delayed_time(self, harness: Harness) -> None:
        """The car starts to charge at that time of day."""
        await harness.act("set_charging_schedule", start="01:15")
        assert (await harness.truth())["next_delayed_time"] == "PT1H15M"
        assert harness.state("charging_next_delayed_time").state == "01:15:00"

    async def test_programs_replace_those_of_the_car(self, harness: Harness) -> None:
        """All programs are sent."""
        await harness.act(
            "set_charging_schedule",
            programs=[
                {"start": "22:30", "end": "06:00", "days": ["monday"]},
                {"start": "13:00", "enabled": False},
            ],
        )
        assert (await harness.truth())["charging_programs"] == ["PT22H30M", "PT13H"]
        [body] = await harness.sent()
        assert body["charging"]["schedule"]["programs"][0] == {
            "enabled": True,
            "start": "PT22H30M",
            "end": "PT6H",
            "occurence": {"day": ["Mon"]},
        }

    async def test_invalid_data_is_refused_by_field(self, harness: Harness) -> None:
        """Too many programs, both fields at once, or neither."""
        with pytest.raises(ServiceValidationError) as error:
            await harness.act(
                "set_charging_schedule", programs=[{"start": "01:00"}] * 5
            )
        assert error.value.translation_placeholders == {
            "car": BATTERY,
            "command": "Set charging schedule",
            "field": "programs",
            "maximum": "4",
        }
        both_or_neither: list[dict[str, Any]] = [{}, {"start": "01:00", "programs": []}]
        for data in both_or_neither:
            with pytest.raises(ServiceValidationError) as error:
                await harness.act("set_charging_schedule", **data)
            placeholders = error.value.translation_placeholders
            assert placeholders and placeholders["fields"] == "start, programs"
        with pytest.raises(ServiceValidationError) as error:
            await harness.act(
                "set_charging_schedule", PLUG_IN, programs=[{"start": "01:00"}]
            )
        assert error.value.translation_key == "not_offered"


class TestWakeUp:
    """The action wake_up."""

    async def test_outcome_is_returned(self, harness: Harness) -> None:
        """The command has succeeded."""
        assert await harness.act("wake_up", PETROL) == {"outcome": "success"}

    async def test_pending_command_is_returned_in_time(self, harness: Harness) -> None:
        """A car in deep sleep does not respond within 90 s."""
        await harness.change(sleep="deep")
        begun = harness.hass.loop.time()
        assert await harness.act("wake_up") == {"outcome": "pending"}
        assert harness.hass.loop.time() - begun <= 90


async def test_command_without_permission_is_refused(harness: Harness) -> None:
    """Nothing is sent."""
    account = harness.entry.runtime_data.account
    account.scopes -= {Scope.NAVIGATION}
    with pytest.raises(ServiceValidationError) as error:
        await harness.act("send_to_navigation", BATTERY, location=EIFFEL)
    assert error.value.translation_key == "not_offered"
