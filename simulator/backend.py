"""The state that all endpoints of the simulator share."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from .application import Application
from .brands import Brand
from .cars.car import Car
from .cars.garage import Garages
from .clock import Clock
from .faults import Faults
from .identity import Account, Identity
from .identity_provider import IdentityProvider
from .push.delivery import Delivery
from .push.service import Push
from .push.subscriptions import Subscriptions
from .quota import Quota
from .remotes.dispatch import Remotes


@dataclass(frozen=True)
class LogEntry:
    """One request; the status is None if no response left."""

    time: datetime
    method: str
    path: str
    query: str
    status: int | None


@dataclass(frozen=True, kw_only=True)
class Backend:
    """Everything that the endpoints share."""

    clock: Clock
    application: Application
    identity: Identity
    identity_provider: IdentityProvider
    garages: Garages
    quota: Quota
    faults: Faults
    subscriptions: Subscriptions
    remotes: Remotes
    post: Delivery
    push: Push
    log: deque[LogEntry] = field(default_factory=lambda: deque(maxlen=50_000))

    def cars(self, account: Account, brand: Brand) -> tuple[Car, ...]:
        """Return the cars that an account sees at a brand."""
        return self.garages.of(account, brand)
