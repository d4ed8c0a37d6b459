"""purchase.order: vendor bills for what is to be billed.

Source: 17.0; recorded in flow-purchase-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.product.vendors import unit_digits
from mockserver.addons.purchase.names import taxes_field, unit_of
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]
Values = dict[str, Any]

_NOTHING = (
    "There is no invoiceable line. If a product has a control policy based on received quantity, please make sure that"
    " a quantity has been received."
)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.versions(since=14)
    def action_create_invoice(self) -> Action:
        """Create the bills of orders, one for each vendor and currency; return the action that shows them."""
        whole = self.env.db.profile.rules.purchase_bill_whole
        several = [order._bill_values() for order in self if whole or order.invoice_status == "to invoice"]
        if not several:
            raise UserError(self.env._(_NOTHING))
        bills = self.env["account.move"].with_context(default_move_type="in_invoice")
        for values in _merged(several):
            bills |= bills.with_company(values["company_id"]).create(values)
        for bill in bills:
            if round_to(bill.amount_total, bill.currency_id.rounding) < 0:
                _switch_type(bill)
        return self.action_view_invoice(bills)

    def action_view_invoice(self, invoices: Recordset | bool = False) -> Action:
        """Return the action that shows bills, by default those of the orders."""
        shown: Any = invoices or self.invoice_ids
        if not shown:
            return {"type": "ir.actions.act_window_close"}
        values = self.env.db.profile.rules.purchase_bill_context
        kind = "move_type" if "move_type" in shown else "type"
        context: Any = {f"default_{kind}": "in_invoice"}
        action = stored_window(
            self.env, shown._name, "Bills", "list,kanban,form,activity",
            context=context if values else repr(context), domain=f"[({kind!r}, '=', 'in_invoice')]",
        )  # fmt: skip
        if len(shown) > 1:
            return {**action, "domain": [("id", "in", shown.ids)]}
        return {**action, "views": [[False, "form"]], "res_id": shown.id}

    def _bill_values(self) -> Values:
        """Return the values of the bill of an order, with its lines."""
        self.ensure_one()
        order = self.with_company(self.company_id)
        rules, company = self.env.db.profile.rules, order.company_id
        payer = order.partner_id.browse(order.partner_id.address_get(["invoice"])["invoice"])
        banks = order.partner_id.commercial_partner_id.bank_ids
        bank = banks.filtered(lambda one: one.company_id.id in (False, company.id))[:1]
        terms = order["note" if "note" in order._model.fields else "notes"]
        positions = order.env["account.fiscal.position"]
        reference = order.partner_ref or ""
        position = order.fiscal_position_id or positions._get_fiscal_position(payer)
        lines = enumerate(_billed_lines(order), 10)
        return {
            "move_type": "in_invoice",
            "narration": terms,
            "currency_id": order.currency_id.id,
            "partner_id": payer.id,
            "fiscal_position_id": position.id,
            "partner_bank_id": bank.id,
            "invoice_origin": order.name,
            "invoice_payment_term_id": order.payment_term_id.id,
            "invoice_line_ids": [(0, 0, {**line._bill_line_values(), "sequence": at}) for at, line in lines],
            "company_id": company.id,
            **({"ref": reference, "payment_reference": reference} if rules.purchase_bill_refs else {}),
        }


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _bill_line_values(self, bill: Recordset | None = None) -> Values:
        """Return the values of the line of a bill for what is to be billed of an order line."""
        self.ensure_one()
        currency, today = self.order_id.currency_id, str(self.env.db.clock.today())
        target = bill.currency_id if bill else currency
        day = str((bill and bill.date) or today)
        kinds = dict(self.env["account.move.line"]._model.fields["display_type"].selection or ())
        usual = "product" if "product" in kinds else False
        values = {
            "display_type": self.display_type or usual,
            "name": _bill_name(self),
            "product_id": self.product_id.id,
            "product_uom_id": unit_of(self).id,
            "quantity": self.qty_to_invoice,
            "price_unit": currency._convert(self.price_unit, target, self.company_id, day, round=False),
            "tax_ids": [(6, 0, self[taxes_field(self)].ids)],
            "purchase_line_id": self.id,
        }
        if "discount" in self._model.fields:
            values["discount"] = self.discount
        if "analytic_distribution" in self._model.fields and self.analytic_distribution and not self.display_type:
            values["analytic_distribution"] = self.analytic_distribution
        return values


def _bill_name(line: Recordset) -> str:
    form, text, product = line.env.db.profile.rules.purchase_bill_names, str(line.name), line.product_id.display_name
    if form == "order":
        return f"{line.order_id.name}: {text}"
    if not product or str(product) in text:
        return text
    return f"{product}{' ' if form == 'product' else chr(10)}{text}"


def _billed_lines(order: Recordset) -> Iterator[Recordset]:
    """Yield the lines that are billed; of the sections only those that a billed line follows."""
    whole = order.env.db.profile.rules.purchase_bill_whole
    step = 10.0 ** -unit_digits(order.env)
    headings: list[Recordset] = []
    for line in order.order_line:
        if line.display_type == "line_section":
            headings = [line]
        elif line.display_type == "line_subsection":
            headings = [one for one in headings if one.display_type == "line_section"] + [line]
        elif whole or compare(line.qty_to_invoice, 0.0, step):
            yield from headings
            headings = []
            yield line


def _merged(several: list[Values]) -> list[Values]:
    """Return the values of one bill for each company, vendor and currency, in the order of the first ones."""
    groups: dict[tuple[Any, ...], list[Values]] = {}
    for values in several:
        key = (values["company_id"], values["partner_id"], values["currency_id"])
        groups.setdefault(key, []).append(values)
    found = []
    for group in groups.values():
        merged = {**group[0], "invoice_line_ids": [line for values in group for line in values["invoice_line_ids"]]}
        merged["invoice_origin"] = ", ".join(dict.fromkeys(values["invoice_origin"] for values in group))
        if "ref" in merged:
            merged["ref"] = ", ".join(dict.fromkeys(values["ref"] for values in group))[:2000]
            references = {values["payment_reference"] for values in group}
            merged["payment_reference"] = references.pop() if len(references) == 1 else False
        found.append(merged)
    return found


def _switch_type(bill: Recordset) -> None:
    """Make a bill with a negative total a refund."""
    old = "action_switch_invoice_into_refund_credit_note"
    bill.call(old if old in bill._methods else "action_switch_move_type")
