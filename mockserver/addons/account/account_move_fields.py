"""What an entry takes from its type, its journal and its partner, and its totals: the computed fields of an entry.

Source: 17.0; recorded in flow-invoice-1 and flow-bill-1 (17.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import line_prices, move_journals, move_names, move_totals
from mockserver.addons.account.move_types import (
    INBOUND,
    INVOICE_OR_RECEIPT,
    PURCHASE_OR_RECEIPT,
    REFUND,
    SALE_OR_RECEIPT,
    direction,
)
from mockserver.orm.writing import recompute

if TYPE_CHECKING:
    from typing_extensions import Self


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.depends("move_type")
    def _compute_journal_id(self) -> None:
        for move in self:
            own = move.env["account.journal"].browse(move._rows()[0].get("journal_id") or ())
            fits = own and own.type in move_journals.types(move)
            move.journal_id = own if fits else move_journals.default(move)

    @api.depends("journal_id")
    def _compute_company_id(self) -> None:
        for move in self:
            move.company_id = move.journal_id.company_id or move.env.company

    @api.depends("journal_id", "statement_line_id")
    def _compute_currency_id(self) -> None:
        for move in self:
            own = move.env["res.currency"].browse(move._rows()[0].get("currency_id") or ())
            foreign = move.statement_line_id.foreign_currency_id
            move.currency_id = foreign or move.journal_id.currency_id or own or move.company_id.currency_id

    @api.depends("invoice_date", "company_id", "journal_id", "move_type")
    def _compute_date(self) -> None:
        for move in self:
            move.date = move_journals.accounting_date_of(move)

    @api.depends("move_type")
    def _compute_direction_sign(self) -> None:
        for move in self:
            move.direction_sign = direction(move.move_type)

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self) -> None:
        for move in self:
            move.commercial_partner_id = move.partner_id.commercial_partner_id

    @api.versions(since=16)
    def _following(self, field: str) -> Self:
        """Return the entries of which a field follows from the partner."""
        return self

    @api.versions(until=15, name="_following")
    def _following_if_empty(self, field: str) -> Self:
        """Until 15.0 only forms derive it, so what a call gave stays.  Source: fields of 14.0."""
        return self.filtered(lambda move: not move[field])

    @api.depends("partner_id")
    def _compute_partner_shipping_id(self) -> None:
        for move in self._following("partner_shipping_id"):
            invoiced = move.move_type in INVOICE_OR_RECEIPT and move.partner_id
            move.partner_shipping_id = move.partner_id.address_get(["delivery"])["delivery"] if invoiced else None

    @api.depends("partner_id", "partner_shipping_id", "company_id")
    def _compute_fiscal_position_id(self) -> None:
        for move in self._following("fiscal_position_id"):
            move.fiscal_position_id = move_journals.fiscal_position(move)

    @api.depends("partner_id")
    def _compute_invoice_payment_term_id(self) -> None:
        for move in self._following("invoice_payment_term_id"):
            partner = move.partner_id.with_company(move.company_id)
            term = None
            if move.move_type in SALE_OR_RECEIPT:
                term = partner.property_payment_term_id
            elif move.move_type in PURCHASE_OR_RECEIPT:
                term = partner.property_supplier_payment_term_id
            move.invoice_payment_term_id = term

    @api.depends("invoice_payment_term_id", "invoice_date")
    def _compute_invoice_date_due(self) -> None:
        """Today, until the lines of the total say another day."""
        for move in self:
            own = move._rows()[0].get("invoice_date_due")
            move.invoice_date_due = own or move.env.db.clock.today().isoformat()

    @api.depends("move_type")
    def _compute_invoice_user_id(self) -> None:
        for move in self:
            own = move._rows()[0].get("invoice_user_id") or move.env.uid
            move.invoice_user_id = own if move.move_type in SALE_OR_RECEIPT else None

    @api.depends("partner_id", "partner_id.display_name", "invoice_source_email")
    def _compute_invoice_partner_display_name(self) -> None:
        for move in self:
            name = move.partner_id.display_name
            if not name and move.invoice_source_email:
                name = f"@From: {move.invoice_source_email}"
            row = move._rows()[0]
            author = move.env["res.users"].sudo().browse(row.get("create_uid") or move.env.uid)
            move.invoice_partner_display_name = name or f"#Created by: {author.name}"

    @api.depends("commercial_partner_id", "company_id", "move_type")
    def _compute_bank_partner_id(self) -> None:
        for move in self:
            inbound = move.move_type in INBOUND
            move.bank_partner_id = move.company_id.partner_id if inbound else move.commercial_partner_id

    @api.depends("commercial_partner_id", "company_id", "move_type")
    def _compute_partner_bank_id(self) -> None:
        for move in self:
            banks = move.bank_partner_id.bank_ids.filtered(
                lambda bank, company=move.company_id: not bank.company_id or bank.company_id == company
            )
            move.partner_bank_id = banks[:1]

    @api.depends("auto_post")
    def _compute_auto_post_until(self) -> None:
        for move in self:
            own = move._rows()[0].get("auto_post_until")
            move.auto_post_until = None if move.auto_post in ("no", "at_date", False) else own

    @api.depends("move_type", "company_id")
    def _compute_is_storno(self) -> None:
        for move in self:
            storno = "account_storno" in move.company_id and move.company_id.account_storno
            move.is_storno = bool(move._rows()[0].get("is_storno") or (storno and move.move_type in REFUND))

    @api.depends("move_type", "line_ids.account_id")
    def _compute_always_tax_exigible(self) -> None:
        for move in self:
            move.always_tax_exigible = move.move_type not in INVOICE_OR_RECEIPT and not move_totals.has_term_accounts(
                move
            )

    @api.depends("posted_before", "state", "journal_id", "date", "move_type", "payment_id")
    def _compute_name(self) -> None:
        for move in self.sorted(lambda move: (str(move.date or ""), str(move.ref or ""), move.id)):
            name = move.name = move_names.name_of(move)
            # stored at once, since the next one counts on
            recompute.assign(move.env, self._name, {"name": {move.id: name}})

    @api.versions(since=18)
    def _compute_name_placeholder(self) -> None:
        """The number that the first entry of a period will have."""
        for move in self:
            first = move.date and not move_names.is_named(move.name) and not move_names.last(move)
            move.name_placeholder = move_names.following(move) if first else False

    @api.versions(since=18)
    @api.depends("currency_id", "company_id", "invoice_date", "move_type")
    def _compute_invoice_currency_rate(self) -> None:
        for move in self:
            invoiced = move.move_type in INVOICE_OR_RECEIPT
            move.invoice_currency_rate = line_prices.rate_of_day(move, move.invoice_date) if invoiced else 1.0

    @api.depends("name")
    @api.computes("sequence_prefix", "sequence_number")
    def _compute_split_sequence(self) -> None:
        for move in self:
            move.sequence_prefix, move.sequence_number = move_names.split(move.name)

    @api.depends("name", "state")
    def _compute_payment_reference(self) -> None:
        for move in self:
            own = move._rows()[0].get("payment_reference")
            due = not own and move.state == "posted" and move.move_type == "out_invoice"
            move.payment_reference = move_names.payment_reference(move) if due else own

    @api.depends(
        "line_ids.balance", "line_ids.amount_currency", "line_ids.display_type", "line_ids.amount_residual",
        "line_ids.amount_residual_currency", "line_ids.debit", "line_ids.currency_id", "move_type", "state",
    )  # fmt: skip
    @api.computes(*move_totals.FIELDS)
    def _compute_amount(self) -> None:
        for move in self:
            for name, amount in move_totals.totals(move).items():
                if name in move:
                    move[name] = amount

    def _compute_display_name(self) -> None:
        for move in self:
            move.display_name = move_names.display_name(move)

    @api.depends("move_type")
    def _compute_type_name(self) -> None:
        labels: dict[Any, Any] = dict(self._model.fields["move_type"].selection or ())
        for move in self:
            move.type_name = labels.get(move.move_type)

    @api.depends("move_type")
    def _compute_invoice_filter_type_domain(self) -> None:
        for move in self:
            kinds = {"sale": SALE_OR_RECEIPT, "purchase": PURCHASE_OR_RECEIPT}
            move.invoice_filter_type_domain = next((k for k, types in kinds.items() if move.move_type in types), False)

    def _compute_suitable_journal_ids(self) -> None:
        for move in self:
            leaves = [("company_id", "=", move.company_id.id or move.env.company.id)]
            wanted = move.invoice_filter_type_domain or "general"
            move.suitable_journal_ids = move.env["account.journal"].search([*leaves, ("type", "=", wanted)])
