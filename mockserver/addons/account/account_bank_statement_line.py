"""account.bank.statement.line: a transaction of a bank account, which is an entry, posted at once.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import bank_lines
from mockserver.errors import UserError
from mockserver.orm.writing.commands import CREATE

if TYPE_CHECKING:
    from typing_extensions import Self

# what the entry follows from
_SOURCES = frozenset(
    {"payment_ref", "amount", "amount_currency", "foreign_currency_id", "currency_id", "partner_id", "journal_id"}
)


class StatementLine(models.Model):
    _inherit = "account.bank.statement.line"
    _since = 13

    @api.depends("journal_id.currency_id")
    def _compute_currency_id(self) -> None:
        for line in self:
            line.currency_id = line.journal_id.currency_id or line.journal_id.company_id.currency_id

    @api.versions(since=16)
    @api.depends("foreign_currency_id", "date", "amount", "company_id")
    def _compute_amount_currency(self) -> None:
        for line in self:
            own, foreign = line._rows()[0].get("amount_currency"), line.foreign_currency_id
            if not foreign:
                line.amount_currency = 0.0
            elif not own and line.date:
                source = line.journal_id.currency_id or line.company_id.currency_id
                line.amount_currency = source._convert(line.amount, foreign, line.company_id, str(line.date))
            else:
                line.amount_currency = own

    @api.versions(since=16)
    @api.depends("date", "sequence")
    def _compute_internal_index(self) -> None:
        """The order of transactions: by day, those of a day by their sequence, which counts backwards."""
        for line in self:
            day = str(line.date or "").replace("-", "")
            line.internal_index = f"{day}{2147483647 - (line.sequence or 0):0>10}{line.id:0>10}"

    @api.depends(
        "amount", "amount_currency", "currency_id", "foreign_currency_id", "move_id.line_ids.account_id",
        "move_id.line_ids.amount_currency", "move_id.line_ids.amount_residual_currency",
    )  # fmt: skip
    @api.computes("amount_residual", "is_reconciled")
    def _compute_is_reconciled(self) -> None:
        for line in self:
            line.amount_residual, line.is_reconciled = bank_lines.residual(line)

    @api.versions(since=16)
    def _compute_running_balance(self) -> None:
        for line in self:
            line.running_balance = bank_lines.running_balance(line)

    def create(self, vals_list: Any) -> Self:
        """Create transactions from `{field: value}` or a list of those; their entries are posted."""
        several = [dict(vals) for vals in ([vals_list] if isinstance(vals_list, Mapping) else vals_list)]
        counterparts = [vals.pop("counterpart_account_id", None) for vals in several]
        for vals in several:
            self._complete(vals)
        made: Self = super(StatementLine, self.with_context(is_statement_line=True)).create(several)
        lines: Self = self.browse(made._ids)
        for line, vals, counterpart in zip(lines, several, counterparts, strict=True):
            values: dict[str, Any] = {"statement_line_id": line.id}
            if "line_ids" not in vals:
                values["line_ids"] = [(CREATE, 0, item) for item in bank_lines.items(line, counterpart)]
            move = line.move_id.with_context(skip_account_move_synchronization=True)
            move.write(values)
            move.action_post()
        return lines

    def _complete(self, vals: dict[str, Any]) -> None:
        """Add what the values of a new transaction lack."""
        statement = self.env["account.bank.statement"].browse(vals.get("statement_id") or ())
        if statement.journal_id and not vals.get("journal_id"):
            vals["journal_id"] = statement.journal_id.id
        journal = self.env["account.journal"].browse(vals.get("journal_id") or ())
        own = journal.currency_id or journal.company_id.currency_id
        if vals.get("foreign_currency_id") and vals["foreign_currency_id"] == own.id:
            vals |= {"foreign_currency_id": False, "amount_currency": 0.0}
        vals |= {"move_type": "entry", "amount": vals.get("amount") or 0.0}

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change transactions and their entries; return True."""
        done = super().write(vals)
        if _SOURCES & set(vals) and not self.env.context.get("skip_account_move_synchronization"):
            for line in self.exists():
                bank_lines.rewrite_entry(line)
        return done

    def unlink(self) -> bool:
        """Delete transactions with their entries; return True."""
        moves = self.exists().move_id.with_context(force_delete=True)
        done = super().unlink()
        moves.exists().unlink()
        return done

    def action_undo_reconciliation(self) -> None:
        """Put the transactions back on the suspense account."""
        self.move_id.line_ids.remove_move_reconcile()
        for line in self:
            bank_lines.rewrite_entry(line)

    @api.constrains("amount", "amount_currency", "foreign_currency_id", "journal_id")
    def _check_amounts_currencies(self) -> None:
        for line in self:
            own = line.journal_id.currency_id or line.journal_id.company_id.currency_id
            if line.foreign_currency_id and line.foreign_currency_id == own:
                raise UserError("The foreign currency must be different than the journal one: " + str(own.name))
            if not line.foreign_currency_id and line.amount_currency:
                raise UserError(
                    "You can't provide an amount in foreign currency without specifying a foreign currency."
                )
            if line.foreign_currency_id and not line.amount_currency:
                raise UserError(
                    "You can't provide a foreign currency without specifying an amount in 'Amount in Currency' field."
                )
