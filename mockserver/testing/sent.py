"""Sequences of what the server sent out in a test: mail and webhooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from mockserver.orm.records.recordset import Recordset
from mockserver.testing.part import Part

if TYPE_CHECKING:
    from mockserver.server.app import App

Item = TypeVar("Item")


class Sent(Sequence[Item]):
    """Things that were sent, in order: `len`, iteration, `[0]`, `[-1]`, and `last`."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items = tuple(items)

    def _now(self) -> tuple[Item, ...]:
        return self._items

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | Sequence[Item]:
        return self._now()[index]

    def __len__(self) -> int:
        return len(self._now())

    def __iter__(self) -> Iterator[Item]:
        return iter(self._now())

    @property
    def last(self) -> Item:
        """The last one; raises IndexError if there is none."""
        return self._now()[-1]


class Shelf(Part, Generic[Item]):
    """What of one kind all databases of a server have sent since the test began."""

    def __init__(self, app: App, kind: type[Item]) -> None:
        self._app = app
        self._kind = kind

    def items(self) -> tuple[Item, ...]:
        """Return them, each database's in order."""
        databases = self._app.databases.values()
        return tuple(item for database in databases for item in database.sent if isinstance(item, self._kind))

    def begin(self) -> None:
        """Forget them."""
        for database in self._app.databases.values():
            database.sent.forget(self._kind)


def is_about(about: tuple[str, int] | None, record: Recordset | str | None) -> bool:
    """Return whether something about a record is about these records, or one of the model; None means any."""
    if record is None:
        return True
    if about is None:
        return False
    model, id_ = about
    return model == record if isinstance(record, str) else model == record._name and id_ in record._ids
