"""Find out by polls that a message is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.models.status import Status
from ..coordinator import VehicleCoordinator
from .monitors import has_watched_change

# A message may arrive so much later than its content is polled, and so much earlier.
TOLERANCE = timedelta(minutes=2)


@dataclass
class _Seen:
    """What is known of a car.

    Attributes:
        polled_at: when its status was last polled.
        status: its status.
        message_at: when a message of it was last received.
    """

    polled_at: datetime | None
    status: Status
    message_at: datetime | None = None


class SilenceCheck:
    """Compare polls with messages: each change of what monitors watch must have been pushed."""

    def __init__(
        self, hass: HomeAssistant, handle_missing: Callable[[VehicleCoordinator], None]
    ) -> None:
        """Initialize the check.

        Args:
            hass: Home Assistant.
            handle_missing: called with the car that a message is missing of.

        """
        self._hass = hass
        self._handle_missing = handle_missing
        self._seen: dict[VehicleCoordinator, _Seen] = {}
        self._timers: dict[VehicleCoordinator, CALLBACK_TYPE] = {}

    @callback
    def note_message(self, vehicle: VehicleCoordinator) -> None:
        """Note that a message of a car was received."""
        if seen := self._seen.get(vehicle):
            seen.message_at = dt_util.utcnow()

    @callback
    def handle_update(self, vehicle: VehicleCoordinator) -> None:
        """Check an update of a car, which is a poll if the status was fetched again."""
        polled_at, status = vehicle.status_fetched_at, vehicle.data.status
        seen = self._seen.setdefault(vehicle, _Seen(polled_at, status))
        before_at, before = seen.polled_at, seen.status
        seen.polled_at, seen.status = polled_at, status
        if polled_at is None or before_at in (None, polled_at) or status is before:
            return
        if vehicle not in self._timers and has_watched_change(
            vehicle.vehicle, vehicle.account.scopes, before, status
        ):
            self._timers[vehicle] = async_call_later(
                self._hass, TOLERANCE, partial(self._check, vehicle, polled_at)
            )

    @callback
    def _check(
        self, vehicle: VehicleCoordinator, polled_at: datetime, now: datetime
    ) -> None:
        del self._timers[vehicle]
        message_at = self._seen[vehicle].message_at
        if message_at is None or message_at < polled_at - TOLERANCE:
            self._handle_missing(vehicle)

    @callback
    def restart(self) -> None:
        """Compare only statuses that are polled from now on."""
        self.close()
        self._seen.clear()

    @callback
    def close(self) -> None:
        """Cancel what is planned."""
        for cancel in self._timers.values():
            cancel()
        self._timers.clear()
