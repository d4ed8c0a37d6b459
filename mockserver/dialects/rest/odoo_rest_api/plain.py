"""The plain HTTP routes: GET and DELETE.  Source: rest-yezy §3, §4, §7; recorded in yezy-odoo-17.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.dialects import HTML, Reply, Request
from mockserver.dialects.rest.odoo_rest_api import listing, query
from mockserver.dialects.rest.odoo_rest_api.calls import PlannedCall, plan_call
from mockserver.dialects.rest.odoo_rest_api.serialise import FLAT, Rows, serialise
from mockserver.dialects.volume import json_value
from mockserver.dialects.web.form import parameters
from mockserver.orm.fields.binary import Binary

if TYPE_CHECKING:
    from mockserver.dialects.rest.odoo_rest_api import OdooRestApi
    from mockserver.orm.records.environment import Recordset

ALL = "{*}"


def get_many(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Read a page of records; the order has an effect only with a filter."""
    session = dialect.session(request)
    model = dialect.known_model(request, session)
    given = parameters(request)
    order = json_value(given["order"]) if "order" in given else None
    domain: Any = []
    if "filter" in given:
        domain = _domain(given["filter"])
    else:
        order = None
    call = plan_call(dialect, session, model, "search", domain, order=order or None)

    def work(dialect: OdooRestApi, call: PlannedCall) -> dict[str, Any]:
        page = listing.page(dialect.services.execute(call), given)
        block = query.parse(given.get("query", ALL))
        records = dialect.records(call).browse(page.ids)
        with records.env.db.transaction():
            return page.envelope(serialise(records, block))

    call.work = work
    return call


def get_one(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Read one record."""
    session = dialect.session(request)
    model, id_ = dialect.known_model(request, session), dialect.record_id(request)
    block = query.parse(parameters(request).get("query", ALL))
    call = plan_call(dialect, session, model, "read", [id_])

    def fetch(records: Recordset, names: list[str]) -> Rows:
        call.args = [[id_], names, FLAT]
        rows: Rows = dialect.services.execute(call)
        return rows

    def work(dialect: OdooRestApi, call: PlannedCall) -> dict[str, Any]:
        records = dialect.records(call).browse([id_])
        with records.env.db.transaction():
            return serialise(records, block, fetch)[0]

    call.work = work
    return call


def get_field(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Read the base64 text of a binary field; the add-on crashes for other fields."""
    session = dialect.session(request)
    model, id_ = dialect.known_model(request, session), dialect.record_id(request)
    name = request.arguments["field"]
    call = plan_call(dialect, session, model, "read", [id_], [name])

    def work(dialect: OdooRestApi, call: PlannedCall) -> Reply:
        field = dialect.records(call)._model.field(name)
        found = dialect.services.execute(call)
        if not isinstance(field, Binary) or not found or not found[0][name]:
            raise AttributeError(f"{name} holds no file")
        return Reply("200 OK", HTML, found[0][name].encode())

    call.work = work
    return call


def delete_one(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Delete one record."""
    session = dialect.session(request)
    model, id_ = dialect.known_model(request, session), dialect.record_id(request)
    call = plan_call(dialect, session, model, "unlink", [id_])
    call.work = _deleted
    return call


def delete_many(dialect: OdooRestApi, request: Request) -> PlannedCall:
    """Delete all records of a filter; the filter is parsed before the model is checked."""
    session = dialect.session(request)
    domain = json_value(parameters(request)["filter"])
    model = dialect.known_model(request, session)
    search = plan_call(dialect, session, model, "search", domain)
    call = plan_call(dialect, session, model, "unlink", [])

    def work(dialect: OdooRestApi, call: PlannedCall) -> dict[str, Any]:
        call.args = [dialect.services.execute(search)]
        return _deleted(dialect, call)

    call.work = work
    return call


def _deleted(dialect: OdooRestApi, call: PlannedCall) -> dict[str, Any]:
    return {"result": dialect.services.execute(call)}


def _domain(text: str) -> list[Any]:
    domain = json_value(text)
    if not isinstance(domain, list):
        raise TypeError(f"{text} is no domain")
    return domain
