"""The fields that the models of a database and of a scanned module have together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.schema.model import MAGIC_FIELDS
from mockserver.seed.check import FIELD_KEYS

Attributes = dict[str, Any]


class Fields:
    """Fields by model and name, as the attributes of fixtures."""

    def __init__(self, database: Database, models: Mapping[str, Mapping[str, Any]]) -> None:
        self._registry, self._models = database.registry, models

    def attributes(self, model: str, name: str) -> Attributes | None:
        """Return what a field of a model has, or None."""
        said = self._models.get(model, {})
        return self._of(model, name, said, (*said.get("inherit", ()), *said.get("inherits", ())))

    def declared(self, model: str, name: str, definition: Mapping[str, Any]) -> Attributes | None:
        """Return what a field has that a class declares again, or None; one of a delegate is another field.

        `definition` is what the module says of the model until now.
        """
        known = self._registry[model].fields.get(name) if model in self._registry else None
        if known is not None and known.inherited and name not in definition.get("fields", ()):
            return None
        return self._of(model, name, definition, definition.get("inherit", ()))

    def _of(self, model: str, name: str, said: Mapping[str, Any], others: Sequence[str]) -> Attributes | None:
        own: Mapping[str, Any] = said.get("fields", {}).get(name, {})
        known = self._of_database(model, name)
        if known is None and "type" not in own:
            known = next((found for one in others if one != model and (found := self.attributes(one, name))), None)
        return {**(known or {}), **own} if own or known else None

    def at(self, model: str, path: str) -> Attributes | None:
        """Return the attributes of the field at the end of a path, or None."""
        found: Attributes | None = None
        for step in path.split("."):
            found = self.attributes(model, step)
            model = str((found or {}).get("relation"))
        return found

    def names(self, model: str) -> set[str]:
        """Return the names of a model's fields."""
        said = self._models.get(model, {})
        found = {*said.get("fields", ()), *MAGIC_FIELDS}
        for other in (*said.get("inherit", ()), *said.get("inherits", ())):
            found |= self.names(other) if other != model else set()
        return found | (self._registry[model].fields.keys() if model in self._registry else set())

    def _of_database(self, model: str, name: str) -> Attributes | None:
        field = self._registry[model].fields.get(name) if model in self._registry else None
        return None if field is None else _plain(field)


def _plain(field: Field) -> Attributes:
    given = {key: value for key, value in field.given.items() if key in FIELD_KEYS}
    return {
        "type": field.type,
        **{key: list(value) if isinstance(value, tuple) else value for key, value in given.items()},
    }


def choices_with(known: Any, added: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return choices with added ones: a new one stands before the known one that follows it, or at the end."""
    found = [list(pair) for pair in known] if isinstance(known, (list, tuple)) else []
    pending: list[list[str]] = []
    for pair in added:
        place = next((number for number, one in enumerate(found) if one[0] == pair[0]), None)
        if place is None:
            pending.append([pair[0], pair[-1]])
            continue
        if len(pair) > 1:
            found[place] = list(pair)
        found[place:place] = pending
        pending = []
    return found + pending
