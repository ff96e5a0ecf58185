"""Which energies and engines a car has, and which entry of a response describes which.

The order of the entries has no meaning, and electric cars list a tank and an engine that they do
not have.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..decode import decode
from .blocks import Service, ServiceType
from .energy import Energy, EnergyType
from .engine import Engine, EngineType
from .vehicle import Motorization

type Entry = Mapping[str, object]

# What identifies the type of an entry: its type, its subtype, or the names of its fields.
_ENERGY_TYPES: Mapping[str, EnergyType] = {
    "Electric": EnergyType.ELECTRIC,
    "Fuel": EnergyType.FUEL,
    "ElectricEnergy": EnergyType.ELECTRIC,
    "FossilEnergy": EnergyType.FUEL,
    "Hydrogen": EnergyType.FUEL,
    "electric": EnergyType.ELECTRIC,
    "charging": EnergyType.ELECTRIC,
    "fuel": EnergyType.FUEL,
}
_ENGINE_TYPES: Mapping[str, EngineType] = {
    "Electric": EngineType.ELECTRIC,
    "Thermic": EngineType.THERMIC,
    "thermic": EngineType.THERMIC,
    "oil": EngineType.THERMIC,
}
_ENERGIES: Mapping[Motorization, Sequence[EnergyType]] = {
    Motorization.ELECTRIC: (EnergyType.ELECTRIC,),
    Motorization.THERMIC: (EnergyType.FUEL,),
    Motorization.HYBRID: (EnergyType.ELECTRIC, EnergyType.FUEL),
    Motorization.HYDROGEN: (EnergyType.ELECTRIC, EnergyType.FUEL),
}
_ENGINES: Mapping[Motorization, Sequence[EngineType]] = {
    Motorization.ELECTRIC: (EngineType.ELECTRIC,),
    Motorization.THERMIC: (EngineType.THERMIC,),
    Motorization.HYBRID: (EngineType.ELECTRIC, EngineType.THERMIC),
    Motorization.HYDROGEN: (EngineType.ELECTRIC,),
}


def service_motorization(status: Entry) -> Motorization | None:
    """Return the motorization that the connected service is for."""
    match decode(Service, status.get("service")).type:
        case ServiceType.ELECTRIC:
            return Motorization.ELECTRIC
        case ServiceType.HYBRID:
            return Motorization.HYBRID
        case _:
            return None


def absent_fields(fuel: Energy | None, thermic: Engine | None) -> Sequence[str]:
    """Return the fields of an empty tank and of an engine without a reading.

    A car of unknown motorization does not have them.
    """
    has_tank = fuel and (fuel.level or fuel.autonomy or fuel.consumptions.total)
    has_engine = thermic and thermic.has_reading
    return [
        *(() if has_tank else ("fuel",)),
        *(() if has_engine else ("thermic",)),
    ]


def keyed_by_type(raw: Entry, motorization: Motorization | None) -> Entry:
    """Return a status with objects, keyed by type, in place of the lists of energies and engines.

    It has only those that cars of the motorization have, if it is known.
    """
    energies = _ENERGIES[motorization] if motorization else ()
    engines = _ENGINES[motorization] if motorization else ()
    return {
        **raw,
        "energies": _by_type(raw.get("energies"), _ENERGY_TYPES, energies),
        "energy": _by_type(raw.get("energy"), _ENERGY_TYPES, energies),
        "engines": _by_type(raw.get("engines"), _ENGINE_TYPES, engines),
    }


def _by_type[Type](
    entries: object, types: Mapping[str, Type], expected: Sequence[Type]
) -> Mapping[Type, Entry]:
    """Return entries by type; an unidentified one if only one and only one type is left for it."""
    identified: dict[Type, Entry] = {}
    unidentified: list[Entry] = []
    for entry in _objects(entries):
        if entry_type := next(
            (types[word] for word in _words(entry) if word in types), None
        ):
            identified.setdefault(entry_type, entry)
        else:
            unidentified.append(entry)
    remaining = [one for one in expected if one not in identified]
    if len(remaining) == len(unidentified) == 1:
        identified[remaining[0]] = unidentified[0]
    if not expected:
        return identified
    return {one: identified[one] for one in expected if one in identified}


def _objects(entries: object) -> Iterable[Entry]:
    """Yield the objects of a list; one of the lists is a single object in the specification."""
    for entry in entries if isinstance(entries, list) else [entries]:
        if isinstance(entry, dict):
            yield entry


def _words(entry: Entry) -> Iterable[str]:
    extension = entry.get("extension")
    words = [entry.get("type"), entry.get("subType"), *entry]
    words += extension if isinstance(extension, dict) else ()
    return (word for word in words if isinstance(word, str))
