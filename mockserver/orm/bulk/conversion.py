"""Convert the texts of an import to values for `create` and `write`, with the server's error texts.

`Field.from_text` converts a text; this module provides the look-ups in the database that it needs.
Source: recorded in core-groups (17.0); wordings of 17.0's field converter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.importing import FALSE, FIELD, REFERENCES, ImportRecord, Problem, reference_kind
from mockserver.orm.query import values
from mockserver.orm.query.periods import named_zone, to_utc
from mockserver.orm.schema.model import Model
from mockserver.orm.writing import external_ids

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

_REFERENCE_KINDS = {None: "name", "id": "external id", ".id": "database id"}

Log = Callable[[str, Problem], None]


class Converter:
    """Converter for one import; `flush` creates the records read so far, so that later ones can refer to them."""

    def __init__(self, env: Environment, module: str, flush: Callable[..., None]) -> None:
        self.env = env
        self.module = module
        self.flush = flush
        self.problems: list[Problem] = []  # of the value that is being converted

    def convert(self, model: Model, record: ImportRecord, log: Log) -> dict[str, Any]:
        """Return `{field: value}`; a value that cannot be converted is left out and its problem logged."""
        converted: dict[str, Any] = {}
        for name, value in record.items():
            if name in REFERENCES:
                continue
            if not value:
                converted[name] = False
                continue
            before, self.problems = self.problems, []
            try:
                converted[name] = model.fields[name].from_text(value, self)
            except Problem as refused:
                self.problems = [refused]
            found, self.problems = self.problems, before
            for problem in found:
                log(name, problem)
        return converted

    # -- the methods that fields call; see `Importing`

    def choices(self, field: Field) -> Sequence[Sequence[Any]]:
        return values.selection(self.env, field) or []

    def to_utc(self, moment: datetime) -> datetime:
        zone = self._zone()
        return to_utc(moment, zone) if zone else moment

    def links(self, ids: list[int | bool]) -> list[Any]:
        if self.env.context.get("update_many2many"):
            return [(4, id_, 0) for id_ in ids]
        return [(6, 0, ids)]

    def lines(self, field: Field, records: Sequence[ImportRecord]) -> list[Any]:
        comodel = self.env.db.registry[field.comodel]

        def log(name: str, problem: Problem) -> None:
            if problem.warning:
                self.problems.append(problem)
                return
            label = comodel.fields[name].string
            raise Problem(problem.text.replace(FIELD, f"{FIELD}/{label}"), problem.info)

        if len(records) == 1 and not set(records[0]) - REFERENCES:
            kind = reference_kind(records[0])
            records = [{kind: part} for part in records[0][kind].split(",")]
        commands: list[Any] = []
        for record in records:
            line = self.convert(comodel, record, log)
            id_ = self._line_id(field, record)
            if not id_ and record.get("id"):
                line["id"] = record["id"]  # `create` gives it to the new line
            commands += [(4, id_, 0), (1, id_, line)] if id_ else [(0, 0, line)]
        return commands

    def _line_id(self, field: Field, record: ImportRecord) -> int | bool:
        """Return the id of the line that a record of a one2many refers to; False for a new line, as with an unknown
        external id."""
        references = {key: value for key, value in record.items() if key in REFERENCES}
        if not references:
            return False
        kind = reference_kind(references)
        try:
            return self.reference(field, kind, record[kind])
        except Problem:
            if kind != "id":
                raise
            return False

    def reference(self, field: Field, kind: str | None, value: Any) -> int | bool:
        """Return the id of the record that a name, an external id or a database id refers to, False for none."""
        if kind is not None and isinstance(value, str) and value.lower() in FALSE:
            return False
        if kind is None and value == "":
            return False
        found = _FINDERS[kind](self, field, value)
        if found is None:
            raise Problem(
                self.env._(
                    "No matching record found for {kind} '{value}' in field '{field}'",
                    kind=self.env._(_REFERENCE_KINDS[kind]),
                    value=value,
                    field=FIELD,
                ),
                {"moreinfo": _possible_values(self.env, field, kind)},
            )
        return found

    def _zone(self) -> ZoneInfo | None:
        """Return the time zone of imported datetimes: the context's, else the user's; None means UTC."""
        found = named_zone(self.env.context.get("tz"))
        if found is None and "res.users" in self.env and self.env.user.exists():
            user = self.env.user
            found = named_zone(user["tz"]) if "tz" in user else None
        return found


def _by_database_id(self: Converter, field: Field, value: Any) -> int | None:
    try:
        id_ = int(value)
    except ValueError:
        raise Problem(
            f"Invalid database id '{value}' for the field '{FIELD}'",
            {"moreinfo": _possible_values(self.env, field, ".id")},
        ) from None
    return id_ if self.env.db.store.get(field.comodel, id_) is not None else None


def _by_external_id(self: Converter, field: Field, value: str) -> int | None:
    xmlid = value if "." in value else f"{self.module}.{value}"
    self.flush(xmlid=xmlid)
    row = external_ids.find(self.env, xmlid)
    if row is None or self.env.db.store.get(field.comodel, row.get("res_id") or 0) is None:
        return None
    if row.get("model") != field.relation:
        raise Problem(f"Invalid external ID {xmlid}: expected model {field.relation!r}, found {row.get('model')!r}")
    return row["res_id"]  # type: ignore[no-any-return]


def _by_name(self: Converter, field: Field, value: Any) -> int | None:
    self.flush(model=field.relation)
    comodel = self.env[field.comodel]
    found = comodel.call("name_search", value, None, "=")
    if len(found) > 1:
        text = f"Found multiple matches for value {value!r} in field '{FIELD}' ({len(found)} matches)"
        self.problems.append(Problem(text, warning=True))
    if not found and (self.env.context.get("name_create_enabled_fields") or {}).get(field.name):
        found = [comodel.call("name_create", value)]
    return found[0][0] if found else None


_FINDERS: dict[str | None, Callable[[Converter, Field, Any], int | None]] = {
    None: _by_name, "id": _by_external_id, ".id": _by_database_id,
}  # fmt: skip


def _possible_values(env: Environment, field: Field, kind: str | None) -> dict[str, Any]:
    """Return the window action that lists the possible values."""
    action: dict[str, Any] = {
        "name": "Possible Values", "type": "ir.actions.act_window", "target": "new",
        "view_mode": f"{env.db.profile.rules.list_view},form",
        "views": [[False, "list"], [False, "form"]], "context": {"create": False},
        "help": env._("See all possible values"),
    }  # fmt: skip
    if kind is None:
        return action | {"res_model": field.relation}
    return action | {"res_model": "ir.model.data", "domain": [["model", "=", field.relation]]}
