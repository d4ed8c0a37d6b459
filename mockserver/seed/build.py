"""Builds databases from fixtures: the base pack directly into rows, other files through the ORM."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from mockserver import addons
from mockserver.addons.base.ir_model import model_id, reflect
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field, make
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute
from mockserver.orm.writing.defaults import default_value
from mockserver.profiles import Profile
from mockserver.seed import addons as folders, classes as model_classes
from mockserver.seed.check import check_model, check_record, check_sequence
from mockserver.seed.export import difference
from mockserver.seed.files import Fixture, FixtureError, check_top, closure, find, folder, read
from mockserver.seed.records import RecordLoader, find_xmlid, model_xmlid, xmlid_row
from mockserver.seed.versions import present, resolve

__all__ = ["FixtureError", "build", "export", "load", "load_file"]

BASE = "base"
# creation date of the records of the base pack; fixed, so that two builds are equal
BASE_DATE = "2024-01-01 00:00:00"

_Stamp = tuple[tuple[Path, int], ...]
_templates: dict[tuple[str, bool, tuple[str, ...], Clock | datetime | None], tuple[_Stamp, Database]] = {}
_lock = threading.Lock()


def build(
    name: str,
    *,
    profile: Profile,
    fixtures: Sequence[str | Path] = (),
    login: str = "admin",
    password: str = "admin",
    clock: Clock,
) -> Database:
    """Return a database with the base pack and these packs or files, and the administrator's login and password.

    A database that was built once in this process is copied, unless a file has changed since.  The records of a
    fixture are created at `BASE_DATE`, unless the clock is frozen.  Raises FixtureError.
    """
    with _lock:
        database = _template(profile, fixtures, clock).clone(name)
    database.clock = clock
    _set_login(database, login, password)
    database.store.forget()
    return database


def _template(profile: Profile, fixtures: Sequence[str | Path], clock: Clock) -> Database:
    """Return the database to copy; it is built if there is none or a file has changed."""
    # rows depend on a custom or frozen clock, so their template is not shared with other clocks
    own = clock if type(clock) is not Clock else clock.frozen
    key = (profile.name, profile.demo, tuple(str(f if isinstance(f, str) else f.absolute()) for f in fixtures), own)
    stamp, template = _templates.get(key, ((), None))
    if template is None or any(_modified(path) != modified for path, modified in stamp):
        stamp, template = _templates[key] = _build(profile, fixtures, clock, owned=bool(own))
    return template


def _fixture_clock() -> Clock:
    """Return a frozen clock, so that the records of fixtures are the same in every run."""
    clock = Clock(seed=BASE)
    clock.freeze(BASE_DATE)
    return clock


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _build(profile: Profile, fixtures: Sequence[str | Path], clock: Clock, owned: bool) -> tuple[_Stamp, Database]:
    base = closure([BASE])
    more = closure(fixtures, known=base)
    used = clock if owned else _fixture_clock()
    if more:  # on a copy of the base data, which takes longest
        database = _template(profile, (), clock).clone("template")
        database.clock = used
        _load_files(database, more)
    else:
        database = Database("template", profile, used)
        _store_base(database, _resolved(base, profile))
    database.store.forget()
    paths = [file for path in (*base, *more) for file in (folders.files(path) if path.is_dir() else (path,))]
    return tuple((path, _modified(path)) for path in paths), database


def _resolved(files: Mapping[Path, Fixture], profile: Profile) -> dict[str, Fixture]:
    steps: dict[str, Fixture] = {}
    for path, fixture in files.items():
        steps.update(folders.in_steps(path, fixture) if path.is_dir() else {str(path): _with_classes(path, fixture)})
    return resolve(steps, profile)


def _with_classes(path: Path, fixture: Fixture) -> Fixture:
    """Return the fixture of a bundled pack with the classes of its models."""
    bundled = addons.classes(path.stem.replace("-", "_")) if path.parent == folder() else ()
    return {**fixture, "classes": bundled, "bundled": True} if bundled else fixture


def _set_login(database: Database, login: str, password: str) -> None:
    admin = database.profile.admin_id
    users = database.store.rows("res.users")
    for uid in database.store.having("res.users", "login", (login,)):
        if uid != admin:
            raise FixtureError(f"the login {login!r} is that of another user of the fixtures (id {uid})")
    database.store.put("res.users", {**users[admin], "login": login, "password": password})


# -- the base pack: stored without checks, because it is known to be right


def _store_base(database: Database, files: Mapping[str, Fixture]) -> None:
    models = [
        _define(database, name, _with_help(definition, database.profile))
        for fixture in files.values()
        for name, definition in fixture.get("models", {}).items()
    ]
    database.add_model(*models)
    model_classes.attach(database, addons.classes(BASE))
    _reflect(database, models)
    data = [record for fixture in files.values() for _, record in present(fixture)]
    ids = {record["xmlid"]: (record["model"], record["id"]) for record in data if "xmlid" in record}

    def target(xmlid: str) -> tuple[str, int]:
        found = ids.get(xmlid) or find_xmlid(database, xmlid)
        if found is None:
            raise FixtureError(f"base pack: there is no record with the external id {xmlid!r}")
        return found

    defaults = {model.name: _plain_defaults(model) for model in models}
    for record in data:
        _store_record(database, record, defaults[record["model"]], target)
    env = database.env()
    for model in models:
        if model.stored_computes:
            recompute.fill(env, model.name, set(database.store.rows(model.name)), ())
    for source, fixture in files.items():
        _set_sequences(database, fixture, source)


def _store_record(
    database: Database, record: Mapping[str, Any], defaults: Row, target: Callable[[str], tuple[str, int]]
) -> None:
    """Store the row of a record of the base pack, and that of its external id."""
    model = database.registry[record["model"]]
    audit = {"create_uid": 1, "create_date": BASE_DATE, "write_uid": 1, "write_date": BASE_DATE}
    row = {**defaults, **audit, **({"id": record["id"]} if "id" in record else {})}
    for name, value in record["values"].items():
        stored = None if value is None else _stored(model.fields[name], value, target)
        if stored is None:
            row.pop(name, None)
        else:
            row[name] = stored
    id_ = database.store.insert(model.name, row)
    if "xmlid" in record:
        noupdate = record.get("noupdate", False)
        database.store.insert("ir.model.data", xmlid_row(record["xmlid"], model.name, id_, noupdate, BASE_DATE))


def _with_help(definition: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Return the definition with a help text for every field or for none, depending on the profile."""
    fields = definition["fields"]
    if profile.help_texts:
        return {**definition, "fields": {name: {"help": "", **field} for name, field in fields.items()}}
    plain = {name: {**field, "help": None} if "help" in field else field for name, field in fields.items()}
    return {**definition, "fields": plain}


def _set_sequences(database: Database, fixture: Fixture, source: str) -> None:
    """Set the next ids to those of the fixture, unless the database is already beyond them."""
    sequences = dict(database.store.sequences)
    for index, data in enumerate(fixture.get("sequences", ()), start=1):
        model, number = check_sequence(source, index, data, database.registry)
        sequences[model] = max(sequences.get(model, 0), number - 1)
    database.store.sequences = sequences


def _fill_columns(database: Database, model: Model, known: Model) -> None:
    """Fill columns that `known` did not have in existing rows, as the update of a module does."""
    new = [field for field in model.columns if field.name not in known.fields]
    rows = database.store.rows(model.name)
    if not new or not rows:
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


def _plain_defaults(model: Model) -> Row:
    """Return the defaults of a model that are plain values, as rows hold them."""
    row = {}
    for name, value in model.defaults.items():
        if model.fields[name].column and not isinstance(value, (dict, list)) and not callable(value):
            stored = model.fields[name].to_store(value)
            if stored is not None:
                row[name] = stored
    return row


def _stored(field: Field, value: Any, target: Callable[[str], tuple[str, int]]) -> Any:
    """Return a value of the base pack as its row holds it."""
    if isinstance(value, dict) and "ref" in value:
        model, id_ = target(value["ref"])
        return field.pointing_to(model, id_)
    if isinstance(value, list):
        return tuple(sorted(target(item["ref"])[1] for item in value))
    return field.to_store(value)


# -- other fixtures, through the ORM, and export


def load(database: Database, fixture: Fixture, *, source: str) -> None:
    """Add the models and records of a parsed fixture and of those that it requires; all or nothing.

    `source` names the fixture in errors.  Raises FixtureError.
    """
    check_top(fixture, source)
    with database.transaction():
        _load_files(database, _required(fixture, source), known=True)
        _load(database, resolve({source: fixture}, database.profile)[source], source=source)


def load_file(database: Database, fixture: str | Path) -> None:
    """Add the models and records of a pack or a file and of those that it requires; all or nothing.

    Files that are loaded already, and have not changed since, are not loaded again.  Raises FixtureError.
    """
    files = closure([fixture], known=closure([BASE]))
    own = dict(list(files.items())[-1:])
    with database.transaction():
        _load_files(database, {path: files[path] for path in files if path not in own}, known=True)
        _load_files(database, own)


def _load_files(database: Database, files: Mapping[Path, Fixture], *, known: bool = False) -> None:
    """Load files, each once; `known`: skip those whose fields and external ids exist already."""
    for source, fixture in _resolved(files, database.profile).items():
        if database.loaded.get(source) != fixture and not (known and _is_loaded(database, fixture)):
            _load(database, fixture, source=source)
            database.loaded = {**database.loaded, source: fixture}


def _required(fixture: Fixture, source: str) -> dict[Path, Fixture]:
    if not fixture.get("requires"):
        return {}
    try:
        return closure(fixture["requires"], known=closure([BASE]))
    except FixtureError as error:
        raise FixtureError(f"{source}: requires: {error}") from None


def export(database: Database, optional: Iterable[str] = ()) -> Fixture:
    """Return what the database has beyond the base pack, as a fixture: `{"models", "records"}`.

    Records keep their ids.  Deletions from the base pack are not exported.  The content of a loaded `optional`
    pack is not exported either; the pack is listed under `requires`, so a server loads it once.
    """
    packs = [name for name in sorted(optional) if _is_loaded(database, read(find(name)))]
    base = build("base", profile=database.profile, fixtures=packs, clock=Clock())
    found = difference(database, base)
    return {"requires": packs, **found} if packs else found


def _is_loaded(database: Database, fixture: Fixture) -> bool:
    """Return whether all fields and external ids of a fixture exist; False for a fixture that has none."""
    fields = [(name, field) for name, model in fixture.get("models", {}).items() for field in model.get("fields", ())]
    xmlids = [record["xmlid"] for _, record in present(fixture) if "xmlid" in record and not record.get("update")]
    return (
        bool(fields or xmlids)
        and all(model in database.registry and field in database.registry[model].fields for model, field in fields)
        and all(find_xmlid(database, xmlid) for xmlid in xmlids)
    )


def _load(database: Database, fixture: Fixture, *, source: str) -> None:
    defined = fixture.get("models", {})
    new = [name for name in defined if name not in database.registry]
    for name, definition in defined.items():
        check_model(source, name, definition, database.registry)
        known = database.registry.get(name)
        database.add_model(_define(database, name, definition))
        if known is not None:
            _fill_columns(database, database.registry[name], known)
    touched = [*defined, *_load_classes(database, fixture, new)]
    if touched:
        _reflect(database, [database.registry[name] for name in touched])
    records = [check_record(source, index, data, database.registry) for index, data in present(fixture)]
    RecordLoader(database, records).run()
    _set_sequences(database, fixture, source)
    for name in new:
        _add_access(database, name)


def _load_classes(database: Database, fixture: Fixture, new: list[str]) -> list[str]:
    """Load the classes of a fixture; return the models that they change, and add new ones to `new`."""
    classes = fixture.get("classes", ())
    if fixture.get("bundled"):
        model_classes.attach(database, classes)
        return []
    known = dict(database.registry)
    changed = model_classes.define(database, classes) if classes else []
    for name in changed:
        if name in known:
            _fill_columns(database, database.registry[name], known[name])
        else:
            new.append(name)
    return changed


def add_classes(database: Database, classes: Sequence[type]) -> None:
    """Define or extend models by classes, all or nothing; raises ModelError."""
    with database.transaction():
        new: list[str] = []
        changed = _load_classes(database, {"classes": tuple(classes)}, new)
        _reflect(database, [database.registry[name] for name in changed])
        for name in new:
            if not database.registry[name].abstract:
                _add_access(database, name)


def _reflect(database: Database, models: Sequence[Model]) -> None:
    """Create the `ir.model` and `ir.model.fields` rows of models, and the models' external ids."""
    reflect(database, *(model.name for model in models))
    for model in models:
        xmlid = model_xmlid(model)
        id_ = model_id(database, model.name)
        if id_ and model.module and not find_xmlid(database, xmlid):
            database.store.insert("ir.model.data", xmlid_row(xmlid, "ir.model", id_, False, BASE_DATE))


def _define(database: Database, name: str, definition: Mapping[str, Any]) -> Model:
    """Return a new model, or a known one extended by the definition."""
    attributes = {key: value for key, value in definition.items() if key != "fields"}
    fields = definition.get("fields", {})
    known = database.registry.get(name)
    fields = {n: {"manual": n.startswith("x_"), **a} for n, a in fields.items()}
    if known is None:
        if name.startswith("x_"):
            attributes = {"manual": True, "module": "", **attributes}
        return Model.define(name, fields, profile=database.profile, **attributes)
    attributes["defaults"] = {**known.defaults, **attributes.get("defaults", {})}
    added = tuple(Constraint.of(c) for c in attributes.get("constraints", ()))
    attributes["constraints"] = tuple(dict.fromkeys((*known.constraints, *added)))
    attributes["inherits"] = {**known.inherits, **attributes.get("inherits", {})}
    return known.extended([make(n, {**a, "model": name}) for n, a in fields.items()], **attributes)


def _add_access(database: Database, model: str) -> None:
    """Give internal users all rights on a new model, unless the fixture has access rights for it."""
    env = database.env()
    one_model = database.profile.rules.one_access_model
    access = env["ir.access" if one_model else "ir.model.access"].with_context(active_test=False)
    row = env["ir.model"].search([("model", "=", model)], limit=1)
    group = env.ref("base.group_user")
    if row and group and not access.search([("model_id", "=", row.id)], limit=1):
        every = ("perm_read", "perm_write", "perm_create", "perm_unlink")
        rights = {"operation": "crud"} if one_model else dict.fromkeys(every, True)
        access.create({"name": f"{model} user", "model_id": row.id, "group_id": group.id, **rights})
