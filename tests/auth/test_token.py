"""Tests of what a token response says about the account."""

import hashlib
from typing import Any

import jwt
import pytest

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import User
from custom_components.stellantis_connect.auth.token import (
    Token,
    account_ids,
    granted_scopes,
)

KEY = "a key of at least 32 bytes that is not verified"
ID_TOKEN = jwt.encode({"sub": "owner"}, KEY)
BY_EMAIL = f"peugeot_{hashlib.sha256(b'dev@example.com').hexdigest()}"


@pytest.mark.parametrize(
    ("response", "email", "ids"),
    [
        ({"id_token": ID_TOKEN}, "Dev@Example.com", ["peugeot_owner", BY_EMAIL]),
        ({"id_token": ID_TOKEN}, None, ["peugeot_owner"]),
        ({"id_token": jwt.encode({}, KEY)}, "dev@example.com", [BY_EMAIL]),
        ({"id_token": jwt.encode({"sub": 42}, KEY)}, "dev@example.com", [BY_EMAIL]),
        ({"id_token": jwt.encode({"sub": ""}, KEY)}, "dev@example.com", [BY_EMAIL]),
        ({"id_token": "no.token"}, "dev@example.com", [BY_EMAIL]),
        ({"id_token": 42}, "dev@example.com", [BY_EMAIL]),
        ({"id_token": None}, "dev@example.com", [BY_EMAIL]),
        ({}, "dev@example.com", [BY_EMAIL]),
        ({}, None, []),
    ],
)
def test_account_ids_any_response_never_raises(
    response: dict[str, Any], email: str | None, ids: list[str]
) -> None:
    """The e-mail itself is not among them."""
    assert account_ids(Brand.PEUGEOT, response, User(email=email)) == ids


@pytest.mark.parametrize(
    ("values", "scopes"),
    [
        (("openid data:trip data:position",), [Scope.POSITION, Scope.TRIP]),
        ((["data:trip"],), [Scope.TRIP]),
        ((["data:trip", None, {}, 42],), [Scope.TRIP]),
        ((None, "data:trip"), [Scope.TRIP]),
        (("openid profile", "data:trip"), [Scope.TRIP]),
        ((None, 42, {}, [], ""), []),
    ],
)
def test_granted_scopes_any_value_never_raises(
    values: tuple[object, ...], scopes: list[Scope]
) -> None:
    """The first value that names a scope counts."""
    assert granted_scopes(*values) == scopes


def test_token_in_log_shows_nothing() -> None:
    """A token has no text."""
    token = Token(access_token="secret", refresh_token="secret", expires_at=0)
    assert "secret" not in f"{token!r} {token}"
