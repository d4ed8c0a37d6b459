"""Assign ids and external ids in the fixture to the records of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.contract.pull.pulled_rows import PulledRows
from mockserver.contract.pull.reader import Row
from mockserver.orm.database import Database

MODULE = "pulled"  # the module in external ids of records without one
# fields that identify base records which have no external id, or one that may not be read
_NATURAL_KEYS = {
    "res.users": "login", "ir.config_parameter": "key", "res.lang": "code", "res.currency": "name",
    "res.country": "code",
}  # fmt: skip


class Identities:
    """The ids and external ids of pulled rows: those of the server, unless the base data use them."""

    def __init__(self, pulled: PulledRows, base: Database, models: Mapping[int, str]) -> None:
        self.pulled = pulled
        self.base = base
        self.ids: dict[tuple[str, int], int] = {}  # (model, id on the server) → id in the fixture
        self.xmlids: dict[tuple[str, int], str] = {}  # (model, id on the server) → external id in the fixture
        self.updated: set[tuple[str, int]] = set()  # records of the base data
        self._models = models  # id on the server → external id, of models in the fixture or the base data
        for key, (xmlid, _) in pulled.names.items():
            self._use_base_record(key, xmlid)
        for model, rows in sorted(pulled.rows.items()):
            self._assign_ids(model, rows)

    def _use_base_record(self, key: tuple[str, int], xmlid: str) -> None:
        found = self.pulled.base.get(xmlid)
        if found is not None and found[0] == key[0]:
            self.ids[key], self.xmlids[key] = found[1], xmlid
            self.updated.add(key)

    def _assign_ids(self, model: str, rows: Mapping[int, Row]) -> None:
        taken = set(self.base.store.rows(model)) if model in self.base.registry else set()
        free = max([*taken, *rows, 0]) + 1
        natural = self._by_natural_key(model)
        for id_, row in sorted(rows.items()):
            key = (model, id_)
            if key in self.ids:
                continue
            known = natural.get(row.get(_NATURAL_KEYS.get(model, "")))
            if known is not None and known not in self._base_ids_used(model):
                self.ids[key] = known
                self.updated.add(key)
                if xmlid := self._base_xmlid(model, known):
                    self.xmlids[key] = xmlid
                continue
            self.ids[key] = id_ if id_ not in taken else free
            free += id_ in taken
            xmlid, _ = self.pulled.names.get(key, ("", False))
            self.xmlids[key] = xmlid or f"{MODULE}.{re.sub(r'[^a-z0-9_]', '_', model)}_{id_}"

    def _base_ids_used(self, model: str) -> set[int]:
        return {self.ids[key] for key in self.updated if key[0] == model}

    def _by_natural_key(self, model: str) -> dict[Any, int]:
        """Return value of the natural key → id, of the base data."""
        name = _NATURAL_KEYS.get(model)
        if name is None or model not in self.base.registry:
            return {}
        rows = self.base.store.rows(model)
        return {row[name]: id_ for id_, row in rows.items() if row.get(name)}

    def _base_xmlid(self, model: str, id_: int) -> str | None:
        return next((xmlid for xmlid, found in self.pulled.base.items() if found == (model, id_)), None)

    def reference(self, model: str, id_: int) -> Any:
        """Return the reference to a record: `{"ref": …}`, or an id of the base data; None for an unknown record."""
        if model == "ir.model":
            return {"ref": self._models[id_]} if id_ in self._models else None
        key = (model, id_)
        if key in self.xmlids:
            return {"ref": self.xmlids[key]}
        return self.ids.get(key)
