"""Records of a live server with the interface of `Recordset`: each access is a call."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.numbers import Float, Integer
from mockserver.orm.fields.relational import Many2many, Many2one, One2many
from mockserver.orm.records.collection import Collection

if TYPE_CHECKING:
    from mockserver.contract.dual.live_env import LiveEnvironment

_RECORDS = ("create", "search", "copy")  # methods that return records of the same model


class LiveRecordset(Collection):
    """An ordered collection of records of one model of a live server; nothing is cached, each access is a call."""

    env: LiveEnvironment
    _name: str
    _ids: tuple[int, ...]

    def __init__(self, env: LiveEnvironment, model: str, ids: Iterable[int]) -> None:
        object.__setattr__(self, "env", env)
        object.__setattr__(self, "_name", model)
        object.__setattr__(self, "_ids", tuple(ids))

    # -- container

    def __iter__(self) -> Iterator[LiveRecordset]:
        return (self.browse(id_) for id_ in self._ids)

    def __contains__(self, item: object) -> bool:
        if isinstance(item, LiveRecordset):
            return len(item) == 1 and item._name == self._name and item._ids[0] in self._ids
        return isinstance(item, str) and item in self._fields

    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            return self._field_value(key)
        ids = self._ids[key]
        return self.browse(ids)

    def _with_ids(self, ids: Iterable[int]) -> LiveRecordset:
        return LiveRecordset(self.env, self._name, ids)

    # -- other recordsets

    def browse(self, ids: int | Iterable[int] | None = ()) -> LiveRecordset:
        """Return records of this model by id, without a check that they exist."""
        return LiveRecordset(self.env, self._name, (ids,) if isinstance(ids, int) and ids else ids or ())

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> LiveRecordset:
        """Return the same records in another context."""
        return LiveRecordset(self.env.with_context(context, **more), self._name, self._ids)

    def with_user(self, user: int | LiveRecordset) -> LiveRecordset:
        """Return the same records in the environment of another user."""
        return LiveRecordset(self.env.with_user(user), self._name, self._ids)

    def sudo(self) -> LiveRecordset:
        """Return the same records: over RPC access is always checked."""
        return self

    def exists(self) -> LiveRecordset:
        """Return the records that exist."""
        found = self.with_context(active_test=False).search([("id", "in", self.ids)])
        return self.browse(id_ for id_ in self._ids if id_ in found._ids)

    def filtered(self, keep: str | Callable[[LiveRecordset], Any]) -> LiveRecordset:
        """Return the records for which a function, or a path of fields, is true."""
        test = keep if callable(keep) else (lambda record: any(record.mapped(keep)))
        return self.browse(record._ids[0] for record in self if test(record))

    def filtered_domain(self, domain: Any) -> LiveRecordset:
        """Return the records that match a domain."""
        found = self.with_context(active_test=False).search(["&", ("id", "in", self.ids), *domain] if domain else [])
        return self.browse(id_ for id_ in self._ids if not domain or id_ in found._ids)

    def mapped(self, path: str | Callable[[LiveRecordset], Any]) -> Any:
        """Return the values of a path of fields (records as one recordset, other values as a list) or of a function."""
        if callable(path):
            return [path(record) for record in self]
        name, _, rest = path.partition(".")
        if self._field(name, KeyError).get("relation"):
            found = self._field_value(name)
            return found.mapped(rest) if rest else found
        return [row[name] for row in self._read(name)]

    def sorted(self, key: str | Callable[[LiveRecordset], Any] | None = None, reverse: bool = False) -> LiveRecordset:
        """Return the records ordered by a function or an `order` clause, the model's own by default."""
        if callable(key):
            return self.browse(record._ids[0] for record in sorted(self, key=key, reverse=reverse))
        ids = self.with_context(active_test=False).search([("id", "in", self.ids)], order=key).ids
        return self.browse(reversed(ids) if reverse else ids)

    # -- fields and methods

    @property
    def _fields(self) -> dict[str, dict[str, Any]]:
        return self.env.live.fields(self.env, self._name)

    def _field(self, name: str, error: type[Exception] = AttributeError) -> dict[str, Any]:
        if name not in self._fields:
            raise error(f"{self._name!r} of the live server has no field {name!r}")
        return self._fields[name]

    def _read(self, name: str) -> list[dict[str, Any]]:
        args = [self.ids, [name]]
        rows = self.env.call(self._name, "read", args, {"load": "_classic_write"}, ids=True) if self._ids else []
        return [dict(row) for row in rows]

    def _field_value(self, name: str) -> Any:
        field = self._field(name, KeyError)
        if is_a(field["type"], Many2one, One2many, Many2many):
            values = (row[name] or [] for row in self._read(name))
            ids = dict.fromkeys(id_ for value in values for id_ in (value if isinstance(value, list) else [value]))
            return LiveRecordset(self.env, field["relation"], ids)
        if not self._ids:
            return 0 if is_a(field["type"], Integer, Float) else False
        self.ensure_one()
        return self._read(name)[0][name]

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the model on these records; methods that return records of this model give a recordset."""
        of_model = name in ("create", "search") or (not self._ids and name != "copy")
        given = [*([] if of_model else [self.ids]), *map(_with_ids_for_records, args)]
        if name == "unlink" and not self._ids:
            return True
        options = {key: _with_ids_for_records(value) for key, value in kwargs.items()}
        value = self.env.call(self._name, name, given, options, ids=not of_model)
        return self.browse(value) if name in _RECORDS and value is not None else value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._field_value(name) if name in self._fields else functools.partial(self.call, name)

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self._field(name)["type"]
        if isinstance(value, LiveRecordset):
            value = value.id if is_a(kind, Many2one) else [(6, 0, value.ids)]
        self.call("write", {name: value})

    __setitem__ = __setattr__


def _with_ids_for_records(value: Any) -> Any:
    """Return the value with ids in place of recordsets."""
    if isinstance(value, LiveRecordset):
        return value.ids
    if isinstance(value, Mapping):
        return {key: _with_ids_for_records(item) for key, item in value.items()}
    return [_with_ids_for_records(item) for item in value] if isinstance(value, (list, tuple)) else value
