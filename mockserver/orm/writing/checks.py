"""The conditions of table constraints, such as `CHECK (amount > 0 OR state = 'draft')`: parsed and evaluated on rows.

Supported is the part of PostgreSQL's boolean expressions over one row that models use: comparisons, AND, OR, NOT,
IS [NOT] NULL, IS [NOT] TRUE, IN, BETWEEN, LIKE, arithmetic, and the functions `length`, `coalesce`, `lower`, `upper`,
`abs` and `round`.  NULL is unknown, and a row is refused only if the condition is false.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable
from typing import Any

from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.query.like import like
from mockserver.orm.storage.store import Row

Expression = Callable[[Row], Any]

MAX_LENGTH = 4000  # characters of a condition
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|'(?P<text>(?:[^']|'')*)'|(?P<name>\"?[A-Za-z_]\w*\"?)|(?P<sign><=|>=|<>|!=|\|\||::|[-+*/%<>=(),]))"
)
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "!=": operator.ne, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "%": operator.mod,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "length": len, "char_length": len, "lower": str.lower, "upper": str.upper, "abs": abs, "round": round_half_up,
}  # fmt: skip
_WORDS = frozenset({"and", "or", "not", "is", "null", "true", "false", "in", "like", "ilike", "between"})


class BadCheck(ValueError):
    """A condition that cannot be parsed; the text says where."""


@functools.lru_cache(maxsize=1024)
def parsed(text: str) -> Expression:
    """Return the condition as a function of a row, which returns True, False or None (unknown); raises BadCheck."""
    if len(text) > MAX_LENGTH:
        raise BadCheck(f"a condition has at most {MAX_LENGTH} characters")
    reader = _Reader(text)
    try:
        found = reader.disjunction()
    except RecursionError:
        raise BadCheck("the condition is nested too deeply") from None
    if reader.position < len(reader.tokens):
        raise reader.bad()
    return found


def columns(text: str) -> set[str]:
    """Return the columns that a condition names; raises BadCheck."""
    parsed(text)
    reader = _Reader(text)
    names = [value for kind, value in reader.tokens if kind == "name"]
    return {name for name in names if name not in _WORDS and name not in _FUNCTIONS and name != "coalesce"}


def allows(text: str, row: Row) -> bool:
    """Return whether the condition is true or unknown for a row."""
    return parsed(text)(row) is not False


class _Reader:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.position = 0
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise BadCheck(f"cannot read {text[at:].strip()[:20]!r} in the condition {text!r}")
            kind = str(match.lastgroup)
            value = match[kind]
            self.tokens.append((kind, value.strip('"').lower() if kind == "name" else value))
            at = match.end()

    def bad(self) -> BadCheck:
        found = self.tokens[self.position][1] if self.position < len(self.tokens) else "the end"
        return BadCheck(f"did not expect {found!r} in the condition {self.text!r}")

    def take(self, *values: str) -> bool:
        """Step over these tokens if they come next; return whether they did."""
        ahead = self.tokens[self.position : self.position + len(values)]
        if [value for kind, value in ahead if kind in ("name", "sign")] == list(values):
            self.position += len(values)
            return True
        return False

    def need(self, value: str) -> None:
        if not self.take(value):
            raise self.bad()

    def disjunction(self) -> Expression:
        parts = [self.conjunction()]
        while self.take("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else lambda row: _or([part(row) for part in parts])

    def conjunction(self) -> Expression:
        parts = [self.negation()]
        while self.take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else lambda row: _and([part(row) for part in parts])

    def negation(self) -> Expression:
        if self.take("not"):
            inner = self.negation()
            return lambda row: _not(inner(row))
        return self.comparison()

    def comparison(self) -> Expression:
        left = self.sum()
        if self.take("is"):
            return self._is(left)
        negated = self.take("not")
        found = self._membership(left)
        if found is None:
            if negated:
                raise self.bad()
            sign = self.tokens[self.position][1] if self.position < len(self.tokens) else ""
            if sign not in _COMPARE:
                return left
            self.position += 1
            return _known(_COMPARE[sign], left, self.sum())
        return (lambda row: _not(found(row))) if negated else found

    def _is(self, left: Expression) -> Expression:
        negated = self.take("not")
        for word, value in (("null", None), ("true", True), ("false", False)):
            if self.take(word):
                return lambda row: (left(row) is value) is not negated
        raise self.bad()

    def _membership(self, left: Expression) -> Expression | None:
        if self.take("in"):
            self.need("(")
            items = [self.sum()]
            while self.take(","):
                items.append(self.sum())
            self.need(")")
            equal = [_known(operator.eq, left, item) for item in items]
            return lambda row: _or([part(row) for part in equal])
        if self.take("between"):
            low = self.sum()
            self.need("and")
            high = self.sum()
            bounds = [_known(operator.ge, left, low), _known(operator.le, left, high)]
            return lambda row: _and([part(row) for part in bounds])
        for word in ("like", "ilike"):
            if self.take(word):
                return _known(functools.partial(_like, word == "ilike"), left, self.sum())
        return None

    def sum(self) -> Expression:
        left = self.product()
        while self.position < len(self.tokens) and self.tokens[self.position][1] in ("+", "-", "||"):
            sign = self.tokens[self.position][1]
            self.position += 1
            left = _known(_ARITHMETIC.get(sign, operator.add), left, self.product())
        return left

    def product(self) -> Expression:
        left = self.atom()
        while self.position < len(self.tokens) and self.tokens[self.position] in (
            ("sign", "*"),
            ("sign", "/"),
            ("sign", "%"),
        ):
            sign = self.tokens[self.position][1]
            self.position += 1
            left = _known(_ARITHMETIC[sign], left, self.atom())
        return left

    def atom(self) -> Expression:
        if self.take("("):
            inner = self.disjunction()
            self.need(")")
            return self._cast(inner)
        if self.take("-"):
            inner = self.atom()
            return lambda row: None if (value := inner(row)) is None else -value
        if self.position >= len(self.tokens):
            raise self.bad()
        kind, value = self.tokens[self.position]
        self.position += 1
        if kind == "number":
            number = float(value) if "." in value else int(value)
            return lambda row: number
        if kind == "text":
            text = value.replace("''", "'")
            return self._cast(lambda row: text)
        if kind != "name" or value in _WORDS - {"null", "true", "false"}:
            self.position -= 1
            raise self.bad()
        if value in ("null", "true", "false"):
            constant = {"null": None, "true": True, "false": False}[value]
            return lambda row: constant
        if self.take("("):
            return self._call(value)
        return self._cast(lambda row: row.get(value))

    def _cast(self, inner: Expression) -> Expression:
        """Step over casts such as `::numeric`, which change nothing here."""
        while self.take("::"):
            self.position += 1
        return inner

    def _truth(self) -> Expression | None:
        """Step over a truth that is written as the text 't' or 'f'; return it."""
        kind, value = self.tokens[self.position] if self.position < len(self.tokens) else ("", "")
        if kind != "text" or value not in ("t", "f"):
            return None
        self.position += 1
        return lambda row: value == "t"

    def _call(self, name: str) -> Expression:
        arguments = [self.disjunction()]
        while self.take(","):
            arguments.append(self._truth() or self.disjunction())
        self.need(")")
        if name == "coalesce":
            return lambda row: next((v for argument in arguments if (v := argument(row)) is not None), None)
        if name not in _FUNCTIONS or len(arguments) != (2 if name == "round" else 1):
            raise BadCheck(f"the function {name}() is not known in the condition {self.text!r}")
        return _applied(_FUNCTIONS[name], arguments)


def _applied(function: Callable[..., Any], arguments: list[Expression]) -> Expression:
    """Return a function of expressions; the result is unknown if one of their values is."""

    def call(row: Row) -> Any:
        found = [argument(row) for argument in arguments]
        return None if None in found else function(*found)

    return call


def _like(fold: bool, value: Any, pattern: Any) -> bool:
    return like(str(pattern), fold)(str(value))


def _known(function: Callable[[Any, Any], Any], left: Expression, right: Expression) -> Expression:
    """Return the function applied to two expressions; the result is unknown if either value is."""

    def both(row: Row) -> Any:
        first, second = left(row), right(row)
        return None if first is None or second is None else function(first, second)

    return both


def _or(values: list[Any]) -> Any:
    return True if any(values) else None if None in values else False


def _and(values: list[Any]) -> Any:
    return False if any(value is not None and not value for value in values) else None if None in values else True


def _not(value: Any) -> Any:
    return None if value is None else not value
