"""Set up the account through the config flow."""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, CookieJar
from yarl import URL

from . import DevelopmentError
from .browser import walk
from .configuration import DOMAIN
from .home_assistant import Home

APPLICATION = {
    "client_id": "simulated-client",
    "client_secret": "simulated-secret",
    "name": "Simulator",
}
OWNER = {"username": "dev@example.com", "password": "dev"}
"""Who has the simulator's garage; any password is right there."""
ANSWERS = {"brand": "peugeot"}
"""The values of the forms of the config flow that are not suggested."""
CERTIFICATE_FILES = {
    "certificate_file": "client.pem",
    "key_file": "client-key.pem",
    "ca_file": "ca.pem",
}
"""What is uploaded of the simulator's set of certificates."""
_TIME_TO_LOAD = 60
"""Seconds for an entry's set-up, in which the cars are names for the first time."""

type Json = dict[str, Any]


class EnrolmentError(DevelopmentError):
    """The config flow or the setup fails."""


async def ensure_enrolled(home: Home, certificates: Path | None) -> None:
    """Set up the account, or sign in again: a new simulator knows no token of an earlier one.

    Raises:
        EnrolmentError: the flow or the set-up after it fails, and why.

    """
    match await home.command("config_entries/get", domain=DOMAIN):
        case []:
            await home.command(
                "application_credentials/create", domain=DOMAIN, **APPLICATION
            )
            await _go_through(home, {"handler": DOMAIN}, certificates)
        case [{"entry_id": entry_id}, *_]:
            flow = {"handler": DOMAIN, "entry_id": entry_id}
            await _go_through(home, flow, certificates)
    await _until_loaded(home)


async def _go_through(home: Home, flow: Json, certificates: Path | None) -> None:
    step = await home.post("config/config_entries/flow", flow)
    path = f"config/config_entries/flow/{step['flow_id']}"
    answered = set[str]()
    while True:
        match step:
            case {"type": "create_entry"}:
                return
            case {"type": "abort", "reason": "reconfigure_successful"}:
                return
            case {"type": "abort", "reason": reason}:
                raise EnrolmentError(f"the flow ends with {reason}")
            case {"errors": {"base": error}, "step_id": name} if name in answered:
                raise EnrolmentError(f"the step {name} finds {error}")
            case {"type": "external", "url": url}:
                async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
                    start = URL(url, encoded=True)
                    await walk(browser, start, goal=home.url, known=OWNER)
                step = await home.get(path)
            case {"type": "menu", "step_id": "reconfigure"}:
                step = await home.post(path, {"next_step_id": "pick_implementation"})
            case {"type": "form", "step_id": name, "data_schema": schema}:
                answered.add(name)
                step = await home.post(path, await _answers(home, schema, certificates))
            case _:
                raise EnrolmentError(f"unexpected step of the type {step['type']}")


async def _answers(home: Home, schema: list[Json], certificates: Path | None) -> Json:
    answers: Json = {}
    for field in schema:
        name = field["name"]
        suggested = (field.get("description") or {}).get("suggested_value")
        if name in ANSWERS:
            answers[name] = ANSWERS[name]
        elif "schema" in field:
            answers[name] = await _answers(home, field["schema"], certificates)
        elif certificates and name in CERTIFICATE_FILES:
            answers[name] = await home.upload(certificates / CERTIFICATE_FILES[name])
        elif field["required"] and suggested is not None:
            answers[name] = suggested
    return answers


async def _until_loaded(home: Home) -> None:
    try:
        async with asyncio.timeout(_TIME_TO_LOAD):
            while True:
                [entry, *_] = await home.command("config_entries/get", domain=DOMAIN)
                if entry["state"] == "loaded":
                    return
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise EnrolmentError(
            f"the account is in the state {entry['state']}: {entry['reason']}"
        ) from None
