"""Duplicates of entries, and entries that reverse others.

Source: 17.0; recorded in flow-invoice-1, flow-bill-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver import models
from mockserver.addons.account import account_kinds, locks, move_journals, synchronise
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, REVERSED, TEXT_LINES
from mockserver.orm.writing.commands import UPDATE


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate: on an open day, in an active journal."""
        given, move = dict(default or {}), self[:1]
        locked = locks.fiscal_lock(move.company_id)
        if locked and str(given.get("date") or move.date) <= locked:
            given["date"] = locks.day_after(locked)
        if move.move_type == "entry":
            given["partner_id"] = False
        if not move.journal_id.active:
            given["journal_id"] = move_journals.default(move).id
        return super()._copied_values(given)

    def _reverse_moves(self, default_values_list: Sequence[Mapping[str, Any]] = (), cancel: bool = False) -> Any:
        """Return entries that reverse these; `cancel`: posted and matched with them."""
        given = default_values_list or [{} for _ in self]
        if cancel:
            self.line_ids.remove_move_reconcile()
        made = self.browse()
        for move, values in zip(self, given, strict=True):
            more = {"reversed_entry_id": move.id, "partner_id": move.partner_id.id}
            as_is = move.move_type == "entry"
            source = (synchronise.quiet(move) if as_is else move).with_context(include_business_fields=True)
            kind = move.env.db.profile.rules.reversed_types.get(move.move_type) or REVERSED[move.move_type]
            made |= self.browse(source.copy({**values, "move_type": kind, **more})._ids)
        for move in made:
            _turn(move)
        if cancel:
            made.with_context(move_reverse_cancel=True)._post(soft=False)
        return made

    def _reconcile_reversed_moves(self, reverse_moves: Any) -> None:
        """Match the open lines of entries with those of the entries that reverse them, account by account."""
        for reverse in reverse_moves:
            groups: dict[tuple[int, int], Any] = {}
            for line in reverse.reversed_entry_id.line_ids | reverse.line_ids:
                account = line.account_id
                if not line.reconciled and account and account_kinds.is_matched(account):
                    key = account.id, line.currency_id.id
                    groups[key] = groups.get(key, line.browse()) | line
            for lines in groups.values():
                lines.reconcile()


def _turn(move: Any) -> None:
    """Turn the amounts of a copied entry around, where they do not follow from its prices."""
    lines = move.line_ids.filtered(lambda line: move.move_type == "entry" or line_kind(line) == "cogs")
    if lines:
        commands = [
            (UPDATE, line.id, {"balance": -line.balance, "amount_currency": -line.amount_currency}) for line in lines
        ]
        synchronise.quiet(move).write({"line_ids": commands})


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate, without those that follow from others."""
        found, line = super()._copied_values(default), self[:1]
        dropped: tuple[str, ...] = ()
        if line_kind(line) in TEXT_LINES:
            dropped = ("balance", "account_id", "amount_currency")
        elif line.move_id.move_type in INVOICE_OR_RECEIPT:
            dropped = {"payment_term": ("name",), "product": ("balance",)}.get(line_kind(line), ())
        return {name: value for name, value in found.items() if name not in dropped}
