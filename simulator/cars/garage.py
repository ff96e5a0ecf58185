"""Whose cars stand where: every account has its garage at every brand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import json
from pathlib import Path

from ..brands import BRANDS, Brand
from ..errors import Json
from ..identity import Account
from .car import Car
from .models import MODELS, CarModel, Motorization


@dataclass(frozen=True)
class Recording:
    """A status that a real car once sent."""

    name: str
    motorization: Motorization
    status: dict[str, Json]

    @property
    def model(self) -> CarModel:
        """A car that could have sent it."""
        like = {"Electric": "battery", "Hybrid": "plug-in", "Thermic": "petrol"}[
            self.motorization
        ]
        return replace(
            MODELS[like],
            key=f"recording {self.name}",
            label=self.name,
            dialect="recording",
        )


def read_recording(argument: str) -> Recording:
    """Read `FILE[:Motorization]`; raises ValueError for a file that holds no JSON object."""
    name, _, suffix = argument.rpartition(":")
    motorizations: dict[str, Motorization] = {
        "Electric": "Electric",
        "Hybrid": "Hybrid",
        "Thermic": "Thermic",
    }
    path = Path(name if suffix in motorizations else argument)
    status = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(status, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return Recording(
        path.stem, motorizations.get(suffix) or _guess_motorization(status), status
    )


def _guess_motorization(status: dict[str, Json]) -> Motorization:
    """Tell from levels and service what a car runs on; an entry for a tank without level or range says nothing."""
    service = status.get("service")
    if isinstance(service, dict) and service.get("type") in ("Electric", "Hybrid"):
        return "Electric" if service["type"] == "Electric" else "Hybrid"
    entries = [
        entry
        for name in ("energies", "energy")
        for entry in (status.get(name) if isinstance(status.get(name), list) else None)
        or []
        if isinstance(entry, dict)
    ]
    electric = any(entry.get("type") == "Electric" for entry in entries)
    fuel = any(
        entry.get("type") == "Fuel" and (entry.get("level") or entry.get("autonomy"))
        for entry in entries
    )
    if electric:
        return "Hybrid" if fuel else "Electric"
    engines = status.get("engines")
    electric_engine = isinstance(engines, list) and any(
        isinstance(engine, dict) and engine.get("type") == "Electric"
        for engine in engines
    )
    return "Electric" if electric_engine and not fuel else "Thermic"


class Garages:
    """All cars, each built when somebody first asks for its garage."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        seed: str,
        history: timedelta,
        recordings: Iterable[Recording] = (),
    ) -> None:
        """Let cars begin their lives so long ago."""
        self._now = now
        self._seed = seed
        # A Monday, so that a run of the same week has the same past.
        since = (now() - history).date()
        self._since = since - timedelta(days=since.weekday())
        self._recordings = tuple(recordings)
        self._cars: dict[tuple[str, str], tuple[Car, ...]] = {}
        self.absent: set[str] = set()

    def of(self, account: Account, brand: Brand) -> tuple[Car, ...]:
        """Return the cars of an account at a brand, but for those that are away."""
        key = (account.email, brand.name)
        if key not in self._cars:
            self._cars[key] = tuple(self._build(account, brand))
        return tuple(car for car in self._cars[key] if car.id not in self.absent)

    def all(self, accounts: Iterable[Account]) -> list[Car]:
        """Return all cars of all accounts, also those that are away."""
        for account in accounts:
            for brand in BRANDS.values():
                self.of(account, brand)
        return [car for cars in self._cars.values() for car in cars]

    def built(self) -> list[Car]:
        """Return the cars that somebody has asked for so far."""
        return [car for cars in self._cars.values() for car in cars]

    def _build(self, account: Account, brand: Brand) -> Iterable[Car]:
        for key in account.cars:
            yield Car(MODELS[key], brand, account.email, self._seed, self._since)
        for recording in self._recordings if account.recordings else ():
            yield Car(
                recording.model,
                brand,
                account.email,
                self._seed,
                self._since,
                recording.status,
            )
