"""What fits a field, and what does not."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest

from custom_components.stellantis_connect.api.decode import decode, json_field, model


class Word(StrEnum):
    """An enumeration."""

    KNOWN = "Known"


@model
class Part:
    """A model within another."""

    number: float | None = None
    text: str | None = None


@model
class Whole:
    """A model with a field of each kind."""

    yes_or_no: bool | None = None
    count: int | None = None
    measure: float | None = None
    text: str | None = None
    word: Word | None = None
    moment: datetime | None = None
    span: timedelta | None = None
    words: frozenset[Word] = frozenset()
    parts: tuple[Part, ...] = ()
    part: Part = Part()
    doubled: float | None = json_field(
        "new/place", "oldPlace", convert=lambda number: number * 2
    )
    newest: int | None = json_field("first", "second", select=max)


@pytest.mark.parametrize(
    ("key", "sent", "value"),
    [
        ("yesOrNo", True, True),
        ("count", 3, 3),
        ("count", 3.0, 3),
        ("measure", 3, 3.0),
        ("measure", -0.5, -0.5),
        ("text", " a ", "a"),
        ("word", "Known", Word.KNOWN),
        ("moment", "2026-02-03T12:00:00Z", datetime(2026, 2, 3, 12, tzinfo=UTC)),
        (
            "moment",
            "2026-02-03T12:00:00.123Z",
            datetime(2026, 2, 3, 12, 0, 0, 123000, UTC),
        ),
        (
            "moment",
            "2026-02-03T12:00:00+01:00",
            datetime(2026, 2, 3, 12, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("span", "PT2H15M", timedelta(hours=2, minutes=15)),
        ("span", "P1DT0.5S", timedelta(days=1, seconds=0.5)),
        ("words", ["Known", "Unknown", None, 3], frozenset({Word.KNOWN})),
        ("parts", [{"number": "x", "text": "y"}, 3], (Part(text="y"),)),
        ("part", {"number": 1}, Part(number=1)),
        ("oldPlace", 4, 8),
        ("second", 4, 4),
    ],
)
def test_fitting(key: str, sent: Any, value: Any) -> None:
    """What fits arrives as what the annotation says."""
    decoded = decode(Whole, {key: sent})
    assert value in vars(decoded).values()


WRONG: dict[str, list[Any]] = {
    "yesOrNo": [None, 1, 0, "true", []],
    "count": [None, True, "3", float("inf"), 10**400],
    "measure": [False, "3.0", float("nan"), {}],
    "text": [None, "", "  ", 3, ["a"]],
    "word": ["known", "", 3, ["Known"], {}],
    "moment": [
        "...",
        "",
        1770000000,
        "0001-01-01T00:00:00+23:00",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    ],
    "span": ["P", "PT", "1H", "P1Y", "-PT1H", 60, f"P{'9' * 30}D"],
    "words": [None, "Known", {"Known": 1}, 3],
    "parts": [{"number": 1}, "x"],
    "part": [None, [{"number": 1}], "x", 3],
}


@pytest.mark.parametrize(
    ("key", "sent"), [(key, sent) for key, wrong in WRONG.items() for sent in wrong]
)
def test_not_fitting(key: str, sent: Any) -> None:
    """What does not fit leaves the field at its default."""
    assert decode(Whole, {key: sent}) == Whole()


@pytest.mark.parametrize("source", [None, [], "x", 3])
def test_something_else_than_an_object_tells_nothing(source: Any) -> None:
    """And raises nothing."""
    assert decode(Whole, source) == Whole()


def test_places_in_order() -> None:
    """The first that fits wins, whatever the others hold."""
    assert decode(Whole, {"new": {"place": 1}, "oldPlace": 2}).doubled == 2
    assert decode(Whole, {"new": {"place": "x"}, "oldPlace": 2}).doubled == 4
    assert decode(Whole, {"new": "x", "oldPlace": 2}).doubled == 4
    assert decode(Whole, {"first": 1, "second": 2}).newest == 2


def test_several_objects_fill_each_others_gaps() -> None:
    """Field by field, down into their parts; an empty list does not hide a full one."""
    decoded = decode(
        Whole,
        {"count": 1, "part": {"number": 1}, "parts": []},
        {"count": 2, "text": "b", "part": {"number": 2, "text": "b"}, "parts": [{}]},
    )
    assert decoded == Whole(
        count=1, text="b", part=Part(number=1, text="b"), parts=(Part(),)
    )
