"""Web sessions, which belong to a `session_id` cookie."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mockserver.clock import Clock
from mockserver.errors import AccessDenied
from mockserver.services import auth
from mockserver.services.db import Databases

MAX_SESSIONS = 10_000  # then the oldest is deleted; a client may log in for every call


class SecondFactorNeeded(AccessDenied):
    """The password is right, but the user has two-factor authentication."""


@dataclass(frozen=True)
class Session:
    """One login: `sid` is hexadecimal; `fingerprint` is the value of `auth.fingerprint` at the login."""

    sid: str
    db: str
    uid: int
    context: dict[str, Any]
    fingerprint: tuple[Any, ...] | None


# sessions by id, each with the time until which it lives; None for one that ended
Kept = dict[str, tuple[Session, datetime]]
Changes = Mapping[str, "tuple[Session, datetime] | None"]


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
        self._sessions: Kept = {}
        # keeps sessions that began, went on, or (None) ended, before the answer leaves
        self.keep: Callable[[Changes], object] | None = None

    def new_id(self) -> str:
        """Return an unused session id."""
        return self._clock.token(self._databases.profile.rules.session_id_length)

    def open(self, db: Any, login: Any, password: Any, sid: str = "") -> Session:
        """Log in; raises `AccessDenied` for a wrong login or password, `DatabaseError` for an unknown database.

        `SecondFactorNeeded`, which is an `AccessDenied`, tells of a right password that is not enough.
        Ends the client's previous session `sid`; the new one keeps its id in servers where a login does not change it.
        """
        database = self._databases.connect(db)
        uid = auth.login(database, login, password)
        if uid is None:
            raise AccessDenied()
        if auth.has_second_factor(database.store.rows("res.users")[uid]):
            raise SecondFactorNeeded()
        context = user_context(database.env(uid))
        keeps_id = self.close(sid) and not database.profile.rules.login_renews_session
        session = Session(
            sid if keeps_id else self.new_id(), database.name, uid, context, auth.fingerprint(database, uid)
        )
        with self._lock:
            surplus = list(self._sessions)[: max(0, len(self._sessions) - MAX_SESSIONS + 1)]
            made = session, self._clock.moment() + self._lifetime
            self._change({**dict.fromkeys(surplus), session.sid: made})
        return session

    def _change(self, changes: Changes) -> None:
        if self.keep is not None:
            self.keep(changes)
        for sid, change in changes.items():
            if change is None:
                self._sessions.pop(sid, None)
            else:
                self._sessions[sid] = change

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
                self._change({sid: (session, now + self._lifetime)})
        return session

    def _still_valid(self, session: Session) -> bool:
        database = self._databases.get(session.db)
        return database is not None and auth.fingerprint(database, session.uid) == session.fingerprint

    def close(self, sid: str) -> bool:
        """Delete a session; return whether it existed."""
        with self._lock:
            existed = sid in self._sessions
            if existed:
                self._change({sid: None})
            return existed

    def clear(self) -> None:
        """Delete all sessions."""
        self.restore({})

    def snapshot(self) -> Kept:
        """Return the current sessions, for `restore`."""
        with self._lock:
            return dict(self._sessions)

    def restore(self, snapshot: Kept) -> None:
        """Restore the sessions of a snapshot."""
        with self._lock:
            self._change({**dict.fromkeys(self._sessions.keys() - snapshot.keys()), **snapshot})
            self._sessions = dict(snapshot)


def user_context(env: Any) -> dict[str, Any]:
    """Return `{"lang", "tz", "uid"}` of the environment's user."""
    return {"lang": env.user.lang or "en_US", "tz": env.user.tz, "uid": env.uid}
