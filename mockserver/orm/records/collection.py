"""What local and remote recordsets have in common: ids in order, and set algebra."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from typing_extensions import Self


class Collection:
    """An ordered collection of records of one model, by their ids."""

    __slots__ = ()

    _name: str
    _ids: tuple[int, ...]
    _live: ClassVar[bool] = False  # whether they are on another server

    def _with_ids(self, ids: Iterable[int]) -> Self:
        """Return records of the same model with these ids, in the same environment."""
        raise NotImplementedError

    @property
    def ids(self) -> list[int]:
        """The ids, in order."""
        return list(self._ids)

    @property
    def id(self) -> int | bool:
        """The id of a single record, False for none."""
        ids = self._ids
        if len(ids) > 1:
            self.ensure_one()  # raises
        return ids[0] if ids else False

    def ensure_one(self) -> Self:
        """Return this recordset if it is one record; raises the server's ValueError otherwise."""
        if len(self._ids) != 1:
            raise ValueError(f"Expected singleton: {self!r}")
        return self

    def __len__(self) -> int:
        return len(self._ids)

    def __bool__(self) -> bool:
        return bool(self._ids)

    def __eq__(self, other: object) -> bool:
        return self._is_of_same_model(other) and set(self._ids) == set(other._ids)  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((self._name, frozenset(self._ids)))

    def __repr__(self) -> str:
        return f"{self._name}{self._ids!r}"

    def __or__(self, other: Self) -> Self:
        return self._with_ids(dict.fromkeys(self._ids + self._of_same_model(other)))

    def __add__(self, other: Self) -> Self:
        return self._with_ids(self._ids + self._of_same_model(other))

    def __sub__(self, other: Self) -> Self:
        gone = set(self._of_same_model(other))
        return self._with_ids(id_ for id_ in self._ids if id_ not in gone)

    def __and__(self, other: Self) -> Self:
        kept = set(self._of_same_model(other))
        return self._with_ids(dict.fromkeys(id_ for id_ in self._ids if id_ in kept))

    def __le__(self, other: Self) -> bool:
        return set(self._ids) <= set(self._of_same_model(other))

    def __lt__(self, other: Self) -> bool:
        return set(self._ids) < set(self._of_same_model(other))

    def _is_of_same_model(self, other: object) -> bool:
        # the class of a model's records changes with its definition, so the names are compared
        return isinstance(other, Collection) and other._name == self._name and other._live is self._live

    def _of_same_model(self, other: Self) -> tuple[int, ...]:
        if not self._is_of_same_model(other):
            raise TypeError(f"{self!r} and {other!r} are not records of one model")
        return other._ids
