"""A request to a database that keeps nothing: with the same rows, but without an index, a column or a memo.

What a server keeps from one call to the next must not be seen: such a twin gives the same answer, and has the same rows
after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.storage.store import Store
from tests.dialects.wire import DB
from tests.fuzz.judge import Finding
from tests.fuzz.sent import Sent
from tests.fuzz.target import Outcome, Target, call_of

KEPT = "kept"  # the kind of what is found


def twin_of(database: Database) -> Database:
    """Return a database with the same rows and definitions that was never asked anything."""
    twin = Database(database.name, database.profile, database.clock)
    twin.registry, twin.loaded, twin.install = database.registry, database.loaded, database.install
    twin.hints = database.hints
    store = Store()
    for model in database.store.models():
        store._rows[model] = dict(database.store.rows(model))
    store._disordered.update(store._rows)
    store.sequences = database.store.sequences
    store.query_of = twin._query_of
    twin.store = store
    return twin


class Twin:
    """Sends a request to a twin of the target's database, and compares it with what the database itself did."""

    def __init__(self, target: Target, sent: Sent) -> None:
        self._target = target
        databases = target.app.databases._by_name
        database = databases[DB]
        self._database = twin_of(database)
        random = target.kit.clock._random
        tokens, errors = random.getstate() if type(random) is Random else None, len(target.kit.errors)
        databases[DB] = self._database
        try:
            self._outcome = target.send(sent)
        finally:
            databases = target.app.databases._by_name
            self._comparable = databases.get(DB) is self._database
            databases[DB] = database
            del target.kit.errors[errors:]
            if tokens is not None:
                random.setstate(tokens)  # the database itself gets the same ones

    def differences(self, outcome: Outcome) -> Iterator[Finding]:
        """Yield what the database itself did otherwise."""
        database = self._target.app.databases.get(DB)
        if not self._comparable or database is None or database.registry is not self._database.registry:
            return  # the request was about the database as a whole, or about its models
        call = call_of(outcome)
        place = f"{call.model}.{call.method}" if call is not None else "no call"
        if (outcome.status, outcome.body) != (self._outcome.status, self._outcome.body):
            answers = [f"{one.status} {one.body!r:.900}" for one in (self._outcome, outcome)]
            yield Finding(KEPT, place, "nothing kept: {}\nas it was: {}".format(*answers))
        ours, others = _rows(database), _rows(self._database)
        for model in sorted(ours.keys() | others.keys()):
            if ours.get(model) != others.get(model):
                yield Finding(KEPT, place, f"other rows of {model}")


def _rows(database: Database) -> dict[str, dict[int, Any]]:
    store = database.store
    return {name: dict(rows) for name in store.models() if name in database.registry and (rows := store.rows(name))}
