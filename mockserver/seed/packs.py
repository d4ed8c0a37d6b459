"""Stores bundled packs: directly as rows and in one step, without the checks of the ORM, because they are known to be
right."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockserver import addons
from mockserver.addons.base.ir_model import model_id, reflect
from mockserver.addons.base.res_groups import add_implied
from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field, make
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.schema.summary import Summary
from mockserver.orm.writing import attachments, recompute
from mockserver.orm.writing.defaults import default_value
from mockserver.profiles import Profile
from mockserver.seed import classes as model_classes, company_defaults
from mockserver.seed.check import check_sequence
from mockserver.seed.files import Fixture, closure, find, packs, read
from mockserver.seed.glue import joining
from mockserver.seed.origins import Hints
from mockserver.seed.pack_rows import AUDIT, BASE_DATE, Alike, PackRows
from mockserver.seed.records import find_xmlid, model_xmlid, xmlid_row
from mockserver.seed.versions import Known, present, resolve_after

BASE = "base"
# what packs say of models and records, by profile, demonstration data and their names
_known: dict[tuple[str, bool, tuple[str, ...]], Known] = {}
# the files of the base pack, once they were read
_base_paths: list[Path] = []
# the keys that a pack's definition of a model has, and its extensions have not
_DEFINING = frozenset({"module", "description", "abstract", "manual"})


def base() -> dict[Path, Fixture]:
    """Return the files of the base pack, which every database has."""
    files = closure([BASE])
    _base_paths[:] = files
    return files


def base_paths() -> Collection[Path]:
    """Return the paths of those files, which are not read again for that."""
    return _base_paths or list(base())


def load(database: Database, files: Mapping[Path, Fixture]) -> None:
    """Load packs that are not loaded yet, required ones first, and the glue packs that join them with others."""
    loaded = database.loaded.packs
    new = _with_glue({path: fixture for path, fixture in files.items() if path.stem not in loaded}, loaded)
    if not new:
        return
    after = (*loaded, *(path.stem for path in new))
    named = {str(path): fixture for path, fixture in new.items()}
    resolved, known = resolve_after(named, database.profile, known_of(database.profile, loaded))
    _known[database.profile.name, database.profile.demo, after] = known
    _store(database, resolved)
    _mark_installed(database, after)
    database.loaded = replace(database.loaded, packs=after)
    connect(database)


def connect(database: Database) -> None:
    """Let a database load packs by the names of their modules, and give hints about what packs have."""
    database.install = install
    database.hints = Hints()


def known_of(profile: Profile, names: tuple[str, ...]) -> Known:
    """Return what packs say; they are read again only in a process that did not load them."""
    key = profile.name, profile.demo, names
    if key not in _known:
        _known[key] = resolve_after({name: read(find(name)) for name in names}, profile, Known())[1]
    return _known[key]


def install(database: Database, names: Collection[str]) -> None:
    """Load the packs among the modules of these names; those that are loaded, or no packs, are left alone."""
    known = packs()
    load(database, closure([name for name in names if name in known], known=base_paths()))


def _mark_installed(database: Database, names: Collection[str]) -> None:
    """Give the modules that the packs are the state of an installed one."""
    rows = database.store.rows("ir.module.module")
    for id_ in database.store.having("ir.module.module", "name", names):
        if rows[id_].get("state") != "installed":
            version = f"{database.profile.generation}.0.1.0"
            database.store.put("ir.module.module", {**rows[id_], "state": "installed", "latest_version": version})


def _with_glue(files: Mapping[Path, Fixture], loaded: Collection[str]) -> dict[Path, Fixture]:
    """Return the files with the glue packs that join them with each other and with the packs that are loaded."""
    found = dict(files)
    while True:
        names = {*loaded, *(path.stem for path in found)}
        missing = joining(names)
        if not missing:
            return found
        found |= closure(missing, known=[find(name) for name in names])


def _store(database: Database, files: Mapping[str, Fixture]) -> None:
    """Store the models, classes and records of resolved packs, required ones first."""
    known = dict(database.registry)
    models = _define_all(database, files)
    model_classes.attach(
        database, (said for source, fixture in files.items() for said in _definitions(source, fixture))
    )
    for name in models:
        if name in known:
            fill_columns(database, database.registry[name], known[name])
    delegating = [model.name for model in database.registry.values() if not model.inherits.keys().isdisjoint(models)]
    reflect_models(database, [database.registry[name] for name in dict.fromkeys((*models, *delegating))])
    rows = PackRows(database)
    stored = rows.store(record for fixture in files.values() for _, record in present(fixture))
    database.loaded = replace(database.loaded, labels={**database.loaded.labels, **rows.labels})
    if known:
        company_defaults.store(database, _defaults(files), rows.target, AUDIT)
    env = database.env()
    _compute(env, stored)
    if known and any(alike.model == "res.groups" for alike in stored):
        add_implied(env["res.users"].browse(sorted(database.store.rows("res.users"))))
    for source, fixture in files.items():
        set_sequences(database, fixture, source)


def _compute(env: Environment, stored: Sequence[Alike]) -> None:
    """Compute the stored fields of new records, but those that they have values of, then what depends on records."""
    for model, new, given, ids, _ in stored:
        if new:
            attachments.keep(env, env.db.registry[model], ids, sorted(given & env.db.registry[model].attached))
            recompute.fill(env, model, {given: ids})
    for model, new, given, ids, written in stored:
        pending = recompute.dependents(env, model, sorted(written), ids)
        others = [item for item in pending if not new or item[0] != model or not item[2] <= ids]
        recompute.run(env, deque(others), recompute.Given(model, dict.fromkeys(given, ids)))


def _defaults(files: Mapping[str, Fixture]) -> Iterator[tuple[str, str, Any]]:
    """Yield the defaults of the fixtures as `(model, field, value)`."""
    for fixture in files.values():
        for model, definition in fixture.get("models", {}).items():
            for field, value in definition.get("defaults", {}).items():
                yield model, field, value


def _definitions(source: str, fixture: Fixture) -> Sequence[Summary]:
    """Return what the model classes of a resolved pack say; none if this generation has nothing of it."""
    there = fixture.get("models") or any(True for _ in present(fixture))
    return addons.definitions(Path(source).stem.replace("-", "_")) if there else ()


def _define_all(database: Database, files: Mapping[str, Fixture]) -> dict[str, Model]:
    """Define or extend the models of all packs in one step; return them by name."""
    grown: dict[str, Model] = {}
    for fixture in files.values():
        for name, definition in fixture.get("models", {}).items():
            known = grown.get(name) or database.registry.get(name)
            if known is None and not definition.keys() & _DEFINING:
                continue  # an extension of a model that this generation does not have
            grown[name] = define(database, name, _with_help(definition, database.profile), known)
    database.add_model(*grown.values())
    return grown


def _with_help(definition: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Return the definition with a help text for every field or for none, depending on the profile."""
    fields = definition["fields"]
    if profile.help_texts:
        full = {name: {"help": "", **field} if "type" in field else field for name, field in fields.items()}
        return {**definition, "fields": full}
    plain = {name: {**field, "help": None} if "help" in field else field for name, field in fields.items()}
    return {**definition, "fields": plain}


def set_sequences(database: Database, fixture: Fixture, source: str) -> None:
    """Set the next ids and numbers to those of the fixture, unless the database is already beyond them."""
    sequences = dict(database.store.sequences)
    for index, data in enumerate(fixture.get("sequences", ()), start=1):
        model, number = check_sequence(source, index, data, database.registry)
        sequences[model] = max(sequences.get(model, 0), number - 1)
    database.store.sequences = sequences


def fill_columns(database: Database, model: Model, known: Model) -> None:
    """Fill columns that `known` did not have in existing rows, as the update of a module does."""
    new = [field for field in model.columns if field.name not in known.fields] if model.auto else []
    rows = database.store.rows(model.name) if new else {}
    if not rows:
        return
    env = database.env().sudo()
    records = env[model.name]
    added: dict[str, Any] = {}
    for field in new:
        if field.name in model.defaults:
            stored = field.to_store(default_value(records, field.name, model.defaults[field.name]))
            added |= {} if stored is None else {field.name: stored}
    for row in list(rows.values()) if added else ():
        database.store.put(model.name, {**row, **added})
    computed = [field.name for field in new if field.compute or field.related]
    recompute.run(env, deque((model.name, name, set(rows)) for name in computed))


def reflect_models(database: Database, models: Sequence[Model]) -> None:
    """Create the `ir.model` and `ir.model.fields` rows of models, and the models' external ids."""
    reflect(database, *(model.name for model in models))
    for model in models:
        xmlid = model_xmlid(model)
        id_ = model_id(database, model.name)
        if id_ and model.module and not find_xmlid(database, xmlid):
            database.store.insert("ir.model.data", xmlid_row(xmlid, "ir.model", id_, False, BASE_DATE))


def define(database: Database, name: str, definition: Mapping[str, Any], known: Model | None) -> Model:
    """Return a new model, or a known one extended by the definition."""
    attributes = {key: value for key, value in definition.items() if key not in ("fields", "inherit")}
    fields = definition.get("fields", {})
    if any(n.startswith("x_") for n in fields):
        fields = {n: {"manual": True, **a} if n.startswith("x_") else a for n, a in fields.items()}
    mixins = tuple(definition.get("inherit", ()))
    if known is None:
        if name.startswith("x_"):
            attributes = {"manual": True, "module": "", **attributes}
        return Model.define(name, fields, profile=database.profile, mixins=mixins, **attributes)
    attributes["defaults"] = {**known.defaults, **attributes.get("defaults", {})}
    added = tuple(Constraint.of(c) for c in attributes.get("constraints", ()))
    attributes["constraints"] = tuple(dict.fromkeys((*known.constraints, *added)))
    attributes["inherits"] = {**known.inherits, **attributes.get("inherits", {})}
    attributes["mixins"] = tuple(dict.fromkeys((*mixins, *known.mixins)))
    extended = [_extended_field(known, n, a) for n, a in fields.items()]
    return known.extended(extended, **attributes)


def _extended_field(known: Model, name: str, attributes: Mapping[str, Any]) -> Field:
    """Return a field of an extension; without a type, it changes attributes of the field that the model has."""
    given = attributes if "type" in attributes else {**_given(known.own_fields[name]), **attributes}
    return make(name, {**given, "model": known.name})


def _given(field: Field) -> dict[str, Any]:
    return {"type": field.type, **{key: value for key, value in field.given.items() if key != "name"}}
