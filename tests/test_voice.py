"""Commands and questions about cars in Assist, with Home Assistant's own sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
import shutil
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

DOCUMENTS = Path(__file__).parents[1] / "docs"

type Body = Mapping[str, Any]

CAR_NAMES = {"en": "Car", "fr": "Voiture", "de": "Auto"}
EXPOSED = (
    "battery_level",
    "charge",
    "charging",
    "charging_state",
    "electric_range",
    "lock",
    "precondition",
)
LOCK = {"door": {"state": "Locked"}}
ON = {"preconditioning": {"airConditioning": {"immediate": True}}}
OFF = {"preconditioning": {"airConditioning": {"immediate": False}}}


@dataclass(frozen=True)
class Assist:
    """Assist in a language."""

    harness: Harness
    language: str

    async def process(self, sentence: str) -> IntentResponse:
        """Return the response to a sentence, once its command is done."""
        result = await self.harness.done(
            conversation.async_converse(
                self.harness.hass, sentence, None, Context(), self.language
            )
        )
        await self.harness.pass_time(15 * SECOND)
        return result.response

    def add_alias(self, key: str, alias: str) -> None:
        """Add an alias to an entity."""
        registry = er.async_get(self.harness.hass)
        entity_id = self.harness.entity_id(key)
        entity = registry.async_get(entity_id)
        assert entity
        registry.async_update_entity(entity_id, aliases=[*entity.aliases, alias])


@pytest.fixture
async def assist(
    language: str,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    activity: Activity,
) -> Assist:
    """Return Assist in a language, with a car named in that language."""
    hass.config.language = language
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    entry = await setup_integration()
    harness = Harness(hass, freezer, connected_simulator, entry, activity)
    registry = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(registry, harness.entry.entry_id):
        if device.name == BATTERY:
            registry.async_update_device(device.id, name_by_user=CAR_NAMES[language])
    await hass.async_block_till_done()
    await harness.change(sleep="awake", charging=True, level=60, locked=False)
    await harness.refresh()
    for key in EXPOSED:
        async_expose_entity(hass, conversation.DOMAIN, harness.entity_id(key), True)
    return Assist(harness, language)


# Sentences and the commands that the car gets, by the names of entities.
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
# Questions and parts of the responses.
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
# Aliases for sentences that the names of entities do not fit.
ALIASES = {
    "fr": {
        "lock": "voiture",
        "precondition": "préconditionnement de la voiture",
        "electric_range": "autonomie de la voiture",
        "charging_state": "charge de la voiture",
    },
    "de": {
        "lock": "Auto",
        "precondition": "Vorklimatisierung vom Auto",
        "electric_range": "Reichweite vom Auto",
        "charging_state": "Ladestatus vom Auto",
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
        ("quel est l'état de charge de la voiture ?", "charging"),
    ],
    "de": [
        ("wie ist die Reichweite vom Auto?", "km"),
        ("wie ist der Ladestatus vom Auto?", "charging"),
    ],
}
# Sentences that must never unlock the car.
REFUSED = {
    "en": ["turn off the car", "turn off the heating of the car"],
    "fr": ["éteins la voiture", "éteins le chauffage de la voiture"],
    "de": ["schalte das Auto aus", "schalte die Heizung vom Auto aus"],
}


@pytest.mark.parametrize("language", CAR_NAMES)
async def test_sentence_with_names_of_entities_is_processed(assist: Assist) -> None:
    """Commands are sent, and questions have a response."""
    await assert_responses(assist, QUESTIONS[assist.language])
    await assert_commands(assist, COMMANDS[assist.language])
    await assert_refused(assist, REFUSED[assist.language])


@pytest.mark.parametrize("language", ["en"])
async def test_sentence_with_name_of_model_is_processed(assist: Assist) -> None:
    """A car without a name of its own has the name of its model."""
    registry = dr.async_get(assist.harness.hass)
    for device in dr.async_entries_for_config_entry(
        registry, assist.harness.entry.entry_id
    ):
        registry.async_update_device(device.id, name_by_user=None)
    await assist.harness.hass.async_block_till_done()
    await assert_responses(assist, [("is the compact electric charging?", "on")])
    await assert_commands(
        assist,
        [
            ("lock the compact electric doors", LOCK),
            ("turn on the compact electric preconditioning", ON),
        ],
    )


@pytest.mark.parametrize("language", ALIASES)
async def test_sentence_with_aliases_is_processed(assist: Assist) -> None:
    """They allow natural sentences."""
    for key, alias in ALIASES[assist.language].items():
        assist.add_alias(key, alias)
    await assert_commands(assist, NATURAL_COMMANDS[assist.language])
    await assert_responses(assist, NATURAL_QUESTIONS[assist.language])
    await assert_refused(assist, REFUSED[assist.language])


@pytest.mark.parametrize("language", ["en"])
async def test_sentence_of_an_automation_is_processed(assist: Assist) -> None:
    """The English name of the lock differs from the name of the car."""
    harness = assist.harness
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
    await assert_commands(
        assist,
        [("lock the car", LOCK), ("turn off the preconditioning of the car", OFF)],
    )
    await assert_refused(assist, REFUSED["en"])


# Sentences of docs/voice.md, and parts of the responses.
CUSTOM_COMMANDS: Mapping[str, list[tuple[str, Body]]] = {
    "en": [("lock the car", LOCK), ("lock my car", LOCK)],
    "fr": [("verrouille la voiture", LOCK)],
    "de": [("verriegle das Auto", LOCK), ("sperr mein Auto ab", LOCK)],
}
CUSTOM_QUESTIONS = {
    "en": [
        ("is the car locked?", "No"),
        ("is my car plugged in?", "Yes"),
        ("how much battery does the car have?", "60"),
        ("where is the car?", "Car is at home"),
    ],
    "fr": [
        ("la voiture est-elle verrouillée ?", "Non"),
        ("est-ce que la voiture est branchée ?", "Oui"),
        ("combien de batterie a la voiture ?", "60"),
        ("où est la voiture ?", "Voiture est à la maison"),
    ],
    "de": [
        ("ist das Auto abgeschlossen?", "Nein"),
        ("ist das Auto angesteckt?", "Ja"),
        ("wie viel Batterie hat das Auto?", "60"),
        ("wo ist mein Auto?", "Auto ist zu Hause"),
    ],
}
AWAY = {
    "en": [("where's my car?", "Car is away")],
    "fr": [("où se trouve ma voiture ?", "Voiture est en déplacement")],
    "de": [("wo steht das Auto?", "Auto ist unterwegs")],
}


@pytest.mark.parametrize("language", CAR_NAMES)
async def test_custom_sentence_is_processed(assist: Assist) -> None:
    """The documented file makes short sentences work, and none of them unlocks."""
    hass = assist.harness.hass
    folder = hass.config.path("custom_sentences", assist.language)
    source = DOCUMENTS / "custom_sentences" / assist.language
    await hass.async_add_executor_job(shutil.copytree, source, folder)
    for key in ("plugged", "position"):
        entity_id = assist.harness.entity_id(key)
        async_expose_entity(hass, conversation.DOMAIN, entity_id, True)
    await assert_responses(assist, AWAY[assist.language])
    position = assist.harness.car().data.status.last_position
    assert position.latitude
    assert position.longitude
    await hass.config.async_update(
        latitude=position.latitude, longitude=position.longitude
    )
    await assist.harness.restart()
    await assert_responses(assist, CUSTOM_QUESTIONS[assist.language])
    await assert_commands(assist, CUSTOM_COMMANDS[assist.language])
    await assert_refused(assist, REFUSED[assist.language])


async def assert_commands(assist: Assist, commands: Iterable[tuple[str, Body]]) -> None:
    """Assert that each sentence sends a command."""
    for sentence, body in commands:
        response = await assist.process(sentence)
        assert response.response_type is IntentResponseType.ACTION_DONE, sentence
        assert (await assist.harness.sent())[-1] == body
    assert len(await assist.harness.sent()) == len([*commands])


async def assert_responses(
    assist: Assist, questions: Iterable[tuple[str, str]]
) -> None:
    """Assert that each question has a response about the right thing."""
    for sentence, expected in questions:
        response = await assist.process(sentence)
        assert response.response_type is IntentResponseType.QUERY_ANSWER, sentence
        assert expected in response.speech["plain"]["speech"]


async def assert_refused(assist: Assist, sentences: Iterable[str]) -> None:
    """Assert that no sentence sends a command."""
    before = await assist.harness.sent()
    for sentence in sentences:
        response = await assist.process(sentence)
        assert response.response_type is IntentResponseType.ERROR, sentence
    assert await assist.harness.sent() == before


@pytest.mark.parametrize("language", ["en"])
async def test_command_entity_is_not_exposed_by_default(assist: Assist) -> None:
    """Home Assistant decides which entities are exposed."""
    hass = assist.harness.hass
    for key, label in (("sound_horn", BATTERY), ("lock", PETROL)):
        entity_id = assist.harness.entity_id(key, label)
        assert not async_should_expose(hass, conversation.DOMAIN, entity_id)
