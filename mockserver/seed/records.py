"""Creates the records of one fixture through the ORM, in the order of their references."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from mockserver.addons.base.ir_model import model_id
from mockserver.errors import OdooError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.query.field_rows import ids_of
from mockserver.orm.query.values import selection
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row
from mockserver.seed import varied
from mockserver.seed.check import Record, check_required, check_value
from mockserver.seed.files import FixtureError, nearest

# a custom model has no module, so its ir.model row has no external id; fixtures refer to it under this module
CUSTOM = "__custom__"
_LANGUAGES = ("res.lang",)  # the table on which choices depend


def model_xmlid(model: Model) -> str:
    """Return the external id of a model's row in ir.model, in the form that the server generates."""
    return f"{model.module or CUSTOM}.model_{model.table}"


def find_xmlid(database: Database, xmlid: str) -> tuple[str, int] | None:
    """Return `(model, id)` of an external id of the database or of a custom model, or None."""
    module, _, name = xmlid.partition(".")
    if module == CUSTOM:
        found = next((m.name for m in database.registry.values() if not m.module and model_xmlid(m) == xmlid), None)
        id_ = model_id(database, found) if found else None
        return ("ir.model", id_) if id_ else None
    rows = database.store.rows("ir.model.data")
    for id_ in database.store.having("ir.model.data", "name", (name,)):
        if rows[id_].get("module") == module and rows[id_].get("res_id"):
            return rows[id_]["model"], rows[id_]["res_id"]
    return _field_row(database, name)


def known_xmlids(database: Database, model: str | None = None) -> list[str]:
    """Return the external ids of a database, or of one of its models, for hints and error texts."""
    rows = database.store.rows("ir.model.data").values()
    return [f"{row['module']}.{row['name']}" for row in rows if model in (None, row.get("model"))]


def _field_row(database: Database, name: str) -> tuple[str, int] | None:
    """Return the row of a field, such as `field_crm_lead__state_id`; fields have no rows in ir.model.data."""
    table, separator, field = name.removeprefix("field_").partition("__")
    if separator and name.startswith("field_"):
        for model in database.registry.values():
            for id_ in ids_of(database.store, model.name, field) if model.table == table else ():
                return "ir.model.fields", id_
    return None


def xmlid_row(xmlid: str, model: str, id_: int, noupdate: bool, date: str) -> Row:
    """Return the row of `ir.model.data` that gives a record its external id."""
    module, _, name = xmlid.partition(".")
    audit = {"create_uid": 1, "create_date": date, "write_uid": 1, "write_date": date}
    return {"module": module, "name": name, "model": model, "res_id": id_, "noupdate": noupdate, **audit}


def _items(field: Field, value: Any) -> Iterable[Any]:
    """Return the parts of a value that may be references."""
    if varied.is_varied(field, value):
        return varied.parts(value)
    if added := _added(field, value):
        return added
    return value if isinstance(value, list) else (value,)


def _added(field: Field, value: Any) -> list[Any] | None:
    """Return what `{"add": [...]}` adds to the records of a field, or None for another value."""
    return value["add"] if field.x2many and isinstance(value, dict) and isinstance(value.get("add"), list) else None


class RecordLoader:
    """Loads a fixture's records into a database; references may point forward."""

    def __init__(self, database: Database, records: list[Record]) -> None:
        self.database = database
        self.records = records
        # as the superuser, like the data files of modules; nobody is told by mail that a record is theirs
        self.env = database.env(context={"active_test": False, "mail_auto_subscribe_no_notify": True})
        self.ids: dict[int, int] = {}  # position → id, of the records that exist
        self.named: dict[str, int] = {}  # external id or label → position
        self.numbered: dict[tuple[str, int], int] = {}  # (model, id) → position
        self._referred: dict[int, list[tuple[str, int]]] = {}  # position → its references, once all are registered

    def run(self) -> None:
        """Create or update every record; raises FixtureError for the first that fails."""
        for position, record in enumerate(self.records):
            self._register(position, record)
        order, deferred = self._order()
        for positions in self._groups(order):
            self._store_all(positions, deferred)
        for position, names in deferred.items():
            record = self.records[position]
            given = {name: record.values[name] for name in names}
            self._call(record, "write", self.env[record.model].browse(self.ids[position]), self._vals(record, given))
            self._vary(position, given)

    def _register(self, position: int, record: Record) -> None:
        """Register the record's external id and id; raises FixtureError if one is taken."""
        location, known = record.location, self._known(record)
        if record.update:
            if known is None:
                raise location.error("there is nothing to update: no record has this external id or id")
            if known[0] != record.model:
                raise location.error(f"{record.xmlid!r} is a {known[0]}, not a {record.model}")
            self.ids[position] = known[1]
            return
        if known is not None:
            what = (
                f"the external id {record.xmlid!r}"
                if record.xmlid in known_xmlids(self.database)
                else f"the id {record.id}"
            )
            raise location.error(
                f'{what} is that of {known[0]}({known[1]}) already; "update": true changes that record'
            )
        names = [name for name in (record.xmlid, record.label) if name]
        for name, taken in (
            *((name, self.named.get(name)) for name in names),
            (record.id, self.numbered.get((record.model, record.id or 0))),
        ):
            if taken is not None:
                raise location.error(f"{name!r} is that of record {self.records[taken].location.index} already")
        self.named.update(dict.fromkeys(names, position))
        if record.id:
            self.numbered[record.model, record.id] = position

    def _known(self, record: Record) -> tuple[str, int] | None:
        """Return `(model, id)` of the database record with this record's external id, or else with its id."""
        found = find_xmlid(self.database, record.xmlid) if record.xmlid else None
        if found is None and record.id and self.database.store.get(record.model, record.id) is not None:
            return record.model, record.id
        return found

    # -- the order

    def _order(self) -> tuple[list[int], dict[int, set[str]]]:
        """Return positions, referred records first, and the fields to write later because of circular references."""
        order = self._sorted(self._references)
        later = self._later(order)
        if any(self._is_required(position, name) for position, names in later.items() for name in names):
            order = self._sorted(lambda position: self._references(position, required=True))
            later = self._later(order)
        return order, later

    def _sorted(self, references: Callable[[int], Iterator[tuple[str, int]]]) -> list[int]:
        """Return positions, depth first, so that references point backward as far as possible."""
        order: list[int] = []
        seen: set[int] = set()
        for start in range(len(self.records)):
            stack = [(start, references(start))] if start not in seen else []
            seen.add(start)
            while stack:
                position, targets = stack[-1]
                target = next((t for _, t in targets if t not in seen), None)
                if target is None:
                    order.append(position)
                    stack.pop()
                else:
                    seen.add(target)
                    stack.append((target, references(target)))
        return order

    def _later(self, order: list[int]) -> dict[int, set[str]]:
        """Return `{position: fields}` for fields that refer to a record later in the order."""
        rank = {position: i for i, position in enumerate(order)}
        found: dict[int, set[str]] = {}
        for position in order:
            for name, target in self._references(position):
                if rank[target] >= rank[position] and target not in self.ids:
                    found.setdefault(position, set()).add(name)
        return found

    def _is_required(self, position: int, name: str) -> bool:
        return self.database.registry[self.records[position].model].fields[name].required

    def _references(self, position: int, required: bool = False) -> Iterator[tuple[str, int]]:
        """Yield `(field, position)` of this fixture's records that a record (or its required fields) refers to."""
        if position not in self._referred:
            self._referred[position] = [*self._find_references(self.records[position])]
        for name, target in self._referred[position]:
            if not required or self._is_required(position, name):
                yield name, target

    def _find_references(self, record: Record) -> Iterator[tuple[str, int]]:
        fields = self.database.registry[record.model].fields
        for name, value in record.values.items():
            for item in _items(fields[name], value):
                target = None
                if isinstance(item, dict) and isinstance(item.get("ref"), str):
                    target = self.named.get(item["ref"])
                elif isinstance(item, int) and fields[name].relation:
                    target = self.numbered.get((fields[name].relation or "", item))
                if target is not None:
                    yield name, target

    # -- values and rows

    def _groups(self, order: list[int]) -> Iterator[list[int]]:
        """Yield the positions in order; new records of a model that follow each other, and do not refer to each other,
        are together."""
        group: list[int] = []
        for position in order:
            record = self.records[position]
            before = self.records[group[-1]] if group else record
            alone = record.model != before.model or any(one.update or one.id for one in (record, before))
            if group and (alone or any(target in group for _, target in self._references(position))):
                yield group
                group = []
            group.append(position)
        if group:
            yield group

    def _store_all(self, positions: list[int], deferred: Mapping[int, set[str]]) -> None:
        """Create records of one model in one call; where that fails, one by one, to tell which one is wrong."""
        if len(positions) > 1:
            try:
                with self.database.transaction():
                    vals = [self._vals(self.records[at], self._given(at, deferred)) for at in positions]
                    made = self.env[self.records[positions[0]].model].call("create", vals)
                    for at, id_ in zip(positions, made.ids, strict=True):
                        self._name(at, id_)
            except (OdooError, ValueError, TypeError, KeyError):
                pass
            else:
                for at in positions:
                    self._vary(at, self._given(at, deferred))
                return
        for at in positions:
            self._store(at, self._given(at, deferred))

    def _given(self, position: int, deferred: Mapping[int, set[str]]) -> dict[str, Any]:
        """Return the values of a record that are stored at once."""
        record, later = self.records[position], deferred.get(position, ())
        for name in later:
            if self._is_required(position, name):
                raise record.location.error("a required field is part of a circle of references", name)
        return {name: value for name, value in record.values.items() if name not in later}

    def _store(self, position: int, given: dict[str, Any]) -> None:
        record, model = self.records[position], self.database.registry[self.records[position].model]
        vals = self._vals(record, given)
        if record.update:
            self._call(record, "write", self.env[model.name].browse(self.ids[position]), vals)
            self._vary(position, given)
            return
        sequences = self.database.store.sequences
        if record.id:
            # make the id of the fixture the next one of the table's sequence
            self.database.store.sequences = {**sequences, model.name: record.id - 1}
        self._name(position, self._call(record, "create", self.env[model.name], vals).id)
        if record.id:
            now = self.database.store.sequences
            self.database.store.sequences = {**now, model.name: max(now[model.name], sequences.get(model.name, 0))}
        self._vary(position, given)

    def _name(self, position: int, id_: int) -> None:
        """Note the id of a record that was created, and give it its external id."""
        record = self.records[position]
        self.ids[position] = id_
        if record.xmlid:
            row = xmlid_row(record.xmlid, record.model, id_, record.noupdate, self.database.clock.now())
            self.database.store.insert("ir.model.data", row)

    def _call(self, record: Record, method: str, records: Any, vals: dict[str, Any]) -> Any:
        try:
            return records.call(method, vals)
        except FixtureError:
            raise
        except (OdooError, ValueError) as error:
            if method == "create" and isinstance(error, ValidationError):
                check_required(record, self.database.registry[record.model])
            raise record.location.error(" ".join(str(error).split())) from None
        except (TypeError, KeyError) as error:  # likely a mistake of a class, whose line is of use
            raise record.location.error(" ".join(str(error).split())) from error

    def _vals(self, record: Record, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as `create` and `write` take them; of a value that varies, the one for `en_US`."""
        fields = self.database.registry[record.model].fields
        vals = {}
        for name, value in given.items():
            if varied.is_varied(fields[name], value):
                if wrong := varied.problem(fields[name], value, self._languages):
                    raise record.location.error(wrong, name)
                if varied.VALUE not in value:
                    continue
                value = value[varied.VALUE]
            vals[name] = self._converted_value(record, name, value)
        return vals

    @cached_property
    def _languages(self) -> dict[str, Row]:
        return {row["code"]: row for row in self.database.store.rows("res.lang").values()}

    def _vary(self, position: int, given: Mapping[str, Any]) -> None:
        """Write the values of a record in other languages and companies."""
        record, model = self.records[position], self.database.registry[self.records[position].model]
        for name, value in given.items():
            field = model.fields[name]
            if varied.is_varied(field, value):
                company = partial(self._company, record, name)
                convert = partial(self._converted_value, record, name)
                varied.put(self.env, model, self.ids[position], field, value, company, convert)

    def _company(self, record: Record, name: str, key: str) -> int:
        """Return the id of a company, given its external id or its id as text."""
        found = int(key) if key.isdigit() else 0
        if not found:
            target = self._created(key) or find_xmlid(self.database, key)
            found = target[1] if target and target[0] == "res.company" else 0
        if self.database.store.get("res.company", found) is None:
            raise record.location.error(f"there is no company {key!r}{nearest(key, self.named)}", name)
        return found

    def _converted_value(self, record: Record, name: str, value: Any) -> Any:
        """Return a value of a fixture as `create` takes it, checked against its field."""
        field = self.database.registry[record.model].fields[name]
        if field.relational and value and field.relation not in self.database.registry:
            hint = nearest(field.relation, self.database.registry)
            raise record.location.error(f"its comodel {field.relation!r} is not a model of this database{hint}", name)
        added = _added(field, value)
        if (isinstance(value, list) and field.x2many) or added is not None:
            value = [self._target(record, field, item) for item in (value if added is None else added)]
        elif field.takes_reference:
            value = self._target(record, field, value)
        check_value(record.location, field, value, self._choices(field))
        if added is not None:
            return [(4, id_) for id_ in value]
        return [(6, 0, value)] if isinstance(value, list) and field.x2many else value

    def _choices(self, field: Field) -> list[list[str]] | None:
        """Return the choices of a field; those that depend on the data are found again after languages have changed."""
        if not isinstance(field.selection, dict):
            return field.selection  # type: ignore[no-any-return]
        return self.database.derived(("choices", field), _LANGUAGES, lambda: selection(self.env, field))

    def _keys(self, field: Field) -> Collection[str]:
        """Return the keys of those choices."""
        made = "keys of choices", field
        return self.database.derived(made, _LANGUAGES, lambda: frozenset(key for key, _ in self._choices(field) or ()))

    def _target(self, record: Record, field: Field, value: Any) -> Any:
        """Return the id that a reference stands for; raises FixtureError if there is no such record."""
        if isinstance(value, dict):
            found = self._by_xmlid(record, field, value)
            return field.pointing_to(*found)
        is_id = bool(field.relation) and isinstance(value, int) and not isinstance(value, bool) and value
        if is_id and self.database.store.get(field.comodel, value) is None:
            raise record.location.error(f"there is no {field.relation} with the id {value}", field.name)
        return value

    def _by_xmlid(self, record: Record, field: Field, value: dict[str, Any]) -> tuple[str, int]:
        xmlid = value.get("ref")
        if not isinstance(xmlid, str) or len(value) != 1:
            raise record.location.error(f'a reference is {{"ref": "module.name"}}, not {value!r}', field.name)
        found = self._created(xmlid) or find_xmlid(self.database, xmlid)
        if found is None:
            hint = nearest(xmlid, [*self.named, *known_xmlids(self.database)])
            raise record.location.error(f"there is no record with the external id {xmlid!r}{hint}", field.name)
        if field.relation and found[0] != field.relation:
            raise record.location.error(f"{xmlid!r} is a {found[0]}, not a {field.relation}", field.name)
        return found

    def _created(self, xmlid: str) -> tuple[str, int] | None:
        position = self.named.get(xmlid)
        return (self.records[position].model, self.ids[position]) if position in self.ids else None
