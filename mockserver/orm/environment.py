"""Environment and Recordset: who works on which database, and the records at hand.

`env["res.partner"].browse(7).name` reads as it does on the server.  Attribute access finds a field,
then a method of the registry, and nothing else.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.errors import MissingError
from mockserver.orm import api, domain as domains, order as orders, values
from mockserver.orm.relational import Many2many, Many2one, One2many
from mockserver.orm.schema import Model
from mockserver.orm.store import Row

if TYPE_CHECKING:
    from mockserver.orm.database import Database


class Environment:
    """A database as one user sees it, in one context."""

    __slots__ = ("context", "db", "su", "uid")

    db: Database
    uid: int
    context: dict[str, Any]
    su: bool

    def __init__(self, db: Database, uid: int, context: Mapping[str, Any] | None = None, su: bool = False) -> None:
        self.db = db
        self.uid = uid
        self.context = dict(context or {})
        # the superuser passes every access check
        self.su = su or uid == db.profile.superuser_id

    def __getitem__(self, model: str) -> Recordset:
        """The empty recordset of a model; raises KeyError for an unknown one."""
        try:
            return Recordset(self, self.db.registry[model], ())
        except KeyError:
            near = difflib.get_close_matches(model, self.db.registry, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"there is no model {model!r}{hint}") from None

    def __contains__(self, model: object) -> bool:
        return model in self.db.registry

    def __repr__(self) -> str:
        return f"<Environment db={self.db.name!r} uid={self.uid}>"

    def with_context(self, **context: Any) -> Environment:
        """The same user with more context."""
        return Environment(self.db, self.uid, {**self.context, **context}, self.su)

    def sudo(self) -> Environment:
        """The same user without access checks."""
        return Environment(self.db, self.uid, self.context, True)

    def browse(self, model: Model, ids: Iterable[int]) -> Recordset:
        """Records of a model by id, without looking whether they exist."""
        return Recordset(self, model, tuple(ids))

    @property
    def user(self) -> Recordset:
        """The user at work."""
        return self["res.users"].browse(self.uid)

    @property
    def company(self) -> Recordset:
        """The company at work: the first of `allowed_company_ids`, else the user's."""
        allowed = self.context.get("allowed_company_ids")
        if allowed:
            return self["res.company"].browse(allowed[0])
        return self.user.company_id  # type: ignore[no-any-return]

    @property
    def lang(self) -> str:
        """The language of the context, `en_US` without one."""
        return self.context.get("lang") or "en_US"

    def ref(self, xmlid: str, raise_if_not_found: bool = True) -> Recordset | None:
        """The record with that external id (`module.name`); None or ValueError when there is none."""
        module, _, name = xmlid.partition(".")
        rows = self.db.store.rows("ir.model.data")
        for id_ in self.db.store.having("ir.model.data", "name", (name,)):
            row = rows[id_]
            if row.get("module") == module and row.get("model") in self:
                return self[row["model"]].browse(row.get("res_id") or ())
        if raise_if_not_found:
            raise ValueError(f"External ID not found in the system: {xmlid}")
        return None

    # -- queries that the methods share

    def select(self, model: Model, domain: Any) -> list[int]:
        """Ids that match a domain, in the model's order, archived ones left out as the context says."""
        return [row["id"] for row in orders.sort(self, model, self.rows(model, domain), None)]

    def rows(self, model: Model, domain: Any) -> list[Row]:
        """Rows that match a domain, in id order; archived ones left out as the context says."""
        if domains.provably_false(domains.normalize(domain)):
            return []
        active = model.active_name
        if active and self.context.get("active_test", True) and not any(item[0] == active for item in domain):
            domain = [(active, "=", True), *domain]
        condition = domains.compile_domain(self, model, domain)
        table = self.db.store.rows(model.name)
        ids = condition.candidates()
        if ids is None:
            return list(condition.filter(self.db.store.in_order(model.name)))
        return list(condition.filter([table[i] for i in sorted(ids) if i in table]))

    def name_search(self, model: str, name: str, operator: str, domain: Any = ()) -> list[int]:
        """Ids of the records whose name matches, as a text in a relational condition finds them."""
        if model not in self:
            return []
        return self[model].call("_name_search", name, list(domain), operator)  # type: ignore[no-any-return]


def _row_id(row: Row) -> int:
    id_: int = row["id"]
    return id_


class Recordset:
    """An ordered collection of records of one model."""

    __slots__ = ("_ids", "_model", "env")

    env: Environment
    _model: Model
    _ids: tuple[int, ...]

    def __init__(self, env: Environment, model: Model, ids: tuple[int, ...]) -> None:
        object.__setattr__(self, "env", env)
        object.__setattr__(self, "_model", model)
        object.__setattr__(self, "_ids", ids)

    # -- what it is

    @property
    def _name(self) -> str:
        return self._model.name

    @property
    def ids(self) -> list[int]:
        """The ids, in order."""
        return list(self._ids)

    @property
    def id(self) -> int | bool:
        """The id of a single record, False for none."""
        if not self._ids:
            return False
        self.ensure_one()
        return self._ids[0]

    def ensure_one(self) -> Recordset:
        """This recordset, if it is one record; raises the server's ValueError otherwise."""
        if len(self._ids) != 1:
            raise ValueError(f"Expected singleton: {self!r}")
        return self

    def __len__(self) -> int:
        return len(self._ids)

    def __bool__(self) -> bool:
        return bool(self._ids)

    def __iter__(self) -> Iterator[Recordset]:
        return (Recordset(self.env, self._model, (id_,)) for id_ in self._ids)

    def __contains__(self, item: object) -> bool:
        if isinstance(item, Recordset):
            return len(item) == 1 and item._name == self._name and item._ids[0] in self._ids
        return isinstance(item, str) and item in self._model.fields

    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            return self._value(key)
        ids = self._ids[key]
        return Recordset(self.env, self._model, ids if isinstance(ids, tuple) else (ids,))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recordset) and self._name == other._name and set(self._ids) == set(other._ids)

    def __hash__(self) -> int:
        return hash((self._name, frozenset(self._ids)))

    def __repr__(self) -> str:
        return f"{self._name}{self._ids!r}"

    def __or__(self, other: Recordset) -> Recordset:
        return self._with_ids(dict.fromkeys(self._ids + other._ids))

    def __add__(self, other: Recordset) -> Recordset:
        return self._with_ids(self._ids + other._ids)

    def __sub__(self, other: Recordset) -> Recordset:
        return self._with_ids(id_ for id_ in self._ids if id_ not in other._ids)

    def __and__(self, other: Recordset) -> Recordset:
        return self._with_ids(id_ for id_ in self._ids if id_ in other._ids)

    def _with_ids(self, ids: Iterable[int]) -> Recordset:
        return Recordset(self.env, self._model, tuple(ids))

    # -- other views of it

    def browse(self, ids: int | Iterable[int] | None = ()) -> Recordset:
        """Records of this model by id, without looking whether they exist."""
        return self._with_ids((ids,) if isinstance(ids, int) and ids else ids or ())

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> Recordset:
        """The same records in another context: `context` replaces it, keywords add to it."""
        base = self.env.context if context is None else context
        return Recordset(
            Environment(self.env.db, self.env.uid, {**base, **more}, self.env.su), self._model, self._ids
        )

    def with_user(self, user: int | Recordset) -> Recordset:
        """The same records as another user sees them."""
        uid = user if isinstance(user, int) else user._ids[0]
        return Recordset(Environment(self.env.db, uid, self.env.context), self._model, self._ids)

    def sudo(self) -> Recordset:
        """The same records without access checks."""
        return Recordset(self.env.sudo(), self._model, self._ids)

    def filtered(self, keep: str | Callable[[Recordset], Any]) -> Recordset:
        """The records for which a function, or a path of fields, gives something true."""
        test = keep if callable(keep) else (lambda record: record.mapped(keep))
        return self._with_ids(
            record._ids[0] for record in self if (any(found) if isinstance(found := test(record), list) else found)
        )

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

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Run a method of the registry on these records, as one transaction."""
        method = api.find(self._name, name)
        if method is None:
            raise AttributeError(f"{self._name!r} has no method {name!r}")
        with self.env.db.transaction():
            return method.function(self, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name in self._model.fields:
            return self._value(name)
        if not name.startswith("_") and api.find(self._name, name) is not None:
            return functools.partial(self.call, name)
        near = difflib.get_close_matches(name, [*self._model.fields, *(m for _, m in api.METHODS)], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"{self._name!r} has no field or method {name!r}{hint}")

    def __setattr__(self, name: str, value: Any) -> None:
        self._model.field(name)
        if isinstance(value, Recordset):
            field = self._model.fields[name]
            value = value.id if isinstance(field, Many2one) else [(6, 0, value.ids)]
        self.call("write", {name: value})

    def __setitem__(self, name: str, value: Any) -> None:
        self.__setattr__(name, value)


def missing_record(records: Recordset, id_: Any) -> MissingError:
    """The server's error for a record that is not there.  Source: recorded in core-errors (17.0)."""
    return MissingError(
        f"Record does not exist or has been deleted.\n(Record: {records._name}({id_},), User: {records.env.uid})"
    )
