"""Pages of a list: `page_size`, `page` and `limit`.  Source: rest-yezy §3; recorded in yezy-odoo-17.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Page(NamedTuple):
    """A page of a list; `before` and `after` are the numbers of the neighbouring pages."""

    ids: list[int]
    before: int | None = None
    number: int = 1
    after: int | None = None
    pages: int = 1

    def envelope(self, result: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the answer with the records of the page."""
        return {
            "count": len(result),
            "prev": self.before,
            "current": self.number,
            "next": self.after,
            "total_pages": self.pages,
            "result": result,
        }


def page(ids: list[int], parameters: Mapping[str, str]) -> Page:
    """Return the page that the parameters ask for; negative numbers work as in Python's slices.

    `page` has an effect only with `page_size`; `limit` then shortens the page.  Raises ValueError for a text that
    is not a number and ZeroDivisionError for pages of size 0.
    """
    found = Page(ids)
    if "page_size" in parameters:
        size = int(parameters["page_size"])
        pages = -(-len(ids) // size)
        number = int(parameters["page"]) if "page" in parameters else 1
        before, after = (n if 0 < n <= pages else None for n in (number - 1, number + 1))
        found = Page(ids[size * (number - 1) : size * number], before, number, after, pages)
    if "limit" in parameters:
        found = found._replace(ids=found.ids[: int(parameters["limit"])])
    return found
