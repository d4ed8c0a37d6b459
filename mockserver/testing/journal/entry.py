"""`JournalEntry`: one call with its arguments and its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mockserver.clock import moment_of
from mockserver.dialects import Reply
from mockserver.server.exchange import Exchange, NoAnswer
from mockserver.services.call import Call, printable
from mockserver.services.named_arguments import signature
from mockserver.testing.faults.fault import Fault
from mockserver.testing.journal.arguments import ALIASES, PARAMETERS, Bound, Sent, bind, naming, sent, text
from mockserver.testing.journal.changes import ChangeSet, RecordChange, effective
from mockserver.testing.journal.gaps import gaps
from mockserver.testing.journal.masking import HIDDEN, masked, masked_arguments
from mockserver.testing.journal.wording import brief, cut, listed

LINE, FAULTS = 108, 60  # maximum characters of a printed call, and of its faults
LEAST, ERROR = 24, 40  # minimum characters of its arguments and answer, and of its error


def aim(call: Call | None) -> tuple[str | None, str]:
    """Return model (or service) and method of a call, without reading its arguments."""
    if call is None:
        return None, ""
    model, method = found = call.model_and_method
    return found if type(model) is type(method) is str else (text(model), text(method))


class JournalEntry:
    """One call: its user, its arguments and its result.  Attributes are computed on access.

    `number` counts the calls from 1; `exchange` is what the entry is about, with its secrets.
    Passwords, keys and tokens are shown as `***`.
    """

    # a journal keeps many: no dict for each, and `_sent` and `_bound` are set on first use
    __slots__ = ("_bound", "_sent", "exchange", "number")

    _sent: Sent
    _bound: Bound

    def __init__(self, exchange: Exchange, number: int = 0) -> None:
        self.exchange = exchange
        self.number = number

    @property
    def time(self) -> datetime:
        """When it was answered, by the server's clock."""
        return moment_of(self.exchange.reading)

    @property
    def restores(self) -> int:
        """How often a state had been restored before the call."""
        return self.exchange.restores

    # -- protocol and user

    @property
    def dialect(self) -> str:
        """The protocol: `xmlrpc`, `jsonrpc`, `web`, `json2` …"""
        call = self.exchange.call
        return self.exchange.dialect if call is None else call.dialect

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
        """The user's login at that time; for a call that failed to log in, that of the user it names."""
        call, user, database = self.exchange.call, self.exchange.user, self.exchange.database
        if user is None and database is not None and type(self.uid) is int:
            user = database.store.get("res.users", self.uid)
        if user is not None:
            return str(user.get("login"))
        given = call.login if call is not None and call.login else self.args.get("login")
        return given if isinstance(given, str) else None

    @property
    def call(self) -> Call | None:
        """The call itself, with its secrets; None for a request that was not a call."""
        return self.exchange.call

    # -- method and arguments

    @property
    def service(self) -> str | None:
        """Such as `object`, `common`, `dataset`; `file` and `report` for downloads and reports."""
        call = self.exchange.call
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
        """`res.partner.create`, `common.version`, or verb and path of a request that is not a call."""
        call = self.exchange.call
        return self.exchange.target if call is None else f"{self.model or self.service}.{self.method}"

    @property
    def ids(self) -> list[Any]:
        """The ids of the records that the method was called on; empty for a method of the model."""
        return self.bound.ids

    @property
    def args(self) -> dict[str, Any]:
        """The arguments by their parameter names, without defaults."""
        return masked_arguments(self.bound.args, self.model)

    @property
    def positional(self) -> tuple[Any, ...]:
        """The arguments without a name: surplus ones, or those of an unknown method."""
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
        """Return the argument of that name; `vals` and `domain` also where the method has another name for them."""
        found = self.args
        return next((found[other] for other in (name, *ALIASES.get(name, ())) if other in found), default)

    def given(self, name: str, default: Any = None) -> Any:
        """Return the argument unmasked: for comparison, not for display."""
        return next((self.bound.args[n] for n in (name, *ALIASES.get(name, ())) if n in self.bound.args), default)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameter names of the method; empty for an unknown method."""
        found = None if self.model is None else naming(self.exchange.database, self.model, self.method)
        if found is None:
            return PARAMETERS.get(f"{self.service}.{self.method}", ())
        return tuple(signature(found.function).parameters)[1:]

    # -- result

    @property
    def answer(self) -> Any:
        """What the method returned, as the client got it; None for an error."""
        value = self.exchange.value if self.exchange.error is None else None
        return HIDDEN if isinstance(value, str) and self.target == "res.users.apikeys.generate" else masked(value)

    @property
    def error(self) -> Exception | None:
        """The exception that the call raised, or None."""
        return self.exchange.error

    @property
    def outcome(self) -> str:
        """`ok`, or the class name of the error, or of the fault in place of the call."""
        fault = self.prevented_by
        return self.exchange.outcome if fault is None else type(fault).__name__

    @property
    def faults(self) -> tuple[Fault | Exception, ...]:
        """The faults that hit the call, as the test wrote them; also those by which only its answer was lost."""
        return tuple(fault.given for fault in self._faults)

    @property
    def prevented_by(self) -> Fault | Exception | None:
        """The fault in place of the call; None for a call that was performed."""
        met, error = self._faults, self.exchange.error
        if error is None or not met:
            return None
        last = met[-1]
        return last.given if isinstance(error, NoAnswer) or (last.ends and not last.after) else None

    @property
    def _faults(self) -> Sequence[Fault]:
        call = self.exchange.call
        return () if call is None else call.faults

    @property
    def gaps(self) -> list[str]:
        """What the mock could not tell or do, a sentence each: fields that it does not compute, a method that it lacks,
        an automation that it left out."""
        call, model = self.exchange.call, self.model
        if call is None or model is None:
            return [] if call is None else list(call.unmet)
        failed = self.error is not None
        found = gaps(self.exchange.database, model, self.method, self.bound.args, self.bound.ids, failed=failed)
        return [*found, *call.unmet]

    @property
    def changes(self) -> ChangeSet:
        """The records that it created, wrote and deleted, as in `mockserver.changes`."""
        call = self.exchange.call
        found = () if call is None else call.changes
        return ChangeSet(effective(RecordChange(self.db or "", *change) for change in found))

    @property
    def duration(self) -> float:
        """The seconds that the server took."""
        return self.exchange.seconds

    @property
    def size(self) -> int:
        """The bytes of request and answer."""
        return self.exchange.size

    def __repr__(self) -> str:
        call = self.exchange.call
        if call is None:
            return cut(f"{self.target} {self._result_text(LINE)}", LINE)
        user = self.login or (f"uid {self.uid}" if self.uid is not None else "")
        head = " ".join(filter(None, [f"{self.number}.", self.dialect, user]))
        head = cut(f"{printable(head)} {printable(self.target)}(", LINE)
        room = LINE - len(head) - len(") ")
        # the answer gets its minimum first; the arguments get the rest, and the answer what they leave
        given = self.written(max(room - len(self._result_text(LEAST)), LEAST))
        return f"{head}{given}) {self._result_text(max(room - len(given), LEAST))}"

    def written(self, room: int) -> str:
        """Return the arguments as written in a call, in at most `room` characters."""
        ids = [("", self.ids)] if self.ids else []
        unnamed = [("", value) for value in self.positional]
        named = [(f"{printable(name)}=", value) for name, value in self.args.items()]
        context = [("context=", self.context)] if self.context else []
        return listed([*ids, *unnamed, *named, *context], "", "", room)

    def _result_text(self, room: int) -> str:
        """Return the result in at most `room` characters, followed by the effects of faults."""
        if self.prevented_by is not None:
            return cut(f"not performed: {' + '.join(map(repr, self._faults))}", FAULTS)
        faults = cut("".join(f", {fault.effect}: {fault!r}" for fault in self._faults), FAULTS)
        answer = self.answer
        if self.error is not None:
            text = " ".join(str(self.error).split())
            return cut(f"raised {self.outcome}" + (f": {text}" if text else ""), max(room, ERROR)) + faults
        if isinstance(answer, Reply):
            return f"-> {answer.status}, {len(answer.body)} bytes of {answer.content_type or 'nothing'}{faults}"
        return f"-> {brief(answer, room - len('-> '))}{faults}"

    # -- computed on first use

    @property
    def sent(self) -> Sent:
        """The request, before the arguments have names; with secrets."""
        try:
            return self._sent
        except AttributeError:
            self._sent = sent(self.exchange.call)
            return self._sent

    @property
    def bound(self) -> Bound:
        """The arguments by name, unmasked: for comparison, not for display."""
        try:
            return self._bound
        except AttributeError:
            self._bound = bind(self.sent, self.service, self.exchange.database)
            return self._bound
