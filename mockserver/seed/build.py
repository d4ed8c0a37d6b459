"""Builds databases from fixtures: bundled packs directly into rows, other files through the ORM."""

from __future__ import annotations

import hashlib
import marshal
import os
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.storage.store import Row
from mockserver.profiles import Profile
from mockserver.seed import addons as folders, calls, classes as model_classes, deleted, packs, scan
from mockserver.seed.check import check_model, check_record
from mockserver.seed.export import state
from mockserver.seed.files import DEMO, Fixture, FixtureError, check_top, closure, is_demo, is_pack
from mockserver.seed.links import Links
from mockserver.seed.pack_rows import BASE_DATE
from mockserver.seed.packs import define, fill_columns, reflect_models, set_sequences
from mockserver.seed.records import RecordLoader, find_xmlid
from mockserver.seed.stored import StoredLoader, check_profile
from mockserver.seed.templates import Templates, collecting_nothing
from mockserver.seed.versions import present, resolve, resolve_after

__all__ = ["FixtureError", "build", "export", "load", "load_file"]

_templates = Templates()
_lock = threading.Lock()
_MANY = 10_000  # records of a fixture that takes more memory than it is worth
_SLICE = 100  # records of one whose checksum is taken at once


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

    A database that was built lately in this process is copied, unless a file has changed since.  The records of a
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
    # a path may be relative, and the current folder another one the next time
    key = (
        profile.name,
        profile.demo,
        tuple(os.path.abspath(f) if os.path.exists(f) else str(f) for f in fixtures),
        own,
    )
    template = _templates.get(key)
    if template is None:
        with collecting_nothing():
            files, template = _build(profile, fixtures, clock, owned=bool(own))
        _templates.keep(key, files, template)
    return template


def _fixture_clock() -> Clock:
    """Return a frozen clock, so that the records of fixtures are the same in every run."""
    clock = Clock(seed=packs.BASE)
    clock.freeze(BASE_DATE)
    return clock


def _build(profile: Profile, fixtures: Sequence[str | Path], clock: Clock, owned: bool) -> tuple[list[Path], Database]:
    files: Mapping[Path, Fixture]
    if fixtures:  # on a copy of the base data
        database = _template(profile, (), clock).clone("template")
        files = closure(fixtures, known=packs.base_paths())
    else:
        database = Database("template", profile, clock)
        files = packs.base()
    database.clock = clock if owned else _fixture_clock()
    _load_files(database, files)
    database.loaded = replace(database.loaded, frozen=clock.frozen if owned and type(clock) is Clock else None)
    database.store.forget()
    paths = [file for path in files for file in (folders.files(path) if path.is_dir() else (path,))]
    return list(dict.fromkeys((*packs.base_paths(), *paths))), database


def _set_login(database: Database, login: str, password: str) -> None:
    admin = database.profile.admin_id
    users = database.store.rows("res.users")
    for uid in database.store.having("res.users", "login", (login,)):
        if uid != admin:
            raise FixtureError(f"the login {login!r} is that of another user of the fixtures (id {uid})")
    database.store.put("res.users", {**users[admin], "login": login, "password": password})


# -- other fixtures, through the ORM, and export


def load(database: Database, fixture: Fixture, *, source: str) -> None:
    """Add the models and records of a parsed fixture and of those that it requires; all or nothing.

    `source` names the fixture in errors.  Raises FixtureError.
    """
    check_top(fixture, source)
    if _kept(fixture) in database.loaded.files.values() and _is_loaded(database, fixture):
        return
    with database.transaction():
        _load_files(database, _required(fixture, source), known=True)
        if not _is_meant(database, fixture):
            return
        resolved = resolve({source: fixture}, database.profile)[source]
        _load(database, resolved, source=source, others=(resolved,))
        files = database.loaded.files
        database.loaded = replace(database.loaded, files={**files, f"{source} {len(files)}": _kept(fixture)})


def load_file(database: Database, fixture: str | Path) -> None:
    """Add the models and records of a pack or a file and of those that it requires; all or nothing.

    Files that are loaded already, and have not changed since, are not loaded again.  Raises FixtureError.
    """
    files = closure([fixture], known=packs.base_paths())
    own = dict(list(files.items())[-1:])
    with database.transaction():
        _load_files(database, {path: files[path] for path in files if path not in own}, known=True)
        _load_files(database, own)


def _load_files(database: Database, files: Mapping[Path, Fixture], *, known: bool = False) -> None:
    """Load files, each once, bundled packs first; `known`: skip those whose fields and external ids exist already."""
    packs.load(database, {path: fixture for path, fixture in files.items() if is_pack(path)})
    together: dict[Path, Fixture] = {}
    for path, fixture in files.items():
        if "scanned" in fixture:  # it is fitted to what is loaded before it
            _load_together(database, together, known=known)
            together = {path: _scanned(database, path, fixture)}
        else:
            together[path] = fixture
    _load_together(database, together, known=known)


def _kept(fixture: Fixture) -> Fixture | str:
    """Return what identifies a loaded fixture: itself, or the checksum of one with many records."""
    if len(fixture.get("records", ())) <= _MANY:
        return fixture
    checksum = hashlib.sha256()
    for key, value in fixture.items():
        for i in range(0, len(value), _SLICE) if key == "records" else (None,):
            checksum.update(_written((key, value if i is None else value[i : i + _SLICE])))
    return checksum.hexdigest()


def _written(value: Any) -> bytes:
    try:
        return marshal.dumps(value, 2)  # the same bytes for the same data, unlike later versions
    except ValueError:
        return repr(value).encode("utf-8", "surrogatepass")


def _scanned(database: Database, path: Path, fixture: Fixture) -> Fixture:
    """Return what the source of a module says as a fixture, or the one that is loaded already."""
    loaded = database.loaded.files.get(str(path))
    return loaded if isinstance(loaded, dict) else scan.fixture([fixture["scanned"]], database, load)[0]


def _load_together(database: Database, files: Mapping[Path, Fixture], *, known: bool) -> None:
    resolved = _resolved(database, files)
    for source, fixture in resolved.items():
        loaded, kept = database.loaded, _kept(fixture)
        if loaded.files.get(source) != kept and not (known and _is_loaded(database, fixture)):
            _load(database, fixture, source=source, others=resolved.values())
            database.loaded = replace(loaded, files={**loaded.files, source: kept})


def _resolved(database: Database, files: Mapping[Path, Fixture]) -> dict[str, Fixture]:
    """Return the files that are no packs, in steps, as the profile has them.

    The demonstration data know the fields of packs under their names in the packs' files, as packs do.
    """
    demo: dict[str, Fixture] = {}
    steps: dict[str, Fixture] = {}
    for path, fixture in files.items():
        if not is_pack(path):
            found = folders.in_steps(path, fixture) if "parts" in fixture else [(str(path), fixture)]
            fitting = ((source, step) for source, step in found if _is_meant(database, step))
            (demo if is_demo(path) else steps).update(fitting)
    profile, loaded = database.profile, database.loaded.packs
    known = resolve_after(demo, profile, packs.known_of(profile, loaded))[0] if demo else {}
    return {**known, **resolve(steps, profile)}


def _is_meant(database: Database, fixture: Fixture) -> bool:
    """Return whether the database has the packs that a fixture is for."""
    return set(fixture.get("packs", ())) <= {*database.loaded.packs}


def _required(fixture: Fixture, source: str) -> dict[Path, Fixture]:
    if not fixture.get("requires"):
        return {}
    try:
        return closure(fixture["requires"], known=packs.base_paths())
    except FixtureError as error:
        raise FixtureError(f"{source}: requires: {error}") from None


def export(database: Database) -> Fixture:
    """Return the state of a database as a fixture: what differs from a new one with the same packs, row by row.

    The packs are in its `requires`.  If a pack was loaded after records were created, its records have other ids than
    in a new database; then the fixture has the content of the packs itself, and the methods of their models are lost.
    """
    names = [name for name in database.loaded.packs if name not in {path.stem for path in packs.base_paths()}]
    names += [DEMO] if any(is_demo(Path(source)) for source in database.loaded.files) else []
    with database.lock:
        base = _beside(database, names)
        if not _agree(database, base):
            names, base = [], _beside(database, [])
        found = state(database, base)
    return {**({"requires": names} if names else {}), **found}


def _beside(database: Database, names: Sequence[str]) -> Database:
    """Return a new database with these packs, of the same age and with the same login of the administrator."""
    clock = Clock()
    if database.loaded.frozen is not None:
        clock.freeze(database.loaded.frozen)
    base = build("base", profile=database.profile, fixtures=names, clock=clock)
    admin = database.store.get("res.users", database.profile.admin_id)
    if admin is not None:
        own: Row = {key: admin[key] for key in ("login", "password") if key in admin}
        base.store.put("res.users", {**base.store.rows("res.users")[admin["id"]], **own})
    return base


def _agree(database: Database, base: Database) -> bool:
    """Return whether the external ids of `base` lead to the same ids in the database, where it still has them."""
    own = {(row["module"], row["name"]): row for row in database.store.rows("ir.model.data").values()}
    return all(
        (found := own.get((row["module"], row["name"]))) is None or found.get("res_id") == row.get("res_id")
        for row in base.store.rows("ir.model.data").values()
    )


def _is_loaded(database: Database, fixture: Fixture) -> bool:
    """Return whether all fields, external ids and names of a fixture exist; False for a fixture that has none."""
    fields = [(name, field) for name, model in fixture.get("models", {}).items() for field in model.get("fields", ())]
    xmlids = [record["xmlid"] for _, record in present(fixture) if "xmlid" in record and not record.get("update")]
    xmlids += [name["xmlid"] for _, name in present(fixture, "names") if isinstance(name, dict) and "xmlid" in name]
    return (
        bool(fields or xmlids)
        and all(model in database.registry and field in database.registry[model].fields for model, field in fields)
        and all(find_xmlid(database, xmlid) for xmlid in xmlids)
    )


def _load(database: Database, fixture: Fixture, *, source: str, others: Collection[Fixture]) -> None:
    """Add the models and records of a resolved fixture; `others`: itself and those that are loaded with it."""
    check_profile(database, fixture, source)
    defined = fixture.get("models", {})
    new = [name for name in defined if name not in database.registry]
    for name, definition in defined.items():
        check_model(source, name, definition, database.registry)
        known = database.registry.get(name)
        database.add_model(define(database, name, definition, known))
        if known is not None and not fixture.get("stored"):
            fill_columns(database, database.registry[name], known)
    if defined:
        Links.of(database, others).check(source, defined)
    touched = [*defined, *_load_classes(database, fixture, new)]
    if touched:
        reflect_models(database, [database.registry[name] for name in touched])
    records = [check_record(source, index, data, database.registry) for index, data in present(fixture)]
    gone = deleted.check(database, present(fixture, "deleted"), source)
    if fixture.get("stored"):
        deleted.remove(database, gone)
        StoredLoader(database, records).run()
        set_sequences(database, fixture, source)
        return
    wanted = [calls.check_call(source, index, data, database) for index, data in present(fixture, "calls")]
    RecordLoader(database, records).run()
    calls.run(database, wanted)
    calls.give_names(database, present(fixture, "names"), source)
    deleted.unlink(database, gone)
    set_sequences(database, fixture, source)
    for name in new:
        _add_access(database, name)


def _load_classes(database: Database, fixture: Fixture, new: list[str]) -> list[str]:
    """Load the classes of a fixture; return the models that they change, and add new ones to `new`."""
    classes = fixture.get("classes", ())
    known = dict(database.registry)
    changed = model_classes.define(database, classes) if classes else []
    for name in changed:
        if name in known:
            fill_columns(database, database.registry[name], known[name])
        else:
            new.append(name)
    return changed


def add_classes(database: Database, classes: Sequence[type]) -> None:
    """Define or extend models by classes, all or nothing; raises ModelError."""
    with database.transaction():
        new: list[str] = []
        changed = _load_classes(database, {"classes": tuple(classes)}, new)
        reflect_models(database, [database.registry[name] for name in changed])
        for name in new:
            if not database.registry[name].abstract:
                _add_access(database, name)


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
