"""Which energies and engines a car has, and which entry of an answer speaks of which.

The order of the entries means nothing, and battery cars list a tank and an engine that they do not
have.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..decode import decode
from .blocks import Service, ServiceType
from .energy import Energy, EnergyType
from .engine import Engine, EngineType
from .vehicle import Motorization

type Entry = Mapping[str, object]

# What an entry says of itself, in its type, its subtype or the names of its fields.
_ENERGY_CLUES: Mapping[str, EnergyType] = {
    "Electric": EnergyType.ELECTRIC,
    "Fuel": EnergyType.FUEL,
    "ElectricEnergy": EnergyType.ELECTRIC,
    "FossilEnergy": EnergyType.FUEL,
    "Hydrogen": EnergyType.FUEL,
    "electric": EnergyType.ELECTRIC,
    "charging": EnergyType.ELECTRIC,
    "fuel": EnergyType.FUEL,
}
_ENGINE_CLUES: Mapping[str, EngineType] = {
    "Electric": EngineType.ELECTRIC,
    "Thermic": EngineType.THERMIC,
    "thermic": EngineType.THERMIC,
    "oil": EngineType.THERMIC,
}
# What of a status speaks of something that cars of a motorization do not have.
_ABSENT: Mapping[Motorization | None, Sequence[str]] = {
    Motorization.ELECTRIC: ("fuel", "thermic"),
    Motorization.THERMIC: ("electric", "electric_engine"),
}


def declared_motorization(raw: Entry) -> Motorization | None:
    """Return the motorization that the connected service was sold for."""
    match decode(Service, raw.get("service")).type:
        case ServiceType.ELECTRIC:
            return Motorization.ELECTRIC
        case ServiceType.HYBRID:
            return Motorization.HYBRID
        case _:
            return None


def absent_kinds(
    declared: Motorization | None,
    electric: Energy | None,
    fuel: Energy | None,
    thermic: Engine | None,
) -> Sequence[str]:
    """Return the names of those energies and engines of a status that the car does not have.

    Where nothing declares the motorization, they betray it: the tank of a battery car has no
    range, and its engine no reading.
    """
    tank = fuel is not None and fuel.autonomy
    engine = thermic is not None and thermic.has_reading
    if declared is None and electric and not tank and not engine:
        declared = Motorization.ELECTRIC
    return _ABSENT.get(declared, ())


def keyed_by_kind(raw: Entry, motorization: Motorization | None) -> Entry:
    """Return a status whose lists of energies and engines became objects, keyed by kind."""
    if motorization is Motorization.ELECTRIC:
        energies = (EnergyType.ELECTRIC, EnergyType.FUEL)
    else:
        energies = (EnergyType.FUEL, EnergyType.ELECTRIC)
    if motorization is Motorization.THERMIC:
        engines = (EngineType.THERMIC, EngineType.ELECTRIC)
    else:
        engines = (EngineType.ELECTRIC, EngineType.THERMIC)
    return {
        **raw,
        "energies": _by_kind(raw.get("energies"), _ENERGY_CLUES, energies),
        "energy": _by_kind(raw.get("energy"), _ENERGY_CLUES, energies),
        "engines": _by_kind(raw.get("engines"), _ENGINE_CLUES, engines),
    }


def _by_kind[Kind](
    entries: object, clues: Mapping[str, Kind], likely: Sequence[Kind]
) -> Mapping[Kind, Entry]:
    """Key entries by kind; one that does not tell gets the likeliest kind that is left."""
    told: dict[Kind, Entry] = {}
    silent: list[Entry] = []
    for entry in _objects(entries):
        if kind := next((clues[word] for word in _words(entry) if word in clues), None):
            told.setdefault(kind, entry)
        else:
            silent.append(entry)
    left = (kind for kind in likely if kind not in told)
    return told | dict(zip(left, silent, strict=False))


def _objects(entries: object) -> Iterable[Entry]:
    """Yield the objects of a list; the specification has one of the lists as a lone object."""
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, Mapping):
            yield entry


def _words(entry: Entry) -> Iterable[str]:
    extension = entry.get("extension")
    words = [entry.get("type"), entry.get("subType"), *entry]
    words += extension if isinstance(extension, Mapping) else ()
    return (word for word in words if isinstance(word, str))
