"""Products: units of measure, variants, prices."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Products(Section, title="Products"):
    absolute_unit_factors: bool = rule(
        "the factor of a unit is how many reference units it is, of any category; before, how many of it make one",
        "recorded in flow-product-3 (18.0, 19.0)",
        {11: False, 19: True},
    )
    protected_units_text: str = rule(
        "the error of deleting a unit of the system",
        "source of Odoo 14.0 and 17.0, uom",
        {
            11: "You cannot delete this UoM as it is used by the system. You should rather archive it.",
            15: "The following units of measure are used by the system and cannot be deleted: %s\n"
            "You can archive them instead.",
        },
    )
    copies_price_extras: bool = rule(
        "a copied product keeps the extra prices of its attribute values",
        "recorded in flow-product-2 (17.0)",
        {11: False, 17: True},
    )
    cost_currency_of_product: bool = rule(
        "a product's cost is in the currency of its own company, not of the current one",
        "fields of Odoo 16.0 and 17.0",
        {11: False, 17: True},
    )
    used_value_text: str = rule(
        "the error of deleting an attribute value that products have",
        "recorded in flow-product-2 (17.0); source of Odoo 14.0, product",
        {
            11: "You cannot delete the value %s because it is used on the following products:\n%s",
            16: "You cannot delete the value %s because it is used on the following products:\n%s\n"
            " If the value has been associated to a product in the past, you will not be able to delete it.",
            18: "You cannot delete the value %s because it is used on the following products:\n%s\n",
        },
    )
    formatted_names: bool = rule(
        "`formatted_display_name` in the context marks up the names of products and units",
        "fields of Odoo 18.0 and 19.0",
        {11: False, 19: True},
    )
    prices_in_words: bool = rule(
        "pricelist rules say what they are based on, and name their product without `Product:`",
        "recorded in flow-product-4 (17.0, 18.0)",
        {11: False, 18: True},
    )
    rules_keep_template: bool = rule(
        "a pricelist rule for a variant also has its template",
        "recorded in flow-product-4 (17.0, 18.0)",
        {11: False, 18: True},
    )
    pricelist_loops_found: bool = rule(
        "pricelists that are based on each other are refused over any number of steps",
        "recorded in flow-product-4 (18.0, 19.0)",
        {11: False, 19: True},
    )
    rule_dates_text: str = rule(
        "the error of a pricelist rule that ends before it begins",
        "recorded in flow-product-4 (17.0, 18.0)",
        {
            11: "%s: end date (%s) should be greater than start date (%s)",
            18: "%s: end date (%s) should be after start date (%s)",
        },
    )
    used_pricelist_text: str = rule(
        "the error of deleting a pricelist on which others are based",
        "recorded in flow-product-4 (17.0, 18.0)",
        {
            11: "You cannot delete those pricelist(s):\n(%s)\n, they are used in other pricelist(s):\n%s",
            18: "You cannot delete pricelist(s):\n(%s)\nThey are used within pricelist(s):\n%s",
        },
    )
    copied_pricelists_renamed: bool = rule(
        "a duplicate of a pricelist is named as a copy",
        "recorded in flow-product-4 (17.0)",
        {11: False, 17: True},
    )
    pricelists_switched_on: bool = rule(
        "contacts have pricelists only if the feature is switched on",
        "recorded in flow-product-4 (18.0, 19.0)",
        {11: False, 19: True},
    )
    barcode_owners_by_id: bool = rule(
        "the products of the error of a repeated barcode are named in the order of their ids",
        "recorded in flow-product-1 (18.0, 19.0)",
        {11: False, 19: True},
    )
    discounts_switched_on: bool = rule(
        "orders show the discount of a percentage beside the price, if that is switched on; before, each pricelist"
        " says so",
        "recorded in flow-product-4 (17.0, 18.0)",
        {11: False, 18: True},
    )
