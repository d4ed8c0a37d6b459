"""What the parameters of a data route mean to a model: an id, a page of records, values to write.

What is wrong with one is the exception that Python raises; the dialect says what becomes of it.
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
    """Return all parameters: the form over the query string, the path over both; an uploaded file stays one."""
    body = form(request)
    sent: dict[str, Any] = {**query(request), **body.values, **body.files}
    sent.pop("session_id", None)  # the framework's own
    if request.arguments.get("id"):
        sent["id"] = request.arguments["id"]
    return sent


def with_relations(model: Model, sent: Parameters) -> dict[str, Any]:
    """Return the parameters, those that are named like relational fields as integers; raises ValueError or
    TypeError."""
    fields = model.fields
    return {name: int(value) if name in fields and fields[name].relational else value for name, value in sent.items()}


def record_id(sent: Parameters) -> int | None:
    """Return the id of a record, None when it is no number or nought."""
    try:
        return int(sent.get("id") or 0) or None
    except (TypeError, ValueError):
        return None


def page(model: Model, sent: Parameters) -> dict[str, Any]:
    """Keywords for `search_read`; raises ValueError or TypeError for what is no literal or no number."""
    limit = sent.get("limit")
    return {
        "domain": parse(sent["filters"]) if sent.get("filters") else [],
        "fields": names(model, sent),
        "offset": int(sent.get("offset") or 0),
        "limit": (int(limit) or None) if limit else None,
        "order": sent.get("order") or None,
    }


def names(model: Model, sent: Parameters) -> list[str] | None:
    """Return the fields to read, None for all; of a list that names none of the model's the id is left.

    Raises ValueError or TypeError for what is no literal, or none of several.
    """
    given = parse(sent["field"]) if sent.get("field") else None
    if not given:
        return None
    return [name for name in given if name in model.fields] or ["id"]


def values(model: Model, sent: Parameters) -> dict[str, Any]:
    """Return what is written; an uploaded file is the TypeError that it is for a field."""
    for name, value in sent.items():
        if name in model.fields and not isinstance(value, (str, int)):
            raise TypeError("expected bytes-like object, not FileStorage")
    return {name: value for name, value in sent.items() if isinstance(value, (str, int))}
