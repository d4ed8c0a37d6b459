"""Where a model, field or record comes from that is not loaded: a pack, another version, or a module that no pack has.

It reads the files of packs, so it is for errors only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver import profiles
from mockserver.orm.database import Database
from mockserver.orm.schema.model import Model
from mockserver.profiles import Profile
from mockserver.seed import absent
from mockserver.seed.files import find, folder, nearest, packs, read
from mockserver.seed.records import known_xmlids
from mockserver.seed.versions import present, resolve

_PAGE = "see docs/packs.md"


def pack_of(model: str, profile: Profile) -> str | None:
    """Return the pack that defines the model in this profile, or None."""
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
    return f"there is no model {model!r}{model_hint(model, known, profile)}"


def model_hint(model: str, known: Iterable[str], profile: Profile) -> str:
    """Return `; ` with the origin of an unknown model, or with the nearest model that is known or of a pack."""
    if found := origin(model, profile):
        return f"; {found}"
    return nearest(model, {*known, *(name for models in _models_of_packs().values() for name in models)})


def field_hint(model: Model, name: str, profile: Profile) -> str:
    """Return `; ` with the origin of a field that a loaded model lacks, or with its nearest field."""
    found = field_origin(model, name, profile)
    return f"; {found}" if found else nearest(name, model.fields)


def xmlid_hint(database: Database, xmlid: str) -> str:
    """Return `; ` with the pack that has an unknown external id, or with the nearest one of its module, or of any."""
    if pack := pack_of_xmlid(xmlid, database.profile, database.loaded.packs):
        return f'; the pack {pack!r} has it: fixtures=["{pack}"]'
    module = xmlid.partition(".")[0]
    if module in packs() and module not in database.loaded.packs:
        return f"; the pack {module!r} is not loaded"
    known = known_xmlids(database)
    return nearest(xmlid, [name for name in known if name.partition(".")[0] == module] or known)


def pack_of_xmlid(xmlid: str, profile: Profile, loaded: Iterable[str] = ()) -> str | None:
    """Return the pack, none of those that are loaded, with a record of that external id in this profile, or None."""
    return next((pack for pack in packs() if pack not in loaded and xmlid in _xmlids_of(pack, profile)), None)


@functools.cache
def _xmlids_of(pack: str, profile: Profile) -> frozenset[str]:
    records = resolve({pack: {"records": read(find(pack)).get("records", [])}}, profile)[pack]
    return frozenset(
        record["xmlid"] for _, record in present(records) if "xmlid" in record and not record.get("update")
    )


class Hints:
    """What `Database.hints` offers to the other rooms: a hint as the end of a text, which may be empty.

    Hints are for errors of a test's own code; none of them reaches a client.
    """

    @staticmethod
    def model(database: Database, name: str) -> str:
        """Return a hint for an unknown model."""
        return model_hint(name, database.registry, database.profile)

    @staticmethod
    def field(database: Database, model: str, name: str) -> str:
        """Return a hint for an unknown field of a model."""
        return field_hint(database.registry[model], name, database.profile)
