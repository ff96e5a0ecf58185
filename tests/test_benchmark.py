"""The benchmark measures what it says: scripts/benchmark."""

import json
from pathlib import Path

import pytest

from .benchmark import __main__ as benchmark


@pytest.mark.parametrize(
    ("scenario", "polls", "messages"), [("polling", 2, 0), ("push", 1, 0)]
)
async def test_hour_of_a_parked_car_is_simulated(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    scenario: str,
    polls: int,
    messages: int,
) -> None:
    """A parked car is polled when it may start, and each hour with push."""
    options = benchmark.options(
        [
            "--parts=days",
            "--cars=1",
            f"--scenario={scenario}",
            "--hours=1.1",
            f"--json={tmp_path / 'result.json'}",
        ]
    )
    await benchmark.measure(options)
    [day] = json.loads(options.json.read_text())["days"]
    assert day["cars"] == 1
    assert day["requests"]["status"] == polls
    assert day["messages"] == messages
    assert day["refused_requests"] == 0
    assert f"scenario: {scenario}" in capsys.readouterr().out
