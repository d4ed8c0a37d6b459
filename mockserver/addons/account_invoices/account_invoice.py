"""account.invoice: creating, changing, copying and deleting invoices, and their amounts.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import fiscal_positions
from mockserver.addons.account_invoices.kinds import JOURNALS, PURCHASE, REFUNDS
from mockserver.errors import RedirectWarning, UserError

if TYPE_CHECKING:
    from typing_extensions import Self

_AMOUNTS = (
    "amount_untaxed", "amount_untaxed_signed", "amount_untaxed_invoice_signed", "amount_tax", "amount_tax_signed",
    "amount_total", "amount_total_signed", "amount_total_company_signed",
)  # fmt: skip
_NAMES = {
    "out_invoice": "Invoice",
    "in_invoice": "Vendor Bill",
    "out_refund": "Credit Note",
    "in_refund": "Vendor Credit note",
}


class Invoice(models.Model):
    _inherit = "account.invoice"

    # -- defaults; of the context's type, whatever type is given

    def _default_type(self) -> str:
        return str(self.env.context.get("type", "out_invoice"))

    def _default_journal_id(self) -> Any:
        if self.env.context.get("default_journal_id"):
            return self.env.context["default_journal_id"]
        kind = JOURNALS.get(self._default_type(), "sale")
        company = self.env.context.get("company_id", self.env.company.id)
        return self.env["account.journal"].search([("type", "=", kind), ("company_id", "=", company)], limit=1)

    def _default_currency_id(self) -> Any:
        journal = self.env["account.journal"].browse(self.env.context.get("default_journal_id") or ())
        return journal.currency_id or self.env.company.currency_id

    # -- create, write, copy, unlink

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create invoices with what follows from their partner and journal, and with the taxes of their lines."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([self._filled(dict(vals)) for vals in several])
        for invoice in made:
            if invoice.invoice_line_ids.invoice_line_tax_ids and not invoice.tax_line_ids:
                invoice.compute_taxes()
        return made

    def _filled(self, vals: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a new invoice with those of its partner, and the currency of its journal."""
        kind = vals.get("type") or self._default_type()
        partner = self.env["res.partner"].browse(vals.get("partner_id") or ())
        if partner:
            vals = {**self._of_partner(partner, kind), **vals}
        if vals.get("journal_id") and "currency_id" not in vals:
            currency = self.env["account.journal"].browse(vals["journal_id"]).currency_id
            vals["currency_id"] = (currency or self.env.company.currency_id).id
        return vals

    def _of_partner(self, partner: Any, kind: str) -> dict[str, Any]:
        """Return the values that follow from a partner."""
        buys = kind in PURCHASE
        account = partner.property_account_payable_id if buys else partner.property_account_receivable_id
        if not account:
            raise RedirectWarning(
                "Cannot find a chart of accounts for this company, You should configure it. \n"
                "Please go to Account Configuration.",
                False,
                "Go to the configuration panel",
            )
        term = partner.property_supplier_payment_term_id if buys else partner.property_payment_term_id
        position = fiscal_positions.of_partner(self.env, partner, None)
        banks = partner.commercial_partner_id.bank_ids if kind == "in_invoice" else None
        return {
            "account_id": account.id,
            "payment_term_id": term.id,
            "fiscal_position_id": position.id if position else False,
            "partner_bank_id": banks[:1].id if banks else False,
        }

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {**super()._copied_values(default), "state": "draft"}

    def unlink(self) -> bool:
        """Delete drafts and cancelled invoices that never had a number; return True."""
        for invoice in self.exists():
            if invoice.state not in ("draft", "cancel"):
                raise UserError(
                    "You cannot delete an invoice which is not draft or cancelled. You should create a credit note"
                    " instead."
                )
            if invoice.move_name:
                raise UserError(
                    "You cannot delete an invoice after it has been validated (and received a number). You can set it"
                    ' back to "Draft" state and modify its content, then re-confirm it.'
                )
        return super().unlink()

    # -- amounts

    @api.computes(*_AMOUNTS)
    @api.depends("invoice_line_ids.price_subtotal", "tax_line_ids.amount", "tax_line_ids.amount_rounding",
                 "currency_id", "company_id", "date_invoice", "type", "date")  # fmt: skip
    def _compute_amount(self) -> None:
        """The sums of lines and taxes; those of credit notes are negative in the signed fields."""
        for invoice in self:
            currency, company = invoice.currency_id, invoice.company_id
            untaxed = sum(line.price_subtotal for line in invoice.invoice_line_ids)
            tax = sum(currency.round(line.amount + line.amount_rounding) for line in invoice.tax_line_ids)
            own_untaxed, own_total = untaxed, untaxed + tax
            if currency and company and currency != company.currency_id:
                day = str(invoice.date or invoice.date_invoice or self.env.db.clock.today())
                own_untaxed, own_total = (
                    currency._convert(amount, company.currency_id, company, day) for amount in (untaxed, untaxed + tax)
                )
            sign = -1 if invoice.type in REFUNDS else 1
            amounts = (untaxed, sign * own_untaxed, sign * untaxed, tax, sign * tax,
                       untaxed + tax, sign * (untaxed + tax), sign * own_total)  # fmt: skip
            for name, amount in zip(_AMOUNTS, amounts, strict=True):
                if name in invoice:
                    invoice[name] = amount

    @api.computes("residual", "residual_signed", "residual_company_signed", "reconciled")
    @api.depends(
        "state", "currency_id", "account_id", "move_id.line_ids.amount_residual", "move_id.line_ids.account_id",
        "move_id.line_ids.currency_id",
    )  # fmt: skip
    def _compute_residual(self) -> None:
        """What is open of the items on the invoice's account; a draft has nothing open and counts as reconciled."""
        for invoice in self:
            own = left = 0.0
            currency, company = invoice.currency_id, invoice.company_id
            for line in invoice.move_id.sudo().line_ids:
                if line.account_id != invoice.account_id:
                    continue
                own += line.amount_residual
                if line.currency_id == currency:
                    left += line.amount_residual_currency
                else:
                    from_currency = line.currency_id or company.currency_id
                    left += from_currency._convert(line.amount_residual, currency, company, str(line.date))
            sign = -1 if invoice.type in REFUNDS else 1
            invoice.residual = abs(left)
            invoice.residual_signed = abs(left) * sign
            invoice.residual_company_signed = abs(own) * sign
            invoice.reconciled = currency.is_zero(left)

    @api.computes("payment_move_line_ids")
    @api.depends("move_id.line_ids.amount_residual", "move_id.line_ids.account_id", "account_id")
    def _compute_payments(self) -> None:
        """The items that those on the invoice's account are reconciled with."""
        for invoice in self:
            own = invoice._due_lines()
            partials = own.matched_debit_ids | own.matched_credit_ids
            found = (partials.debit_move_id | partials.credit_move_id) - own
            invoice.payment_move_line_ids = found

    def _due_lines(self) -> Any:
        """The items on the accounts that the invoices are due on."""
        accounts = {invoice.move_id.id: invoice.account_id for invoice in self if invoice.move_id}
        return self.move_id.sudo().line_ids.filtered(lambda line: line.account_id == accounts[line.move_id.id])

    # -- other fields

    def _compute_display_name(self) -> None:
        """The number or the kind, and the description."""
        for invoice in self:
            invoice.display_name = f"{invoice.number or _NAMES.get(invoice.type, '')} {invoice.name or ''}"

    def _compute_vendor_display_name(self) -> None:
        for invoice in self:
            email = f"From: {invoice.source_email}" if invoice.source_email else ""
            invoice.vendor_display_name = invoice.partner_id.name or email

    def _compute_invoice_icon(self) -> None:
        for invoice in self:
            invoice.invoice_icon = "" if invoice.partner_id or not invoice.source_email else "@"

    def _compute_amount_by_group(self) -> None:
        """The amounts of the taxes of each group, and what they are computed of."""
        for invoice in self:
            groups: dict[Any, list[float]] = {}
            for line in invoice.tax_line_ids:
                sums = groups.setdefault(line.tax_id.tax_group_id, [0.0, 0.0])
                sums[0] += line.amount + line.amount_rounding
                sums[1] += line.base
            ordered = sorted(groups.items(), key=lambda item: (item[0].sequence, item[0].id))
            invoice.amount_by_group = [
                [group.name, amount, base, f"{amount:.2f}", f"{base:.2f}", len(groups)]
                for group, (amount, base) in ordered
            ]

    @api.computes("sequence_number_next", "sequence_number_next_prefix")
    def _compute_sequence_number_next(self) -> None:
        """The number that a first invoice of a journal would get."""
        for invoice in self:
            invoice.sequence_number_next, invoice.sequence_number_next_prefix = False, False
