"""Definitions of missing fields, guessed from the values that a client sent for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockserver.orm.schema.registry import Registry

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_BASE64 = re.compile(r"[A-Za-z0-9+/\n]{80,}={0,2}\s*")
_MARKUP = re.compile(r"</?[a-z][^<>]*>")
_FLAGS = ("is_", "has_", "can_", "active", "x_is_", "x_has_", "x_active")
MAX_DEPTH = 20  # of lines in lines


def missing(
    registry: Registry, model: str, mentions: Iterable[tuple[Any, Any]], depth: int = MAX_DEPTH
) -> Iterator[tuple[str, str, Any]]:
    """Yield `(model, field, value)` for each missing field that is mentioned, also along paths and in lines.

    Lines are searched down to `depth` levels.
    """
    for path, value in mentions:
        if not isinstance(path, str) or path.startswith("__") or path == ".id" or not path:
            continue
        at: str | None = model
        for step in path.split("."):
            definition = registry.get(at or "")
            field = definition.fields.get(step) if definition else None
            if field is None:
                if definition is not None or at == model:
                    yield at or "", step, value if path.endswith(step) else None
                break
            at = field.comodel
            if depth and field.x2many:
                yield from missing(registry, at, _lines(value), depth - 1)


def _lines(commands: Any) -> Iterator[tuple[Any, Any]]:
    """Yield `(field, value)` for the fields of lines in the commands of an x2many field."""
    for command in commands if isinstance(commands, (list, tuple)) else ():
        if isinstance(command, (list, tuple)) and len(command) == 3 and isinstance(command[2], Mapping):
            yield from command[2].items()


def definition(name: str, values: Sequence[Any], registry: Registry, model: str) -> dict[str, Any]:
    """Return the guessed definition of a field, as in a fixture."""
    known = [value for value in values if value is not None and value is not False]
    value = known[0] if known else (False if False in values else None)
    if name.endswith("_ids"):
        return _x2many(name, value, registry, model)
    if name.endswith(("_id", "_uid")) and not isinstance(value, (str, float)):
        return {"type": "many2one", "relation": _comodel(name.rpartition("_")[0], registry)}
    return {"type": _type(name, value)}


def _x2many(name: str, value: Any, registry: Registry, model: str) -> dict[str, Any]:
    comodel = _comodel(name.removesuffix("_ids"), registry)
    new_lines = isinstance(value, (list, tuple)) and any(
        isinstance(command, (list, tuple)) and command[:1] in ([0], (0,)) for command in value
    )
    if new_lines:
        inverse = f"{model.rpartition('.')[2].removeprefix('x_')}_id"
        return {"type": "one2many", "relation": comodel, "relation_field": inverse}
    return {"type": "many2many", "relation": comodel}


def _type(name: str, value: Any) -> str:
    if isinstance(value, bool) or (value is None and name.startswith(_FLAGS)):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) else "float"
    if isinstance(value, str):
        return _text_type(value)
    return "json" if isinstance(value, Mapping) else "char"


def _text_type(value: str) -> str:
    tests = ((_DATE, "date"), (_DATETIME, "datetime"), (_BASE64, "binary"))
    kind = next((kind for pattern, kind in tests if pattern.fullmatch(value)), None)
    if kind is None and _MARKUP.search(value):
        return "html"
    return kind or ("text" if "\n" in value else "char")


def _comodel(stem: str, registry: Registry) -> str:
    """Return the comodel of a field such as `partner_id`, guessed from its name."""
    stem = stem.removeprefix("x_")
    if stem in ("user", "create", "write"):
        return "res.users"
    dotted = stem.replace("_", ".")
    for tail in (dotted, dotted.rpartition(".")[2]):
        found = sorted(
            (name for name in registry if name == tail or name.endswith(f".{tail}")),
            key=lambda name: (not name.startswith("res."), name.startswith("ir."), len(name), name),
        )
        if found:
            return found[0]
    return dotted


def entry(model: str, fields: Mapping[str, Mapping[str, Any]], description: str | None = None) -> str:
    """Return the lines of a fixture's `models` for these fields, a field a line."""
    lines = [f"{json.dumps(model)}: {{"]
    if description is not None:
        lines.append(f'  "description": {json.dumps(description)},')
    lines.append('  "fields": {')
    written = [f"    {json.dumps(name)}: {json.dumps(field)}" for name, field in fields.items()]
    return "\n".join([*lines, ",\n".join(written), "  }", "}"])
