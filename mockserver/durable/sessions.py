"""Web sessions in the folder's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from mockserver.durable.keeper import refusal
from mockserver.durable.own import SESSIONS, OwnTables
from mockserver.services.sessions import Changes, Session

# how much longer a session may live than what is kept of it says, before that is written again
RENEWED = timedelta(hours=1)


class SessionKeeper:
    """Keeps sessions; it is what `Sessions.keep` calls."""

    def __init__(self, own: OwnTables) -> None:
        self._own = own
        self._expiries = {sid: expires for sid, (_, expires) in self.kept()}

    def kept(self) -> Iterator[tuple[str, tuple[Session, datetime]]]:
        """Yield the sessions that are kept, by id."""
        for sid, row in self._own.values(SESSIONS).items():
            fingerprint = None if row["fingerprint"] is None else tuple(row["fingerprint"])
            session = Session(sid, row["db"], row["uid"], row["context"], fingerprint)
            yield sid, (session, datetime.fromisoformat(row["expires"]))

    def __call__(self, changes: Changes) -> None:
        """Keep sessions that began, went on, or (None) ended.  Raises `DatabaseError`."""
        with self._own.lock:
            new = {sid: change for sid, change in changes.items() if self._is_new(sid, change)}
            try:
                self._own.write({SESSIONS: {sid: change and _row(*change) for sid, change in new.items()}})
            except OSError as error:
                if all(change is not None and sid in self._expiries for sid, change in new.items()):
                    return  # sessions that went on: after the next start they end a little earlier
                raise refusal(error) from error
            for sid, change in new.items():
                if change is None:
                    self._expiries.pop(sid, None)
                else:
                    self._expiries[sid] = change[1]

    def _is_new(self, sid: str, change: tuple[Session, datetime] | None) -> bool:
        known = self._expiries.get(sid)
        return change is None or known is None or abs(change[1] - known) > RENEWED


def _row(session: Session, expires: datetime) -> dict[str, Any]:
    return {
        "db": session.db, "uid": session.uid, "context": session.context,
        "fingerprint": None if session.fingerprint is None else list(session.fingerprint),
        "expires": expires.isoformat(),
    }  # fmt: skip
