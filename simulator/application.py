"""The registered application, and all scopes."""

from dataclasses import dataclass, field
import hmac

DATA_SCOPES = (
    "data:telemetry",
    "data:position",
    "data:trip",
    "data:alert",
    "data:collision",
)
REMOTE_SCOPES = (
    "remote:door:write",
    "remote:preconditioning:write",
    "remote:horn:write",
    "remote:charging:write",
    "remote:lights:write",
    "remote:wakeup:write",
    "remote:navigation:write",
)
PLUG_AND_CHARGE = "data:vehicle:devices:pnc"
API_SCOPES = (*DATA_SCOPES, *REMOTE_SCOPES, PLUG_AND_CHARGE)
OPENID_SCOPES = ("openid", "profile")


@dataclass
class Application:
    """An application's credentials, scopes, and API plan.

    `announce_scopes` false leaves the granted scopes out of redirects and token responses, and
    `withheld_claims` are left out of ID tokens.
    """

    client_id: str = "simulated-client"
    client_secret: str = "simulated-secret"
    scopes: set[str] = field(default_factory=lambda: {*API_SCOPES, *OPENID_SCOPES})
    redirect_uris: set[str] | None = None
    plan: bool = True
    announce_scopes: bool = True
    withheld_claims: set[str] = field(default_factory=set)
    wake_ups_per_month: int = 60

    def is_authentic(self, client_id: str, client_secret: str) -> bool:
        """Return whether credentials are this application's."""
        same_id = hmac.compare_digest(client_id.encode(), self.client_id.encode())
        same_secret = hmac.compare_digest(
            client_secret.encode(), self.client_secret.encode()
        )
        return same_id and same_secret
