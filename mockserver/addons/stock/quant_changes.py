"""Many changes of quants in one call: rows change at once, what depends on them is computed once, at the end.

`stock.quant._update_available_quantity` does the same for one change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mockserver.addons.stock import quant_rows
from mockserver.addons.stock.quant_rows import QUANT, Place
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute
from mockserver.orm.writing.log_fields import log_values

_CHANGING = ("quantity", "reserved_quantity", "in_date")


class QuantChanges:
    """The quants that a call changes; their rows are stored at the end, or when others than these look for quants."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self._quants = env[QUANT]._unguarded()
        self._changed: dict[int, Row] = {}  # the rows that are not stored so far
        self._stored: set[int] = set()
        self._new: dict[Place, Row] = {}
        # the quants that are the only ones at their places, and those that are at a place or below it
        self._alone: dict[Place, int] = {}
        self._alone_below: dict[Place, int] = {}
        self._log = log_values(env, self._quants._model, creating=False)

    def _row(self, place: Place, lot_only: bool) -> tuple[list[Row], Row | None]:
        """Return the rows at a place, and the one that a change of it is about."""
        alone = self._alone.get(place)
        if alone is None:
            self._store()
            found = quant_rows.exactly(self.env, place)
            if len(found) > 1:
                found = self._quants._gathered(place, True)
            elif found:
                self._alone[place] = found[0]["id"]
        else:
            found = [self._known(alone)]
        of_lot = [row for row in found if row.get("lot_id")] if place.lot and lot_only else found
        return found, of_lot[0] if of_lot else None

    def _known(self, quant: int) -> Row:
        return self._changed.get(quant) or self.env.db.store.rows(QUANT)[quant]

    def gathered(self, place: Place, strict: bool) -> list[Row]:
        """Return the quants of a place in the order in which they are taken; those below it, too, unless `strict`."""
        if not strict and place in self._alone_below:
            return [self._known(self._alone_below[place])]
        self._store()
        found: list[Row] = self._quants._gathered(place, strict)
        if len(found) == 1 and not strict:
            self._alone_below[place] = found[0]["id"]
        return found

    def reserve(self, place: Place, quantity: float) -> None:
        """Add to what is reserved at a place; at least 0 stays reserved."""
        row = self._new.get(place)
        if row is not None:
            row["reserved_quantity"] = max(0.0, (row.get("reserved_quantity") or 0.0) + quantity)
            return
        _, known = self._row(place, lot_only=False)
        if known is None:
            self._new[place] = {**place.values(), "quantity": 0.0, "reserved_quantity": max(0.0, quantity)}
        else:
            self._put(known, reserved_quantity=max(0.0, (known.get("reserved_quantity") or 0.0) + quantity))

    def add(self, place: Place, quantity: float, in_date: str | None = None) -> tuple[float, str]:
        """Add to the quantity of a place; return what is then free there, and since when."""
        now = str(self.env.db.clock.now())
        pending = self._new.get(place)
        if pending is not None:
            pending["quantity"] += quantity
            return pending["quantity"] - pending["reserved_quantity"], pending.setdefault("in_date", in_date or now)
        found, known = self._row(place, lot_only=quantity > 0)
        free = sum((row.get("quantity") or 0.0) - (row.get("reserved_quantity") or 0.0) for row in found)
        dates = [in_date] if in_date else []
        if not quant_rows.bypasses_reservation(self.env, place.location):
            dates += [row["in_date"] for row in found if row.get("in_date") and (row.get("quantity") or 0.0) > 0]
        since = min(dates, default=now)
        if known is None:
            self._new[place] = {
                **place.values(), "quantity": quantity, "reserved_quantity": 0.0, "in_date": since
            }  # fmt: skip
        else:
            self._put(known, quantity=(known.get("quantity") or 0.0) + quantity, in_date=since)
        return free + quantity, since

    def _put(self, row: Row, **values: Any) -> None:
        if row.get("lot_id"):  # what lots must satisfy is checked
            self._quants.browse(row["id"]).write(values)
        else:
            self._changed[row["id"]] = {**row, **values, **self._log}

    def _store(self) -> None:
        if self._changed:
            self.env.db.store.replace(QUANT, self._changed.values(), (*_CHANGING, *self._log))
            self._stored.update(self._changed)
            self._changed = {}

    def finish(self) -> None:
        """Create the quants of new places, and compute what depends on those that changed."""
        env = self.env
        self._store()
        if self._new:
            env.db.writer = env.db.writer or env
            self._quants.create(list(self._new.values()))
            self._new = {}
            self._alone, self._alone_below = {}, {}
        if self._stored:
            recompute.run(env, recompute.dependents(env, QUANT, _CHANGING, self._stored))
            self._stored = set()


@contextmanager
def changing(env: Environment) -> Iterator[QuantChanges]:
    """Collect changes of quants in a block."""
    changes = QuantChanges(env)
    yield changes
    changes.finish()
