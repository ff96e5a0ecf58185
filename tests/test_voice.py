"""What Assist understands of what people say of their cars, with Home Assistant's own sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import (
    async_expose_entity,
    async_should_expose,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.intent import IntentResponse, IntentResponseType
from homeassistant.setup import async_setup_component
from simulator.server import Simulator

from .activity import Activity
from .conftest import SetupIntegration
from .harness import BATTERY, PETROL, SECOND, Harness

type Body = Mapping[str, Any]

CALLED = {"en": "Car", "fr": "Voiture", "de": "Auto"}
EXPOSED = (
    "battery_level",
    "charge",
    "charging",
    "charging_status",
    "electric_range",
    "lock",
    "precondition",
)
LOCK = {"door": {"state": "Locked"}}
ON = {"preconditioning": {"airConditioning": {"immediate": True}}}
OFF = {"preconditioning": {"airConditioning": {"immediate": False}}}


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks to Assist."""

    harness: Harness
    language: str

    async def say(self, sentence: str) -> IntentResponse:
        """Return what Assist makes of a sentence, once the car has done it."""
        result = await self.harness.done(
            conversation.async_converse(
                self.harness.hass, sentence, None, Context(), self.language
            )
        )
        await self.harness.pass_time(15 * SECOND)
        return result.response

    def call(self, key: str, alias: str) -> None:
        """Give an entity one more name, as one does under Voice assistants."""
        registry = er.async_get(self.harness.hass)
        entity_id = self.harness.entity_id(key)
        entity = registry.async_get(entity_id)
        assert entity
        registry.async_update_entity(entity_id, aliases=[*entity.aliases, alias])


@pytest.fixture
async def speaker(
    language: str,
    _morning: None,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    activity: Activity,
) -> Speaker:
    """Return somebody whose Home Assistant and car bear names of a language."""
    hass.config.language = language
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    entry = await setup_integration()
    harness = Harness(hass, freezer, connected_simulator, entry, activity)
    registry = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(registry, harness.entry.entry_id):
        if device.name == BATTERY:
            registry.async_update_device(device.id, name_by_user=CALLED[language])
    await hass.async_block_till_done()
    await harness.change(sleep="awake", charging=True, level=60, locked=False)
    await harness.refresh()
    for key in EXPOSED:
        async_expose_entity(hass, conversation.DOMAIN, harness.entity_id(key), True)
    return Speaker(harness, language)


# What is said, and what the car gets: by the names that entities have of themselves.
COMMANDS: Mapping[str, list[tuple[str, Body]]] = {
    "en": [
        ("lock the car doors", LOCK),
        ("turn on the preconditioning of the car", ON),
        ("turn off the preconditioning of the car", OFF),
        ("turn on the car preconditioning", ON),
    ],
    "fr": [
        ("verrouille voiture portes", LOCK),
        ("allume la voiture préconditionnement", ON),
        ("éteins la voiture préconditionnement", OFF),
    ],
    "de": [
        ("verriegle die Auto Türen", LOCK),
        ("schalte die Auto Vorklimatisierung ein", ON),
        ("schalte die Auto Vorklimatisierung aus", OFF),
    ],
}
# What is asked, and what is in the answer.
QUESTIONS = {
    "en": [
        ("is the car charging?", "on"),
        ("what is the electric range of the car?", "km"),
        ("what is the car range?", "km"),
        ("are the car doors locked?", "No"),
    ],
    "fr": [
        ("quel est l'état de voiture charge ?", "on"),
        ("quelle est la voiture autonomie électrique ?", "km"),
        ("voiture portes est verrouillée ?", "Non"),
    ],
    "de": [
        ("ist Auto Laden an?", "Ja"),
        ("was ist die Auto Elektrische Reichweite?", "km"),
        ("ist Auto Türen verriegelt?", "Nein"),
    ],
}
# Names that make natural what cannot be said with the entities' own.
ALIASES = {
    "fr": {
        "lock": "voiture",
        "precondition": "préconditionnement de la voiture",
        "electric_range": "autonomie de la voiture",
        "charging_status": "charge de la voiture",
    },
    "de": {
        "lock": "Auto",
        "precondition": "Vorklimatisierung vom Auto",
        "electric_range": "Reichweite vom Auto",
        "charging_status": "Ladestatus vom Auto",
    },
}
NATURAL_COMMANDS: Mapping[str, list[tuple[str, Body]]] = {
    "fr": [
        ("verrouille la voiture", LOCK),
        ("allume le préconditionnement de la voiture", ON),
    ],
    "de": [
        ("schließe das Auto ab", LOCK),
        ("schalte die Vorklimatisierung vom Auto ein", ON),
    ],
}
NATURAL_QUESTIONS = {
    "fr": [
        ("quelle est l'autonomie de la voiture ?", "km"),
        ("quel est l'état de charge de la voiture ?", "in_progress"),
    ],
    "de": [
        ("wie ist die Reichweite vom Auto?", "km"),
        ("wie ist der Ladestatus vom Auto?", "in_progress"),
    ],
}
# What must never be taken for unlocking the car.
MISTAKABLE = {
    "en": ["turn off the car", "turn off the heating of the car"],
    "fr": ["éteins la voiture", "éteins le chauffage de la voiture"],
    "de": ["schalte das Auto aus", "schalte die Heizung vom Auto aus"],
}


@pytest.mark.parametrize("language", CALLED)
async def test_own_names(speaker: Speaker) -> None:
    """Assist understands the names that entities have of themselves."""
    await answered(speaker, QUESTIONS[speaker.language])
    await obeyed(speaker, COMMANDS[speaker.language])
    await refused(speaker, MISTAKABLE[speaker.language])


@pytest.mark.parametrize("language", ["en"])
async def test_name_of_the_model(speaker: Speaker) -> None:
    """A car that nobody has given a name is called as the platform calls it."""
    registry = dr.async_get(speaker.harness.hass)
    for device in dr.async_entries_for_config_entry(
        registry, speaker.harness.entry.entry_id
    ):
        registry.async_update_device(device.id, name_by_user=None)
    await speaker.harness.hass.async_block_till_done()
    await answered(speaker, [("is the compact electric charging?", "on")])
    await obeyed(
        speaker,
        [
            ("lock the compact electric doors", LOCK),
            ("turn on the compact electric preconditioning", ON),
        ],
    )


@pytest.mark.parametrize("language", ALIASES)
async def test_other_names(speaker: Speaker) -> None:
    """With other names, as people put them, they can say what comes naturally."""
    for key, alias in ALIASES[speaker.language].items():
        speaker.call(key, alias)
    await obeyed(speaker, NATURAL_COMMANDS[speaker.language])
    await answered(speaker, NATURAL_QUESTIONS[speaker.language])
    await refused(speaker, MISTAKABLE[speaker.language])


@pytest.mark.parametrize("language", ["en"])
async def test_sentence_of_ones_own(speaker: Speaker) -> None:
    """In English the lock must not bear the name of the car alone: an automation listens instead."""
    harness = speaker.harness
    automation = {
        "triggers": {"trigger": "conversation", "command": "lock [the] car"},
        "actions": {
            "action": "lock.lock",
            "target": {"entity_id": harness.entity_id("lock")},
        },
    }
    assert await async_setup_component(
        harness.hass, "automation", {"automation": automation}
    )
    await obeyed(
        speaker,
        [("lock the car", LOCK), ("turn off the preconditioning of the car", OFF)],
    )
    await refused(speaker, MISTAKABLE["en"])


async def obeyed(speaker: Speaker, commands: Iterable[tuple[str, Body]]) -> None:
    """Say what the car is to do, and see what it gets."""
    for sentence, body in commands:
        response = await speaker.say(sentence)
        assert response.response_type is IntentResponseType.ACTION_DONE, sentence
        assert (await speaker.harness.sent())[-1] == body
    assert len(await speaker.harness.sent()) == len([*commands])


async def answered(speaker: Speaker, questions: Iterable[tuple[str, str]]) -> None:
    """Ask, and see that the answer is about the right thing."""
    for sentence, answer in questions:
        response = await speaker.say(sentence)
        assert response.response_type is IntentResponseType.QUERY_ANSWER, sentence
        assert answer in response.speech["plain"]["speech"]


async def refused(speaker: Speaker, sentences: Iterable[str]) -> None:
    """Say what Assist does not understand, and see that nothing comes of it."""
    before = await speaker.harness.sent()
    for sentence in sentences:
        response = await speaker.say(sentence)
        assert response.response_type is IntentResponseType.ERROR, sentence
    assert await speaker.harness.sent() == before


@pytest.mark.parametrize("language", ["en"])
async def test_commands_are_not_exposed_by_themselves(speaker: Speaker) -> None:
    """Assist gets no more of a car than Home Assistant gives it."""
    hass = speaker.harness.hass
    for key, label in (("sound_horn", BATTERY), ("lock", PETROL)):
        entity_id = speaker.harness.entity_id(key, label)
        assert not async_should_expose(hass, conversation.DOMAIN, entity_id)
