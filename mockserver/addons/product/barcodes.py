"""Barcodes: one product each, and no packaging has that of a product.

Source: recorded in flow-product-1, flow-product-3 (17.0, 18.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.base.enumeration import enumerated
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Environment, Recordset


def refuse_duplicates(products: Recordset) -> None:
    """Raise ValidationError for barcodes that other active products of the same company have, or packagings."""
    env = products.env
    for company in dict.fromkeys(product.company_id.id for product in products):
        barcodes = [product.barcode for product in products if product.barcode and product.company_id.id == company]
        if barcodes:
            domain: list[Any] = [("barcode", "in", barcodes)]
            domain += [("company_id", "in", (False, company))] if company else []
            _refuse_shared(env, domain)
            packagings = _packagings(env)
            if packagings is not None and packagings.sudo().search(domain, limit=1):
                raise ValidationError(env._("A packaging already uses the barcode"))


def refuse_those_of_products(packagings: Recordset) -> None:
    """Raise ValidationError for barcodes of packagings that a product has."""
    barcodes = [packaging.barcode for packaging in packagings if packaging.barcode]
    if packagings.env["product.product"].search([("barcode", "in", barcodes)], limit=1):
        raise ValidationError(packagings.env._("A product already uses the barcode"))


def _refuse_shared(env: Environment, domain: list[Any]) -> None:
    found = env["product.product"].sudo().search(domain)
    shared = []
    for barcode in dict.fromkeys(found.mapped("barcode")):
        same = [product.id for product in found if product.barcode == barcode]
        if len(same) > 1:
            order = "id" if env.db.profile.rules.barcode_owners_by_id else None
            visible = env["product.product"].search([("id", "in", same)], order=order)
            names = enumerated(env, visible.mapped("display_name"))
            text = env._('- Barcode "%s" already assigned to product(s): %s')
            shared.append(text.replace("%s", str(barcode), 1).replace("%s", names, 1))
    if shared:
        note = env._("\n\nNote: products that you don't have access to will not be shown above.")
        text = env._("Barcode(s) already assigned:\n\n%s")
        raise ValidationError(text.replace("%s", "\n".join(shared) + note))


def _packagings(env: Environment) -> Recordset | None:
    return next((env[model] for model in ("product.packaging", "product.uom") if model in env), None)
