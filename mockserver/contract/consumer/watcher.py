"""Record the calls to one server during one test as steps of a consumer contract."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mockserver import errors
from mockserver.contract.consumer.expectations import expectation
from mockserver.contract.consumer.record_labels import RecordLabels, UnknownRecord
from mockserver.contract.consumer.signatures import signature_of
from mockserver.contract.dual.forwarding import environment_arguments, to_json_value
from mockserver.contract.shapes import READ_ONLY_METHODS
from mockserver.contract.steps import Fields
from mockserver.orm.database import Change
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.schema import api
from mockserver.server.exchange import Exchange
from mockserver.services import Call
from mockserver.services.call import as_sent
from mockserver.testing.journal.masking import masked

if TYPE_CHECKING:
    from mockserver.server.server import MockServer

_DATASET = "dataset"


@dataclass
class Event:
    """One step of a test; `signature` identifies the call, None for what the test itself does."""

    step: dict[str, Any]
    signature: str | None = None
    changes: bool = False
    scored: bool = True
    created: list[tuple[str, str]] = field(default_factory=list)  # model and label

    @property
    def labels(self) -> set[str]:
        """The labels of records in its answer; some are added when a later step needs them."""
        names = self.step.get("as", [])
        return {*([names] if isinstance(names, str) else names), *self.step.get("bind", {})}


class Watcher:
    """Watches one server during one test.

    `numbers` counts the labels of each model, `left_out` the calls without a step, both over all tests.
    """

    def __init__(self, server: MockServer, numbers: Counter[str], left_out: Counter[str]) -> None:
        self.events: list[Event] = []
        self.fields: dict[str, dict[str, dict[str, str]]] = {}
        self._left_out = left_out
        self._server = server
        self._database = server.database(server.db)
        self._record_labels = RecordLabels(self._database, numbers)
        self._lock = threading.RLock()
        self._stop = server.app.observe(self._on_exchange, changes=True)
        self._database.witness = self._on_environment_call

    def close(self) -> None:
        """Stop watching."""
        self._stop()
        self._database.witness = None

    # -- calls of the test through its environment

    def _on_environment_call(
        self, records: Recordset, method: api.Method, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        sent, options = to_json_value(environment_arguments(records, method, args, kwargs)), to_json_value(dict(kwargs))
        with self._database.transaction() as transaction:
            value = method.function(records, *args, **kwargs)
            changes = transaction.changes() if transaction.outermost else []
        if isinstance(value, Recordset):
            answer: Any = as_sent(method, value, sent, self._database.profile.rules)
        else:
            answer = to_json_value(value)
        if changes:
            if records.env.context:
                options = {"context": to_json_value(records.env.context), **options}
            with self._lock:
                call = {"model": records._name, "method": method.name, "args": sent, "kwargs": options}
                self._add(call, answer, None, changes)
        return value

    # -- calls of the code under test

    def _on_exchange(self, exchange: Exchange) -> None:
        call = exchange.call
        if call is None or call.service == "page":
            return
        with self._lock:
            reason = self._reason_to_leave_out(exchange, call)
            if reason:
                self._left_out[reason] += 1
            elif call.model is None:
                self._service(call)
            else:
                self._method(exchange, call)

    def _reason_to_leave_out(self, exchange: Exchange, call: Call) -> str:
        if call.model is None and call.service != "common":
            return "calls of services other than common" if exchange.error is None else "calls refused at the door"
        if call.model is None:
            own = list(call.positional[:3]) == [self._server.db, self._server.login, self._server.password]
            return "" if call.method == "version" or own else "logins of others"
        if call.dialect not in ("xmlrpc", "jsonrpc", "json2") and call.service != _DATASET:
            return f"calls over {call.dialect}"
        if exchange.error is not None and (self._server.app.guarded or isinstance(exchange.error, errors.HTTPError)):
            return "calls that met a fault or were refused at the door"
        if (call.model, call.method) in self._database.registry.methods:
            return "calls of what the test itself defines"
        return ""

    def _service(self, call: Call) -> None:
        login = call.method != "version"
        request: dict[str, Any] = {"name": "common", "method": call.method}
        if login:
            request["args"] = ["{db}", "{login}", "{password}", *([{}] if call.method == "authenticate" else [])]
        step = {
            "service": request,
            "via": call.dialect,
            "shape": "type",
            "expect": {"result": "int" if login else "dict"},
        }
        self.events.append(Event(step, f"common.{call.method}"))

    def _method(self, exchange: Exchange, call: Call) -> None:
        model, method = str(call.model), call.method
        args, kwargs = (
            masked(to_json_value(list(call.positional)), model),
            masked(to_json_value(dict(call.named)), model),
        )
        sent = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        if call.dialect == "json2":
            found = self._database.method(model, method)
            if not (found and found.takes_ids) and args == [[]]:
                sent["args"] = []
        value = to_json_value(exchange.value)
        if call.service == _DATASET and isinstance(value, dict) and method == "search_read":
            value = value.get("records", value)
        via = "xmlrpc" if call.dialect == "xmlrpc" and exchange.error is None else "jsonrpc"
        error = exchange.error
        error_name = None if error is None else str(errors.error_data(error, self._database.profile).get("name"))
        if call.uid != self._server.uid and error_name:
            self._left_out["refusals of other users"] += 1
            return
        self._add(sent, value, error_name, [] if method in READ_ONLY_METHODS else call.changes, via=via, scored=True)

    def _add(
        self,
        call: dict[str, Any],
        value: Any,
        error: str | None,
        changes: Sequence[Change],
        *,
        via: str = "jsonrpc",
        scored: bool = False,
    ) -> None:
        """Add a step for a call, unless the origin of a record in it is unknown."""
        signature = signature_of(call, error) if scored else None
        model, method = call["model"], call["method"]
        try:
            named, lookups = self._record_labels.call(call)
        except UnknownRecord as record:
            self._left_out[f"calls on records whose origin is not seen, such as {record.model}"] += 1
            return
        self.events += [Event(found) for found in lookups]
        step: dict[str, Any] = {"call": {key: item for key, item in named.items() if item != {} and item != []}}
        if via != "jsonrpc":
            step["via"] = via
        event = Event(step, signature, bool(changes))
        described = self._describe_fields(model, call)
        step |= expectation(method, model, call, value, error, described)
        created = self._record_labels.note_answer(step, model, method, value if error is None else None)
        event.created = [(model, label) for label in created]
        self._record_labels.note_created_with(changes)
        self.events.append(event)

    def _describe_fields(self, model: str, call: Mapping[str, Any]) -> Fields:
        """Note the types of the fields in the call."""
        described = self._database.registry.get(model)
        known = described.fields if described else {}
        named = [name for name in _texts(call) if name in known]
        of_model = self.fields.setdefault(model, {})
        for name in named:
            of_model[name] = {"type": known[name].type}
            if relation := known[name].relation:
                of_model[name]["relation"] = relation
        return self.fields


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in the arguments; some of them are names of fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
