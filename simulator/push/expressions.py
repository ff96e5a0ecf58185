"""The `boolExp` of a monitor: names of triggers joined by `&`, `|`, `!` and parentheses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
import re

type Evaluate = Callable[[Mapping[str, bool]], bool]

TOKEN = re.compile(r"\s*([&|!()]|[^\s&|!()]+)")


@dataclass(frozen=True)
class Expression:
    """A parsed expression; it is true or false once its names are."""

    names: frozenset[str]
    evaluate: Evaluate

    def is_constant(self) -> bool:
        """Return whether it has the same value whatever its names have."""
        names = sorted(self.names)
        values = product((False, True), repeat=len(names))
        return (
            len(
                {
                    self.evaluate(dict(zip(names, value, strict=True)))
                    for value in values
                }
            )
            == 1
        )


def parse(text: str) -> Expression:
    """Parse an expression; raise ValueError."""
    reader = _Reader(TOKEN.findall(text))
    evaluate = reader.alternatives()
    if reader.tokens:
        raise ValueError(f"unexpected: {reader.tokens[0]}")
    return Expression(frozenset(reader.names), evaluate)


class _Reader:
    """A parser of the grammar; `&` binds closer than `|`."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.names: set[str] = set()

    def alternatives(self) -> Evaluate:
        parts = [self._conjunction()]
        while self._take("|"):
            parts.append(self._conjunction())
        return lambda values: any(part(values) for part in parts)

    def _conjunction(self) -> Evaluate:
        parts = [self._operand()]
        while self._take("&"):
            parts.append(self._operand())
        return lambda values: all(part(values) for part in parts)

    def _operand(self) -> Evaluate:
        if self._take("!"):
            inner = self._operand()
            return lambda values: not inner(values)
        if self._take("("):
            inner = self.alternatives()
            if not self._take(")"):
                raise ValueError("a parenthesis is not closed")
            return inner
        if not self.tokens or self.tokens[0] in "&|!()":
            raise ValueError("a name is missing")
        name = self.tokens.pop(0)
        self.names.add(name)
        return lambda values: values[name]

    def _take(self, token: str) -> bool:
        if self.tokens[:1] == [token]:
            self.tokens.pop(0)
            return True
        return False
