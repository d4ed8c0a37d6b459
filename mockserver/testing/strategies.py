"""Hypothesis strategies out of a model's fields: values to create, several records, and domains.

Needs hypothesis.  What they give is taken by the server: required fields are there, numbers fit their columns,
relations lead to records that exist, unique fields differ.  Rules that a model checks in Python are not known
here (a user's company is one of the user's companies): leave such fields out, or give them a strategy of your own.
"""

from __future__ import annotations

import base64
import datetime
import difflib
import string
from collections.abc import Iterable, Mapping
from typing import Any

from hypothesis import strategies as st

from mockserver import profiles
from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT, Clock
from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.query.operators import operators
from mockserver.orm.query.values import selection
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import MAGIC_FIELDS, Model
from mockserver.seed import build as seed
from mockserver.testing.kit import Kit

Strategy = st.SearchStrategy[Any]
# what a strategy is built from: a server, a database, or the name of a profile
Source = Kit | Database | str

MAX_ID = 2**31 - 1
_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40)
_WORDS = st.text(string.ascii_letters + string.digits + " -&'éßЖ中", min_size=1, max_size=20).filter(str.strip)
_DATES = st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 12, 31))
_MOMENTS = st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2100, 12, 31))
_BY_TYPE: dict[str, Strategy] = {
    "char": _TEXT,
    "text": _TEXT,
    "html": _WORDS.map(lambda text: f"<p>{text.replace('&', '&amp;')}</p>"),
    "integer": st.integers(-(2**31), MAX_ID),
    "float": st.decimals(-100_000, 100_000, places=2).map(float),
    "monetary": st.decimals(-100_000, 100_000, places=2).map(float),
    "boolean": st.booleans(),
    "date": _DATES.map(lambda day: day.strftime(DATE_FORMAT)),
    "datetime": _MOMENTS.map(lambda moment: moment.strftime(DATETIME_FORMAT)),
    "binary": st.binary(min_size=1, max_size=30).map(lambda content: base64.b64encode(content).decode()),
}
_ORDERED = ("integer", "float", "monetary", "date", "datetime")


def vals(
    model: str,
    *,
    of: Source = profiles.DEFAULT,
    fixtures: Iterable[str] = (),
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    **fixed: Strategy,
) -> Strategy:
    """`{field: value}` as `create` takes it: required fields always, others now and then.

    `of`: the server or database whose model it is, or a profile with `fixtures` on it.  `only` names the fields
    that may be there besides the required ones, `without` those that may not; `fixed` gives strategies of your
    own by field.  Raises ValueError for an unknown model or field.
    """
    env = _env(of, fixtures)
    definition = _model(env, model)
    _check_names(definition, [*(only or ()), *without, *fixed])
    chosen = set(definition.fields) if only is None else {*only, *fixed}
    required: dict[str, Strategy] = {}
    optional: dict[str, Strategy] = {}
    for name, field in definition.fields.items():
        value = fixed[name] if name in fixed else _free(env, field, _value(env, field))
        needed = name in fixed or _needed(definition, field)
        if value is None or name in without or not (needed or name in chosen) or not _writable(definition, field):
            continue
        (required if needed else optional)[name] = value
    return st.fixed_dictionaries(required, optional=optional)


def records(
    model: str,
    *,
    min_size: int = 1,
    max_size: int = 5,
    of: Source = profiles.DEFAULT,
    fixtures: Iterable[str] = (),
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    **fixed: Strategy,
) -> Strategy:
    """A list of `vals`, for `create` in one go or a test of paging; what must be unique differs among them."""
    unique = _unique(_model(_env(of, fixtures), model))
    one = vals(model, of=of, fixtures=fixtures, only=only, without=without, **fixed)
    keys = [lambda row, names=names: tuple(str(row.get(name)).casefold() for name in names) for names in unique]
    return st.lists(one, min_size=min_size, max_size=max_size, unique_by=tuple(keys) or None)


def domains(
    model: str, *, depth: int = 2, of: Source = profiles.DEFAULT, fixtures: Iterable[str] = (), paths: bool = True
) -> Strategy:
    """A domain that `search` takes: leaves over the model's stored fields, joined by `&`, `|` and `!`.

    `depth` is how deeply they are nested; 0 gives at most one leaf.  `paths`: also `partner_id.name`.
    """
    env = _env(of, fixtures)
    leaf = _leaves(env, _model(env, model), paths)
    tree: Strategy = leaf.map(lambda one: [one])
    for _ in range(depth):
        joined = st.tuples(st.sampled_from("&|"), tree, tree).map(lambda parts: [parts[0], *parts[1], *parts[2]])
        tree = st.one_of(tree, joined, tree.map(lambda inner: ["!", *inner]))
    return st.one_of(st.just([]), tree, st.lists(leaf, max_size=depth + 1))


# -- where the models come from


def _env(of: Source, fixtures: Iterable[str]) -> Environment:
    if isinstance(of, Kit):
        return of.env
    if isinstance(of, Database):
        return of.env(of.profile.admin_id)
    profile = profiles.get(of)
    return seed.build("strategies", profile=profile, fixtures=list(fixtures), clock=Clock()).env(profile.admin_id)


def _model(env: Environment, name: str) -> Model:
    found = env.db.registry.get(name)
    if found is None:
        near = difflib.get_close_matches(name, env.db.registry, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no model {name!r}{hint} (fixtures=[…] loads more)")
    return found


def _check_names(model: Model, names: Iterable[str]) -> None:
    for name in names:
        if name not in model.fields:
            near = difflib.get_close_matches(name, model.fields, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{model.name!r} has no field {name!r}{hint}")


# -- values


def _unique(model: Model) -> list[tuple[str, ...]]:
    return [constraint.unique for constraint in model.constraints if constraint.unique]


def _needed(model: Model, field: Field) -> bool:
    return (field.required and field.name not in model.defaults) or field.name == model.label_field


def _writable(model: Model, field: Field) -> bool:
    delegated = model.inherits.values()  # filled by the record that is made along
    known = field.name not in MAGIC_FIELDS and field.name not in delegated
    return known and (field.column or field.name == model.label_field) and not field.readonly and not field.groups


def _value(env: Environment, field: Field) -> Strategy | None:
    """The values of a field, None for a field that is left alone."""
    if field.type == "char":
        if field.size:  # codes, mostly, which a model may put in upper case
            return st.text(string.ascii_letters + string.digits, min_size=1, max_size=field.size)
        return _WORDS if field.required or field.name == "name" else _TEXT
    if field.type == "selection":
        known = [value for value, _ in selection(env, field) or ()]
        return st.sampled_from(known) if known else None
    if field.type == "many2one":
        ids = _ids(env, field)
        return st.sampled_from(ids) if ids else None
    if field.type == "many2many":
        ids = _ids(env, field)
        return st.lists(st.sampled_from(ids), max_size=3, unique=True).map(lambda some: [(6, 0, some)]) if ids else None
    return _BY_TYPE.get(field.type)


def _free(env: Environment, field: Field, value: Strategy | None) -> Strategy | None:
    """Without the values that records have already, where two may not have the same."""
    if value is None or (field.name,) not in _unique(env.db.registry[field.model]):
        return value
    # a model may change the case of what it is given, as countries do with their code
    taken = {str(known).casefold() for known in env.db.store.index(field.model, field.name)}
    return value.filter(lambda one: str(one).casefold() not in taken)


def _ids(env: Environment, field: Field) -> list[int]:
    return sorted(env.db.store.rows(field.comodel))[:50] if field.comodel in env.db.registry else []


# -- leaves


def _leaves(env: Environment, model: Model, paths: bool) -> Strategy:
    known = operators(env.db.profile.rules)
    found = [_of_field(env, field, field.name, known) for field in model.fields.values() if _searched(field)]
    if paths:
        for field in model.columns:
            target = env.db.registry.get(field.comodel) if field.comodel else None
            label = target and target.label_field and target.fields[target.label_field]
            if label and _searched(label):
                found.append(_of_field(env, label, f"{field.name}.{label.name}", known))
    return st.one_of([strategy for strategy in found if strategy is not None])


def _searched(field: Field) -> bool:
    return field.column and field.searchable and not field.groups


def _of_field(env: Environment, field: Field, path: str, known: Iterable[str]) -> Strategy | None:
    value = st.integers(1, 100) if field.name == "id" or field.comodel else _value(env, field)
    if value is None or field.type == "binary":
        return st.tuples(st.just(path), st.sampled_from(["=", "!="]), st.just(False))
    shapes: Mapping[Strategy, Strategy] = {
        st.sampled_from(["=", "!="]): value | st.just(False),
        st.sampled_from(["in", "not in"]): st.lists(value, max_size=3),
    }
    if field.type in _ORDERED:
        shapes = {**shapes, st.sampled_from(["<", "<=", ">", ">="]): value}
    elif field.type in ("char", "text") or field.comodel:
        likes = [operator for operator in ("like", "ilike", "not ilike", "=ilike") if operator in known]
        shapes = {**shapes, st.sampled_from(likes): _WORDS}
    return st.one_of([st.tuples(st.just(path), operator, right) for operator, right in shapes.items()])
