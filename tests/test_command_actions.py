"""Actions that have a car do what takes more than an entity."""

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
    """Let things be somewhere."""
    hass.states.async_set("zone.work", "0", {**ARC, "radius": 100})
    hass.states.async_set("person.anna", "not_home", {**EIFFEL})
    hass.states.async_set("device_tracker.phone", "work", {})
    hass.states.async_set("sensor.spot", "48.8738,2.295")
    hass.states.async_set("sensor.follows", "person.anna")
    hass.states.async_set("light.lamp", "on")


class TestSendToNavigation:
    """Destinations."""

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
                {"location": EIFFEL, "way_points": ["zone.work", EIFFEL]},
                [[2.295, 48.8738], [2.2945, 48.8584], [2.2945, 48.8584]],
            ),
            (
                {"location": EIFFEL, "way_points": [ARC] * 9},
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
            "way points",
            "ten points",
        ],
    )
    async def test_arrive(
        self,
        harness: Harness,
        destination: dict[str, Any],
        points: list[list[float]],
    ) -> None:
        """The car gets the points in their order, the longitude first, and the destination last."""
        answer = await harness.act("send_to_navigation", **destination)
        assert answer == {"outcome": "success"}
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

    async def test_mistakes_are_named(self, harness: Harness) -> None:
        """A mistake is told with the field in which it is, and nothing is sent."""
        with pytest.raises(vol.Invalid, match="latitude"):
            await harness.act(
                "send_to_navigation", location={"latitude": 91, "longitude": 0}
            )
        neither_or_both: list[dict[str, Any]] = [
            {},
            {"location": EIFFEL, "entity_id": "zone.work"},
        ]
        for data in neither_or_both:
            with pytest.raises(ServiceValidationError) as refusal:
                await harness.act("send_to_navigation", **data)
            assert refusal.value.translation_placeholders == {
                "fields": "location, entity_id"
            }
        with pytest.raises(ServiceValidationError) as refusal:
            await harness.act(
                "send_to_navigation", location=EIFFEL, way_points=[ARC] * 10
            )
        assert refusal.value.translation_placeholders == {
            "field": "way_points",
            "room": "9",
        }
        nowhere: list[tuple[dict[str, Any], str]] = [
            ({"entity_id": "light.lamp"}, "entity_id"),
            ({"entity_id": "person.nobody"}, "entity_id"),
            ({"location": EIFFEL, "way_points": ["light.lamp"]}, "way_points"),
        ]
        for data, field in nowhere:
            with pytest.raises(ServiceValidationError) as refusal:
                await harness.act("send_to_navigation", **data)
            assert refusal.value.translation_placeholders
            assert refusal.value.translation_placeholders["field"] == field
        assert await harness.sent() == []


class TestSetChargingSchedule:
    """When a car charges."""

    async def test_from_a_time_on(self, harness: Harness) -> None:
        """A charge can be put off to a time of the day."""
        await harness.act("set_charging_schedule", start="01:15")
        assert (await harness.truth())["next_delayed_time"] == "PT1H15M"
        assert harness.state("charging_next_delayed_time").state == "01:15:00"

    async def test_by_programs(self, harness: Harness) -> None:
        """Programs replace those that there are."""
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

    async def test_mistakes_are_named(self, harness: Harness) -> None:
        """Too many programs, both ways at once, or neither."""
        with pytest.raises(ServiceValidationError) as refusal:
            await harness.act(
                "set_charging_schedule", programs=[{"start": "01:00"}] * 5
            )
        assert refusal.value.translation_placeholders == {
            "field": "programs",
            "room": "4",
        }
        both_or_neither: list[dict[str, Any]] = [{}, {"start": "01:00", "programs": []}]
        for data in both_or_neither:
            with pytest.raises(ServiceValidationError) as refusal:
                await harness.act("set_charging_schedule", **data)
            assert refusal.value.translation_placeholders == {
                "fields": "start, programs"
            }
        with pytest.raises(ServiceValidationError) as refusal:
            await harness.act(
                "set_charging_schedule", PLUG_IN, programs=[{"start": "01:00"}]
            )
        assert refusal.value.translation_key == "not_offered"


class TestWakeUp:
    """Waking a car."""

    async def test_returns_what_came_of_it(self, harness: Harness) -> None:
        """The answer says that it is done."""
        assert await harness.act("wake_up", PETROL) == {"outcome": "success"}

    async def test_returns_while_it_is_under_way(self, harness: Harness) -> None:
        """A car that does not answer keeps nobody waiting for more than 90 s."""
        await harness.change(sleep="deep")
        begun = harness.hass.loop.time()
        assert await harness.act("wake_up") == {"outcome": "pending"}
        assert harness.hass.loop.time() - begun <= 90


async def test_take_the_right_to_it(harness: Harness) -> None:
    """A right that was withdrawn is missed before anything is sent."""
    account = harness.entry.runtime_data.account
    account.scopes -= {Scope.NAVIGATION}
    with pytest.raises(ServiceValidationError) as refusal:
        await harness.act("send_to_navigation", BATTERY, location=EIFFEL)
    assert refusal.value.translation_key == "not_offered"
