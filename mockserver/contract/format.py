"""Read, check and write the file of a contract; docs/contracts.md describes the format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mockserver import profiles
from mockserver.contract.normal import SHAPES
from mockserver.contract.steps import Call, Contract, Http, Json2, Request, Service, Step
from mockserver.saving import save
from mockserver.seed.files import nearest

KEYS = (
    "$schema", "name", "about", "profile", "recorded_from", "fixtures", "models", "ignore", "fields", "consumer",
    "steps",
)  # fmt: skip
# kind of request → its keys and their types; those in REQUIRED must be present
REQUESTS: Mapping[str, Mapping[str, str]] = {
    "call": {"model": "text", "method": "text", "args": "list", "kwargs": "object"},
    "json2": {"model": "text", "method": "text", "body": "any", "headers": "headers"},
    "service": {"name": "text", "method": "text", "args": "list"},
    "http": {"method": "text", "path": "text", "headers": "headers", "body": "text", "json": "any"},
}
REQUIRED = ("model", "name", "method", "path")
STEP_KEYS: Mapping[str, str] = {
    **dict.fromkeys(REQUESTS, "object"),
    "via": "text",
    "shape": "text",
    "as": "names",
    "as_model": "text",
    "refresh": "text",
    "keep": "keep",
    "bind": "texts",
    "ignore": "list",
    "at_least": "flag",
    "unscored": "flag",
    "about": "text",
    "expect": "object",
}
VIA = ("jsonrpc", "xmlrpc", "xmlrpc1")


class ContractError(ValueError):
    """A contract is invalid; the message is one line with the file, the step and the most similar valid name."""


def read(path: str | Path) -> Contract:
    """Read a contract from a file; raises ContractError."""
    try:
        data = json.loads(Path(path).read_bytes())
    except json.JSONDecodeError as error:
        raise ContractError(f"{path}: line {error.lineno} column {error.colno}: not JSON: {error.msg}") from None
    except (UnicodeDecodeError, RecursionError):
        raise ContractError(f"{path}: not a JSON text in UTF-8") from None
    except OSError as error:
        raise ContractError(f"{path}: {error.strerror}") from None
    return parse(data, str(path))


def write(path: str | Path, data: Mapping[str, Any]) -> None:
    """Check a contract and write it to a file, one line for each step.  Raises ContractError and OSError."""
    parse(data, str(path))
    head = {key: value for key, value in data.items() if key != "steps"}
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("}").rstrip()
    steps = ",\n".join(f"  {json.dumps(step, ensure_ascii=False)}" for step in data["steps"])
    save(path, f'{opening}{"," if head else ""}\n "steps": [\n{steps}\n ]\n}}\n')


def parse(data: Any, source: str) -> Contract:
    """Return the contract of parsed JSON; `source` names it in errors.  Raises ContractError."""
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list):
        raise ContractError(f"{source}: a contract is a JSON object with a list of 'steps'")
    _check_keys(source, data, KEYS)
    wanted = {
        "name": "text",
        "about": "text",
        "consumer": "text",
        "recorded_from": "text",
        "fixtures": "list",
        "ignore": "list",
    }
    for key, kind in {**wanted, "fields": "object", "models": "list", "profile": "text"}.items():
        _check_type(source, key, data.get(key), kind, optional=True)
    _check_fields(source, data.get("fields", {}))
    steps = [_step(f"{source}: step {number}", number, step) for number, step in enumerate(data["steps"], 1)]
    _check_labels(source, steps)
    return Contract(
        source,
        steps,
        data.get("name", ""),
        data.get("about", ""),
        _profile(source, data),
        tuple(_check_texts(f"{source}: 'fixtures'", data.get("fixtures", []))),
        tuple(_check_texts(f"{source}: 'ignore'", data.get("ignore", []))),
        data.get("fields", {}),
        data.get("consumer", ""),
    )


def _profile(source: str, data: Mapping[str, Any]) -> str | None:
    """Return the named profile, or the first one whose server version is the recorded one."""
    if "profile" in data:
        try:
            return profiles.get(data["profile"]).name
        except profiles.UnknownProfile as error:
            raise ContractError(f"{source}: {error}") from None
    version = data.get("recorded_from")
    return next((name for name, profile in profiles.PROFILES.items() if profile.server_version == version), None)


def _check_fields(source: str, fields: Mapping[str, Any]) -> None:
    for model, described in fields.items():
        if not isinstance(described, dict) or not all(
            isinstance(attributes, dict) for attributes in described.values()
        ):
            raise ContractError(f"{source}: 'fields' of {model}: an object, field name to what fields_get tells of it")


# -- one step


def _step(where: str, number: int, data: Any) -> Step:
    if not isinstance(data, dict):
        raise ContractError(f"{where}: a step is an object, not {_type_name(data)}")
    kinds = [kind for kind in REQUESTS if kind in data]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        raise ContractError(f"{where}: a step has one of {', '.join(REQUESTS)}; this one has {found}")
    _check_keys(where, data, STEP_KEYS)
    for key, value in data.items():
        _check_type(where, key, value, STEP_KEYS[key])
    if "expect" not in data:
        raise ContractError(f"{where}: 'expect' is missing, the outcome")
    if data.get("via", VIA[0]) not in VIA:
        raise ContractError(f"{where}: 'via' is {', '.join(VIA[:-1])} or {VIA[-1]}, not {data['via']!r}")
    request = _request(where, kinds[0], data)
    return Step(
        number,
        request,
        data["expect"],
        data.get("via", VIA[0]),
        _shape(where, data.get("shape", "raw")),
        data.get("as"),
        data.get("as_model", request.model if isinstance(request, Call | Json2) else ""),
        not data.get("unscored"),
        bool(data.get("at_least")),
        tuple(_check_texts(f"{where}: 'ignore'", data.get("ignore", []))),
        data.get("about", ""),
        data,
    )


def _request(where: str, kind: str, step: Mapping[str, Any]) -> Request:
    data = step[kind]
    where = f"{where}: {kind}"
    _check_keys(where, data, REQUESTS[kind])
    for key, wanted in REQUESTS[kind].items():
        _check_type(where, key, data.get(key), wanted, optional=key not in REQUIRED)
    if kind == "call":
        return Call(**data)
    if kind == "json2":
        return Json2(**data)
    if kind == "service":
        return Service(**data)
    keep = step.get("keep", [])
    shapes = {path: _shape(where, shape) for path, shape in keep.items()} if isinstance(keep, dict) else {}
    kept = shapes or dict.fromkeys(keep, "raw")
    return Http(**data, has_json="json" in data, keep=kept, bind=step.get("bind", {}))


def _shape(where: str, shape: str) -> str:
    kind, _, model = shape.partition(":")
    if kind not in SHAPES:
        raise ContractError(f"{where}: unknown shape {shape!r}{nearest(kind, SHAPES)} (shapes: {', '.join(SHAPES)})")
    if SHAPES[kind] and not model:
        raise ContractError(f"{where}: the shape {kind!r} needs a model, such as '{kind}:res.partner'")
    return shape


def _check_labels(source: str, steps: Iterable[Step]) -> None:
    """Raise ContractError where a step uses a label that no earlier step makes."""
    made: set[str] = set()
    for step in steps:
        for label in _labels(step.request):
            if label not in made and "unbound" not in step.expect:
                raise ContractError(
                    f"{source}: step {step.number}: no step before it makes {label!r}{nearest(label, made)}"
                )
        if step.labels is not None:
            made |= {step.labels} if isinstance(step.labels, str) else set(step.labels)
        made |= step.data.get("bind", {}).keys()


def _labels(request: Request) -> Iterable[str]:
    """Return the labels in the arguments of a request."""
    if isinstance(request, Call):
        return _references([request.args, request.kwargs])
    return _references(
        request.body if isinstance(request, Json2) else request.json if isinstance(request, Http) else request.args
    )


def _references(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        if value.keys() == {"$ref"}:
            yield str(value["$ref"])
        else:
            for item in value.values():
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


# -- checks of keys and types


def _check_keys(where: str, data: Mapping[str, Any], keys: Iterable[str]) -> None:
    for key in data:
        if key not in keys:
            raise ContractError(f"{where}: unknown key {key!r}{nearest(key, keys)} (keys: {', '.join(keys)})")


_TYPES: Mapping[str, tuple[type | tuple[type, ...], str]] = {
    "text": (str, "a text"),
    "list": (list, "a list"),
    "object": (dict, "an object"),
    "headers": (dict, "an object, header to value"),
    "texts": (dict, "an object, name to path"),
    "names": ((str, list), "a text or a list of texts"),
    "keep": ((list, dict), "a list of paths, or an object, path to shape"),
    "flag": (bool, "true or false"),
    "any": (object, ""),
}


def _check_type(where: str, key: str, value: Any, wanted: str, *, optional: bool = False) -> None:
    """Raise ContractError where the value of a key is of another type."""
    if value is None and (optional or wanted == "any"):
        return
    types, description = _TYPES[wanted]
    inner = _text_items(value, wanted)
    if not isinstance(value, types) or not all(isinstance(item, str) for item in inner):
        found = "missing" if value is None else f"not {_type_name(value)}"
        raise ContractError(
            f"{where}: {key!r} is {description}, {found}" if value is not None else f"{where}: {key!r} is missing"
        )


def _text_items(value: Any, wanted: str) -> Iterable[Any]:
    """Return the items that must be texts."""
    if isinstance(value, list) and wanted in ("names", "keep"):
        return value
    if isinstance(value, dict) and wanted in ("texts", "keep"):
        return value.values()
    if isinstance(value, dict) and wanted == "headers":
        return [item for item in value.values() if item is not None]
    return ()


def _check_texts(where: str, values: list[Any]) -> list[str]:
    if not all(isinstance(value, str) for value in values):
        raise ContractError(f"{where} is a list of texts")
    return values


def _type_name(value: Any) -> str:
    names = {
        dict: "an object",
        list: "a list of other things",
        str: "a text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number")
