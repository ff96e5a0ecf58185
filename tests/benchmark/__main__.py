"""Measure the integration: see scripts/benchmark."""

from argparse import ArgumentParser, Namespace
import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
import json
import logging
from pathlib import Path
import subprocess
import sys
from typing import Any

from .cost import measure_costs
from .day import SCENARIOS, simulate_day
from .latency import measure_latency
from .memory import measure_memory

PARTS = ("cost", "latency", "setup", "memory", "days")
# How long the car has lived.
HISTORIES: Mapping[str, timedelta] = {
    "without history": timedelta(),
    "with two months of history": timedelta(days=62),
}

type Result = dict[str, Any]


def options(arguments: Sequence[str] | None = None) -> Namespace:
    """Return what to measure."""
    parser = ArgumentParser(
        prog="scripts/benchmark",
        description="Measure the integration with simulated cars; print tables, and write JSON.",
        epilog="Everything: scripts/benchmark --cars 1,4,10,100 --scenario "
        f"{','.join(SCENARIOS)}",
    )
    parser.add_argument(
        "--parts",
        type=_list_of(PARTS),
        default=PARTS,
        help=f"what to measure: some of {','.join(PARTS)} (default: all)",
    )
    parser.add_argument(
        "--cars",
        type=lambda text: [int(one) for one in text.split(",")],
        default=[1, 4, 10],
        metavar="N,N",
        help="the cars of the account that is set up and simulated (default: 1,4,10)",
    )
    parser.add_argument(
        "--scenario",
        type=_list_of(SCENARIOS),
        default=["push", "polling"],
        help=f"the simulated days: some of {','.join(SCENARIOS)} (default: push,polling)",
    )
    parser.add_argument(
        "--hours",
        type=float,
        default=24,
        help="how much of the day is simulated, from midnight on (default: %(default)s)",
    )
    parser.add_argument(
        "--repetitions",
        type=int,
        default=5,
        help="the batches of 20 polls or messages for the costs (default: %(default)s)",
    )
    parser.add_argument(
        "--polls",
        type=int,
        default=10_000,
        help="the polls whose memory is measured (default: %(default)s)",
    )
    parser.add_argument(
        "--json",
        type=Path,
        default=Path(".benchmark.json"),
        help="where to write the results (default: %(default)s)",
    )
    return parser.parse_args(arguments)


def _list_of(names: Sequence[str] | Mapping[str, object]) -> Any:
    def parse(text: str) -> list[str]:
        selected = text.split(",")
        if unknown := {*selected} - {*names}:
            raise ValueError(f"unknown: {', '.join(unknown)}")
        return selected

    return parse


async def measure(selected: Namespace) -> None:
    """Measure the parts that are selected; print each as a table, and write all as JSON."""
    result: Result = {}
    if "cost" in selected.parts:
        result["cost"] = {
            name: {
                kind: asdict(cost)
                for kind, cost in (
                    await measure_costs(history, selected.repetitions)
                ).items()
            }
            for name, history in HISTORIES.items()
        }
        _print_costs(result["cost"])
    if "latency" in selected.parts:
        latency = await measure_latency(4 * selected.repetitions)
        result["latency"] = asdict(latency)
        _print("With push, in real time", ["", "Seconds"], _rows(result["latency"]))
    if "setup" in selected.parts:
        result["setup"] = await _measure_setups(selected.cars)
        _print_columns("Setup", result["setup"], ["cars"])
    if "memory" in selected.parts:
        result["memory"] = [
            {
                "kind": "changed" if changed else "unchanged",
                **asdict(await measure_memory(selected.polls, changed=changed)),
            }
            for changed in (False, True)
        ]
        _print_columns("Memory of polls", result["memory"], ["kind"])
    if "days" in selected.parts:
        span = timedelta(hours=selected.hours)
        result["days"] = [
            {
                "scenario": name,
                **asdict(await simulate_day(SCENARIOS[name], cars, span)),
            }
            for cars in selected.cars
            for name in selected.scenario
        ]
        _print_columns("Simulated days", result["days"], ["cars", "scenario"])
    selected.json.write_text(f"{json.dumps(result, indent=2)}\n", encoding="utf-8")


async def _measure_setups(numbers: Iterable[int]) -> Sequence[Result]:
    """Return the setups with history, and what each further car takes without and with it."""
    single = {name: await _measure_setup(1, days) for name, days in HISTORIES.items()}
    results = []
    for cars in numbers:
        setups = single
        if cars > 1:
            setups = {
                name: await _measure_setup(cars, days)
                for name, days in HISTORIES.items()
            }
        *_, (name, result) = setups.items()
        if cars > 1:
            key = "loop_milliseconds"
            further = _per_further_car(single[name], result, key)
            result[f"{key}_per_further_car"] = round(further, 1)
            result["memory_per_further_car"] = {
                name: round(_per_further_car(single[name], one, "memory"), 2)
                for name, one in setups.items()
            }
        results.append(result)
    return results


def _per_further_car(single: Result, several: Result, key: str) -> float:
    """Return what each car takes beside the first."""
    each: float = (several[key] - single[key]) / (several["cars"] - 1)
    return each


async def _measure_setup(cars: int, history: timedelta) -> Result:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"{__package__}.setup",
        str(cars),
        str(history.days),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    output, _ = await process.communicate()
    setup: Result = json.loads(output)
    return setup


def _print_costs(costs: Mapping[str, Mapping[str, Result]]) -> None:
    for title, steps in costs.items():
        _print(
            f"Time of the event loop's thread, {title}",
            ["", "Milliseconds", "Bare fetches", "State writes"],
            [(name, *map(str, cost.values())) for name, cost in steps.items()],
        )


def _print_columns(title: str, results: Sequence[Result], keys: Sequence[str]) -> None:
    """Print results side by side."""
    columns = [dict(_rows(one)) for one in results]
    head = [", ".join(f"{key}: {column[key]}" for key in keys) for column in columns]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [
        (name, *(column.get(name, "") for column in columns))
        for name in names
        if name not in keys
    ]
    _print(title, ["", *head], rows)


def _rows(result: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield the names and values of a result, and of those in it."""
    for key, value in result.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            yield from _rows(value, f"{name}: ")
        elif not isinstance(value, list):
            yield name, str(value)


def _print(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    sys.stdout.write(f"\n### {title}\n\n")
    for row in (head, ["---"] * len(head), *rows):
        sys.stdout.write(f"| {' | '.join(row)} |\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments select."""
    selected = options(arguments)
    logging.disable(logging.WARNING)
    asyncio.run(measure(selected))


if __name__ == "__main__":
    main()
