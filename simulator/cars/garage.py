"""The cars of each account at each brand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import json
from pathlib import Path

from simulator.brands import BRANDS, Brand
from simulator.errors import Json
from simulator.identity import Account

from .car import Car
from .models import MODELS, CarModel, Motorization


@dataclass(frozen=True)
class Recording:
    """A recorded status of a real car."""

    name: str
    motorization: Motorization
    status: dict[str, Json]

    @property
    def model(self) -> CarModel:
        """Return a model that could have sent it."""
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
    """Parse `FILE[:Motorization]`; raise TypeError for a file that holds no JSON object."""
    name, _, suffix = argument.rpartition(":")
    motorizations: dict[str, Motorization] = {
        "Electric": "Electric",
        "Hybrid": "Hybrid",
        "Thermic": "Thermic",
    }
    path = Path(name if suffix in motorizations else argument)
    status = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(status, dict):
        raise TypeError(f"{path.name} holds no JSON object")
    return Recording(
        path.stem, motorizations.get(suffix) or _guess_motorization(status), status
    )


def _guess_motorization(status: dict[str, Json]) -> Motorization:
    """Return the motorization; a Fuel entry without level or range is ignored."""
    match status.get("service"):
        case {"type": "Electric"}:
            return "Electric"
        case {"type": "Hybrid"}:
            return "Hybrid"
    energies = [*_objects(status, "energies"), *_objects(status, "energy")]
    fuel = any(
        entry.get("type") == "Fuel" and (entry.get("level") or entry.get("autonomy"))
        for entry in energies
    )
    electric = any(
        entry.get("type") == "Electric"
        for entry in (*energies, *_objects(status, "engines"))
    )
    if electric:
        return "Hybrid" if fuel else "Electric"
    return "Thermic"


def _objects(status: dict[str, Json], name: str) -> list[dict[str, Json]]:
    value = status.get(name)
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, dict)]


class Garages:
    """All cars, each created when its garage is first requested."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        seed: str,
        history: timedelta,
        recordings: Iterable[Recording] = (),
        by_the_book: bool = False,
    ) -> None:
        """Initialize the garages; the cars' lives begin a time ago."""
        self._now = now
        self._seed = seed
        # A Monday, so that a run of the same week has the same past.
        since = (now() - history).date()
        self._since = since - timedelta(days=since.weekday())
        self._recordings = tuple(recordings)
        self.by_the_book = by_the_book
        self._cars: dict[tuple[str, str], tuple[Car, ...]] = {}
        self.absent: set[str] = set()

    def of(
        self, account: Account, brand: Brand, *, absent: bool = False
    ) -> tuple[Car, ...]:
        """Return the cars of an account at a brand; absent ones only with `absent`."""
        key = (account.email, brand.name)
        if key not in self._cars:
            self._cars[key] = tuple(self._build(account, brand))
        return tuple(
            car for car in self._cars[key] if absent or car.id not in self.absent
        )

    def find(
        self, identifier: str, accounts: Iterable[Account]
    ) -> tuple[str, Car | None]:
        """Return the owner's address and the car with an id."""
        for account in accounts:
            for brand in BRANDS.values():
                for car in self.of(account, brand, absent=True):
                    if car.id == identifier:
                        return account.email, car
        return "", None

    def built(self) -> list[Car]:
        """Return the cars that were requested so far."""
        return [car for cars in self._cars.values() for car in cars]

    def _build(self, account: Account, brand: Brand) -> Iterable[Car]:
        for key in account.cars:
            yield Car(
                MODELS[key],
                brand,
                account.email,
                self._seed,
                self._since,
                by_the_book=self.by_the_book,
            )
        for recording in self._recordings if account.recordings else ():
            yield Car(
                recording.model,
                brand,
                account.email,
                self._seed,
                self._since,
                recording.status,
                by_the_book=self.by_the_book,
            )
