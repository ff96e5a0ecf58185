"""Users, vehicles and maintenance in the forms of the platform."""

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


def test_recorded_vehicle_list_is_decoded() -> None:
    """The car has no label, and twelve pictures."""
    (element,) = load("evcc11534-vehicles-peugeot-e208-2024-01")["_embedded"][
        "vehicles"
    ]
    car = decode(Vehicle, element)
    assert car.brand is Brand.PEUGEOT
    assert car.motorization is Motorization.ELECTRIC
    assert len(car.pictures) == 12
    assert (car.label, car.capabilities) == (None, None)
    assert car.vin == "MASKED"


def test_recorded_older_forms_are_decoded() -> None:
    """The brand is a letter, at the root or in an extension; other fields are missing."""
    flat = decode(Vehicle, load("psa_ccc-user-vehicle-2023-03"))
    user = decode(User, load("psa_ccc-user-2023-04"))
    (extended,) = user.vehicles
    assert flat.brand is extended.brand is Brand.CITROEN
    assert (flat.label, extended.label) == (None, "myLabel")
    assert (extended.motorization, extended.pictures) == (None, ())
    assert user.email == "MASKED"


@pytest.mark.parametrize("key", ["vehicles", "Vehicles"])
def test_embedded_vehicles_in_either_case_are_decoded(key: str) -> None:
    """Lower case in responses, upper case in the specification."""
    user = decode(User, {"_embedded": {key: [{"id": "a"}, "nonsense"]}})
    assert [car.id for car in user.vehicles] == ["a"]


@pytest.mark.parametrize(
    ("sent", "brand"),
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
def test_brand_as_name_or_letter_is_decoded(sent: object, brand: Brand | None) -> None:
    """In any case, with or without accents."""
    assert decode(Vehicle, {"brand": sent}).brand is brand


@pytest.mark.parametrize(
    "nothing", [{}, {"label": "", "pictures": [], "motorization": ""}]
)
def test_empty_label_pictures_and_motorization_are_missing(
    nothing: dict[str, Any],
) -> None:
    """An empty text is None."""
    assert decode(Vehicle, {"id": "a", **nothing}) == Vehicle(id="a")


def test_extension_has_precedence_unless_it_is_empty() -> None:
    """Only URLs are pictures."""
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


def vehicle(**capabilities: Any) -> Vehicle:
    """Return a car with capabilities."""
    extension = {"onboardCapabilities": capabilities}
    return decode(Vehicle, {"id": "a", "_embedded": {"extension": extension}})


def test_unreported_capabilities_are_none_and_empty_ones_empty() -> None:
    """They have different meanings."""
    unknown, empty = vehicle().capabilities, vehicle(data=[], remote={}).capabilities
    assert unknown
    assert empty
    assert (unknown.data, unknown.remote) == (None, None)
    assert empty.data == frozenset()
    assert empty.remote
    assert empty.remote.door.supported is None


def test_capabilities_are_decoded_in_detail() -> None:
    """Preferences are in either of two places."""
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


def test_recorded_maintenance_is_decoded() -> None:
    """In days and km."""
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


def test_maintenance_in_older_spelling_is_decoded() -> None:
    """It is negative if it is overdue."""
    due = Maintenance.from_json({"daysBeforeMaintenace": -12})
    assert due.days_before_maintenance == -12
