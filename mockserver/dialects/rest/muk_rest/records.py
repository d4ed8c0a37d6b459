"""The data routes of muk_rest as calls of model methods, and the add-on's JSON form of records.

Source: rest-muk §3, §4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mockserver import addons
from mockserver.dialects.rest.muk_rest.parameters import Parameters
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.query.values import labels
from mockserver.orm.records.environment import Environment, Recordset

MODEL = "res.partner"  # if a request names none
LIMIT = 80  # records, if a request gives no limit

# method of the model, its arguments by position, and by name
Method = tuple[str, Sequence[Any], Mapping[str, Any]]


def search(params: Parameters, generation: int) -> Method:
    """Find records by a domain, or count them, if `count` has any text."""
    if params.get("count"):
        return "search_count", [_domain(params)], {}
    return "search", [_domain(params)], _page(params)


def read(params: Parameters, generation: int) -> Method:
    """Find records and read the fields of the parameter `fields`."""
    return "search_read", [], {"domain": _domain(params), "fields": params.json("fields"), **_page(params)}


def create(params: Parameters, generation: int) -> Method:
    """Create one record."""
    return "create", [params.json("values", {})], {}


def write(params: Parameters, generation: int) -> Method:
    """Write the same values to some records."""
    return "write", [params.json("ids", []), params.json("values", {})], {}


def unlink(params: Parameters, generation: int) -> Method:
    """Delete some records."""
    return "unlink", [params.json("ids", [])], {}


def call(params: Parameters, generation: int) -> Method:
    """Call any method, on the records of `ids` or on the model."""
    name, ids, args = params.get("method"), params.json("ids", []), params.json("args", [])
    found = addons.method(params.get("model", MODEL), name, generation)
    return name, [ids, *args] if found is not None and found.takes_ids else [*args], dict(params.json("kwargs", {}))


METHODS: dict[str, Callable[[Parameters, int], Method]] = {
    function.__name__: function for function in (search, read, create, write, unlink, call)
}


def _domain(params: Parameters) -> list[Any]:
    id_, domain = params.number("id"), params.json("domain", [])
    return [("id", "=", id_), *domain] if id_ else [*domain]


def _page(params: Parameters) -> dict[str, Any]:
    limit, offset = params.number("limit", LIMIT), params.number("offset", 0)
    return {"offset": offset, "limit": limit or None, "order": params.get("order")}


def serialise(records: Recordset) -> list[dict[str, Any]]:
    """Return every field of each record that the user may see.

    An empty many2one is `[]`, another one `[id, name]`; an x2many with one record is a flat `[id, name]` too,
    with several records a list of such pairs.  Names are read with the superuser's rights.

    Differs: the add-on fails if the user may not read a field; here the field is left out.
    """
    rows: list[dict[str, Any]] = records.call("read")
    if rows:
        for field in records._model.fields.values():
            if field.relational and field.name in rows[0]:
                _relate(records.env, field, rows)
    return rows


def _relate(env: Environment, field: Field, rows: list[dict[str, Any]]) -> None:
    name = field.name
    if isinstance(field, Many2one):
        for row in rows:
            row[name] = row[name] or []
        return
    named = _names(env, field, (id_ for row in rows for id_ in row[name]))
    for row in rows:
        pairs = [[id_, named[id_]] for id_ in row[name] if id_ in named]
        row[name] = pairs[0] if len(pairs) == 1 else pairs


def _names(env: Environment, field: Field, ids: Iterable[int]) -> Mapping[int, Any]:
    comodel = env.db.registry.get(field.comodel)
    return labels(env.sudo(), comodel, ids) if comodel is not None else {}
