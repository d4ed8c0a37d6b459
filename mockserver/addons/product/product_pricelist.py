"""product.pricelist: names, prices, and which pricelist a contact has.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.product.prices import price_by, price_of, wanted, winning_rule
from mockserver.errors import UserError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class Pricelist(models.Model):
    _inherit = "product.pricelist"

    def _default_currency_id(self) -> Any:
        return self.env.company.currency_id

    @api.versions(since=17)
    def _default_company_id(self) -> Any:
        return self.env.company

    def _compute_display_name(self) -> None:
        for pricelist in self:
            pricelist.display_name = f"{pricelist.name} ({pricelist.currency_id.name})"

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named as a copy in some versions."""
        name = {"name": self.env._("%s (copy)").replace("%s", str(self.ensure_one().name))}
        return super().copy(
            {**(name if self.env.db.profile.rules.copied_pricelists_renamed else {}), **(default or {})}
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_as_rule_base(self) -> None:
        rules = self.env["product.pricelist.item"].sudo().with_context(active_test=False)
        used = rules.search(
            [("base", "=", "pricelist"), ("base_pricelist_id", "in", self.ids), ("pricelist_id", "not in", self.ids)]
        )
        if used:
            bases, users = (
                "\n".join(pricelist.display_name for pricelist in used.mapped(name))
                for name in ("base_pricelist_id", "pricelist_id")
            )
            text = self.env._(self.env.db.profile.rules.used_pricelist_text)
            raise UserError(text.replace("%s", bases, 1).replace("%s", users, 1))

    # -- prices

    def _get_product_price(
        self, product: Recordset, quantity: float, currency: Recordset | None = None, uom: Recordset | None = None,
        date: str | None = None,
    ) -> float:  # fmt: skip
        """Return the price of one unit of a product."""
        return self._get_product_price_rule(product, quantity, currency, uom, date)[0]

    def _get_product_rule(
        self, product: Recordset, quantity: float, currency: Recordset | None = None, uom: Recordset | None = None,
        date: str | None = None,
    ) -> Recordset:  # fmt: skip
        """Return the rule that gives the price of a product; none for its sales price."""
        return winning_rule(self, wanted(self, product, quantity, unit=uom, date=date, currency=currency))

    def _get_product_price_rule(
        self, product: Recordset, quantity: float, currency: Recordset | None = None, uom: Recordset | None = None,
        date: str | None = None,
    ) -> tuple[float, Recordset]:  # fmt: skip
        """Return the price of one unit of a product, and the rule that gives it."""
        goods = wanted(self, product, quantity, unit=uom, date=date, currency=currency)
        rule = winning_rule(self, goods)
        return price_by(rule, goods), rule

    @api.versions(until=15)
    def price_get(self, prod_id: int, qty: float, partner: Any = None) -> dict[int, float]:
        """Return `{pricelist id: price}` of a variant."""
        return {id_: price for id_, (price, _) in self.price_rule_get(prod_id, qty, partner).items()}

    @api.versions(until=15)
    def price_rule_get(self, prod_id: int, qty: float, partner: Any = None) -> dict[int, tuple[float, Any]]:
        """Return `{pricelist id: (price, rule id)}` of a variant."""
        product, found = self.env["product.product"].browse(prod_id), {}
        for pricelist in self or self.search([]):
            price, rule = pricelist._get_product_price_rule(product, qty, date=self.env.context.get("date"))
            found[pricelist.id] = (price, rule.id)
        return found


def contextual_price(product: Recordset) -> float:
    """Return the price of a product by the pricelist, quantity, unit and date of the context."""
    context = product.env.context
    pricelist = _named_pricelist(product, context.get("pricelist"))
    unit = product.env["uom.uom"].browse(context.get("uom") or ())
    goods = wanted(pricelist, product, context.get("quantity", 1.0), unit=unit, date=context.get("date"))
    return price_of(pricelist, goods)


def _named_pricelist(product: Recordset, name: Any) -> Recordset:
    """Return a pricelist by its id or name, alone or as the first of a list."""
    pricelists: Recordset = product.env["product.pricelist"]
    first = name[0] if isinstance(name, (list, tuple)) and name else name
    by_name = isinstance(first, str)
    found: Recordset = pricelists.search([("name", "=", first)], limit=1) if by_name else pricelists.browse(first or ())
    return found
