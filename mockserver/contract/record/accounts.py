"""The users of a recording, determined from logins; one of them is the user of the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mockserver.contract.http_steps import cookies
from mockserver.contract.record.decoding import Json2Request, RecordedRequest, RpcRequest

SESSION = "session_id"
_LOGIN_KEYS = ("login", "username", "user")
_DB_KEYS = ("db", "database", "db_name")


@dataclass
class Account:
    """One user of one database, with all accepted credentials."""

    db: str | None = None
    login: str | None = None
    uid: int | None = None
    passwords: list[str] = field(default_factory=list)  # and API keys used as passwords
    api_key: str | None = None
    session: str | None = None  # the latest cookie

    @property
    def password(self) -> str | None:
        """The first password, which `{password}` stands for."""
        return self.passwords[0] if self.passwords else None


class Accounts:
    """The users of a recording; `main` is the first who logged in, to the database `db` if given."""

    def __init__(self, db: str | None = None) -> None:
        self.db = db
        self.all: list[Account] = []
        self.refused: set[str] = set()  # passwords that were not accepted

    @property
    def main(self) -> Account | None:
        """The user of the contract; None before a login."""
        return next((account for account in self.all if self.db in (None, account.db)), None)

    def note(self, recorded: RecordedRequest) -> None:
        """Note the user and credentials of a request."""
        if isinstance(recorded, RpcRequest):
            self._note_rpc(recorded)
        elif isinstance(recorded, Json2Request):
            if recorded.key and recorded.answer.status == 200:
                self._account_of_key(recorded.key, recorded.headers.get("x-odoo-database")).api_key = recorded.key
        else:
            self._note_http(recorded)

    def _note_rpc(self, recorded: RpcRequest) -> None:
        result = recorded.reply.get("result")
        if recorded.service == "common" and recorded.name in ("login", "authenticate") and len(recorded.args) > 2:
            db, login, password = recorded.args[:3]
            if type(result) is int and all(isinstance(item, str) for item in (db, login, password)):
                self._let_in(self._account(db, result, login), password)
            elif isinstance(password, str) and password:
                self.refused.add(password)
        elif (
            recorded.model_call
            and isinstance(recorded.args[0], str)
            and type(recorded.args[1]) is int
            and isinstance(recorded.args[2], str)
        ):
            if is_denied(recorded.reply):
                self.refused.add(recorded.args[2])
            else:
                self._let_in(self._account(recorded.args[0], recorded.args[1]), recorded.args[2])

    def _note_http(self, recorded: RecordedRequest) -> None:
        login_data = credentials(recorded)
        payload = recorded.answer.json()
        if login_data is not None:
            db, login, password = login_data
            uid = accepted(recorded, payload)
            if uid is None:
                self.refused.add(password)
            else:
                account = self._account(db, uid or None, login)
                self._let_in(account, password)
                account.session = cookies(recorded.answer).get(SESSION) or account.session

    def _let_in(self, account: Account, password: str) -> None:
        if password not in account.passwords:
            account.passwords.append(password)
        self.refused.discard(password)

    def _account(self, db: str | None, uid: int | None, login: str | None = None) -> Account:
        """Return the account with this id or login, a new one if there is none."""
        for account in self.all:
            same = account.db in (None, db)
            if same and ((uid is not None and account.uid == uid) or (login is not None and account.login == login)):
                account.db, account.uid = db or account.db, uid if uid is not None else account.uid
                account.login = login or account.login
                return account
        lone = self.all[0] if len(self.all) == 1 else None
        if lone is not None and lone.api_key and lone.uid is None and lone.login is None and lone.db in (None, db):
            # the user of the key was not known when it was first used
            lone.db, lone.uid, lone.login = db, uid, login
            return lone
        self.all.append(Account(db, login, uid))
        return self.all[-1]

    def _account_of_key(self, key: str, db: str | None) -> Account:
        known = [a for a in self.all if key in (a.api_key, *a.passwords)]
        main = [a for a in self.all[:1] if a.api_key is None and db in (None, a.db)]
        if found := known or main:
            return found[0]
        self.all.append(Account(db))
        return self.all[-1]

    def find(self, db: Any, uid: Any, password: Any) -> Account | None:
        """Return the account of a call of `object`; None if its credentials were not accepted."""
        return next((a for a in self.all if a.db == db and a.uid == uid and password in a.passwords), None)


def credentials(recorded: RecordedRequest) -> tuple[str | None, str, str] | None:
    """Return `(db, login, password)` of a login over HTTP, on any route; None for any other request."""
    params = (
        recorded.json.get("params", recorded.json)
        if isinstance(recorded.json, dict)
        else dict([*recorded.query, *recorded.form])
    )
    if recorded.method not in ("POST", "GET") or not isinstance(params, dict) or "password" not in params:
        return None
    login = next((params[name] for name in _LOGIN_KEYS if isinstance(params.get(name), str)), None)
    db = next((params[name] for name in _DB_KEYS if isinstance(params.get(name), str)), None)
    password = params["password"]
    return (db, login, password) if login and isinstance(password, str) and password else None


def accepted(recorded: RecordedRequest, payload: Any) -> int | None:
    """Return the user id of a successful login over HTTP, 0 if the answer lacks it; None for a refused login."""
    if recorded.answer.status != 200 or not isinstance(payload, dict) or "error" in payload:
        return None
    result = payload.get("result", payload)
    if not isinstance(result, dict):
        return None
    uid = result.get("uid", 0)
    return uid if type(uid) is int else None


def is_denied(reply: dict[str, Any]) -> bool:
    """Return whether a reply refuses the uid and password."""
    if "fault" in reply:
        return reply["fault"]["code"] in (3, "AccessDenied")
    data = reply["error"].get("data") if isinstance(reply.get("error"), dict) else None
    return isinstance(data, dict) and str(data.get("name", "")).endswith("AccessDenied")
