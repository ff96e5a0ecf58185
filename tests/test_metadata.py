"""The metadata of the repository, and the words of its code."""

import ast
from collections.abc import Iterator
import hashlib
import json
from pathlib import Path
import re
import struct
import tomllib
from typing import Any

from awesomeversion import AwesomeVersion
import pytest
import voluptuous as vol
import yaml

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.const import PLATFORMS
import homeassistant
from homeassistant.components.automation.config import (
    ValidationStatus,
    async_validate_config_item,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/stellantis_connect"
COMPONENTS = Path(homeassistant.__file__).parent / "components"

MANIFEST: dict[str, Any] = json.loads((INTEGRATION / "manifest.json").read_text())
HACS: dict[str, Any] = json.loads((ROOT / "hacs.json").read_text())
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
QUALITY: dict[str, Any] = yaml.safe_load(
    (INTEGRATION / "quality_scale.yaml").read_text()
)["rules"]

ACTIONS: dict[str, Any] = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
TRANSLATIONS = sorted((INTEGRATION / "translations").glob("*.json"))
ENGLISH: dict[str, Any] = json.loads((INTEGRATION / "translations/en.json").read_text())
README = (ROOT / "README.md").read_text()
EXAMPLES: list[dict[str, Any]] = [
    yaml.safe_load(example)
    for example in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
]

APACHE_2_0 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"

MODULES = {
    str(path.relative_to(ROOT)): path.read_text()
    for folder in ("custom_components", "scripts", "simulator", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
}
# Words that are not Home Assistant's. The brackets keep them out of this file.
OTHER_WORDS = re.compile(
    r"(?<![a-z])(tol[d]|as[k](s|ed|ing)?|clu[e]s?|sharer[s]|serve[s]|new[s]|cadenc[e]"
    r"|goes_b[y]|objectio[n]|odditie[s]|patienc[e]|rests_unti[l]|stretche[d]|take_u[p]"
    r")(?![a-z])",
    re.IGNORECASE,
)

# The rules that a chapter of the README fulfils.
CHAPTERS = {
    "docs-actions": "Actions",
    "docs-configuration-parameters": "Options",
    "docs-conditions": "Conditions",
    "docs-data-update": "How data is updated",
    "docs-examples": "Examples",
    "docs-high-level-description": "Stellantis Connect",
    "docs-installation-instructions": "Installation",
    "docs-installation-parameters": "Installation parameters",
    "docs-known-limitations": "Known limitations",
    "docs-removal-instructions": "Removal",
    "docs-supported-devices": "Supported cars",
    "docs-supported-functions": "Supported functions",
    "docs-troubleshooting": "Troubleshooting",
    "docs-triggers": "Triggers",
    "docs-use-cases": "Use cases",
}


def https(value: object) -> str:
    """Validate a link that a person can follow safely."""
    url = cv.url(value)
    if not url.startswith("https://"):
        raise vol.Invalid("https is needed")
    return url


def test_manifest_has_required_keys() -> None:
    """No key is missing, misspelled, or of a wrong type."""
    vol.Schema(
        {
            vol.Required("domain"): INTEGRATION.name,
            vol.Required("name"): vol.Match(rf".+ \({HACS['name']}\)$"),
            vol.Optional("after_dependencies"): [cv.slug],
            vol.Required("codeowners"): vol.All([vol.Match("@.+")], vol.Length(min=1)),
            vol.Required("config_flow"): True,
            vol.Required("dependencies"): [cv.slug],
            vol.Required("documentation"): https,
            vol.Required("integration_type"): "hub",
            vol.Required("iot_class"): vol.In(["cloud_polling", "cloud_push"]),
            vol.Required("issue_tracker"): https,
            vol.Required("loggers"): [f"custom_components.{INTEGRATION.name}"],
            vol.Required("requirements"): [str],
            vol.Required("version"): vol.Match(r"\d+\.\d+\.\d+$"),
        }
    )(MANIFEST)


@pytest.mark.parametrize("brand", [Brand.PEUGEOT, Brand.CITROEN, Brand.DS, Brand.OPEL])
def test_search_for_brand_finds_integration(brand: Brand) -> None:
    """Home Assistant searches only for words that begin in the first 20 characters."""
    assert MANIFEST["name"].index(brand.label) <= 20


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
def test_title_is_name_without_brands(path: Path) -> None:
    """The title is shown wherever nobody searches for the integration."""
    assert json.loads(path.read_text())["title"] == HACS["name"]


def test_manifest_keys_are_sorted() -> None:
    """Domain and name come first, the others in alphabetical order."""
    domain, name, *others = MANIFEST
    assert (domain, name) == ("domain", "name")
    assert others == sorted(others)


def test_manifest_dependencies_exist() -> None:
    """They are integrations of Home Assistant."""
    for domain in MANIFEST["dependencies"] + MANIFEST.get("after_dependencies", []):
        assert (COMPONENTS / domain / "manifest.json").exists()


def test_manifest_requirements_are_installed_for_tests() -> None:
    """The versions are the same."""
    assert set(MANIFEST["requirements"]) <= set(PROJECT["dependency-groups"]["test"])


def test_versions_of_manifest_and_project_are_equal() -> None:
    """Releases have one version."""
    assert MANIFEST["version"] == PROJECT["project"]["version"]


def test_hacs_file_has_known_keys_only() -> None:
    """HACS refuses a file with an unknown key."""
    vol.Schema({vol.Required("name"): str, vol.Required("homeassistant"): str})(HACS)


def pinned(group: str) -> AwesomeVersion:
    """Return the version of Home Assistant that a dependency group pins."""
    [version] = [
        requirement.removeprefix("homeassistant==")
        for requirement in PROJECT["dependency-groups"][group]
        if requirement.startswith("homeassistant==")
    ]
    return AwesomeVersion(version)


def series(version: AwesomeVersion) -> str:
    """Return the year and the month of a version."""
    return f"{version.major}.{version.minor}"


def test_minimum_version_is_of_the_tested_series() -> None:
    """It is not newer than the tested version."""
    minimum = AwesomeVersion(HACS["homeassistant"])
    assert series(minimum) == series(pinned("test"))
    assert minimum <= pinned("test")


def test_workflow_tests_oldest_and_newest_version() -> None:
    """The names of the jobs have the versions of the environments."""
    tests = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())
    matrix = tests["jobs"]["test"]["strategy"]["matrix"]["include"]
    assert {job["home-assistant"]: job["version"] for job in matrix} == {
        "oldest": series(pinned("test")),
        "newest": series(pinned("develop")),
    }


def test_readme_has_the_minimum_version() -> None:
    """It is the version of hacs.json."""
    minimum = series(AwesomeVersion(HACS["homeassistant"]))
    assert f"requires Home Assistant {minimum} or newer" in chapter("Installation")


def test_bug_report_requires_diagnostics() -> None:
    """The field of the form is required."""
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/bug.yml").read_text())
    [field] = [field for field in form["body"] if field.get("id") == "diagnostics"]
    assert field["validations"]["required"]


def test_license_is_apache_2_0() -> None:
    """GitHub detects the unchanged text."""
    license_text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(license_text).hexdigest() == APACHE_2_0


def test_quality_scale_has_all_rules() -> None:
    """The rules are those of Home Assistant's integrations."""
    assert set(QUALITY) == {
        rule
        for scale in COMPONENTS.glob("*/quality_scale.yaml")
        for rule in yaml.load(scale.read_text(), yaml.CSafeLoader)["rules"]
    }


@pytest.mark.parametrize("rule", QUALITY)
def test_rule_of_quality_scale_has_a_status(rule: str) -> None:
    """A rule is done, to be done, or exempt for a reason."""
    vol.Any(
        "done",
        "todo",
        {vol.Required("status"): "exempt", vol.Required("comment"): vol.Length(min=20)},
    )(QUALITY[rule])


@pytest.mark.parametrize("rule", [rule for rule in QUALITY if rule.startswith("docs-")])
def test_readme_has_a_chapter_for_each_documentation_rule(rule: str) -> None:
    """The chapter exists if the rule is done."""
    headings = {
        line.lstrip("#").strip() for line in README.splitlines() if line.startswith("#")
    }
    assert (CHAPTERS.get(rule) in headings) == (QUALITY[rule] == "done")


def entity_names(platform: Platform) -> Iterator[str]:
    """Yield the names of a platform's entities; the README writes numbered ones as one."""
    for entity in ENGLISH["entity"].get(platform, {}).values():
        if name := entity.get("name"):
            yield re.sub(r" (\d|\{number\}).*", "", name).lower()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_readme_has_the_name_of_each_entity(platform: Platform) -> None:
    """Names that differ in one word may share the others."""
    words = set(re.findall(r"[\w-]+", chapter("Supported functions").lower()))
    for name in entity_names(platform):
        assert set(re.findall(r"[\w-]+", name)) <= words


def chapter(heading: str) -> str:
    """Return the text of a chapter of the README."""
    return README.partition(f"## {heading}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("heading", "texts"),
    [
        ("Options", ENGLISH["options"]["step"]["preferences"]),
        *(("Installation", step) for step in ENGLISH["config"]["step"].values()),
    ],
)
def test_readme_has_a_row_for_each_field(heading: str, texts: dict[str, Any]) -> None:
    """The fields are those of the configuration flow and the options."""
    parts = (texts, *texts.get("sections", {}).values())
    fields = {name for part in parts for name in part.get("data", {}).values()}
    fields -= {"Credentials"}
    assert fields <= set(re.findall(r"^\| ([^|]+) \|", chapter(heading), re.MULTILINE))


@pytest.mark.parametrize(
    "automation",
    [one for example in EXAMPLES for one in example.get("automation", [])],
    ids=lambda automation: automation["alias"],
)
async def test_automation_example_is_valid(
    hass: HomeAssistant, automation: dict[str, Any]
) -> None:
    """Home Assistant validates it unchanged."""
    validated = await async_validate_config_item(hass, "example", automation)
    assert validated
    assert validated.validation_status is ValidationStatus.OK


@pytest.mark.parametrize("action", ACTIONS)
def test_action_example_has_existing_fields(action: str) -> None:
    """Each action has one example, with all required fields."""
    [example] = [
        one for one in EXAMPLES if one.get("action") == f"{INTEGRATION.name}.{action}"
    ]
    fields = ACTIONS[action]["fields"]
    required = {name for name, field in fields.items() if field.get("required")}
    assert required <= example["data"].keys() <= fields.keys()


@pytest.mark.parametrize(
    ("picture", "square"),
    [("icon", True), ("logo", False), ("dark_logo", False)],
)
def test_brand_pictures_have_the_required_sizes(picture: str, square: bool) -> None:
    """A picture is 256 pixels high; another one has twice the size."""
    width, height = png_size(INTEGRATION / f"brand/{picture}.png")
    assert height == 256
    assert (width == height) is square
    assert png_size(INTEGRATION / f"brand/{picture}@2x.png") == (2 * width, 2 * height)


def png_size(path: Path) -> tuple[int, int]:
    """Return the width and the height that a PNG file declares."""
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:])
    return width, height


@pytest.mark.parametrize("module", MODULES)
def test_module_has_words_of_home_assistant_only(module: str) -> None:
    """Names, docstrings, comments, and messages have the terms of its documentation."""
    assert not OTHER_WORDS.findall(MODULES[module])


@pytest.mark.parametrize(
    "module", [name for name, text in MODULES.items() if "def __init__(" in text]
)
def test_docstring_of_init_is_imperative(module: str) -> None:
    """It begins as those of Home Assistant do."""
    docstrings = [
        ast.get_docstring(node)
        for node in ast.walk(ast.parse(MODULES[module]))
        if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    assert all(not text or text.startswith("Initialize ") for text in docstrings)
