"""What the program asks of a type of field, with the answers that suit a plain value.

A new type is one subclass of `Field`: it overrides the answers that differ, and nothing outside of it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from mockserver.orm.fields.importing import Importing
from mockserver.orm.fields.json_values import ANYTHING, JsonValue
from mockserver.orm.fields.spaces import Known, Space
from mockserver.profiles import Rules

# the functions of groups: for anything that a database can list, for what it can put in order, for numbers
LISTED = frozenset({"array_agg", "count", "count_distinct", "recordset"})
ORDERED = LISTED | {"min", "max"}
SUMMED = ORDERED | {"sum", "avg"}
# operators that suit what has an order, and texts
INEQUALITIES: tuple[str, ...] = ("<", "<=", ">", ">=")
LIKES: tuple[str, ...] = ("like", "ilike", "not ilike", "=ilike")


class FieldType:
    """The questions about a type; `None` is SQL NULL in the store."""

    type: ClassVar[str]
    empty: ClassVar[Any] = False  # what read() shows for NULL
    relational: ClassVar[bool] = False
    x2many: ClassVar[bool] = False  # whether it leads to a set of records
    dated: ClassVar[bool] = False  # whether it groups by periods
    timed: ClassVar[bool] = False  # whether its values have a time of day
    has_column: ClassVar[bool] = True  # whether a stored field of this type is a key of the row
    sql_type: ClassVar[str | None] = None  # the column's type in error texts; None: the name of the type itself
    aggregates: ClassVar[frozenset[str]] = frozenset()  # the functions that a group has for it
    summed: ClassVar[bool] = False  # whether read_group adds it up
    grouped: ClassVar[bool] = True  # whether a group may be made of its values
    sorted: ClassVar[bool] = True  # whether an order clause may name it
    null_key: ClassVar[Any] = None  # what NULL counts as where rows are grouped and sorted
    zero_is_value: ClassVar[bool] = False  # whether 0 and false satisfy `required`
    takes_reference: ClassVar[bool] = False  # whether a fixture may name the record it leads to
    holds: ClassVar[str] = "data"  # line, text, markup, file, number, date, choice, record or data
    property_column: ClassVar[str] = "value_text"  # of `ir.property`, where the values of companies stand until 17
    json_value: ClassVar[JsonValue] = ANYTHING  # what a fixture holds
    operators: ClassVar[tuple[str, ...]] = ()  # of domains, beyond equality and membership, that suit its values

    # -- the store

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        """Return the value as rows hold it; raises what the real server raises for a bad one."""
        return value

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        """Return the value as `read` shows it, given what the row holds."""
        return self.empty if value is None else value

    def to_result(self, value: Any) -> Any:
        """Return a value that the method of a computed field assigned, as rows would hold it."""
        return self.to_store(value)

    def to_condition(self, value: Any) -> Any:
        """Return the right-hand side of a condition, as something that compares with a stored value."""
        return self.to_store(value)

    def to_text(self, value: Any) -> str:
        """Return a stored value as the database would cast it to text, for the like family."""
        return str(value)

    def to_property(self, value: Any) -> Any:
        """Return a stored value, not NULL, as its column of `ir.property` holds it."""
        return value

    def from_property(self, value: Any) -> Any:
        """Return the stored value out of its column of `ir.property`."""
        return value

    # -- groups

    @property
    def exact(self) -> bool:
        """Whether the database adds its values up without rounding errors."""
        return False

    # -- import and export

    def from_text(self, value: Any, source: Importing) -> Any:
        """Return the text of an import, never empty, as `create` takes it; raises `Problem`."""
        return value

    def to_cell(self, value: Any, rules: Rules, *, raw: bool) -> Any:
        """Return the value as `export_data` shows it; `raw` keeps numbers from becoming texts."""
        return value or ""

    # -- descriptions, and fixtures

    @property
    def described_type(self) -> str:
        """The type that clients are told."""
        return self.type

    @classmethod
    def missing_attribute(cls, attributes: Mapping[str, Any]) -> str | None:
        """Return what the definition of a field lacks, in words that follow 'a field needs'; None for nothing."""
        return None

    def choice(self, value: Any) -> Any:
        """Return what of a value has to be among the choices of the field; None for nothing."""
        return None

    def pointing_to(self, model: str, id_: int) -> Any:
        """Return the value that leads to a record."""
        return id_

    def with_ids(self, value: Any, change: Callable[[str, int], Any]) -> Any:
        """Return a stored value for JSON, with `change(model, id)` in the place of each id in it."""
        return list(value) if isinstance(value, tuple) else value

    # -- generated values

    def space(self, known: Known) -> Space | None:
        """Return the values that may be written to the field; None for a field that is left alone."""
        return None
