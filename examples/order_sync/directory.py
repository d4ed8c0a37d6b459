"""Records of Odoo by what the shop calls them."""

from __future__ import annotations

from typing import Any

from erp import Erp

MODULE = "shop"  # the first part of the external ids of what the shop has sent


class Directory:
    """Finds products by their code, customers by their address, and records by their external id."""

    def __init__(self, erp: Erp) -> None:
        self.erp = erp

    def product(self, code: str, fields: list[str]) -> dict[str, Any] | None:
        """Return fields of a product, of one in the archive too."""
        rows = self.erp.call(
            "product.product", "search_read", [("default_code", "=", code)], fields,
            limit=1, context={"active_test": False},
        )  # fmt: skip
        return rows[0] if rows else None

    def known_product(self, code: str) -> int:
        """Return the id of a product; raises LookupError if there is none."""
        product = self.product(code, ["name"])
        if product is None:
            raise LookupError(f"there is no product {code}")
        found: int = product["id"]
        return found

    def customer(self, name: str, email: str) -> int:
        """Return the id of a customer, who is created if there is none with this address."""
        found: list[int] = self.erp.call("res.partner", "search", [("email", "=", email)], limit=1, order="id")
        if found:
            return found[0]
        created: int = self.erp.call("res.partner", "create", {"name": name, "email": email})
        return created

    def by_external_id(self, model: str, name: str) -> int | None:
        """Return the id of the record that the shop has sent under a name, if it is there."""
        domain = [("module", "=", MODULE), ("name", "=", name), ("model", "=", model)]
        rows = self.erp.call("ir.model.data", "search_read", domain, ["res_id"], limit=1)
        return rows[0]["res_id"] if rows else None
