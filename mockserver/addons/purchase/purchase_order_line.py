"""purchase.order.line: what creates and changes lines, and what follows from the product and its vendor.

A new line gets what its form would fill in for the product: so its price is that of the smallest quantity that the
vendor sells, whatever quantity is given.  Source: 17.0; recorded in flow-purchase-1, flow-walk-purchase-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.analytic import analytic_distribution as distribution
from mockserver.addons.base.windows import window
from mockserver.addons.product.vendors import unit_digits
from mockserver.addons.purchase import offers
from mockserver.addons.purchase.names import taxes_field, unit_field, unit_of
from mockserver.addons.purchase.totals import line_amounts
from mockserver.addons.uom.conversion import price_in
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_OTHER_TYPE = (
    "You cannot change the type of a purchase order line. Instead you should delete the current line and create a new"
    " line of the proper type."
)


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    # -- create, write, delete

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines with what the form fills in for their products; sections and notes have no values."""
        several = [vals_list] if isinstance(vals_list, Mapping) else vals_list
        positions: dict[int, Recordset] = {}
        lines: Self = super().create([self._completed(vals, positions) for vals in several])
        for line in lines:
            if line.product_id and line.order_id.state == "purchase":
                name = str(line.product_id.display_name)
                line.order_id.message_post(body=self.env._("Extra line with %s ").replace("%s", name))
        return lines

    def _completed(self, vals: Mapping[str, Any], positions: dict[int, Recordset]) -> dict[str, Any]:
        """Return values with what the form fills in; `positions` are the fiscal positions of orders, once found."""
        kind = vals["display_type"] if "display_type" in vals else self.default_get(["display_type"])["display_type"]
        if kind:
            nothing = {"product_id": False, "price_unit": 0, unit_field(self): False, "date_planned": False}
            return {**vals, **nothing}
        wanted = {*offers.FILLED, unit_field(self), taxes_field(self)}
        if not vals.get("order_id") or not vals.get("product_id") or wanted <= vals.keys():
            return dict(vals)
        order = self.env["purchase.order"].browse(vals["order_id"])
        product = self.env["product.product"].browse(vals["product_id"])
        if order.id not in positions:
            positions[order.id] = offers.position_of(order)
        return {**offers.filled(self, order, product, positions[order.id]), **vals}

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; changed quantities of confirmed orders are noted in the chatter."""
        if "display_type" in vals and any(line.display_type != vals["display_type"] for line in self):
            raise UserError(self.env._(_OTHER_TYPE))
        if "product_qty" in vals:
            step = 10.0 ** -unit_digits(self.env)
            for line in self.exists():
                if line.order_id.state == "purchase" and compare(line.product_qty, vals["product_qty"] or 0.0, step):
                    line._tell_ordered(vals["product_qty"] or 0.0)
        if "qty_received" in vals:
            for line in self.exists():
                line._tell_received(vals["qty_received"] or 0.0)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_purchase_or_done(self) -> None:
        rules = self.env.db.profile.rules
        for line in self:
            if line.order_id.state not in ("purchase", "done"):
                continue
            if line.display_type and rules.purchase_notes_deletable:
                continue
            states = dict(self.env["purchase.order"]._model.fields["state"].selection or ())
            raise UserError(self.env._(rules.purchase_line_kept_text).replace("%s", states[line.order_id.state]))

    # -- what follows from the product and its vendor

    @api.onchange("product_id")
    def onchange_product_id(self) -> None:
        """Fill in the form of a line for its product."""
        if not self.product_id or (self.env.context.get("origin_po_id") and self.product_qty):
            return
        order = self.order_id
        for name, value in offers.filled(self, order, self.product_id, offers.position_of(order)).items():
            self[name] = self.env["account.tax"].browse(value[0][2]) if name == taxes_field(self) else value

    @api.versions(since=16)
    @api.computes("price_unit", "date_planned", "name", "discount")
    def _compute_price_unit_and_date_planned_and_name(self) -> None:
        """The price, day and text of the vendor's entry for the quantity; without one the cost."""
        for line in self:
            if line.product_id and line.company_id and not line.invoice_lines and not _was_typed(line):
                _take_offer(line)

    @api.versions(since=16)
    @api.depends("order_id.partner_id", "product_id")
    def _compute_analytic_distribution(self) -> None:
        known = bool(self.env.db.store.rows("account.analytic.distribution.model"))
        for line in self:
            found = (
                distribution.from_models(self.env, _analytic_facts(line)) if known and not line.display_type else None
            )
            line.analytic_distribution = found or line._rows()[0].get("analytic_distribution")

    @api.versions(since=17)
    def _compute_price_unit_discounted(self) -> None:
        for line in self:
            line.price_unit_discounted = line.price_unit * (1 - line.discount / 100)

    @api.versions(since=19)
    def _compute_selected_seller_id(self) -> None:
        for line in self:
            found = line.product_id and offers.seller_for(
                line.order_id, line.product_id, line.product_qty, unit_of(line)
            )
            line.selected_seller_id = found or self.env["product.supplierinfo"]

    @api.versions(since=19)
    def _compute_allowed_uom_ids(self) -> None:
        """The units of the product, and those in which vendors sell it."""
        for line in self:
            product = line.product_id
            line.allowed_uom_ids = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id

    @api.versions(since=19)
    def _compute_price_unit_product_uom(self) -> None:
        for line in self:
            line.price_unit_product_uom = price_in(unit_of(line), line.price_unit, line.product_id.uom_id)

    @api.versions(since=19)
    def _compute_purchase_line_warn_msg(self) -> None:
        for line in self:
            line.purchase_line_warn_msg = line.product_id.purchase_line_warn_msg or ""

    @api.versions(since=19)
    def _compute_parent_id(self) -> None:
        """The section or subsection above a line."""
        for line in self:
            line.parent_id = _heading(line)

    @api.versions(since=18)
    def action_open_order(self) -> dict[str, Any]:
        """Return the action that shows the order of a line."""
        self.ensure_one()
        return window(self.env, "purchase.order", "Purchase Order", res_id=self.order_id.id)

    # -- amounts

    @api.computes("price_subtotal", "price_tax", "price_total")
    def _compute_amount(self) -> None:
        reader = TaxReader(self.env)
        for line in self:
            without, tax = line_amounts(line, reader)
            line.price_subtotal, line.price_total = without, without + tax
            rounded = self.env.db.profile.rules.taxes_in_batches
            line.price_tax = line.price_total - line.price_subtotal if rounded else tax


def _take_offer(line: Recordset) -> None:
    order, product, unit = line.order_id, line.product_id, unit_of(line)
    taxes = line[taxes_field(line)]
    seller = offers.seller_for(order, product, line.product_qty, unit)
    if seller or not line.date_planned:
        line.date_planned = offers.arrival(order, seller)
    if seller:
        line.price_unit = offers.seller_price(order, product, seller, unit, taxes)
        if "discount" in line._model.fields:
            line.discount = seller.discount or 0.0
        wanted = offers.description(order, product, seller)
        if line.name != wanted and (not line.name or line.name in offers.descriptions(order, product)):
            line.name = wanted
        return
    # a typed price of a product that the vendor does not offer stays
    if offers.has_offers(order, product) or not line.price_unit:
        line.price_unit = offers.cost_price(order, product, unit, taxes)


def _heading(line: Recordset) -> Recordset:
    """Return the section or subsection that a line stands under; a section stands under none."""
    found = section = line.browse()
    for other in line.order_id.order_line:
        if other == line:
            break
        if other.display_type == "line_section":
            found = section = other
        elif other.display_type == "line_subsection":
            found = other
    if line.display_type == "line_section":
        return line.browse()
    return section if line.display_type == "line_subsection" else found


def _was_typed(line: Recordset) -> bool:
    """Return whether the price is not the one that was computed last; before 19 that is not known."""
    return "technical_price_unit" in line._model.fields and line.technical_price_unit != line.price_unit


def _analytic_facts(line: Recordset) -> dict[str, Any]:
    """Return what the models of analytic distributions go by."""
    return {
        "product_id": line.product_id.id,
        "product_categ_id": line.product_id.categ_id.id,
        "partner_id": line.order_id.partner_id.id,
        "partner_category_id": line.order_id.partner_id.category_id.ids,
        "company_id": line.company_id.id,
    }
