"""The address of the browser after a sign-in, as the owner pastes it."""

from collections.abc import Mapping
from dataclasses import dataclass
import hmac
from urllib.parse import parse_qsl, unquote, urlsplit

type Parameters = Mapping[str, str]


@dataclass(frozen=True, repr=False)
class Redirect:
    """The parameters of the identity provider's redirect."""

    code: str
    scope: str = ""


class PastedAddressError(Exception):
    """The text holds no code.

    Attributes:
        key: the translation key of the reason.
    """

    def __init__(self, key: str) -> None:
        """Initialize the error."""
        super().__init__(key)
        self.key = key


def read_redirect(text: str, redirect_uri: str, state: str) -> Redirect:
    """Return the parameters of a pasted address, or of a code that was pasted alone.

    White space, which mail programs and telephones add, is removed, and an address that was
    URL-encoded as a whole is decoded. A code alone has no state: PKCE ensures that it belongs to
    this sign-in.

    Raises:
        PastedAddressError: with the reason, among them `access_denied` and `invalid_scope` of the
            identity provider.

    """
    address = "".join(text.split()).strip("\"'<>")
    if ":" not in address:
        address = unquote(address)
    try:
        parameters = _parameters(address)
        is_redirect = _without_parameters(address) == _without_parameters(redirect_uri)
    except ValueError as err:
        raise PastedAddressError("no_code") from err
    if not parameters:
        return Redirect(_code(address, is_address=is_redirect))
    if not is_redirect:
        raise PastedAddressError("other_redirect_uri")
    if not hmac.compare_digest(parameters.get("state", "").encode(), state.encode()):
        raise PastedAddressError("other_state")
    if error := parameters.get("error"):
        known = error in ("access_denied", "invalid_scope")
        raise PastedAddressError(error if known else "sign_in_failed")
    if not parameters.get("code"):
        raise PastedAddressError("no_code")
    return Redirect(parameters["code"], parameters.get("scope", ""))


def is_redirect_uri(text: str) -> bool:
    """Return whether an address may be registered; its scheme may be any."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path.startswith("/")))


def _parameters(address: str) -> Parameters:
    """Return the parameters of the query, or of the fragment where there is no query."""
    parts = urlsplit(address)
    return dict(parse_qsl(parts.query or parts.fragment))


def _without_parameters(address: str) -> tuple[str, str, str]:
    parts = urlsplit(address)
    return parts.scheme.casefold(), parts.netloc.casefold(), parts.path.rstrip("/")


def _code(text: str, *, is_address: bool) -> str:
    if not text or is_address or "://" in text:
        raise PastedAddressError("no_code")
    return text
