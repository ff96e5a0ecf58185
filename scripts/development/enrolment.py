"""An account's enrolment, through the same flow that a person clicks through."""

import asyncio
from typing import Any

from aiohttp import ClientSession, CookieJar
from yarl import URL

from . import GarageError
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
"""What the flow's forms ask for."""
CHOICES = {"redirect", "no_certificate"}
"""What is taken in the flow's menus."""

_TIME_TO_LOAD = 60
"""Seconds for an entry's set-up, in which the cars are asked for the first time."""

type Step = dict[str, Any]


class EnrolmentError(GarageError):
    """The integration does not take the account."""


async def ensure_enrolled(home: Home) -> None:
    """Enrol the account, sign in again where the simulator has forgotten it, or leave all as it is.

    Raises:
        EnrolmentError: the flow or the set-up after it fails, and why.

    """
    if not await home.command("config_entries/get", domain=DOMAIN):
        await home.command(
            "application_credentials/create", domain=DOMAIN, **APPLICATION
        )
        await _go_through(
            home, await home.post("config/config_entries/flow", {"handler": DOMAIN})
        )
    elif flow_id := await _sign_in_wanted(home):
        await _go_through(home, await home.get(f"config/config_entries/flow/{flow_id}"))
    await _until_loaded(home)


async def _sign_in_wanted(home: Home) -> str | None:
    for flow in await home.command("config_entries/flow/progress"):
        if flow["handler"] == DOMAIN and flow["context"]["source"] == "reauth":
            return str(flow["flow_id"])
    return None


async def _go_through(home: Home, step: Step) -> None:
    path = f"config/config_entries/flow/{step['flow_id']}"
    while True:
        match step:
            case {"type": "create_entry"} | {
                "type": "abort",
                "reason": "reauth_successful",
            }:
                return
            case {"type": "abort", "reason": reason}:
                raise EnrolmentError(f"the flow ends with {reason}")
            case {"errors": {"base": error}}:
                raise EnrolmentError(f"the step {step['step_id']} finds {error}")
            case {"type": "external", "url": url}:
                async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
                    await walk(
                        browser, URL(url, encoded=True), goal=home.url, known=OWNER
                    )
                step = await home.get(path)
            case {"type": "menu", "menu_options": options}:
                [choice] = CHOICES & set(options)
                step = await home.post(path, {"next_step_id": choice})
            case {"type": "form", "data_schema": schema}:
                step = await home.post(path, _filled(schema))
            case _:
                raise EnrolmentError(f"nobody knows how to answer {step['type']}")


def _filled(schema: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        field["name"]: ANSWERS[field["name"]]
        for field in schema
        if field["name"] in ANSWERS
    }


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
