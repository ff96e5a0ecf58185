"""An account's owner and cars, and what each car can do."""

from enum import StrEnum

from ..decode import json_field, model
from .brand import Brand


class Motorization(StrEnum):
    """What moves a car."""

    ELECTRIC = "Electric"
    HYBRID = "Hybrid"
    THERMIC = "Thermic"
    HYDROGEN = "Hydrogen"


@model
class RemoteCapability:
    """Whether a kind of remote can be sent to a car."""

    supported: bool | None = None


@model
class PreconditioningCapability(RemoteCapability):
    """What of the preconditioning can be set."""

    immediate: bool | None = json_field("parameters/immediate")
    programs_size: int | None = json_field("parameters/programs/size")


@model
class ChargingCapability(RemoteCapability):
    """What of the charging can be set."""

    immediate_start: bool | None = json_field("parameters/immediate/start")
    immediate_stop: bool | None = json_field("parameters/immediate/stop")
    programs_supported: bool | None = json_field(
        "parameters/schedule/programs/supported"
    )
    programs_size: int | None = json_field("parameters/schedule/programs/size")
    next_delayed_time: bool | None = json_field("parameters/schedule/nextDelayedTime")
    # The specification has the preferences beside the schedule, and requires them within it.
    preferences_level: bool | None = json_field(
        "parameters/preferences/level", "parameters/schedule/preferences/level"
    )
    preferences_type: bool | None = json_field(
        "parameters/preferences/type", "parameters/schedule/preferences/type"
    )


@model
class RemoteCapabilities:
    """The kinds of remotes that a car can carry out."""

    door: RemoteCapability = RemoteCapability()
    horn: RemoteCapability = RemoteCapability()
    lights: RemoteCapability = RemoteCapability()
    wakeup: RemoteCapability = json_field(
        "wakeup", "wakeUp", default=RemoteCapability()
    )
    navigation: RemoteCapability = RemoteCapability()
    preconditioning: PreconditioningCapability = PreconditioningCapability()
    charging: ChargingCapability = ChargingCapability()


@model
class OnboardCapabilities:
    """What a car can produce and carry out.

    Attributes:
        data: scope-like names such as `data:telemetry:vehicle:doorsState`; None if not told.
        remote: None if not told.
    """

    data: frozenset[str] | None = None
    remote: RemoteCapabilities | None = None


def _web_addresses(pictures: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(url for url in pictures if url.startswith(("https://", "http://")))


@model
class Vehicle:
    """A car of the account.

    Attributes:
        id: the platform's name of the car, in this account; empty if it was left out.
        pictures: web addresses of views of the car.
        capabilities: None if not told.
    """

    id: str = ""
    vin: str | None = None
    brand: Brand | None = json_field(
        "_embedded/extension/branding/brand",
        "vehicleExtension/vehicleBranding/brand",
        "brand",
    )
    label: str | None = json_field(
        "_embedded/extension/branding/label",
        "vehicleExtension/vehicleBranding/label",
        "label",
    )
    motorization: Motorization | None = None
    pictures: tuple[str, ...] = json_field(
        "_embedded/extension/pictures",
        "vehicleExtension/vehiclePictures/pictures",
        "pictures",
        convert=_web_addresses,
        default=(),
    )
    capabilities: OnboardCapabilities | None = json_field(
        "_embedded/extension/onboardCapabilities"
    )

    @property
    def key(self) -> str:
        """The name under which to keep the car: its VIN, which outlives the account."""
        return self.vin or self.id


@model
class User:
    """The owner of the account."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    vehicles: tuple[Vehicle, ...] = json_field(
        "_embedded/vehicles", "_embedded/Vehicles", default=()
    )
