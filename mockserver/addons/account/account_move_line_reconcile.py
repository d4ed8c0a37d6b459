"""account.move.line: what is left open of an item, and its reconciliation with others."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import account_kinds, reconciling
from mockserver.orm.storage.store import Row


class MoveLineReconciliation(models.Model):
    _inherit = "account.move.line"
    _since = 13

    @api.computes("amount_residual", "amount_residual_currency", "reconciled")
    @api.depends("balance", "amount_currency", "account_id", "currency_id", "matched_debit_ids", "matched_credit_ids")
    def _compute_amount_residual(self) -> None:
        """What is left after the partial reconciliations, on accounts that can be reconciled.

        An item is reconciled when nothing is left and its entry is posted; that is looked at when the amounts change.
        """
        for line in self:
            account = line.account_id
            if not account or not account_kinds.is_matched(account):
                line.amount_residual, line.amount_residual_currency, line.reconciled = 0.0, 0.0, False
                continue
            value, amount = _settled(line)
            company = line.company_id.currency_id or self.env.company.currency_id
            left = company.round(line.balance - value)
            left_currency = (line.currency_id or company).round(line.amount_currency - amount)
            line.amount_residual, line.amount_residual_currency = left, left_currency
            line.reconciled = not left and not left_currency and line.move_id.state not in ("draft", "cancel")

    @api.versions(until=16)
    @api.depends("full_reconcile_id", "matched_debit_ids", "matched_credit_ids")
    def _compute_matching_number(self) -> None:
        """The name of the full reconciliation; `P` while there are only partial ones."""
        for line in self:
            partial = "P" if line.matched_debit_ids or line.matched_credit_ids else None
            line.matching_number = line.full_reconcile_id.name or partial

    @api.versions(since=17)
    def reconcile(self) -> None:
        """Reconcile these items with each other, by due date."""
        reconciling.reconcile([self])

    @api.versions(until=16, name="reconcile")
    def reconcile_16(self) -> dict[str, Any]:
        """Reconcile these items with each other; return what was made."""
        made = reconciling.reconcile([self])
        if made is None:
            return {}
        results: dict[str, Any] = {"partials": made.partials}
        if made.fulls:
            results["full_reconcile"] = made.fulls
        return results

    def remove_move_reconcile(self) -> None:
        """Undo every reconciliation of these items."""
        reconciling.partials_of(self).unlink()

    def _all_reconciled_lines(self) -> MoveLineReconciliation:
        """These items and those that are connected with them by reconciliations."""
        return reconciling.component(self)  # type: ignore[return-value]

    def _compute_reconciled_lines_ids(self) -> None:
        """The items that these were reconciled with."""
        for line in self:
            line.reconciled_lines_ids = _counterparts(line)

    def _compute_reconciled_lines_excluding_exchange_diff_ids(self) -> None:
        """The items that these were reconciled with, but for those of exchange differences."""
        for line in self:
            exchanges = reconciling.partials_of(line).exchange_move_id
            kept = [one for one in _counterparts(line) if one.move_id not in exchanges]
            line.reconciled_lines_excluding_exchange_diff_ids = [one._ids[0] for one in kept]

    def _compute_payment_date(self) -> None:
        """The last day of an early discount that can still be had, else the due date."""
        today = self.env.db.clock.today().isoformat()
        for line in self:
            discount = line.discount_date
            line.payment_date = discount if discount and discount >= today else line.date_maturity

    def action_register_payment(self, ctx: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the action that opens the wizard for payments of these items."""
        return {
            "name": self.env["account.payment.register"]._title(),
            "res_model": "account.payment.register",
            "view_mode": "form",
            "views": [[False, "form"]],
            "context": {"active_model": "account.move.line", "active_ids": self.ids, **(ctx or {})},
            "target": "new",
            "type": "ir.actions.act_window",
        }

    def open_reconcile_view(self) -> dict[str, Any]:
        """Return the action that lists all items of these reconciliations."""
        shown = self._all_reconciled_lines()
        return {"type": "ir.actions.act_window", "name": "Journal Items", "res_model": "account.move.line",
                "view_mode": self.env.db.profile.rules.list_view, "domain": [["id", "in", shown.ids]]}  # fmt: skip


def _settled(line: Any) -> tuple[float, float]:
    """Return how much of an item is settled, in the company's currency and its own; debits are positive."""
    store, id_ = line.env.db.store, line._ids[0]
    rows: dict[int, Row] = store.rows(reconciling.PARTIAL)
    value = amount = 0.0
    for side, sign in (("debit", 1), ("credit", -1)):
        for found in store.having(reconciling.PARTIAL, f"{side}_move_id", (id_,)):
            value += sign * rows[found].get("amount", 0.0)
            amount += sign * rows[found].get(f"{side}_amount_currency", 0.0)
    return value, amount


def _counterparts(line: Any) -> Any:
    partials = reconciling.partials_of(line)
    return (partials.debit_move_id | partials.credit_move_id) - line
