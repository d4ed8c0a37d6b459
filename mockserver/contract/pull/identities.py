"""Which record of the fixture a record of the server becomes: its id, its external id, and what refers to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.contract.pull.harvest import Harvest
from mockserver.contract.pull.reader import Row
from mockserver.orm.database import Database

MODULE = "pulled"  # of the external ids of records that have none
# what tells a record of the base data that has no external id, or whose external id may not be read
_NATURAL_KEYS = {
    "res.users": "login", "ir.config_parameter": "key", "res.lang": "code", "res.currency": "name",
    "res.country": "code",
}  # fmt: skip


class Identities:
    """The ids and names of a harvest, given once: the server's own, as far as the base data leave them free."""

    def __init__(self, harvest: Harvest, base: Database, models: Mapping[int, str]) -> None:
        self.harvest = harvest
        self.base = base
        self.ids: dict[tuple[str, int], int] = {}  # (model, id there) → id here
        self.xmlids: dict[tuple[str, int], str] = {}  # (model, id there) → external id here
        self.updated: set[tuple[str, int]] = set()  # those that the base data have
        self._models = models  # id there → external id, of the models that the fixture or the base data have
        for key, (xmlid, _) in harvest.names.items():
            self._settle(key, xmlid)
        for model, rows in sorted(harvest.rows.items()):
            self._number(model, rows)

    def _settle(self, key: tuple[str, int], xmlid: str) -> None:
        found = self.harvest.base.get(xmlid)
        if found is not None and found[0] == key[0]:
            self.ids[key], self.xmlids[key] = found[1], xmlid
            self.updated.add(key)

    def _number(self, model: str, rows: Mapping[int, Row]) -> None:
        taken = set(self.base.store.rows(model)) if model in self.base.registry else set()
        free = max([*taken, *rows, 0]) + 1
        natural = self._natural(model)
        for id_, row in sorted(rows.items()):
            key = (model, id_)
            if key in self.ids:
                continue
            known = natural.get(row.get(_NATURAL_KEYS.get(model, "")))
            if known is not None and known not in self._used(model):
                self.ids[key] = known
                self.updated.add(key)
                if xmlid := self._base_name(model, known):
                    self.xmlids[key] = xmlid
                continue
            self.ids[key] = id_ if id_ not in taken else free
            free += id_ in taken
            xmlid, _ = self.harvest.names.get(key, ("", False))
            self.xmlids[key] = xmlid or f"{MODULE}.{re.sub(r'[^a-z0-9_]', '_', model)}_{id_}"

    def _used(self, model: str) -> set[int]:
        return {self.ids[key] for key in self.updated if key[0] == model}

    def _natural(self, model: str) -> dict[Any, int]:
        """Value of the natural key → id, of the base data."""
        name = _NATURAL_KEYS.get(model)
        if name is None or model not in self.base.registry:
            return {}
        rows = self.base.store.rows(model)
        return {row[name]: id_ for id_, row in rows.items() if row.get(name)}

    def _base_name(self, model: str, id_: int) -> str | None:
        return next((xmlid for xmlid, found in self.harvest.base.items() if found == (model, id_)), None)

    def reference(self, model: str, id_: int) -> Any:
        """How a fixture refers to a record: `{"ref": …}`, an id of the base data; None for what is not in either."""
        if model == "ir.model":
            return {"ref": self._models[id_]} if id_ in self._models else None
        key = (model, id_)
        if key in self.xmlids:
            return {"ref": self.xmlids[key]}
        return self.ids.get(key)
