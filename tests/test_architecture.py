"""Who may know whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/stellantis_connect"


def imported(module: Path) -> Iterator[str]:
    """Yield the full name of whatever a module imports."""
    package = module.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=name, names=names, level=level):
                above = package[: len(package) - level + 1] if level else ()
                origin = ".".join((*above, *filter(None, [name])))
                yield from (f"{origin}.{alias.name}" for alias in names)


def modules(folder: Path) -> list[Path]:
    """Return the modules beneath a folder."""
    found = sorted(folder.rglob("*.py"))
    assert found
    return found


def label(module: Path) -> str:
    """Return how a test calls a module."""
    return str(module.relative_to(ROOT))


@pytest.mark.parametrize("module", modules(INTEGRATION / "api"), ids=label)
def test_client_knows_the_platform_only(module: Path) -> None:
    """The client could serve any program: it knows neither Home Assistant nor the integration around it."""
    own = "custom_components.stellantis_connect."
    for name in imported(module):
        assert not name.startswith(("homeassistant", "simulator"))
        assert not name.startswith(own) or name.startswith(f"{own}api.")


@pytest.mark.parametrize("module", modules(ROOT / "simulator"), ids=label)
def test_simulator_is_a_second_reading_of_the_specification(module: Path) -> None:
    """The simulator shares no code with the client, so that a mistake in one shows."""
    for name in imported(module):
        assert not name.startswith(("custom_components", "homeassistant"))


PLATFORMS = [
    module
    for module in modules(INTEGRATION)
    if "PARALLEL_UPDATES" in module.read_text() and module.parent == INTEGRATION
]


@pytest.mark.parametrize("module", PLATFORMS, ids=label)
def test_entities_never_ask_the_platform_themselves(module: Path) -> None:
    """Entities know the coordinator, never the client behind it."""
    assert not [name for name in imported(module) if name.endswith("Client")]
