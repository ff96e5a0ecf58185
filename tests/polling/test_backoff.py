"""Tests for the back-off of an endpoint."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.stellantis_connect.polling.backoff import FetchState, retry_delay

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 1), (2, 2), (3, 4), (5, 16), (11, 1024), (12, 1440), (10_000, 1440)],
)
def test_retry_delay_doubles_up_to_the_longest(failures: int, minutes: int) -> None:
    """The longest delay is a day here."""
    assert retry_delay(failures, DAY) == minutes * MINUTE


def test_failures_in_a_row_grow_the_wait_until_a_success() -> None:
    """They also keep when the first of them happened."""
    state = FetchState(attempted_at=NOW).after_success(NOW, HOUR)
    for minutes in (1, 2, 4):
        state = state.after_failure(NOW + minutes * HOUR, HOUR)
        assert state.wait == minutes * MINUTE
    assert state.failing_since == NOW + HOUR
    state = state.after_success(NOW, HOUR)
    assert (state.failures, state.failing_since, state.wait) == (0, None, HOUR)


def test_incomplete_response_grows_the_wait_but_is_no_failure() -> None:
    """Something was delivered."""
    state = FetchState(attempted_at=NOW)
    for minutes in (1, 2, 4):
        state = state.after_incomplete(NOW, DAY)
        assert state.wait == minutes * MINUTE
    assert state.has_succeeded
    assert state.failing_since is None


def test_delay_of_the_platform_is_kept_and_counts_as_failing() -> None:
    """It does not change the back-off."""
    state = FetchState(attempted_at=NOW).after_delay(NOW, 10 * HOUR)
    assert state.next_at(NOW) == NOW + 10 * HOUR
    assert (state.failures, state.failing_since) == (0, NOW)


@pytest.mark.parametrize("wait", [-MINUTE, 4000 * DAY])
def test_stored_wait_out_of_bounds_is_refused(wait: timedelta) -> None:
    """The store is set aside."""
    with pytest.raises(ValueError, match="Invalid wait"):
        FetchState(attempted_at=NOW, wait=wait)


def test_stored_negative_failures_are_refused() -> None:
    """No back-off follows from them."""
    with pytest.raises(ValueError, match="failures"):
        FetchState(attempted_at=NOW, failures=-3)


def test_failure_noted_while_the_clock_was_ahead_counts_from_now() -> None:
    """The grace period is not prolonged by as much."""
    state = FetchState(attempted_at=NOW).after_failure(NOW + 400 * DAY, HOUR)
    state = state.after_failure(NOW, HOUR)
    assert state.failing_since == NOW


def test_next_attempt_is_now_after_the_clock_was_ahead() -> None:
    """A wait that was stored in the future delays nothing."""
    state = FetchState(attempted_at=NOW).after_success(NOW + 400 * DAY, HOUR)
    assert state.next_at(NOW) == NOW
