"""What quotations say of products."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def text_for_sales(product: Recordset, lang: str | None = None) -> str:
    """Return the name and the description for sales, in a language or that of the user."""
    seen = product.with_context(lang=lang) if lang else product
    return str(seen.get_product_multiline_description_sale())
