"""Access rights and record rules, which data files declare in the same way for every generation.

Where a profile has one model for both, `seed/accesses.py` makes its rows of these records.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from mockserver.orm.schema.model import Model
from mockserver.profiles import Profile
from mockserver.seed.accesses import RIGHTS, RULES

_COMMON: dict[str, Any] = {
    "name": {"type": "char", "required": True},
    "model_id": {"type": "many2one", "relation": "ir.model", "required": True},
    "active": {"type": "boolean"},
    **{f"perm_{right}": {"type": "boolean"} for right in ("read", "write", "create", "unlink")},
}
_OWN: dict[str, dict[str, Any]] = {
    RIGHTS: {"group_id": {"type": "many2one", "relation": "res.groups"}},
    RULES: {"groups": {"type": "many2many", "relation": "res.groups"}, "domain_force": {"type": "text"}},
}


@cache
def model(name: str, profile: Profile) -> Model | None:
    """Return one of the two models for a profile that has it no more, or None for another model."""
    return Model.define(name, {**_COMMON, **_OWN[name]}, profile=profile) if name in _OWN else None
