"""Stock: quants, counting, and the quantities of products."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Quantities(Section, title="Quantities in stock"):
    warehouse_key: str = rule(
        "the key of the context that limits the quantities of products to warehouses",
        "recorded in flow-stock-3 (17.0, 18.0)",
        {11: "warehouse", 18: "warehouse_id"},
    )
    quantities_without_children: bool = rule(
        "the context may leave out what is below a location, by `compute_child`",
        "recorded in flow-stock-2 (17.0); inferred before",
        {11: True, 16: False},
    )
    quantities_strict: bool = rule(
        "the context may leave out what is below a location, by `strict`",
        "inferred for 18.0",
        {11: False, 18: True},
    )
