"""One log line when fetching starts to fail, and one when it works again, per account."""

from collections import defaultdict
import logging

from ..api.exceptions import StellantisError

_LOGGER = logging.getLogger(__name__)


class OutageLog:
    """Log the outages of an account, each once for all of its cars together."""

    def __init__(self, account: str) -> None:
        """Initialize the log; the name of the account appears in it."""
        self._account = account
        self._failing: defaultdict[str, set[str]] = defaultdict(set)

    def update(self, subject: str, source: str, error: StellantisError | None) -> None:
        """Log the first failure of any source, and the recovery of the last one.

        Args:
            subject: what cannot be fetched.
            source: what fetches it.
            error: the error; None after a success.

        """
        failing = self._failing[subject]
        was_failing = bool(failing)
        if error is None:
            failing.discard(source)
        else:
            failing.add(source)
        if error is not None and not was_failing:
            _LOGGER.warning(
                "Failed to fetch %s for the %s account: %s",
                subject,
                self._account,
                error,
            )
        elif was_failing and not failing:
            _LOGGER.info("Fetched %s for the %s account again", subject, self._account)

    def remove(self, source: str) -> None:
        """Remove a source."""
        for failing in self._failing.values():
            failing.discard(source)
