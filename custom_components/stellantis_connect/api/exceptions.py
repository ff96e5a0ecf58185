"""Errors of the client.

Their texts hold the resource and the codes of the response, and nothing personal: no id, no URL,
no message of the platform, which may contain them.
"""

from datetime import timedelta
from typing import ClassVar, override


class StellantisError(Exception):
    """A request failed.

    Attributes:
        key: the translation key of the error.
        resource: what was requested, e.g. `status`.
        status: the HTTP status of the response, if there was one.
        code: the platform's own code, if there was one.
    """

    key: ClassVar[str] = "unknown"

    def __init__(
        self, resource: str = "", status: int | None = None, code: int | None = None
    ) -> None:
        """Initialize the error."""
        super().__init__(resource, status, code)
        self.resource = resource
        self.status = status
        self.code = code

    @override
    def __str__(self) -> str:
        parts = (self.key, self.resource, self.status, self.code)
        return " ".join(str(part) for part in parts if part)


class AuthenticationError(StellantisError):
    """The identity provider refuses the refresh token or the code: the owner must sign in."""

    key = "sign_in_needed"


class InvalidClientError(StellantisError):
    """The platform does not know the client id or its secret."""

    key = "invalid_client"


class NotRegisteredToPlanError(StellantisError):
    """The application has no plan for the API."""

    key = "not_registered_to_plan"


class CertificateRejectedError(StellantisError):
    """The TLS handshake failed because of a certificate, or the host closed the connection in it."""

    key = "certificate_rejected"


class UntrustedServerError(CertificateRejectedError):
    """The TLS handshake failed because the system does not trust the host's certificate."""

    key = "server_untrusted"


class ForbiddenError(StellantisError):
    """The car belongs to another account, or the scope was not granted."""

    key = "forbidden"


class NotFoundError(StellantisError):
    """The car has no such data, permanently or for now."""

    key = "not_for_this_vehicle"


class NoVehiclesError(StellantisError):
    """The account has no cars; also the response of incidents."""

    key = "no_vehicles"


class BadRequestError(StellantisError):
    """The platform refuses the request as such."""

    key = "bad_request"


class QuotaExceededError(StellantisError):
    """The plan's rate limit is reached.

    Attributes:
        retry_after: how long nothing is sent.
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
        """Initialize the error."""
        super().__init__(resource, status, code)
        self.retry_after = retry_after


class TransientError(StellantisError):
    """A failure that passes; it is raised after several attempts."""


class ServerError(TransientError):
    """The platform fails, does not respond in time, or cannot be reached."""

    key = "server_error"


class UnauthorizedError(ServerError):
    """The API refuses an access token that the identity provider has just issued."""


class UnreachableError(ServerError):
    """No connection was established, so that nothing was sent."""


class OutcomeUnknownError(ServerError):
    """A request that must not be repeated was sent once, and may have been carried out."""


class InvalidResponseError(TransientError):
    """The response is not the expected JSON."""

    key = "invalid_response"
