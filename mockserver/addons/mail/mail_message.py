"""mail.message: what a user has read and starred.

Source: recorded in flow-mail (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

_NOTIFICATION = "mail.notification"


class Message(models.Model):
    _inherit = "mail.message"

    @api.model
    def _addressed(self, rows: Sequence[Row], partner: int) -> set[int]:
        found: set[int] = super()._addressed(rows, partner)  # type: ignore[misc]
        return found | _notified(self.env, rows, partner)

    def _compute_needaction(self) -> None:
        unread = _notified(self.env, self._rows(), self.env.user.partner_id._ids[0], unread=True)
        for message in self:
            message.needaction = message.id in unread

    def _search_needaction(self, operator: str, value: Any) -> list[Any]:
        rows = self.env.db.store.in_order("mail.message")
        unread = _notified(self.env, rows, self.env.user.partner_id._ids[0], unread=True)
        return [("id", "in" if (operator == "=") is bool(value) else "not in", sorted(unread))]

    def _compute_has_error(self) -> None:
        for message in self:
            message.has_error = any(
                note.notification_status in ("exception", "bounce") for note in message.sudo().notification_ids
            )

    def _search_has_error(self, operator: str, value: Any) -> list[Any]:
        failed = [("notification_status", "in", ("exception", "bounce"))]
        found = self.env.sudo()[_NOTIFICATION].search(failed).mail_message_id
        return [("id", "in" if (operator == "=") is bool(value) else "not in", found.ids)]

    def _compute_starred(self) -> None:
        own = self.env.user.partner_id
        for message in self:
            message.starred = own in message.sudo().starred_partner_ids

    def _search_starred(self, operator: str, value: Any) -> list[Any]:
        positive = (operator == "=") is bool(value)
        return [("starred_partner_ids", "in" if positive else "not in", self.env.user.partner_id.ids)]

    def _compute_preview(self) -> None:
        for message in self:
            message.preview = textwrap.shorten(html_text(message.body), 190)

    @api.versions(until=17)
    def _compute_description(self) -> None:
        for message in self:
            text = html_text(message.body)
            message.description = message.subject or text[:30] + (" [...]" if len(text) >= 30 else "")

    def _compute_is_current_user_or_guest_author(self) -> None:
        own = self.env.user.partner_id
        for message in self:
            message.is_current_user_or_guest_author = bool(message.author_id) and message.author_id == own

    @api.versions(until=17)
    def toggle_message_starred(self) -> None:
        """Star the message for the user, or take the star away."""
        _toggle_star(self)

    @api.versions(since=18, name="toggle_message_starred")
    def toggle_message_starred_18(self) -> dict[str, Any]:
        """Star the message for the user, or take the star away; return the message for the web client."""
        _toggle_star(self)
        return {"mail.message": [{"id": self.id, "starred": self.starred}]}

    @api.model
    def unstar_all(self) -> None:
        """Take the user's stars from all messages."""
        own = self.env.user.partner_id
        found = self.env.sudo()["mail.message"].search([("starred_partner_ids", "in", own.ids)])
        found.write({"starred_partner_ids": [(3, own.id)]})

    def set_message_done(self) -> None:
        """Mark the messages as read by the user."""
        _mark_as_read(self.env, [("mail_message_id", "in", self.ids)])

    @api.model
    def mark_all_as_read(self, domain: Any = None) -> list[int]:
        """Mark the user's messages, or those of a domain, as read; return their ids."""
        wanted = [("mail_message_id", "in", self.search(domain).ids)] if domain else []
        return _mark_as_read(self.env, wanted)


class _Texts(HTMLParser):
    """Collects the texts of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(" ")


def html_text(html: Any) -> str:
    """Return the text of HTML in one line."""
    texts = _Texts()
    texts.feed(str(html or ""))
    return " ".join("".join(texts.found).split())


def _notified(env: Environment, rows: Sequence[Row], partner: int, *, unread: bool = False) -> set[int]:
    """Return the ids of the messages of which a contact was notified; `unread`: those that are not read yet."""
    notes = env.db.store.rows(_NOTIFICATION)
    ids = {row["id"] for row in rows}
    return {
        notes[id_]["mail_message_id"]
        for id_ in env.db.store.having(_NOTIFICATION, "res_partner_id", (partner,))
        if notes[id_]["mail_message_id"] in ids and not (unread and notes[id_].get("is_read"))
    }


def _toggle_star(message: Recordset) -> None:
    message.ensure_one()
    own = message.env.user.partner_id
    command = 3 if own in message.sudo().starred_partner_ids else 4
    message.sudo().write({"starred_partner_ids": [(command, own.id)]})


def _mark_as_read(env: Environment, domain: list[Any]) -> list[int]:
    own = [("res_partner_id", "=", env.user.partner_id.id), ("is_read", "=", False), *domain]
    found = env.sudo()[_NOTIFICATION].search(own)
    ids: list[int] = found.mail_message_id.ids
    found.write({"is_read": True, "read_date": env.db.clock.now()})
    return ids
