"""Replace ids by labels in the arguments of recorded calls, according to the fields of the models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.orm.fields.base import is_a
from mockserver.orm.fields.relational import Many2many, Many2one, One2many

# {field: {"type", "relation"}} of a model; empty for an unknown one
FieldsOf = Callable[[str], Mapping[str, Mapping[str, str]]]

# methods whose first argument is not ids
_WITHOUT_IDS = frozenset({
    "create", "search", "search_read", "search_count", "name_search", "name_create", "default_get", "fields_get",
    "load", "read_group", "formatted_read_group", "web_search_read", "web_read_group", "check_access_rights",
    "search_fetch", "fields_view_get", "get_view", "get_views", "load_views", "context_get", "get_param", "set_param",
    "has_group", "check_object_reference", "get_object_reference",
})  # fmt: skip


class Labelling:
    """Gives labels to records and puts them in arguments.

    `unnamed` are the records that arguments used and that have no label: `(model, id)`.
    """

    def __init__(self, fields: FieldsOf, labels: Labels) -> None:
        self.fields = fields
        self.labels = labels
        self.unlabelled: set[tuple[str, int]] = set()
        self._numbers: Counter[str] = Counter()

    def label(self, model: str, record_id: int) -> str:
        """Return the label of a record, such as `partner_1`; a new one if it has none."""
        return self.labels.known(model, record_id) or self.new_label(model, record_id)

    def new_label(self, model: str, record_id: int) -> str:
        """Return a new label for a record that was just created; a deleted one may have had the same id."""
        stem = "_".join(model.split(".")[1:] or [model]) or model
        stem = "".join(char if char.isalnum() and char.isascii() else "_" for char in stem)
        self._numbers[stem] += 1
        label = f"{stem}_{self._numbers[stem]}"
        self.labels.bind(label, model, record_id)
        return label

    # -- arguments

    def ids(self, model: str | None, value: Any) -> Any:
        """Return an id, or a list of ids, with `{"$ref": label}` for each that has a label."""
        if isinstance(value, list):
            return [self.ids(model, item) if type(item) is int else item for item in value]
        if type(value) is not int or not model or value <= 0:
            return value
        label = self.labels.known(model, value)
        if label is None:
            self.unlabelled.add((model, value))
            return value
        return {"$ref": label}

    def arguments(
        self, model: str, method: str, args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of `execute_kw` with labels."""
        sent = list(args)
        if sent and method not in _WITHOUT_IDS and _are_ids(sent[0]):
            head = [self.ids(model, sent[0])]
        else:
            head = [self.value(model, sent[0])] if sent else []
        return [*head, *(self.value(model, item) for item in sent[1:])], self.by_name(model, kwargs)

    def by_name(self, model: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return named arguments with labels: keywords, or the body of JSON-2."""
        return {name: self._named_argument(model, name, value) for name, value in values.items()}

    def _named_argument(self, model: str, name: str, value: Any) -> Any:
        if name == "ids":
            return self.ids(model, value)
        if name == "context" and isinstance(value, dict):
            return self._context(model, value)
        if name in self.fields(model) and not isinstance(value, dict):
            return self.field(model, name, value, {})
        return self.value(model, value)

    def value(self, model: str, value: Any) -> Any:
        """Return an argument of unknown kind with labels: values, a list of them, or a domain."""
        if isinstance(value, dict):
            return self.values(model, value)
        if not isinstance(value, list):
            return value
        if any(_is_leaf(item) for item in value):
            return self.domain(model, value)
        return [self.value(model, item) if isinstance(item, dict) else item for item in value]

    def values(self, model: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a create or write, or a context, with labels."""
        return self._context(model, {name: self.field(model, name, value, values) for name, value in values.items()})

    def _context(self, model: str, context: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(context)
        for name, value in context.items():
            if name.startswith("default_"):
                found[name] = self.field(model, name[len("default_") :], value, context)
            elif name in ("active_id", "active_ids"):
                found[name] = self.ids(context.get("active_model") or model, value)
            elif name == "uid":
                found[name] = self.ids("res.users", value)
            elif name == "allowed_company_ids":
                found[name] = self.ids("res.company", value)
        return found

    def field(self, model: str, name: str, value: Any, beside: Mapping[str, Any]) -> Any:
        """Return the written value of a field with labels; `beside` are the other values of the record."""
        described = self.fields(model).get(name, {})
        kind, comodel = described.get("type"), described.get("relation")
        if name == "id":
            return self.ids(model, value)
        if name == "res_id" and not is_a(kind, Many2one):
            return self.ids(beside.get("res_model") or beside.get("model"), value)
        if is_a(kind, Many2one):
            return self.ids(comodel, value)
        if is_a(kind, One2many, Many2many) and comodel:
            if isinstance(value, list):
                return [self._command(comodel, item) for item in value]
            if isinstance(value, dict):  # the form of a REST add-on: ids to push and to pop
                return {key: self.ids(comodel, item) for key, item in value.items()}
        return value

    def _command(self, comodel: str, command: Any) -> Any:
        if not isinstance(command, list) or not command:
            return self.ids(comodel, command)
        code, *rest = command
        if code == 0 or code == 1:
            target = [self.ids(comodel, rest[0])] if code == 1 and rest else rest[:1]
            return [code, *target, *(self.value(comodel, item) for item in rest[1:])]
        return [code, *(self.ids(comodel, item) for item in rest)] if code in (2, 3, 4, 6) else command

    def domain(self, model: str, domain: Any) -> Any:
        """Return a domain with labels, nested domains included."""
        if not isinstance(domain, list):
            return domain
        return [self._leaf(model, item) if _is_leaf(item) else item for item in domain]

    def _leaf(self, model: str, leaf: list[Any]) -> list[Any]:
        target = self._target(model, leaf[0])
        if target is None:
            return leaf
        if leaf[1] in ("any", "not any"):
            return [*leaf[:2], self.domain(target, leaf[2])]
        return [*leaf[:2], self.ids(target, leaf[2])]

    def _target(self, model: str, path: str) -> str | None:
        """Return the model whose ids a path has as values; None for other values."""
        *way, last = path.split(".")
        for name in way if last == "id" else (*way, last):
            found = self.fields(model).get(name, {}).get("relation")
            if not found:
                return None
            model = found
        return model


def _are_ids(value: Any) -> bool:
    return type(value) is int or (isinstance(value, list) and bool(value) and all(type(item) is int for item in value))


def _is_leaf(item: Any) -> bool:
    return isinstance(item, list) and len(item) == 3 and isinstance(item[0], str) and isinstance(item[1], str)
