"""Normalise answers to the form of `expect` in a contract: without ids, users and times of creation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.live.connection import Answer
from mockserver.contract.live.protocols import Reply
from mockserver.contract.steps import Fields, Outcome
from mockserver.contract.structure import types
from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import Many2many, Many2one, One2many

NO_RESULT = "<no result key>"  # JSON-RPC leaves the result out for None
NOT_JSON = "<not json>"
ABSENT = "<absent>"

_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_CLOCK_FIELDS = {"create_date", "write_date", "__last_update"}

# shapes of results → whether the shape names a model, as in `ids:res.partner`
SHAPES: Mapping[str, bool] = {
    **dict.fromkeys(("id", "ids", "idset", "name", "names", "record", "records", "groups"), True),
    **dict.fromkeys(("raw", "created", "loaded", "webrecords", "type", "types"), False),
}


class Normaliser:
    """Normalises the replies to one contract."""

    def __init__(self, fields: Fields, labels: Labels) -> None:
        self.fields = fields
        self.labels = labels

    def reply(self, reply: Reply, shape: str) -> Outcome:
        """Return the outcome of a call: `{"result": …}`, `{"error": {…}}` or `{"fault": {…}}`."""
        if "error" in reply:
            error = reply["error"] if isinstance(reply["error"], dict) else {"message": reply["error"]}
            data = error.get("data") or {}
            text = self.labels.scrub(str(data.get("message") or ""))
            head = {"code": error.get("code"), "message": error.get("message"), "name": data.get("name")}
            return {"error": {**head, "text": text}}
        if "fault" in reply:
            text = reply["fault"]["string"]
            if text.startswith("Traceback"):
                text = [line for line in text.splitlines() if line.strip()][-1]
            code = reply["fault"]["code"]  # over the older XML-RPC a text that contains the message
            code = self.labels.scrub(code) if isinstance(code, str) else code
            return {"fault": {"code": code, "text": self.labels.scrub(text)}}
        return {"result": self.result(reply["result"], shape) if "result" in reply else NO_RESULT}

    def answer(self, answer: Answer, shape: str) -> Outcome:
        """Return the outcome of a JSON-2 call: `{"status", "type", "result"}`, or `error` in place of the result."""
        value = answer.json(NOT_JSON)
        outcome: Outcome = {"status": answer.status, "type": answer.kind}
        if answer.status == 200:
            outcome["result"] = self.result(value, shape)
        elif isinstance(value, dict):
            text = self.labels.scrub(str(value.get("message")))
            outcome["error"] = {"name": value.get("name"), "text": text, "keys": sorted(value)}
        return outcome

    def result(self, value: Any, shape: str) -> Any:
        """Return a normalised result of a shape such as `ids:res.partner`; a value of another type is unchanged."""
        kind, _, model = shape.partition(":")
        if kind == "types":
            return types(value, self.fields.get(model))
        simple: dict[str, Callable[[str, Any], Any]] = {
            "id": self.labels.of,
            "ids": self.labels.each,
            "idset": self._id_set,
            "name": self.labels.pair,
            "record": self._record,
        }
        items: dict[str, Callable[[str, Any], Any]] = {
            "names": self.labels.pair,
            "records": self._record,
            "groups": self._group,
        }
        if kind in simple:
            return simple[kind](model, value)
        if kind in items:
            return [items[kind](model, item) for item in value] if isinstance(value, list) else value
        special = {
            "loaded": _loaded,
            "webrecords": _without_ids,
            "type": _type_name,
            "created": _created,
            "raw": _unchanged,
        }
        return special[kind](value)

    def _id_set(self, model: str, value: Any) -> Any:
        return sorted(map(str, self.labels.each(model, value))) if isinstance(value, list) else value

    def _record(self, model: str, record: Any) -> Any:
        if not isinstance(record, dict):
            return record
        return {name: self._field_value(model, name, value) for name, value in record.items()}

    def _field_value(self, model: str, name: str, value: Any) -> Any:
        described = self.fields.get(model, {}).get(name, {})
        kind, comodel = described.get("type"), described.get("relation")
        if name == "id":
            return self.labels.of(model, value)
        if comodel and isinstance(value, dict):  # the form of web_read
            return self._record(comodel, value)
        if comodel and isinstance(value, list) and value and isinstance(value[0], dict):
            return [self._record(comodel, item) for item in value]
        if is_a(kind, Many2one):
            if comodel == "res.users" and value:
                return "<user>"
            return self.labels.pair(comodel, value) if isinstance(value, list) else self.labels.of(comodel, value)
        if is_a(kind, One2many, Many2many):
            return self.labels.each(comodel, value)
        if name in _CLOCK_FIELDS and isinstance(value, str) and _DATETIME.fullmatch(value):
            return "<datetime>"
        return value

    def _group(self, model: str, group: Any) -> Any:
        if not isinstance(group, dict):
            return group
        return {key: self._group_value(model, key, value) for key, value in group.items()}

    def _group_value(self, model: str, key: str, value: Any) -> Any:
        if key == "__domain" and isinstance(value, list):
            return [self._leaf(model, leaf) for leaf in value]
        comodel = self.fields.get(model, {}).get(key.partition(":")[0], {}).get("relation")
        return self.labels.pair(comodel, value) if comodel else value

    def _leaf(self, model: str, leaf: Any) -> Any:
        if not (isinstance(leaf, list) and len(leaf) == 3 and isinstance(leaf[0], str)):
            return leaf
        described = self.fields.get(model, {}).get(leaf[0], {})
        comodel = model if leaf[0] == "id" else described.get("relation")
        if not comodel:
            return leaf
        operand = leaf[2]
        named = self.labels.each(comodel, operand) if isinstance(operand, list) else self.labels.of(comodel, operand)
        return [leaf[0], leaf[1], named]


def _unchanged(value: Any) -> Any:
    return value


def _type_name(value: Any) -> str:
    return type(value).__name__


def _created(value: Any) -> Any:
    if isinstance(value, list):
        return ["<new>"] * len(value)
    return "<new>" if isinstance(value, int) and not isinstance(value, bool) else value


def _loaded(value: Any) -> Any:
    """Return the answer of `load` with the number of ids in place of the ids."""
    if isinstance(value, dict) and value.get("ids"):
        return {**value, "ids": len(value["ids"])}
    return value


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(item) for key, item in value.items() if key != "id"}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value


def value_at(payload: Any, path: str) -> Any:
    """Return the value at a path such as `a.b.0.c` in a JSON answer, or `<absent>`.

    A part `<keys>` gives the names of an object, `<type>` the Python type.
    """
    value = payload
    for part in path.split(".") if path else ():
        if part == "<keys>":
            value = sorted(value) if isinstance(value, dict) else None
        elif part == "<type>":
            value = type(value).__name__
        elif isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value
