"""account.tax: what taxes come to on a price, as clients ask for it.

Source: 17.0, 18.0; recorded in flow-tax-1 (17.0–19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.account.tax_values import Part, Prices
from mockserver.orm.fields.numbers import round_to


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.versions(until=14, name="compute_all")
    def compute_all_14(
        self,
        price_unit: float,
        currency: Any = None,
        quantity: float = 1.0,
        product: Any = None,
        partner: Any = None,
        is_refund: bool = False,
        handle_price_include: bool = True,
    ) -> dict[str, Any]:
        """Return what the taxes come to on a price."""
        return _computed(self, price_unit, currency, quantity, product, partner, is_refund, handle_price_include)

    @api.versions(since=15, until=15, name="compute_all")
    def compute_all_15(
        self,
        price_unit: float,
        currency: Any = None,
        quantity: float = 1.0,
        product: Any = None,
        partner: Any = None,
        is_refund: bool = False,
        handle_price_include: bool = True,
        include_caba_tags: bool = False,
    ) -> dict[str, Any]:
        """Return what the taxes come to on a price."""
        return _computed(
            self, price_unit, currency, quantity, product, partner, is_refund, handle_price_include, include_caba_tags
        )

    @api.versions(since=16, until=17, name="compute_all")
    def compute_all_16(
        self,
        price_unit: float,
        currency: Any = None,
        quantity: float = 1.0,
        product: Any = None,
        partner: Any = None,
        is_refund: bool = False,
        handle_price_include: bool = True,
        include_caba_tags: bool = False,
        fixed_multiplicator: float = 1,
    ) -> dict[str, Any]:
        """Return what the taxes come to on a price."""
        return _computed(
            self, price_unit, currency, quantity, product, partner, is_refund, handle_price_include, include_caba_tags
        )

    @api.versions(since=18)
    def compute_all(
        self,
        price_unit: float,
        currency: Any = None,
        quantity: float = 1.0,
        product: Any = None,
        partner: Any = None,
        is_refund: bool = False,
        handle_price_include: bool = True,
        include_caba_tags: bool = False,
        rounding_method: str | None = None,
    ) -> dict[str, Any]:
        """Return what the taxes come to on a price."""
        return _computed(
            self, price_unit, currency, quantity, product, partner, is_refund, handle_price_include, include_caba_tags,
            rounding_method=rounding_method,
        )  # fmt: skip

    @api.versions(until=17)
    def json_friendly_compute_all(
        self,
        price_unit: float,
        currency_id: int | None = None,
        quantity: float = 1.0,
        product_id: int | None = None,
        partner_id: int | None = None,
        is_refund: bool = False,
        include_caba_tags: bool = False,
    ) -> dict[str, Any]:
        """Return what `compute_all` does, with ids instead of records."""
        env = self.env
        found: dict[str, Any] = self.call(
            "compute_all", price_unit,
            currency=env["res.currency"].browse(currency_id) if currency_id else None,
            quantity=quantity,
            product=env["product.product"].browse(product_id) if product_id else None,
            partner=env["res.partner"].browse(partner_id) if partner_id else None,
            is_refund=is_refund or _is_refund_price(self, price_unit),
        )  # fmt: skip
        for tax in found["taxes"]:
            tax["group"] = tax["group"].id if tax["group"] else None
        return found

    @api.versions(since=18)
    def flatten_taxes_hierarchy(self) -> Any:
        """Return the taxes in the order in which they apply, those of groups in the place of their group."""
        ordered = engine.flattened(TaxReader(self.env)(self._ids), once=True)
        return self.browse([tax.id for tax, _ in ordered])

    @api.versions(until=17, name="flatten_taxes_hierarchy")
    def flatten_taxes_hierarchy_14(self, create_map: bool = False) -> Any:
        """Return the taxes in the order in which they apply, those of groups in the place of their group."""
        ordered = engine.flattened(TaxReader(self.env)(self._ids))
        taxes = self.browse([tax.id for tax, _ in ordered])
        if not create_map:
            return taxes
        return taxes, {self.browse(tax.id): self.browse(group.id) for tax, group in ordered if group}

    def get_tax_tags(self, is_refund: bool, repartition_type: str) -> Any:
        """Return the tags of the repartition lines of a sort."""
        lines = self.mapped("refund_repartition_line_ids" if is_refund else "invoice_repartition_line_ids")
        return lines.filtered(lambda line: line.repartition_type == repartition_type).mapped("tag_ids")


def _is_refund_price(taxes: Any, price: float) -> bool:
    """Return whether a price that a bank statement names is one of a refund."""
    use = taxes[:1].type_tax_use
    return bool((use == "sale" and price > 0) or (use == "purchase" and price < 0))


def _company(taxes: Any) -> Any:
    return taxes[:1].company_id or taxes.env.company


def _computed(
    taxes: Any,
    price: float,
    currency: Any,
    quantity: float,
    product: Any,
    partner: Any,
    refund: bool,
    handle_price_include: bool,
    cash_basis_tags: bool = False,
    rounding_method: str | None = None,
) -> dict[str, Any]:
    """Return the totals and the taxes of a price as `compute_all` words them."""
    env, context = taxes.env, taxes.env.context
    method = _method(taxes, rounding_method)
    prices: Prices = "as the tax says"
    if method.batches and "force_price_include" in context:
        prices = "included" if context["force_price_include"] else "excluded"
    elif context.get("force_price_include"):
        prices = "included"
    elif not handle_price_include:
        prices = "excluded"
    line = engine.BaseLine(
        taxes=TaxReader(env.with_context(lang=partner.lang) if partner else env)(taxes._ids),
        price=price,
        quantity=quantity,
        step=float((currency or _company(taxes).currency_id).rounding),
        refund=refund,
        prices=prices,
        round_base=bool(context.get("round_base", True)),
        cash_basis_tags=cash_basis_tags,
        product_tags=product.sudo().account_tag_ids._ids if product and "account_tag_ids" in product else (),
    )
    found = engine.compute_line(line, method)
    totals = {"total_excluded": found.excluded, "total_included": found.included}
    if method.batches and line.round_base:
        totals = {name: round_to(total, line.step) for name, total in totals.items()}
    parts = [_worded(taxes, part, line, method) for part in found.parts]
    return {"base_tags": list(found.base_tags), "taxes": parts, **totals, "total_void": found.void}


def _method(taxes: Any, rounding_method: str | None) -> engine.Method:
    """Return how the company computes taxes, unless the call says how to round."""
    method = method_of(_company(taxes))
    globally = method.globally
    if method.batches:
        globally = rounding_method == "round_globally" if rounding_method else globally
    elif "round" in taxes.env.context:
        globally = not taxes.env.context["round"]
    return engine.Method(globally, method.batches, method.company_step)


def _worded(taxes: Any, part: Part, line: engine.BaseLine, method: engine.Method) -> dict[str, Any]:
    """Return one share of a tax as `compute_all` does; a group is a record, or none."""
    group = taxes.browse(part.group.id) if part.group else taxes.browse() if method.batches else None
    found = {
        "id": part.tax.id,
        "name": part.tax.name,
        "amount": part.amount,
        "base": part.base,
        "sequence": part.tax.sequence,
        "account_id": part.account or False,
        "analytic": part.tax.analytic,
        "use_in_tax_closing": part.share.in_closing,
        "price_include": part.included,
        "tax_exigibility": part.tax.exigible,
        "tax_repartition_line_id": part.share.id,
        "group": group,
        "tag_ids": list(part.tags),
        "tax_ids": list(part.next_taxes),
    }
    if method.batches:
        found["is_reverse_charge"] = part.takes_back
    return found
