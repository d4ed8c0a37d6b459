"""Recordset: an ordered collection of records of one model.

`env["res.partner"].browse(7).name` works as on the real server.  The class of a model's records is composed of the
classes that define and extend the model (`schema.composition`), so methods are ordinary methods; other attributes are
fields.
"""

from __future__ import annotations

import difflib
import functools
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import profiles
from mockserver.errors import MissingError, NotDoneWarning
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.query import computing, domain as domains, order as orders, values
from mockserver.orm.query.computing import framed
from mockserver.orm.query.many_values import values_of
from mockserver.orm.records.collection import Collection
from mockserver.orm.records.reading import attribute, field_property, make_reader
from mockserver.orm.schema import api
from mockserver.orm.schema.composition import prepare
from mockserver.orm.schema.elsewhere import elsewhere
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self

    from mockserver.orm.query.operators import Leaf
    from mockserver.orm.records.environment import Environment


def _row_id(row: Row) -> int:
    id_: int = row["id"]
    return id_


class _Method(functools.partial[Any]):
    """A method bound to records, such as `partners.write`; based on `partial` because that is fast."""

    def __repr__(self) -> str:
        return f"{self.func.__self__!r}.{self.args[0]}"  # type: ignore[attr-defined]


# {field: (the field that a condition on it is really about, the function of the condition that gives the value)}
SearchedAs = Mapping[str, tuple[str, Callable[["Leaf"], Any]]]


class Recordset(Collection):
    """An ordered collection of records of one model."""

    __slots__ = ("_ids", "env")

    env: Environment
    _name: str
    _ids: tuple[int, ...]
    # methods by name, and names of decorated methods; see `schema.composition.compose`
    _methods: ClassVar[api.Methods]
    _constrains: ClassVar[Mapping[str, tuple[str, ...]]]
    _onchanges: ClassVar[Mapping[str, tuple[str, ...]]]
    _ondeletes: ClassVar[tuple[str, ...]]
    # whether `child_of` goes through the model's archived records in the generations where it usually does not
    _child_of_sees_archived: ClassVar[bool] = False
    # a leaf that every search adds, unless its domain has that field or the id
    _implied_leaf: ClassVar[tuple[str, str, Any] | None] = None
    _searched_as: ClassVar[SearchedAs] = {}
    # the columns that the model is sorted by in the place of computed fields; "" for one that changes no order
    _sorted_as: ClassVar[Mapping[str, str]] = {}
    # whether the model's `_at_commit` writes records, so that it comes before those of others
    _writes_at_commit: ClassVar[bool] = False
    # the models whose changes it is for; none: those of every model
    _commits_of: ClassVar[tuple[str, ...]] = ()
    # whether a class is put before all others of single models (`Registry.wrappers`), and not part of an add-on's model
    _wraps: ClassVar[bool] = False
    # the first and the last generation whose model a class extends
    _since: ClassVar[int] = profiles.FIRST
    _until: ClassVar[int | None] = None

    def __init_subclass__(cls, *, composed: bool = False) -> None:
        super().__init_subclass__()
        if not composed:
            prepare(cls)

    def __init__(self, env: Environment, ids: tuple[int, ...]) -> None:
        _set_env(self, env)
        _set_ids(self, ids)

    # -- the collection

    @property
    def _model(self) -> Model:
        """The model as it is defined now: records outlive a change of their model."""
        return self.env.db.registry.models[self._name]

    def __iter__(self) -> Iterator[Self]:
        cls, env = type(self), self.env
        return iter([cls(env, (id_,)) for id_ in self._ids])

    def __contains__(self, item: object) -> bool:
        if isinstance(item, Recordset):
            return len(item) == 1 and item._name == self._name and item._ids[0] in self._ids
        return isinstance(item, str) and item in self._model.fields

    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            read = self.env.db.registry.readers.get((self._name, key))
            return self._value(self._checked_name(key, KeyError)) if read is None else read(self)
        ids = self._ids[key]
        return type(self)(self.env, ids if isinstance(ids, tuple) else (ids,))

    def _with_ids(self, ids: Iterable[int]) -> Self:
        return type(self)(self.env, tuple(ids))

    # -- other recordsets from this one

    def browse(self, ids: int | Iterable[int] | None = ()) -> Self:
        """Return the records of this model by id, without checking that they exist."""
        if type(ids) is int or (isinstance(ids, int) and not isinstance(ids, bool)):
            return type(self)(self.env, (ids,) if ids else ())
        return type(self)(self.env, tuple(ids or ()))  # type: ignore[arg-type]

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> Self:
        """Return the same records in another context: `context` replaces it, keywords add to it."""
        return type(self)(self.env.with_context(context, **more), self._ids)

    def with_user(self, user: int | Recordset) -> Self:
        """Return the same records as another user sees them."""
        uid = user if isinstance(user, int) else user._ids[0]
        return type(self)(self.env.with_user(uid), self._ids)

    def with_company(self, company: int | Recordset) -> Self:
        """Return the records with another current company, before the others that were chosen."""
        return type(self)(self.env.with_company(company), self._ids)

    def sudo(self) -> Self:
        """Return the same records without access checks."""
        return type(self)(self.env.sudo(), self._ids)

    def filtered(self, keep: str | Callable[[Recordset], Any]) -> Self:
        """Return the records for which a function or a path of fields has a true value."""
        if isinstance(keep, str) and "." not in keep:
            return self._with_ids(record._ids[0] for record in self if record._value(keep))
        test = keep if callable(keep) else (lambda record: any(record.mapped(keep)))
        return self._with_ids(record._ids[0] for record in self if test(record))

    def filtered_domain(self, domain: Any) -> Self:
        """Return the records that match a domain."""
        match = domains.matching(self.env, self._model, domain)
        return self._with_ids(id_ for id_ in self._ids if match(id_))

    def mapped(self, path: str | Callable[[Recordset], Any]) -> Any:
        """Return the values of a path of fields (records joined, values as a list), or of a function."""
        if callable(path):
            return [path(record) for record in self]
        name, _, rest = path.partition(".")
        if self._model.field(name).relational:
            found = self._value(name)
            return found.mapped(rest) if rest else found
        return [record._value(name) for record in self]

    def sorted(self, key: str | Callable[[Recordset], Any] | None = None, reverse: bool = False) -> Self:
        """Return the records ordered by a function or an `order` clause, the model's own by default."""
        if callable(key):
            return self._with_ids(r._ids[0] for r in sorted(self, key=key, reverse=reverse))
        rows = orders.sort(self.env, self._model, sorted(self._rows(), key=_row_id), key)
        ids = [row["id"] for row in rows]
        return self._with_ids(reversed(ids) if reverse else ids)

    def grouped(self, key: str | Callable[[Self], Any]) -> dict[Any, Self]:
        """Return the records by the value of a field or of a function, in the order of the first of each."""
        ids: dict[Any, list[int]] = {}
        field = None if callable(key) else self._model.fields.get(key)
        if (
            field is not None
            and field.direct
            and field.relational
            and not framed(self.env.db.frames, self._name, field.name)
        ):
            for row in self._rows():  # a record for each value, not for each row
                ids.setdefault(row.get(field.name) or 0, []).append(row["id"])
            return {self.browse(found[0])[field.name]: self._with_ids(found) for found in ids.values()}
        for record in self:
            ids.setdefault(key(record) if callable(key) else record[key], []).append(record._ids[0])
        return {value: self._with_ids(found) for value, found in ids.items()}

    # -- fields and methods

    def _rows(self) -> list[Row]:
        """Return the rows; raises MissingError for the first that does not exist."""
        table, ids = self.env.db.store.rows(self._name), self._ids
        try:
            return [table[ids[0]]] if len(ids) == 1 else [table[id_] for id_ in ids]
        except KeyError as missing:
            raise missing_record(self, missing.args[0]) from None

    def _value(self, name: str) -> Any:
        registry = self.env.db.registry
        read = registry.readers.get((self._name, name))
        if read is None:
            model = registry.models[self._name]
            read = registry.readers[self._name, name] = make_reader(registry, model, model.field(name))
        return read(self)

    def _value_of(self, model: Model, field: Field) -> Any:
        if field.relational:
            return self._related_by(model, field)
        if not self._ids:
            return field.to_read(None)
        self.ensure_one()
        return attribute(field)(values.value(self.env, model, field, self._rows()[0]))

    def _related(self, name: str) -> Any:
        model = self._model
        return self._related_by(model, model.fields[name])

    def _related_by(self, model: Model, field: Field) -> Any:
        env, rows = self.env, self._rows()
        try:
            records = env.db.registry.records(field.comodel)
        except KeyError:
            raise KeyError(
                f"{self._name}.{field.name} leads to the model {field.comodel!r}, which is not loaded"
            ) from None
        if len(rows) == 1:
            found = values.value(env, model, field, rows[0])
            return records(env, found if isinstance(found, tuple) else (found,) if found else ())
        if field.direct and not framed(env.db.frames, self._name, field.name):
            return records(env, tuple(dict.fromkeys(id_ for row in rows if (id_ := row.get(field.name)))))
        if field.x2many:
            return records(env, tuple(dict.fromkeys(chain.from_iterable(values_of(env, model, field, rows)))))
        ids: dict[int, None] = {}
        for row in rows:
            found = values.value(env, model, field, row)
            ids.update(dict.fromkeys(found if isinstance(found, tuple) else (found,) if found else ()))
        return records(env, tuple(ids))

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Run a method on these records in one transaction; the model's present definition counts."""
        db = self.env.db
        method = db.registry.method(self._name, name)
        if method is None:
            raise AttributeError(f"{self._name!r} has no method {name!r}{elsewhere(db.registry, self._name, name)}")
        records = self.env[self._name].browse(self._ids)
        if db.witness is not None:
            return db.witness(records, method, args, kwargs)
        try:
            with db.transaction():
                result = method.function(records, *args, **kwargs)
        except ValueError as error:
            db.add_hint(error)
            raise
        if db.unmet and db.owner is None:
            for text in dict.fromkeys(db.unmet):
                warnings.warn(text, NotDoneWarning, stacklevel=3)
        return result

    def _checked_name(self, name: str, error: type[Exception]) -> str:
        """Return the name of a field; raises the error, with the nearest name, for an unknown one."""
        if name not in self._model.fields:
            raise error(f"{self._name!r} has no field {name!r}{_hint(name, self._model.fields)}")
        return name

    def __getattr__(self, name: str) -> Any:
        if name in self._model.fields:
            setattr(type(self), name, field_property(self._name, name))  # the next read finds it at once
            return self._value(name)
        if not name.startswith("_") and self.env.db.registry.method(self._name, name) is not None:
            return _Method(self.call, name)  # defined since these records were made
        raise UnknownAttribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if not self._assigned(name, value):
            self._write(self._checked_name(name, AttributeError), value)

    def __setitem__(self, name: str, value: Any) -> None:
        if not self._assigned(name, value):
            self._write(self._checked_name(name, KeyError), value)

    def _assigned(self, name: str, value: Any) -> bool:
        """Return whether a compute method assigns its field, after having kept the value."""
        frames = self.env.db.frames
        if not (frames and frames[-1].takes(self._name, name, self._ids)):
            return False
        field = self.env.db.registry.models[self._name].fields[name]
        frames[-1].assign(self, field, value._ids if isinstance(value, Recordset) else value)
        return True

    def _held(self, *names: str) -> list[tuple[Any, ...]]:
        """Return the values of fields as rows hold them, a tuple for each record; a method of many records reads them
        faster than one by one."""
        rows, fields, frames = self._rows(), self._model.fields, self.env.db.frames
        if any(not fields[name].direct or framed(frames, self._name, name) for name in names):
            return list(zip(*[values_of(self.env, self._model, fields[name], rows) for name in names], strict=True))
        return [tuple([row.get(name) for name in names]) for row in rows]

    def _having_lines(self, name: str) -> Self:
        """Return those of the records that have lines in an x2many field, which is found out for all at once."""
        found = values_of(self.env, self._model, self._model.field(name), self._rows())
        return self.browse(id_ for id_, lines in zip(self._ids, found, strict=True) if lines)

    def _assign_each(self, name: str, found: Mapping[int, Any]) -> None:
        """Assign a field of each record its own value, `{id: value}`; a compute method does so for many records."""
        frames = self.env.db.frames
        if frames and frames[-1].takes(self._name, name, tuple(found)):
            frames[-1].assign_each(self, self._model.fields[name], found)
            return
        for id_, value in found.items():
            self.browse(id_)[name] = value

    def _write(self, name: str, value: Any) -> None:
        db = self.env.db
        field = self._model.fields[name]
        if isinstance(value, Recordset):
            value = value.id if isinstance(field, Many2one) else [(6, 0, value.ids)]
        frame = computing.frame_of(db.frames, self, name) if db.frames else None
        if frame is not None:
            frame.assign(self, field, value)
        else:
            self.write({name: value})

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change the records; see `methods.crud`."""
        raise NotImplementedError


_set_env = Recordset.__dict__["env"].__set__
_set_ids = Recordset.__dict__["_ids"].__set__


class UnknownAttribute(AttributeError):
    """Records have no such field or method.

    The text is made when somebody asks for it, since its hint takes a hundred times as long as `hasattr`.
    """

    def __init__(self, records: Recordset, name: str) -> None:
        super().__init__()
        self._records, self._unknown = records, name

    @functools.cached_property
    def _text(self) -> str:
        records, name = self._records, self._unknown
        hint = elsewhere(records.env.db.registry, records._name, name)
        hint = hint or _hint(name, [*records._model.fields, *records._methods])
        return f"{records._name!r} has no field or method {name!r}{hint}"

    def __str__(self) -> str:
        return self._text

    @property
    def args(self) -> tuple[Any, ...]:  # type: ignore[override]
        """The text, as of any error."""
        return (self._text,)


def _hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def missing_record(records: Recordset, id_: Any) -> MissingError:
    """Return the server's error for a record that does not exist.  Source: recorded in core-errors (17.0)."""
    text = records.env.db.profile.rules.missing_text
    return MissingError(text.format(model=records._name, id=id_, uid=records.env.uid))
