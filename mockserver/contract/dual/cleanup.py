"""Undo the changes of a test on a live database: delete new records, write old values back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.contract.dual.scratch import error_line
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import RemoteError
from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import Many2many, One2many

ROUNDS = 4  # of deleting: records go after those that refer to them
_ALL = {"active_test": False}


class Cleanup:
    """Notes the changes of tests to one database and undoes them after each test.

    A record is new when its id is above the highest one that its model had when the model was first watched.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self._highest: dict[str, int | None] = {}  # None for a model that cannot be searched
        self._watched: dict[str, None] = {}  # of this test, in order
        self._written: list[tuple[str, int, dict[str, Any]]] = []
        self._undeletable: set[tuple[str, int]] = set()  # records that cannot be deleted; reported once
        self._permanent: list[str] = []

    def watch(self, *models: str) -> None:
        """Delete new records of these models after the test; models that do not exist are ignored."""
        for model in models:
            self._watched.setdefault(model)
            if model not in self._highest:
                found = self._ids(model, [], limit=1)
                self._highest[model] = None if found is None else max(found, default=0)

    def is_new(self, model: str, id_: int) -> bool:
        """Return whether a record is new in this run."""
        highest = self._highest.get(model)
        return highest is not None and id_ > highest

    def before_change(self, model: str, method: str, ids: Iterable[int], args: Sequence[Any] = ()) -> None:
        """Prepare for a method that changes records: save the values that a write replaces, note other changes."""
        self.watch(model)
        old = [id_ for id_ in ids if not self.is_new(model, id_)]
        if not old or method == "create":
            return
        if method == "write" and args and isinstance(args[0], Mapping):
            self._save_values(model, old, list(args[0]))
        else:
            self.note_permanent(f"{model}.{method} on {_describe_ids(old)}, which the test did not make")

    def note_permanent(self, what: str) -> None:
        """Note a change that cannot be undone."""
        self._permanent.append(what)

    def undo(self) -> list[str]:
        """Undo all changes in reverse order; return a line for each that remains."""
        leftovers = [f"{what}: cannot be undone" for what in self._permanent]
        for model, id_, values in reversed(self._written):
            try:
                self.client.call(model, "write", [[id_], values])
            except RemoteError as error:
                leftovers.append(f"{model} {id_} cannot be written back: {error_line(error)}")
        leftovers += self._delete_new()
        self._written.clear()
        self._permanent.clear()
        self._watched.clear()
        return leftovers

    def _delete_new(self) -> list[str]:
        """Delete the new records; return a line for each that remains."""
        refusals: dict[tuple[str, int], str] = {}
        for _ in range(ROUNDS):
            refusals = {}
            for model in reversed(self._watched):
                refusals |= self._delete(model)
            if not refusals:
                break
        self._undeletable |= refusals.keys()
        return [f"{model} {id_} stays: {reason}" for (model, id_), reason in refusals.items()]

    def _delete(self, model: str) -> dict[tuple[str, int], str]:
        highest = self._highest[model]
        found = None if highest is None else self._ids(model, [("id", ">", highest)])
        ids = [id_ for id_ in found or () if (model, id_) not in self._undeletable]
        if not ids:
            return {}
        try:
            self.client.call(model, "unlink", [ids])
        except RemoteError:
            return self._delete_each(model, ids)
        return {}

    def _delete_each(self, model: str, ids: Iterable[int]) -> dict[tuple[str, int], str]:
        refusals = {}
        for id_ in ids:
            try:
                self.client.call(model, "unlink", [[id_]])
            except RemoteError as error:
                refusals[model, id_] = error_line(error)
        return refusals

    def _save_values(self, model: str, ids: list[int], names: list[str]) -> None:
        try:
            types = self.client.call(model, "fields_get", [names], {"attributes": ["type"]})
            rows = self.client.call(model, "read", [ids, [n for n in names if n in types]], {"load": "_classic_write"})
        except RemoteError:  # the call itself will fail with the reason
            return
        for row in rows:
            id_ = row.pop("id")
            self._written.append((model, id_, {n: _write_value(types[n]["type"], value) for n, value in row.items()}))

    def _ids(self, model: str, domain: Any, limit: int | None = None) -> list[int] | None:
        """Return ids, the highest first; None for a model that does not exist or has no table."""
        try:
            found = self.client.call(model, "search", [domain], {"order": "id desc", "limit": limit, "context": _ALL})
        except RemoteError:
            return None
        return [id_ for id_ in found if isinstance(id_, int)]


def _write_value(kind: str, value: Any) -> Any:
    """Return a value from `read` in the form for `write`."""
    return [(6, 0, value)] if is_a(kind, One2many, Many2many) else value


def _describe_ids(ids: Sequence[int]) -> str:
    return "records" if len(ids) > 3 else f"record {', '.join(map(str, ids))}"
