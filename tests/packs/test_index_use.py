"""Nobody uses an index, or a set of one, after a write of its table: from then on they may be those of earlier rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

import pytest
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.storage.index import Index
from mockserver.orm.storage.store import Store
from mockserver.seed import build as seed
from tests.packs.test_account_machine import Entries
from tests.packs.test_order_machine import Orders
from tests.packs.test_stock_machine import Transfers
from tests.properties.budget import examples

Check = Callable[[], None]


class WatchedSet(Set[int]):
    """Ids that are checked at each use."""

    def __init__(self, ids: Set[int], check: Check) -> None:
        self._ids, self._check = ids, check

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> set[Any]:
        return set(it)

    def __contains__(self, id_: object) -> bool:
        self._check()
        return id_ in self._ids

    def __iter__(self) -> Iterator[int]:
        self._check()
        for id_ in self._ids:
            yield id_
            self._check()

    def __len__(self) -> int:
        self._check()
        return len(self._ids)


class WatchedIndex(Mapping[Any, Set[int]]):
    """An index that is checked at each use."""

    def __init__(self, index: Index, check: Check) -> None:
        self._index, self._check = index, check

    def __getitem__(self, value: Any) -> Set[int]:
        self._check()
        return WatchedSet(self._index[value], self._check)

    def __iter__(self) -> Iterator[Any]:
        self._check()
        for value in self._index:
            yield value
            self._check()

    def __len__(self) -> int:
        self._check()
        return len(self._index)


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every index tell of a use that comes too late."""
    found = Store.index

    def index(self: Store, model: str, field: str) -> WatchedIndex:
        before = self.versions.get(model, 0)

        def check() -> None:
            assert self.versions.get(model, 0) == before, f"an index of {model}.{field} is used after a write"

        return WatchedIndex(found(self, model, field), check)

    monkeypatch.setattr(Store, "index", index)


def test_a_use_that_comes_too_late_is_told() -> None:
    store = Store()
    store.insert_all("a", [{"x": 1}, {"x": 1}])
    index = store.index("a", "x")
    ids = index[1]
    with pytest.raises(AssertionError, match=r"^an index of a\.x is used after a write"):
        for id_ in ids:
            store.put("a", {"id": id_, "x": 2})
    with pytest.raises(AssertionError):
        index.get(2)
    store.index("a", "x")
    store.insert("b", {"x": 1})
    assert store.index("a", "x").keys() == {1, 2}


@pytest.mark.parametrize("machine", [Orders, Transfers, Entries])
def test_work_on_orders_transfers_and_entries(machine: type[RuleBasedStateMachine]) -> None:
    run_state_machine_as_test(machine, settings=examples(3, steps=14))


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0", "odoo-19.0"])
def test_the_work_of_the_demonstration_company(profile: str) -> None:
    packs = ["business", "helpdesk", "demo"]
    company = seed.build("test", profile=profiles.get(profile), fixtures=packs, clock=Clock()).env(2)
    everyone = company["res.partner"].with_context(active_test=False).search([])
    assert len(everyone.read()) == len(everyone) > 20
