"""Model definitions, which are immutable: adding a field gives a new model."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mockserver.orm.fields.base import Field, make
from mockserver.orm.fields.numbers import Monetary
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.schema.summary import Definitions
from mockserver.profiles import Profile

# names and attributes of the fields that every model has; Source: versions.md §7.1
_MAGIC = (
    ("id", {"type": "integer", "string": "ID", "readonly": True}),
    ("display_name", {"type": "char", "string": "Display Name", "readonly": True, "store": False,
                      "searchable": False, "sortable": False}),
    ("create_uid", {"type": "many2one", "string": "Created by", "relation": "res.users", "readonly": True}),
    ("create_date", {"type": "datetime", "string": "Created on", "readonly": True}),
    ("write_uid", {"type": "many2one", "string": "Last Updated by", "relation": "res.users", "readonly": True}),
    ("write_date", {"type": "datetime", "string": "Last Updated on", "readonly": True}),
)  # fmt: skip
_LAST_UPDATE = {
    "type": "datetime", "string": "Last Modified on", "readonly": True, "store": False, "searchable": False,
    "sortable": False, "copy": False, "depends": ("create_date", "write_date"),
}  # fmt: skip
LOG_FIELDS = frozenset({"create_uid", "create_date", "write_uid", "write_date"})
MAGIC_FIELDS = LOG_FIELDS | {"id"}


def magic_fields(profile: Profile | None) -> dict[str, dict[str, Any]]:
    """Return `{name: attributes}` of the fields that every model has in a profile, by default 17.0."""
    magic = {name: dict(attributes) for name, attributes in _MAGIC}
    if profile is None:
        return magic
    magic["id"]["string"] = profile.id_label
    if profile.rules.display_name_searchable:
        magic["display_name"] |= {"searchable": True, "search": "_search_display_name"}
    for name in LOG_FIELDS:
        magic[name]["readonly"] = profile.rules.log_fields_readonly
    if profile.rules.last_update:
        magic["__last_update"] = dict(_LAST_UPDATE)
    return magic


# models whose tables are there before any module is installed: their columns are not in the order of types
_FIRST_TABLES = frozenset(
    {
        "ir.model", "ir.model.fields", "ir.model.data", "ir.actions.actions", "ir.actions.act_window",
        "ir.actions.act_url", "ir.actions.server", "ir.actions.client", "ir.actions.report", "ir.module.category",
        "ir.module.module", "ir.module.module.dependency", "res.company", "res.currency", "res.groups", "res.partner",
        "res.users",
    }
)  # fmt: skip

# the types of columns in the order in which other tables have them
_COLUMN_ORDER = (
    "integer", "character varying", "date", "json", "text", "numeric", "boolean", "timestamp without time zone",
    "double precision",
)  # fmt: skip


def _column_type(field: Field) -> str:
    if field.exact:
        return "numeric"
    if field.translate:
        return "json"
    found = field.sql_type or field.type
    return found if found in _COLUMN_ORDER else "json"


class ModelError(ValueError):
    """A model class is invalid; the text names the class, the mistake, and file and line."""


class UnknownField(ValueError):
    """A model has no such field; clients get the text of the generation."""

    def __init__(self, field: Any, model: str) -> None:
        super().__init__(f"Invalid field {field!r} on model {model!r}")
        self.field = field
        self.model = model


@dataclass(frozen=True)
class Constraint:
    """A constraint of the table: `unique` over fields, or `check`, a condition in SQL such as `amount > 0`.

    A unique index has no message of its own, so clients get the database's, and may have a `key`: expressions such as
    `lower(name)` that must differ, instead of the fields.  `where` is the condition of the rows that it counts.
    """

    name: str
    message: str = ""
    unique: tuple[str, ...] = ()
    check: str | None = None
    key: tuple[str, ...] = ()
    where: str | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Constraint:
        """Return a constraint from plain data."""
        attributes: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in data.items()}
        return cls(**attributes)


@dataclass(frozen=True, eq=False)
class Model:
    """One model; `own_fields` are those defined on it, `fields` adds those of its mixins and parents.

    `definitions` are the classes with its methods, the last one first.
    """

    name: str
    description: str = ""
    order: str = "id"
    rec_name: str | None = None
    rec_names_search: tuple[str, ...] = ()  # the fields that name_search searches; empty: the label field
    parent_name: str = "parent_id"
    parent_store: bool = False
    transient: bool = False
    abstract: bool = False
    auto: bool = True  # whether it has a table; without one, its rows are those of a query
    log_access: bool = True
    inherits: Mapping[str, str] = field(default_factory=dict)  # {comodel: many2one}
    mixins: tuple[str, ...] = ()  # the models whose fields and methods it includes
    defaults: Mapping[str, Any] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    module: str = "base"
    manual: bool = False
    custom_active: bool = True  # whether x_active archives a record, too
    own_fields: Mapping[str, Field] = field(default_factory=dict)
    inherited_fields: Mapping[str, Field] = field(default_factory=dict)
    definitions: Definitions = ()

    @classmethod
    def define(
        cls, name: str, fields: Mapping[str, Mapping[str, Any]], *, profile: Profile | None = None, **attributes: Any
    ) -> Model:
        """Return a model from plain data; the magic fields of the profile are added unless given."""
        manual = attributes.get("manual", False)
        logged = attributes.get("log_access", True)
        magic = {n: a for n, a in magic_fields(profile).items() if logged or n not in LOG_FIELDS}
        merged = {**magic, **fields} if manual else {**fields, **{n: a for n, a in magic.items() if n not in fields}}
        made = {n: make(n, a, model=name) for n, a in merged.items()}
        constraints = tuple(
            c if isinstance(c, Constraint) else Constraint.of(c) for c in attributes.pop("constraints", ())
        )
        if profile is not None:
            attributes["custom_active"] = profile.rules.custom_active
        return cls(name=name, own_fields=made, constraints=constraints, **attributes)

    def extended(self, fields: Iterable[Field] = (), **attributes: Any) -> Model:
        """Return this model with fields added or replaced, or with other attributes."""
        added = {f.name: f for f in fields}
        return self.replace(own_fields={**self.own_fields, **added} if added else self.own_fields, **attributes)

    def replace(self, **attributes: Any) -> Model:
        """Return this model with other attributes."""
        made = object.__new__(type(self))
        known = self.__dict__
        made.__dict__.update({name: known[name] for name in _ATTRIBUTES}, **attributes)
        return made

    def without(self, names: Iterable[str]) -> Model:
        """Return this model without some of its own fields."""
        gone = set(names)
        return self.replace(own_fields={n: f for n, f in self.own_fields.items() if n not in gone})

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields by name."""
        return {**self.own_fields, **self.inherited_fields}

    @cached_property
    def label_field(self) -> str | None:
        """The field that gives a record's name: `rec_name`, else `name`, else `x_name`."""
        if self.rec_name:
            return self.rec_name
        return next((name for name in ("name", "x_name") if name in self.fields), None)

    @cached_property
    def active_name(self) -> str | None:
        """The field that archives a record, if there is one."""
        for name in ("active", "x_active") if self.custom_active else ("active",):
            if name in self.fields and self.fields[name].store:
                return name
        return None

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The fields that are keys of rows."""
        return tuple(f for f in self.fields.values() if f.column)

    @cached_property
    def plain_columns(self) -> Mapping[str, Field]:
        """The columns of which `Field.to_store` alone decides what a row holds of a written value, by name."""
        columns = [f for f in self.columns if f.stored_alone and not (f.related or f.inverse or f.x2many)]
        return {f.name: f for f in columns if f.name not in MAGIC_FIELDS and not isinstance(f.selection, dict)}

    @cached_property
    def monetaries(self) -> frozenset[str]:
        """The names of the columns whose values are rounded to a currency."""
        return frozenset(f.name for f in self.columns if isinstance(f, Monetary))

    @cached_property
    def currencies(self) -> Mapping[str, Field]:
        """The fields with the currency of each monetary one, by its name."""
        found: dict[str, Field] = {}
        for f in self.fields.values():
            if isinstance(f, Monetary):
                names = (f.currency_field, "currency_id", "x_currency_id")
                currency = next((self.fields[name] for name in names if name and name in self.fields), None)
                found |= {} if currency is None else {f.name: currency}
        return found

    @cached_property
    def many2ones(self) -> Mapping[str, Field]:
        """The columns that hold the id of a record, by name."""
        return {f.name: f for f in self.columns if isinstance(f, Many2one)}

    @cached_property
    def server_set(self) -> frozenset[str]:
        """The fields of which a value given for a new record is computed over.  Source: recorded in flow-activity."""
        found = (f for f in self.fields.values() if f.readonly and (f.compute or (f.related and not f.inherited)))
        return frozenset(f.name for f in found)

    @cached_property
    def attached(self) -> frozenset[str]:
        """The names of the binary fields whose contents are attachments."""
        return frozenset(f.name for f in self.columns if f.holds == "file" and f.attachment and f.store)

    @cached_property
    def in_other_tables(self) -> frozenset[str]:
        """The names of the columns whose values are links, or contents of attachments: not in the model's own table."""
        return self.attached.union(f.name for f in self.columns if f.x2many)

    @cached_property
    def varying(self) -> Mapping[str, Field]:
        """The columns whose value depends on the language or the company, by name."""
        return {f.name: f for f in self.columns if f.translate or f.company_dependent}

    @cached_property
    def required_columns(self) -> tuple[Field, ...]:
        """The columns that must not be NULL, without those that a real server computes and no class here does.

        They are in the order of their types, in which a real server adds them to the table.  Source: recorded in
        flow-purchase-1 (17.0, 19.0); for the first tables core-types (15.0), companies-1 (16.0, 17.0).
        """
        found = [f for f in self.columns if f.required and f.store and (f.compute or not f.computed)]
        if self.name in _FIRST_TABLES:
            return tuple(found)
        return tuple(sorted(found, key=lambda f: _COLUMN_ORDER.index(_column_type(f))))

    @cached_property
    def constrained_computed(self) -> frozenset[str]:
        """The names of the columns that are computed and mandatory, or part of what must be unique."""
        required = (f.name for f in self.required_columns)
        unique = (name for constraint in self.constraints for name in constraint.unique)
        return frozenset((*required, *unique)) & self.computed_columns

    @cached_property
    def definition_records(self) -> frozenset[str]:
        """The many2one fields whose records hold the definitions of properties."""
        return frozenset(f.definition_record for f in self.columns if f.definition_record)

    @cached_property
    def restricted(self) -> Mapping[str, Field]:
        """The fields that are restricted to groups, by name."""
        return {name: f for name, f in self.fields.items() if f.groups}

    @cached_property
    def internals(self) -> frozenset[str]:
        """The names of the fields that clients are not told of."""
        return frozenset(name for name, f in self.fields.items() if f.internal)

    @cached_property
    def tracked(self) -> tuple[Field, ...]:
        """The fields whose changes are logged on the record, where the model keeps a log."""
        return tuple(f for f in self.fields.values() if f.tracking)

    @cached_property
    def stored_computes(self) -> tuple[Field, ...]:
        """The columns that are computed or related."""
        return tuple(f for f in self.columns if f.related or f.compute)

    @cached_property
    def computed_columns(self) -> frozenset[str]:
        """The names of those columns."""
        return frozenset(f.name for f in self.stored_computes)

    @cached_property
    def computed_by(self) -> Mapping[str, tuple[str, ...]]:
        """The fields that each method computes, by method."""
        found: dict[str, tuple[str, ...]] = {}
        for name, f in self.fields.items():
            if f.compute:
                found[f.compute] = (*found.get(f.compute, ()), name)
        return found

    @cached_property
    def table(self) -> str:
        """Name of the database table, for error texts."""
        return self.name.replace(".", "_")

    def field(self, name: str) -> Field:
        """Return a field; raises the server's error for an unknown one."""
        try:
            return self.fields[name]
        except (KeyError, TypeError):
            raise UnknownField(name, self.name) from None


_ATTRIBUTES = tuple(attribute.name for attribute in dataclasses.fields(Model))
