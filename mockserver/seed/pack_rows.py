"""Stores the records of bundled packs as rows, without the checks of the ORM, because they are known to be right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row
from mockserver.seed.files import FixtureError
from mockserver.seed.records import find_xmlid, xmlid_row

# creation date of the records of packs; fixed, so that two builds are equal
BASE_DATE = "2024-01-01 00:00:00"
AUDIT = {"create_uid": 1, "create_date": BASE_DATE, "write_uid": 1, "write_date": BASE_DATE}

_XMLIDS = "ir.model.data"
_CONTAINERS = frozenset({dict, list})
Record = Mapping[str, Any]


class Alike(NamedTuple):
    """Records of a model that are all new or all changed, and have values of the same computed fields."""

    model: str
    new: bool
    given: frozenset[str]  # those computed fields
    ids: set[int]
    written: set[str]  # the fields that any of them has a value of


class _Table(NamedTuple):
    """What is needed to make rows of a model."""

    fields: Mapping[str, Field]
    computed: frozenset[str]
    defaults: Row
    new: dict[int, Row]  # the rows to store, by id
    converters: dict[str, Callable[[Any], Any] | None]  # of plain values, by field; see `PackRows._converter`


class PackRows:
    """Stores records as rows; references lead to records of the packs or of the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # external id or label → (model, id)
        self.ids: dict[str, tuple[str, int]] = dict(database.loaded.labels)
        self.labels: dict[str, tuple[str, int]] = {}  # of them, those that no record of the database shows
        self._tables: dict[str, _Table] = {}

    def store(self, records: Iterable[Record]) -> list[Alike]:
        """Store records; return which of them are new, or changed, and the fields that they have values of.

        Ids are given before any value is stored, because references may point forward.
        """
        numbered = [(record, self._number(record)) for record in records]
        found: dict[tuple[str, bool, frozenset[str]], Alike] = {}
        given: dict[str, dict[int, Collection[str]]] = {}
        for record, number in numbered:
            name, values = record["model"], record["values"]
            id_ = number or self.target(record["xmlid"])[1]
            self._fill(name, self._table(name), record, id_)
            of_model = given.get(name)
            if of_model is None:
                of_model = given[name] = {}
            of_model[id_] = values.keys() | of_model[id_] if id_ in of_model else values
        for name, of_model in given.items():
            table = self._tables[name]
            for id_, names in of_model.items():
                key = name, id_ in table.new, table.computed.intersection(names)
                alike = found.get(key)
                if alike is None:
                    alike = found[key] = Alike(*key, set(), set())
                alike.ids.add(id_)
                alike.written.update(names)
        for name, table in self._tables.items():
            if table.new:
                self.database.store.put_all(name, list(table.new.values()))
        self._tables.clear()
        return list(found.values())

    def target(self, name: str) -> tuple[str, int]:
        """Return the model and id of the record with an external id or label."""
        found = self.ids.get(name)
        if found is None:
            found = find_xmlid(self.database, name)
            if found is None:
                raise FixtureError(f"bundled packs: there is no record with the external id {name!r}")
            self.ids[name] = found
        return found

    def _table(self, name: str) -> _Table:
        table = self._tables.get(name)
        if table is None:
            model = self.database.registry[name]
            defaults = {**_plain_defaults(model), **AUDIT}
            table = self._tables[name] = _Table(model.fields, model.computed_columns, defaults, {}, {})
        return table

    def _number(self, record: Record) -> int | None:
        """Return the id of a new record, and begin its row and that of its external id; None for one that changes
        another."""
        if record.get("update"):
            return None
        model, store = record["model"], self.database.store
        id_ = store.reserve(model, record.get("id"))
        table = self._table(model)
        table.new[id_] = {"id": id_, **table.defaults}
        if "xmlid" in record:
            xmlid = record["xmlid"]
            row_id = store.next_id(_XMLIDS)
            row = xmlid_row(xmlid, model, id_, record.get("noupdate", False), BASE_DATE)
            row["id"] = row_id
            self._table(_XMLIDS).new[row_id] = row
            self.ids[xmlid] = model, id_
        if "label" in record:
            self.labels[record["label"]] = self.ids[record["label"]] = model, id_
        return id_

    def _fill(self, model: str, table: _Table, record: Record, id_: int) -> None:
        """Give the row of a record its values."""
        row = table.new.get(id_)
        known = row is None
        if row is None:
            row = dict(self.database.store.rows(model)[id_])
        converters = table.converters
        for name, value in record["values"].items():
            if name not in converters:
                converters[name] = self._converter(table, record, name)
            convert = converters[name]
            if convert is None:
                continue  # the other side of the relation stores it
            if value is None:
                stored = None
            elif type(value) in _CONTAINERS:
                stored = self._stored(table.fields[name], value, row.get(name))
            else:
                stored = convert(value)
            if stored is not None:
                row[name] = stored
            elif name in row:
                del row[name]
        if known:
            self.database.store.put(model, row)

    def _converter(self, table: _Table, record: Record, name: str) -> Callable[[Any], Any] | None:
        """Return what makes the value of a row of a plain value; None for a field that is no column of the table."""
        field = table.fields.get(name)
        if field is None:
            label = record.get("xmlid") or record.get("label")
            raise FixtureError(f"bundled packs: {label}: {record['model']} has no field {name!r}")
        return None if field.mirror else field.to_store

    def _stored(self, field: Field, value: Any, old: Any) -> Any:
        """Return a value of a pack that is an object or a list as its row holds it."""
        if isinstance(value, dict):
            if "ref" in value:
                return field.pointing_to(*self.target(value["ref"]))
            if "add" in value and field.x2many:
                return tuple(sorted({*(old or ()), *(self.target(item["ref"])[1] for item in value["add"])}))
        elif field.x2many:
            return tuple(sorted(self.target(item["ref"])[1] for item in value))
        return field.to_store(value)


def _plain_defaults(model: Model) -> Row:
    """Return the defaults of a model that are plain values, as rows hold them."""
    row = {}
    for name, value in model.defaults.items():
        field = model.fields.get(name)  # this generation may have no such field
        if field is None:
            continue
        if field.column and not field.company_dependent and not isinstance(value, (dict, list)) and not callable(value):
            stored = field.to_store(value)
            if stored is not None:
                row[name] = stored
    return row
