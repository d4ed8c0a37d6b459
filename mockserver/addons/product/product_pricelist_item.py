"""product.pricelist.item: what a rule is about and what it says, and the checks of it.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.money import amount_text, moment_text
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

# what a rule is about → the fields that it does not use
_UNUSED: dict[str, tuple[str, ...]] = {
    "3_global": ("product_id", "product_tmpl_id", "categ_id"),
    "2_product_category": ("product_id", "product_tmpl_id"),
    "1_product": ("product_id", "categ_id"),
    "0_product_variant": ("categ_id",),
}
_MISSING = {
    "2_product_category": ("categ_id", "Please specify the category for which this rule should be applied"),
    "1_product": ("product_tmpl_id", "Please specify the product for which this rule should be applied"),
    "0_product_variant": ("product_id", "Please specify the product variant for which this rule should be applied"),
}


class PricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _default_pricelist_id(self) -> Any:
        """The first pricelist of the company."""
        domain = ["|", ("company_id", "=", False), ("company_id", "=", self.env.company.id)]
        return self.env["product.pricelist"].search(domain, limit=1)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create rules, without the values that what they are about does not use."""
        rules = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            if self.env.db.profile.rules.rules_keep_template and not vals.get("applied_on"):
                vals = {**vals, "applied_on": _kind(vals)}
            rules |= super().create(self._used(vals))
        return rules

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change rules, without the values that what they are about does not use."""
        return super().write(self._used(vals))

    def _used(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        used = dict(vals)
        if vals.get("applied_on"):
            used.update(dict.fromkeys(_UNUSED.get(str(vals["applied_on"]), ()), None))
        about_template = vals.get("applied_on") == "0_product_variant" and self.env.db.profile.rules.rules_keep_template
        if about_template and vals.get("product_id") and not vals.get("product_tmpl_id"):
            used["product_tmpl_id"] = self.env["product.product"].browse(vals["product_id"]).product_tmpl_id.id
        return used

    # -- texts

    def _compute_name(self) -> None:
        rules = self.env.db.profile.rules
        for rule in self:
            if rule.applied_on == "2_product_category" and rule.categ_id:
                rule.name = self.env._("Category: %s").replace("%s", str(rule.categ_id.display_name))
            elif rule.applied_on == "1_product" and rule.product_tmpl_id:
                text = "%s" if rules.prices_in_words else self.env._("Product: %s")
                rule.name = text.replace("%s", str(rule.product_tmpl_id.display_name))
            elif rule.applied_on == "0_product_variant" and rule.product_id:
                rule.name = self.env._("Variant: %s").replace("%s", str(rule.product_id.display_name))
            else:
                rule.name = self.env._("All Products")

    def _compute_price(self) -> None:
        in_words = self.env.db.profile.rules.prices_in_words
        for rule in self:
            if rule.compute_price == "fixed":
                rule.price = amount_text(self.env, rule.fixed_price, _currency(rule))
            else:
                rule.price = _in_words(rule) if in_words else _short(rule)

    # -- checks

    @api.constrains("base_pricelist_id", "pricelist_id", "base")
    def _check_recursion(self) -> None:
        for rule in self:
            if rule.base != "pricelist" or not rule.base_pricelist_id:
                continue
            loop = _loop(rule)
            if self.env.db.profile.rules.pricelist_loops_found:
                if loop:
                    names = " ⇒ ".join(pricelist.name for pricelist in loop)
                    raise ValidationError(self.env._("Recursive pricelist rules detected: %s").replace("%s", names))
            elif rule.pricelist_id == rule.base_pricelist_id:
                text = "You cannot assign the Main Pricelist as Other Pricelist in PriceList Item"
                raise ValidationError(self.env._(text))

    @api.constrains("price_min_margin", "price_max_margin")
    def _check_margin(self) -> None:
        if any(rule.price_min_margin > rule.price_max_margin for rule in self):
            raise ValidationError(self.env._("The minimum margin should be lower than the maximum margin."))

    @api.versions(since=13)
    @api.constrains("product_id", "product_tmpl_id", "categ_id")
    def _check_product_consistency(self) -> None:
        for rule in self:
            name, text = _MISSING.get(rule.applied_on, ("", ""))
            if name and not rule[name]:
                raise ValidationError(self.env._(text))

    @api.versions(since=15)
    @api.constrains("date_start", "date_end")
    def _check_date_range(self) -> None:
        for rule in self:
            if rule.date_start and rule.date_end and rule.date_start >= rule.date_end:
                text = self.env._(self.env.db.profile.rules.rule_dates_text)
                for part in (
                    rule.display_name,
                    moment_text(self.env, rule.date_end),
                    moment_text(self.env, rule.date_start),
                ):
                    text = text.replace("%s", part, 1)
                raise ValidationError(text)

    # -- from 18 on

    @api.versions(since=18)
    def _compute_price_markup(self) -> None:
        for rule in self:
            rule.price_markup = -rule.price_discount

    @api.versions(since=18)
    def _inverse_price_markup(self) -> None:
        for rule in self:
            rule.price_discount = -rule.price_markup

    @api.versions(since=19)
    def _compute_company_id(self) -> None:
        for rule in self:
            rule.company_id = rule.pricelist_id.company_id or rule.product_tmpl_id.company_id

    @api.versions(since=19)
    def _compute_currency_id(self) -> None:
        for rule in self:
            company = rule.company_id or self.env.company
            rule.currency_id = rule.pricelist_id.currency_id or company.currency_id


def _kind(vals: Mapping[str, Any]) -> str:
    """Return what a rule with these values is about."""
    kinds = {"product_id": "0_product_variant", "product_tmpl_id": "1_product", "categ_id": "2_product_category"}
    return next((kind for name, kind in kinds.items() if vals.get(name)), "3_global")


def _currency(rule: Recordset) -> Recordset:
    currency: Recordset = rule.currency_id or rule.pricelist_id.currency_id
    return currency


def _short(rule: Recordset) -> str:
    """Return what a rule does to the price, as versions until 17 say it."""
    env = rule.env
    if rule.compute_price == "percentage":
        return env._("%s %% discount").replace("%%", "%").replace("%s", str(rule.percent_price), 1)
    text = env._("%(percentage)s %% discount and %(price)s surcharge").replace("%%", "%")
    text = text.replace("%(percentage)s", str(rule.price_discount))
    return text.replace("%(price)s", str(rule.price_surcharge))


def _in_words(rule: Recordset) -> str:
    """Return what a rule does to the price, as versions from 18 on say it."""
    if rule.compute_price == "percentage":
        base = rule.base_pricelist_id.display_name if rule.base == "pricelist" else "sales price"
        return f"{_plain(rule.percent_price)} % discount on {base}"
    if rule.base == "pricelist" and rule.base_pricelist_id:
        base = rule.base_pricelist_id.display_name
    else:
        base = "product cost" if rule.base == "standard_price" else "sales price"
    extra = ""
    if rule.price_surcharge:
        sign = "-" if rule.price_surcharge < 0 else "+"
        extra = f"{sign} {amount_text(rule.env, abs(rule.price_surcharge), _currency(rule))} extra fee"
    is_markup = rule.base == "standard_price"
    number, kind = (rule.price_markup, "markup") if is_markup else (rule.price_discount, "discount")
    if number < 0:
        kind = "discount" if is_markup else "markup"
    return f"{_plain(abs(number))} % {kind} on {base} {extra}"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _loop(rule: Recordset) -> list[Recordset]:
    """Return the pricelists from a rule's own back to itself by way of base pricelists; empty without such a way."""
    start = rule.pricelist_id

    def follow(pricelist: Recordset, path: list[Recordset]) -> list[Recordset]:
        if pricelist == start:
            return [*path, pricelist]
        if pricelist in path:
            return []
        rules = pricelist.with_context(active_test=False).item_ids
        for base in rules.filtered(lambda other: other.base == "pricelist").mapped("base_pricelist_id"):
            found = follow(base, [*path, pricelist])
            if found:
                return found
        return []

    return follow(rule.base_pricelist_id, [start])
