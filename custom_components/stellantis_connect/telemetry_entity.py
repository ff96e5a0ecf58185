"""What the entities share whose data are in a car's messages alone, and not in its status."""

from dataclasses import dataclass
from typing import override

from .coordinator import VehicleCoordinator
from .entity import StellantisEntityDescription
from .polling.endpoints import Endpoint


@dataclass(frozen=True, kw_only=True)
class TelemetryDescription[ValueT](StellantisEntityDescription[ValueT]):
    """What of a car's messages an entity shows; it exists where the car says that it sends it.

    Its messages are not asked for to find that out: nobody may want to see them.

    Attributes:
        capability: the platform's name of what the car must send.
    """

    capability: str
    resource: Endpoint = Endpoint.TELEMETRY
    entity_registry_enabled_default: bool = False

    @override
    def is_seen(self, car: VehicleCoordinator) -> bool:
        """Tell whether the car sends it, as far as it says what it sends."""
        capabilities = car.vehicle.capabilities
        if capabilities is None or capabilities.data is None:
            return True
        return self.capability in capabilities.data


TRANSMISSION = "data:telemetry:vehicle:transmission"
ADAS = "data:telemetry:vehicle:adas"
WIPING_BLADES = "data:telemetry:vehicle:wipingBlades"
