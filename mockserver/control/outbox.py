"""The mail that was sent, as JSON."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from mockserver.control.routes import Controlled, Route, Value

if TYPE_CHECKING:
    from mockserver.addons.mail.sent import SentMail


def list_mails(
    controlled: Controlled, *, model: str | None = None, to: str | None = None, subject: str | None = None
) -> dict[str, Any]:
    """Return the mails, in the order in which they were sent."""
    found = controlled.kit.outbox.of(model, to=to, subject=subject)
    return {"mails": [_as_json(mail) for mail in found], "count": len(found)}


def forget_mails(controlled: Controlled) -> dict[str, Any]:
    """Forget the mails."""
    count = len(controlled.kit.outbox)
    controlled.kit.outbox.clear()
    return {"removed": count}


def _as_json(mail: SentMail) -> dict[str, Any]:
    return {
        "subject": mail.subject,
        "body": mail.body,
        "sender": mail.sender,
        "to": list(mail.to),
        "cc": list(mail.cc),
        "reply_to": mail.reply_to,
        "record": None if mail.record is None else {"model": mail.record[0], "id": mail.record[1]},
        "attachments": [
            {"name": name, "size": len(content), "content": base64.b64encode(content).decode()}
            for name, content in mail.attachments
        ],
        "message_id": mail.message_id,
        "date": mail.date,
        "db": mail.db,
    }


ROUTES = (
    Route(
        "GET",
        "/outbox",
        "The mail that the server sent, in order; nothing leaves the process",
        list_mails,
        "Mails",
        query=(
            Value("model", "text", "Only mail about records of a model"),
            Value("to", "text", "Only mail to an address"),
            Value("subject", "text", "Only mail with this in its subject"),
        ),
    ),
    Route("DELETE", "/outbox", "Forget the mail", forget_mails, "Removed"),
)
