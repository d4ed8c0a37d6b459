"""Where a model comes from that is not loaded: a pack, another version, or a module that no pack has."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver import profiles
from mockserver.profiles import Profile
from mockserver.seed import absent
from mockserver.seed.files import find, folder, nearest, packs, read
from mockserver.seed.versions import resolve

_PAGE = "see docs/packs.md"


def pack_of(model: str, profile: Profile) -> str | None:
    """Return the pack that defines the model in this profile, or None; reads files, so only for errors."""
    for pack, models in _models_of_packs().items():
        definition = models.get(model)
        # the pack that defines it gives it a description, those that extend it do not
        if definition is None or "description" not in definition:
            continue
        if resolve({pack: {"models": {model: definition}}}, profile)[pack]["models"]:
            return pack.partition("-")[0]
    return None


@functools.cache
def _models_of_packs() -> Mapping[str, Mapping[str, Any]]:
    parts = sorted(path.stem for path in folder().glob("*-*.json") if path.stem.partition("-")[0] in packs())
    return {pack: read(find(pack)).get("models", {}) for pack in (*packs(), *parts)}


def origin(model: str, profile: Profile) -> str:
    """Return what is known of a model that is not loaded, in one sentence; empty for an unknown one."""
    pack = pack_of(model, profile)
    if pack:
        return f'the pack {pack!r} has it: fixtures=["{pack}"]'
    having = [number for number in profiles.GENERATIONS if pack_of(model, profiles.get(f"odoo-{number}.0"))]
    if having:
        return f"it exists {profiles.span_text(having)}"
    module = absent.by_model().get(model)
    if module is None:
        return ""
    return (
        f"it is of the module {module.name!r}, of which there is no pack, because {module.why}; "
        f"{_PAGE} for what to do instead"
    )


def unknown_model(model: str, known: Iterable[str], profile: Profile) -> str:
    """Return that there is no such model, with where it comes from, or else the most similar known name."""
    known_origin = origin(model, profile)
    return f"there is no model {model!r}{f'; {known_origin}' if known_origin else nearest(model, known)}"
