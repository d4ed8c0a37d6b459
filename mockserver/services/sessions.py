"""Web sessions, which belong to a `session_id` cookie."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mockserver.clock import Clock
from mockserver.errors import AccessDenied
from mockserver.services import auth
from mockserver.services.db import Databases

MAX_SESSIONS = 10_000  # then the oldest is deleted; a client may log in for every call


@dataclass(frozen=True)
class Session:
    """One login: `sid` is hexadecimal; `fingerprint` is the value of `auth.fingerprint` at the login."""

    sid: str
    db: str
    uid: int
    context: dict[str, Any]
    fingerprint: tuple[Any, ...] | None


class Sessions:
    """The sessions of one server.  Thread-safe.

    A session ends by logout, after `seconds` without use, and when the user's login or password changes,
    the user is archived, or the database is dropped or renamed.  Source: versions.md §1.3, §4.3.
    """

    def __init__(self, databases: Databases, clock: Clock, seconds: int) -> None:
        self._databases = databases
        self._clock = clock
        self._lifetime = timedelta(seconds=seconds)
        self._lock = threading.Lock()
        self._sessions: dict[str, tuple[Session, datetime]] = {}

    def new_id(self) -> str:
        """Return an unused session id."""
        return self._clock.token(self._databases.profile.rules.session_id_length)

    def open(self, db: Any, login: Any, password: Any, sid: str = "") -> Session:
        """Log in; raises `AccessDenied` for a wrong login or password, `DatabaseError` for an unknown database.

        Ends the client's previous session `sid`; the new one keeps its id in servers where a login does not change it.
        """
        database = self._databases.connect(db)
        uid = auth.login(database, login, password)
        if uid is None:
            raise AccessDenied()
        context = user_context(database.env(uid))
        keeps_id = self.close(sid) and not database.profile.rules.login_renews_session
        session = Session(
            sid if keeps_id else self.new_id(), database.name, uid, context, auth.fingerprint(database, uid)
        )
        with self._lock:
            while len(self._sessions) >= MAX_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            self._sessions[session.sid] = session, self._clock.moment() + self._lifetime
        return session

    def get(self, sid: str) -> Session | None:
        """Return a valid session and renew its lifetime; None if there is none."""
        session, expires = self._sessions.get(sid, (None, None))
        if session is None or expires is None:
            return None
        now = self._clock.moment()
        if now >= expires or not self._still_valid(session):
            self.close(sid)
            return None
        with self._lock:
            if sid in self._sessions:
                self._sessions[sid] = session, now + self._lifetime
        return session

    def _still_valid(self, session: Session) -> bool:
        database = self._databases.get(session.db)
        return database is not None and auth.fingerprint(database, session.uid) == session.fingerprint

    def close(self, sid: str) -> bool:
        """Delete a session; return whether it existed."""
        with self._lock:
            return self._sessions.pop(sid, None) is not None

    def clear(self) -> None:
        """Delete all sessions."""
        with self._lock:
            self._sessions.clear()

    def snapshot(self) -> dict[str, tuple[Session, datetime]]:
        """Return the current sessions, for `restore`."""
        with self._lock:
            return dict(self._sessions)

    def restore(self, snapshot: dict[str, tuple[Session, datetime]]) -> None:
        """Restore the sessions of a snapshot."""
        with self._lock:
            self._sessions = dict(snapshot)


def user_context(env: Any) -> dict[str, Any]:
    """Return `{"lang", "tz", "uid"}` of the environment's user."""
    return {"lang": env.user.lang or "en_US", "tz": env.user.tz, "uid": env.uid}
