"""Every text is translated, and every translation is used."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.resources import files
import json
from pathlib import Path
import re
from typing import Any

import pytest
import yaml

from custom_components.stellantis_connect.api.exceptions import StellantisError
from custom_components.stellantis_connect.api.models.remote_actions import (
    AirConditioning,
)
from custom_components.stellantis_connect.const import PLATFORMS
import homeassistant.components
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.const import Platform
from homeassistant.helpers.entity import EntityDescription

from .api.test_remote_actions import BODIES

INTEGRATION = Path(__file__).parents[1] / "custom_components/stellantis_connect"

type Json = dict[str, Any]

MAX_NAME_LENGTH = 25

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


def device_class_name(language: str, platform: str, device_class: str) -> str:
    """Return the name of an entity that is named after its device class."""
    folder = Path(homeassistant.components.__path__[0]) / platform / "translations"
    texts: Json = json.loads((folder / f"{language}.json").read_text())
    name: str = texts["entity_component"][device_class]["name"]
    return name


def placeholders(text: str) -> frozenset[str]:
    """Return the placeholders of a text."""
    return frozenset(re.findall(r"{(\w+)}", text))


def descriptions(platform: Platform) -> dict[str, EntityDescription]:
    """Return the descriptions of a platform's entities by translation key."""
    module = vars(import_module(f"custom_components.stellantis_connect.{platform}"))
    found = [
        one
        for value in module.values()
        for one in (value if isinstance(value, tuple) else (value,))
        # Instances of Home Assistant's own descriptions are of a class that it generates.
        if hasattr(one, "key") and hasattr(one, "translation_key")
    ]
    assert found
    return {one.translation_key or one.key: one for one in found}


def errors(parent: type[StellantisError] = StellantisError) -> Iterator[str]:
    """Yield the keys of all errors of the client."""
    for child in parent.__subclasses__():
        if "key" in vars(child):
            yield child.key
        yield from errors(child)


@pytest.mark.parametrize(("path", "text"), texts(ENGLISH))
def test_text_has_no_links_and_no_references(path: str, text: str) -> None:
    """Links are placeholders; only core integrations have references."""
    assert text.strip() == text != ""
    assert not re.search(r"https?://|\[%key:|<\w", text), path


@pytest.mark.parametrize("step", ENGLISH["config"]["step"])
def test_field_of_the_flow_has_a_description(step: str) -> None:
    """It has a name, too."""
    texts = ENGLISH["config"]["step"][step]
    for fields in (texts, *texts.get("sections", {}).values()):
        names, descriptions = fields.get("data", {}), fields.get("data_description", {})
        assert names.keys() == descriptions.keys()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_entity_has_a_name(platform: Platform) -> None:
    """The name is translated, or that of the device class."""
    named = ENGLISH["entity"].get(platform, {}).keys()
    for key, description in descriptions(platform).items():
        assert key in named or description.device_class


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_has_all_texts(language: str) -> None:
    """The placeholders are those of the English text."""
    translated, english = ({*texts(LANGUAGES[one])} for one in (language, "en"))
    assert {(path, placeholders(text)) for path, text in translated} == {
        (path, placeholders(text)) for path, text in english
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_exception_has_a_unique_text(language: str) -> None:
    """It is unique within the language and in all others."""
    own = dict(texts(LANGUAGES[language]["exceptions"]))
    assert len({*own.values()}) == len(own)
    others = [
        {*texts(other["exceptions"])}
        for name, other in LANGUAGES.items()
        if name != language
    ]
    assert not {*own.items()} & set().union(*others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_exception_of_a_command_names_car_and_command(language: str) -> None:
    """The others concern the setup, or a car without an account."""
    others = {
        key
        for key, text in texts(LANGUAGES[language]["exceptions"])
        if not {"car", "command"} <= placeholders(text)
    }
    setup = {f"{key}.message" for key in (*errors(), "certificate_unusable")}
    assert others == setup | {"vehicle_not_listed.message"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_command_has_a_name(language: str) -> None:
    """Each name has a command, or is the refresh."""
    event = LANGUAGES[language]["entity"]["event"]["command"]
    assert event["state_attributes"]["command"]["state"].keys() == {
        *(action.key for action, _ in BODIES),
        AirConditioning(deleted_slots=(1,)).key,
        "refresh",
    }


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_entity_has_a_short_unique_name(language: str, platform: Platform) -> None:
    """It is unique within the platform, and fits on a tile."""
    entities: Json = LANGUAGES[language]["entity"].get(platform, {})
    names = [entity["name"] for entity in entities.values() if "name" in entity]
    assert len({*names}) == len(names)
    assert all(len(name) <= MAX_NAME_LENGTH for name in names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_entity_about_charging_has_a_unique_name_among_all_platforms(
    language: str,
) -> None:
    """One key may be a sensor or, where it can be set, a control."""
    keys: dict[str, set[str]] = {}
    for platform in PLATFORMS:
        entities: Json = LANGUAGES[language]["entity"].get(platform, {})
        own = {key: one["name"] for key, one in entities.items() if "name" in one}
        for key, description in descriptions(platform).items():
            if key not in own and isinstance(description.device_class, str):
                own[key] = device_class_name(
                    language, platform, description.device_class
                )
        for key, name in own.items():
            keys.setdefault(name.casefold(), set()).add(key)
    assert {
        name: one
        for name, one in keys.items()
        if len(one) > 1 and any("charg" in key or "battery" in key for key in one)
    } == {}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_name_of_an_entity_is_none_of_its_states(
    language: str, platform: Platform
) -> None:
    """A tile would repeat it; where there are no own texts, those of Home Assistant count."""
    own: Json = LANGUAGES[language]["entity"].get(platform, {})
    component = files("homeassistant.components") / platform / "translations"
    text = (component / f"{language}.json").read_text()
    classes: Json = json.loads(text).get("entity_component", {})
    for key, description in descriptions(platform).items():
        fallback = classes.get(description.device_class or "_", {})
        name = own.get(key, {}).get("name") or fallback["name"]
        states = own.get(key, {}).get("state") or fallback.get("state", {})
        assert name.casefold() not in {one.casefold() for one in states.values()}, key


@pytest.mark.parametrize("platform", PLATFORMS)
def test_translated_entity_exists(platform: Platform) -> None:
    """Each translation has an entity."""
    named = ENGLISH["entity"].get(platform, {}).keys()
    assert named <= descriptions(platform).keys()


def test_state_of_an_enumeration_is_translated() -> None:
    """There are no other translated states."""
    for key, description in descriptions(Platform.SENSOR).items():
        assert isinstance(description, SensorEntityDescription)
        states = ENGLISH["entity"]["sensor"].get(key, {}).get("state", {})
        assert set(states) == set(description.options or ())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_entity_without_device_class_has_an_icon(platform: Platform) -> None:
    """Each icon has an entity."""
    known = descriptions(platform)
    plain = {
        key
        for key, description in known.items()
        if not description.device_class and platform is not Platform.DEVICE_TRACKER
    }
    assert plain <= ICONS["entity"].get(platform, {}).keys() <= known.keys()


@pytest.mark.parametrize("action", ACTIONS)
def test_action_has_texts_icon_and_chapter(action: str) -> None:
    """Its fields have a name and a description."""
    texts = ENGLISH["services"][action]
    assert texts.keys() == {"name", "description", "fields"}
    assert texts["fields"].keys() == ACTIONS[action]["fields"].keys()
    assert all(
        field.keys() == {"name", "description"} for field in texts["fields"].values()
    )
    assert action in ICONS["services"]
    assert f"`{INTEGRATION.name}.{action}`" in README


def test_translated_action_exists() -> None:
    """Each text and icon has an action."""
    assert ENGLISH["services"].keys() == ACTIONS.keys() == ICONS["services"].keys()


@pytest.mark.parametrize("kind", ["triggers", "conditions"])
def test_trigger_or_condition_has_texts_icon_and_chapter(kind: str) -> None:
    """So do its fields have a name and a description."""
    described = yaml.safe_load((INTEGRATION / f"{kind}.yaml").read_text())
    found = {key: one for key, one in described.items() if not key.startswith(".")}
    assert ENGLISH[kind].keys() == found.keys() == ICONS[kind].keys()
    for key, description in found.items():
        texts = ENGLISH[kind][key]
        assert (
            {"name", "description"} <= texts.keys() <= {"name", "description", "fields"}
        )
        fields = description.get("fields", {})
        assert texts.get("fields", {}).keys() == fields.keys()
        assert f"`{INTEGRATION.name}.{key}`" in README


@pytest.mark.parametrize("error", sorted(set(errors())))
def test_error_of_the_client_has_a_text(error: str) -> None:
    """The flow and exceptions have one each."""
    assert error in ENGLISH["config"]["error"] | ENGLISH["config"]["abort"]
    assert error in ENGLISH["exceptions"]
