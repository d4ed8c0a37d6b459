"""Conditions on a many2one by the records that it leads to."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from mockserver.orm.query.conditions import Condition, is_in
from mockserver.orm.query.finding import find
from mockserver.orm.storage.sheet import Mask
from mockserver.orm.storage.store import Row, Store
from mockserver.orm.storage.view import View


def refers_to(store: Store, model: str, name: str, ids: Set[int], *, null: bool = False) -> Condition:
    """Return a condition for rows whose many2one is among the ids, or NULL with `null`; uses the index."""
    condition = is_in(name, ids, null=null)
    if null:
        return condition

    def candidates(view: View | None) -> Set[int] | None:
        # for more ids, scanning the table costs no more than the union of the index entries
        if len(ids) > 64 + len(store.rows(model)) // 8 or not store.worth(model, name):
            return None
        return store.having(model, name, ids)

    return replace(condition, candidates=candidates)


def target_matches(store: Store, model: str, name: str, comodel: str, condition: Condition) -> Condition:
    """Return a condition for rows whose many2one leads to a row that matches.

    Of few rows only the targets are looked at, so that it costs no more the more targets there are.  All targets that
    match are found once as long as nothing changes, so that conditions in conditions cost what they nest.
    """
    found: dict[int, Set[int]] = {}  # by the number of changes: of the present one only

    def matching() -> Set[int]:
        if store.changes not in found:
            matched = find(store, comodel, condition).ids()
            found.clear()
            found[store.changes] = matched
        return found[store.changes]

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        table, wanted = store.rows(comodel), {row.get(name) for row in rows}
        if store.changes in found or len(wanted) > 64 + len(table) // 8:
            matched = matching()
        else:
            matched = {row["id"] for row in condition.filter([table[id_] for id_ in wanted if id_ in table])}
        return [row for row in rows if row.get(name) in matched]

    def candidates(view: View | None) -> Set[int] | None:
        return refers_to(store, model, name, matching()).candidates(view)

    def mask(view: View, left: int) -> Mask | None:
        return is_in(name, matching()).mask(view, left)

    return Condition(keep, candidates, mask=mask, weight=1 + condition.weight)
