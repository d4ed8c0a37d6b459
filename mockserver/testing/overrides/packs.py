"""The bundled pack that has a model, for error texts about unknown models."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.profiles import Profile
from mockserver.seed.files import find, nearest, packs, read
from mockserver.seed.versions import resolve


def pack_of(model: str, profile: Profile) -> str | None:
    """Return the pack that defines the model in this profile, or None; reads files, so only for errors."""
    for pack, models in _models_of_packs().items():
        definition = models.get(model)
        # the pack that defines it gives it a description, those that extend it do not
        if definition is None or "description" not in definition:
            continue
        if resolve({pack: {"models": {model: definition}}}, profile)[pack]["models"]:
            return pack
    return None


@functools.cache
def _models_of_packs() -> Mapping[str, Mapping[str, Any]]:
    return {pack: read(find(pack)).get("models", {}) for pack in packs()}


def unknown_model(model: str, known: Iterable[str], profile: Profile) -> str:
    """Return that there is no such model, with the pack that has it, or else the most similar known name."""
    pack = pack_of(model, profile)
    hint = f'; the pack {pack!r} has it: fixtures=["{pack}"]' if pack else nearest(model, known)
    return f"there is no model {model!r}{hint}"
