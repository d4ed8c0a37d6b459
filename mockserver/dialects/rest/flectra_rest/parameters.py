"""Reading the parameters of a data route: an id, a page of records, values to write.

Invalid parameters raise Python's own exceptions, which the dialect handles.
Source: rest-flectra §3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.dialects import Request
from mockserver.dialects.rest.literals import parse
from mockserver.dialects.web.form import form, query
from mockserver.orm.schema.model import Model

Parameters = Mapping[str, Any]


def read(request: Request) -> dict[str, Any]:
    """Return all parameters; the path has priority over the form, the form over the query string.

    Uploaded files are included as file objects.
    """
    body = form(request)
    sent: dict[str, Any] = {**query(request), **body.values, **body.files}
    sent.pop("session_id", None)  # the framework's own
    if request.arguments.get("id"):
        sent["id"] = request.arguments["id"]
    return sent


def with_relations(model: Model, sent: Parameters) -> dict[str, Any]:
    """Return the parameters with values of relational fields as integers; raises ValueError or TypeError."""
    fields = model.fields
    return {name: int(value) if name in fields and fields[name].relational else value for name, value in sent.items()}


def record_id(sent: Parameters) -> int | None:
    """Return the id of a record, None if it is zero or not a number."""
    try:
        return int(sent.get("id") or 0) or None
    except (TypeError, ValueError):
        return None


def page(model: Model, sent: Parameters) -> dict[str, Any]:
    """Return keyword arguments for `search_read`; raises ValueError or TypeError for invalid literals and numbers."""
    limit = sent.get("limit")
    return {
        "domain": parse(sent["filters"]) if sent.get("filters") else [],
        "fields": names(model, sent),
        "offset": int(sent.get("offset") or 0),
        "limit": (int(limit) or None) if limit else None,
        "order": sent.get("order") or None,
    }


def names(model: Model, sent: Parameters) -> list[str] | None:
    """Return the fields to read, None for all; `["id"]` if none of the names is a field of the model.

    Raises ValueError or TypeError if the parameter is not a literal, or the literal is not a collection.
    """
    given = parse(sent["field"]) if sent.get("field") else None
    if not given:
        return None
    return [name for name in given if name in model.fields] or ["id"]


def values(model: Model, sent: Parameters) -> dict[str, Any]:
    """Return the values to write; raises the server's TypeError for a file uploaded as a field's value."""
    for name, value in sent.items():
        if name in model.fields and not isinstance(value, (str, int)):
            raise TypeError("expected bytes-like object, not FileStorage")
    return {name: value for name, value in sent.items() if isinstance(value, (str, int))}
