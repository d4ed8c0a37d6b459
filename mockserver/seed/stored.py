"""Stores the records of a saved state as the rows that they were: no method, default or computed field runs.

`seed/export.py` writes such states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.query.slots import slot
from mockserver.orm.storage.store import Row
from mockserver.orm.storage.texts import Texts
from mockserver.seed import varied
from mockserver.seed.check import Record
from mockserver.seed.files import Fixture, FixtureError
from mockserver.seed.records import RecordLoader, xmlid_row

NAMES = "ir.model.data"
_Plain = tuple[type | None, Callable[[Any], bool] | None]


def check_profile(database: Database, fixture: Fixture, source: str) -> None:
    """Raise FixtureError for the state of a server of another profile: its rows may lack what this one needs."""
    if not fixture.get("stored"):
        return
    own, profile = database.profile, fixture.get("profile")
    if profile not in (None, own.name):
        raise FixtureError(f"{source}: it is the state of a server with the profile {profile}, and this is {own.name}")
    if fixture.get("demo", own.demo) != own.demo:
        has, option = ("has no", "demo=False, --without-demo") if own.demo else ("has", "demo=True, --demo")
        raise FixtureError(f"{source}: it is the state of a server that {has} demonstration data ({option})")


class StoredLoader(RecordLoader):
    """Loads the records of a state."""

    def __init__(self, database: Database, records: list[Record]) -> None:
        super().__init__(database, records)
        self._plain: dict[str, dict[str, _Plain]] = {}  # by model and field; see `_plain_values`
        self._texts = Texts()

    def run(self) -> None:
        """Store every record; raises FixtureError for the first that is wrong."""
        for position, record in enumerate(self.records):
            self._register(position, record)
        for position, record in enumerate(self.records):  # references may lead to any of them
            if not record.update:
                self._begin(position, record)
        for position, record in enumerate(self.records):
            self._fill(position, record)

    def _begin(self, position: int, record: Record) -> None:
        """Store a row with nothing but its id, and the row of its external id."""
        store = self.database.store
        if record.id is None and record.model != NAMES:
            raise record.location.error("a record of a saved state has an 'id'")
        id_ = self.ids[position] = store.insert(record.model, {"id": record.id} if record.id else {})
        if record.xmlid:
            date = record.values.get("create_date") or self.database.clock.now()
            store.insert(NAMES, xmlid_row(record.xmlid, record.model, id_, record.noupdate, date))

    def _fill(self, position: int, record: Record) -> None:
        row = dict(self.database.store.rows(record.model)[self.ids[position]])
        fields = self.database.registry[record.model].fields
        plain = self._plain.setdefault(record.model, {})
        for name, value in record.values.items():
            if record.update:
                for key in [key for key in row if key.partition("@")[0] == name]:
                    del row[key]
            if name not in plain:
                plain[name] = self._plain_values(fields[name])
            kind, is_right = plain[name]
            if type(value) is kind and (is_right is None or is_right(value)):
                row[name] = self._texts.one(name, value) if isinstance(value, str) else value
            else:
                row |= self._columns(record, fields[name], value)
        self.database.store.put(record.model, {**row})  # a copy takes no more memory than it needs

    def _plain_values(self, field: Field) -> _Plain:
        """Return the type of the values of a field that rows hold as they stand, as most are, and a test for others."""
        if field.relational:
            one = not field.x2many and field.comodel in self.database.registry
            return (int, partial(self._exists, field.comodel)) if one else (None, None)
        if field.selection:
            return str, lambda value: field.choice(value) in self._keys(field) and field.json_value.test(value)
        if field.json_value.always:
            return field.json_value.always, None
        return str, field.json_value.test

    def _exists(self, model: str, id_: int) -> bool:
        return self.database.store.get(model, id_) is not None

    def _columns(self, record: Record, field: Field, value: Any) -> Row:
        """Return what a row holds of a value: one key, and one for each language or company that has its own."""
        if not varied.is_varied(field, value):
            stored = self._stored(record, field, value)
            return {} if stored is None else {field.name: stored}
        if wrong := varied.problem(field, value, self._languages):
            raise record.location.error(wrong, field.name)
        main = self._columns(record, field, value.get(varied.VALUE))
        return main | self._slots(record, field, value)

    def _slots(self, record: Record, field: Field, value: Mapping[str, Any]) -> Row:
        texts = {slot(field, code): text for code, text in value.get(varied.TRANSLATIONS, {}).items()}
        own = {
            slot(field, self._company(record, field.name, key)): self._stored(record, field, of_company)
            for key, of_company in value.get(varied.COMPANIES, {}).items()
        }
        return texts | own

    def _stored(self, record: Record, field: Field, value: Any) -> Any:
        """Return a value as its row holds it."""
        found = self._converted_value(record, field.name, value)
        if not field.x2many or found is None:
            return found
        return tuple(id_ for command in found for id_ in (command[2] if len(command) > 2 else command[1:]))
