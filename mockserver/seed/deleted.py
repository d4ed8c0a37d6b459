"""Records that a fixture deletes: `{"model": "res.partner", "xmlid": "base.res_partner_1"}`, or with an `id`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from mockserver.errors import OdooError
from mockserver.orm.database import Database
from mockserver.orm.fields.json_values import is_integer
from mockserver.seed.files import FixtureError, nearest
from mockserver.seed.records import find_xmlid, known_xmlids

KEYS = ("model", "xmlid", "id")
_NAMES = "ir.model.data"


class Deleted(NamedTuple):
    """A record to delete, and where the fixture says so."""

    where: str
    model: str
    id: int


def check(database: Database, items: Iterable[tuple[int, Any]], source: str) -> list[Deleted]:
    """Return the records to delete, given by position; raises FixtureError for one that does not exist."""
    return [_checked(database, f"{source}: deleted {index}", item) for index, item in items]


def _checked(database: Database, where: str, item: Any) -> Deleted:
    if not isinstance(item, dict) or not isinstance(item.get("model"), str):
        raise FixtureError(f"{where}: a deleted record is an object with a 'model', and an 'xmlid' or an 'id'")
    for key in item:
        if key not in KEYS:
            raise FixtureError(f"{where}: unknown key {key!r}{nearest(key, KEYS)} (keys: {', '.join(KEYS)})")
    model = database.registry.get(item["model"])
    if model is None or model.abstract or not model.auto:
        what = f"unknown model {item['model']!r}{nearest(item['model'], database.registry)}"
        raise FixtureError(f"{where}: {what if model is None else f'{model.name} has no records to delete'}")
    if ("xmlid" in item) == ("id" in item):
        raise FixtureError(f"{where} of {model.name}: needs an 'xmlid' or an 'id', one of them")
    return Deleted(where, model.name, _id(database, f"{where} of {model.name}", model.name, item))


def _id(database: Database, where: str, model: str, item: dict[str, Any]) -> int:
    if "id" in item:
        if not is_integer(item["id"]) or database.store.get(model, item["id"]) is None:
            raise FixtureError(f"{where}: there is no record with the id {item['id']!r}")
        return int(item["id"])
    xmlid = item["xmlid"]
    found = find_xmlid(database, xmlid) if isinstance(xmlid, str) else None
    if found is None:
        hint = nearest(xmlid, known_xmlids(database, model))
        raise FixtureError(f"{where}: there is no record with the external id {xmlid!r}{hint}")
    if found[0] != model:
        raise FixtureError(f"{where}: {xmlid!r} is a {found[0]}")
    return found[1]


def unlink(database: Database, deleted: Iterable[Deleted]) -> None:
    """Delete the records as the superuser, without those that others took with them; raises FixtureError."""
    env = database.env(context={"active_test": False})
    for where, model, id_ in deleted:
        if database.store.get(model, id_) is None:
            continue
        try:
            env[model].browse(id_).call("unlink")
        except (OdooError, ValueError, TypeError) as error:
            raise FixtureError(f"{where} of {model}: {' '.join(str(error).split())}") from error


def remove(database: Database, deleted: Iterable[Deleted]) -> None:
    """Remove the rows and their external ids, and nothing else: a saved state has what refers to them as it was."""
    store = database.store
    for _, model, id_ in deleted:
        store.delete(model, id_)
        for name in sorted(store.having(_NAMES, "res_id", (id_,))):
            if store.rows(_NAMES)[name]["model"] == model:
                store.delete(_NAMES, name)
