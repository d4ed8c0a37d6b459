"""Which record of a live server is which record of the mock, and arguments in the ids of the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client
from mockserver.contract.rewriting import IdRewriter
from mockserver.orm.database import Database

UNUSED_IDS = 89_000_000  # the ids from here on are no record's, on any server
RecordKey = tuple[str, int]  # a model and an id


class NoCounterpart(LookupError):
    """A record of the mock that no record of the live server is known to be."""

    def __init__(self, model: str, id_: int) -> None:
        super().__init__(f"{model} {id_} of the mock is no record that is known on the live server")


class TrackingLabels(Labels):
    """Labels that remember which records were met, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.met: list[tuple[str, int]] = []

    def of(self, model: str | None, value: Any) -> Any:
        """The label of an id."""
        if isinstance(value, int) and not isinstance(value, bool):
            self.met.append((model or "", value))
        return super().of(model, value)


class Counterparts(IdRewriter):
    """The records of two servers in pairs; both have the same label.

    `known` are pairs to begin with: `(label, model, id of the mock, id of the live server)`.
    """

    def __init__(self, database: Database, known: Iterable[tuple[str, str, int, int]] = ()) -> None:
        super().__init__(database)
        self.mock_labels, self.live_labels = TrackingLabels(), TrackingLabels()
        self._ids: dict[tuple[str, int], int] = {}
        self._taken: set[tuple[str, int]] = set()
        for label, model, here, there in known:
            self.pair(model, here, there, label)

    def pair(self, model: str, here: int, there: int, label: str = "") -> None:
        """From now on the two are one record, unless one of them is another's already."""
        if (model, here) in self._ids or (model, there) in self._taken:
            return
        label = label or f"{model} {len(self._ids) + 1}"
        self._ids[model, here] = there
        self._taken.add((model, there))
        self.mock_labels.bind(label, model, here)
        self.live_labels.bind(label, model, there)

    def knows(self, model: str, here: int) -> bool:
        """Whether a record of the mock has a counterpart."""
        return (model, here) in self._ids

    def pair_met(self) -> None:
        """Pair what both have met in the same places of equal answers."""
        for (model, here), (other, there) in zip(self.mock_labels.met, self.live_labels.met, strict=False):
            if model == other and model in self.database.registry:
                self.pair(model, here, there)

    def id(self, model: str | None, here: Any) -> Any:
        """The id there; what is no id stays as it is.

        An id that the mock has no record for becomes one that the live server has none for.  Raises `NoCounterpart`.
        """
        if isinstance(here, bool) or not isinstance(here, int) or model is None or here <= 0:
            return here
        if (model, here) in self._ids:
            return self._ids[model, here]
        if self.database.store.get(model, here) is not None:
            raise NoCounterpart(model, here)
        return here if here >= UNUSED_IDS else UNUSED_IDS + here % 1_000_000


def read_external_ids(client: Client, models: Sequence[str]) -> dict[str, RecordKey]:
    """External id → model and id, of the records of a live server; raises `LiveError`."""
    fields = ["module", "name", "model", "res_id"]
    rows = client.call("ir.model.data", "search_read", [[("model", "in", list(models))]], {"fields": fields})
    return {f"{row['module']}.{row['name']}": (row["model"], int(row["res_id"])) for row in rows}


def initial_pairs(
    database: Database, client: Client, known: Mapping[str, RecordKey]
) -> list[tuple[str, str, int, int]]:
    """The pairs that have the same external id, and the user who is logged in; raises `LiveError`."""
    pairs = []
    for row in database.store.rows("ir.model.data").values():
        xmlid = f"{row.get('module')}.{row.get('name')}"
        model, there = known.get(xmlid, ("", 0))
        if model == row.get("model") and there and row.get("res_id"):
            pairs.append((xmlid, model, int(row["res_id"]), there))
    return [*_user_pairs(database, client), *pairs]


def _user_pairs(database: Database, client: Client) -> list[tuple[str, str, int, int]]:
    """The user with the partner and the company, whatever their external ids are."""
    admin = database.profile.admin_id
    user = database.env(admin).user
    names = {"partner_id": "res.partner", "company_id": "res.company"}
    (row,) = client.call("res.users", "read", [[client.uid], list(names)], {"load": "_classic_write"})
    own = [("the user", "res.users", admin, client.uid)]
    return own + [(f"the user's {name}", model, int(user[name].id), row[name]) for name, model in names.items()]
