"""account.payment.register: the wizard that pays open items of invoices; what it proposes.

Source: recorded in flow-payment-1, flow-currency-1, flow-invoice-2 and flow-random-invoice-1 (17.0–19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import account_kinds, payment_batches, payment_methods
from mockserver.addons.account.move_types import OUTBOUND_OR_RECEIPT
from mockserver.addons.account.payment_batches import Batch
from mockserver.errors import UserError
from mockserver.orm.records.recordset import Recordset

# what all items of a wizard have in common
_FROM_LINES = (
    "company_id", "partner_id", "partner_type", "payment_type", "source_currency_id", "source_amount",
    "source_amount_currency", "can_edit_wizard",
)  # fmt: skip


class PaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"
    _since = 13

    # -- the items to pay

    def _default_payment_date(self) -> str:
        return self.env.db.clock.today().isoformat()

    @api.model
    def default_get(self, fields_list: list[str]) -> dict[str, Any]:
        """Return defaults; the items are the open ones of the entries, or the items, in `active_ids`."""
        found: dict[str, Any] = super().default_get(fields_list)
        if "line_ids" in fields_list and not found.get("line_ids"):
            found["line_ids"] = [(6, 0, self._open_lines().ids)]
        return found

    def _open_lines(self) -> Recordset:
        """The open receivable and payable items in the context; raises UserError if they cannot be paid together."""
        rules, context = self.env.db.profile.rules, self.env.context
        ids = context.get("active_ids") or []
        if context.get("active_model") == "account.move":
            lines = self.env["account.move"].browse(ids).line_ids
        elif context.get("active_model") == "account.move.line":
            lines = self.env["account.move.line"].browse(ids)
        else:
            raise UserError(
                "The register payment wizard should only be called on account.move or account.move.line records."
            )
        if not rules.drafts_payable and any(line.move_id.state != "posted" for line in lines):
            raise UserError("You can only register payment for posted journal entries.")
        found: Recordset = lines.filtered(_is_open)
        if not found:
            raise UserError(rules.nothing_to_pay_text)
        if len(lines.company_id) > 1:
            raise UserError("You can't create payments for entries belonging to different companies.")
        if len({account_kinds.kind(line.account_id) for line in found}) > 1:
            raise UserError(rules.both_directions_text)
        if "blocked" in [move.payment_state for move in found.move_id]:
            raise UserError("You cannot register payments for blocked invoices.")
        return found

    def _batches(self) -> list[Batch]:
        self.ensure_one()
        if not self.line_ids:
            raise UserError("You can't open the register payment wizard without at least one receivable/payable line.")
        return payment_batches.batches_of(self.line_ids)

    # -- what follows from them

    @api.computes(*_FROM_LINES)
    @api.depends("line_ids")
    def _compute_from_lines(self) -> None:
        """What all items have in common; with several batches they have nothing but the company."""
        for wizard in self:
            if not wizard.line_ids:  # the items were deleted since
                for name in _FROM_LINES:
                    wizard[name] = wizard[name]
                continue
            batches = wizard._batches()
            first, single = batches[0], len(batches) == 1
            wizard.can_edit_wizard = single
            wizard.company_id = first.lines[0].company_id
            wizard.payment_type = first.payment_type
            wizard.partner_id = first.key.partner if single else False
            wizard.partner_type = first.key.partner_type if single else False
            wizard.source_currency_id = first.key.currency if single else False
            wizard.source_amount = first.residual if single else 0.0
            wizard.source_amount_currency = first.residual_currency if single else 0.0

    @api.depends("line_ids")
    def _compute_can_group_payments(self) -> None:
        for wizard in self:
            batches = wizard._batches() if wizard.line_ids else []
            wizard.can_group_payments = any(len(batch.lines) != 1 for batch in batches)

    @api.depends("can_edit_wizard")
    def _compute_group_payment(self) -> None:
        """The items of one entry are paid at once."""
        for wizard in self:
            wizard.group_payment = wizard.can_edit_wizard and len(wizard._batches()[0].lines.move_id) == 1

    def _compute_available_journal_ids(self) -> None:
        for wizard in self:
            wizard.available_journal_ids = payment_methods.journals(self.env, wizard.company_id, wizard.payment_type)

    @api.depends("company_id", "can_edit_wizard", "payment_type")
    def _compute_journal_id(self) -> None:
        """The bank of the bank account or currency of the items, else the first journal."""
        for wizard in self:
            journals = payment_methods.journals(self.env, wizard.company_id, wizard.payment_type)
            wizard.journal_id = _journal(journals, wizard._batches()) if wizard.can_edit_wizard else journals[:1]

    @api.depends("journal_id")
    def _compute_currency_id(self) -> None:
        for wizard in self:
            own = wizard.journal_id.currency_id or wizard.source_currency_id
            wizard.currency_id = own or wizard.company_id.currency_id

    def _compute_available_payment_method_line_ids(self) -> None:
        for wizard in self:
            wizard.available_payment_method_line_ids = payment_methods.lines_of(wizard.journal_id, wizard.payment_type)

    @api.depends("journal_id", "payment_type")
    def _compute_payment_method_line_id(self) -> None:
        for wizard in self:
            lines = payment_methods.lines_of(wizard.journal_id, wizard.payment_type)
            usual = payment_methods.usual_line(wizard)
            wizard.payment_method_line_id = usual if usual and usual in lines else lines[:1]

    @api.versions(until=15)
    def _compute_available_payment_method_ids(self) -> None:
        for wizard in self:
            wizard.available_payment_method_ids = payment_methods.methods_of(wizard.journal_id, wizard.payment_type)

    @api.versions(until=15)
    def _compute_hide_payment_method(self) -> None:
        for wizard in self:
            wizard.hide_payment_method = payment_methods.only_manual(wizard.available_payment_method_ids)

    @api.versions(until=15)
    @api.depends("journal_id", "payment_type")
    def _compute_payment_method_id(self) -> None:
        for wizard in self:
            wizard.payment_method_id = payment_methods.methods_of(wizard.journal_id, wizard.payment_type)[:1]

    def _compute_available_partner_bank_ids(self) -> None:
        for wizard in self:
            wizard.available_partner_bank_ids = payment_methods.banks(wizard)

    @api.depends("journal_id", "partner_id")
    def _compute_partner_bank_id(self) -> None:
        """The bank account that the items name, else the first of the partner or the journal."""
        for wizard in self:
            banks = payment_methods.banks(wizard)
            named = banks & banks.browse(wizard._batches()[0].bank)
            wizard.partner_bank_id = (named or banks)[:1] if wizard.can_edit_wizard else False

    @api.computes("show_partner_bank_account", "require_partner_bank_account")
    def _compute_show_require_partner_bank(self) -> None:
        for wizard in self:
            wizard.show_partner_bank_account = bool(wizard.journal_id) and wizard.journal_id.type != "cash"
            wizard.require_partner_bank_account = False

    @api.depends("can_edit_wizard", "line_ids")
    def _compute_communication(self) -> None:
        """The reference for the partner; payments of several invoices that come in get a number, since 18."""
        for wizard in self:
            if not wizard.can_edit_wizard:
                wizard.communication = False
            elif not wizard.line_ids or (wizard.communication and len(wizard.line_ids.move_id) > 1):
                wizard.communication = wizard.communication
            else:
                wizard.communication = wizard._communication(wizard._batches()[0].lines)

    @api.versions(until=16)
    def _communication(self, lines: Recordset) -> Any:
        return " ".join(sorted({str(line.name or line.move_id.ref or line.move_id.name) for line in lines}))

    @api.versions(since=17, until=17, name="_communication")
    def _communication_17(self, lines: Recordset) -> Any:
        labels = {
            line.move_id.payment_reference or line.name or line.move_id.ref or line.move_id.name for line in lines
        }
        return " ".join(sorted(map(str, labels)))

    @api.versions(since=18, name="_communication")
    def _communication_18(self, lines: Recordset) -> Any:
        labels = {str(move.payment_reference or move.ref or move.name or "") for move in lines.move_id} - {""}
        if len(lines.move_id) == 1 or any(move.move_type in OUTBOUND_OR_RECEIPT for move in lines.move_id):
            return ", ".join(sorted(labels)) or False
        return payment_batches.group_number(self)

    @api.computes("untrusted_bank_ids", "untrusted_payments_count", "total_payments_amount")
    def _compute_trust_values(self) -> None:
        """No method needs a bank account, so none is asked whether it is trusted."""
        for wizard in self:
            batches = wizard._batches()
            grouped = wizard.group_payment or len(batches) == 1
            wizard.untrusted_bank_ids, wizard.untrusted_payments_count = (), 0
            wizard.total_payments_amount = len(batches) if grouped else len(wizard.line_ids)

    @api.versions(since=17)
    def _compute_qr_code(self) -> None:
        for wizard in self:
            wizard.qr_code = False

    # -- amounts

    @api.versions(until=17)
    @api.depends(
        "can_edit_wizard", "source_amount", "source_amount_currency", "source_currency_id", "company_id",
        "currency_id", "payment_date",
    )  # fmt: skip
    def _compute_amount(self) -> None:
        """What settles the items, less a discount."""
        for wizard in self:
            amount = 0.0
            if wizard.source_currency_id and wizard.can_edit_wizard:
                amount = payment_batches.to_reconcile(wizard._batches()[0], wizard)[0]
            wizard.amount = amount

    @api.depends("payment_date", "amount", "currency_id")
    def _compute_early_payment_discount_mode(self) -> None:
        for wizard in self:
            wizard.early_payment_discount_mode = wizard._is_discounted()

    @api.versions(until=17)
    def _is_discounted(self) -> bool:
        if not self.can_edit_wizard:
            return False
        amount, discounted = payment_batches.to_reconcile(self._batches()[0], self)
        return discounted and self.currency_id.compare_amounts(self.amount, amount) == 0

    @api.versions(until=17)
    def _compute_payment_difference(self) -> None:
        """What the items come to without a discount, less the amount."""
        for wizard in self:
            difference = 0.0
            if wizard.can_edit_wizard and wizard.payment_date:
                whole = payment_batches.to_reconcile(wizard._batches()[0], wizard, discounts=False)[0]
                difference = whole - wizard.amount
            wizard.payment_difference = difference

    @api.versions(since=16)
    @api.depends("amount", "payment_date")
    def _compute_payment_difference_handling(self) -> None:
        """A discount is written off."""
        for wizard in self:
            mode = "reconcile" if wizard._is_discounted() else "open"
            wizard.payment_difference_handling = mode if wizard.can_edit_wizard else False

    def _compute_hide_writeoff_section(self) -> None:
        for wizard in self:
            wizard.hide_writeoff_section = wizard._is_discounted()

    def _compute_writeoff_is_exchange_account(self) -> None:
        """Whether the difference goes to an account of exchange differences, for a payment in another currency."""
        for wizard in self:
            company, account = wizard.company_id, wizard.writeoff_account_id
            accounts = company.expense_currency_exchange_account_id | company.income_currency_exchange_account_id
            other = wizard.currency_id != wizard.source_currency_id
            wizard.writeoff_is_exchange_account = bool(
                wizard.can_edit_wizard and other and account and account in accounts
            )


def _is_open(line: Recordset) -> bool:
    if not account_kinds.is_trade(line.account_id):
        return False
    if line.currency_id:
        return not line.currency_id.is_zero(line.amount_residual_currency)
    return not line.company_currency_id.is_zero(line.amount_residual)


def _journal(journals: Recordset, batches: list[Batch]) -> Recordset:
    """Return the journal of the bank account and currency of the items, of one of them, or the first."""
    batch = batches[0]
    found = journals.filtered(lambda journal: journal.currency_id.id == batch.key.currency) or journals
    if batch.bank:
        own = journals.filtered(lambda journal: journal.bank_account_id.id == batch.bank)
        found = (own & found) or own or found
    first: Recordset = found[:1]
    return first
