"""What is left of an answer when ids, users and clocks are taken out: the form that the recordings hold.

A record that the scenario made is known by its label, any other by `#?`; ids of ninety million and more
(which no server has, so only a scenario can have sent them) stay numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# {model: {field: {"type": …, "relation": …}}}, as `fields_get` told the recorder
Fields = dict[str, dict[str, dict[str, str]]]

_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_CLOCK_FIELDS = {"create_date", "write_date", "__last_update"}
_RECORDSET = re.compile(r"([a-z_]+(?:\.[a-z_.]+)?)\((\d+(?:, ?\d+)*,?)\)")
_INVENTED_ID = 9 * 10**7


class Labels:
    """Which record has which label, both ways."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._labels: dict[tuple[str, int], str] = {}

    def bind(self, label: str, model: str, record_id: int) -> None:
        """From now on `record_id` of `model` is `label`."""
        self._ids[label] = record_id
        self._labels[model, record_id] = label

    def fill(self, value: Any) -> Any:
        """The value with every `{"$ref": label}` replaced by its id; KeyError for a label that was never bound."""
        if isinstance(value, dict):
            if value.keys() == {"$ref"}:
                return self._ids[value["$ref"]]
            return {key: self.fill(item) for key, item in value.items()}
        return [self.fill(item) for item in value] if isinstance(value, list) else value

    def of(self, model: str | None, value: Any) -> Any:
        """The label of an id; anything that is no id stays as it is."""
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return self._labels.get((model or "", value), f"#{value}" if value > _INVENTED_ID else "#?")

    def each(self, model: str | None, value: Any) -> Any:
        """The labels of a list of ids; anything that is no list stays as it is."""
        return [self.of(model, item) for item in value] if isinstance(value, list) else value

    def pair(self, model: str | None, value: Any) -> Any:
        """`[id, name]` with the label for the id."""
        if isinstance(value, list) and len(value) == 2:
            return [self.of(model, value[0]), value[1]]
        return value

    def scrub(self, text: str) -> str:
        """An error text with labels for the ids of its recordsets, such as `res.partner(first,)`."""

        def labelled(match: re.Match[str]) -> str:
            model = match.group(1)
            ids = re.findall(r"\d+", match.group(2))
            return f"{model}({','.join(str(self.of(model, int(item))) for item in ids)})"

        return re.sub(r"User: \d+", "User: N", _RECORDSET.sub(labelled, text))


class Normaliser:
    """Brings the replies of one scenario into the form of the recording."""

    def __init__(self, fields: Fields, labels: Labels) -> None:
        self.fields = fields
        self.labels = labels

    def reply(self, reply: dict[str, Any], shape: str) -> dict[str, Any]:
        """The outcome of a call: `{"result": …}`, `{"error": {…}}` or `{"fault": {…}}`."""
        if "error" in reply:
            error = reply["error"]
            data = error.get("data") or {}
            text = self.labels.scrub(str(data.get("message") or ""))
            head = {"code": error.get("code"), "message": error.get("message"), "name": data.get("name")}
            return {"error": {**head, "text": text}}
        if "fault" in reply:
            text = reply["fault"]["string"]
            if text.startswith("Traceback"):
                text = [line for line in text.splitlines() if line.strip()][-1]
            return {"fault": {"code": reply["fault"]["code"], "text": self.labels.scrub(text)}}
        if "result" not in reply:  # how JSON-RPC says None
            return {"result": "<no result key>"}
        return {"result": self.result(reply["result"], shape)}

    def result(self, value: Any, shape: str) -> Any:
        """A result of the shape named in the step, such as `ids:res.partner`; other types pass as they are."""
        kind, _, model = shape.partition(":")
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
        special = {"loaded": _loaded, "webrecords": _without_ids, "type": _type_name, "created": _created, "raw": _same}
        return special[kind](value)

    def _id_set(self, model: str, value: Any) -> Any:
        return sorted(map(str, self.labels.each(model, value))) if isinstance(value, list) else value

    def _record(self, model: str, record: Any) -> Any:
        if not isinstance(record, dict):
            return record
        return {name: self._value(model, name, value) for name, value in record.items()}

    def _value(self, model: str, name: str, value: Any) -> Any:
        described = self.fields.get(model, {}).get(name, {})
        kind, comodel = described.get("type"), described.get("relation")
        if name == "id":
            return self.labels.of(model, value)
        if kind == "many2one":
            if comodel == "res.users" and value:
                return "<user>"
            return self.labels.pair(comodel, value) if isinstance(value, list) else self.labels.of(comodel, value)
        if kind in ("one2many", "many2many"):
            return self.labels.each(comodel, value)
        if name in _CLOCK_FIELDS and isinstance(value, str) and _DATETIME.fullmatch(value):
            return "<datetime>"
        return value

    def _group(self, model: str, group: dict[str, Any]) -> dict[str, Any]:
        return {key: self._group_value(model, key, value) for key, value in group.items()}

    def _group_value(self, model: str, key: str, value: Any) -> Any:
        if key == "__domain" and isinstance(value, list):
            return [self._leaf(model, leaf) for leaf in value]
        comodel = self.fields.get(model, {}).get(key.partition(":")[0], {}).get("relation")
        return self.labels.pair(comodel, value) if comodel else value

    def _leaf(self, model: str, leaf: Any) -> Any:
        if not (isinstance(leaf, list) and len(leaf) == 3 and isinstance(leaf[0], str)):
            return leaf
        comodel = self.fields.get(model, {}).get(leaf[0], {}).get("relation")
        if not comodel:
            return leaf
        operand = leaf[2]
        named = self.labels.each(comodel, operand) if isinstance(operand, list) else self.labels.of(comodel, operand)
        return [leaf[0], leaf[1], named]


def _same(value: Any) -> Any:
    return value


def _type_name(value: Any) -> str:
    return type(value).__name__


def _created(value: Any) -> Any:
    if isinstance(value, list):
        return ["<new>"] * len(value)
    return "<new>" if isinstance(value, int) and not isinstance(value, bool) else value


def _loaded(value: Any) -> Any:
    """The answer of `load`, with the number of ids in place of the ids."""
    if isinstance(value, dict) and value.get("ids"):
        return {**value, "ids": len(value["ids"])}
    return value


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(item) for key, item in value.items() if key != "id"}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value


def picked(payload: Any, path: str) -> Any:
    """What stands at `a.b.c` of a JSON answer, or `<absent>`; `<keys>` and `<type>` tell about the value there."""
    value = payload
    for part in path.split("."):
        if part == "<keys>":
            value = sorted(value) if isinstance(value, dict) else None
        elif part == "<type>":
            value = type(value).__name__
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return "<absent>"
    return value
