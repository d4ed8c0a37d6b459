"""Which parts of a JSON answer to an `http` step are compared, and which of them are ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mockserver.contract import shapes
from mockserver.contract.normal import picked
from mockserver.contract.record.accounts import credentials
from mockserver.contract.record.decoding import Seen
from mockserver.contract.record.labelling import Labelling
from mockserver.contract.replay import id_of

Kept = dict[str, str]  # path → shape

# methods that answer with what they made
MAKING = {"create", "copy", "name_create", "load", "web_save", "message_post"}
_WITHOUT_IDS = ("web_read", "web_save", "web_search_read", "onchange", "web_read_group")

MOST = 60  # parts of one answer
USERS = "res.users"
_PASSING = re.compile(r"(^|_)(life|lifetime|expires|expire|expires_in|uptime|timestamp|duration)(_|$)")
_OF_SESSION = ("uid", "user_id", "partner_id", "user_companies")
_CREATES = re.compile(r"/api/create/?$|/(api|object)/[\w.]+/?(create/?)?$")


class Keeping:
    """Finds them; `bound_model` is the model of the records that the last answer made or showed."""

    def __init__(self, labelling: Labelling, found: set[tuple[str, int]]) -> None:
        self.labelling = labelling
        self.found = found
        self.bound_model: str | None = None

    def of(self, seen: Seen, payload: Any, model: str | None) -> tuple[Kept, dict[str, str]]:
        """`(path → shape, label → path)` of an answer."""
        self.bound_model = None
        if not isinstance(payload, (dict, list, int)) or isinstance(payload, bool):
            return ({"": "raw"}, {}) if payload is not None else ({}, {})
        if isinstance(payload, dict) and isinstance(payload.get("error"), dict):
            return dict(self._error(payload["error"])), {}
        if credentials(seen) is not None or "/session/" in seen.path:
            return dict(self._session(payload)), self._user(payload)
        params = seen.json.get("params") if isinstance(seen.json, dict) else None
        if isinstance(params, dict) and isinstance(params.get("method"), str) and isinstance(payload, dict) and model:
            return self._call(model, params["method"], payload)
        kept = dict(list(self._parts(payload, "", model or "", seen.path))[:MOST])
        creates = seen.method == "POST" and _CREATES.search(seen.path)
        return kept, self._made(payload, kept, model) if creates and model else self._shown(payload, kept, model)

    def _error(self, error: dict[str, Any]) -> Iterator[tuple[str, str]]:
        data = error["data"] if isinstance(error.get("data"), dict) else {}
        for name, told in (("code", error), ("message", error), ("name", data), ("message", data)):
            # a text with ids in it would differ on the next server
            if name in told and (not isinstance(told[name], str) or not re.search(r"\d", told[name])):
                yield f"error.{'data.' if told is data else ''}{name}", "raw"

    def _session(self, payload: Any) -> Iterator[tuple[str, str]]:
        """Of what tells about a user: whether there is one, and what else is there."""
        inside = payload.get("result") if isinstance(payload, dict) and "result" in payload else payload
        prefix = "result." if inside is not payload else ""
        if not isinstance(inside, dict):
            yield f"{prefix}<type>", "raw"
            return
        yield f"{prefix}<keys>", "raw"
        for name in ("db", "is_admin", "server_version"):
            if name in inside:
                yield f"{prefix}{name}", "raw"
        yield from ((f"{prefix}{name}.<type>", "raw") for name in ("uid",) if name in inside)

    def _user(self, payload: Any) -> dict[str, str]:
        inside = payload.get("result") if isinstance(payload, dict) else None
        uid = inside.get("uid") if isinstance(inside, dict) else None
        if type(uid) is int and (USERS, uid) in self.found and not self.labelling.labels.known(USERS, uid):
            self.bound_model = USERS
            return {self.labelling.name(USERS, uid): "result.uid"}
        return {}

    def _call(self, model: str, method: str, payload: dict[str, Any]) -> tuple[Kept, dict[str, str]]:
        """The answer of a method of a model over the web client's routes."""
        if "result" not in payload:
            return {"<keys>": "raw"}, {}
        shape = shape_of(model, method, payload["result"])
        kept = {"result": shape}
        self.bound_model = shape.partition(":")[2] or model
        if method in MAKING and shape != "raw":
            return kept, self._made(payload, kept, model)
        return kept, self._shown(payload, kept, model)

    # -- any other JSON

    def _parts(self, value: Any, path: str, model: str, url: str) -> Iterator[tuple[str, str]]:
        name = path.rpartition(".")[2] or url.rstrip("/").rpartition("/")[2]
        if _PASSING.search(name) or (not path and "/life" in url):
            yield f"{path}.<type>" if path else "<type>", "raw"
        elif isinstance(value, dict) and type(value.get("id")) is int and model:
            yield path, f"record:{model}"
        elif (
            isinstance(value, list)
            and value
            and model
            and all(isinstance(v, dict) and type(v.get("id")) is int for v in value)
        ):
            yield path, f"records:{model}"
        elif isinstance(value, dict) and value and all(re.fullmatch(r"[\w-]+", str(key)) for key in value):
            for key, item in value.items():
                yield from self._parts(item, f"{path}.{key}" if path else str(key), model, url)
        elif isinstance(value, list) and value and all(type(item) is int for item in value):
            yield path, f"ids:{model}" if model and name in ("ids", "result", "search") else "raw"
        elif name in _OF_SESSION:
            yield f"{path}.<type>", "raw"
        elif type(value) is int and model and name in ("id", "result") and self._is_made(model, value, url):
            yield path, f"id:{model}"
        else:
            yield path, "raw"

    def _is_made(self, model: str, value: int, url: str) -> bool:
        return bool(_CREATES.search(url)) or self.labelling.labels.known(model, value) is not None

    def _made(self, payload: Any, kept: Kept, model: str | None) -> dict[str, str]:
        """Labels for the records whose ids are in an answer that made them."""
        return {self.labelling.fresh(of, id_): place for of, id_, place in _places(payload, kept, self._remember)}

    def _shown(self, payload: Any, kept: Kept, model: str | None) -> dict[str, str]:
        """Labels for those that a later request uses."""
        return {
            self.labelling.name(of, id_): place
            for of, id_, place in _places(payload, kept, self._remember)
            if (of, id_) in self.found and self.labelling.labels.known(of, id_) is None
        }

    def _remember(self, model: str) -> None:
        self.bound_model = model


def _places(payload: Any, kept: Kept, remember: Any) -> Iterator[tuple[str, int, str]]:
    """`(model, id, path)` of the records in the kept parts of an answer."""
    for path, shape in kept.items():
        kind, _, model = shape.partition(":")
        value = picked(payload, path)
        if not model or kind == "groups":
            continue
        remember(model)
        single = kind in ("id", "name", "record")
        for number, item in enumerate([value] if single else value if isinstance(value, list) else []):
            id_ = id_of(item)
            inside = ["id"] if isinstance(item, dict) else ["0"] if isinstance(item, list) else []
            place = ".".join(part for part in (path, *([] if single else [str(number)]), *inside) if part)
            if id_:
                yield model, id_, place


def shape_of(model: str, method: str, value: Any) -> str:
    """What a method answered, as far as its type says the same as its name."""
    if method == "load":
        return "loaded" if isinstance(value, dict) else "raw"
    if method in _WITHOUT_IDS and isinstance(value, (dict, list)):
        return "webrecords"
    if method == "message_post":
        return "id:mail.message" if type(value) is int else "raw"
    if method in ("read", "default_get") and isinstance(value, dict):
        return f"record:{model}"
    shape = shapes.shape(model, method, value)
    kind = shape.partition(":")[0]
    items = value if isinstance(value, list) else [value]
    wanted: dict[str, Any] = {"id": int, "ids": int, "names": list, "records": dict, "groups": dict}
    if kind in wanted and not all(type(item) is wanted[kind] for item in items):
        return "raw"
    if kind in ("ids", "names", "records", "groups", "name") and not isinstance(value, list):
        return "raw"
    return shape
