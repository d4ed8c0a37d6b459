"""The interface of field types, with defaults that suit a plain value.

To add a type, write one subclass of `Field` that overrides what differs; no other code has to change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from mockserver.orm.fields.importing import Importing
from mockserver.orm.fields.json_values import ANYTHING, JsonValue
from mockserver.orm.fields.spaces import Known, Space
from mockserver.profiles import Rules

# aggregate functions: for values of any type, for ordered values, for numbers
LISTED = frozenset({"array_agg", "count", "count_distinct", "recordset"})
ORDERED = LISTED | {"min", "max"}
SUMMED = ORDERED | {"sum", "avg"}
# operators for ordered values, and for texts
INEQUALITIES: tuple[str, ...] = ("<", "<=", ">", ">=")
LIKES: tuple[str, ...] = ("like", "ilike", "not ilike", "=ilike")


class FieldType:
    """Properties and conversions of a field type; `None` is SQL NULL in the store."""

    type: ClassVar[str]
    empty: ClassVar[Any] = False  # what read() shows for NULL
    relational: ClassVar[bool] = False
    x2many: ClassVar[bool] = False  # whether it points to a set of records
    dated: ClassVar[bool] = False  # whether it is grouped by periods
    timed: ClassVar[bool] = False  # whether its values have a time of day
    has_column: ClassVar[bool] = True  # whether a stored field of this type is a key of the row
    # whether rows hold a value that a method assigns otherwise, by the record: rounded to its currency, or as ids
    depends_on_record: ClassVar[bool] = False
    stored_alone: ClassVar[bool] = True  # whether `to_store` alone converts it, whatever the generation and the data
    sql_type: ClassVar[str | None] = None  # the column's type in error texts; None: the name of the type itself
    aggregates: ClassVar[frozenset[str]] = frozenset()  # the aggregate functions that it supports
    summed: ClassVar[bool] = False  # whether read_group sums it
    grouped: ClassVar[bool] = True  # whether records can be grouped by it
    sorted: ClassVar[bool] = True  # whether records can be sorted by it
    null_key: ClassVar[Any] = None  # the value that stands for NULL in groups and sorting
    zero_is_value: ClassVar[bool] = False  # whether 0 and false satisfy `required`
    takes_reference: ClassVar[bool] = False  # whether a fixture may give {"ref": xmlid}
    holds: ClassVar[str] = "data"  # line, text, markup, file, number, date, choice, record or data
    property_column: ClassVar[str] = "value_text"  # of `ir.property`, which holds the values of companies until 17
    json_value: ClassVar[JsonValue] = ANYTHING  # the JSON value that a fixture holds
    operators: ClassVar[tuple[str, ...]] = ()  # domain operators that it supports beyond equality and membership

    # of a declaration in a class
    has_default: bool = False
    default: Any = None
    place: str = ""  # file and line
    # of a field that a model inherits: the field of the mixin or parent that it was made from
    source: FieldType | None = None

    # -- the store

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        """Return the value as rows hold it; raises the real server's error for a bad one."""
        return value

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        """Return a stored value as `read` shows it."""
        return self.empty if value is None else value

    def to_read_all(self, values: Sequence[Any], bin_size: bool = False) -> list[Any]:
        """Return many stored values as `read` shows them."""
        to_read = self.to_read
        return [to_read(value, bin_size) for value in values]

    def to_result(self, value: Any) -> Any:
        """Return a value assigned by the method of a computed field, as rows would hold it."""
        return self.to_store(value)

    def from_related(self, value: Any) -> Any:
        """Return the value of the field that a stored field relates to, as this one's rows would hold it."""
        return value

    def to_condition(self, value: Any) -> Any:
        """Return the right-hand side of a condition in a form comparable with stored values."""
        return self.to_store(value)

    def to_text(self, value: Any) -> str:
        """Return a stored value as the database would cast it to text, for the like family."""
        return str(value)

    def to_property(self, value: Any) -> Any:
        """Return a stored value, not NULL, as its column of `ir.property` holds it."""
        return value

    def from_property(self, value: Any) -> Any:
        """Return the stored value for the content of a column of `ir.property`."""
        return value

    # -- groups

    @property
    def exact(self) -> bool:
        """Whether the database sums its values without rounding errors."""
        return False

    # -- import and export

    def from_text(self, value: Any, source: Importing) -> Any:
        """Return the value for `create` from a non-empty text of an import; raises `Problem`."""
        return value

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        """Return the value as `export_data` shows it; with `raw`, numbers stay numbers."""
        return value or ""

    # -- descriptions, and fixtures

    @property
    def described_type(self) -> str:
        """The type as clients see it."""
        return self.type

    @classmethod
    def missing_attribute(cls, attributes: Mapping[str, Any]) -> str | None:
        """Return what a definition lacks, phrased to follow 'a field needs'; None if it is complete."""
        return None

    def choice(self, value: Any) -> Any:
        """Return the part of a value that must be one of the field's choices; None if there is none."""
        return None

    def pointing_to(self, model: str, id_: int) -> Any:
        """Return the value that points to a record."""
        return id_

    def with_ids(self, value: Any, change: Callable[[str, int], Any]) -> Any:
        """Return a stored value for JSON, with each id replaced by `change(model, id)`."""
        return list(value) if isinstance(value, tuple) else value

    # -- generated values

    def space(self, known: Known) -> Space | None:
        """Return the values that can be generated for the field; None to generate none."""
        return None
