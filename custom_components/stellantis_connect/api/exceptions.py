"""What can go wrong with the platform.

The texts of these errors hold the kind of resource and the codes of the answer, and nothing of a
person: no id, no address, no message of the platform, which may repeat them.
"""

from datetime import timedelta
from typing import ClassVar, override


class StellantisError(Exception):
    """A request to the platform did not bring what was asked for.

    Attributes:
        key: a stable name of the kind of error.
        resource: what was asked for, e.g. `status`.
        status: HTTP status of the answer, if there was one.
        code: the platform's own code, if it gave one.
    """

    key: ClassVar[str] = "unknown"

    def __init__(
        self, resource: str = "", status: int | None = None, code: int | None = None
    ) -> None:
        """Keep what may be told."""
        super().__init__(resource, status, code)
        self.resource = resource
        self.status = status
        self.code = code

    @override
    def __str__(self) -> str:
        """Return the kind of error, of resource and the codes."""
        told = (self.key, self.resource, self.status, self.code)
        return " ".join(str(part) for part in told if part)


class AuthenticationError(StellantisError):
    """The token is not accepted (any more): the owner must sign in."""

    key = "sign_in_needed"


class InvalidClientError(StellantisError):
    """The platform does not know the client id or its secret."""

    key = "invalid_client"


class NotRegisteredToPlanError(StellantisError):
    """The application has no plan for the API."""

    key = "not_registered_to_plan"


class CertificateRejectedError(StellantisError):
    """The TLS handshake failed over certificates, or the host dropped us for want of one."""

    key = "certificate_rejected"


class ForbiddenError(StellantisError):
    """Not this owner's car, or the scope was not granted."""

    key = "forbidden"


class NotFoundError(StellantisError):
    """There is no such data for this car; maybe never, maybe not yet."""

    key = "not_for_this_vehicle"


class NoVehiclesError(StellantisError):
    """The account's cars were not found; happens during incidents too, with cars that exist."""

    key = "no_vehicles"


class BadRequestError(StellantisError):
    """The platform does not take such a request."""

    key = "bad_request"


class QuotaExceededError(StellantisError):
    """The plan's limit is reached.

    Attributes:
        retry_after: how long not to ask.
    """

    key = "quota_exceeded"

    def __init__(
        self,
        resource: str = "",
        status: int | None = None,
        code: int | None = None,
        *,
        retry_after: timedelta,
    ) -> None:
        """Keep how long to wait."""
        super().__init__(resource, status, code)
        self.retry_after = retry_after


class TransientError(StellantisError):
    """Something that goes by, and that was tried several times before it was raised."""


class ServerError(TransientError):
    """The platform fails, answers too late, or cannot be reached."""

    key = "outage"


class UnauthorizedError(ServerError):
    """The API refuses an access token that the identity provider has just issued."""


class UnreachableError(ServerError):
    """No connection came about, so that nothing was asked."""


class OutcomeUnknownError(ServerError):
    """What must not be done twice was asked for, once, and may have been done or not."""


class InvalidResponseError(TransientError):
    """The answer is not the JSON that was asked for."""

    key = "nonsense_answer"
