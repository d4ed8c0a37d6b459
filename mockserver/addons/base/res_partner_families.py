"""Contacts with those below them, for what is counted of companies with their contacts."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def families(partners: Recordset) -> dict[int, set[int]]:
    """Return the ids of each contact and of all contacts below it that the user may read, archived ones too."""
    every = partners.with_context(active_test=False).search([("id", "child_of", list(partners._ids))])
    seen, children = set(every._ids), partners.env.db.store.index("res.partner", "parent_id")
    found = {}
    for id_ in partners._ids:
        below, pending = set[int](), [id_]
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
    return {
        id_: len(set[int]().union(*(records[member] for member in group if member in records)))
        for id_, group in groups.items()
    }
