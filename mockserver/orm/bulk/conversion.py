"""Texts of an import turned into values that `create` and `write` take, with the server's complaints.

A *record* here is `{field: text, or a list of records for a relation}`; the keys None, `id` and `.id` refer to
an existing record by name, external id or database id.
Source: recorded in core-groups (17.0); wordings of 17.0's field converter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.fields.base import Field
from mockserver.orm.query import values
from mockserver.orm.query.periods import named_zone, to_utc
from mockserver.orm.schema.model import Model
from mockserver.orm.writing import external_ids

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

REFERENCES = frozenset({None, "id", ".id"})
# stands for the label of the field in the text of a problem
FIELD = "\N{OBJECT REPLACEMENT CHARACTER}"
_TRUE, _FALSE = frozenset({"1", "true", "yes"}), frozenset({"", "0", "false", "no"})
_REFERENCE_KINDS = {None: "name", "id": "external id", ".id": "database id"}

ImportRecord = Mapping[Any, Any]


class Problem(ValueError):
    """What is wrong with a value: a text with `FIELD` in it, and more keys for the message.

    `info` None: the message does not name the field.  A `warning` does not refuse the import.
    """

    def __init__(self, text: str, info: dict[str, Any] | None = None, *, warning: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.info = info
        self.warning = warning


Log = Callable[[str, Problem], None]
Convert = Callable[["Converter", Field, Any, "list[Problem]"], Any]


class Converter:
    """Converts for one import; `flush` creates the records read so far, so that later ones can refer to them."""

    def __init__(self, env: Environment, module: str, flush: Callable[..., None]) -> None:
        self.env = env
        self.module = module
        self.flush = flush

    def convert(self, model: Model, record: ImportRecord, log: Log) -> dict[str, Any]:
        """`{field: value}`; a value that cannot be converted is left out and its problem logged."""
        converted: dict[str, Any] = {}
        for name, value in record.items():
            if name in REFERENCES:
                continue
            if not value:
                converted[name] = False
                continue
            problems: list[Problem] = []
            try:
                converted[name] = CONVERTERS[model.fields[name].type](self, model.fields[name], value, problems)
            except Problem as refused:
                problems = [refused]
            for problem in problems:
                log(name, problem)
        return converted

    def reference(self, field: Field, kind: str | None, value: Any, problems: list[Problem]) -> int | bool:
        """Id of the record that a name, an external id or a database id refers to, False for none."""
        if kind is not None and isinstance(value, str) and value.lower() in _FALSE:
            return False
        if kind is None and value == "":
            return False
        found = _FINDERS[kind](self, field, value, problems)
        if found is None:
            raise Problem(
                f"No matching record found for {_REFERENCE_KINDS[kind]} '{value}' in field '{FIELD}'",
                {"moreinfo": _possible_values(field, kind)},
            )
        return found

    def zone(self) -> ZoneInfo | None:
        """The time zone in which datetimes are written: the context's, else the user's; None means UTC."""
        found = named_zone(self.env.context.get("tz"))
        if found is None and "res.users" in self.env and self.env.user.exists():
            user = self.env.user
            found = named_zone(user["tz"]) if "tz" in user else None
        return found


def _by_database_id(self: Converter, field: Field, value: Any, problems: list[Problem]) -> int | None:
    try:
        id_ = int(value)
    except ValueError:
        raise Problem(
            f"Invalid database id '{value}' for the field '{FIELD}'", {"moreinfo": _possible_values(field, ".id")}
        ) from None
    return id_ if self.env.db.store.get(field.comodel, id_) is not None else None


def _by_external_id(self: Converter, field: Field, value: str, problems: list[Problem]) -> int | None:
    xmlid = value if "." in value else f"{self.module}.{value}"
    self.flush(xmlid=xmlid)
    row = external_ids.find(self.env, xmlid)
    if row is None or self.env.db.store.get(field.comodel, row.get("res_id") or 0) is None:
        return None
    if row.get("model") != field.relation:
        raise Problem(f"Invalid external ID {xmlid}: expected model {field.relation!r}, found {row.get('model')!r}")
    return row["res_id"]  # type: ignore[no-any-return]


def _by_name(self: Converter, field: Field, value: Any, problems: list[Problem]) -> int | None:
    self.flush(model=field.relation)
    comodel = self.env[field.comodel]
    found = comodel.call("name_search", value, None, "=")
    if len(found) > 1:
        text = f"Found multiple matches for value {value!r} in field '{FIELD}' ({len(found)} matches)"
        problems.append(Problem(text, warning=True))
    if not found and (self.env.context.get("name_create_enabled_fields") or {}).get(field.name):
        found = [comodel.call("name_create", value)]
    return found[0][0] if found else None


_FINDERS: dict[str | None, Callable[[Converter, Field, Any, list[Problem]], int | None]] = {
    None: _by_name, "id": _by_external_id, ".id": _by_database_id,
}  # fmt: skip


def _possible_values(field: Field, kind: str | None) -> dict[str, Any]:
    """The action that shows what could have been meant."""
    action: dict[str, Any] = {
        "name": "Possible Values", "type": "ir.actions.act_window", "target": "new", "view_mode": "tree,form",
        "views": [[False, "list"], [False, "form"]], "context": {"create": False}, "help": "See all possible values",
    }  # fmt: skip
    if kind is None:
        return action | {"res_model": field.relation}
    return action | {"res_model": "ir.model.data", "domain": [["model", "=", field.relation]]}


# -- one function a field type: (converter, field, value, problems) → value


def _as_is(self: Converter, field: Field, value: Any, problems: list[Problem]) -> Any:
    return value


def _boolean(self: Converter, field: Field, value: str, problems: list[Problem]) -> bool:
    if value.lower() not in _TRUE | _FALSE:
        text = f"Unknown value '{value}' for boolean field '{FIELD}'"
        problems.append(Problem(text, {"moreinfo": "Use '1' for yes and '0' for no"}))
    return value.lower() not in _FALSE


def _integer(self: Converter, field: Field, value: Any, problems: list[Problem]) -> int:
    try:
        return int(value)
    except ValueError:
        raise Problem(f"'{value}' does not seem to be an integer for field '{FIELD}'", {}) from None


def _float(self: Converter, field: Field, value: Any, problems: list[Problem]) -> float:
    try:
        return float(value)
    except ValueError:
        raise Problem(f"'{value}' does not seem to be a number for field '{FIELD}'", {}) from None


def _json(self: Converter, field: Field, value: Any, problems: list[Problem]) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise Problem(f"'{value}' does not seem to be a valid JSON for field '{FIELD}'", {}) from None


def _properties(self: Converter, field: Field, value: Any, problems: list[Problem]) -> Any:
    raise Problem(f"Unable to import field type '{field.type}'  ", {})


def _date(self: Converter, field: Field, value: Any, problems: list[Problem]) -> Any:
    try:
        return field.to_store(value)
    except ValueError:
        raise Problem(
            f"'{value}' does not seem to be a valid date for field '{FIELD}'",
            {"moreinfo": "Use the format '2012-12-31'"},
        ) from None


def _datetime(self: Converter, field: Field, value: Any, problems: list[Problem]) -> Any:
    try:
        local = datetime.strptime(field.to_store(value), DATETIME_FORMAT)
    except ValueError:
        raise Problem(
            f"'{value}' does not seem to be a valid datetime for field '{FIELD}'",
            {"moreinfo": "Use the format '2012-12-31 23:59:59'"},
        ) from None
    zone = self.zone()
    return (to_utc(local, zone) if zone else local).strftime(DATETIME_FORMAT)


def _selection(self: Converter, field: Field, value: str, problems: list[Problem]) -> Any:
    choices = values.selection(self.env, field) or []
    for key, label in choices:
        if value.lower() in (str(key).lower(), str(label).lower()):
            return key
    raise Problem(
        f"Value '{value}' not found in selection field '{FIELD}'",
        {"moreinfo": [label or str(key) for key, label in choices if label or key]},
    )


def _kind(record: ImportRecord) -> str | None:
    """Which of the three references a record is."""
    if set(record) - REFERENCES:
        raise Problem("Can not create Many-To-One records indirectly, import the field separately")
    if len(record) > 1:
        raise Problem(
            f"Ambiguous specification for field '{FIELD}', only provide one of name, external id or database id"
        )
    return next(iter(record))  # type: ignore[no-any-return]


def _many2one(self: Converter, field: Field, records: list[ImportRecord], problems: list[Problem]) -> Any:
    [record] = records
    kind = _kind(record)
    return self.reference(field, kind, record[kind], problems)


def _many2many(self: Converter, field: Field, records: list[ImportRecord], problems: list[Problem]) -> Any:
    [record] = records
    kind = _kind(record)
    ids = [self.reference(field, kind, part, problems) for part in record[kind].split(",")]
    if self.env.context.get("update_many2many"):
        return [(4, id_, 0) for id_ in ids]
    return [(6, 0, ids)]


def _one2many(self: Converter, field: Field, records: list[ImportRecord], problems: list[Problem]) -> Any:
    comodel = self.env.db.registry[field.comodel]

    def log(name: str, problem: Problem) -> None:
        if problem.warning:
            problems.append(problem)
            return
        label = comodel.fields[name].string
        raise Problem(problem.text.replace(FIELD, f"{FIELD}/{label}"), problem.info)

    if len(records) == 1 and not set(records[0]) - REFERENCES:
        kind = _kind(records[0])
        records = [{kind: part} for part in records[0][kind].split(",")]
    commands: list[Any] = []
    for record in records:
        line = self.convert(comodel, record, log)
        id_ = _line_id(self, field, record, problems)
        commands += [(4, id_, 0), (1, id_, line)] if id_ else [(0, 0, line)]
    return commands


def _line_id(self: Converter, field: Field, record: ImportRecord, problems: list[Problem]) -> int | bool:
    """The existing line that a record of a one2many refers to; an unknown external id means a new line."""
    references = {key: value for key, value in record.items() if key in REFERENCES}
    if not references:
        return False
    kind = _kind(references)
    try:
        return self.reference(field, kind, record[kind], problems)
    except Problem:
        if kind != "id":
            raise
        return False


CONVERTERS: dict[str, Convert] = {
    "char": _as_is, "text": _as_is, "html": _as_is, "binary": _as_is, "reference": _as_is, "boolean": _boolean,
    "integer": _integer, "many2one_reference": _integer, "float": _float, "monetary": _float, "json": _json,
    "date": _date, "datetime": _datetime, "selection": _selection, "properties": _properties,
    "many2one": _many2one, "many2many": _many2many, "one2many": _one2many,
}  # fmt: skip
