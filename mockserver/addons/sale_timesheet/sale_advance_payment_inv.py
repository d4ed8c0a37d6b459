"""sale.advance.payment.inv: invoices of the working time of a span.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.orm.records.environment import Recordset


class AdvancePayment(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    @api.versions(until=15)
    def _default_invoicing_timesheet_enabled(self) -> bool:
        return _has_time_to_invoice(self._orders())

    @api.versions(since=16)
    def _compute_invoicing_timesheet_enabled(self) -> None:
        for wizard in self:
            wizard.invoicing_timesheet_enabled = _has_time_to_invoice(wizard.sale_order_ids)

    def _create_invoices(self, sale_orders: Recordset) -> Recordset:
        """Make invoices; of what is invoiced by working time only that of the span."""
        start, end = self.date_start_invoice_timesheet, self.date_end_invoice_timesheet
        if self.advance_payment_method == "delivered" and self.invoicing_timesheet_enabled:
            if start or end:
                sale_orders.order_line._recompute_qty_to_invoice(start, end)
            sale_orders = sale_orders.with_context(timesheet_start_date=start, timesheet_end_date=end)
        made: Recordset = super()._create_invoices(sale_orders)  # type: ignore[misc]
        return made


def _has_time_to_invoice(orders: Recordset) -> bool:
    """Return whether a line is to be invoiced that is invoiced by working time."""
    due = orders.order_line.filtered(lambda line: line.invoice_status == "to invoice")
    return any(product._is_delivered_timesheet() for product in due.product_id)
