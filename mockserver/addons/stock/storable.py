"""Which products are stored: goods of type "product" until 17, goods that are marked so since 18."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset


def leaf(env: Environment) -> tuple[str, str, Any]:
    """Return the leaf of a domain that finds the templates or variants that are stored."""
    marked = "is_storable" in env.db.registry["product.template"].fields
    return ("is_storable", "=", True) if marked else ("type", "=", "product")


def is_stored(product: Recordset) -> bool:
    """Return whether a template or a variant is stored."""
    name, _, value = leaf(product.env)
    return bool(product[name] == value)
