"""Field types for numbers and booleans.

Source: versions.md §7.3; recorded in core-types (17.0).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from mockserver.errors import DatabaseError
from mockserver.orm.fields import json_values, kind, spaces
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import FALSE, FIELD, TRUE, Importing, Problem
from mockserver.profiles import Rules

_LOWEST, _HIGHEST = -(2**31), 2**31 - 1
_BESIDE = 2.0**-52  # how far beside a half or a whole, in proportion, a number still counts as one
_WHOLE = 1e9  # whole numbers below are multiples of each step that divides one, as exactly as floats can tell


class Integer(Field):
    type = "integer"
    empty = 0
    sql_type = "integer"
    aggregates = kind.SUMMED
    summed = True
    zero_is_value = True
    takes_reference = True  # before 13.0 ids of records, such as `res_id`, are integer fields
    holds = "number"
    property_column = "value_integer"
    json_value = json_values.INTEGER
    operators = kind.INEQUALITIES

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        number = int(value or 0)
        if not _LOWEST <= number <= _HIGHEST:
            raise DatabaseError("errors.NumericValueOutOfRange", "integer out of range\n")
        return number

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        if value is None:
            return 0
        # a bigint column; Source: versions.md §7.3
        return value if _LOWEST <= value <= _HIGHEST else float(value)

    def to_read_all(self, values: Sequence[Any], bin_size: bool = False) -> list[Any]:
        found = [0 if value is None else value for value in values]
        if not found or (min(found) >= _LOWEST and max(found) <= _HIGHEST):
            return found
        return super().to_read_all(found, bin_size)

    def to_condition(self, value: Any) -> Any:
        return int(value or 0)

    def from_text(self, value: Any, source: Importing) -> Any:
        try:
            return int(value)
        except ValueError:
            raise Problem(f"'{value}' does not seem to be an integer for field '{FIELD}'", {}) from None

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        return str(value) if rules.export_texts and not raw else value

    def space(self, known: spaces.Known) -> spaces.Space | None:
        return spaces.Whole(low=_LOWEST, high=_HIGHEST)


class Float(Field):
    type = "float"
    positional = ("string", "digits")
    empty = 0.0
    sql_type = "double precision"
    aggregates = kind.SUMMED
    summed = True
    zero_is_value = True
    holds = "number"
    property_column = "value_float"
    json_value = json_values.NUMBER
    operators = kind.INEQUALITIES

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        number = float(value or 0.0)
        if isinstance(self.digits, (list, tuple)) and math.isfinite(number):
            return round_half_up(number, self.digits[1])
        return number

    def to_condition(self, value: Any) -> Any:
        return self.to_store(value)

    def to_text(self, value: Any) -> str:
        if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)

    @property
    def exact(self) -> bool:
        return bool(self.digits)

    def from_text(self, value: Any, source: Importing) -> Any:
        try:
            return float(value)
        except ValueError:
            raise Problem(f"'{value}' does not seem to be a number for field '{FIELD}'", {}) from None

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        return str(value) if rules.export_texts and not raw else value

    def space(self, known: spaces.Known) -> spaces.Space | None:
        return spaces.Decimals(low=-100_000, high=100_000, places=2)

    def _describe_own(self) -> dict[str, Any]:
        return {"digits": self.digits} if self.digits else {}


def round_half_up(number: float, places: int) -> float:
    """Return a number rounded to decimal places, halves away from zero, as the server rounds float fields."""
    # a float of that size has no decimal places; another may have no more than these
    if not number % 1 or abs(number) >= 1e15 or round(number, places) == number:
        return number
    step = Decimal(1).scaleb(-places)
    return float(Decimal(repr(number)).quantize(step, rounding=ROUND_HALF_UP))


@functools.lru_cache(maxsize=256)
def _steps_of_one(step: float) -> int:
    """Return how many steps make one; 0 if no whole number of them does."""
    count = round(1 / step)
    return count if step < 1 and abs(count * step - 1) < 1e-9 else 0


def round_to(amount: float, step: float, method: str = "HALF-UP") -> float:
    """Return an amount rounded to a multiple of `step`, halves away from zero; unchanged where `step` is 0.

    `method` may also be UP, away from zero, or DOWN, towards it.  What a calculation with floats left just beside a
    multiple or a half counts as one: 3 * 1.005 is 3.0149999999999997 and gives 3.02.
    """
    # beyond 1e15 a float has no decimal places to round
    if step <= 0 or not -1e15 < amount < 1e15:
        return amount
    steps_of_one = _steps_of_one(step)
    if steps_of_one and not amount % 1 and -_WHOLE < amount < _WHOLE:
        return amount + 0.0  # a whole number, which is not -0.0
    scaled = abs(amount) * steps_of_one if steps_of_one else abs(amount) / step
    beside = scaled * _BESIDE
    if method == "UP":
        count = math.ceil(scaled - beside)
    else:
        count = math.floor(scaled + beside + (0.0 if method == "DOWN" else 0.5))
    # dividing by the whole number 100 gives the float nearest to the decimal number, multiplying by 0.01 does not
    rounded = count / steps_of_one if steps_of_one else float(count * step)
    return -rounded if amount < 0 and rounded else rounded


def compare(first: float, second: float, step: float) -> int:
    """Compare two amounts that are rounded to a multiple of `step`; return -1, 0 or 1."""
    difference = first - second
    if not difference:
        return 0
    if abs(difference) > 2 * step:  # most amounts: no rounding brings them together
        return 1 if difference > 0 else -1
    one, other = round_to(first, step), round_to(second, step)
    return (one > other) - (one < other)


class Monetary(Float):
    type = "monetary"
    depends_on_record = True
    stored_alone = False
    positional = ("string", "currency_field")
    sql_type = "numeric"

    @property
    def exact(self) -> bool:
        return True

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        return value  # a number in every version

    def _describe_own(self) -> dict[str, Any]:
        return {"currency_field": self.currency_field} if self.currency_field else {}


class Boolean(Field):
    type = "boolean"
    sql_type = "boolean"
    aggregates = kind.LISTED | {"bool_and", "bool_or"}
    null_key = False
    zero_is_value = True
    holds = "choice"
    property_column = "value_integer"
    json_value = json_values.TRUTH

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        return bool(value)

    def to_property(self, value: Any) -> Any:
        return int(value)

    def from_property(self, value: Any) -> Any:
        return bool(value)

    def to_text(self, value: Any) -> str:
        return "true" if value else "false"

    def from_text(self, value: Any, source: Importing) -> Any:
        if value.lower() not in TRUE | FALSE:
            text = f"Unknown value '{value}' for boolean field '{FIELD}'"
            source.problems.append(Problem(text, {"moreinfo": "Use '1' for yes and '0' for no"}))
        return value.lower() not in FALSE

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        return str(value) if rules.export_texts and not raw else value

    def space(self, known: spaces.Known) -> spaces.Space | None:
        return spaces.Among(values=(False, True))
