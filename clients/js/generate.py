"""Write the types of the control API as TypeScript, from its OpenAPI description: `make client`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.control import ROUTES, openapi

HEAD = (
    "// The types of the control API, made by generate.py (`make client`) from the OpenAPI description of the server.\n"
)
SCALARS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_REFERENCE = "#/components/schemas/"
Schema = Mapping[str, Any]


def typescript(description: Mapping[str, Any]) -> str:
    """Return the module: a type a schema, and one for the query and the body of each operation that has one."""
    parts = [_declaration(name, schema) for name, schema in description["components"]["schemas"].items()]
    for verbs in description["paths"].values():
        for operation in verbs.values():
            parts += _operation(operation)
    return "\n".join([HEAD, *parts])


def _operation(operation: Mapping[str, Any]) -> Iterator[str]:
    name = "".join(word.capitalize() for word in operation["operationId"].split("_"))
    query = [given for given in operation.get("parameters", ()) if given["in"] == "query"]
    if query:
        properties = {given["name"]: _described(given) for given in query}
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        yield _declaration(f"{name}Query", schema, operation["summary"])
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if body.get("properties"):
        yield _declaration(f"{name}Body", body, operation["summary"])


def _described(parameter: Mapping[str, Any]) -> dict[str, Any]:
    schema = parameter.get("schema") or parameter["content"]["application/json"]["schema"]
    return {**schema, "description": parameter["description"]}


def _declaration(name: str, schema: Schema, about: str = "") -> str:
    """Return an exported type; objects are interfaces, which programs may extend."""
    text = _type(schema, "")
    head = _comment(about or schema.get("description", ""), "")
    if text.startswith("{"):
        return f"{head}export interface {name} {text}\n"
    return f"{head}export type {name} = {text};\n"


def _type(schema: Schema, indent: str) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REFERENCE)
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    kinds = schema.get("type", [])
    if "oneOf" in schema and not kinds:
        return " | ".join(_type(choice, indent) for choice in schema["oneOf"])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " | ".join(_kind(kind, schema, indent) for kind in kinds) or "unknown"


def _kind(kind: str, schema: Schema, indent: str) -> str:
    if kind in SCALARS:
        return SCALARS[kind]
    if kind == "array":
        item = _type(schema.get("items", {}), indent)
        return f"({item})[]" if " | " in item and not item.startswith("{") else f"{item}[]"
    if "properties" in schema:
        return _object(schema, indent)
    # not Record<…>: a schema of that name would hide it
    values = schema.get("additionalProperties")
    return f"{{ [key: string]: {_type(values, indent) if isinstance(values, dict) else 'unknown'} }}"


def _object(schema: Schema, indent: str) -> str:
    inner = f"{indent}  "
    lines = []
    for name, value in schema["properties"].items():
        key = name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)
        optional = "" if name in schema.get("required", ()) else "?"
        lines.append(f"{_comment(value.get('description', ''), inner)}{inner}{key}{optional}: {_type(value, inner)};")
    if schema.get("additionalProperties", True) is not False:
        lines.append(f"{inner}[key: string]: unknown;")
    return "\n".join(["{", *lines, f"{indent}}}"])


def _comment(text: str, indent: str) -> str:
    return f"{indent}/** {text.replace('*/', '* /')} */\n" if text else ""


if __name__ == "__main__":
    print(typescript(openapi.description(ROUTES)), end="")
