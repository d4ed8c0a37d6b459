"""Pairs of records of the mock and of a live server, and arguments with the ids of the live server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client
from mockserver.contract.rewriting import IdRewriter
from mockserver.orm.database import Database

UNUSED_IDS = 89_000_000  # no record has an id above this one, on any server
RecordKey = tuple[str, int]  # a model and an id


class NoCounterpart(LookupError):
    """A record of the mock without a known record on the live server."""

    def __init__(self, model: str, id_: int) -> None:
        super().__init__(f"{model} {id_} of the mock is no record that is known on the live server")


class TrackingLabels(Labels):
    """Labels that remember for which records they were read, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[tuple[str, int]] = []

    def of(self, model: str | None, value: Any) -> Any:
        """The label of an id."""
        if isinstance(value, int) and not isinstance(value, bool):
            self.met.append((model or "", value))
        return super().of(model, value)


class Counterparts(IdRewriter):
    """The records of two servers in pairs; both records of a pair have the same label.

    `known` are the initial pairs: `(label, model, id of the mock, id of the live server)`.
    """

    def __init__(self, database: Database, known: Iterable[tuple[str, str, int, int]] = ()) -> None:
        super().__init__(database)
        self.mock_labels, self.live_labels = TrackingLabels(), TrackingLabels()
        self._ids: dict[tuple[str, int], int] = {}
        self._taken: set[tuple[str, int]] = set()
        for label, model, mock_id, live_id in known:
            self.pair(model, mock_id, live_id, label)

    def pair(self, model: str, mock_id: int, live_id: int, label: str = "") -> None:
        """Pair two records, unless one of them is already in a pair."""
        if (model, mock_id) in self._ids or (model, live_id) in self._taken:
            return
        label = label or f"{model} {len(self._ids) + 1}"
        self._ids[model, mock_id] = live_id
        self._taken.add((model, live_id))
        self.mock_labels.bind(label, model, mock_id)
        self.live_labels.bind(label, model, live_id)

    def knows(self, model: str, mock_id: int) -> bool:
        """Return whether a record of the mock has a counterpart."""
        return (model, mock_id) in self._ids

    def pair_met(self) -> None:
        """Pair the records that stand at the same places of two equal answers."""
        for (model, mock_id), (other, live_id) in zip(self.mock_labels.met, self.live_labels.met, strict=False):
            if model == other and model in self.database.registry:
                self.pair(model, mock_id, live_id)

    def id(self, model: str | None, value: Any) -> Any:
        """Return the id on the live server; a value that is not an id is returned unchanged.

        An id without a record on the mock becomes one without a record on the live server.  Raises `NoCounterpart`.
        """
        if isinstance(value, bool) or not isinstance(value, int) or model is None or value <= 0:
            return value
        if (model, value) in self._ids:
            return self._ids[model, value]
        if self.database.store.get(model, value) is not None:
            raise NoCounterpart(model, value)
        return value if value >= UNUSED_IDS else UNUSED_IDS + value % 1_000_000


def read_external_ids(client: Client, models: Sequence[str]) -> dict[str, RecordKey]:
    """Read external id → model and id from a live server; raises `LiveError`."""
    fields = ["module", "name", "model", "res_id"]
    rows = client.call("ir.model.data", "search_read", [[("model", "in", list(models))]], {"fields": fields})
    return {f"{row['module']}.{row['name']}": (row["model"], int(row["res_id"])) for row in rows}


def initial_pairs(
    database: Database, client: Client, known: Mapping[str, RecordKey]
) -> list[tuple[str, str, int, int]]:
    """Return the pairs with the same external id, and the pair of logged-in users; raises `LiveError`."""
    pairs = []
    for row in database.store.rows("ir.model.data").values():
        xmlid = f"{row.get('module')}.{row.get('name')}"
        model, live_id = known.get(xmlid, ("", 0))
        if model == row.get("model") and live_id and row.get("res_id"):
            pairs.append((xmlid, model, int(row["res_id"]), live_id))
    return [*_user_pairs(database, client), *pairs]


def _user_pairs(database: Database, client: Client) -> list[tuple[str, str, int, int]]:
    """Return the pairs of the users, their partners and their companies, whatever their external ids."""
    admin = database.profile.admin_id
    user = database.env(admin).user
    names = {"partner_id": "res.partner", "company_id": "res.company"}
    (row,) = client.call("res.users", "read", [[client.uid], list(names)], {"load": "_classic_write"})
    own = [("the user", "res.users", admin, client.uid)]
    return own + [(f"the user's {name}", model, int(user[name].id), row[name]) for name, model in names.items()]
