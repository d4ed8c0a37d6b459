"""`JournalEntry`: one call as a test author asks about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.dialects import Reply
from mockserver.exchange import Exchange
from mockserver.orm.database import Database
from mockserver.services.call import printable
from mockserver.services.named import signature
from mockserver.testing.arguments import ALIASES, PARAMETERS, Bound, Sent, bind, naming, sent, text
from mockserver.testing.changes import ChangeSet, RecordChange, effective
from mockserver.testing.masking import HIDDEN, masked
from mockserver.testing.wording import brief, cut, joined

LINE, ANSWER, ERROR = 104, 30, 60  # characters of a printed call, and of what came of it


class JournalEntry:
    """One call: who asked for what, and what came of it.  What it tells is found out when it is asked.

    `number` counts the calls from 1; `time` is when it was answered, by the server's clock.
    Passwords, keys and tokens read `***`.
    """

    # a journal keeps many: no dict for each, and what was found out only where it was asked
    __slots__ = ("_bound", "_database", "_exchange", "_sent", "_user", "number", "time")

    number: int
    _sent: Sent
    _bound: Bound

    def __init__(self, exchange: Exchange, time: datetime, database: Database | None) -> None:
        self.number = 0
        self._exchange = exchange
        self._database = database
        self.time = time
        call = exchange.call
        # the row as it is now: rows do not change, they are replaced
        known = database is not None and call is not None and type(call.uid) is int
        self._user = database.store.get("res.users", call.uid) if known else None  # type: ignore[union-attr, arg-type]

    # -- who

    @property
    def dialect(self) -> str:
        """The wire: `xmlrpc`, `jsonrpc`, `web`, `json2` …"""
        call = self._exchange.call
        return self._exchange.dialect if call is None else call.dialect

    @property
    def db(self) -> str | None:
        """The database's name."""
        return self.sent.db

    @property
    def uid(self) -> int | None:
        """The id of the user; None before a login."""
        return self.sent.uid

    @property
    def login(self) -> str | None:
        """The user's login, as it was then."""
        call = self._exchange.call
        if self._user is not None:
            return str(self._user.get("login"))
        given = call.login if call is not None and call.login else self.args.get("login")
        return given if isinstance(given, str) else None

    # -- what

    @property
    def service(self) -> str | None:
        """Such as `object`, `common`, `dataset`; `file` and `report` for what is downloaded or printed."""
        call = self._exchange.call
        return None if call is None else text(call.service)

    @property
    def model(self) -> str | None:
        """The model; None for a call of a service, such as a login."""
        return self.sent.model

    @property
    def method(self) -> str:
        """The method of the model or of the service."""
        return self.sent.method

    @property
    def target(self) -> str:
        """`res.partner.create`, `common.version`, or verb and path of a request that is no call."""
        call = self._exchange.call
        return self._exchange.target if call is None else f"{self.model or self.service}.{self.method}"

    @property
    def ids(self) -> list[Any]:
        """The ids of the records that the method was called on; none for a method of the model."""
        return self.bound.ids

    @property
    def args(self) -> dict[str, Any]:
        """The arguments by the names that the method has for them, without the defaults."""
        found: dict[str, Any] = masked(self.bound.args, self.model)
        return found

    @property
    def positional(self) -> tuple[Any, ...]:
        """The arguments that have no name: too many, or of an unknown method."""
        found: tuple[Any, ...] = masked(self.bound.positional, self.model)
        return found

    @property
    def vals(self) -> Any:
        """The values of a create or write: `{field: value}`, or a list of them as it was sent; else None."""
        return self.argument("vals")

    @property
    def domain(self) -> Any:
        """The domain of a search; None for a call without one."""
        return self.argument("domain")

    @property
    def context(self) -> Mapping[str, Any]:
        """The context that came with the call."""
        found: Mapping[str, Any] = masked(self.bound.context)
        return found

    def argument(self, name: str, default: Any = None) -> Any:
        """The argument of that name; `vals` and `domain` also where the method calls them otherwise."""
        return masked({name: self.given(name, default)}, self.model)[name]

    def given(self, name: str, default: Any = None) -> Any:
        """The same as it was sent, a secret too: to compare with, not to show."""
        return next((self.bound.args[n] for n in (name, *ALIASES.get(name, ())) if n in self.bound.args), default)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names that the method has for its arguments; none of an unknown method."""
        found = None if self.model is None else naming(self._database, self.model, self.method)
        if found is None:
            return PARAMETERS.get(f"{self.service}.{self.method}", ())
        return tuple(signature(found.function).parameters)[1:]

    # -- what came of it

    @property
    def answer(self) -> Any:
        """What the method returned, as the client got it; None for an error."""
        value = self._exchange.value if self._exchange.error is None else None
        return HIDDEN if isinstance(value, str) and self.target == "res.users.apikeys.generate" else masked(value)

    @property
    def error(self) -> Exception | None:
        """What it raised, if it did."""
        return self._exchange.error

    @property
    def outcome(self) -> str:
        """`ok`, or the name of the error's class."""
        return self._exchange.outcome

    @property
    def changes(self) -> ChangeSet:
        """The records that it created, wrote and deleted, as `mockserver.changes` tells them."""
        call = self._exchange.call
        found = () if call is None else call.changes
        return ChangeSet(effective(RecordChange(self.db or "", *change) for change in found))

    @property
    def duration(self) -> float:
        """Seconds that the server took."""
        return self._exchange.milliseconds / 1000

    @property
    def size(self) -> int:
        """Bytes of request and answer."""
        return self._exchange.size

    def __repr__(self) -> str:
        call = self._exchange.call
        if call is None:
            return cut(f"{self.target} {self._came_of_it()}", LINE)
        user = self.login or (f"uid {self.uid}" if self.uid is not None else "")
        head = " ".join(filter(None, [f"{self.number}.", self.dialect, user]))
        head, end = f"{printable(head)} {printable(self.target)}(", f") {self._came_of_it()}"
        # the arguments give way, the answer is to be seen
        return cut(f"{head}{self._written(max(LINE - len(head) - len(end), 30))}{end}", LINE)

    def _written(self, room: int) -> str:
        ids = [brief(self.ids, 30)] if self.ids else []
        named = (f"{printable(name)}={brief(value, room)}" for name, value in self.args.items())
        context = [f"context={brief(self.context, 40)}"] if self.context else []
        unnamed = (brief(value, room) for value in self.positional)
        return cut(joined([*ids, *unnamed, *named, *context], room), room)

    def _came_of_it(self) -> str:
        if self.error is None:
            answer = self.answer
            if isinstance(answer, Reply):
                return f"-> {answer.status}, {len(answer.body)} bytes of {answer.content_type or 'nothing'}"
            return f"-> {brief(answer, ANSWER)}"
        text = " ".join(str(self.error).split())
        return f"raised {self.outcome}" + (f": {cut(text, ERROR)}" if text else "")

    # -- how it is found out

    @property
    def sent(self) -> Sent:
        """Who asked for what, before the arguments have names; secrets too."""
        try:
            return self._sent
        except AttributeError:
            self._sent = sent(self._exchange.call)
            return self._sent

    @property
    def bound(self) -> Bound:
        """The arguments as they were sent, secrets too: to compare with, not to show."""
        try:
            return self._bound
        except AttributeError:
            self._bound = bind(self.sent, self.service, self._database)
            return self._bound
