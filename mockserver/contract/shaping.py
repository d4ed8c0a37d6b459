"""Results by their shape, with labels in place of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.paths import ABSENT
from mockserver.contract.plain_shapes import PLAIN, attributes
from mockserver.contract.steps import NO_MASKS, Fields, Masks
from mockserver.contract.structure import types
from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import Many2many, Many2one, One2many

USERS = "res.users"
_DATETIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_CLOCK_FIELDS = {"create_date", "write_date", "__last_update"}
_AGGREGATED_IDS = (":array_agg", ":array_agg_distinct", ":recordset", ":min", ":max")
_ACTION = ("type", "name", "res_model", "view_mode", "target", "tag", "url", "report_name", "report_type")

# shapes of results → whether the shape names a model, as in `ids:res.partner`
SHAPES: Mapping[str, bool] = {
    **dict.fromkeys(("id", "ids", "idset", "name", "names", "record", "records", "groups", "groupsets", "web"), True),
    "fieldkeys": True,  # it names attributes of fields
    **dict.fromkeys((*PLAIN, "types", "action"), False),
}


class Shaper:
    """Shapes the results of one step, whose masks name more ids than `fields`."""

    # whether the leaves on `id` in domains that come back have labels
    labels_id_leaves = True

    def __init__(self, fields: Fields, labels: Labels, masks: Masks = NO_MASKS) -> None:
        self.fields = fields
        self.labels = labels
        self.masks = masks

    def result(self, value: Any, shape: str) -> Any:
        """Return a result of a shape such as `ids:res.partner`; a value of another type is unchanged."""
        kind, _, model = shape.partition(":")
        if kind in PLAIN:
            return PLAIN[kind](value)
        if kind == "types":
            return types(value, self.fields.get(model))
        if kind == "fieldkeys":
            return attributes(model, value)
        of_model: dict[str, Callable[[str, Any], Any]] = {
            "id": self.labels.of,
            "ids": self.labels.each,
            "idset": self._id_set,
            "name": self.labels.pair,
            "names": _each(self.labels.pair),
            "record": self._record,
            "records": _each(self._record),
            "groups": self._groups,
            "groupsets": _each(self._groups),
            "web": self._web,
            "action": self._action,
        }
        return of_model[kind](model, value)

    def _id_set(self, model: str, value: Any) -> Any:
        return sorted(map(str, self.labels.each(model, value))) if isinstance(value, list) else value

    def _comodel(self, model: str, name: str) -> str | None:
        return self.fields.get(model, {}).get(name, {}).get("relation")

    # -- records

    def _record(self, model: str, record: Any) -> Any:
        if not isinstance(record, dict):
            return record
        return {name: self._field_value(model, name, value) for name, value in record.items()}

    def _field_value(self, model: str, name: str, value: Any) -> Any:
        if name == "id":
            return self.labels.of(model, value)
        described = self.fields.get(model, {}).get(name, {})
        kind, comodel = described.get("type"), described.get("relation")
        if is_a(kind, Many2one):
            if comodel == USERS and value:
                return self.user(value[0] if isinstance(value, list) else value)
            return self.labels.pair(comodel, value) if isinstance(value, list) else self.labels.of(comodel, value)
        if is_a(kind, One2many, Many2many):
            return self.labels.commands(comodel, value)
        return _without_clock(name, value)

    def user(self, record_id: Any) -> str:
        """Return what stands for the user that a field refers to; who calls depends on the server."""
        return "<user>"

    def _web(self, model: str, value: Any) -> Any:
        """Return nested records, as `web_read`, `web_search_read` and `web_read_group` give them."""
        if isinstance(value, list):
            return [self._web(model, item) for item in value]
        if not isinstance(value, dict):
            return self.labels.of(model, value)
        if "length" in value and "records" in value:
            return {**value, "records": self._web(model, value["records"])}
        if "length" in value and "groups" in value:
            return {**value, "groups": self._groups(model, value["groups"])}
        return {name: self._web_value(model, name, item) for name, item in value.items()}

    def _web_value(self, model: str, name: str, value: Any) -> Any:
        if name == "id":
            return self.labels.of(model, value)
        comodel = self._comodel(model, name)
        if not comodel:
            return _without_clock(name, value)
        pair = isinstance(value, list) and len(value) == 2 and isinstance(value[1], str)
        return self.labels.pair(comodel, value) if pair else self._web(comodel, value)

    # -- groups and domains

    def _groups(self, model: str, groups: Any) -> Any:
        return _each(self._group)(model, groups)

    def _group(self, model: str, group: Any) -> Any:
        if not isinstance(group, dict):
            return group
        return {key: self.group_value(model, key, value) for key, value in group.items()}

    def group_value(self, model: str, key: str, value: Any) -> Any:
        """Return one value of a group."""
        if key in ("__domain", "__extra_domain") and isinstance(value, list):
            return self._domain(model, value)
        if key == "__records" and isinstance(value, list):
            return self._web(model, value)
        comodel = self._comodel(model, key.partition(":")[0])
        if key.endswith(_AGGREGATED_IDS) and (comodel or key.startswith("id:")):
            return self.labels.each_or_one(comodel or model, value)
        return self.labels.pair(comodel, value) if comodel else value

    def _domain(self, model: str, domain: list[Any]) -> list[Any]:
        return [self._leaf(model, leaf) for leaf in domain]

    def _leaf(self, model: str, leaf: Any) -> Any:
        if not (isinstance(leaf, list) and len(leaf) == 3 and isinstance(leaf[0], str)):
            return leaf
        field, operator, operand = leaf
        own = model if field == "id" and self.labels_id_leaves else None
        comodel = own or self.masks.ids.get(field) or self._comodel(model, field)
        return [field, operator, self.labels.each_or_one(comodel, operand)] if comodel else leaf

    # -- actions

    def _action(self, wanted: str, action: Any) -> Any:
        """Return what a client needs to follow an action; `wanted`: `domain`, `res_id` to have those in any case."""
        if not isinstance(action, dict):
            return action
        model, more = action.get("res_model"), wanted.split(",")
        found = {key: action[key] for key in _ACTION if key in action}
        if action.get("res_id") or ("res_id" in action and "res_id" in more):
            found["res_id"] = self.labels.of(model, action["res_id"])
        if isinstance(action.get("params"), dict) and "message" in action["params"]:
            found["message"] = action["params"]["message"]
        if "domain" in action and "domain" in more:
            domain = action["domain"]
            found["domain"] = self._domain(model or "", domain) if isinstance(domain, list) else domain
        if self.masks.context:
            found["context"] = self._context(action.get("context"))
        return found

    def _context(self, context: Any) -> Any:
        """Return those keys of an action's context that the step names."""
        if not isinstance(context, dict):
            return "<text>" if isinstance(context, str) else context
        return {
            key: self._ids_or_commands(model, context.get(key, ABSENT)) for key, model in self.masks.context.items()
        }

    def _ids_or_commands(self, model: str | None, value: Any) -> Any:
        if not model:
            return value
        return self.labels.commands(model, value) if isinstance(value, list) else self.labels.of(model, value)


def _each(one: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """Return the shape of a list, from that of an item."""
    return lambda model, value: [one(model, item) for item in value] if isinstance(value, list) else value


def _without_clock(name: str, value: Any) -> Any:
    """Return `<datetime>` for the time at which a record was created or written."""
    if name in _CLOCK_FIELDS and isinstance(value, str) and _DATETIME.fullmatch(value):
        return "<datetime>"
    return value
