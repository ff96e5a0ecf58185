"""How often a car is asked: as its doings call for, within what the API plan allows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from ..api.rate_limit import RateLimiter
from ..const import DOMAIN
from ..models import Activity

STORAGE_VERSION = 1
SAVE_DELAY = 30

DAY = timedelta(days=1)
POLL_INTERVALS: Mapping[Activity, timedelta] = {
    Activity.DRIVING: timedelta(minutes=1),
    Activity.CHARGING: timedelta(minutes=5),
    Activity.JUST_STOPPED: timedelta(minutes=2),
    Activity.PARKED: timedelta(minutes=30),
    Activity.SILENT: timedelta(hours=2),
}
# The part of the day's quota that is left to commands and to a person's refresh.
RESERVE = 0.1
# What is left to each car for the day before anything else than its status is asked for.
MIN_POLLS_PER_DAY = 8
# Under a plan that is short, so many looks at a car come on one at each of its lists.
POLLS_PER_LIST_FETCH = 4


class Quota:
    """The plan of a client id, shared by all cars of all its accounts.

    Attributes:
        ledger: what was sent, and what the plan allows.
        sharers: whatever polls under this plan; each is in it as long as it does.
    """

    def __init__(self, rate_limiter: RateLimiter) -> None:
        """Share out what the ledger tells."""
        self.rate_limiter = rate_limiter
        self.pollers: set[object] = set()

    def throttled(self, interval: timedelta) -> timedelta:
        """Return a cadence, stretched where the day's quota would not last.

        While more is left than it takes to look after all cars as if they were parked for a
        day, each is asked as often as it calls for. From there on they share what is left
        evenly over a day, so that the reserve is not touched.
        """
        left, pollers = self._left, len(self.pollers)
        if left is None or left > pollers * (DAY / POLL_INTERVALS[Activity.PARKED]):
            return interval
        return max(interval, min(DAY * pollers / max(left, 1), DAY))

    def throttled_for_list(self, interval: timedelta) -> timedelta:
        """Return the same for a list, which is the first to be done without."""
        throttled = self.throttled(interval)
        return throttled if throttled == interval else POLLS_PER_LIST_FETCH * throttled

    @property
    def is_scarce(self) -> bool:
        """Whether what is left of the day's quota is needed for the status of the cars."""
        return (
            self._left is not None
            and self._left < len(self.pollers) * MIN_POLLS_PER_DAY
        )

    @property
    def _left(self) -> float | None:
        """What is left without the reserve; None where the plan is not known."""
        limit, remaining = self.rate_limiter.limit, self.rate_limiter.remaining_today
        if limit is None or remaining is None:
            return None
        return remaining - RESERVE * limit


class Quotas:
    """The quotas of all client ids; what their ledgers hold survives a restart."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Know of no client id yet."""
        self._store = Store[dict[str, Any]](
            hass, STORAGE_VERSION, f"{DOMAIN}.quota", private=True
        )
        self._quotas: dict[str, Quota] = {}

    async def async_load(self) -> None:
        """Go on from what was known before a restart."""
        for client_id, kept in (await self._store.async_load() or {}).items():
            self._quotas[client_id] = Quota(RateLimiter.from_dict(kept))

    def of(self, client_id: str) -> Quota:
        """Return the quota of a client id."""
        return self._quotas.setdefault(client_id, Quota(RateLimiter()))

    @callback
    def async_schedule_save(self) -> None:
        """Write the ledgers down, once things have calmed down."""
        self._store.async_delay_save(self._as_stored, SAVE_DELAY)

    def _as_stored(self) -> dict[str, Any]:
        return {
            client_id: quota.rate_limiter.to_dict()
            for client_id, quota in self._quotas.items()
        }

    async def async_remove(self) -> None:
        """Forget all of them, on disk too."""
        self._quotas.clear()
        await self._store.async_remove()


QUOTAS: HassKey[Quotas] = HassKey(f"{DOMAIN}_quotas")


@singleton(QUOTAS, async_=True)
async def async_get_quotas(hass: HomeAssistant) -> Quotas:
    """Return the quotas of all client ids."""
    quotas = Quotas(hass)
    await quotas.async_load()
    return quotas
