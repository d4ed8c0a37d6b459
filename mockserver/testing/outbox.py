"""`mockserver.outbox`: the mail that the server sent in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, overload

from mockserver.orm.records.recordset import Recordset
from mockserver.testing.journal.wording import brief, cut
from mockserver.testing.part import Part

if TYPE_CHECKING:
    from mockserver.addons.mail.sent import SentMail
    from mockserver.server.app import App

_ROOM = 100


class Mails(Sequence["SentMail"]):
    """Sent mails in order: `len`, iteration, `[0]`, `[-1]`; `last` and `of` as below."""

    def __init__(self, mails: Iterable[SentMail] = ()) -> None:
        self._mails = tuple(mails)

    def _now(self) -> tuple[SentMail, ...]:
        return self._mails

    @overload
    def __getitem__(self, index: int) -> SentMail: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SentMail]: ...
    def __getitem__(self, index: int | slice) -> SentMail | Sequence[SentMail]:
        return self._now()[index]

    def __len__(self) -> int:
        return len(self._now())

    def __iter__(self) -> Iterator[SentMail]:
        return iter(self._now())

    @property
    def last(self) -> SentMail:
        """The mail that was sent last; raises IndexError if there is none."""
        return self._now()[-1]

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
            if _about(mail, record)
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
        self._app = app

    def begin(self) -> None:
        """Forget the mail."""
        for database in self._app.databases.values():
            database.sent.clear()

    clear = begin

    def _now(self) -> tuple[SentMail, ...]:
        found = [mail for database in self._app.databases.values() for mail in database.sent]
        return tuple(sorted(found, key=lambda mail: mail.date))


def _about(mail: SentMail, record: Recordset | str | None) -> bool:
    if record is None:
        return True
    if mail.record is None:
        return False
    model, id_ = mail.record
    return model == record if isinstance(record, str) else model == record._name and id_ in record._ids
