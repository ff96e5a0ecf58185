"""The address at which the browser ended after a sign-in, as a person pastes it."""

from collections.abc import Mapping
from dataclasses import dataclass
import hmac
from urllib.parse import parse_qsl, unquote, urlsplit

type Parameters = Mapping[str, str]


@dataclass(frozen=True, repr=False)
class Redirect:
    """What the identity provider sent the browser back with."""

    code: str
    scope: str = ""


class PastedAddressError(Exception):
    """No code can be taken from the text; `key` names the reason."""

    def __init__(self, key: str) -> None:
        """Keep the reason as the flow's error key."""
        super().__init__(key)
        self.key = key


def read_redirect(text: str, redirect_uri: str, state: str) -> Redirect:
    """Return what a pasted address carries, which may also be the code alone.

    White space, which mail programs and telephones add, and an address that was
    URL-encoded as a whole are forgiven. A code alone carries no state; that it
    belongs to this sign-in is then what PKCE makes sure of.

    Raises:
        PastedAddressError: with the reason, among them the identity provider's
            refusals `access_denied` and `invalid_scope`.

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
        return Redirect(_lone_code(address, is_address=is_redirect))
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
    """Tell whether an address can be one that was registered; any scheme will do."""
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


def _lone_code(text: str, *, is_address: bool) -> str:
    if not text or is_address or "://" in text:
        raise PastedAddressError("no_code")
    return text
