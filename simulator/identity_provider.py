"""The identity providers' endpoints: authorize, access_token, token/revoke (RFC 6749, 7009, 7636)."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
import re
import secrets
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
import jwt
from multidict import MultiMapping

from . import pages
from .application import API_SCOPES, OPENID_SCOPES, Application
from .brands import BRANDS, Brand
from .identity import TOKEN_LIFE, Account, AuthorizationRequest, Grant, Identity

ROOT = "/idp/{brand}/am/oauth2"


class OAuthError(Exception):
    """An error response of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        """Initialize the error."""
        super().__init__(description)
        self.error = error
        self.status = status

    def response(self) -> web.Response:
        """Return the response."""
        headers = (
            {"WWW-Authenticate": 'Basic realm="oauth2"'} if self.status == 401 else None
        )
        body = {"error": self.error, "error_description": str(self)}
        return web.json_response(body, status=self.status, headers=headers)


INVALID_GRANT = "The provided access grant is invalid, expired, or revoked."


class IdentityProvider:
    """Five identity providers, each under its brand's name."""

    def __init__(
        self, identity: Identity, application: Application, now: Callable[[], datetime]
    ) -> None:
        """Initialize the endpoints for the registered application."""
        self._identity = identity
        self._application = application
        self._now = now
        self._sessions: dict[str, tuple[Account, AuthorizationRequest]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application."""
        return [
            web.get(f"{ROOT}/authorize", self.show_sign_in),
            web.post(f"{ROOT}/authorize", self.sign_in_or_consent),
            web.post(f"{ROOT}/access_token", self.token),
            web.post(f"{ROOT}/token/revoke", self.revoke),
        ]

    async def show_sign_in(self, request: web.Request) -> web.Response:
        """Return the sign-in page."""
        self._authorization_request(request.query)
        return self._sign_in_page(_brand(request))

    async def sign_in_or_consent(self, request: web.Request) -> web.Response:
        """Handle both forms: the sign-in leads to the consent, the consent to the client."""
        wanted = self._authorization_request(request.query)
        brand = _brand(request)
        form = await request.post()
        if "session" in form:
            account, wanted = self._sessions.pop(str(form["session"]), (None, wanted))
            if account is None:
                return self._sign_in_page(
                    brand, message="Your session has ended. Please sign in again."
                )
            accepted = {str(scope) for scope in form.getall("scope", ())}
            return self._decide(
                wanted,
                account,
                brand,
                accepted,
                declined=form.get("decision") != "accept",
            )
        email = str(form.get("username", ""))
        account = self._identity.sign_in(email, str(form.get("password", "")))
        if account is None:
            return self._sign_in_page(
                brand, email, "Unknown e-mail address or wrong password."
            )
        session = secrets.token_urlsafe(16)
        self._sessions[session] = (account, wanted)
        return _html(
            pages.consent(
                brand.label,
                self._application.client_id,
                session,
                self._requested_scopes(wanted),
            )
        )

    async def token(self, request: web.Request) -> web.Response:
        """Return tokens for a code or a refresh token."""
        try:
            return self._token(request, await request.post())
        except OAuthError as error:
            return error.response()

    async def revoke(self, request: web.Request) -> web.Response:
        """Revoke a token; ignore an unknown one (RFC 7009)."""
        try:
            self._authenticate(request)
            _require_realm(request)
        except OAuthError as error:
            return error.response()
        self._identity.revoke(str((await request.post()).get("token", "")))
        return web.json_response({})

    def grant(self, account: Account, brand: Brand, scopes: set[str]) -> Grant:
        """Return a consent to the scopes, by default to the registered ones."""
        granted = self._registered_scopes(scopes)
        announced = tuple(
            scope for scope in (*OPENID_SCOPES, *API_SCOPES) if scope in scopes
        )
        return Grant(account, brand, frozenset(granted), announced)

    def token_answer(self, grant: Grant, origin: str) -> dict[str, str | int]:
        """Return the body of a successful token request."""
        access_token, refresh_token = self._identity.issue_tokens(grant)
        response: dict[str, str | int] = {
            "access_token": access_token,
            "refresh_token": refresh_token,
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LIFE.total_seconds()),
        }
        if self._application.announce_scopes:
            response["scope"] = " ".join(self._identity.announced(grant))
        if "openid" in grant.announced:
            response["id_token"] = self._id_token(grant, origin)
        return response

    def _sign_in_page(
        self, brand: Brand, email: str = "", message: str = ""
    ) -> web.Response:
        accounts = self._identity.accounts
        return _html(pages.sign_in(brand.label, accounts, email, message))

    def _authorization_request(self, query: MultiMapping[str]) -> AuthorizationRequest:
        redirect_uri = query.get("redirect_uri", "")
        registered = self._application.redirect_uris
        if query.get("client_id") != self._application.client_id:
            raise _refusal("The client is unknown.")
        if not urlsplit(redirect_uri).scheme or (
            registered is not None and redirect_uri not in registered
        ):
            raise _refusal("The redirection URI is not registered for this client.")
        scopes = tuple(query.get("scope", "").split())
        wanted = AuthorizationRequest(
            redirect_uri,
            scopes or OPENID_SCOPES,
            query.get("state"),
            query.get("code_challenge"),
        )
        if query.get("response_type") != "code":
            raise _redirect(wanted, error="unsupported_response_type")
        if unknown := sorted({*wanted.scopes} - self._application.scopes):
            raise _redirect(
                wanted,
                error="invalid_scope",
                error_description=f"Unknown or invalid scope(s): {unknown}",
            )
        if wanted.challenge and query.get("code_challenge_method", "plain") != "S256":
            raise _redirect(
                wanted,
                error="invalid_request",
                error_description="code_challenge_method must be S256",
            )
        return wanted

    def _registered_scopes(self, scopes: set[str]) -> set[str]:
        return (scopes & set(API_SCOPES)) or (
            self._application.scopes & set(API_SCOPES)
        )

    def _requested_scopes(self, wanted: AuthorizationRequest) -> list[str]:
        registered = self._registered_scopes(set(wanted.scopes))
        return [scope for scope in API_SCOPES if scope in registered]

    def _decide(
        self,
        wanted: AuthorizationRequest,
        account: Account,
        brand: Brand,
        accepted: set[str],
        *,
        declined: bool,
    ) -> web.Response:
        granted = [
            scope for scope in self._requested_scopes(wanted) if scope in accepted
        ]
        if declined or not granted:
            raise _redirect(
                wanted,
                error="access_denied",
                error_description="Resource Owner did not authorize the request",
            )
        announced = tuple(
            scope
            for scope in wanted.scopes
            if scope in OPENID_SCOPES or scope in accepted
        )
        code = self._identity.issue_code(
            wanted, Grant(account, brand, frozenset(granted), announced)
        )
        scope = (
            {"scope": " ".join(announced)} if self._application.announce_scopes else {}
        )
        raise _redirect(wanted, code=code, **scope)

    def _authenticate(self, request: web.Request) -> None:
        scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
        try:
            client_id, _, secret = (
                base64.b64decode(credentials, validate=True).decode().partition(":")
            )
        except binascii.Error, UnicodeDecodeError:
            client_id = secret = ""
        if scheme.lower() != "basic" or not self._application.is_authentic(
            unquote_plus(client_id), unquote_plus(secret)
        ):
            raise OAuthError("invalid_client", "Client authentication failed", 401)

    def _token(
        self,
        request: web.Request,
        form: MultiMapping[str | bytes | bytearray | web.FileField],
    ) -> web.Response:
        self._authenticate(request)
        brand = _brand(request)

        def field(name: str) -> str:
            return str(form.get(name, ""))

        match field("grant_type"):
            case "authorization_code":
                verifier = field("code_verifier") or None
                grant = self._identity.redeem_code(
                    field("code"), field("redirect_uri"), verifier, brand
                )
            case "refresh_token":
                _require_realm(request)
                grant = self._identity.grant_of_refresh_token(
                    field("refresh_token"), brand
                )
            case _:
                raise OAuthError(
                    "unsupported_grant_type", "The grant type is not supported."
                )
        if grant is None:
            raise OAuthError("invalid_grant", INVALID_GRANT)
        return web.json_response(self.token_answer(grant, str(request.url.origin())))

    @cached_property
    def _signing_key(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    def _id_token(self, grant: Grant, origin: str) -> str:
        issued = self._now()
        claims = {
            "iss": origin + ROOT.format(brand=grant.brand.name),
            "aud": self._application.client_id,
            "sub": grant.account.subject(grant.brand),
            "email": grant.account.email,
            "realm": grant.brand.realm,
            "iat": issued,
            "exp": issued + TOKEN_LIFE,
        }
        shown = {
            name: value
            for name, value in claims.items()
            if name not in self._application.withheld_claims
        }
        return jwt.encode(shown, self._signing_key, algorithm="ES256")


def _brand(request: web.Request) -> Brand:
    try:
        return BRANDS[request.match_info["brand"]]
    except KeyError:
        raise web.HTTPNotFound from None


def _require_realm(request: web.Request) -> None:
    realm = re.sub("^/", "", request.query.get("realm", ""))
    if realm != _brand(request).realm:
        raise OAuthError(
            "invalid_request", "The realm is missing or not this identity provider's."
        )


def _html(page: str) -> web.Response:
    return web.Response(
        text=page, content_type="text/html", headers={"Cache-Control": "no-store"}
    )


def _refusal(message: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=pages.refusal(message), content_type="text/html")


def _redirect(wanted: AuthorizationRequest, **parameters: str) -> web.HTTPException:
    """Return a redirect to the client, to a custom scheme too (which yarl might change)."""
    if wanted.state is not None:
        parameters["state"] = wanted.state
    parts = urlsplit(wanted.redirect_uri)
    query = urlencode([*parse_qsl(parts.query), *parameters.items()])
    return _Found(headers={"Location": urlunsplit(parts._replace(query=query))})


class _Found(web.HTTPException):
    status_code = 302
