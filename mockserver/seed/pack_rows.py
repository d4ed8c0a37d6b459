"""Stores the records of bundled packs as rows, without the checks of the ORM, because they are known to be right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
Record = Mapping[str, Any]


class Alike(NamedTuple):
    """Records of a model that are all new or all changed, and have values of the same computed fields."""

    model: str
    new: bool
    given: frozenset[str]  # those computed fields
    ids: set[int]
    written: set[str]  # the fields that any of them has a value of


class PackRows:
    """Stores records as rows; references lead to records of the packs or of the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        # external id or label → (model, id)
        self.ids: dict[str, tuple[str, int]] = dict(database.loaded.labels)
        self.labels: dict[str, tuple[str, int]] = {}  # of them, those that no record of the database shows
        self._defaults: dict[str, Row] = {}
        self._new: dict[str, dict[int, Row]] = {}  # the rows to store, by model and id

    def store(self, records: Iterable[Record]) -> list[Alike]:
        """Store records; return which of them are new, or changed, and the fields that they have values of.

        Ids are given before any value is stored, because references may point forward.
        """
        registry = self.database.registry
        given: dict[str, dict[int, Collection[str]]] = {}
        numbered = [(record, self._number(record)) for record in records]
        for record, number in numbered:
            model, values = registry[record["model"]], record["values"]
            id_ = number or self.target(record["xmlid"])[1]
            self._fill(model, record, id_)
            of_model = given.setdefault(model.name, {})
            of_model[id_] = values.keys() | of_model[id_] if id_ in of_model else values
        found: dict[tuple[str, bool, frozenset[str]], Alike] = {}
        for name, of_model in given.items():
            new, computed = self._new.get(name, ()), registry[name].computed_columns
            for id_, names in of_model.items():
                key = name, id_ in new, computed.intersection(names)
                alike = found.get(key) or found.setdefault(key, Alike(*key, set(), set()))
                alike.ids.add(id_)
                alike.written.update(names)
        for name, rows in self._new.items():
            self.database.store.put_all(name, list(rows.values()))
        self._new.clear()
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

    def _number(self, record: Record) -> int | None:
        """Return the id of a new record, and begin its row and that of its external id; None for one that changes
        another."""
        if record.get("update"):
            return None
        model: str = record["model"]
        id_ = self.database.store.reserve(model, record.get("id"))
        if model not in self._defaults:
            self._defaults[model] = {**_plain_defaults(self.database.registry[model]), **AUDIT}
            self._new.setdefault(model, {})
        self._new[model][id_] = {"id": id_, **self._defaults[model]}
        xmlid, label = record.get("xmlid"), record.get("label")
        if xmlid:
            row = xmlid_row(xmlid, model, id_, record.get("noupdate", False), BASE_DATE)
            row["id"] = self.database.store.next_id(_XMLIDS)
            self._new.setdefault(_XMLIDS, {})[row["id"]] = row
            self.ids[xmlid] = model, id_
        if label:
            self.labels[label] = self.ids[label] = model, id_
        return id_

    def _fill(self, model: Model, record: Record, id_: int) -> None:
        """Give the row of a record its values."""
        row = self._new.get(model.name, {}).get(id_)
        known = row is None
        if row is None:
            row = dict(self.database.store.rows(model.name)[id_])
        fields = model.fields
        for name, value in record["values"].items():
            field = fields.get(name)
            if field is None:
                label = record.get("xmlid") or record.get("label")
                raise FixtureError(f"bundled packs: {label}: {model.name} has no field {name!r}")
            if field.mirror:
                continue  # the other side of the relation stores it
            stored = None if value is None else self._stored(field, value, row.get(name))
            if stored is not None:
                row[name] = stored
            elif name in row:
                del row[name]
        if known:
            self.database.store.put(model.name, row)

    def _stored(self, field: Field, value: Any, old: Any) -> Any:
        """Return a value of a pack as its row holds it."""
        if isinstance(value, dict):
            if "ref" in value:
                return field.pointing_to(*self.target(value["ref"]))
            if "add" in value and field.x2many:
                return tuple(sorted({*(old or ()), *(self.target(item["ref"])[1] for item in value["add"])}))
        elif isinstance(value, list) and field.x2many:
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
