"""The values of the invoice lines of orders.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

Values = dict[str, Any]


def of_line(line: Recordset) -> Values:
    """Return the values of the invoice line for what is left to invoice of an order line."""
    row, fields, known = line._rows()[0], line._model.fields, line.env.db.registry["account.move.line"].fields
    values: Values = {
        "sequence": row.get("sequence") or 0,
        "name": text(line),
        "product_id": row.get("product_id") or False,
        "product_uom_id": row.get("product_uom_id" if "product_uom_id" in fields else "product_uom") or False,
        "quantity": row.get("qty_to_invoice") or 0.0,
        "discount": row.get("discount") or 0.0,
        "price_unit": row.get("price_unit") or 0.0,
        "tax_ids": [(6, 0, row.get("tax_ids" if "tax_ids" in fields else "tax_id") or ())],
        "sale_line_ids": [(4, row["id"], 0)],
    }
    if "is_downpayment" in known:
        values["is_downpayment"] = bool(row.get("is_downpayment"))
    if row.get("display_type"):
        return {**values, "display_type": row["display_type"]}
    return {**values, **_analytic(line, row)}


def text(line: Recordset) -> str:
    """Return what an invoice says of an order line: since 18 with the name of the product, if the text lacks it."""
    name, product = str(line.name or ""), line.product_id
    if not line.env.db.profile.rules.products_named_on_invoices or not product:
        return name
    short = f"[{product.default_code}] {product.name}" if product.default_code else str(product.name)
    if short in name and not product.product_template_attribute_value_ids:
        return name
    full = str(product.display_name)
    return name if full in name else f"{full} {name}"


def _analytic(line: Recordset, row: Row) -> Values:
    """Return what says what the amount is for: by the line, and until 17 by the order."""
    order = line.env.db.store.get("sale.order", row.get("order_id") or 0) or {}
    account = order.get("analytic_account_id")
    if "analytic_distribution" not in line._model.fields:
        return {
            "analytic_account_id": account or False,
            "analytic_tag_ids": [(6, 0, row.get("analytic_tag_ids") or ())],
        }
    shares = dict(row.get("analytic_distribution") or {})
    if account:
        shares[str(account)] = shares.get(str(account), 0) + 100
    return {"analytic_distribution": shares} if shares else {}
