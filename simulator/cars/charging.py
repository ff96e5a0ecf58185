"""How a battery charges: a power that falls in steps as the level rises."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Up to which level (0..1) which part of the full power goes in.
type Curve = tuple[tuple[float, float], ...]
ALTERNATING: Curve = ((0.80, 1.0), (0.95, 0.8), (1.0, 0.4))
DIRECT: Curve = ((0.50, 1.0), (0.80, 0.6), (1.0, 0.2))


@dataclass(frozen=True)
class Charge:
    """A charge: energy in Wh, power in W; it ends at `target` Wh, or when its program does."""

    started: datetime
    energy: float
    capacity: float
    power: float
    target: float
    quick: bool = False
    stops: datetime | None = None

    @property
    def _curve(self) -> Curve:
        return DIRECT if self.quick else ALTERNATING

    def energy_at(self, moment: datetime) -> float:
        """Return the energy in the battery."""
        left = (moment - self.started).total_seconds()
        energy = self.energy
        for level, part in self._curve:
            end = min(level * self.capacity, self.target)
            if energy >= end:
                continue
            needed = (end - energy) / (self.power * part) * 3600
            if left < needed:
                return energy + left * self.power * part / 3600
            energy, left = end, left - needed
        return energy

    def power_at(self, moment: datetime) -> float:
        """Return the power that flows."""
        level = self.energy_at(moment) / self.capacity
        return self.power * next(
            (part for end, part in self._curve if level < end), 0.0
        )

    @property
    def ends(self) -> datetime:
        """Return when the target is reached, or the program ends."""
        seconds, energy = 0.0, self.energy
        for level, part in self._curve:
            end = min(level * self.capacity, self.target)
            if energy < end:
                seconds += (end - energy) / (self.power * part) * 3600
                energy = end
        full = self.started + timedelta(seconds=seconds)
        return min(full, self.stops) if self.stops else full
