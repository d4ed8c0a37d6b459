"""Import a table of texts: rows are combined into records, converted, and created or updated in batches.

Source: recorded in core-groups (17.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from mockserver.errors import DatabaseError, UserError, ValidationError
from mockserver.orm.bulk.conversion import Converter
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import FIELD, REFERENCES, Problem
from mockserver.orm.fields.relational import One2many
from mockserver.orm.schema.model import Model
from mockserver.orm.writing import external_ids

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

IMPORT_MODULE = "__import__"
MANY_ERRORS = 10
_TOO_MANY = (
    "Found more than 10 errors and more than one error per 10 records, interrupted to avoid showing too many errors."
)
_MISSING = re.compile(r'null value in column "(\w+)" of relation "(\w+)"')
_VIOLATED = re.compile(r'violates (?:check|unique) constraint "(\w+)"')

Path = Sequence[Any]
Message = dict[str, Any]


def field_path(name: str) -> list[str]:
    """Return the steps of a column name such as `country_id/id`; `country_id.id` and `country_id:id` mean the same."""
    return re.sub(r"([^/]):id", r"\1/id", re.sub(r"([^/])\.id", r"\1/.id", name)).split("/")


@dataclass
class Item:
    """One record to create or update; `info` gives its position in the table."""

    xmlid: str | None
    values: dict[str, Any]
    info: Message


class Rejected(Exception):
    """The import has errors and must be undone completely."""


class Loader:
    """One import.  After `run`: `ids`, `messages`, and `next_row`, the first row that was not read (0: none)."""

    def __init__(self, records: Recordset) -> None:
        context = records.env.context
        self.update = context.get("mode", "init") == "update"
        self.module = context.get("module", IMPORT_MODULE)
        names_lines = records.env.db.profile.rules.load_names_lines
        self.records = records.with_context(**({external_ids.IMPORTING: self.module} if names_lines else {}))
        self.noupdate = bool(context.get("noupdate", False))
        self.limit = context.get("_import_limit")
        self.ids: list[int] = []
        self.messages: list[Message] = []
        self.next_row = 0
        self._batch: list[Item] = []
        self._xmlids: set[str] = set()
        self._models: set[str] = set()

    def run(self, fields: Sequence[str], data: Sequence[Sequence[Any]]) -> None:
        """Import the table; raises `Rejected` when a message is an error, KeyError for an unknown column."""
        paths = [field_path(name) for name in fields]
        self._models = _created_models(self.records.env, self.records._model, paths)
        converter = Converter(self.records.env, self.module, self.flush)
        limit = len(data) if self.limit is None else self.limit
        for number, (record, first, last) in enumerate(
            extract(self.records.env, self.records._model, paths, data, limit)
        ):
            info = {"rows": {"from": first, "to": last}, "record": number}
            self._add(converter, record, info)
            self.next_row = last + 1
        if self.limit is None or self.next_row < self.limit:
            self.next_row = 0
        self.flush()
        if any(message["type"] == "error" for message in self.messages):
            raise Rejected

    def _add(self, converter: Converter, record: Mapping[Any, Any], info: Message) -> None:
        model = self.records._model
        id_ = self._database_id(record, info)

        def log(name: str, problem: Problem) -> None:
            label = model.fields[name].string
            message = {**info, "type": "warning" if problem.warning else "error", "field": name}
            message["message"] = problem.text.replace(FIELD, label)
            if problem.info is not None:
                message |= problem.info
                message |= {"field_name": label} if self.records.env.db.profile.rules.load_names_field else {}
            self.messages.append(message)

        converted = converter.convert(model, record, log)
        xmlid = record.get("id")
        if xmlid:
            xmlid = xmlid if "." in xmlid else f"{self.module}.{xmlid}"
            self._xmlids.add(xmlid)
        elif id_:
            converted["id"] = id_
        self._batch.append(Item(xmlid or None, converted, info))

    def _database_id(self, record: Mapping[Any, Any], info: Message) -> Any:
        given = record.get(".id")
        if not given:
            return False
        try:
            id_: Any = int(given)
        except ValueError:
            id_ = given
        if not self.records.call("search", [("id", "=", id_)]):
            text = f"Unknown database identifier '{id_}'"
            self.messages.append({**info, "type": "error", "field": ".id", "message": text})
            return False
        return id_

    # -- writing

    def flush(self, *, xmlid: str | None = None, model: str | None = None) -> None:
        """Create the records read so far; with arguments, only if they may include that external id or model."""
        if not self._batch or (xmlid and xmlid not in self._xmlids) or (model and model not in self._models):
            return
        batch, self._batch, self._xmlids = self._batch, [], set()
        general: Message | None = None
        try:
            self.ids += self._save(batch)
            return
        except Exception as error:
            # the batch failed, so try the records one by one to find the wrong ones
            if isinstance(error, UserError) and not _constraint_message(self.records._model, error):
                general = {**batch[0].info, "type": "error", "message": str(error)}
        errors = self._save_one_by_one(batch)
        if errors and general and general not in self.messages:
            self.messages.insert(0, general)

    def _save_one_by_one(self, batch: Sequence[Item]) -> int:
        errors = 0
        for count, item in enumerate(batch, 1):
            try:
                self.ids += self._save([item])
            except Exception as error:
                errors += 1
                self.messages.append({**item.info, "type": "error", **_error_message(self.records._model, error)})
            if errors >= MANY_ERRORS and errors >= count / 10:
                self.messages.append({"type": "warning", "message": _TOO_MANY})
                break
        return errors

    def _save(self, batch: Sequence[Item]) -> list[int]:
        """Create or update the records of a batch, all or none, and return their ids in order."""
        records = self.records.browse()
        named = [item.xmlid for item in batch if item.xmlid]
        if len(set(named)) < len(named):
            raise DatabaseError("errors.CardinalityViolation", "an external id cannot be given twice at once\n")
        with self.records.env.db.transaction():
            ids = [self._existing(item) for item in batch]
            for item, id_ in zip(batch, ids, strict=True):
                if id_ and (item.xmlid is None or not self._is_protected(item.xmlid)):
                    records.browse(id_).call("write", item.values)
            new = [item for item, id_ in zip(batch, ids, strict=True) if not id_]
            created = iter(self._create([item.values for item in new]))
            return [id_ or self._give_external_id(next(created), item) for item, id_ in zip(batch, ids, strict=True)]

    def _create(self, values: list[dict[str, Any]]) -> list[int]:
        records = self.records.browse()
        if not self.records.env.db.profile.rules.creates_many:
            return [records.call("create", vals).id for vals in values]
        return list(records.call("create", values).ids) if values else []

    def _existing(self, item: Item) -> int:
        """Return the id of the record that an item updates, 0 for a new one."""
        env, model = self.records.env, self.records._name
        if item.xmlid is None:
            return item.values.get("id") or 0
        row = external_ids.find(env, item.xmlid)
        if row is None:
            return 0
        if row.get("model") != model:
            raise ValidationError(
                f"For external id {item.xmlid} when trying to create/update a record of model {model} "
                f"found record of different model {row.get('model')} ({row['id']})"
            )
        id_: int = row.get("res_id") or 0
        return id_ if env.db.store.get(model, id_) is not None else 0

    def _is_protected(self, xmlid: str) -> bool:
        row = external_ids.find(self.records.env, xmlid)
        return self.update and bool(row and row.get("noupdate"))

    def _give_external_id(self, id_: int, item: Item) -> int:
        """Assign external ids to a new record and to the parents created with it; return its id."""
        records = self.records
        if item.xmlid is not None:
            external_ids.assign(records.env, item.xmlid, records._name, id_, noupdate=self.noupdate)
            for parent, many2one in records._model.inherits.items():
                if not item.values.get(many2one):
                    xmlid = f"{item.xmlid}_{parent.replace('.', '_')}"
                    target = records.browse(id_)._related(many2one)._ids[0]
                    external_ids.assign(records.env, xmlid, parent, target, noupdate=self.noupdate)
        return id_


def _error_message(model: Model, error: Exception) -> Message:
    """Return the part of a record's message that describes an error."""
    known = _constraint_message(model, error)
    if known:
        return known
    if isinstance(error, (UserError, DatabaseError)):
        return {"message": str(error)}
    text = f"Unknown error during import: {type(error)}: {error}"
    return {"message": text, "moreinfo": "Resolve other errors first"}


def _constraint_message(model: Model, error: Exception) -> Message | None:
    """Return the message for values that the database refuses; None for other errors.

    Source: recorded in misc-data (17.0).
    """
    driver = error.driver if isinstance(error, ValidationError) else ""
    missing = _MISSING.match(driver)
    if missing:
        name = missing[1]
        if missing[2] != model.table:
            return {"message": f"Missing required value for the field '{name}'"}
        label = model.fields[name].string
        return {"message": f"Missing required value for the field '{label}' ({name})", "field": name}
    violated = _VIOLATED.search(driver)
    for constraint in model.constraints if violated else ():
        if constraint.message and violated and violated[1] == f"{model.table}_{constraint.name}":
            return (
                _duplicate_message(model, constraint.unique)
                if constraint.unique
                else {"message": f"'{constraint.message}'"}
            )
    return {"message": driver} if driver else None


def _duplicate_message(model: Model, names: Sequence[str]) -> Message:
    if len(names) == 1:
        name, label = names[0], model.fields[names[0]].string
        text = f"The value for the field '{name}' already exists (this is probably '{label}' in the current model)."
        return {"message": text, "field": name}
    columns, labels = ", ".join(names), ", ".join(model.fields[name].string for name in names)
    return {
        "message": f"The values for the fields '{columns}' already exist (they are probably '{labels}' in the current"
        " model)."
    }


def _created_models(env: Environment, model: Model, paths: Sequence[Path]) -> set[str]:
    """Return the models whose records the import may create; raises KeyError for an unknown column."""
    found = {model.name}
    for path in paths:
        fields = model.fields
        for name in takewhile(lambda step: step not in REFERENCES, path):
            if isinstance(fields[name], One2many):
                comodel = _comodel(env, fields[name])
                found.add(comodel.name)
                fields = comodel.fields
    return found


def _comodel(env: Environment, field: Field) -> Model:
    """Return the model that a column leads to; one of a module that is not there is as unknown as its column."""
    comodel = env.db.registry.get(field.comodel)
    if comodel is None:
        raise KeyError(field.name)
    return comodel


def extract(
    env: Environment, model: Model, paths: Sequence[Path], data: Sequence[Sequence[Any]], limit: float
) -> Iterator[tuple[dict[Any, Any], int, int]]:
    """Yield `(record, first row, last row)`: a row, and the next ones that only add lines to its one2many fields."""
    fields = model.fields
    lines = [path[0] not in REFERENCES and isinstance(fields[path[0]], One2many) for path in paths]
    related = {path[0]: None for path in paths if path[0] not in REFERENCES and fields[path[0]].relational}

    def only_lines(row: Sequence[Any]) -> bool:
        filled = [bool(row[index]) for index in range(len(paths))]
        return any(f and o for f, o in zip(filled, lines, strict=True)) and not any(
            f and not o for f, o in zip(filled, lines, strict=True)
        )

    index = 0
    while index < len(data) and index < limit:
        span = [data[index], *takewhile(only_lines, data[index + 1 :])]
        record = {path[0]: value for path, value in zip(paths, data[index], strict=False) if path[0] not in related}
        for name in related:
            columns = [number for number, path in enumerate(paths) if path[0] == name]
            cells = [row for row in ([line[column] for column in columns] for line in span) if any(row)]
            comodel = _comodel(env, fields[name])
            steps = [paths[column][1:] or [None] for column in columns]
            record[name] = [found for found, _, _ in extract(env, comodel, steps, cells, len(cells))]
        yield record, index, index + len(span) - 1
        index += len(span)
