"""Links to records in the chatter of others."""

from __future__ import annotations

import html

from mockserver.orm.records.environment import Recordset


def link(record: Recordset, text: str = "") -> str:
    """Return a link to a record as messages have it."""
    shown = html.escape(text or str(record.display_name))
    return f'<a href="#" data-oe-model="{record._name}" data-oe-id="{record.id}">{shown}</a>'


def post_origin(record: Recordset, origins: Recordset) -> None:
    """Say on a new record which records it was made of.  Inferred: the sentence."""
    if not origins:
        return
    kind = str(record._model.description or record._name).lower()
    links = ", ".join(link(origin) for origin in origins)
    body = f"<p>This {html.escape(kind)} has been created from: {links}</p>"
    record.message_post(body=body, body_is_html=True, subtype_xmlid="mail.mt_note")
