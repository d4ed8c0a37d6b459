"""Contacts with those below them, for what is counted of companies with their contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mockserver.orm.query.computing import shared
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

_CONTACTS = "res.partner"


def families(partners: Recordset) -> Mapping[int, set[int]]:
    """Return the ids of each contact and of all contacts below it that the user may read, archived ones too."""
    return shared(partners, "families", lambda: _families(partners))


def _families(partners: Recordset) -> dict[int, set[int]]:
    every = partners.with_context(active_test=False).search([("id", "child_of", list(partners._ids))], order="id")
    seen, children = set(every._ids), partners.env.db.store.index(_CONTACTS, "parent_id")
    found = {}
    for id_ in partners._ids:
        below, pending = {id_}, list(children.get(id_, ()))
        while pending:
            at = pending.pop()
            if at not in below:
                below.add(at)
                pending += children.get(at, ())
        found[id_] = below & seen
    return found


def by_partner(partners: Recordset, model: str, field: str, domain: list[object]) -> dict[int, set[int]]:
    """Return the ids of a model's records that name each of the contacts in a field, whatever the user's rights."""
    env = partners.env.sudo()
    found: dict[int, set[int]] = {}
    for row in env.rows(env.db.registry[model], [(field, "in", list(partners._ids)), *domain]):
        named = row.get(field)
        for partner_id in named if isinstance(named, tuple) else (named,):
            found.setdefault(partner_id, set()).add(row["id"])
    return found


def count_of(partners: Recordset, model: str, field: str, domain: list[object]) -> dict[int, int]:
    """Return how many records of a model name each contact, or one below it, in a field."""
    groups = families(partners)
    members = partners.browse(set[int]().union(*groups.values()))
    records = by_partner(members, model, field, domain)
    if not records:
        return dict.fromkeys(groups, 0)
    return {
        id_: len(set[int]().union(*(records[member] for member in group if member in records)))
        for id_, group in groups.items()
    }


def by_head(partners: Recordset, rows: Iterable[Row], field: str) -> dict[int, list[Row]]:
    """Return those of a model's rows that name each of the contacts, or one below it, in a many2one."""
    found: dict[int, list[Row]] = {id_: [] for id_ in partners._ids}
    contacts = partners.env.db.store.rows(_CONTACTS)
    for row in rows:
        at = row.get(field)
        while at:
            if at in found:
                found[at].append(row)
            at = contacts[at].get("parent_id")
    return found
