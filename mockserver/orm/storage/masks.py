"""Masks of rows combined; see `sheet`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from itertools import compress
from typing import Any, Literal

from mockserver.orm.storage.sheet import Mask

_ORDER: Literal["little"] = "little"
_SWAP = b"\1\0".ljust(256, b"\0")
SPARSE = 16  # a mask of fewer than one row in so many is walked by its ones


def both(masks: Iterable[Mask]) -> Mask:
    """Return the rows that all of some masks have."""
    return _combined(operator.and_, masks)


def either(masks: Iterable[Mask]) -> Mask:
    """Return the rows that one of some masks has."""
    return _combined(operator.or_, masks)


def _combined(combine: Callable[[int, int], int], masks: Iterable[Mask]) -> Mask:
    first, *others = masks
    if not others:
        return first
    found = int.from_bytes(first, _ORDER)
    for other in others:
        found = combine(found, int.from_bytes(other, _ORDER))
    return found.to_bytes(len(first), _ORDER)


def inverted(mask: Mask) -> Mask:
    """Return the rows that a mask does not have."""
    return mask.translate(_SWAP)


def places(mask: Mask, count: int) -> Iterable[int]:
    """Return the places of a mask's rows, of which there are `count`, in order."""
    return _ones(mask) if count * SPARSE < len(mask) else compress(range(len(mask)), mask)


def _ones(mask: Mask) -> Iterator[int]:
    at = mask.find(1)
    while at >= 0:
        yield at
        at = mask.find(1, at + 1)


def chosen(items: Any, mask: Mask, count: int) -> Iterable[Any]:
    """Return the items at the places of a mask's rows, of which there are `count`, in order."""
    return map(items.__getitem__, _ones(mask)) if count * SPARSE < len(mask) else compress(items, mask)
