"""`mockserver.outbox`: the mail that the server sent in a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.addons.mail.sent import SentMail
from mockserver.orm.records.recordset import Recordset
from mockserver.testing.journal.wording import brief, cut
from mockserver.testing.part import Part
from mockserver.testing.sent import Sent, Shelf, is_about

if TYPE_CHECKING:
    from mockserver.server.app import App

_ROOM = 100


class Mails(Sent[SentMail]):
    """Sent mails in order: `len`, iteration, `[0]`, `[-1]`; `last` and `of` as below."""

    def of(
        self,
        record: Recordset | str | None = None,
        *,
        to: str | None = None,
        subject: str | None = None,
        keep: Callable[[SentMail], object] | None = None,
    ) -> Mails:
        """Return the mails about a record, or about records of a model; to an address; with a part of the subject.

        Addresses and subjects are compared without regard to case: `to="ann@x.example"` finds `"Ann" <ann@x.example>`.
        """
        return Mails(
            mail
            for mail in self._now()
            if is_about(mail.record, record)
            and (to is None or any(to.lower() in address.lower() for address in (*mail.to, *mail.cc)))
            and (subject is None or subject.lower() in mail.subject.lower())
            and (keep is None or keep(mail))
        )

    def __repr__(self) -> str:
        lines = [cut(f"{', '.join(mail.to)}: {brief(mail.subject)}", _ROOM) for mail in self._now()]
        return "\n".join(lines) if lines else "no mail"


class Outbox(Mails, Part):
    """The mail that was sent since the test began, on all databases; mail that waits is not in it.

    A call that fails sends nothing, and a snapshot that is restored takes back what was sent since.
    """

    def __init__(self, app: App) -> None:
        super().__init__()
        self._shelf = Shelf(app, SentMail)

    def begin(self) -> None:
        """Forget the mail."""
        self._shelf.begin()

    clear = begin

    def _now(self) -> tuple[SentMail, ...]:
        return tuple(sorted(self._shelf.items(), key=lambda mail: mail.date))
