"""The accounts, codes, and tokens of the identity providers."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
import hmac
import secrets
import uuid

from .brands import Brand

CODE_LIFE = timedelta(minutes=2)
TOKEN_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class Account:
    """An account; `cars` are the keys of its models."""

    email: str
    first_name: str
    last_name: str
    cars: tuple[str, ...] = ()
    recordings: bool = False
    password: str | None = None

    def subject(self, brand: Brand) -> str:
        """Return the identifier by which a brand knows the person."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{brand.realm}/{self.email}"))


@dataclass
class Grant:
    """An owner's consent: which scopes, and the refresh token that is valid now."""

    account: Account
    brand: Brand
    scopes: frozenset[str]
    announced: tuple[str, ...]
    refresh_token: str | None = None


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request to the authorize endpoint."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str | None


@dataclass(frozen=True)
class Code:
    """An authorization code, valid once and for a short while."""

    request: AuthorizationRequest
    grant: Grant
    expires: datetime

    def is_proved_by(self, verifier: str | None) -> bool:
        """Return whether the PKCE verifier fits the challenge, if there was one."""
        if self.request.challenge is None:
            return True
        digest = hashlib.sha256((verifier or "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=")
        return hmac.compare_digest(challenge, self.request.challenge.encode())


@dataclass(frozen=True)
class AccessToken:
    """A bearer token and the consent behind it."""

    grant: Grant
    expires: datetime


class Identity:
    """The accounts, codes, and tokens of all identity providers."""

    def __init__(
        self,
        accounts: Iterable[Account],
        now: Callable[[], datetime],
        withdrawn: Callable[[Brand], set[str]],
    ) -> None:
        """Initialize the accounts.

        `now` is the clock that lives are measured with, `withdrawn` what owners have taken back.
        """
        self._withdrawn = withdrawn
        self.accounts = {account.email: account for account in accounts}
        self._now = now
        self._codes: dict[str, Code] = {}
        self._refresh_tokens: dict[str, Grant] = {}
        self._access_tokens: dict[str, AccessToken] = {}

    def sign_in(self, email: str, password: str) -> Account | None:
        """Return the account, if the password is scope; any password is, unless one was set."""
        account = self.accounts.get(email.strip().lower())
        if account is None or not password or account.password not in (None, password):
            return None
        return account

    def issue_code(self, request: AuthorizationRequest, grant: Grant) -> str:
        """Return a new authorization code."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(request, grant, self._now() + CODE_LIFE)
        return code

    def redeem_code(
        self, code: str, redirect_uri: str, verifier: str | None, brand: Brand
    ) -> Grant | None:
        """Return the consent behind a code, once; any attempt uses the code up."""
        known = self._codes.pop(code, None)
        if (
            known is None
            or known.expires <= self._now()
            or known.request.redirect_uri != redirect_uri
            or known.grant.brand != brand
            or not known.is_proved_by(verifier)
        ):
            return None
        return known.grant

    def issue_tokens(self, grant: Grant) -> tuple[str, str]:
        """Return a new access token and a new refresh token, which replaces the old one."""
        if grant.refresh_token is not None:
            self._refresh_tokens.pop(grant.refresh_token, None)
        grant.refresh_token = secrets.token_urlsafe(32)
        self._refresh_tokens[grant.refresh_token] = grant
        access_token = secrets.token_urlsafe(32)
        self._access_tokens[access_token] = AccessToken(grant, self._now() + TOKEN_LIFE)
        return access_token, grant.refresh_token

    def grant_of_refresh_token(self, token: str, brand: Brand) -> Grant | None:
        """Return the consent that a valid refresh token stands for."""
        grant = self._refresh_tokens.get(token)
        return grant if grant and grant.brand == brand else None

    def access(self, token: str) -> AccessToken | None:
        """Return what is known of an access token, also when it has expired."""
        return self._access_tokens.get(token)

    def is_expired(self, token: AccessToken) -> bool:
        """Return whether a token has expired."""
        return token.expires <= self._now()

    def scopes(self, grant: Grant) -> frozenset[str]:
        """Return what a consent still allows."""
        return grant.scopes - self._withdrawn(grant.brand)

    def announced(self, grant: Grant) -> list[str]:
        """Return the scopes that a token response names."""
        withdrawn = self._withdrawn(grant.brand)
        return [scope for scope in grant.announced if scope not in withdrawn]

    def revoke(self, token: str) -> None:
        """Revoke a refresh token with its access tokens, or one access token."""
        if grant := self._refresh_tokens.pop(token, None):
            grant.refresh_token = None
            self._expire(lambda access: access.grant is grant)
        else:
            self._expire(lambda access: access is self._access_tokens.get(token))

    def expire_access_tokens(self, brand: Brand | None = None) -> None:
        """Expire all access tokens of a brand, or of all brands."""
        self._expire(lambda access: brand in (None, access.grant.brand))

    def revoke_all(self, brand: Brand | None = None) -> None:
        """Revoke every refresh token of a brand, or of all brands."""
        for token, grant in list(self._refresh_tokens.items()):
            if brand in (None, grant.brand):
                self.revoke(token)

    def _expire(self, concerns: Callable[[AccessToken], bool]) -> None:
        over = self._now()
        self._access_tokens.update(
            {
                token: AccessToken(access.grant, over)
                for token, access in self._access_tokens.items()
                if concerns(access)
            }
        )
