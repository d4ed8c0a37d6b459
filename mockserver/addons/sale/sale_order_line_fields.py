"""What an order line takes from its product, its unit and its order.

Source: 17.0; recorded in flow-sale-1, flow-product-2 and flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockserver import api, models
from mockserver.addons.analytic import analytic_distribution as distribution
from mockserver.addons.sale.invoiced import is_confirmed, rows
from mockserver.addons.sale.sale_order_actions import is_locked
from mockserver.addons.sale.sale_order_fields import moment_after
from mockserver.orm.records.environment import Recordset


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.versions(since=16)
    def _compute_name(self) -> None:
        known: dict[tuple[Any, ...], str] = {}  # of lines without values of their own
        for line in self:
            product, order = line.product_id, line.order_id
            if not product:
                line.name = line.name
                continue
            key, values = (order._ids, product._ids), _chosen_values(line)
            if values:
                line.name = description(order, product, values)
            else:
                known[key] = line.name = known.get(key) or description(order, product)

    @api.versions(since=16, until=18)
    def _compute_product_uom(self) -> None:
        for line in self:
            line.product_uom = line.product_id.uom_id or line.product_uom

    @api.versions(since=19)
    def _compute_product_uom_id(self) -> None:
        for line in self:
            line.product_uom_id = line.product_id.uom_id or line.product_uom_id

    @api.versions(since=16, until=18)
    def _compute_tax_id(self) -> None:
        for line, taxes in _mapped_taxes(self):
            line.tax_id = taxes

    @api.versions(since=19)
    def _compute_tax_ids(self) -> None:
        for line, taxes in _mapped_taxes(self):
            line.tax_ids = taxes

    @api.versions(since=16)
    def _compute_product_template_id(self) -> None:
        for line in self:
            line.product_template_id = line.product_id.product_tmpl_id

    @api.versions(since=16)
    def _search_product_template_id(self, operator: str, value: Any) -> list[Any]:
        return [("product_id.product_tmpl_id", operator, value)]

    @api.versions(since=16)
    def _compute_customer_lead(self) -> None:
        for line in self:
            line.customer_lead = 0.0

    @api.versions(since=16)
    def _compute_product_uom_qty(self) -> None:
        for line in self:
            line.product_uom_qty = 0.0 if line.display_type else line.product_uom_qty

    @api.versions(since=16)
    def _compute_product_no_variant_attribute_value_ids(self) -> None:
        """Those that were chosen, as far as the product has them."""
        for line in self:
            chosen = line.product_no_variant_attribute_value_ids
            if not chosen:
                line.product_no_variant_attribute_value_ids = chosen
                continue
            valid = line.product_id.product_tmpl_id.valid_product_template_attribute_line_ids
            values = valid.product_template_value_ids
            line.product_no_variant_attribute_value_ids = chosen.filtered(lambda one, known=values: one in known)

    @api.versions(since=16)
    def _compute_product_custom_attribute_value_ids(self) -> None:
        """Those that were typed, as far as the product takes them."""
        for line in self:
            typed = line.product_custom_attribute_value_ids
            if not typed:
                line.product_custom_attribute_value_ids = typed
                continue
            valid = line.product_id.product_tmpl_id.valid_product_template_attribute_line_ids
            values = valid.product_template_value_ids
            line.product_custom_attribute_value_ids = typed.filtered(
                lambda one, known=values: one.custom_product_template_attribute_value_id in known
            )

    def _compute_is_service(self) -> None:
        for line in self:
            line.is_service = line.product_id.type == "service"

    @api.versions(since=16)
    def _compute_analytic_distribution(self) -> None:
        known = bool(self.env.db.store.rows("account.analytic.distribution.model"))
        for line in self:
            found = None
            if known and not line.display_type:
                found = distribution.from_models(line.env, _sharing(line))
            line.analytic_distribution = found or line._rows()[0].get("analytic_distribution")

    @api.versions(since=18)
    def _compute_is_product_archived(self) -> None:
        for line in self:
            line.is_product_archived = bool(line.product_id and not line.product_id.active)

    @api.versions(since=19)
    def _compute_allowed_uom_ids(self) -> None:
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.versions(since=19)
    def _compute_translated_product_name(self) -> None:
        for line in self:
            lang = line.order_id.partner_id.lang
            product = line.product_id.with_context(lang=lang) if lang else line.product_id
            line.translated_product_name = product.display_name

    @api.versions(since=19)
    def _compute_parent_id(self) -> None:
        """The section or subsection that the line stands below."""
        for line in self:
            section = sub = line.browse()
            for other in line.order_id.order_line.sorted(lambda one: (one.sequence, one.id)):
                if other == line:
                    break
                if other.display_type == "line_section":
                    section, sub = other, line.browse()
                elif other.display_type == "line_subsection":
                    sub = other
            above = {"line_section": line.browse(), "line_subsection": section}
            line.parent_id = above.get(line.display_type or "", sub or section)

    @api.versions(since=19)
    def get_parent_section_line(self) -> Any:
        """Return the section that the line stands below, above a subsection."""
        parent = self.parent_id
        return parent.parent_id if parent.display_type == "line_subsection" else parent

    # -- what may be changed

    def _compute_product_updatable(self) -> None:
        """Not the product of a cancelled line, nor of a confirmed one that is locked, delivered or invoiced."""
        for line in self:
            done = is_locked(line.order_id) or line.qty_invoiced > 0 or line.qty_delivered > 0
            line.product_updatable = line.state != "cancel" and not (line.state in ("sale", "done") and done)

    def _compute_product_uom_readonly(self) -> None:
        for line in self:
            line.product_uom_readonly = line.state in ("sale", "done", "cancel")

    # -- deliveries

    @api.versions(since=19)
    def _compute_qty_delivered_at_date(self) -> None:
        for line in self:
            line.qty_delivered_at_date = line.qty_delivered

    def _expected_date(self) -> str:
        """Return when the line can be delivered: its lead time after the order is confirmed, or after now."""
        self.ensure_one()
        [line] = rows(self)
        orders = rows(self.order_id) if is_confirmed(line) else ()
        ordered = orders[0].get("date_order") if orders else None
        return moment_after(ordered or self.env.db.clock.now(), line.get("customer_lead") or 0.0)


def _sharing(line: Recordset) -> dict[str, Any]:
    """Return what models of analytic distributions are asked for."""
    partner = line.order_id.partner_id
    return {
        "product_id": line.product_id.id,
        "product_categ_id": line.product_id.categ_id.id,
        "partner_id": partner.id,
        "partner_category_id": partner.category_id.ids,
        "company_id": line.company_id.id,
    }


def description(order: Recordset, product: Recordset, values: Iterable[Recordset] = ()) -> str:
    """Return what an order says of a product and of chosen values, in the customer's language."""
    lang = order.partner_id.lang
    seen = product.with_context(lang=lang) if lang else product
    texts = [seen.get_product_multiline_description_sale(), *(value.display_name for value in values)]
    return "\n".join(str(text) for text in texts)


def _chosen_values(line: Recordset) -> list[Recordset]:
    """Return the values that make no variant, and those that were typed."""
    typed = line.product_custom_attribute_value_ids
    if not typed and not line.product_no_variant_attribute_value_ids:
        return []
    replaced = typed.custom_product_template_attribute_value_id
    chosen = [value for value in line.product_no_variant_attribute_value_ids if value not in replaced]
    return [*chosen, *typed.sorted(lambda value: (value.custom_product_template_attribute_value_id.id, value.id))]


def _mapped_taxes(lines: Recordset) -> Iterator[tuple[Recordset, Recordset]]:
    """Yield lines with their `mapped_taxes`, which are found once for a product of an order."""
    known: dict[tuple[Any, ...], Recordset] = {}
    for line in lines:
        order, product = line.order_id, line.product_id
        key = order._ids, product._ids
        if key not in known:
            known[key] = mapped_taxes(order, product)
        yield line, known[key]


def mapped_taxes(order: Recordset, product: Recordset) -> Recordset:
    """Return the product's taxes of the order's company, or of the one above it, as the fiscal position maps them."""
    company = order.company_id or order.env.company
    taxes: Recordset = product.taxes_id.browse()
    while company and not taxes:
        taxes = product.taxes_id.filtered(lambda tax, own=company: tax.company_id == own)
        company = company.parent_id
    position = order.fiscal_position_id
    mapped: Recordset = position.map_tax(taxes) if position and taxes else taxes
    return mapped
