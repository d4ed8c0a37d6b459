"""Hypothesis strategies made from a model's fields: values for `create`, several records, and domains.

Needs hypothesis.  The server accepts what they generate: required fields are set, numbers fit their columns,
relations refer to existing records, unique fields differ.  Rules that a model checks in Python are not considered
(a user's company is one of the user's companies): leave such fields out, or pass a strategy of your own.
"""

from __future__ import annotations

import datetime
import difflib
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.fields import spaces
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.binary import Binary
from mockserver.orm.fields.kind import LIKES
from mockserver.orm.fields.spaces import Space
from mockserver.orm.query.operators import operators
from mockserver.orm.query.values import selection
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import MAGIC_FIELDS, Model
from mockserver.orm.writing.checks import allows, columns
from mockserver.seed import build as seed
from mockserver.testing.kit import Kit

Strategy = st.SearchStrategy[Any]
# where a strategy takes its model from: a server, a database, or the name of a profile
Source = Kit | Database | str

MAX_ID = 2**31 - 1
_WORDS = st.text(string.ascii_letters + string.digits + " -&'éßЖ中", min_size=1, max_size=20).filter(str.strip)
# the strategy for each kind of space
_STRATEGIES: Mapping[type[Space], Callable[[Any], Strategy]] = {
    spaces.Texts: lambda space: st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=space.max_size),
    spaces.Words: lambda space: _WORDS,
    spaces.Codes: lambda space: st.text(string.ascii_letters + string.digits, min_size=1, max_size=space.max_size),
    spaces.Whole: lambda space: st.integers(space.low, space.high),
    spaces.Decimals: lambda space: st.decimals(space.low, space.high, places=space.places).map(float),
    spaces.Moments: lambda space: st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2100, 12, 31)),
    spaces.Files: lambda space: st.binary(min_size=1, max_size=30),
    spaces.Among: lambda space: st.sampled_from(space.values),
    spaces.Some: lambda space: st.lists(st.sampled_from(space.values), max_size=space.max_size, unique=True),
}


def vals(
    model: str,
    *,
    of: Source = profiles.DEFAULT,
    fixtures: Iterable[str] = (),
    only: Iterable[str] | None = None,
    without: Iterable[str] = (),
    **fixed: Strategy,
) -> Strategy:
    """Return a strategy for the `{field: value}` of `create`: required fields always, others sometimes.

    `of`: the server or database with the model, or a profile, on which `fixtures` are loaded.  `only` names the
    optional fields to use, `without` the fields to leave out; `fixed` has strategies of your own by field.  Raises
    ValueError for an unknown model or field.
    """
    env = _env(of, fixtures)
    definition = _model(env, model)
    _check_names(definition, [*(only or ()), *without, *fixed])
    chosen = set(definition.fields) if only is None else {*only, *fixed}
    required: dict[str, Strategy] = {}
    optional: dict[str, Strategy] = {}
    for name, field in definition.fields.items():
        value = fixed[name] if name in fixed else _free(env, field, _checked(env, field, _field_strategy(env, field)))
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
    """Return a strategy for lists of `vals`, such as for one `create`; values that must be unique differ."""
    unique = _unique(_model(_env(of, fixtures), model))
    one = vals(model, of=of, fixtures=fixtures, only=only, without=without, **fixed)
    keys = [lambda row, names=names: tuple(str(row.get(name)).casefold() for name in names) for names in unique]
    return st.lists(one, min_size=min_size, max_size=max_size, unique_by=tuple(keys) or None)


def domains(
    model: str, *, depth: int = 2, of: Source = profiles.DEFAULT, fixtures: Iterable[str] = (), paths: bool = True
) -> Strategy:
    """Return a strategy for domains that `search` accepts: leaves over stored fields, joined by `&`, `|` and `!`.

    `depth` limits the nesting; 0 gives at most one leaf.  `paths`: also paths such as `partner_id.name`.
    """
    env = _env(of, fixtures)
    leaf = _leaves(env, _model(env, model), paths)
    tree: Strategy = leaf.map(lambda one: [one])
    for _ in range(depth):
        joined = st.tuples(st.sampled_from("&|"), tree, tree).map(lambda parts: [parts[0], *parts[1], *parts[2]])
        tree = st.one_of(tree, joined, tree.map(lambda inner: ["!", *inner]))
    return st.one_of(st.just([]), tree, st.lists(leaf, max_size=depth + 1))


# -- models


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
    delegated = model.inherits.values()  # set when the record that they delegate to is created
    known = field.name not in MAGIC_FIELDS and field.name not in delegated
    return known and (field.column or field.name == model.label_field) and not field.readonly and not field.groups


@dataclass(frozen=True)
class _Choices:
    """The selections and ids of a database, for the spaces of its fields."""

    env: Environment

    def choices(self, field: Field) -> Sequence[Any]:
        return [value for value, _ in selection(self.env, field) or ()]

    def ids(self, model: str) -> Sequence[int]:
        return sorted(self.env.db.store.rows(model))[:50] if model in self.env.db.registry else []


def _field_strategy(env: Environment, field: Field) -> Strategy | None:
    """Return the strategy for a field, None for a field that gets no values."""
    space = field.space(_Choices(env))
    if space is None:
        return None
    drawn = next(_STRATEGIES[kind] for kind in type(space).__mro__ if kind in _STRATEGIES)(space)
    return drawn.map(space.form) if space.form else drawn


def _checked(env: Environment, field: Field, value: Strategy | None) -> Strategy | None:
    """Exclude values that the checks of the model refuse, for checks of this field alone."""
    own = [c.check for c in env.db.registry[field.model].constraints if c.check and columns(c.check) == {field.name}]
    if value is None or not own:
        return value
    if field.zero_is_value:  # most checks of numbers allow small ones
        value = st.one_of(st.integers(0, 100), value)
    return value.filter(lambda one: all(allows(check, {field.name: field.to_store(one)}) for check in own))


def _free(env: Environment, field: Field, value: Strategy | None) -> Strategy | None:
    """Exclude values that records have already, where the field must be unique."""
    if value is None or (field.name,) not in _unique(env.db.registry[field.model]):
        return value
    # a model may change the case of a value, as countries do with their code
    taken = {str(known).casefold() for known in env.db.store.index(field.model, field.name)}
    return value.filter(lambda one: str(one).casefold() not in taken)


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
    value = st.integers(1, 100) if field.name == "id" or field.comodel else _field_strategy(env, field)
    if value is None or isinstance(field, Binary):
        return st.tuples(st.just(path), st.sampled_from(["=", "!="]), st.just(False))
    shapes: Mapping[Strategy, Strategy] = {
        st.sampled_from(["=", "!="]): value | st.just(False),
        st.sampled_from(["in", "not in"]): st.lists(value, max_size=3),
    }
    suited = [operator for operator in field.operators if operator in known]
    shapes = {**shapes, **{st.just(operator): _WORDS if operator in LIKES else value for operator in suited}}
    return st.one_of([st.tuples(st.just(path), operator, right) for operator, right in shapes.items()])
