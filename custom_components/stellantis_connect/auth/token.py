"""The OAuth2 token of an account, and what a token response says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
import hashlib
from typing import Any, Self

import jwt

from ..api.models.brand import Brand
from ..api.models.scope import Scope
from ..api.models.vehicle import User
from ..storage import StorageFormat

# They bring the ID token, which identifies the account.
OPENID_SCOPES = ("openid", "profile")


@dataclass(frozen=True, kw_only=True, repr=False)
class Token:
    """A token, as it is stored.

    Attributes:
        access_token: authorizes requests.
        refresh_token: is exchanged for the next token, once.
        expires_at: the Unix time at which the access token expires.
        generation: counts the sign-ins of the account.
        rotation: counts the refreshes since the sign-in.
    """

    access_token: str
    refresh_token: str
    expires_at: float
    generation: int = 0
    rotation: int = 0

    @classmethod
    def from_response(cls, response: Mapping[str, Any], generation: int = 0) -> Self:
        """Return the token of a sign-in."""
        return cls(
            access_token=response["access_token"],
            refresh_token=response["refresh_token"],
            expires_at=response["expires_at"],
            generation=generation,
        )

    def rotated(self, response: Mapping[str, Any]) -> Self:
        """Return the token that replaces this one."""
        token = self.from_response(response, self.generation)
        return replace(token, rotation=self.rotation + 1)

    def is_newer_than(self, other: Token) -> bool:
        """Return whether this token was issued later; the clock may have been wrong meanwhile."""
        return (self.generation, self.rotation) > (other.generation, other.rotation)


TOKEN_FORMAT = StorageFormat(Token)


def account_ids(brand: Brand, response: Mapping[str, Any], user: User) -> list[str]:
    """Return the identifiers of an account: the ID token's subject, and a hash of the e-mail.

    The signature of the ID token is not verified: it comes from the identity provider over TLS.
    """
    ids = [_subject(response.get("id_token"))]
    if user.email:
        ids.append(hashlib.sha256(user.email.casefold().encode()).hexdigest())
    return [f"{brand}_{account_id}" for account_id in ids if account_id]


def _subject(id_token: object) -> str | None:
    try:
        claims = jwt.decode(str(id_token), options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    subject = claims.get("sub")
    return subject if isinstance(subject, str) else None


def granted_scopes(*values: object) -> list[Scope]:
    """Return the scopes of the first value that names any, a text or a list; else none.

    Some responses name `openid profile` alone, whatever was granted.
    """
    for value in values:
        names = value.split() if isinstance(value, str) else value
        if not isinstance(names, list):
            continue
        if scopes := [scope for scope in Scope if scope in names]:
            return scopes
    return []
