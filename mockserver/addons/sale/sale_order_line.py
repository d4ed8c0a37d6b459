"""sale.order.line: names, and which lines may be written, changed and deleted.

Source: 17.0; recorded in flow-sale-1 and flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sale.line_prices import Asked, discount, unit_price
from mockserver.addons.sale.sale_order_actions import is_locked
from mockserver.addons.sale.sale_order_line_fields import description, mapped_taxes
from mockserver.addons.sale.totals import taxes_field
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.writing.commands import SET

if TYPE_CHECKING:
    from typing_extensions import Self

_QUANTITY = "product_uom_qty"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines: sections and notes have no quantity; confirmed orders note new products in the chatter."""
        given = [dict(vals) for vals in (vals_list if isinstance(vals_list, (list, tuple)) else [vals_list])]
        kind = self.env.context.get("default_display_type")
        remembers = "technical_price_unit" in self._model.fields
        for vals in given:
            if remembers and "price_unit" in vals:
                # a price that a new line comes with is not one that was typed into it
                vals.setdefault("technical_price_unit", vals["price_unit"])
            if vals.get("display_type", kind):
                vals[_QUANTITY] = 0.0
            elif vals.get("product_id") and not (vals.get("order_id") or self.env.context.get("default_order_id")):
                self.env["sale.order"].ensure_one()
            else:
                vals |= self._missing_values(vals)
        lines = super().create(given)
        if not self.env.context.get("sale_no_log_for_new_lines"):
            for line in lines:
                if line.product_id and line.state == "sale":
                    line.order_id.message_post(body=f"Extra line with {line.product_id.display_name}")
        return lines

    @api.versions(until=15, name="_missing_values")
    def _missing_values_15(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a new line takes from its product, where nothing is computed; Inferred: 11 to 15."""
        product = self.env["product.product"].browse(vals.get("product_id") or ())
        order = self.env["sale.order"].browse(vals.get("order_id") or ())
        if not product or not order or vals.get("display_type"):
            return {}
        unit = self.env["uom.uom"].browse(vals.get("product_uom") or ()) or product.uom_id
        what = Asked(order, product, vals.get(_QUANTITY, 1.0), unit)
        found = {
            "name": description(order, product),
            "product_uom": unit.id,
            "price_unit": unit_price(what),
            "discount": discount(what) or 0.0,
            "tax_id": [(SET, 0, mapped_taxes(order, product).ids)],
        }
        return {name: value for name, value in found.items() if name not in vals}

    @api.versions(since=16)
    def _missing_values(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return nothing: what follows from the product is computed."""
        return {}

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; a new quantity of a confirmed line is noted in the chatter."""
        if "display_type" in vals and any(line.display_type != vals["display_type"] for line in self):
            raise UserError(
                "You cannot change the type of a sale order line. Instead you should delete the current line and "
                "create a new line of the proper type."
            )
        if "product_id" in vals and self.env.db.profile.rules.order_products_stay:
            others = self.filtered(lambda line: line.product_id.id != vals["product_id"])
            if any(not line.product_updatable for line in others):
                raise UserError("You cannot modify the product of this order line.")
        if _QUANTITY in vals:
            self._tell_quantity(vals)
        self._check_locked(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self) -> None:
        if self._check_line_unlink():
            raise UserError(
                "Once a sales order is confirmed, you can't remove one of its lines (we need to track if something "
                "gets invoiced or delivered).\n                Set the quantity to 0 instead."
            )

    def _check_line_unlink(self) -> Any:
        """Return the lines that may not be deleted: those of confirmed orders, but for texts and open down payments."""
        return self.filtered(
            lambda line: (
                line.state in ("sale", "done")
                and (line.invoice_lines or not line.is_downpayment)
                and not line.display_type
            )
        )

    # -- guards

    def _check_locked(self, vals: Mapping[str, Any]) -> None:
        """Raise UserError if the write changes what a locked order keeps."""
        changed = self._get_protected_fields() & vals.keys()
        if not changed or not any(is_locked(order) for order in self.order_id):
            return
        if "name" in changed and all(self.mapped("is_downpayment")):
            changed -= {"name"}
        if changed:
            labels = "\n".join(self._model.fields[name].string for name in sorted(changed))
            raise UserError(f"It is forbidden to modify the following fields in a locked order:\n{labels}")

    def _get_protected_fields(self) -> set[str]:
        unit = "product_uom_id" if "product_uom_id" in self._model.fields else "product_uom"
        taxes = taxes_field(self)
        return {"product_id", "name", "price_unit", unit, _QUANTITY, taxes, "analytic_distribution"}

    def _tell_quantity(self, vals: Mapping[str, Any]) -> None:
        """Post the old and the new quantity of confirmed lines."""
        step = 10.0 ** -self.env["decimal.precision"].precision_get("Product Unit of Measure")
        new = vals[_QUANTITY]
        lines = self.filtered(lambda line: line.state == "sale" and compare(line[_QUANTITY], new, step) != 0)
        if lines:
            lines._update_line_quantity(vals)

    def _update_line_quantity(self, values: Mapping[str, Any]) -> None:
        for order, lines in self.grouped("order_id").items():
            items = "".join(
                _quantity_item(line, values[_QUANTITY])
                for line in lines
                if "product_id" not in values or values["product_id"] == line.product_id.id
            )
            text = f"<b>The ordered quantity has been updated.</b><ul>{items}</ul>"
            order.message_post(body=text, body_is_html=True)

    # -- names

    @api.versions(until=16, name="_compute_display_name")
    def _compute_display_name_16(self) -> None:
        """The order, the first line of the text, and the customer's reference."""
        for line in self.sudo():
            reference = line.order_partner_id.ref
            name = line._short_name()
            line.display_name = f"{name} ({reference})" if reference else name

    @api.versions(since=17)
    def _compute_display_name(self) -> None:
        """The order, what the line is, and the customer's reference or name."""
        for line in self.sudo():
            customer = line.order_partner_id.commercial_partner_id
            line.display_name = f"{line._short_name()} ({customer.ref or customer.name})"

    @api.versions(until=17, name="_short_name")
    def _short_name_17(self) -> str:
        """Return the order and the first line of the text."""
        text = _first_line(self) or self.product_id.name
        return f"{self.order_id.name} - {text}"

    @api.versions(since=18, until=18, name="_short_name")
    def _short_name_18(self) -> str:
        """Return the order and the product's name; without a product the first line of the text."""
        return f"{self.order_id.name} - {self.product_id.name or _first_line(self)}"

    @api.versions(since=19)
    def _short_name(self) -> str:
        """Return the order and the product with its code; without a product the first line of the text."""
        return f"{self.order_id.name} - {self.product_id.display_name or _first_line(self)}"


def _first_line(line: Any) -> str:
    return str(line.name or "").split("\n")[0]


def _quantity_item(line: Any, new: Any) -> str:
    """Return what the chatter says of one line's new quantity."""
    name = html.escape(str(line.product_id.display_name))
    texts = [f"<li> {name}: <br/>", f"Ordered Quantity: {line[_QUANTITY]} -&gt; {new}<br/>"]
    if line.product_id.type in ("consu", "product"):
        texts.append(f"Delivered Quantity: {line.qty_delivered}<br/>")
    return "".join([*texts, f"Invoiced Quantity: {line.qty_invoiced}<br/>"])
