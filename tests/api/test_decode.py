"""Lenient decoding of JSON."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Self

from freezegun.api import FrozenDateTimeFactory
from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.stellantis_connect.api.decode import (
    MAX_FUTURE,
    decode,
    json_field,
    loads,
    model,
)


class Word(StrEnum):
    """An enumeration."""

    KNOWN = "Known"


@model
class Part:
    """A nested model."""

    number: float | None = None
    text: str | None = None


@model
class Whole:
    """A model with a field of each type."""

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
    percent: float | None = json_field("percent", "old/percent", minimum=0, maximum=100)
    capacity: float | None = json_field("capacity", "old/capacity", missing=0)
    list_of_one: str | None = json_field("list/0")


@model
class Checked:
    """A model whose values may contradict each other."""

    low: float | None = None
    high: float | None = None

    @classmethod
    def __post_deserialize__(cls, instance: Self) -> Self:
        """Return an empty instance for values in the wrong order."""
        if instance.low and instance.high and instance.low > instance.high:
            return cls()
        return instance


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
def test_fitting_value_is_decoded(key: str, sent: Any, value: Any) -> None:
    """It has the annotated type."""
    decoded = decode(Whole, {key: sent})
    assert value in [getattr(decoded, one.name) for one in fields(decoded)]


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
def test_wrong_value_leaves_the_default(key: str, sent: Any) -> None:
    """It raises nothing."""
    assert decode(Whole, {key: sent}) == Whole()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"percent": 0}, 0),
        ({"percent": 100}, 100),
        ({"percent": -1}, None),
        ({"percent": 100.1}, None),
        ({"percent": 255, "old": {"percent": 40}}, 40),
        ({"percent": 40, "old": {"percent": 255}}, 40),
        ({"percent": -1, "old": {"percent": 255}}, None),
    ],
)
def test_value_out_of_bounds_is_not_decoded(
    sent: dict[str, Any], expected: float | None
) -> None:
    """It does not hide a plausible one at another path."""
    invalid: list[str] = []
    assert decode(Whole, sent, on_invalid=invalid.append).percent == expected
    assert invalid == []


def test_value_that_means_missing_is_not_decoded() -> None:
    """It does not hide another one."""
    assert decode(Whole, {"capacity": 0}).capacity is None
    assert decode(Whole, {"capacity": 0, "old": {"capacity": 1}}).capacity == 1


def test_index_in_a_path_selects_an_element() -> None:
    """A shorter list does not have it."""
    assert decode(Whole, {"list": ["a", "b"]}).list_of_one == "a"
    assert decode(Whole, {"list": []}).list_of_one is None


def test_time_later_than_tomorrow_is_not_decoded(
    freezer: FrozenDateTimeFactory,
) -> None:
    """Clocks that are set to local time are up to 14 hours ahead."""
    now = datetime(2026, 2, 3, 12, tzinfo=UTC)
    freezer.move_to(now)
    for ahead, is_known in (
        (timedelta(hours=14), True),
        (MAX_FUTURE, False),
        (timedelta(days=365 * 50), False),
    ):
        decoded = decode(Whole, {"moment": (now + ahead).isoformat()})
        assert (decoded.moment is not None) is is_known


def test_model_can_check_its_values_after_decoding() -> None:
    """Also a nested one."""
    assert decode(Checked, {"low": 1, "high": 2}) == Checked(low=1, high=2)
    assert decode(Checked, {"low": 2, "high": 1}) == Checked()


@pytest.mark.parametrize("source", [None, [], "x", 3])
def test_json_that_is_not_an_object_leaves_all_defaults(source: Any) -> None:
    """It raises nothing."""
    assert decode(Whole, source) == Whole()


def test_first_path_with_a_fitting_value_has_precedence() -> None:
    """Unless another one is selected."""
    assert decode(Whole, {"new": {"place": 1}, "oldPlace": 2}).doubled == 2
    assert decode(Whole, {"new": {"place": "x"}, "oldPlace": 2}).doubled == 4
    assert decode(Whole, {"new": "x", "oldPlace": 2}).doubled == 4
    assert decode(Whole, {"first": 1, "second": 2}).newest == 2


def test_several_objects_are_merged_per_field() -> None:
    """Also in nested models; an empty list does not hide a full one."""
    decoded = decode(
        Whole,
        {"count": 1, "part": {"number": 1}, "parts": []},
        {"count": 2, "text": "b", "part": {"number": 2, "text": "b"}, "parts": [{}]},
    )
    assert decoded == Whole(
        count=1, text="b", part=Part(number=1, text="b"), parts=(Part(),)
    )


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": NaN, "b": 1}', {"a": None, "b": 1}),
        (b'{"a": -Infinity, "b": 1.5}', {"a": None, "b": 1.5}),
        (b'{"a": 1e400, "b": -1e400, "c": 2.5}', {"a": None, "b": None, "c": 2.5}),
        (b'{"a": ' + b"9" * 5000 + b', "b": 1}', {"a": None, "b": 1}),
        (b'{"a": ' + b"9" * 400 + b', "b": 1}', {"a": None, "b": 1}),
        (b'{"a": 18446744073709551616}', {"a": 18446744073709551616.0}),
        (b'{"a": "\\ud800", "b": 1}', {"a": "?", "b": 1}),
        (b'{"a": "\xff", "b": 1}', {"a": "\ufffd", "b": 1}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_invalid_value_in_a_body_affects_no_other(body: bytes, value: Any) -> None:
    """The rest is parsed, and can be serialized again."""
    assert loads(body) == value
    assert orjson.loads(orjson.dumps(loads(body))) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b'{"a": ',
        b"{'a': 1}",
        b"[" * 300 + b"]" * 300,
        b"[" * 2000 + b"]" * 2000,
        b'{"a":' * 100_000 + b"NaN" + b"}" * 100_000,
    ],
    ids=lambda body: repr(body)[:30],
)
def test_body_that_is_not_json_or_nested_too_deeply_raises(body: bytes) -> None:
    """The error can be caught as one."""
    with pytest.raises(ValueError, match=r"."):
        loads(body)


@given(st.binary() | st.text().map(str.encode))
def test_any_body_is_parsed_or_raises_a_value_error(body: bytes) -> None:
    """What is parsed can be serialized again."""
    try:
        value = loads(body)
    except ValueError:
        return
    orjson.dumps(value)
