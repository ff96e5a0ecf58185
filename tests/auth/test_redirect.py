"""Tests of pasted addresses."""

from urllib.parse import quote

import pytest

from custom_components.stellantis_connect.auth.redirect import (
    PastedAddressError,
    Redirect,
    is_redirect_uri,
    read_redirect,
)

URI = "mymap://oauth2redirect/fr"
ADDRESS = f"{URI}?code=a%2Fb&state=ours&scope=data%3Atelemetry+data%3Atrip"

AUTHORIZE = (
    "https://idp.example.com/am/oauth2/authorize?response_type=code&client_id=id"
    f"&redirect_uri={quote(URI, safe='')}&state=ours"
)


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        f"  {ADDRESS}\n",
        ADDRESS.replace("&", "&\n  "),
        f'"{ADDRESS}"',
        f"<{ADDRESS}>",
        quote(ADDRESS, safe=""),
        ADDRESS.replace("?", "#"),
        ADDRESS.replace("mymap", "MyMap"),
        ADDRESS.replace("/fr?", "/fr/?"),
        f"authorize-consentments:1 Failed to launch '{ADDRESS}' because the scheme does not have"
        " a registered handler.",
        f"GET {ADDRESS} net::ERR_UNKNOWN_URL_SCHEME",
        f"GET {ADDRESS}&iss=https://example.com/am/oauth2/authorize NS_ERROR_UNKNOWN_PROTOCOL",
        f"Location: {ADDRESS}\nServer: example",
        f"curl '{ADDRESS}' \\\n  -H 'Upgrade-Insecure-Requests: 1'",
        f'curl ^"{ADDRESS.replace("&", "^&").replace("%", "^%")}^" ^\n  -H ^"Accept: */*^"',
        f'fetch("{ADDRESS}", {{"method": "GET"}});',
        f'{{"request": {{"method": "GET", "url": "{ADDRESS}", "cookies": []}}}}',
        f'{{"redirectURL": "{ADDRESS.replace("/", "\\/").replace("&", "\\u0026")}"}}',
        f'<a href="{ADDRESS.replace("&", "&amp;")}">',
        f"{URI}?code=0&state=theirs\n{ADDRESS}",
        ADDRESS.partition("?")[2],
        f"?{ADDRESS.partition('?')[2]}",
    ],
)
def test_read_redirect_address_in_any_form_returns_parameters(text: str) -> None:
    """Lines of developer tools, white space, encoding and fragments are accepted."""
    assert read_redirect(text, URI, "ours") == Redirect(
        "a/b", "data:telemetry data:trip"
    )


@pytest.mark.parametrize("code", ["abc-123", " abc-123\n", "abc%2D123"])
def test_read_redirect_code_alone_returns_code(code: str) -> None:
    """The address is not needed."""
    assert read_redirect(code, URI, "ours") == Redirect("abc-123")


@pytest.mark.parametrize("text", [f"{URI}?code=1", f"GET {URI}?code=1 (canceled)"])
def test_read_redirect_without_state_returns_code(text: str) -> None:
    """A state is checked where there is one."""
    assert read_redirect(text, URI, "ours").code == "1"


def test_read_redirect_uri_with_query_returns_code() -> None:
    """The query of the redirect URI is returned with the code."""
    uri = "https://example.com/callback?app=1"
    assert read_redirect(f"{uri}&code=1&state=ours", uri, "ours").code == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (URI, True),
        ("https://example.com/callback", True),
        ("com.example.app:/oauth2redirect", True),
        ("myapp", False),
        ("", False),
        ("http://[broken", False),
    ],
)
def test_is_redirect_uri_any_scheme_is_accepted(text: str, expected: bool) -> None:
    """The authority may be missing (RFC 8252, section 7.1)."""
    assert is_redirect_uri(text) is expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "no_code"),
        ("  ", "no_code"),
        (URI, "no_code"),
        (f"{URI}?state=ours", "no_code"),
        (f"{URI}?code=1&state=theirs", "other_state"),
        (f"{URI}/else?code=1&state=ours", "other_redirect_uri"),
        ("https://example.com/?code=1&state=ours", "other_redirect_uri"),
        (f"{URI}?error=access_denied&state=ours", "access_denied"),
        (f"{URI}?error=invalid_scope&state=ours", "invalid_scope"),
        (f"{URI}?error=server_error&state=ours", "sign_in_failed"),
        ("http://[broken?code=1&state=ours", "other_redirect_uri"),
        ("https://example.com/callback", "no_code"),
        (AUTHORIZE, "authorize_address"),
        (
            f"https://example.com/login?goto={quote(AUTHORIZE, safe='')}",
            "authorize_address",
        ),
        (
            'Navigation to "https://idp.example.com/am/oauth2/authorize" was blocked because of an'
            " unknown protocol.",
            "authorize_address",
        ),
    ],
)
def test_read_redirect_invalid_text_raises_reason(text: str, key: str) -> None:
    """Each mistake has its own error."""
    with pytest.raises(PastedAddressError) as raised:
        read_redirect(text, URI, "ours")
    assert raised.value.key == key
