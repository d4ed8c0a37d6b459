"""Links to records in the chatter."""

from __future__ import annotations

import html

from mockserver.orm.records.environment import Recordset


def link_to(record: Recordset) -> str:
    """Return the HTML of a link to a record, with its name as the text."""
    name = html.escape(str(record.display_name))
    return f'<a href="#" data-oe-model="{record._name}" data-oe-id="{record.id}">{name}</a>'


def links_to(records: Recordset) -> str:
    """Return links to records with commas between them."""
    return ",".join(link_to(record) for record in records)
