"""Read and check one step of a contract; docs/contracts.md describes the format."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from mockserver.contract.arguments import names_in
from mockserver.contract.checks import ContractError, check_keys, check_texts, check_type, type_name
from mockserver.contract.http_steps import PARTS, is_part
from mockserver.contract.shaping import SHAPES
from mockserver.contract.steps import Call, Http, Json2, Masks, Request, Service, Step, Web
from mockserver.seed.files import nearest

# kind of request → its keys and their types; those in REQUIRED must be present
REQUESTS: Mapping[str, Mapping[str, str]] = {
    "call": {"model": "text", "method": "text", "args": "list", "kwargs": "object"},
    "json2": {"model": "text", "method": "text", "body": "any", "headers": "headers"},
    "service": {"name": "text", "method": "text", "args": "list"},
    "web": {"session": "text", "path": "text", "params": "any", "model": "text"},
    "http": {
        "method": "text", "path": "text", "headers": "headers", "session": "text", "want": "list of texts",
        "json": "any", "body": "text", "form": "object", "multipart": "multipart",
    },
}  # fmt: skip
# kind of request → the keys that it must have
REQUIRED: Mapping[str, Container[str]] = {
    "call": ("model", "method"),
    "json2": ("model", "method"),
    "service": ("name", "method"),
    "web": ("path",),
    "http": ("method", "path"),
}
STEP_KEYS: Mapping[str, str] = {
    **dict.fromkeys(REQUESTS, "object"),
    "via": "text",
    "user": "text",
    "relogin": "flag",
    "shape": "text",
    "as": "names",
    "as_model": "text",
    "bind": "paths",
    "save": "sources",
    "ids": "texts",
    "idkeys": "texts",
    "context": "models",
    "dates": "list of texts",
    "hide": "list of texts",
    "pick": "list of texts",
    "sort": "flag or names",
    "keep": "keep",
    "refresh": "text",
    "ignore": "list",
    "at_least": "flag",
    "unscored": "flag or text",
    "why": "text",
    "about": "text",
    "expect": "object",
}
VIA = ("jsonrpc", "xmlrpc", "xmlrpc1", "web")
SOURCES = ("json", "re", "header", "cookie")


def parse_step(where: str, number: int, data: Any, users: Container[str]) -> Step:
    """Return a step; `where` names it in errors, `users` are those of the contract.  Raises ContractError."""
    if not isinstance(data, dict):
        raise ContractError(f"{where}: a step is an object, not {type_name(data)}")
    kinds = [kind for kind in REQUESTS if kind in data]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        raise ContractError(f"{where}: a step has one of {', '.join(REQUESTS)}; this one has {found}")
    check_keys(where, data, STEP_KEYS)
    for key, value in data.items():
        check_type(where, key, value, STEP_KEYS[key])
    if "expect" not in data:
        raise ContractError(f"{where}: 'expect' is missing, the outcome")
    _check_names(where, data, users)
    request = _request(where, kinds[0], data[kinds[0]])
    keep = data.get("keep", [])
    sort = data.get("sort", False)
    return Step(
        number,
        request,
        data["expect"],
        via=data.get("via", VIA[0]),
        shape=_shape(where, data.get("shape", "raw")),
        labels=data.get("as"),
        labels_of=data.get("as_model", request.model if isinstance(request, Call | Json2 | Web) else ""),
        bind=data.get("bind", {}),
        save=data.get("save", {}),
        user=data.get("user"),
        relogin=data.get("relogin", False),
        masks=_masks(data),
        sort=sort if isinstance(sort, bool) else tuple(sort),
        keep={path: _shape(where, keep[path] if isinstance(keep, dict) else "raw") for path in keep},
        scored=not data.get("unscored"),
        at_least=bool(data.get("at_least")),
        ignore=tuple(check_texts(f"{where}: 'ignore'", data.get("ignore", []))),
        about=data.get("about", ""),
        data=data,
    )


def _masks(data: Mapping[str, Any]) -> Masks:
    dates, hide, pick = (tuple(data.get(key, ())) for key in ("dates", "hide", "pick"))
    return Masks(data.get("ids", {}), dates, hide, pick, data.get("idkeys", {}), data.get("context", {}))


def _check_names(where: str, data: Mapping[str, Any], users: Container[str]) -> None:
    """Raise ContractError for a protocol, a user or a source of a saved value that there is not."""
    via = VIA if "call" in data else VIA[:-1]
    if data.get("via", VIA[0]) not in via:
        raise ContractError(f"{where}: 'via' is {', '.join(via[:-1])} or {via[-1]}, not {data['via']!r}")
    if "user" in data and data["user"] not in users:
        raise ContractError(f"{where}: 'users' has no {data['user']!r}")
    for name, (source, *_) in data.get("save", {}).items():
        if source not in SOURCES:
            raise ContractError(f"{where}: 'save': {name}: a value comes from {', '.join(SOURCES)}, not {source!r}")


def _request(where: str, kind: str, data: Mapping[str, Any]) -> Request:
    where = f"{where}: {kind}"
    check_keys(where, data, REQUESTS[kind])
    for key, wanted in REQUESTS[kind].items():
        check_type(where, key, data.get(key), wanted, optional=key not in REQUIRED[kind])
    for wanted in data.get("want", ()):
        if not is_part(wanted):
            raise ContractError(f"{where}: 'want': there is no part {wanted!r} (parts: {', '.join(PARTS)})")
    if kind == "http":
        return Http(**data, has_json="json" in data)
    kinds: Mapping[str, type[Call | Json2 | Service | Web]] = {
        "call": Call,
        "json2": Json2,
        "service": Service,
        "web": Web,
    }
    return kinds[kind](**data)


def _shape(where: str, shape: str) -> str:
    kind, _, model = shape.partition(":")
    if kind not in SHAPES:
        raise ContractError(f"{where}: unknown shape {shape!r}{nearest(kind, SHAPES)} (shapes: {', '.join(SHAPES)})")
    if SHAPES[kind] and not model:
        raise ContractError(f"{where}: the shape {kind!r} needs a model, such as '{kind}:res.partner'")
    return shape


def check_labels(source: str, steps: Iterable[Step]) -> None:
    """Raise ContractError where a step uses a label or a saved value that no earlier step makes."""
    made: set[str] = set()
    for step in steps:
        for label in sorted(names_in(_values(step.request)) - made):
            if "unbound" not in step.expect:
                raise ContractError(
                    f"{source}: step {step.number}: no step before it makes {label!r}{nearest(label, made)}"
                )
        if step.labels is not None:
            made |= {step.labels} if isinstance(step.labels, str) else set(step.labels)
        made |= step.bind.keys() | step.save.keys()


def _values(request: Request) -> Any:
    """Return the values of a request, in which labels may stand."""
    if isinstance(request, Call):
        return [request.args, request.kwargs]
    if isinstance(request, Json2):
        return request.body
    if isinstance(request, Web):
        return request.params
    return request.json if isinstance(request, Http) else request.args
