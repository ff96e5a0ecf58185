"""Whatever a person reads is translated, and nothing is translated that nobody reads."""

from collections.abc import Iterator, Mapping
from importlib import import_module
import json
from pathlib import Path
import re
from typing import Any

import pytest
import yaml

from custom_components.stellantis_connect.api.exceptions import StellantisError
from custom_components.stellantis_connect.const import PLATFORMS
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.const import Platform
from homeassistant.helpers.entity import EntityDescription

INTEGRATION = Path(__file__).parents[1] / "custom_components/stellantis_connect"

type Json = dict[str, Any]

README = (INTEGRATION.parents[1] / "README.md").read_text()
ACTIONS: Json = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
LANGUAGES: Mapping[str, Json] = {
    path.stem: json.loads(path.read_text())
    for path in sorted((INTEGRATION / "translations").glob("*.json"))
}
ENGLISH = LANGUAGES["en"]
ICONS: Json = json.loads((INTEGRATION / "icons.json").read_text())


def texts(node: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text with its path."""
    for key, value in node.items():
        if isinstance(value, str):
            yield f"{path}{key}", value
        else:
            yield from texts(value, f"{path}{key}.")


def placeholders(text: str) -> frozenset[str]:
    """Return what is filled into a text."""
    return frozenset(re.findall(r"{(\w+)}", text))


def descriptions(platform: Platform) -> dict[str, EntityDescription]:
    """Return what a platform's entities are made from, by translation key."""
    module = vars(import_module(f"custom_components.stellantis_connect.{platform}"))
    found = [
        one
        for value in module.values()
        for one in (value if isinstance(value, tuple) else (value,))
        if isinstance(one, EntityDescription)
    ]
    assert found
    return {one.translation_key or one.key: one for one in found}


@pytest.mark.parametrize(("path", "text"), texts(ENGLISH))
def test_text_is_plain(path: str, text: str) -> None:
    """Links come as placeholders, and references work in Home Assistant's own integrations only."""
    assert text.strip() == text != ""
    assert not re.search(r"https?://|\[%key:|<\w", text), path


@pytest.mark.parametrize("step", ENGLISH["config"]["step"])
def test_each_field_of_the_flow_is_explained(step: str) -> None:
    """A field has a name and a description."""
    fields = ENGLISH["config"]["step"][step]
    assert fields.get("data", {}).keys() == fields.get("data_description", {}).keys()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_entity_has_a_name(platform: Platform) -> None:
    """A name comes from the translations or from the device class."""
    named = ENGLISH["entity"].get(platform, {}).keys()
    for key, description in descriptions(platform).items():
        assert key in named or description.device_class


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything(language: str) -> None:
    """No text is missing, and the same is filled into each."""
    said, english = ({*texts(LANGUAGES[one])} for one in (language, "en"))
    assert {(path, placeholders(text)) for path, text in said} == {
        (path, placeholders(text)) for path, text in english
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_refusal_has_a_sentence_of_its_own(language: str) -> None:
    """Whoever reads it can tell it from the others; in no language it is that of another."""
    own = dict(texts(LANGUAGES[language]["exceptions"]))
    assert len({*own.values()}) == len(own)
    others = [
        {*texts(other["exceptions"])}
        for name, other in LANGUAGES.items()
        if name != language
    ]
    assert not {*own.items()} & set().union(*others)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_is_translated_in_vain(platform: Platform) -> None:
    """Each translated entity exists."""
    named = ENGLISH["entity"].get(platform, {}).keys()
    assert named <= descriptions(platform).keys()


def test_each_state_of_an_enumeration_has_a_name() -> None:
    """The states of a sensor are those that the translations name."""
    for key, description in descriptions(Platform.SENSOR).items():
        assert isinstance(description, SensorEntityDescription)
        states = ENGLISH["entity"]["sensor"].get(key, {}).get("state", {})
        assert set(states) == set(description.options or ())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_icons_are_given_where_no_device_class_gives_one(platform: Platform) -> None:
    """Each entity has an icon, and each icon an entity."""
    known = descriptions(platform)
    plain = {
        key
        for key, description in known.items()
        if not description.device_class and platform is not Platform.DEVICE_TRACKER
    }
    assert plain <= ICONS["entity"].get(platform, {}).keys() <= known.keys()


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_explained(action: str) -> None:
    """An action has a name, a description, fields with both, an icon, and a place in the README."""
    texts = ENGLISH["services"][action]
    assert texts.keys() == {"name", "description", "fields"}
    assert texts["fields"].keys() == ACTIONS[action]["fields"].keys()
    assert all(
        field.keys() == {"name", "description"} for field in texts["fields"].values()
    )
    assert action in ICONS["services"]
    assert f"`{INTEGRATION.name}.{action}`" in README


def test_nothing_but_actions_is_explained() -> None:
    """No text and no icon belongs to an action that is gone."""
    assert ENGLISH["services"].keys() == ACTIONS.keys() == ICONS["services"].keys()


def errors(parent: type[StellantisError] = StellantisError) -> Iterator[str]:
    """Yield the keys of all errors of the client."""
    for child in parent.__subclasses__():
        if "key" in vars(child):
            yield child.key
        yield from errors(child)


@pytest.mark.parametrize("error", sorted(set(errors())))
def test_each_error_is_explained(error: str) -> None:
    """A refusal says what to do, to whoever enrols and to whoever presses a button."""
    assert error in ENGLISH["config"]["error"] | ENGLISH["config"]["abort"]
    assert error in ENGLISH["exceptions"]
