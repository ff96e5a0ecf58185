"""The configuration folder of Home Assistant."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".develop"
DOMAIN = "stellantis_connect"

INTEGRATIONS = (
    "assist_pipeline",
    "config",
    "conversation",
    "energy",
    "history",
    "isal",
    "logbook",
    "sun",
)
"""What a person expects, beside what Home Assistant sets up unasked.

Not `my`, which would lead the sign-in over the internet, nor `http`, whose settings from here are on trial only.
"""
EDITABLE = ("automation", "scene", "script")
"""What a person adds to in the user interface."""

_CONFIGURATION = f"""\
homeassistant:
  name: Garage
  country: FR
  currency: EUR
  language: en
  time_zone: Europe/Paris
  unit_system: metric
  latitude: 48.1113
  longitude: -1.6778
  elevation: 40

logger:
  default: warning
  logs:
    custom_components.{DOMAIN}: info
    # Cameras and microphones miss libraries that no car needs.
    haffmpeg: fatal
    homeassistant.components.camera: fatal
    homeassistant.components.ffmpeg: fatal
"""


def has_person() -> bool:
    """Return whether the user exists."""
    return "user" in _stored("onboarding").get("done", [])


def write_configuration(port: int) -> None:
    """Write the configuration; keep what Home Assistant has stored."""
    (FOLDER / ".storage").mkdir(parents=True, exist_ok=True)
    lines = [_CONFIGURATION, *(f"{domain}:" for domain in INTEGRATIONS)]
    for domain in EDITABLE:
        (FOLDER / f"{domain}s.yaml").touch()
        lines.append(f"{domain}: !include {domain}s.yaml")
    (FOLDER / "configuration.yaml").write_text("\n".join(lines))
    components = FOLDER / "custom_components"
    if not components.is_symlink():
        components.symlink_to("../custom_components")
    if not has_person():
        # The other steps set up services that would retry to reach the internet for ever.
        _store("onboarding", 4, {"done": ["core_config", "analytics", "integration"]})
    _store(
        "http",
        3,
        {"stable": _listening(port), "pending": None, "yaml_migration_done": True},
    )


def _listening(port: int) -> dict[str, Any]:
    """Return the web server's settings as if a person had confirmed them."""
    return {
        "server_port": port,
        "server_host": ["127.0.0.1"],
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": True,
        "ssl_profile": "intermediate_v6",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }


def _stored(key: str) -> dict[str, Any]:
    try:
        stored = json.loads((FOLDER / ".storage" / key).read_text())
    except FileNotFoundError:
        return {}
    data: dict[str, Any] = stored["data"]
    return data


def _store(key: str, version: int, data: dict[str, Any]) -> None:
    stored = {"version": version, "minor_version": 1, "key": key, "data": data}
    (FOLDER / ".storage" / key).write_text(json.dumps(stored))
