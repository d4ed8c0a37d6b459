"""product.product: display names, codes by vendor, and the search by name, code, barcode and vendor's code.

Source: recorded in flow-product-1, flow-product-2, flow-product-3 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mockserver import api, models
from mockserver.addons.product.attribute_values import combination_name
from mockserver.addons.product.vendors import vendor_field
from mockserver.orm.query.operators import is_negative
from mockserver.orm.records.environment import Recordset

_POSITIVE = ("=", "ilike", "=ilike", "like", "=like")


class ProductProduct(models.Model):
    _inherit = "product.product"

    # -- names

    def _compute_display_name(self) -> None:
        """The code, name and values of the variant, as the vendor of the context calls them."""
        for product in self.sudo():
            product.display_name = ", ".join(dict.fromkeys(_names(product)))

    def _compute_code(self) -> None:
        vendor = self.env.context.get("partner_id")
        for product in self:
            code = product.default_code
            for seller in product.sudo().seller_ids if vendor else ():
                if seller.partner_id.id != vendor or (seller.product_id and seller.product_id != product):
                    continue
                code = seller.product_code or product.default_code
                if seller.product_id:
                    break
            product.code = code

    def _compute_partner_ref(self) -> None:
        vendor = self.env.context.get("partner_id")
        for product in self:
            sellers = product.sudo().seller_ids if vendor else ()
            seller = next((seller for seller in sellers if seller.partner_id.id == vendor), None)
            if seller is None:
                product.partner_ref = product.display_name
            else:
                name = seller.product_name or product.default_code or product.name
                product.partner_ref = f"[{product.code}] {name}" if product.code else name

    # -- search

    @api.model(until=17)
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of variants by code, barcode, name, or the code that the vendor of the context has."""
        if not name:
            return super()._name_search(name, domain, "ilike", limit, order)
        return self._found_by_name(name, domain, operator, limit, order, ())

    @api.model(since=18, until=18, name="name_search")
    def name_search_18(
        self, name: str = "", args: Any = None, operator: str = "ilike", limit: Any = 100
    ) -> list[list[Any]]:
        """Return `[[id, display name]]` of variants by code, barcode, name, or the code of the context's vendor."""
        return self._named(name, args, operator, limit)

    @api.model(since=19)
    def name_search(
        self, name: str = "", domain: Any = None, operator: str = "ilike", limit: Any = 100
    ) -> list[list[Any]]:
        """Return `[[id, display name]]` of variants by code, barcode, name, or the code of the context's vendor."""
        return self._named(name, domain, operator, limit)

    def _named(self, name: str, domain: Any, operator: str, limit: Any) -> list[list[Any]]:
        known = list(domain or [])
        if name:
            ids = self._found_by_name(name, known, operator, limit, None, known)
        else:
            ids = self._name_search(name, known, operator, limit)
        return [[product.id, product.display_name] for product in self.browse(ids)]

    def _found_by_name(
        self, name: Any, domain: Any, operator: str, limit: Any, order: Any, also: Sequence[Any]
    ) -> list[int]:
        """Return the ids of the first that is not empty of what the ways to understand a name find.

        `also` is the part of the domain that what is found by a vendor's code satisfies.
        """
        known, positive = list(domain or []), operator in _POSITIVE

        def search(*leaves: Any, limit: Any = limit) -> list[int]:
            return self.search([*known, *leaves], limit=limit, order=order).ids

        found: list[int] = []
        if positive:
            found = search(("default_code", "=", name)) or search(("barcode", "=", name))
        if not found and not is_negative(operator):
            found = search(("default_code", operator, name))
            left = limit - len(found) if limit else None
            if left is None or left > 0:
                found += search(("name", operator, name), ("id", "not in", found), limit=left)
        elif not found:
            by_name = ("name", operator, name)
            with_code = ["&", ("default_code", operator, name), by_name]
            found = search("|", *with_code, "&", ("default_code", "=", False), by_name)
        code = _code(name) if positive and not found else None
        if code is not None:
            found = search(("default_code", "=", code))
        entries = _entries(self, name, operator) if not found and self.env.context.get("partner_id") else ()
        if entries:
            leaf = ("product_tmpl_id.seller_ids", "in", entries.ids)
            found = self.search([*also, leaf], limit=limit, order=order).ids
        return found

    @api.versions(since=18)
    def _search_display_name(self, operator: str, value: Any) -> list[Any]:
        """Return the domain of the variants with such a name, code, barcode or vendor's code."""
        negative = is_negative(operator)
        found: list[list[Any]] = [[("name", operator, value)], [("default_code", operator, value)]]
        if operator in ("=", "in") or (operator.endswith("like") and not negative):
            found.append([("barcode", "in", value if operator == "in" else [value])])
        code = _code(value) if operator == "=" and isinstance(value, str) else None
        if code is not None:
            found.append([("default_code", "=", code)])
        if self.env.context.get("partner_id") and not negative:
            found.append([("product_tmpl_id.seller_ids", "in", _entries(self, value, operator).ids)])
        return [*("&" if negative else "|" for _ in found[1:]), *(leaf for domain in found for leaf in domain)]


def _names(product: Recordset) -> Iterator[str]:
    """Yield the names of a product, one for each vendor's entry that the context chooses, else its own."""
    variant = combination_name(product.product_template_attribute_value_ids)
    name = _with_values(product.name, variant)
    sellers = _sellers(product)
    for seller in sellers:
        own = _with_values(seller.product_name, variant) if seller.product_name else name
        yield _with_code(product, own, seller.product_code or product.default_code)
    if not sellers:
        yield _with_code(product, name, product.default_code)


def with_code(record: Recordset, name: str, code: Any) -> str:
    """Return a name with the internal reference; marked up for menus with `formatted_display_name`, from 19 on."""
    if not code:
        return name
    formatted = record.env.context.get("formatted_display_name") and record.env.db.profile.rules.formatted_names
    return f"{name}\t--{code}--" if formatted else f"[{code}] {name}"


def _with_values(name: Any, values: str) -> str:
    return f"{name} ({values})" if values else str(name or "")


def _with_code(product: Recordset, name: str, code: Any) -> str:
    return with_code(product, name, code) if product.env.context.get("display_default_code", True) else name


def _sellers(product: Recordset) -> Recordset:
    """Return the vendors' entries that the context chooses: those of its vendor for the variant, else for all."""
    context, entries = product.env.context, product.env["product.supplierinfo"]
    if context.get("seller_id"):
        return entries.browse(context["seller_id"])
    if not context.get("partner_id") or not context.get("use_partner_name", True):
        return entries
    vendor = product.env["res.partner"].browse(context["partner_id"])
    vendors = [vendor.id, vendor.commercial_partner_id.id]
    field = vendor_field(product.env)
    found = entries.search([("product_tmpl_id", "=", product.product_tmpl_id.id), (field, "in", vendors)])
    own = found.filtered(lambda entry: entry.product_id == product)
    chosen: Recordset = own or found.filtered(lambda entry: not entry.product_id)
    company = context.get("company_id")
    return chosen.filtered(lambda entry: entry.company_id.id in (company, False)) if company else chosen


def _code(name: str) -> str | None:
    """Return what stands in the first brackets of one line, None if nothing does."""
    for line in name.split("\n"):
        _, opening, rest = line.partition("[")
        code, closing, _ = rest.partition("]")
        if opening and closing:
            return code
    return None


def _entries(products: Recordset, name: Any, operator: str) -> Recordset:
    """Return the entries of the context's vendor with a code or name."""
    vendor = (vendor_field(products.env), "=", products.env.context["partner_id"])
    named = ["|", ("product_code", operator, name), ("product_name", operator, name)]
    return products.env["product.supplierinfo"].search([vendor, *named])
