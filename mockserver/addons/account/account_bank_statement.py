"""account.bank.statement: transactions between a starting and an ending balance.

Source: 17.0.  Inferred: all of it.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class Statement(models.Model):
    _inherit = "account.bank.statement"
    _since = 13

    @api.versions(since=16)
    @api.depends("line_ids.internal_index")
    @api.computes("first_line_index", "date")
    def _compute_date_index(self) -> None:
        for statement in self:
            lines = statement._in_order()
            statement.first_line_index = lines[:1].internal_index
            posted = lines.filtered(lambda line: line.move_id.state == "posted")
            statement.date = posted[-1:].move_id.date

    @api.versions(since=16)
    @api.depends("line_ids.journal_id")
    def _compute_journal_id(self) -> None:
        for statement in self:
            statement.journal_id = statement.line_ids[:1].journal_id

    @api.versions(since=16)
    @api.depends("journal_id")
    def _compute_currency_id(self) -> None:
        for statement in self:
            journal = statement.journal_id
            statement.currency_id = journal.currency_id or journal.company_id.currency_id

    @api.versions(since=16)
    @api.depends("line_ids")
    def _compute_balance_start(self) -> None:
        """The ending balance of the statement before, with the transactions after it."""
        for statement in self:
            own = statement._rows()[0].get("balance_start")
            lines = statement._in_order()
            statement.balance_start = own if own is not None or not lines else _balance_before(lines[0])

    @api.versions(since=16)
    @api.depends("balance_start", "line_ids.amount")
    def _compute_balance_end(self) -> None:
        for statement in self:
            posted = statement.line_ids.filtered(lambda line: line.move_id.state == "posted")
            statement.balance_end = statement.balance_start + sum(posted.mapped("amount"))

    @api.versions(since=16)
    @api.depends("balance_start")
    def _compute_balance_end_real(self) -> None:
        for statement in self:
            own = statement._rows()[0].get("balance_end_real")
            statement.balance_end_real = statement.balance_end if own is None else own

    @api.versions(since=16)
    @api.depends("balance_end", "balance_end_real", "line_ids.amount")
    def _compute_is_complete(self) -> None:
        for statement in self:
            posted = statement.line_ids.filtered(lambda line: line.move_id.state == "posted")
            same = statement.currency_id.is_zero(statement.balance_end - statement.balance_end_real)
            statement.is_complete = bool(posted) and bool(same)

    @api.versions(since=16)
    def _compute_is_valid(self) -> None:
        for statement in self:
            lines = statement._in_order()
            before = _balance_before(lines[0]) if lines else 0.0
            statement.is_valid = bool(statement.currency_id.is_zero(statement.balance_start - before))

    @api.versions(since=16)
    def _compute_problem_description(self) -> None:
        for statement in self:
            text = None
            if not statement.is_valid:
                text = (
                    "The starting balance doesn't match the ending balance of the previous statement, or an earlier"
                    " statement is missing."
                )
            elif not statement.is_complete:
                text = f"The running balance ({statement.balance_end}) doesn't match the specified ending balance."
            statement.problem_description = text

    @api.versions(since=16)
    @api.depends("create_date")
    def _compute_name(self) -> None:
        for statement in self:
            own, journal = statement._rows()[0].get("name"), statement.journal_id
            day = statement.env.db.clock.today().isoformat().replace("-", "/")
            statement.name = own or (f"{journal.code} Statement {day}" if journal else "")

    def _in_order(self) -> Any:
        return self.line_ids.sorted(lambda line: str(line.internal_index or ""))


def _balance_before(line: Any) -> float:
    """Return the balance of the account before a transaction."""
    leaves = [("journal_id", "=", line.journal_id.id), ("internal_index", "<", line.internal_index)]
    before = line.sudo().search(leaves, order="internal_index desc", limit=1)
    return float(before.running_balance) if before else 0.0
