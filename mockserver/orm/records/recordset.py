"""Recordset: an ordered collection of records of one model.

`env["res.partner"].browse(7).name` reads as it does on the server.  Attribute access finds a field,
then a method of the registry, and nothing else.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.errors import MissingError
from mockserver.orm.fields.relational import Many2many, Many2one, One2many
from mockserver.orm.query import domain as domains, order as orders, values
from mockserver.orm.records.collection import Collection
from mockserver.orm.schema import api
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment


def _row_id(row: Row) -> int:
    id_: int = row["id"]
    return id_


class _Method(functools.partial[Any]):
    """A method of some records: what `partners.write` is before it is called; `partial` makes it at C's speed."""

    def __repr__(self) -> str:
        return f"{self.func.__self__!r}.{self.args[0]}"  # type: ignore[attr-defined]


class Recordset(Collection):
    """An ordered collection of records of one model."""

    __slots__ = ("_ids", "_name", "env")

    env: Environment
    _name: str
    _ids: tuple[int, ...]

    def __init__(self, env: Environment, model: Model, ids: tuple[int, ...]) -> None:
        object.__setattr__(self, "env", env)
        object.__setattr__(self, "_name", model.name)
        object.__setattr__(self, "_ids", ids)

    # -- what it is

    @property
    def _model(self) -> Model:
        """The model as it is defined now: records outlive a change of their model."""
        return self.env.db.registry[self._name]

    def __iter__(self) -> Iterator[Recordset]:
        return (Recordset(self.env, self._model, (id_,)) for id_ in self._ids)

    def __contains__(self, item: object) -> bool:
        if isinstance(item, Recordset):
            return len(item) == 1 and item._name == self._name and item._ids[0] in self._ids
        return isinstance(item, str) and item in self._model.fields

    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            return self._value(self._known(key, KeyError))
        ids = self._ids[key]
        return Recordset(self.env, self._model, ids if isinstance(ids, tuple) else (ids,))

    def _with_ids(self, ids: Iterable[int]) -> Recordset:
        return Recordset(self.env, self._model, tuple(ids))

    # -- other views of it

    def browse(self, ids: int | Iterable[int] | None = ()) -> Recordset:
        """Records of this model by id, without looking whether they exist."""
        return self._with_ids((ids,) if isinstance(ids, int) and ids else ids or ())

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> Recordset:
        """The same records in another context: `context` replaces it, keywords add to it."""
        return Recordset(self.env.with_context(context, **more), self._model, self._ids)

    def with_user(self, user: int | Recordset) -> Recordset:
        """The same records as another user sees them."""
        uid = user if isinstance(user, int) else user._ids[0]
        return Recordset(self.env.with_user(uid), self._model, self._ids)

    def sudo(self) -> Recordset:
        """The same records without access checks."""
        return Recordset(self.env.sudo(), self._model, self._ids)

    def filtered(self, keep: str | Callable[[Recordset], Any]) -> Recordset:
        """The records for which a function, or a path of fields, gives something true."""
        test = keep if callable(keep) else (lambda record: any(record.mapped(keep)))
        return self._with_ids(record._ids[0] for record in self if test(record))

    def filtered_domain(self, domain: Any) -> Recordset:
        """The records that match a domain."""
        match = domains.matching(self.env, self._model, domain)
        return self._with_ids(id_ for id_ in self._ids if match(id_))

    def mapped(self, path: str | Callable[[Recordset], Any]) -> Any:
        """The values of a path of fields (records joined, values as a list), or of a function."""
        if callable(path):
            return [path(record) for record in self]
        name, _, rest = path.partition(".")
        if self._model.field(name).relational:
            found = self._value(name)
            return found.mapped(rest) if rest else found
        return [record._value(name) for record in self]

    def sorted(self, key: str | Callable[[Recordset], Any] | None = None, reverse: bool = False) -> Recordset:
        """The records ordered by a function or an `order` clause, the model's own by default."""
        if callable(key):
            return self._with_ids(r._ids[0] for r in sorted(self, key=key, reverse=reverse))
        rows = orders.sort(self.env, self._model, sorted(self._rows(), key=_row_id), key)
        ids = [row["id"] for row in rows]
        return self._with_ids(reversed(ids) if reverse else ids)

    # -- fields and methods

    def _rows(self) -> list[Row]:
        """The rows; raises MissingError for the first that does not exist."""
        table = self.env.db.store.rows(self._name)
        try:
            return [table[id_] for id_ in self._ids]
        except KeyError as missing:
            raise missing_record(self, missing.args[0]) from None

    def _value(self, name: str) -> Any:
        field = self._model.field(name)
        if isinstance(field, (Many2one, One2many, Many2many)):
            return self._related(name)
        if not self._ids:
            return field.to_read(None)
        self.ensure_one()
        return field.to_read(values.value(self.env, self._model, field, self._rows()[0]))

    def _related(self, name: str) -> Recordset:
        field = self._model.fields[name]
        if field.comodel not in self.env.db.registry:
            raise KeyError(f"{self._name}.{name} leads to the model {field.comodel!r}, which is not loaded")
        ids: dict[int, None] = {}
        for row in self._rows():
            found = values.value(self.env, self._model, field, row)
            ids.update(dict.fromkeys(found if isinstance(found, tuple) else (found,) if found else ()))
        return Recordset(self.env, self.env.db.registry[field.comodel], tuple(ids))

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Run a method of the registry on these records, as one transaction."""
        method = self.env.db.method(self._name, name)
        if method is None:
            raise AttributeError(f"{self._name!r} has no method {name!r}")
        if self.env.db.witness is not None:
            return self.env.db.witness(self, method, args, kwargs)
        with self.env.db.transaction():
            return method.function(self, *args, **kwargs)

    def _known(self, name: str, error: type[Exception]) -> str:
        """The name of a field, or an error that offers the nearest one."""
        if name not in self._model.fields:
            raise error(f"{self._name!r} has no field {name!r}{_hint(name, self._model.fields)}")
        return name

    def __getattr__(self, name: str) -> Any:
        if name in self._model.fields:
            return self._value(name)
        if self.env.db.method(self._name, name) is not None:
            return _Method(self.call, name)
        hint = _hint(name, [*self._model.fields, *(method for _, method in api.METHODS)])
        raise AttributeError(f"{self._name!r} has no field or method {name!r}{hint}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._write(self._known(name, AttributeError), value)

    def __setitem__(self, name: str, value: Any) -> None:
        self._write(self._known(name, KeyError), value)

    def _write(self, name: str, value: Any) -> None:
        if isinstance(value, Recordset):
            value = value.id if isinstance(self._model.fields[name], Many2one) else [(6, 0, value.ids)]
        self.call("write", {name: value})


def _hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def missing_record(records: Recordset, id_: Any) -> MissingError:
    """The server's error for a record that is not there.  Source: recorded in core-errors (17.0)."""
    text = "Record does not exist or has been deleted."
    if records.env.db.profile.rules.missing_names_record:
        text += f"\n(Record: {records._name}({id_},), User: {records.env.uid})"
    return MissingError(text)
