"""Turn pulled rows into records of a fixture: valid values, and references by external id."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.pull.identities import Identities
from mockserver.contract.pull.pulled_rows import PulledRows
from mockserver.contract.pull.reader import RIGHTS, Row
from mockserver.contract.pull.source import local_source
from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field, Selection
from mockserver.orm.fields.numbers import Integer
from mockserver.orm.fields.relational import Many2oneReference
from mockserver.orm.query.values import selection
from mockserver.orm.rights.access import groups_field
from mockserver.orm.schema.model import LOG_FIELDS, Model
from mockserver.seed.check import Location, check_value
from mockserver.seed.files import FixtureError
from mockserver.seed.varied import COMPANIES, TRANSLATIONS, VALUE

_EMPTY: tuple[Any, ...] = (None, False, 0, "", [])
_INVALID = object()  # in place of a value that is invalid for the field
_MODEL_BESIDE = ("res_model", "model", "model_name")  # fields with the model of an id in the same record


class Records:
    """Turns rows into records of a fixture; `scratch` is a database with the fixture's models."""

    def __init__(self, pulled: PulledRows, identities: Identities, scratch: Database) -> None:
        self.pulled = pulled
        self.identities = identities
        self.scratch = scratch
        self.missing: dict[str, set[str]] = defaultdict(set)  # model → required fields without a value
        self.lost: Counter[str] = Counter()  # "model.field" → references to records that were not pulled
        self.invalid: Counter[str] = Counter()  # "model.field" → values that are invalid for the field
        self._choices: dict[int, Any] = {}
        self._admin = scratch.profile.admin_id

    def all(self) -> Iterator[dict[str, Any]]:
        """Yield the records in the order of model and id."""
        for model, rows in sorted(self.pulled.rows.items()):
            if model not in self.scratch.registry or self.scratch.registry[model].abstract:
                continue
            base_rows = self._base_rows(model)
            for id_, row in sorted(rows.items()):
                record = self._record(self.scratch.registry[model], id_, row, base_rows)
                if record is not None:
                    yield record

    def _base_rows(self, model: str) -> dict[int, Row]:
        """Return the base data's rows of the records to update."""
        ids = sorted(self.identities.ids[key] for key in self.identities.updated if key[0] == model)
        rows = local_source(self.scratch)(
            model, "read", [ids], {"load": "_classic_write", "context": {"active_test": False}}
        )
        return {row["id"]: row for row in rows} if ids else {}

    def _record(self, model: Model, id_: int, row: Row, base_rows: Mapping[int, Row]) -> dict[str, Any] | None:
        key = (model.name, id_)
        own_id, xmlid = self.identities.ids[key], self.identities.xmlids.get(key)
        update = key in self.identities.updated
        _, noupdate = self.pulled.names.get(key, ("", False))
        head = {"model": model.name, "id": own_id, **({"xmlid": xmlid} if xmlid else {})}
        if update:
            values = dict(self._changed(model, row, base_rows.get(own_id, {})))
            return {**head, "update": True, "values": values} if values else None
        values = dict(self._values(model, row))
        self.missing[model.name] |= {
            field.name for field in model.required_columns
            if values.get(field.name, model.defaults.get(field.name)) in (None, False) and not field.zero_is_value
            and field.name not in LOG_FIELDS and field.name not in model.inherits.values()
        }  # fmt: skip
        return {**head, **({"noupdate": True} if noupdate else {}), "values": values}

    # -- values

    def _fields(self, model: Model, row: Row) -> Iterator[Field]:
        """Yield the fields of a row that a record of the fixture can have."""
        computed = {field.name for field in model.stored_computes}
        for name in row:
            field = model.fields.get(name)
            if field is None or name in ("id", "display_name") or name in LOG_FIELDS or name in computed:
                continue
            if field.column and (model.name not in RIGHTS or name in RIGHTS[model.name]):
                yield field

    def _values(self, model: Model, row: Row) -> Iterator[tuple[str, Any]]:
        """Yield the values of a new record: those that are not empty, or must be there."""
        for field in self._fields(model, row):
            value = self._fixture_value(model, field, row)
            if value is _INVALID:
                continue
            if varied := self._varied(model, field, row):
                yield field.name, {**({} if value in _EMPTY else {VALUE: value}), **varied}
            elif value not in _EMPTY or (field.required and field.zero_is_value):
                yield field.name, value
            elif field.name in model.defaults or (field.name == "active" and value is False):
                yield field.name, value if field.zero_is_value else None

    def _changed(self, model: Model, row: Row, base_rows: Row) -> Iterator[tuple[str, Any]]:
        """Yield the values that differ from those of the base record."""
        for field in self._fields(model, row):
            if model.name == "res.users" and field.name == "login" and base_rows.get("id") == self._admin:
                continue  # the login is an option of the server
            if model.name == "res.users" and field.name == groups_field(self.scratch.env()):
                continue  # the administrator's groups are written separately
            value = self._fixture_value(model, field, row)
            if varied := self._varied(model, field, row):
                yield field.name, {**({} if value in _EMPTY else {VALUE: value}), **varied}
            elif value is not _INVALID and self._comparable(field, value) != self._comparable(
                field, base_rows.get(field.name)
            ):
                yield field.name, None if value in _EMPTY and not field.zero_is_value else value

    def _varied(self, model: Model, field: Field, row: Row) -> dict[str, Any]:
        """Return the translations and the values of companies, in the form of a fixture."""
        slots = self.pulled.reader.varied.get((model.name, row["id"]), {}).get(field.name, {})
        found: dict[str, Any] = {}
        if TRANSLATIONS in slots:
            found[TRANSLATIONS] = slots[TRANSLATIONS]
        for id_, own in slots.get(COMPANIES, {}).items():
            company = self._reference("res.company", int(id_), f"{model.name}.{field.name}")
            value = self._fixture_value(model, field, {**row, field.name: own})
            if company is not None and value is not _INVALID:
                key = company["ref"] if isinstance(company, dict) else str(company)
                found.setdefault(COMPANIES, {})[key] = None if value in _EMPTY and not field.zero_is_value else value
        return found

    def _comparable(self, field: Field, value: Any) -> Any:
        """Return a value in a form that can be compared with that of another database."""
        if value in _EMPTY:
            return None
        if field.x2many:
            return sorted((self._as_base_id(field, item) for item in value), key=str)
        return self._as_base_id(field, value)

    def _as_base_id(self, field: Field, value: Any) -> Any:
        """Return the id for a reference to a base record; any other value unchanged."""
        found = self.pulled.base.get(value["ref"]) if isinstance(value, dict) and "ref" in value else None
        if found is None:
            return value
        return field.pointing_to(*found)

    def _fixture_value(self, model: Model, field: Field, row: Row) -> Any:
        """Return a value in the form of a fixture; None or `_INVALID` for one that it cannot hold."""
        value = row[field.name]
        if value in _EMPTY:
            return value
        where = f"{model.name}.{field.name}"
        if isinstance(field, Many2oneReference) or (field.name == "res_id" and isinstance(field, Integer)):
            comodel = next((row[name] for name in _MODEL_BESIDE if isinstance(row.get(name), str)), "")
            return self._reference(comodel, value, where)
        if field.holds == "record":
            found = field.with_ids(value, lambda comodel, id_: self._reference(comodel, id_, where))
            return [item for item in found if item is not None] if field.x2many else found
        try:
            check_value(Location("", 0, model.name, None), field, value, self._choices_of(field))
        except FixtureError:
            self.invalid[where] += 1
            return _INVALID
        return value

    def _reference(self, model: str, id_: int, where: str) -> Any:
        found = self.identities.reference(model, id_) if model in self.scratch.registry else None
        if found is None:
            self.lost[where] += 1
        return found

    def _choices_of(self, field: Field) -> Any:
        if not isinstance(field, Selection):
            return None
        if id(field) not in self._choices:
            self._choices[id(field)] = selection(self.scratch.env(), field)
        return self._choices[id(field)]
