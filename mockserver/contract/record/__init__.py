"""The recorder, which makes a contract of requests and their answers."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from mockserver.contract import format as contract_format
from mockserver.contract.record.accounts import SESSION, Accounts
from mockserver.contract.record.decoding import Json2Request, RecordedRequest, RpcRequest, decode, is_readable
from mockserver.contract.record.hiding import Secrets
from mockserver.contract.record.transcript import Transcript
from mockserver.orm.fields.base import holds
from mockserver.server.exchange import Passed

Described = Mapping[str, Mapping[str, str]]


class FieldSource(Protocol):
    """A source of the fields of models."""

    def fields(self, model: str, accounts: Accounts) -> Described | None:
        """Return `{field: {"type", "relation"}}`; None if they are not available."""
        ...


class Recorder:
    """Keeps requests in the order of their answers and writes them as a contract.  Thread-safe.

    `db`: the recorded database; calls of others are left out.  `everybody`: the data for the contract hold all its
    users, with stand-ins for their passwords.
    """

    def __init__(self, source: FieldSource, db: str | None = None, everybody: bool = False) -> None:
        self.accounts = Accounts(db)
        self.left_out: Counter[str] = Counter()
        self.unlabelled: list[tuple[str, int]] = []
        self._transcript_notes: dict[str, int] = {}
        self.steps = 0
        self._source = source
        self._db = db
        self._everybody = everybody
        self.secrets = Secrets()
        self._requests: list[RecordedRequest] = []
        self._fields: dict[str, Described] = {}
        self._unknown: set[str] = set()  # models whose fields are not available
        self._lock = threading.Lock()

    def add(self, passed: Passed) -> str:
        """Keep a request and return a label for the log.  Never raises, so that the client is not affected."""
        try:
            return self._add(passed)
        except Exception:
            self.left_out["requests that could not be read"] += 1
            return ""

    def _add(self, passed: Passed) -> str:
        recorded = decode(passed)
        if recorded is None:
            return ""
        if self._is_of_another_database(recorded):
            self.left_out["requests to other databases"] += 1
        elif any(not getattr(fault, "after", False) for fault in passed.faults):
            self.left_out["calls that a test had fail"] += 1
        elif not is_readable(passed) and not isinstance(recorded, RpcRequest):
            self.left_out["uploads of what is no text"] += 1
        else:
            with self._lock:
                self._requests.append(recorded)
                self.accounts.note(recorded)
            self._read_fields(recorded)
        return recorded.label

    def _is_of_another_database(self, recorded: RecordedRequest) -> bool:
        if self._db is None:
            return False
        if isinstance(recorded, RpcRequest):
            named = (
                recorded.args[0]
                if recorded.args and (recorded.service, recorded.name) not in _WITHOUT_DB and recorded.service != "db"
                else None
            )
        else:
            named = recorded.headers.get("x-odoo-database")
        return isinstance(named, str) and named != self._db

    def _read_fields(self, recorded: RecordedRequest) -> None:
        """Read the fields of the model of a request, while the session of its user is valid."""
        called = recorded.model_call if isinstance(recorded, RpcRequest) else None
        model = called[0] if called else recorded.model if isinstance(recorded, Json2Request) else _web_model(recorded)
        if model == "ir.model.fields" and self._fields:
            self._fields.clear()  # they may have changed
            self._unknown.clear()
        if model:
            self.fields(model)

    def fields(self, model: str) -> Described:
        """Return the fields of a model; empty if they are not available."""
        if model in self._unknown:
            return {}
        if model not in self._fields:
            found = self._source.fields(model, self.accounts)
            if found is None:
                self._unknown.add(model)
                return {}
            self._fields[model] = found
        return self._fields[model]

    # -- the contract

    def contract(self, **head: Any) -> dict[str, Any]:
        """Return the contract as data; `head` are keys besides the steps, such as `profile`."""
        with self._lock:
            recorded = list(self._requests)
        self._unknown.clear()  # there may be a login by now
        secrets = self.secrets = self._secrets(recorded)
        first_pass = Transcript(self.accounts, secrets, self.fields, (), self._everybody)
        first_pass.steps(recorded)
        second_pass = Transcript(self.accounts, secrets, self.fields, first_pass.unlabelled, self._everybody)
        steps = second_pass.steps(recorded)
        self._transcript_notes = second_pass.notes
        self.unlabelled = sorted(second_pass.unlabelled)
        self.steps = len(steps)
        data = {
            **{key: value for key, value in head.items() if value},
            "fields": self._relations_used(steps),
            "steps": steps,
        }
        return self._without_secret_steps(data, secrets)

    def _secrets(self, recorded: list[RecordedRequest]) -> Secrets:
        secrets = Secrets()
        for account in self.accounts.all:
            secrets.allow(account.login, account.db)
            for secret in (*account.passwords, account.api_key):
                if secret:
                    secrets.stand_in(secret)
        for refused in self.accounts.refused:
            secrets.stand_in(refused)
        for request in recorded:
            if sid := request.cookies.get(SESSION):
                secrets.stand_in(sid)
            for payload in request.payloads():
                secrets.collect(payload)
        return secrets

    def _relations_used(self, steps: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the relations of the models named in shapes; they determine which values are ids."""
        shapes = json.dumps([[step.get("shape"), step.get("keep")] for step in steps])
        text = json.dumps(steps)
        return {
            model: {
                name: {key: attributes[key] for key in ("type", "relation") if attributes.get(key)}
                for name, attributes in sorted(fields.items())
                if holds(attributes.get("type", "")) == "record" and name in text
            }
            for model, fields in sorted(self._fields.items())
            if f':{model}"' in shapes
        }

    def _without_secret_steps(self, data: dict[str, Any], secrets: Secrets) -> dict[str, Any]:
        """Return the data without steps that still contain a secret."""
        safe = [step for step in data["steps"] if not secrets.remaining(json.dumps(step, ensure_ascii=False))]
        if len(safe) < len(data["steps"]):
            self.left_out["requests with a secret in an unknown place"] += len(data["steps"]) - len(safe)
        return {**data, "steps": safe}

    @property
    def requests(self) -> int:
        """The number of requests kept."""
        with self._lock:
            return len(self._requests)

    def notes(self, most: int) -> list[str]:
        """Return notes for readers of the contract, one line each; at most `most` records are named."""
        lines = [f"{text} ({count})" for text, count in sorted({**self.left_out, **self._transcript_notes}.items())]
        if self.unlabelled:
            shown = ", ".join(f"{model} {id_}" for model, id_ in self.unlabelled[:most])
            more = f" and {len(self.unlabelled) - most} more" if len(self.unlabelled) > most else ""
            lines.append(f"the steps use records by ids that must be the same elsewhere: {shown}{more}")
        return lines

    def write(self, path: str | Path, contract: Mapping[str, Any]) -> int:
        """Write the result of `contract` and return the number of its steps.  Raises OSError and ContractError."""
        contract_format.write(path, contract)
        return self.steps


_WITHOUT_DB = {("common", "version"), ("common", "about")}


def _web_model(recorded: RecordedRequest) -> str | None:
    params = recorded.json.get("params") if isinstance(recorded.json, dict) else None
    model = params.get("model") if isinstance(params, dict) else None
    return model if isinstance(model, str) else None
