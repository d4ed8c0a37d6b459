"""Stores the records of a saved state as the rows that they were: no method, default or computed field runs.

`seed/export.py` writes such states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
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
_CHUNK = 500  # records that are stored at once: their rows fit into the processor's cache
_Plain = tuple[type | None, Callable[[set[Any]], bool] | None]


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
    """Loads the records of a state, many of a model at a time and column by column."""

    def __init__(self, database: Database, records: list[Record]) -> None:
        super().__init__(database, records)
        self._plain: dict[str, dict[str, _Plain]] = {}  # by model and field; see `_plain_values`
        self._texts = Texts()

    def run(self) -> None:
        """Store every record; raises FixtureError for the first that is wrong."""
        for position, record in enumerate(self.records):
            self._register(position, record)
        for positions in self._chunks():  # references may lead to any of them
            if not self.records[positions[0]].update:
                self._begin(positions)
        for positions in self._chunks():
            self._fill(positions)

    def _register(self, position: int, record: Record) -> None:
        if record.xmlid is None and record.label is None and record.id and not record.update:
            key = record.model, record.id
            if key not in self.numbered and record.id not in self.database.store.rows(record.model):
                self.numbered[key] = position
                return
        super()._register(position, record)

    def _chunks(self) -> Iterator[range]:
        """Yield the positions in order; new records of a model that follow each other are together."""
        start, records = 0, self.records
        for position in range(1, len(records) + 1):
            first, record = records[start], records[position] if position < len(records) else None
            ends = record is None or record.model != first.model or record.update or first.update
            if ends or position - start >= _CHUNK:
                yield range(start, position)
                start = position

    def _begin(self, positions: range) -> None:
        """Store rows with nothing but their ids, and the rows of their external ids."""
        store, names = self.database.store, list[Row]()
        model = self.records[positions[0]].model
        new: list[Row] = []
        for position in positions:
            record = self.records[position]
            if record.id is None and model != NAMES:
                raise record.location.error("a record of a saved state has an 'id'")
            id_ = self.ids[position] = store.reserve(model, record.id)
            new.append({"id": id_})
            if record.xmlid:
                date = record.values.get("create_date") or self.database.clock.now()
                names.append(xmlid_row(record.xmlid, model, id_, record.noupdate, date))
        store.put_all(model, new)
        if names:
            store.insert_all(NAMES, names)

    def _fill(self, positions: range) -> None:
        """Store the values of records of one model."""
        model = self.records[positions[0]].model
        try:
            rows = self._rows(positions)
        except FixtureError:
            if len(positions) == 1:
                raise
            for position in positions:  # the first record that is wrong is told, whatever field it is in
                self._fill(range(position, position + 1))
        else:
            self.database.store.replace(model, rows)

    def _rows(self, positions: range) -> list[Row]:
        """Return the rows of records of one model."""
        records = [self.records[position] for position in positions]
        fields = self.database.registry[records[0].model].fields
        rows = [self._begun(self.ids[at], record) for at, record in zip(positions, records, strict=True)]
        keys = sum(map(len, rows))
        pairs = list(zip(rows, records, strict=True))
        for name, number in Counter(chain.from_iterable([record.values for record in records])).items():
            having = pairs if number == len(pairs) else [pair for pair in pairs if name in pair[1].values]
            self._convert(fields[name], having)
        # a copy of a row that has grown takes no more memory than it needs
        return rows if sum(map(len, rows)) == keys else [{**row} for row in rows]

    def _begun(self, id_: int, record: Record) -> Row:
        """Return a row with the values of a record as they stand in the fixture."""
        if not record.update:
            return {"id": id_, **record.values}
        row = self.database.store.rows(record.model)[id_]
        kept = {key: value for key, value in row.items() if key.partition("@")[0] not in record.values}
        return {**kept, **record.values}

    def _convert(self, field: Field, having: list[tuple[Row, Record]]) -> None:
        """Make the values of a field, in the rows that have one, what a row holds."""
        name = field.name
        plain = self._plain.setdefault(having[0][1].model, {})
        if name not in plain:
            plain[name] = self._plain_values(field)
        kind, are_right = plain[name]
        column = [row[name] for row, _ in having]
        if {*map(type, column)} != {kind} or not (are_right is None or are_right({*column})):
            self._convert_each(field, having, plain[name])
        elif kind is str and (shared := self._texts.all(name, column)) is not column:
            for (row, _), text in zip(having, shared, strict=True):
                row[name] = text

    def _convert_each(self, field: Field, having: list[tuple[Row, Record]], plain: _Plain) -> None:
        """Convert values of which some are not what rows hold as they stand."""
        name, (kind, are_right) = field.name, plain
        referred: dict[str, Row] = {}
        for row, record in having:
            value = row[name]
            if type(value) is kind and (are_right is None or are_right({value})):
                continue
            ref = value.get("ref") if type(value) is dict and len(value) == 1 else None
            found = referred.get(ref) if type(ref) is str else None
            if found is None:
                found = self._columns(record, field, value)
                if type(ref) is str:
                    referred[ref] = found
            if name not in found:
                del row[name]
            row |= found

    def _plain_values(self, field: Field) -> _Plain:
        """Return the type of the values of a field that rows hold as they stand, as most are, and a test for others."""
        if field.relational:
            one = not field.x2many and field.comodel in self.database.registry
            return (int, lambda ids: ids <= self.database.store.rows(field.comodel).keys()) if one else (None, None)
        if field.selection:
            return str, partial(self._are_choices, field)
        if field.json_value.always:
            return field.json_value.always, None
        return str, lambda values: all(map(field.json_value.test, values))

    def _are_choices(self, field: Field, values: set[Any]) -> bool:
        keys = self._keys(field)
        return all(field.choice(value) in keys and field.json_value.test(value) for value in values)

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
