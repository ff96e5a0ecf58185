"""What the platform can be told to do: send messages, watch cars, and command them."""

from functools import partial

from yarl import URL

from .client import Client
from .models.callbacks import Callback, CallbackSubscribe, SubscriptionStatus
from .models.monitors import Monitor, MonitorParameter
from .models.remote_actions import RemoteAction
from .models.remotes import RemoteState
from .paging import Collection


class Commanding(Client):
    """Keeps callbacks and monitors, and sends remotes.

    Every method raises a `StellantisError` if it cannot do what it promises. What makes something
    new is tried again only as long as it is known to have had no effect; else `OutcomeUnknownError` is
    raised, and a look at what there is, by label, tells more.
    """

    async def get_callbacks(self) -> Collection[Callback]:
        """Return all callbacks of the account, also those of other installations."""
        url = self._url("user", "callbacks")
        return await self._collect(
            "callbacks", url, self._reader_of(Callback), kept=False
        )

    async def create_callback(self, subscribe: CallbackSubscribe) -> str:
        """Create a callback and return its id."""
        url = self._url("user", "callbacks")
        return await self._post("callback", url, subscribe.body(), "callbackId")

    async def update_callback(
        self, callback_id: str, subscribe: CallbackSubscribe
    ) -> None:
        """Replace what a callback is."""
        url = self._url("user", "callbacks", callback_id)
        await self._put("callback", url, subscribe.body())

    async def set_callback_status(
        self, callback_id: str, status: SubscriptionStatus
    ) -> None:
        """Pause a callback, or let it run again."""
        url = self._url("user", "callbacks", callback_id, "status")
        await self._put("callback", url, {"status": status})

    async def delete_callback(self, callback_id: str) -> None:
        """Delete a callback, if it still exists."""
        await self._delete("callback", self._url("user", "callbacks", callback_id))

    async def send_remote(
        self, vehicle_id: str, callback_id: str, label: str, action: RemoteAction
    ) -> str:
        """Send a remote and return its id; by its label it is found again."""
        return await self._post(
            "remote",
            self._remotes_url(vehicle_id, callback_id),
            {"label": label, **action.body()},
            "remoteActionId",
        )

    async def get_remotes(
        self, vehicle_id: str, callback_id: str
    ) -> Collection[RemoteState]:
        """Return the remotes that were sent to a car."""
        url = self._remotes_url(vehicle_id, callback_id)
        return await self._collect(
            "remotes", url, self._reader_of(RemoteState), kept=False
        )

    async def get_remote(
        self, vehicle_id: str, callback_id: str, remote_action_id: str
    ) -> RemoteState:
        """Return how a remote goes."""
        url = self._remotes_url(vehicle_id, callback_id, remote_action_id)
        read = partial(
            RemoteState.from_json, on_invalid=self._on_invalid_of(RemoteState)
        )
        return await self._get("remote", url, lambda answer: read(answer.json))

    async def get_monitors(
        self, vehicle_id: str, callback_id: str
    ) -> Collection[Monitor]:
        """Return the monitors of a car that tell a callback."""
        url = self._monitors_url(vehicle_id, callback_id)
        return await self._collect(
            "monitors", url, self._reader_of(Monitor), kept=False
        )

    async def create_monitor(
        self, vehicle_id: str, callback_id: str, parameter: MonitorParameter
    ) -> str:
        """Create a monitor and return its id."""
        url = self._monitors_url(vehicle_id, callback_id)
        return await self._post("monitor", url, parameter.body(), "monitorId")

    async def update_monitor(
        self,
        vehicle_id: str,
        callback_id: str,
        monitor_id: str,
        parameter: MonitorParameter,
    ) -> None:
        """Replace what a monitor is."""
        url = self._monitors_url(vehicle_id, callback_id, monitor_id)
        await self._put("monitor", url, parameter.body())

    async def set_monitor_status(
        self,
        vehicle_id: str,
        callback_id: str,
        monitor_id: str,
        status: SubscriptionStatus,
    ) -> None:
        """Pause a monitor, or let it run again."""
        url = self._monitors_url(vehicle_id, callback_id, monitor_id, "status")
        await self._put("monitor", url, {"status": status})

    async def delete_monitor(
        self, vehicle_id: str, callback_id: str, monitor_id: str
    ) -> None:
        """Delete a monitor, if it still exists."""
        url = self._monitors_url(vehicle_id, callback_id, monitor_id)
        await self._delete("monitor", url)

    def _remotes_url(self, vehicle_id: str, callback_id: str, *path: str) -> URL:
        return self._vehicle_url(vehicle_id, "callbacks", callback_id, "remotes", *path)

    def _monitors_url(self, vehicle_id: str, callback_id: str, *path: str) -> URL:
        return self._vehicle_url(
            vehicle_id, "callbacks", callback_id, "monitors", *path
        )
