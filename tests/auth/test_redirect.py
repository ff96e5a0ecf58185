"""What people paste after a sign-in, and what is made of it."""

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
    ],
)
def test_address_is_understood_as_people_paste_it(text: str) -> None:
    """White space, quotes, encoding and fragments are forgiven."""
    assert read_redirect(text, URI, "ours") == Redirect(
        "a/b", "data:telemetry data:trip"
    )


@pytest.mark.parametrize("code", ["abc-123", " abc-123\n", "abc%2D123"])
def test_code_alone_will_do(code: str) -> None:
    """Some copy the code only."""
    assert read_redirect(code, URI, "ours") == Redirect("abc-123")


def test_registered_address_with_parameters_of_its_own() -> None:
    """A redirect URI may carry a query, which comes back with the code."""
    uri = "https://example.com/callback?app=1"
    assert read_redirect(f"{uri}&code=1&state=ours", uri, "ours").code == "1"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (URI, True),
        ("https://example.com/callback", True),
        ("com.example.app:/oauth2redirect", True),
        ("myapp", False),
        ("", False),
        ("http://[broken", False),
    ],
)
def test_any_scheme_may_be_registered(text: str, is_one: bool) -> None:
    """A word is no redirect URI; one without an authority is (RFC 8252, section 7.1)."""
    assert is_redirect_uri(text) is is_one


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "no_code"),
        ("  ", "no_code"),
        (URI, "no_code"),
        (f"{URI}?state=ours", "no_code"),
        (f"{URI}?code=1", "other_state"),
        (f"{URI}?code=1&state=theirs", "other_state"),
        (f"{URI}/else?code=1&state=ours", "other_redirect_uri"),
        ("https://example.com/?code=1&state=ours", "other_redirect_uri"),
        (f"{URI}?error=access_denied&state=ours", "access_denied"),
        (f"{URI}?error=invalid_scope&state=ours", "invalid_scope"),
        (f"{URI}?error=server_error&state=ours", "sign_in_failed"),
        ("http://[broken?code=1&state=ours", "no_code"),
    ],
)
def test_each_mistake_has_its_own_message(text: str, key: str) -> None:
    """What is wrong with the text is named."""
    with pytest.raises(PastedAddressError) as caught:
        read_redirect(text, URI, "ours")
    assert caught.value.key == key
