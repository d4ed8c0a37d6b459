"""Low bounds of what searches keep: what large tables have built for them, a few dozen rows have, too."""

from __future__ import annotations

from types import ModuleType

import pytest

from mockserver.orm.query import conditions, finding, kept, order
from mockserver.orm.storage import masks, sheet, view

# what is small enough, few enough or often enough
BOUNDS: dict[ModuleType, dict[str, int]] = {
    view: {"SMALL": 4}, sheet: {"FEW": 3, "_LOOKUPS": 2, "_TEXTS": 1, "_SAMPLE": 4}, masks: {"SPARSE": 3},
    finding: {"_PIECE": 3, "_MASKS": 3, "_HEAD": 100}, order: {"_FEW": 2, "_SAMPLE": 4}, kept: {"_MOST": 20},
    conditions: {"_MANY": 2},
}  # fmt: skip


def lower(patches: pytest.MonkeyPatch) -> None:
    """Set the low bounds, as long as the patches last."""
    for module, numbers in BOUNDS.items():
        for name, number in numbers.items():
            patches.setattr(module, name, number)
