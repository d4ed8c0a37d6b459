"""create, read, write, unlink, exists.  Source: versions.md §6.1, §7.2, §9.4; recorded in core-crud (17.0)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.errors import MissingError
from mockserver.orm.fields.relational import database_id
from mockserver.orm.methods.read_values import Reading
from mockserver.orm.records.environment import Recordset
from mockserver.orm.records.recordset import missing_record
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, check_fields, sees
from mockserver.orm.schema import api
from mockserver.orm.schema.model import UnknownField
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import constraints, deletion, external_ids, rows as writing
from mockserver.orm.writing.defaults import completed
from mockserver.profiles import Rules

if TYPE_CHECKING:
    from typing_extensions import Self


def read_rows(
    records: Recordset, rows: list[Row], fields: Iterable[str] | None, load: Any = "_classic_read"
) -> list[dict[str, Any]]:
    """Return rows in the form of `read`; `fields` empty or None means every field that the user may see."""
    definition = records._model
    names = dict.fromkeys(fields or definition.fields)
    names.pop("id", None)
    if not fields and (definition.restricted or definition.internals):
        names = {name: None for name in names if sees(records.env, definition.fields[name])}
    return Reading(records.env, definition, rows, load).dicts(names)


def readable_names(records: Recordset, names: Iterable[str] | None) -> list[str] | None:
    """Return the names of fields to read; unknown names are dropped or an error, depending on the generation."""
    if not names:
        return None
    fields = records._model.fields
    names = list(names)
    try:
        known = all(map(fields.__contains__, names))
    except TypeError:  # not even a name
        known = False
    if not known:
        names = [name for name in names if _is_known(records, name)]
    check_fields(records, "read", names)
    return names or ["id"]


def known_values(records: Recordset, vals: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of known fields; unknown names are dropped or an error, depending on the generation."""
    if vals.keys() <= records._model.fields.keys():
        return vals
    rules = records.env.db.profile.rules
    try:
        return {name: value for name, value in vals.items() if _is_known(records, name)}
    except UnknownField as error:
        raise ValueError(rules.unknown_field_in_values_text.format(field=error.field, model=error.model)) from None


def _is_known(records: Recordset, name: Any) -> bool:
    if isinstance(name, str) and name in records._model.fields:
        return True
    if records.env.db.profile.rules.unknown_fields_refused:
        records._model.field(name)
    return False


def existing(records: Recordset, mode: str) -> Recordset:
    """Return the records that exist, to write or unlink; a missing one is an error in some generations.

    Source: versions.md §9.4.
    """
    rows = records.env.db.store.rows(records._name)
    ids = [id_ if type(id_) is int else database_id(id_) for id_ in records._ids]
    missing = [id_ for id_ in ids if id_ not in rows]
    if missing:
        rules = records.env.db.profile.rules
        # if record rules limit the user, the server reads rows before it changes them
        ruled = record_rules.limit(records.env, records._name, mode) is not None
        if mode == "unlink":
            how = "missing" if rules.missing_on_unlink and ruled else "nothing"
        else:
            how = rules.missing_on_write_with_rules if ruled else rules.missing_on_write
        if how == "missing":
            raise missing_record(records, missing[0])
        if how == "modified":
            named = {"kind": records._model.description, "ids": tuple(ids[:6]), "uid": records.env.uid}
            raise MissingError(rules.modified_text.format(**named))
    return records.browse(dict.fromkeys(id_ for id_ in ids if id_ in rows))


class Crud(Recordset):
    """Creating, reading, changing and deleting records."""

    __slots__ = ()

    @api.model(until=11, name="create")
    def create_11(self, vals: Any) -> Self:
        """Create one record from `{field: value}`; code on this server may give a list of those."""
        return Crud.create(self, vals)

    @api.model(since=12)
    def create(self, vals_list: Any) -> Self:
        """Create records from `{field: value}` or a list of those; all of them or none."""
        if vals_list != []:
            check_access(self, "create")
        values = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        for vals in values:
            if not isinstance(vals, Mapping):
                raise AttributeError(f"{type(vals).__name__!r} object has no attribute 'get'")
        given = [known_values(self, vals) for vals in values]
        complete = completed(self, given)
        created = self.browse(writing.create_rows(self, complete) if complete else ())
        constraints.run_rules(created, set().union(*complete))
        if external_ids.IMPORTING in self.env.context:
            for record, vals in zip(created, given, strict=True):
                external_ids.assign_imported(record, vals)
        record_rules.check(created, "create")
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change the records and return True.

        A missing record is an error only if record rules make the server read it (16.0 and later).
        """
        if not self:
            return True
        check_access(self, "write")
        check_fields(self, "write", vals)
        records = existing(self, "write")
        record_rules.check(records, "write")
        vals = known_values(self, vals)
        if records:
            writing.write_rows(records, vals)
            constraints.run_rules(records, vals)
        return True

    def unlink(self) -> bool:
        """Delete the records and what cascades from them; return True."""
        if not self:
            return True
        check_access(self, "unlink")
        records = existing(self, "unlink")
        record_rules.check(records, "unlink")
        if records:
            for name in records._ondeletes:
                getattr(records, name)()
            deletion.delete_rows(records)
        return True

    @api.versions(private_since=19)
    def exists(self) -> Self:
        """Return the records that exist."""
        rows = self.env.db.store.rows(self._name)
        return self.browse(id_ for id_ in self._ids if id_ in rows)

    @api.versions(since=17, private_since=19)
    def fetch(self, field_names: Collection[str]) -> None:
        """Check the names of the fields and the rights to read them; return nothing.  Source: versions.md §6.1."""
        check_access(self, "read")
        for name in field_names:
            self._model.field(name)
        check_fields(self, "read", field_names)
        record_rules.check(self, "read")

    def read(self, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
        """Return `[{field: value}]` in the order of the ids; deleted records are left out.

        Source: recorded in rights-fields (17.0): no records need no right, and fields are checked before the model.
        """
        fields_first = self.env.db.profile.rules.read_checks_fields_first
        if not fields_first:
            check_access(self, "read")
        names = readable_names(self, fields)
        if fields_first and self._ids:
            check_access(self, "read")
        rows, rules = self.env.db.store.rows(self._name), self.env.db.profile.rules
        ids = [id_ if type(id_) is int else _searched_id(id_, rules) for id_ in self._ids]
        found = [rows[i] for i in ids if i in rows]
        record_rules.check_rows(self, "read", found)
        results = read_rows(self, found, names, load)
        if rules.reads_without_id and not all(self._ids):
            return [
                _empty(self, names, id_) if not id_ else results.pop(0) for id_ in self._ids if not id_ or id_ in rows
            ]
        return results


def _searched_id(id_: Any, rules: Rules) -> int:
    """Return the id for which the database looks; 0 for a value that no id equals."""
    if isinstance(id_, float) and not id_.is_integer():
        return 0
    return 0 if rules.reads_without_id and not id_ else database_id(id_, at_end=rules.driver_quotes_end)


def _empty(records: Recordset, names: Iterable[str] | None, id_: Any) -> dict[str, Any]:
    """Return what `read` gives for a record that has no id yet: nothing in any field."""
    fields = records._model.fields
    wanted = [name for name in names or fields if name != "id" and sees(records.env, fields[name])]
    return {"id": id_} | {name: [] if fields[name].x2many else fields[name].to_read(None, False) for name in wanted}
