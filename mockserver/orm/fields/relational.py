"""Field types that point to records: many2one, one2many, many2many, and the two kinds of reference."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.errors import DatabaseError
from mockserver.orm.fields import json_values, kind
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import Importing, Problem, reference_kind
from mockserver.orm.fields.numbers import Integer
from mockserver.orm.fields.spaces import Among, Known, Some, Space

_NEEDS_RELATION = "'relation', the name of its comodel"


class Many2one(Field):
    type = "many2one"
    positional = ("relation", "string")
    relational = True
    sql_type = "integer"
    aggregates = kind.SUMMED
    takes_reference = True
    property_column = "value_reference"
    holds = "record"
    json_value = json_values.ID
    operators = kind.LIKES

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        """Return an id or None.  Any other value reaches the database on create and becomes empty on write.

        Source: versions.md §10; the create column recorded in core-errors (17.0).
        """
        if not value:
            return None
        if isinstance(value, int):
            return int(value)
        if creating:
            return database_id(value)
        return None

    def to_result(self, value: Any) -> Any:
        """Return the id from an assigned record, given as a tuple of ids, or an assigned id."""
        return self.to_store(value[0] if value and isinstance(value, tuple) else value)

    def to_condition(self, value: Any) -> Any:
        return database_id(value) if value else None

    def from_text(self, value: Any, source: Importing) -> Any:
        [record] = value
        by = reference_kind(record)
        return source.reference(self, by, record[by])

    def to_property(self, value: Any) -> Any:
        return f"{self.comodel},{value}"

    def from_property(self, value: Any) -> Any:
        return int(value.partition(",")[2] or 0) or None

    @classmethod
    def missing_attribute(cls, attributes: Mapping[str, Any]) -> str | None:
        return None if attributes.get("relation") else _NEEDS_RELATION

    def with_ids(self, value: Any, change: Callable[[str, int], Any]) -> Any:
        return change(self.comodel, value)

    def space(self, known: Known) -> Space | None:
        ids = tuple(known.ids(self.comodel))
        return Among(values=ids) if ids else None


def database_id(value: Any, *, at_end: bool = False) -> int:
    """Return the integer that the database would read; raises its error for anything else.

    `at_end`: the SQL statement ends with the value, which changes the error text.
    """
    if isinstance(value, (int, float)):
        return int(value)
    try:
        return int(str(value).strip())
    except ValueError:
        raise invalid_integer(value, at_end=at_end) from None


def invalid_integer(value: Any, *, at_end: bool = False) -> DatabaseError:
    """Return the database's error for a text that is no integer."""
    return invalid_text("errors.InvalidTextRepresentation", "integer", value, at_end=at_end)


def invalid_text(error: str, kind: str, value: Any, *, at_end: bool = False) -> DatabaseError:
    """Return the database's error for a text that is no value of a type.

    It quotes 50 characters of the statement before the value, so the caret is always at the same position; where the
    value ends the statement, it quotes the last 60 characters.  Source: recorded in core-errors (15.0, 17.0).
    """
    before = "there is no SQL here; the value that was refused: "
    literal = f"'{value}'"
    after = "..."
    if at_end:
        after = ")"
        before = before.rjust(60 - len(literal + after), ".")
    return DatabaseError(
        error,
        f'invalid input syntax for type {kind}: "{value}"\nLINE 1: ...{before}{literal}{after}\n'
        f"{' ' * len('LINE 1: ...' + before)}^\n",
    )


class One2many(Field):
    type = "one2many"
    positional = ("relation", "relation_field", "string")
    relational = True
    x2many = True
    depends_on_record = True
    has_column = False
    grouped = False
    holds = "record"
    json_value = json_values.IDS
    operators = kind.LIKES
    copy = False

    def from_text(self, value: Any, source: Importing) -> Any:
        return source.lines(self, value)

    @classmethod
    def missing_attribute(cls, attributes: Mapping[str, Any]) -> str | None:
        if not attributes.get("relation"):
            return _NEEDS_RELATION
        if not attributes.get("relation_field") and attributes.get("store", True):
            return "'relation_field', the many2one of its comodel"
        return None

    def _describe_own(self) -> dict[str, Any]:
        return {"relation_field": self.relation_field} if self.relation_field else {}


class Many2many(Field):
    type = "many2many"
    positional = ("relation", "relation_table", "column1", "relation_column", "string")
    relational = True
    x2many = True
    depends_on_record = True
    sql_type = "integer"
    aggregates = kind.SUMMED
    sorted = False
    holds = "record"
    json_value = json_values.IDS
    operators = kind.LIKES

    def from_text(self, value: Any, source: Importing) -> Any:
        [record] = value
        by = reference_kind(record)
        return source.links([source.reference(self, by, part) for part in record[by].split(",")])

    @classmethod
    def missing_attribute(cls, attributes: Mapping[str, Any]) -> str | None:
        return None if attributes.get("relation") else _NEEDS_RELATION

    def with_ids(self, value: Any, change: Callable[[str, int], Any]) -> Any:
        return [change(self.comodel, id_) for id_ in value]

    def space(self, known: Known) -> Space | None:
        ids = tuple(known.ids(self.comodel))
        return Some(values=ids, form=lambda chosen: [(6, 0, chosen)]) if ids else None

    @property
    def table(self) -> str:
        """Name of the relation's table, for error texts."""
        if self.relation_table:
            return self.relation_table
        pair = sorted([self.model.replace(".", "_"), self.comodel.replace(".", "_")])
        return "_".join(pair) + "_rel" if not self.manual else "x_" + "_".join(pair) + "_rel"


def inverse_name(field: Field) -> str:
    """Return the name of the comodel's field that stores the relation, empty where the field itself stores it."""
    return (field.relation_field if isinstance(field, One2many) else field.mirror) or ""


class Reference(Field):
    type = "reference"
    stored_alone = False
    positional = ("selection", "string")
    sql_type = "character varying"
    aggregates = kind.ORDERED
    takes_reference = True
    holds = "record"
    json_value = json_values.TARGET

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        if not isinstance(value, str):
            raise ValueError(f"Wrong value for {self.model}.{self.name}: {value!r}")
        model, id_ = value.split(",")  # the errors of Python are the server's, here and for the id
        if isinstance(self.selection, list) and not any(model == key for key, _ in self.selection):
            raise ValueError(f"Wrong value for {self.model}.{self.name}: {value!r}")
        return f"{model},{int(id_)}" if int(id_) else None

    def to_condition(self, value: Any) -> Any:
        return value or None

    def choice(self, value: Any) -> Any:
        return value.partition(",")[0]

    def pointing_to(self, model: str, id_: int) -> Any:
        return f"{model},{id_}"

    def with_ids(self, value: Any, change: Callable[[str, int], Any]) -> Any:
        model, _, id_ = value.partition(",")
        changed = change(model, int(id_))
        return self.pointing_to(model, changed) if isinstance(changed, int) else changed


class Many2oneReference(Integer):
    """The id of a record; `relation_field` holds the name of its model."""

    type = "many2one_reference"
    summed = False
    zero_is_value = False
    holds = "record"
    json_value = json_values.ID
    operators = ()

    def space(self, known: Known) -> Space | None:
        return None

    def _describe_own(self) -> dict[str, Any]:
        return {"relation_field": self.relation_field} if self.relation_field else {}


class PropertiesDefinition(Field):
    type = "properties_definition"
    empty = ()
    grouped = False

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        return copy.deepcopy(value) if value else None

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        return copy.deepcopy(value or [])


class Properties(Field):
    """Values by property name; the record that `definition_record` points to defines the properties."""

    type = "properties"
    grouped = False
    sorted = False

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if not value:
            return None
        value = copy.deepcopy(value)
        if isinstance(value, dict):
            return value
        return {item["name"]: item.get("value", False) for item in value if isinstance(item, dict) and "name" in item}

    def to_read(self, value: Any, bin_size: bool = False) -> Any:
        return [{"name": name, "value": item} for name, item in (value or {}).items()]

    def from_text(self, value: Any, source: Importing) -> Any:
        raise Problem(f"Unable to import field type '{self.type}'  ", {})

    def _describe_own(self) -> dict[str, Any]:
        return {"definition_record": self.definition_record} if self.definition_record else {}
