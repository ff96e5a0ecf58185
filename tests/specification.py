"""What the platform's specification says of remotes, in its own terms."""

from probatio.codecs import from_json_schema

from .api.recorded import load

_REMOTE = load("specification-remote")

check_remote = from_json_schema(_REMOTE["body"])
FAILURE_CAUSES: list[str] = _REMOTE["failure_causes"]
