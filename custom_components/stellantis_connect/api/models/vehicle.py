"""The user of an account, the cars, and their capabilities."""

from enum import StrEnum
from typing import Any

from ..decode import json_field, model
from .brand import Brand


class Motorization(StrEnum):
    """The motorization of a car."""

    ELECTRIC = "Electric"
    HYBRID = "Hybrid"
    THERMIC = "Thermic"
    HYDROGEN = "Hydrogen"


def _size_field(path: str) -> Any:
    """Declare a field with a number of programs."""
    return json_field(path, minimum=0, maximum=100)


@model
class RemoteCapability:
    """Whether a car supports a remote."""

    supported: bool | None = None


@model
class PreconditioningCapability(RemoteCapability):
    """What a car supports of preconditioning."""

    immediate: bool | None = json_field("parameters/immediate")
    programs_size: int | None = _size_field("parameters/programs/size")


@model
class ChargingCapability(RemoteCapability):
    """What a car supports of charging."""

    immediate_start: bool | None = json_field("parameters/immediate/start")
    immediate_stop: bool | None = json_field("parameters/immediate/stop")
    programs_supported: bool | None = json_field(
        "parameters/schedule/programs/supported"
    )
    programs_size: int | None = _size_field("parameters/schedule/programs/size")
    next_delayed_time: bool | None = json_field("parameters/schedule/nextDelayedTime")
    # The specification has the preferences beside the schedule, but requires them within it.
    preferences_level: bool | None = json_field(
        "parameters/preferences/level", "parameters/schedule/preferences/level"
    )
    preferences_type: bool | None = json_field(
        "parameters/preferences/type", "parameters/schedule/preferences/type"
    )


@model
class RemoteCapabilities:
    """The remotes that a car supports."""

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
    """The data that a car produces, and the remotes that it supports; None if not reported.

    Attributes:
        data: names such as `data:telemetry:vehicle:doorsState`.
    """

    data: frozenset[str] | None = None
    remote: RemoteCapabilities | None = None


def _urls(pictures: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(url for url in pictures if url.startswith(("https://", "http://")))


@model
class Vehicle:
    """A car of the account.

    Attributes:
        id: the platform's id of the car in this account; empty if it is missing.
        pictures: URLs of pictures of the car.
        capabilities: None if they were not reported.
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
        convert=_urls,
        default=(),
    )
    capabilities: OnboardCapabilities | None = json_field(
        "_embedded/extension/onboardCapabilities"
    )

    @property
    def data(self) -> frozenset[str] | None:
        """Return the data that the car produces; None if they were not reported."""
        return self.capabilities.data if self.capabilities else None

    @property
    def remotes(self) -> RemoteCapabilities:
        """Return the remotes that the car supports, as far as they were reported."""
        reported = self.capabilities.remote if self.capabilities else None
        return reported or RemoteCapabilities()


@model
class User:
    """The user of the account."""

    email: str | None = None
    vehicles: tuple[Vehicle, ...] = json_field(
        "_embedded/vehicles", "_embedded/Vehicles", default=()
    )
