"""What templates add to orders: their lines, their text, and how long a quotation is valid.

Source: 17.0; recorded in flow-sale-4 (17.0, 18.0, 19.0): `create` takes the text and the terms of a template, and a
form also its lines.
"""

from __future__ import annotations

import re
from typing import Any

from mockserver import api, models
from mockserver.addons.sale.sale_order import check_companies
from mockserver.orm.writing.commands import CREATE

_TAGS = re.compile(r"<[^>]*>|&nbsp;|\s")
CLEAR = (5, 0, 0)
# the first line of a template goes before all others
FIRST = -99


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- what follows from the template

    @api.versions(since=16)
    def _compute_sale_order_template_id(self) -> None:
        for order in self:
            order.sale_order_template_id = order.company_id.sale_order_template_id or order.sale_order_template_id

    @api.versions(since=16)
    def _compute_note(self) -> None:
        super()._compute_note()  # type: ignore[misc]
        for order, template in self._with_templates():
            if template.note and _TAGS.sub("", str(template.note)):
                order.note = template.note

    @api.versions(since=16)
    def _compute_require_signature(self) -> None:
        super()._compute_require_signature()  # type: ignore[misc]
        for order, template in self._with_templates():
            order.require_signature = template.require_signature

    @api.versions(since=16)
    def _compute_require_payment(self) -> None:
        super()._compute_require_payment()  # type: ignore[misc]
        for order, template in self._with_templates():
            order.require_payment = template.require_payment

    @api.versions(since=17)
    def _compute_prepayment_percent(self) -> None:
        super()._compute_prepayment_percent()  # type: ignore[misc]
        for order, template in self._with_templates():
            if order.require_payment:
                order.prepayment_percent = template.prepayment_percent

    @api.versions(since=16)
    def _compute_validity_date(self) -> None:
        super()._compute_validity_date()  # type: ignore[misc]
        for order, template in self._with_templates():
            if template.number_of_days > 0:
                order.validity_date = self._day_after(template.number_of_days)

    @api.versions(since=17)
    def _compute_journal_id(self) -> None:
        super()._compute_journal_id()  # type: ignore[misc]
        for order, template in self._with_templates():
            order.journal_id = template.with_company(order.company_id).journal_id

    def _with_templates(self) -> list[tuple[Any, Any]]:
        """Return the orders that have a template, with it in the customer's language."""
        found = []
        for order in self.filtered("sale_order_template_id"):
            lang = order.partner_id.lang
            template = order.sale_order_template_id
            found.append((order, template.with_context(lang=lang) if lang else template))
        return found

    @api.onchange("sale_order_template_id")
    def _onchange_sale_order_template_id(self) -> None:
        """Take the lines and the options of the template in the place of those that are there."""
        for order, template in self._with_templates():
            lines = [(CREATE, 0, line._prepare_order_line_values()) for line in template.sale_order_template_line_ids]
            if lines:
                lines[0][2]["sequence"] = FIRST
            order.order_line = [CLEAR, *lines]
            if "sale_order_option_ids" in order:
                options = template.sale_order_template_option_ids
                made = [(CREATE, 0, option._prepare_option_line_values()) for option in options]
                order.sale_order_option_ids = [CLEAR, *made]

    def action_confirm(self) -> bool:
        """Confirm orders; those whose template has a mail send it."""
        done: bool = super().action_confirm()  # type: ignore[misc]
        for order, template in self._with_templates():
            if template.mail_template_id:
                order._send_order_mail(template.mail_template_id)
        return done

    # -- options

    @api.versions(until=18)
    @api.constrains("company_id", "sale_order_option_ids")
    def _check_optional_product_company_id(self) -> None:
        for order in self:
            check_companies(order, order.sale_order_option_ids.product_id)

    def _recompute_prices(self) -> None:
        super()._recompute_prices()  # type: ignore[misc]
        if "sale_order_option_ids" in self:
            self.sale_order_option_ids._reset_prices()
