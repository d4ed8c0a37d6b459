"""The dual run: send every call of a test to the mock and to a live server, and compare the answers."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from mockserver import errors
from mockserver.contract.compare import differences
from mockserver.contract.dual.counterparts import Counterparts, NoCounterpart
from mockserver.contract.dual.forwarding import Forwarder, UnknownPassword, environment_arguments, to_json_value
from mockserver.contract.live.errors import LiveError
from mockserver.contract.normal import Normaliser
from mockserver.contract.report import describe
from mockserver.contract.shapes import shape
from mockserver.contract.steps import Call as ContractCall, Fields, Outcome, Service, Step
from mockserver.contract.verify import Verdict
from mockserver.orm.database import Change, Database
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.schema import api
from mockserver.server.exchange import Exchange
from mockserver.server.server import MockServer
from mockserver.services import Call
from mockserver.testing.journal.masking import masked

SIDES = ("live", "mock")
RPC = ("xmlrpc", "jsonrpc", "json2")
LOGINS = ("login", "authenticate")

Skip = Callable[[str], NoReturn]


@dataclass
class Tally:
    """The results of the calls of one test, or of all."""

    compared: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    uncompared: Counter[str] = field(default_factory=Counter)
    diverged: str = ""  # why the data of the live server no longer match those of the mock
    leftovers: list[str] = field(default_factory=list)  # what could not be undone on the live server

    def lines(self) -> list[str]:
        """Return the report on the differences."""
        number = "1 call differs" if len(self.verdicts) == 1 else f"{len(self.verdicts)} calls differ"
        lines = [f"{number} between the live server and the mock, of {self.compared} compared:"]
        for verdict in self.verdicts:
            lines += ["", *describe(verdict, labels=SIDES)]
        return lines


class Comparison:
    """Compares the calls of one test on one mock with a live server.

    `skip` raises, to end the test with a reason.  `close` ends the comparison.
    """

    def __init__(self, server: MockServer, forwarder: Forwarder, skip: Skip) -> None:
        self.server = server
        self.tally = Tally()
        self._forwarder = forwarder
        self._database = forwarder.database
        self._skip = skip
        self._lock = threading.RLock()
        self._number = 0
        self._fields = fields(self._database)
        self._stop = server.app.observe(self._on_exchange, changes=True)
        self._database.witness = self._on_environment_call

    @property
    def pairs(self) -> Counterparts:
        """The pairs of records."""
        return self._forwarder.pairs

    def close(self) -> None:
        """Stop comparing."""
        self._stop()
        self._database.witness = None
        self._forwarder.close()

    # -- calls of the test through its environment

    def _on_environment_call(
        self, records: Recordset, method: api.Method, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Run a call of the test and repeat it on the live server; skip the test where that is impossible."""
        sent = to_json_value(environment_arguments(records, method, args, kwargs)), to_json_value(dict(kwargs))
        with self._database.transaction() as transaction:
            value = method.function(records, *args, **kwargs)
            if not transaction.outermost:
                return value
            changes = transaction.changes()
        if changes:
            with self._lock:
                self._repeat_on_live(records, method.name, *sent, to_json_value(value), changes)
        return value

    def _repeat_on_live(
        self,
        records: Recordset,
        name: str,
        args: list[Any],
        kwargs: dict[str, Any],
        value: Any,
        changes: Sequence[Change],
    ) -> None:
        model, env = records._name, records.env
        if env.context:
            kwargs = {"context": to_json_value(env.context), **kwargs}
        if self.tally.diverged:
            self._skip(self.tally.diverged)
        try:
            reply = self._forwarder.send(env.uid, model, name, args, kwargs, changes)
            error = _error(reply)
            if not error:
                self._forwarder.pair_created(model, name, args, value, reply.get("result"), changes)
        except (NoCounterpart, UnknownPassword, LiveError) as cause:
            error = {"text": str(cause)}
        if error:
            self._skip(f"the live server cannot be prepared: {model}.{name}: {error['text']}")

    # -- calls of the code under test

    def _on_exchange(self, exchange: Exchange) -> None:
        call = exchange.call
        if call is None or call.service == "page":
            return
        with self._lock:
            self._number += 1
            reason = self._reason_not_to_send(exchange, call)
            if reason:
                self.tally.uncompared[reason] += 1
                if call.changes:
                    self._mark_diverged(f"{call.label}: {reason}")
            elif call.model is None:
                self._service(exchange, call)
            else:
                self._method(exchange, call)

    def _reason_not_to_send(self, exchange: Exchange, call: Call) -> str:
        """Return why a call is not sent to the live server, "" if it is."""
        if self.tally.diverged:
            return "after the data of the servers diverged"
        if call.model is None:
            if call.service != "common" or call.method not in ("version", *LOGINS):
                return "calls of services other than models" if exchange.error is None else "calls refused at the door"
            own = list(call.positional[:3]) == [self.server.db, self.server.login, self.server.password]
            return "" if call.method == "version" or own else "logins of others"
        if call.db not in (None, self.server.db):
            return "calls of another database"
        if call.dialect not in RPC and call.service != "dataset":
            return f"calls over {call.dialect}"
        if call.uid is None or isinstance(exchange.error, errors.HTTPError):
            return "calls refused at the door"
        return ""

    def _service(self, exchange: Exchange, call: Call) -> None:
        client = self._forwarder.client(self._database.profile.admin_id)
        login = call.method in LOGINS
        args = [client.db, client.login, client.password, *to_json_value(call.positional[3:])] if login else []
        try:
            reply = client.service_reply("jsonrpc", "common", call.method, args)
        except LiveError as error:
            self._mark_diverged(str(error))
            return
        mock_value: Any = to_json_value(exchange.value)
        if login:  # the ids of the user differ
            reply, mock_value = {"result": bool(reply.get("result"))}, bool(mock_value)
        masked_args = ["{db}", "{login}", "{password}"] if login else []
        step = Step(self._number, Service("common", call.method, masked_args), {}, call.dialect)
        self._judge(step, {"result": reply.get("result")}, {"result": mock_value})

    def _method(self, exchange: Exchange, call: Call) -> None:
        model, method = str(call.model), call.method
        args, kwargs = to_json_value(list(call.positional)), to_json_value(dict(call.named))
        if call.dialect == "json2" and args == [[]]:
            args = [[]] if (found := self._database.method(model, method)) and found.takes_ids else []
        try:
            reply = self._forwarder.send(call.uid or 0, model, method, args, kwargs, call.changes)
        except (NoCounterpart, UnknownPassword) as cause:
            self.tally.uncompared[str(cause)] += 1
            if call.changes:
                self._mark_diverged(f"{call.label}: {cause}")
            return
        except LiveError as error:
            self._mark_diverged(f"{call.label}: {error}")
            return
        mock_value, live_value = self._method_value(exchange), reply.get("result")
        if call.dialect == "json2" and method == "create" and isinstance(live_value, int):
            live_value = [live_value]
        if exchange.error is None and not _error(reply):
            self._forwarder.pair_created(model, method, args, mock_value, live_value, call.changes)
        self._compare(exchange, call, mock_value, {**reply, "result": live_value} if not _error(reply) else reply)

    def _method_value(self, exchange: Exchange) -> Any:
        """Return the value of the method; routes of the web client wrap it."""
        value = to_json_value(exchange.value)
        call = exchange.call
        if call is not None and call.service == "dataset" and isinstance(value, dict):
            if call.method == "search_read" and "records" in value:
                return value["records"]
            if call.method == "read" and "value" in value:
                return [value["value"]]
        return value

    def _compare(self, exchange: Exchange, call: Call, mock_value: Any, reply: Mapping[str, Any]) -> None:
        model, pairs = str(call.model), self.pairs
        pairs.mock_labels.met.clear()
        pairs.live_labels.met.clear()
        one = self._outcome(pairs.mock_labels, model, call.method, mock_value, exchange.error)
        other = self._outcome(pairs.live_labels, model, call.method, reply.get("result"), None, _error(reply))
        args, kwargs = (
            masked(to_json_value(list(call.positional)), model),
            masked(to_json_value(dict(call.named)), model),
        )
        step = Step(self._number, ContractCall(model, call.method, args, kwargs), {}, call.dialect)
        if self._judge(step, other, one):
            pairs.pair_met()

    def _outcome(
        self, labels: Any, model: str, method: str, value: Any, error: Exception | None, error_data: Any = None
    ) -> Outcome:
        if error is not None:
            data = errors.error_data(error, self._database.profile)
            error_data = {"name": str(data.get("name")), "text": str(data.get("message") or "")}
        if error_data:
            name = error_data["name"].rpartition(".")[2]
            return {"error": {"name": name, "text": labels.scrub(error_data["text"])}}
        normal = Normaliser(self._fields, labels)
        if method in ("web_search_read", "web_read_group") and isinstance(value, dict):
            kind = "records" if "records" in value else "groups"
            return {"result": {**value, kind: normal.result(value.get(kind), f"{kind}:{model}")}}
        return {"result": normal.result(value, shape(model, method, value))}

    def _judge(self, step: Step, live: Outcome, mock: Outcome) -> bool:
        """Compare two outcomes, keep the verdict where they differ, and return whether they are equal."""
        self.tally.compared += 1
        found = differences(live, mock)
        if found:
            self.tally.verdicts.append(Verdict(step, mock, found))
        return not found

    def _mark_diverged(self, why: str) -> None:
        self.tally.diverged = (
            self.tally.diverged or f"the data of the live server no longer match those of the mock: {why}"
        )


def _error(reply: Mapping[str, Any]) -> dict[str, str]:
    """Return the name and text of a JSON-RPC error; empty for a result."""
    if "error" not in reply:
        return {}
    data = reply["error"].get("data") or {}
    name, message = data.get("name") or reply["error"].get("message"), data.get("message") or ""
    return {"name": str(name), "text": str(message)}


def fields(database: Database) -> Fields:
    """Return the types of fields, by which `Normaliser` tells ids from numbers."""
    return _Fields(database)


class _Fields(Mapping[str, Mapping[str, Mapping[str, str]]]):
    """The fields of models, described on first access."""

    def __init__(self, database: Database) -> None:
        self._registry = database.registry
        self._known: dict[str, Mapping[str, Mapping[str, str]]] = {}

    def __getitem__(self, model: str) -> Mapping[str, Mapping[str, str]]:
        if model not in self._known:
            found = self._registry[model].fields.values()
            self._known[model] = {f.name: {"type": f.type, "relation": f.relation or ""} for f in found}
        return self._known[model]

    def __iter__(self) -> Any:
        return iter(self._registry)

    def __len__(self) -> int:
        return len(self._registry)


__all__ = ["SIDES", "Comparison", "Tally"]
