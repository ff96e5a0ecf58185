"""Owners and their cars, in the forms in which the platform has told of them."""

from typing import Any

import pytest

from custom_components.stellantis_connect.api.decode import decode
from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.maintenance import Maintenance
from custom_components.stellantis_connect.api.models.vehicle import (
    ChargingCapability,
    Motorization,
    PreconditioningCapability,
    RemoteCapability,
    User,
    Vehicle,
)

from .recorded import load


def test_recorded_list() -> None:
    """A car without a label, with twelve views."""
    (element,) = load("evcc11534-vehicles-peugeot-e208-2024-01")["_embedded"][
        "vehicles"
    ]
    car = decode(Vehicle, element)
    assert car.brand is Brand.PEUGEOT
    assert car.motorization is Motorization.ELECTRIC
    assert len(car.pictures) == 12
    assert (car.label, car.capabilities) == (None, None)
    assert car.key == car.vin == "MASKED"


def test_recorded_older_forms() -> None:
    """A brand of one letter, at the root or in an extension; no motorization; no pictures."""
    flat = decode(Vehicle, load("psa_ccc-user-vehicle-2023-03"))
    user = decode(User, load("psa_ccc-user-2023-04"))
    (extended,) = user.vehicles
    assert flat.brand is extended.brand is Brand.CITROEN
    assert (flat.label, extended.label) == (None, "myLabel")
    assert (extended.motorization, extended.pictures) == (None, ())
    assert (user.email, user.first_name, user.last_name) == ("MASKED",) * 3


@pytest.mark.parametrize("key", ["vehicles", "Vehicles"])
def test_embedded_cars_in_either_case(key: str) -> None:
    """Lower case in answers, upper in the specification."""
    user = decode(User, {"_embedded": {key: [{"id": "a"}, "nonsense"]}})
    assert [car.id for car in user.vehicles] == ["a"]


@pytest.mark.parametrize(
    ("told", "brand"),
    [
        ("P", Brand.PEUGEOT),
        ("C", Brand.CITROEN),
        ("D", Brand.DS),
        ("O", Brand.OPEL),
        ("V", Brand.VAUXHALL),
        ("Citroën", Brand.CITROEN),
        ("CITROEN", Brand.CITROEN),
        ("DS", Brand.DS),
        (" opel ", Brand.OPEL),
        ("Fiat", None),
        ("", None),
        (1, None),
    ],
)
def test_brand_is_a_name_or_a_letter(told: object, brand: Brand | None) -> None:
    """In any case, with or without its accents."""
    assert decode(Vehicle, {"brand": told}).brand is brand


@pytest.mark.parametrize(
    "nothing", [{}, {"label": "", "pictures": [], "motorization": ""}]
)
def test_label_pictures_and_motorization_may_be_missing_or_empty(
    nothing: dict[str, Any],
) -> None:
    """Which is the same."""
    assert decode(Vehicle, {"id": "a", **nothing}) == Vehicle(id="a")


def test_extensions_come_before_what_they_replace() -> None:
    """And an empty one does not hide it; only web addresses are pictures."""
    car = decode(
        Vehicle,
        {
            "label": "old",
            "pictures": ["https://example.com/1", "javascript:alert()", 5],
            "_embedded": {
                "extension": {
                    "branding": {"brand": "Opel", "label": "Corsa-e"},
                    "pictures": [],
                }
            },
        },
    )
    assert (car.brand, car.label) == (Brand.OPEL, "Corsa-e")
    assert car.pictures == ("https://example.com/1",)


def test_car_without_vin_is_kept_by_its_id() -> None:
    """So that it is kept at all."""
    assert Vehicle(id="a").key == "a"
    assert Vehicle(id="a", vin="b").key == "b"


def vehicle(**capabilities: Any) -> Vehicle:
    """Return a car that tells of capabilities."""
    extension = {"onboardCapabilities": capabilities}
    return decode(Vehicle, {"id": "a", "_embedded": {"extension": extension}})


def test_unknown_capabilities_are_not_none_at_all() -> None:
    """What is not told is None; what is told to be nothing is empty."""
    unknown, empty = vehicle().capabilities, vehicle(data=[], remote={}).capabilities
    assert unknown
    assert empty
    assert (unknown.data, unknown.remote) == (None, None)
    assert empty.data == frozenset()
    assert empty.remote
    assert empty.remote.door.supported is None


def test_capabilities_in_detail() -> None:
    """Of each remote what the platform tells; preferences in either place."""
    capabilities = vehicle(
        data=["data:telemetry:vehicle:doorsState", "data:new", 3],
        remote={
            "door": {"supported": True, "scopeName": "remote:door:write"},
            "horn": {"supported": False},
            "wakeup": {"supported": "yes"},
            "preconditioning": {
                "supported": True,
                "parameters": {"immediate": True, "programs": {"size": 4}},
            },
            "charging": {
                "supported": True,
                "parameters": {
                    "immediate": {"start": True, "stop": False},
                    "schedule": {
                        "programs": {"supported": True, "size": 2},
                        "nextDelayedTime": True,
                        "preferences": {"type": True},
                    },
                    "preferences": {"level": False},
                },
            },
        },
    ).capabilities
    assert capabilities
    assert capabilities.data == frozenset(
        {"data:telemetry:vehicle:doorsState", "data:new"}
    )
    remote = capabilities.remote
    assert remote
    assert remote.door == RemoteCapability(supported=True)
    assert remote.horn == RemoteCapability(supported=False)
    assert remote.wakeup == remote.navigation == RemoteCapability()
    assert remote.preconditioning == PreconditioningCapability(
        supported=True, immediate=True, programs_size=4
    )
    assert remote.charging == ChargingCapability(
        supported=True,
        immediate_start=True,
        immediate_stop=False,
        programs_supported=True,
        programs_size=2,
        next_delayed_time=True,
        preferences_level=False,
        preferences_type=True,
    )


def test_recorded_maintenance() -> None:
    """Days and kilometres; a time that was left out of the recording is none."""
    older = Maintenance.from_json(load("psa_ccc-maintenance-2023-03"))
    newer = Maintenance.from_json(load("ha584-maintenance-2026"))
    assert older.updated_at == older.created_at
    assert older.updated_at
    assert (older.days_before_maintenance, older.mileage_before_maintenance) == (
        610,
        22920,
    )
    assert (newer.days_before_maintenance, newer.mileage_before_maintenance) == (
        169,
        540,
    )
    assert (newer.created_at, newer.updated_at) == (None, None)
    assert Maintenance.from_json(newer.raw) == newer


def test_maintenance_has_two_spellings() -> None:
    """And is negative when it is overdue."""
    due = Maintenance.from_json({"daysBeforeMaintenace": -12})
    assert due.days_before_maintenance == -12
