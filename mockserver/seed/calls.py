"""The calls of a fixture: methods that are called when its records are there, and names for what they make."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.errors import OdooError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed.files import FixtureError, nearest
from mockserver.seed.records import find_xmlid, known_xmlids, xmlid_row

CALL_KEYS = ("model", "method", "records", "values", "args", "kwargs", "context", "at")
_SHAPES = {"records": list, "values": dict, "args": list, "kwargs": dict, "context": dict, "at": str}
_WORDS = {list: "a list", dict: "an object", str: "a time 'YYYY-MM-DD HH:MM:SS'"}


@dataclass(frozen=True)
class Call:
    """A method of the records that paths lead to, or of a new record with `values`, such as a wizard."""

    where: str
    model: str
    method: str
    records: list[Any] | None = None
    values: dict[str, Any] | None = None
    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    at: str | None = None


def check_call(source: str, index: int, data: Any, database: Database) -> Call:
    """Return the call; raises FixtureError for a wrong key, model or method.  Only public methods are called."""
    where = f"{source}: call {index}"
    if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("model", "method")):
        raise FixtureError(f"{where}: a call is an object with a 'model' and a 'method'")
    registry, model, name = database.registry, data["model"], data["method"]
    for key in data:
        if key not in CALL_KEYS:
            raise FixtureError(f"{where}: unknown key {key!r}{nearest(key, CALL_KEYS)}")
    if model not in registry:
        raise FixtureError(f"{where}: unknown model {model!r}{nearest(model, registry)}")
    where = f"{where} ({model}.{name})"
    for key, shape in _SHAPES.items():
        if not isinstance(data.get(key, shape()), shape):
            raise FixtureError(f"{where}: {key!r} is {_WORDS[shape]}, not {data[key]!r}")
    method = registry.method(model, name)
    if method is None or method.refused(database.profile.rules) or (name.startswith("_") and not method.public):
        public = [known for known in registry.records(model)._methods if not known.startswith("_")]
        raise FixtureError(f"{where}: {model} has no public method of this name{nearest(name, public)}")
    if method.takes_ids and ("records" in data) == ("values" in data):
        raise FixtureError(f"{where}: needs the 'records' to call it on, or the 'values' of a new one")
    return Call(where, **data)


def run(database: Database, calls: Iterable[Call]) -> None:
    """Make the calls, as the administrator without access checks; raises FixtureError for the first that fails."""
    for call in calls:
        with _at(database, call):
            env = _environment(database)
            try:
                _perform(env.with_context(**_filled(env, call, call.context)), call)
            except (OdooError, ValueError, TypeError, KeyError, AttributeError) as error:
                if isinstance(error, FixtureError):
                    raise
                raise FixtureError(f"{call.where}: {' '.join(str(error).split())}") from error


def give_names(database: Database, names: Iterable[tuple[int, Any]], source: str) -> None:
    """Give external ids to records that paths lead to; raises FixtureError unless each leads to one record."""
    for index, data in names:
        where = f"{source}: name {index}"
        if not isinstance(data, dict) or data.keys() != {"xmlid", "path"}:
            raise FixtureError(f"{where}: a name is an object with an 'xmlid' and a 'path'")
        xmlid, path = data["xmlid"], data["path"]
        if not isinstance(xmlid, str) or xmlid.count(".") != 1 or not all(xmlid.split(".")):
            raise FixtureError(f"{where}: 'xmlid' is a text 'module.name', not {xmlid!r}")
        if find_xmlid(database, xmlid):
            raise FixtureError(f"{where}: {xmlid!r} is the external id of another record already")
        found = _one(_follow(_environment(database), where, path), where, path)
        database.store.insert("ir.model.data", xmlid_row(xmlid, found._name, found.id, False, database.clock.now()))


def _environment(database: Database) -> Environment:
    # nobody is told by mail that a record is theirs, as when records are loaded
    return Environment(database, database.profile.admin_id, {"mail_auto_subscribe_no_notify": True}, su=True)


@contextlib.contextmanager
def _at(database: Database, call: Call) -> Iterator[None]:
    """Let the database have the time of the call meanwhile, if it has one."""
    clock = database.clock
    if call.at is not None:
        database.clock = copy.copy(clock)
        try:
            database.clock.freeze(call.at)
        except ValueError as error:
            raise FixtureError(f"{call.where}: 'at': {error}") from None
    try:
        yield
    finally:
        database.clock = clock


def _perform(env: Environment, call: Call) -> None:
    records: Recordset = env[call.model]
    if call.values is not None:
        records = records.create(_commands(records, _filled(env, call, call.values)))
    for path in call.records or ():
        found = _follow(env, call.where, path)
        if found._name != call.model:
            raise FixtureError(f"{call.where}: {path!r} leads to {found._name}, not to {call.model}")
        records |= found
    if call.records and not records:
        raise FixtureError(f"{call.where}: {', '.join(call.records)} lead to no record")
    records.call(call.method, *_filled(env, call, call.args), **_filled(env, call, call.kwargs))


def _commands(records: Recordset, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with the ids of x2many fields as commands."""
    fields = records._model.fields
    return {
        name: [(6, 0, value)] if name in fields and fields[name].x2many and isinstance(value, list) else value
        for name, value in values.items()
    }


# -- references


def _follow(env: Environment, where: str, path: Any) -> Recordset:
    """Return the records of a path: an external id, then names of relational fields (`shop.order_1.line_ids`)."""
    if not isinstance(path, str) or path.count(".") < 1:
        raise FixtureError(f"{where}: a path is a text 'module.name' or 'module.name.field', not {path!r}")
    module, name, *fields = path.split(".")
    known = find_xmlid(env.db, f"{module}.{name}")
    if known is None:
        hint = nearest(f"{module}.{name}", known_xmlids(env.db))
        raise FixtureError(f"{where}: there is no record with the external id '{module}.{name}'{hint}")
    found: Recordset = env[known[0]].browse(known[1])
    for field_name in fields:
        model = found._model
        if field_name not in model.fields or not model.fields[field_name].relation:
            related = [other.name for other in model.fields.values() if other.relation]
            hint = nearest(field_name, related)
            raise FixtureError(f"{where}: {path!r}: {model.name} has no relational field {field_name!r}{hint}")
        found = found.mapped(field_name)
    return found


def _one(found: Recordset, where: str, path: Any) -> Recordset:
    if len(found) != 1:
        raise FixtureError(f"{where}: {path!r} leads to {len(found)} records, not to one")
    return found


def _filled(env: Environment, call: Call, value: Any) -> Any:
    """Return a value with ids in the place of references; in a list, a reference stands for all that it leads to."""
    if _is_reference(value):
        return _one(_follow(env, call.where, value["ref"]), call.where, value["ref"]).id
    if isinstance(value, dict):
        return {key: _filled(env, call, item) for key, item in value.items()}
    if isinstance(value, list):
        found: list[Any] = []
        for item in value:
            found += _follow(env, call.where, item["ref"]).ids if _is_reference(item) else [_filled(env, call, item)]
        return found
    return value


def _is_reference(value: Any) -> bool:
    """Return whether a value is `{"ref": path}`, and not the values of a record that has a field of this name."""
    return isinstance(value, dict) and value.keys() == {"ref"} and "." in str(value["ref"])
