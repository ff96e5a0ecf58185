"""The pages of an identity provider."""

from collections.abc import Iterable
from html import escape

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; background: #eef1f4; color: #1c2430; margin: 0; }
main { max-width: 26rem; margin: 8vh auto; padding: 2rem; background: #fff; border-radius: .8rem; }
h1 { font-size: 1.3rem; margin-top: 0; }
label { display: block; margin: .4rem 0; }
input:not([type=checkbox]) { width: 100%; padding: .6rem; box-sizing: border-box; }
button { padding: .6rem 1.2rem; margin: 1rem .6rem 0 0; border: 0; border-radius: .4rem; cursor: pointer; }
button.main { background: #1f5fbf; color: #fff; }
.wrong { color: #b3261e; }
"""

SCOPE_WORDS = {
    "data:telemetry": "State of the vehicle",
    "data:position": "Position of the vehicle",
    "data:trip": "Trips",
    "data:alert": "Alerts",
    "data:collision": "Collisions",
    "data:vehicle:devices:pnc": "Plug and charge",
    "remote:door:write": "Lock and unlock the doors",
    "remote:preconditioning:write": "Preconditioning",
    "remote:horn:write": "Horn",
    "remote:charging:write": "Charging",
    "remote:lights:write": "Lights",
    "remote:wakeup:write": "Wake the vehicle up",
    "remote:navigation:write": "Send destinations",
}


def _page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )


def sign_in(
    brand: str, accounts: Iterable[str], email: str = "", message: str = ""
) -> str:
    """Return the sign-in page, which lists the known accounts."""
    wrong = f'<p class="wrong" role="alert">{escape(message)}</p>' if message else ""
    return _page(
        f"Sign in to {brand}",
        f"{wrong}<form method='post'>"
        f"<label>E-mail<input name='username' type='email' value='{escape(email)}' required autofocus></label>"
        "<label>Password<input name='password' type='password' required></label>"
        "<button class='main' type='submit'>Sign in</button></form>"
        f"<p><small>A simulated identity provider. It knows {escape(', '.join(accounts))}, "
        "with any password.</small></p>",
    )


def consent(brand: str, application: str, session: str, scopes: Iterable[str]) -> str:
    """Return the consent page."""
    boxes = "".join(
        f"<label><input type='checkbox' name='scope' value='{escape(scope)}' checked> "
        f"{escape(SCOPE_WORDS.get(scope, scope))}</label>"
        for scope in scopes
    )
    return _page(
        f"{brand}: share your vehicle's data",
        f"<p>{escape(application)} requests:</p><form method='post'>"
        f"<input type='hidden' name='session' value='{escape(session)}'>{boxes}"
        "<button class='main' name='decision' value='accept'>Accept</button>"
        "<button name='decision' value='decline'>Decline</button></form>",
    )


def refusal(message: str) -> str:
    """Return the page for a request that must not be redirected anywhere."""
    return _page(
        "This request cannot be served", f'<p class="wrong">{escape(message)}</p>'
    )
