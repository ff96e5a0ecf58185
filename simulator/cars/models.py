"""The four models of the default garage."""

from dataclasses import dataclass, field
from typing import Literal

type Motorization = Literal["Electric", "Hybrid", "Thermic"]
type Dialect = Literal["4.17", "2022", "recording"]


@dataclass(frozen=True, kw_only=True)
class Battery:
    """A traction battery: energy in Wh, power in W.

    Attributes:
        reported: the part of its energy that the car reports; a third is missing on some cars.
        decimals: how precisely the car reports its level.
    """

    capacity: float
    alternating: float
    direct: float = 0.0
    per_km: float
    health: int = 97
    reported: float = 1.0
    decimals: int = 1


@dataclass(frozen=True, kw_only=True)
class Tank:
    """A fuel tank: litres, and litres per 100 km."""

    capacity: float
    per_100_km: float


@dataclass(frozen=True, kw_only=True)
class Remotes:
    """The remotes of a model."""

    names: frozenset[str] = frozenset()
    preconditioning_programs: int = 0
    charging_start: bool = False
    charging_stop: bool = False
    charging_programs: int = 0
    next_delayed_time: bool = False
    preferences: bool = False


@dataclass(frozen=True, kw_only=True)
class CarModel:
    """A model of a car, and how much its owner drives."""

    key: str
    label: str
    motorization: Motorization
    dialect: Dialect = "4.17"
    battery: Battery | None = None
    tank: Tank | None = None
    odometer: float
    km_to_work: float
    diligence: float = 0.85
    doors: bool = True
    roof_window: bool = False
    frozen_times: bool = False
    waits_disconnected: bool = False
    color: tuple[int, int, int] = (90, 110, 140)
    remotes: Remotes = field(default_factory=Remotes)


EVERY_REMOTE = frozenset(
    {"door", "preconditioning", "horn", "charging", "lights", "wakeup", "navigation"}
)

MODELS = {
    model.key: model
    for model in (
        CarModel(
            key="battery",
            label="Compact Electric",
            motorization="Electric",
            battery=Battery(
                capacity=51_000, alternating=7_400, direct=100_000, per_km=158
            ),
            frozen_times=True,
            odometer=18_240.3,
            km_to_work=24,
            color=(40, 110, 190),
            remotes=Remotes(
                names=EVERY_REMOTE,
                preconditioning_programs=4,
                charging_start=True,
                charging_stop=True,
                charging_programs=4,
                next_delayed_time=True,
                preferences=True,
            ),
        ),
        CarModel(
            key="plug-in",
            label="Family Plug-in Hybrid",
            motorization="Hybrid",
            battery=Battery(capacity=12_400, alternating=3_700, per_km=190),
            tank=Tank(capacity=43, per_100_km=6.4),
            odometer=33_871.8,
            km_to_work=31,
            roof_window=True,
            waits_disconnected=True,
            color=(70, 130, 90),
            remotes=Remotes(
                names=frozenset(
                    {"door", "preconditioning", "horn", "charging", "lights", "wakeup"}
                ),
                preconditioning_programs=4,
                charging_start=True,
                next_delayed_time=True,
            ),
        ),
        CarModel(
            key="petrol",
            label="City Petrol",
            motorization="Thermic",
            tank=Tank(capacity=44, per_100_km=5.9),
            odometer=52_310.0,
            km_to_work=12,
            color=(170, 60, 50),
            remotes=Remotes(names=frozenset({"door", "horn", "lights", "wakeup"})),
        ),
        CarModel(
            key="old",
            label="City Electric 2021",
            motorization="Electric",
            dialect="2022",
            battery=Battery(
                capacity=46_000, alternating=7_400, direct=50_000, per_km=164, health=91
            ),
            odometer=41_905.6,
            km_to_work=9,
            diligence=0.6,
            doors=False,
            color=(150, 150, 155),
            remotes=Remotes(
                names=frozenset({"preconditioning", "charging", "wakeup"}),
                preconditioning_programs=4,
                charging_start=True,
                next_delayed_time=True,
            ),
        ),
    )
}
