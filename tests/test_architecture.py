"""The layers of the integration, checked over the real import graph."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
import re

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "custom_components.stellantis_connect"
FOLDER = "custom_components/stellantis_connect"

# Lowest first. A module belongs to the layer that names it, or else its closest package.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"const", "api"}),
    frozenset({"storage", "translation", "history", "commands.models", "frontend"}),
    frozenset({"models", "auth"}),
    frozenset({"polling"}),
    frozenset({"coordinator"}),
    frozenset({"push", "commands", "availability", "history.statistics", "repairs"}),
    frozenset(
        {
            "history.cost",
            "history_log",
            "journal",
            "route",
            "runtime",
            "target",
            "trip_title",
            "units",
            "zones",
        }
    ),
    frozenset({"entity"}),
    frozenset(
        {
            "binary_sensor",
            "button",
            "calendar",
            "device_tracker",
            "event",
            "image",
            "lock",
            "number",
            "select",
            "sensor",
            "switch",
            "time",
        }
    ),
    frozenset(
        {"condition", "diagnostics", "llm", "services", "system_health", "trigger"}
    ),
    frozenset({"application_credentials", "config_flow", "sign_in_flow", ""}),
)
PLATFORMS = LAYERS[8]


def modules(folder: str) -> dict[str, Path]:
    """Return the modules beneath a folder by their full names."""
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(
            ".__init__"
        ): path
        for path in (ROOT / folder).rglob("*.py")
    }
    assert found
    return found


INTEGRATION = modules(FOLDER)
SIMULATOR = modules("simulator")


def imports(name: str, path: Path) -> Iterator[str]:
    """Yield what a module imports, also for type checking alone, by full names."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                parents = package.split(".")[: len(package.split(".")) - level + 1]
                origin = ".".join(
                    [*(parents if level else []), *filter(None, [module])]
                )
                yield from (f"{origin}.{alias.name}" for alias in aliases)


def imported_modules(name: str) -> set[str]:
    """Return the modules of the integration that a module imports."""
    found = set()
    for imported in imports(name, INTEGRATION[name]):
        module = imported if imported in INTEGRATION else imported.rpartition(".")[0]
        if module in INTEGRATION:
            found.add(module)
    return found - {name}


GRAPH: Mapping[str, set[str]] = {name: imported_modules(name) for name in INTEGRATION}


def layer(name: str) -> int:
    """Return the number of a module's layer."""
    place = name.removeprefix(PACKAGE).removeprefix(".")
    while not any(place in names for names in LAYERS):
        place = place.rpartition(".")[0]
    return next(number for number, names in enumerate(LAYERS) if place in names)


def test_imports_form_no_cycle() -> None:
    """No module imports itself by way of others; a cycle raises and names its modules."""
    assert [*TopologicalSorter(GRAPH).static_order()]


@pytest.mark.parametrize("name", INTEGRATION)
def test_module_imports_no_higher_layer(name: str) -> None:
    """A lower layer never knows a higher one."""
    assert {one for one in GRAPH[name] if layer(one) > layer(name)} == set()


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_platform_imports_neither_client_nor_platform(name: str) -> None:
    """Platforms know the coordinator, never the client, and never one another."""
    module = f"{PACKAGE}.{name}"
    others = {f"{PACKAGE}.{one}" for one in PLATFORMS} | {f"{PACKAGE}.api.client"}
    assert GRAPH[module] & others == set()


@pytest.mark.parametrize(
    "name", [name for name in INTEGRATION if name.startswith(f"{PACKAGE}.api")]
)
def test_client_imports_neither_home_assistant_nor_integration(name: str) -> None:
    """The client could serve any program."""
    for imported in imports(name, INTEGRATION[name]):
        assert not imported.startswith(("homeassistant", "simulator"))
        assert not imported.startswith("custom_components") or imported.startswith(
            f"{PACKAGE}.api"
        )


@pytest.mark.parametrize("name", SIMULATOR)
def test_simulator_imports_nothing_of_the_integration(name: str) -> None:
    """Two readings of one specification show a mistake in one of them."""
    for imported in imports(name, SIMULATOR[name]):
        assert not imported.startswith(("custom_components", "homeassistant"))


@pytest.mark.parametrize("name", INTEGRATION)
def test_module_has_at_most_400_lines_of_code(name: str) -> None:
    """A module has one idea; tables of descriptions do not count."""
    tree = ast.parse(INTEGRATION[name].read_text())
    lines = {
        line
        for node in tree.body
        if isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.If
        )
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    assert len(lines) <= 400


def test_document_names_existing_modules() -> None:
    """The page about the architecture follows the code."""
    document = (ROOT / "docs/architecture.md").read_text()
    named = set(re.findall(r"(?<![\w/])((?:\w+/)*\w+\.py)", document))
    assert named
    for path in named:
        root = ROOT if path.startswith(("tests", "scripts")) else ROOT / FOLDER
        assert (root / path).exists(), path
