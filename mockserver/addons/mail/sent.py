"""A mail that was sent: what `mockserver.outbox` holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SentMail:
    """A mail as it would have gone out: addresses as they stand in its head, the body as HTML.

    `record` is the model and the id of the record that it is about, None for one about none; `attachments` are pairs of
    name and content; `date` is UTC.
    """

    subject: str
    body: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    sender: str = ""
    reply_to: str = ""
    attachments: tuple[tuple[str, bytes], ...] = ()
    record: tuple[str, int] | None = None
    message_id: str = ""
    date: str = ""
    db: str = ""
