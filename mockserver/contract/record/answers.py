"""Choose the parts of a JSON answer to an `http` step that are compared, and those that are ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mockserver.contract import shapes
from mockserver.contract.paths import value_at
from mockserver.contract.record.accounts import credentials
from mockserver.contract.record.decoding import RecordedRequest
from mockserver.contract.record.labelling import Labelling
from mockserver.contract.replay import id_of

Parts = dict[str, str]  # path → shape

# methods that return the records they created
CREATING = {"create", "copy", "name_create", "load", "web_save", "message_post"}
_WITHOUT_IDS = ("web_read", "web_save", "web_search_read", "onchange", "web_read_group")

MAX_PARTS = 60  # of one answer
USERS = "res.users"
_TIME_NAMES = re.compile(r"(^|_)(life|lifetime|expires|expire|expires_in|uptime|timestamp|duration)(_|$)")
_SESSION_KEYS = ("uid", "user_id", "partner_id", "user_companies")
_CREATES = re.compile(r"/api/create/?$|/(api|object)/[\w.]+/?(create/?)?$")


class AnswerParts:
    """Chooses the parts; `bound_model` is the model of the records in the last answer."""

    def __init__(self, labelling: Labelling, used_later: set[tuple[str, int]]) -> None:
        self.labelling = labelling
        self.used_later = used_later
        self.bound_model: str | None = None

    def of(self, recorded: RecordedRequest, payload: Any, model: str | None) -> tuple[Parts, dict[str, str]]:
        """Return `(path → shape, label → path)` for an answer."""
        self.bound_model = None
        if not isinstance(payload, (dict, list, int)) or isinstance(payload, bool):
            return ({"": "raw"}, {}) if payload is not None else ({}, {})
        if isinstance(payload, dict) and isinstance(payload.get("error"), dict):
            return dict(self._error(payload["error"])), {}
        if credentials(recorded) is not None or "/session/" in recorded.path:
            return dict(self._session(payload)), self._user(payload)
        params = recorded.json.get("params") if isinstance(recorded.json, dict) else None
        if isinstance(params, dict) and isinstance(params.get("method"), str) and isinstance(payload, dict) and model:
            return self._call(model, params["method"], payload)
        kept = dict(list(self._parts(payload, "", model or "", recorded.path))[:MAX_PARTS])
        creates = recorded.method == "POST" and _CREATES.search(recorded.path)
        return kept, self._label_created(payload, kept, model) if creates and model else self._label_used_later(
            payload, kept, model
        )

    def _error(self, error: dict[str, Any]) -> Iterator[tuple[str, str]]:
        data = error["data"] if isinstance(error.get("data"), dict) else {}
        for name, source in (("code", error), ("message", error), ("name", data), ("message", data)):
            # a text with ids would differ on another server
            if name in source and (not isinstance(source[name], str) or not re.search(r"\d", source[name])):
                yield f"error.{'data.' if source is data else ''}{name}", "raw"

    def _session(self, payload: Any) -> Iterator[tuple[str, str]]:
        """Yield the parts of an answer about the user: the keys, and the values that do not depend on the user."""
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
        if type(uid) is int and (USERS, uid) in self.used_later and not self.labelling.labels.known(USERS, uid):
            self.bound_model = USERS
            return {self.labelling.label(USERS, uid): "result.uid"}
        return {}

    def _call(self, model: str, method: str, payload: dict[str, Any]) -> tuple[Parts, dict[str, str]]:
        """Return parts and labels of the answer to a method of a model over the routes of the web client."""
        if "result" not in payload:
            return {"<keys>": "raw"}, {}
        shape = shape_of(model, method, payload["result"])
        kept = {"result": shape}
        self.bound_model = shape.partition(":")[2] or model
        if method in CREATING and shape != "raw":
            return kept, self._label_created(payload, kept, model)
        return kept, self._label_used_later(payload, kept, model)

    # -- any other JSON

    def _parts(self, value: Any, path: str, model: str, url: str) -> Iterator[tuple[str, str]]:
        name = path.rpartition(".")[2] or url.rstrip("/").rpartition("/")[2]
        if _TIME_NAMES.search(name) or (not path and "/life" in url):
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
        elif name in _SESSION_KEYS:
            yield f"{path}.<type>", "raw"
        elif type(value) is int and model and name in ("id", "result") and self._is_known_record(model, value, url):
            yield path, f"id:{model}"
        else:
            yield path, "raw"

    def _is_known_record(self, model: str, value: int, url: str) -> bool:
        return bool(_CREATES.search(url)) or self.labelling.labels.known(model, value) is not None

    def _label_created(self, payload: Any, kept: Parts, model: str | None) -> dict[str, str]:
        """Return labels for the records in the answer to a request that created them."""
        return {
            self.labelling.new_label(of, id_): id_path
            for of, id_, id_path in _records_in(payload, kept, self._remember)
        }

    def _label_used_later(self, payload: Any, kept: Parts, model: str | None) -> dict[str, str]:
        """Return labels for the records in an answer that a later request uses."""
        return {
            self.labelling.label(of, id_): id_path
            for of, id_, id_path in _records_in(payload, kept, self._remember)
            if (of, id_) in self.used_later and self.labelling.labels.known(of, id_) is None
        }

    def _remember(self, model: str) -> None:
        self.bound_model = model


def _records_in(payload: Any, kept: Parts, remember: Any) -> Iterator[tuple[str, int, str]]:
    """Yield `(model, id, path)` of the records in the kept parts of an answer."""
    for path, shape in kept.items():
        kind, _, model = shape.partition(":")
        value = value_at(payload, path)
        if not model or kind == "groups":
            continue
        remember(model)
        single = kind in ("id", "name", "record")
        for number, item in enumerate([value] if single else value if isinstance(value, list) else []):
            id_ = id_of(item)
            inside = ["id"] if isinstance(item, dict) else ["0"] if isinstance(item, list) else []
            id_path = ".".join(part for part in (path, *([] if single else [str(number)]), *inside) if part)
            if id_:
                yield model, id_, id_path


def shape_of(model: str, method: str, value: Any) -> str:
    """Return the shape of the result of a method, `raw` if its type does not fit the name of the method."""
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
