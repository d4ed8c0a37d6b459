"""account.bank.statement until 15: a statement is posted with its lines, and closed when they are reconciled.

Inferred: 14.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.errors import UserError


class BankStatementPosting(models.Model):
    _inherit = "account.bank.statement"
    _since = 13

    @api.versions(until=15)
    @api.computes("balance_end", "difference", "total_entry_encoding", "is_difference_zero")
    @api.depends("line_ids.amount", "balance_start", "balance_end_real")
    def _compute_totals(self) -> None:
        for statement in self:
            total: Any = sum(statement.line_ids.mapped("amount"))
            statement.total_entry_encoding = total
            statement.balance_end = statement.balance_start + total
            difference = statement.balance_end_real - statement.balance_start - total
            statement.difference = difference
            statement.is_difference_zero = statement.currency_id.is_zero(difference)

    @api.versions(until=15, name="_compute_currency_id")
    def _compute_currency_id_14(self) -> None:
        for statement in self:
            company = statement.journal_id.company_id or self.env.company
            statement.currency_id = statement.journal_id.currency_id or company.currency_id

    @api.versions(until=15)
    def _compute_all_lines_reconciled(self) -> None:
        for statement in self:
            statement.all_lines_reconciled = all(line.is_reconciled for line in statement.line_ids)

    @api.versions(until=15)
    def _compute_move_line_count(self) -> None:
        for statement in self:
            statement.move_line_count = len(statement.line_ids.move_id.line_ids)

    @api.versions(until=15)
    def button_post(self) -> None:
        """Post the lines of new statements."""
        if any(statement.state != "open" for statement in self):
            raise UserError("Only new statements can be posted.")
        self.line_ids.move_id.filtered(lambda move: move.state == "draft")._post(soft=False)
        self.write({"state": "posted"})

    @api.versions(until=15)
    def button_validate(self) -> None:
        """Close statements whose lines are all reconciled."""
        if any(statement.state != "posted" or not statement.all_lines_reconciled for statement in self):
            raise UserError("All the account entries lines must be processed in order to close the statement.")
        self.write({"state": "confirm", "date_done": self.env.db.clock.now()})

    @api.versions(until=15)
    def button_reopen(self) -> None:
        """Open statements again; their lines become drafts."""
        if any(statement.state == "open" for statement in self):
            raise UserError("Only validated statements can be reset to new.")
        self.write({"state": "open"})
        self.line_ids.move_id.button_draft()
