"""The specification of remotes."""

from typing import Any

from jsonschema import Draft202012Validator

from .api.recorded import load

_REMOTE = load("specification-remote")
_BODY = Draft202012Validator(_REMOTE["body"])

FAILURE_CAUSES: list[str] = _REMOTE["failure_causes"]


def check_remote(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body of a remote.

    Raises:
        ValidationError: The body does not match the specification.

    """
    _BODY.validate(body)
    return body
