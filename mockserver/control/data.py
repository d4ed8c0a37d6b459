"""Databases, fixtures, models and records."""

from __future__ import annotations

from typing import Any

from mockserver.control.answers import Refusal
from mockserver.control.questions import Controlled, Route, Value
from mockserver.errors import DatabaseExists
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset
from mockserver.seed.files import nearest, packs
from mockserver.testing import state
from mockserver.testing.journal.masking import masked

LIMIT = 80  # records in one answer, unless more are asked for
# what is looked at is what there is: archived records too, and files by their size
_CONTEXT = {"active_test": False, "bin_size": True}


def list_databases(controlled: Controlled) -> dict[str, Any]:
    """Return those that are served."""
    return {"databases": [_database(controlled, name) for name in sorted(controlled.kit.app.databases)]}


def _database(controlled: Controlled, name: str) -> dict[str, Any]:
    return {"name": name, "first": name == controlled.kit.db}


def add_database(controlled: Controlled, name: str) -> dict[str, Any]:
    """One more, from the same fixtures and with the same login."""
    kit = controlled.kit
    try:
        kit.app.databases.create(name, kit.login, kit.password, "en_US")
    except DatabaseExists as error:
        raise Refusal(409, str(error)) from None
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    return _database(controlled, name)


def remove_database(controlled: Controlled, db: str) -> dict[str, Any]:
    """Drop one."""
    _found(controlled, db)
    if db == controlled.kit.db:
        raise Refusal(409, f"{db!r} is the server's first database, which stays")
    controlled.kit.app.databases.drop(db)
    return {"removed": 1}


def _found(controlled: Controlled, db: str) -> Database:
    databases = controlled.kit.app.databases
    found = databases.get(db)
    if found is None:
        raise Refusal(404, f"there is no database {db!r}{nearest(db, databases)}")
    return found


def list_fixtures(controlled: Controlled) -> dict[str, Any]:
    """Return the bundled packs."""
    return {"packs": packs()}


def load_fixture(controlled: Controlled, fixture: str | dict[str, Any], db: str | None = None) -> dict[str, Any]:
    """Add data to a database: all of it or nothing."""
    name = db or controlled.kit.db
    database = _found(controlled, name)
    if isinstance(fixture, str) and fixture not in packs():
        # a path is for who has the files: a client sends what is in them
        known = packs()
        raise Refusal(400, f"there is no pack {fixture!r}{nearest(fixture, known)} (packs: {', '.join(known)})")
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
    """Return what a database has beyond the base data, as a fixture."""
    return state.export(_found(controlled, db))


def list_models(controlled: Controlled, db: str) -> dict[str, Any]:
    """Every model with the number of its records."""
    database = _found(controlled, db)
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
    """No record of the model, as the superuser sees it."""
    database = _found(controlled, db)
    if model not in database.registry:
        raise Refusal(404, f"there is no model {model!r}{nearest(model, database.registry)}")
    return database.env(1, _CONTEXT)[model]


def one_model(controlled: Controlled, db: str, model: str) -> dict[str, Any]:
    """Return a model with its fields as `fields_get` tells them."""
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
    fields: list[str] | None = None,
    order: str | None = None,
    offset: int = 0,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Return the records that a domain finds, archived ones too."""
    if offset < 0 or limit < 0:
        raise Refusal(400, "offset and limit are whole numbers from 0 on")
    records = _model(controlled, db, model)
    try:
        with records.env.db.transaction():
            count = records.call("search_count", domain or [])
            found = records.call("search", domain or [], offset=offset, limit=limit, order=order) if limit else records
            rows = found.call("read", fields)
    except Exception as error:  # as a client of the server would be told
        raise Refusal(400, f"{type(error).__name__}: {error}") from None
    return {"records": masked(rows, model), "count": count}


_DB = Value("db", "text", "The database", required=True)
_MODEL = Value("model", "text", "The model, such as res.partner", required=True)
_FOUND = "/databases/{db}/models"

ROUTES = (
    Route("GET", "/databases", "The databases", list_databases, "Databases"),
    Route(
        "POST",
        "/databases",
        "One more database, from the same fixtures and with the same login",
        add_database,
        "Database",
        body=(Value("name", "text", "Its name", required=True),),
        status=201,
        errors=(409,),
    ),
    Route("DELETE", "/databases/{db}", "Drop a database", remove_database, "Removed", (_DB,), errors=(404, 409)),
    Route(
        "GET",
        "/databases/{db}/export",
        "What it has beyond the base data, as a fixture",
        export,
        "Fixture",
        (_DB,),
        errors=(404,),
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
            Value("domain", "domain", "JSON; all records without"),
            Value("fields", "names", "Names with commas between; all fields without"),
            Value("order", "text", "Such as name desc; the model's own without"),
            Value("offset", "integer", "How many to leave out first"),
            Value("limit", "integer", f"How many at most; {LIMIT} without"),
        ),
        errors=(404,),
    ),
    Route("GET", "/fixtures", "The bundled packs", list_fixtures, "Packs"),
    Route(
        "POST",
        "/fixtures",
        "Add data to a database: all of it or nothing",
        load_fixture,
        "Loaded",
        body=(
            Value("fixture", "fixture", "The name of a bundled pack, or the content of a fixture", required=True),
            Value("db", "text", "The database; the first one without"),
        ),
        errors=(404,),
    ),
)
