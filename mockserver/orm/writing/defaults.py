"""Default values: the context's `default_<field>`, the model's own, and those computed from the environment."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.relational import Many2one

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

_PLAIN = frozenset({bool, int, float, str})
# the functions that {"call": name} in a fixture's defaults names
CALLS: dict[str, Callable[[Environment], Any]] = {}


def _call(name: str) -> Callable[[Callable[[Environment], Any]], Callable[[Environment], Any]]:
    def add(function: Callable[[Environment], Any]) -> Callable[[Environment], Any]:
        CALLS[name] = function
        return function

    return add


@_call("user")
def _user(env: Environment) -> int:
    return env.uid


@_call("company")
def _company(env: Environment) -> int | bool:
    company: Recordset = env.company
    return company.id


@_call("lang")
def _lang(env: Environment) -> str:
    return env.lang


@_call("now")
def _now(env: Environment) -> str:
    return env.db.clock.now()


@_call("today")
def _today(env: Environment) -> str:
    return env.db.clock.today().isoformat()


def defaults_for(records: Recordset, given: Container[str]) -> dict[str, Any]:
    """Return `{field: value}` for the fields that are not given and have a default."""
    env, model = records.env, records._model
    found: dict[str, Any] = {}
    for comodel in model.inherits:
        if comodel in env:
            found |= {n: v for n, v in defaults_for(env[comodel], given).items() if n in model.inherited_fields}
    mixed = (env.db.registry[mixin].defaults for mixin in reversed(model.mixins) if mixin in env)
    for name, default in {name: d for own in (*mixed, model.defaults) for name, d in own.items()}.items():
        if name not in given and name in model.fields:
            plain = type(default) in _PLAIN
            found[name] = default if plain else default_value(records, name, default)
    for key, value in env.context.items():
        name = key.removeprefix("default_")
        if name != key and name not in given and name in model.fields:
            found[name] = value
    return found


def default_value(records: Recordset, name: str, default: Any) -> Any:
    """Return the value of a default, calling it if it is a function; records become ids."""
    if not callable(default):
        return _resolved(records.env, default)
    value = default(records.browse())
    if not hasattr(value, "_ids"):
        return value
    return value.id if isinstance(records._model.fields[name], Many2one) else [(6, 0, value.ids)]


def _resolved(env: Environment, default: Any) -> Any:
    if isinstance(default, dict):
        if set(default) == {"call"}:
            return CALLS[default["call"]](env)
        if set(default) == {"ref"}:
            target = env.ref(default["ref"], raise_if_not_found=False)
            return target.id if target else False
    if isinstance(default, list):
        return [_resolved(env, item) for item in default]
    return default
