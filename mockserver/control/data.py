"""Databases, fixtures, models and records."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from mockserver.control.answers import Refusal
from mockserver.control.routes import Controlled, Route, Value
from mockserver.errors import DatabaseExists
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset
from mockserver.seed.files import main_packs, nearest, packs, suggested
from mockserver.testing import state
from mockserver.testing.journal.masking import masked

LIMIT = 80  # records in one answer by default
# shows everything: archived records too, and of files their size
_CONTEXT = {"active_test": False, "bin_size": True}


def list_databases(controlled: Controlled) -> dict[str, Any]:
    """Return the databases, without those that have been idle for too long."""
    controlled.kit.app.databases.drop_idle()
    return {"databases": [_database(controlled, name) for name in sorted(controlled.kit.app.databases)]}


def _database(controlled: Controlled, name: str) -> dict[str, Any]:
    return {"name": name, "first": name == controlled.kit.db}


def add_database(
    controlled: Controlled,
    name: str,
    copy_of: str | None = None,
    replace: bool = False,
    idle_seconds: float | None = None,
) -> dict[str, Any]:
    """Create a database from the same fixtures and with the same login, or as a copy of another one."""
    kit, databases = controlled.kit, controlled.kit.app.databases
    if copy_of is None and (replace or idle_seconds is not None):
        raise Refusal(400, "replace and idle_seconds are for copies: name the database to copy in copy_of")
    if name in (kit.db, copy_of) and replace:
        raise Refusal(409, f"{name!r} is not replaced: it is the server's first database, or the one to copy")
    try:
        if copy_of is None:
            databases.create(name, kit.login, kit.password, "en_US")
        else:
            databases.duplicate(_database_named(controlled, copy_of).name, name, seconds=idle_seconds, replace=replace)
    except DatabaseExists as error:
        raise Refusal(409, str(error)) from None
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    return _database(controlled, name)


def remove_database(controlled: Controlled, db: str) -> dict[str, Any]:
    """Drop a database."""
    _database_named(controlled, db)
    if db == controlled.kit.db:
        raise Refusal(409, f"{db!r} is the server's first database, which cannot be dropped")
    controlled.kit.app.databases.drop(db)
    return {"removed": 1}


def _database_named(controlled: Controlled, db: str) -> Database:
    databases = controlled.kit.app.databases
    found = databases.get(db)
    if found is None:
        raise Refusal(404, f"there is no database {db!r}{nearest(db, databases)}")
    return found


def list_fixtures(controlled: Controlled, db: str | None = None) -> dict[str, Any]:
    """Return the bundled packs, without those that come with them, and what is loaded into a database."""
    loaded = _database_named(controlled, db or controlled.kit.db).loaded
    return {
        "packs": main_packs(),
        "loaded": sorted(set(loaded.packs).intersection(packs())),
        "files": [PurePath(source).name for source in loaded.files],
    }


def load_fixture(controlled: Controlled, fixture: str | dict[str, Any], db: str | None = None) -> dict[str, Any]:
    """Add data to a database: all of it or nothing."""
    name = db or controlled.kit.db
    database = _database_named(controlled, name)
    if isinstance(fixture, str) and fixture not in packs():
        # no paths: a client sends the content of a file, and names none of this machine
        raise Refusal(400, f"there is no pack {suggested(fixture)}")
    before = _records(database)
    try:
        state.load(database, fixture)
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    return {"db": name, "added": _records(database) - before}


def _records(database: Database) -> int:
    with database.lock:
        return sum(len(database.store.rows(name)) for name in database.registry)


def export(controlled: Controlled, db: str) -> dict[str, Any]:
    """Return the state of a database as a fixture, to be loaded beside the same packs."""
    return state.export(_database_named(controlled, db))


def save_state(controlled: Controlled) -> dict[str, Any]:
    """Return the state of the first database, and write it to the server's own file, if it has one.

    A client names no file, so none of this machine can be overwritten but that one.
    """
    kit = controlled.kit
    try:
        saved = kit.save()
    except OSError as error:
        raise Refusal(500, f"--save: {error}") from None
    return {"db": kit.db, "saved": saved, "fixture": kit.export()}


def list_models(controlled: Controlled, db: str) -> dict[str, Any]:
    """Return every model with the number of its records."""
    database = _database_named(controlled, db)
    with database.lock:
        models = [
            {
                "model": name,
                "description": model.description,
                "records": len(database.store.rows(name)),
                "transient": model.transient,
                "abstract": model.abstract,
            }
            for name, model in sorted(database.registry.items())
        ]
    return {"models": models}


def _model(controlled: Controlled, db: str, model: str) -> Recordset:
    """Return an empty recordset of the model, as the superuser."""
    database = _database_named(controlled, db)
    if model not in database.registry:
        raise Refusal(404, f"there is no model {model!r}{nearest(model, database.registry)}")
    return database.env(1, _CONTEXT)[model]


def one_model(controlled: Controlled, db: str, model: str) -> dict[str, Any]:
    """Return a model with its fields as `fields_get` describes them."""
    records = _model(controlled, db, model)
    definition = records.env.db.registry[model]
    return {
        "model": model,
        "description": definition.description,
        "order": definition.order,
        "fields": records.call("fields_get"),
    }


def list_records(
    controlled: Controlled,
    db: str,
    model: str,
    domain: list[Any] | None = None,
    search: str | None = None,
    fields: list[str] | None = None,
    order: str | None = None,
    offset: int = 0,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Return the records that a domain and a search by name find, archived ones too."""
    if offset < 0 or limit < 0:
        raise Refusal(400, "offset and limit are whole numbers from 0 on")
    records = _model(controlled, db, model)
    try:
        with records.env.db.transaction():
            wanted = [*_named(records, search), *(domain or [])] if search else domain or []
            count = records.call("search_count", wanted)
            found = records.call("search", wanted, offset=offset, limit=limit, order=order) if limit else records
            rows = found.call("read", fields)
    except Refusal:
        raise
    except Exception as error:  # the error that a client of the server would get
        raise Refusal(400, f"{type(error).__name__}: {error}") from None
    return {"records": masked(rows, model), "count": count}


def _named(records: Recordset, text: str) -> list[Any]:
    """Return a domain of the records whose name or id is the text, as the web client searches for names."""
    model = records._model
    ids = {int(text)} if text.isascii() and text.isdigit() and len(text) < 19 else set()
    if model.label_field or model.rec_names_search:
        ids.update(records._name_search(text))
    elif not ids:
        raise Refusal(400, f"the records of {model.name} have no names: find them by id or by a domain")
    return [("id", "in", sorted(ids))]


def write_record(controlled: Controlled, db: str, model: str, id: int, values: dict[str, Any]) -> dict[str, Any]:
    """Write values into a record, as the superuser, and return all of its values."""
    records = _model(controlled, db, model)
    try:
        with records.env.db.transaction():
            record = records.browse([id]).exists()
            if record:
                record.call("write", values)
                (row,) = record.call("read")
    except Exception as error:  # the error that a client of the server would get
        raise Refusal(400, f"{type(error).__name__}: {error}") from None
    if not record:
        raise Refusal(404, f"there is no {model} {id}")
    return {"record": masked(row, model)}


_DB = Value("db", "text", "The database", required=True)
_MODEL = Value("model", "text", "The model, such as res.partner", required=True)
_FOUND = "/databases/{db}/models"

ROUTES = (
    Route("GET", "/databases", "The databases", list_databases, "Databases"),
    Route(
        "POST",
        "/databases",
        "Create a database from the same fixtures and with the same login",
        add_database,
        "Database",
        body=(
            Value("name", "text", "Its name", required=True),
            Value("copy_of", "text", "The database to copy, as it is now, in place of the fixtures"),
            Value("replace", "boolean", "Whether a copy takes the place of a database of its name"),
            Value("idle_seconds", "number", "Drop a copy that was not used for so long, when the next one is made"),
        ),
        status=201,
        errors=(404, 409),
    ),
    Route("DELETE", "/databases/{db}", "Drop a database", remove_database, "Removed", (_DB,), errors=(404, 409)),
    Route(
        "GET",
        "/databases/{db}/export",
        "The state of a database as a fixture, without the content of its packs",
        export,
        "Fixture",
        (_DB,),
        errors=(404,),
    ),
    Route(
        "POST",
        "/save",
        "Write the state of the first database to the file of serve --save, if there is one, and return it",
        save_state,
        "Saved",
        errors=(500,),
    ),
    Route("GET", _FOUND, "Every model with the number of its records", list_models, "Models", (_DB,), errors=(404,)),
    Route("GET", _FOUND + "/{model}", "A model with its fields", one_model, "Model", (_DB, _MODEL), errors=(404,)),
    Route(
        "GET",
        _FOUND + "/{model}/records",
        "The records that a domain finds, archived ones too",
        list_records,
        "Records",
        (_DB, _MODEL),
        query=(
            Value("domain", "domain", "JSON; all records by default"),
            Value("search", "text", "Only records with this in their name, or of this id"),
            Value("fields", "names", "Names separated by commas; all fields by default"),
            Value("order", "text", "Such as name desc; the model's own by default"),
            Value("offset", "integer", "The number of records to skip"),
            Value("limit", "integer", f"The most records to return; {LIMIT} by default"),
        ),
        errors=(404,),
    ),
    Route(
        "POST",
        _FOUND + "/{model}/records/{id}",
        "Write values into a record, as the superuser",
        write_record,
        "Record",
        (_DB, _MODEL, Value("id", "integer", "Its id", required=True)),
        body=(Value("values", "values", "As a client sends them to write", required=True),),
        errors=(404,),
    ),
    Route(
        "GET",
        "/fixtures",
        "The bundled packs, and what is loaded",
        list_fixtures,
        "Packs",
        query=(Value("db", "text", "The database; the first one by default"),),
        errors=(404,),
    ),
    Route(
        "POST",
        "/fixtures",
        "Add data to a database: all of it or nothing",
        load_fixture,
        "Loaded",
        body=(
            Value("fixture", "fixture", "The name of a bundled pack, or the content of a fixture", required=True),
            Value("db", "text", "The database; the first one by default"),
        ),
        errors=(404,),
    ),
)
