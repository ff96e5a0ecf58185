"""The address of the browser after a sign-in, as the owner pastes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import hmac
import re
from urllib.parse import parse_qsl, unquote, urlsplit

type Parameters = Mapping[str, str]

# How developer tools escape an address: as HTML, as JSON, and for the command line of Windows.
ESCAPES: Mapping[str, str] = {"&amp;": "&", "\\u0026": "&", "\\/": "/", "^": ""}
DELIMITERS = "\\s\"'<>`"
# In the address of the page to sign in, which may be URL-encoded in another one.
AUTHORIZE_MARKS = ("oauth2/authorize", "client_id=")
KNOWN_ERRORS = ("access_denied", "invalid_scope")


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
    """Return the parameters of a pasted address, wherever in the text it is, or of a code alone.

    A line of the developer tools contains more than the address. White space within the address,
    which mail programs and telephones add, is removed. Without a state, PKCE ensures that the code
    belongs to this sign-in.

    Raises:
        PastedAddressError: with the reason, among them `access_denied` and `invalid_scope` of the
            identity provider.

    """
    for escape, plain in ESCAPES.items():
        text = text.replace(escape, plain)
    compact = "".join(text.split())
    if ":" not in compact:
        text = compact = unquote(compact)
    redirects = [
        *_redirects(text, redirect_uri),
        *_redirects(compact, redirect_uri),
        *_query(compact),
    ]
    for parameters in redirects:
        if _is_same(parameters.get("state", ""), state):
            return _redirect(parameters)
    for parameters in redirects:
        if "state" in parameters:
            raise PastedAddressError("other_state")
        return _redirect(parameters)
    return Redirect(_code(compact, redirect_uri))


def is_redirect_uri(text: str) -> bool:
    """Return whether an address may be registered; its scheme may be any."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path.startswith("/")))


def _redirects(text: str, redirect_uri: str) -> Iterator[Parameters]:
    """Yield the parameters of each address in a text that begins with the redirect URI."""
    start = re.escape(re.split("[?#]", redirect_uri)[0].rstrip("/"))
    for match in re.finditer(f"{start}/?[?#]([^{DELIMITERS}]+)", text, re.IGNORECASE):
        yield _parameters(match[1])


def _query(text: str) -> Iterator[Parameters]:
    """Yield the parameters of a query that was pasted without its address."""
    parameters = _parameters(text.lstrip("?#&"))
    if "code" in parameters:
        yield parameters


def _parameters(query: str) -> Parameters:
    return dict(parse_qsl(query.replace("#", "&")))


def _redirect(parameters: Parameters) -> Redirect:
    if error := parameters.get("error"):
        raise PastedAddressError(error if error in KNOWN_ERRORS else "sign_in_failed")
    if not parameters.get("code"):
        raise PastedAddressError("no_code")
    return Redirect(parameters["code"], parameters.get("scope", ""))


def _code(text: str, redirect_uri: str) -> str:
    """Return a text without an address, which is a code."""
    decoded = unquote(unquote(text)).casefold()
    if any(mark in decoded for mark in AUTHORIZE_MARKS):
        raise PastedAddressError("authorize_address")
    if "code=" in decoded:
        raise PastedAddressError("other_redirect_uri")
    code = text.strip("\"'<>`")
    if not code or ":" in code or code.casefold() == redirect_uri.casefold():
        raise PastedAddressError("no_code")
    return code


def _is_same(state: str, expected: str) -> bool:
    return hmac.compare_digest(state.encode(), expected.encode())
