"""The OpenAPI 3.1 description of the control API, made from its routes."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from mockserver import __version__
from mockserver.control.routes import KINDS, Route, Value
from mockserver.control.schemas import SCHEMAS, ref

ABOUT = (
    "Inspect a mock server, control its behaviour, and reset it. It answers programs and browsers of the same machine "
    "only, or those that send the server's control token. The body of a POST is JSON, with that Content-Type."
)


def description(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the OpenAPI document."""
    paths: dict[str, Any] = {}
    for route in routes:
        paths.setdefault(f"/_mock{route.path}", {})[route.verb.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockserver control API", "version": __version__, "description": ABOUT},
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "For a server with a control token"}
            },
        },
        "security": [{"token": []}, {}],
    }


def _operation(route: Route) -> dict[str, Any]:
    takes = bool(route.path_values or route.query or route.body)
    wrong = {*route.errors, *(() if route.open else (401, 403)), *((400,) if takes or route.verb == "POST" else ())}
    wrong |= {413, 415} if route.verb == "POST" else set()
    operation: dict[str, Any] = {
        "operationId": route.function.__name__,
        "summary": route.summary,
        "responses": {str(route.status): _answer(route.summary, route.answer)}
        | {str(code): _answer(HTTPStatus(code).phrase, "Error") for code in sorted(wrong)},
    }
    if route.open:
        operation["security"] = []
    if route.path_values or route.query:
        operation["parameters"] = [
            *(_parameter(value, "path") for value in route.path_values),
            *(_parameter(value, "query") for value in route.query),
        ]
    if route.verb == "POST":
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _body(route)}}}
    return operation


def _answer(about: str, schema: str) -> dict[str, Any]:
    return {"description": about, "content": {"application/json": {"schema": ref(schema)}}}


def _schema(value: Value) -> dict[str, Any]:
    return KINDS[value.kind][2]


def _parameter(value: Value, place: str) -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": value.name, "in": place, "description": value.about}
    if place == "path":
        parameter["required"] = True
    if value.kind == "domain":
        return parameter | {"content": {"application/json": {"schema": _schema(value)}}}
    if value.kind == "names":
        parameter |= {"style": "form", "explode": False}
    return parameter | {"schema": _schema(value)}


def _body(route: Route) -> dict[str, Any]:
    if isinstance(route.body, str):
        return ref(route.body)
    return {
        "type": "object",
        "properties": {value.name: {**_schema(value), "description": value.about} for value in route.body},
        "required": [value.name for value in route.body if value.required],
        "additionalProperties": False,
    }
