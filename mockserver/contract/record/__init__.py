"""A recorder: is given what passed, and makes a contract of it."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from mockserver.contract import format as contract_format
from mockserver.contract.record.accounts import SESSION, Accounts
from mockserver.contract.record.decoding import Named, Rpc, Seen, is_readable, read
from mockserver.contract.record.hiding import Secrets
from mockserver.contract.record.transcript import Transcript
from mockserver.orm.fields.base import holds
from mockserver.server.exchange import RawExchange

Described = Mapping[str, Mapping[str, str]]


class FieldSource(Protocol):
    """Where the fields of models are asked for."""

    def fields(self, model: str, accounts: Accounts) -> Described | None:
        """`{field: {"type", "relation"}}`; None where they cannot be had."""
        ...


class Recorder:
    """Keeps what passes, in the order of the answers, and writes it as a contract.  Safe for threads.

    `db`: the database that is recorded; calls of others are left out.  `everybody`: the data that go with the contract
    have all its users, with the stand-ins of their passwords.  What it knows of secrets it keeps to itself.
    """

    def __init__(self, source: FieldSource, db: str | None = None, everybody: bool = False) -> None:
        self.accounts = Accounts(db)
        self.left_out: Counter[str] = Counter()
        self.unnamed: list[tuple[str, int]] = []
        self._remarks: dict[str, int] = {}
        self.steps = 0
        self._source = source
        self._db = db
        self._everybody = everybody
        self.secrets = Secrets()
        self._seen: list[Seen] = []
        self._fields: dict[str, Described] = {}
        self._unknown: set[str] = set()  # models that were asked for in vain
        self._lock = threading.Lock()

    def add(self, passed: RawExchange) -> str:
        """Keep a request; gives what it was, for a log line.  Whatever it holds, its client is not to notice."""
        try:
            return self._added(passed)
        except Exception:
            self.left_out["requests that could not be read"] += 1
            return ""

    def _added(self, passed: RawExchange) -> str:
        seen = read(passed)
        if seen is None:
            return ""
        if self._belongs_elsewhere(seen):
            self.left_out["requests to other databases"] += 1
        elif any(not getattr(fault, "after", False) for fault in passed.faults):
            self.left_out["calls that a test had fail"] += 1
        elif not is_readable(passed) and not isinstance(seen, Rpc):
            self.left_out["uploads of what is no text"] += 1
        else:
            with self._lock:
                self._seen.append(seen)
                self.accounts.note(seen)
            self._ask(seen)
        return seen.label

    def _belongs_elsewhere(self, seen: Seen) -> bool:
        if self._db is None:
            return False
        if isinstance(seen, Rpc):
            named = (
                seen.args[0]
                if seen.args and (seen.service, seen.name) not in _WITHOUT_DB and seen.service != "db"
                else None
            )
        else:
            named = seen.headers.get("x-odoo-database")
        return isinstance(named, str) and named != self._db

    def _ask(self, seen: Seen) -> None:
        """Ask for the fields of the model that a request is about, while those who may know them are there."""
        called = seen.of_model if isinstance(seen, Rpc) else None
        model = called[0] if called else seen.model if isinstance(seen, Named) else _web_model(seen)
        if model == "ir.model.fields" and self._fields:
            self._fields.clear()  # they are others now, maybe
            self._unknown.clear()
        if model:
            self.fields(model)

    def fields(self, model: str) -> Described:
        """The fields of a model; none of a model that is not known, or not told."""
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
        """The contract as data; `head` are keys beside the steps, such as `profile`."""
        with self._lock:
            seen = list(self._seen)
        self._unknown.clear()  # perhaps nobody had logged in yet
        secrets = self.secrets = self._secrets(seen)
        once = Transcript(self.accounts, secrets, self.fields, (), self._everybody)
        once.steps(seen)
        script = Transcript(self.accounts, secrets, self.fields, once.unnamed, self._everybody)
        steps = script.steps(seen)
        self._remarks = script.notes
        self.unnamed = sorted(script.unnamed)
        self.steps = len(steps)
        data = {**{key: value for key, value in head.items() if value}, "fields": self._used(steps), "steps": steps}
        return self._guarded(data, secrets)

    def _secrets(self, seen: list[Seen]) -> Secrets:
        secrets = Secrets()
        for account in self.accounts.all:
            secrets.plain(account.login, account.db)
            for secret in (*account.passwords, account.api_key):
                if secret:
                    secrets.stand_in(secret)
        for refused in self.accounts.refused:
            secrets.stand_in(refused)
        for one in seen:
            if sid := one.cookies.get(SESSION):
                secrets.stand_in(sid)
            for payload in one.payloads():
                secrets.learn(payload)
        return secrets

    def _used(self, steps: list[dict[str, Any]]) -> dict[str, Any]:
        """The relations of the models that shapes name: those say which values are ids."""
        shapes = json.dumps([[step.get("shape"), step.get("keep")] for step in steps])
        text = json.dumps(steps)
        return {
            model: {
                name: {key: told[key] for key in ("type", "relation") if told.get(key)}
                for name, told in sorted(fields.items())
                if holds(told.get("type", "")) == "record" and name in text
            }
            for model, fields in sorted(self._fields.items())
            if f':{model}"' in shapes
        }

    def _guarded(self, data: dict[str, Any], secrets: Secrets) -> dict[str, Any]:
        """The data without the steps that still hold a secret, if there should be any."""
        safe = [step for step in data["steps"] if not secrets.left(json.dumps(step, ensure_ascii=False))]
        if len(safe) < len(data["steps"]):
            self.left_out["requests with a secret in an unknown place"] += len(data["steps"]) - len(safe)
        return {**data, "steps": safe}

    @property
    def requests(self) -> int:
        """How many were kept."""
        with self._lock:
            return len(self._seen)

    def notes(self, most: int) -> list[str]:
        """What a reader of the contract should know, one line each; at most so many records are told by name."""
        lines = [f"{text} ({count})" for text, count in sorted({**self.left_out, **self._remarks}.items())]
        if self.unnamed:
            shown = ", ".join(f"{model} {id_}" for model, id_ in self.unnamed[:most])
            more = f" and {len(self.unnamed) - most} more" if len(self.unnamed) > most else ""
            lines.append(f"the steps use records by ids that must be the same elsewhere: {shown}{more}")
        return lines

    def write(self, path: str | Path, contract: Mapping[str, Any]) -> int:
        """Write what `contract` gave; the number of its steps.  Raises OSError and ContractError."""
        contract_format.write(path, contract)
        return self.steps


_WITHOUT_DB = {("common", "version"), ("common", "about")}


def _web_model(seen: Seen) -> str | None:
    params = seen.json.get("params") if isinstance(seen.json, dict) else None
    model = params.get("model") if isinstance(params, dict) else None
    return model if isinstance(model, str) else None
