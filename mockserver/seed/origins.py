"""Where a model or field comes from that is not loaded: a pack, another version, or a module that no pack has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver import profiles
from mockserver.orm.schema.model import Model
from mockserver.profiles import Profile
from mockserver.seed import absent
from mockserver.seed.files import find, folder, nearest, packs, read
from mockserver.seed.versions import resolve

_PAGE = "see docs/packs.md"


def pack_of(model: str, profile: Profile) -> str | None:
    """Return the pack that defines the model in this profile, or None; reads files, so only for errors."""
    # the pack that defines it gives it a description, those that extend it do not
    return next((pack for pack, definition in _definitions(model, profile) if "description" in definition), None)


@functools.cache
def _packs_of_fields(model: str, profile: str) -> Mapping[str, str]:
    """Return `{field: pack}` of a model in the profile of that name; what only extends a field is left out."""
    found: dict[str, str] = {}
    for pack, definition in _definitions(model, profiles.get(profile)):
        named = definition.get("fields", {}).items()
        found = {**{name: pack for name, attributes in named if "type" in attributes}, **found}
    return found


def _definitions(model: str, profile: Profile) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield `(pack, definition)` for the packs that say something of the model in this profile."""
    for pack, models in _models_of_packs().items():
        if model in models:
            for definition in resolve({pack: {"models": {model: models[model]}}}, profile)[pack]["models"].values():
                yield pack.partition("-")[0], definition


@functools.cache
def _models_of_packs() -> Mapping[str, Mapping[str, Any]]:
    parts = sorted(path.stem for path in folder().glob("*-*.json") if path.stem.partition("-")[0] in packs())
    return {pack: read(find(pack)).get("models", {}) for pack in (*packs(), *parts)}


def origin(model: str, profile: Profile) -> str:
    """Return what is known of a model that is not loaded, in one sentence; empty for an unknown one."""
    found = _pack_or_versions(lambda one: pack_of(model, one), profile)
    if found:
        return found
    module = absent.by_model().get(model)
    if module is None:
        return ""
    return (
        f"it is of the module {module.name!r}, of which there is no pack, because {module.why}; "
        f"{_PAGE} for what to do instead"
    )


def field_origin(model: Model, name: str, profile: Profile) -> str:
    """Return what is known of a field that a loaded model lacks, as `origin` does; delegates have fields for it too."""

    def pack_in(one: Profile) -> str | None:
        return next((pack for owner in owners if (pack := _packs_of_fields(owner, one.name).get(name))), None)

    owners = (model.name, *model.inherits)
    return _pack_or_versions(pack_in, profile)


def _pack_or_versions(pack_in: Callable[[Profile], str | None], profile: Profile) -> str:
    pack = pack_in(profile)
    if pack:
        return f'the pack {pack!r} has it: fixtures=["{pack}"]'
    having = [number for number in profiles.GENERATIONS if pack_in(profiles.get(f"odoo-{number}.0"))]
    return f"it exists {profiles.span_text(having)}" if having else ""


def unknown_model(model: str, known: Iterable[str], profile: Profile) -> str:
    """Return that there is no such model, with where it comes from, or else the most similar known name."""
    known_origin = origin(model, profile)
    return f"there is no model {model!r}{f'; {known_origin}' if known_origin else nearest(model, known)}"
