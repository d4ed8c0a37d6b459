"""Replace the ids in the arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one, Many2oneReference, Reference
from mockserver.orm.schema.model import Model

_COMMANDS_WITH_ID = (1, 2, 3, 4)
_VALUES = ("vals", "vals_list", "values", "default")
_DOMAINS = ("domain", "args")


class IdRewriter:
    """Replaces the ids in arguments, which it finds by the fields of the models of a database; see `id`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def id(self, model: str | None, value: Any) -> Any:
        """Return the replacement of an id; a value that is not an id is returned unchanged."""
        raise NotImplementedError

    def ids(self, model: str | None, value: Any) -> Any:
        """Return the replacement of an id or of each id in a list."""
        return [self.id(model, item) for item in value] if isinstance(value, (list, tuple)) else self.id(model, value)

    # -- arguments

    def arguments(
        self, model: str, names: Sequence[str], takes_ids: bool, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Rewrite the arguments of `execute_kw`; `names` are those of the parameters after the ids."""
        sent = list(args)
        head = [self.ids(model, sent.pop(0))] if takes_ids and sent else []
        known = [*names, *[""] * (len(sent) - len(names))]
        rest = [self._argument(model, name, value) for name, value in zip(known, sent, strict=False)]
        return [*head, *rest], {name: self._argument(model, name, value) for name, value in kwargs.items()}

    def _argument(self, model: str, name: str, value: Any) -> Any:
        described = self.database.registry.get(model)
        if described is None:
            return value
        if name in _VALUES:
            if isinstance(value, (list, tuple)):
                return [self._argument(model, name, item) for item in value]
            return self.values(described, value)
        if name in _DOMAINS and isinstance(value, (list, tuple)):
            return self.domain(described, value)
        if name == "context" and isinstance(value, Mapping):
            return {key: self._context(described, key, item) for key, item in value.items()}
        if name == "ids":
            return self.ids(model, value)
        return value

    def _context(self, model: Model, key: str, value: Any) -> Any:
        if key == "allowed_company_ids":
            return self.ids("res.company", value)
        name = key.removeprefix("default_")
        return self.values(model, {name: value})[name] if name != key else value

    def values(self, model: Model, values: Any) -> Any:
        """Rewrite the values of a create or write."""
        if not isinstance(values, Mapping):
            return values
        return {name: self._field_value(model.fields.get(name), value, values) for name, value in values.items()}

    def _field_value(self, field: Field | None, value: Any, values: Mapping[str, Any]) -> Any:
        if field is None:
            return value
        if isinstance(field, Many2one):
            return self.id(field.relation, value)
        if field.x2many and isinstance(value, (list, tuple)):
            return [self._command(field.relation, item) for item in value]
        if isinstance(field, Reference) and isinstance(value, str):
            model, comma, id_ = value.partition(",")
            return f"{model},{self.id(model, int(id_))}" if comma and id_.isdigit() else value
        if isinstance(field, Many2oneReference):
            return self.id(values.get(field.relation_field or ""), value)
        return value

    def _command(self, comodel: str | None, command: Any) -> Any:
        if not isinstance(command, (list, tuple)) or not command:
            return self.id(comodel, command)
        code, *rest = command
        model = self.database.registry.get(comodel or "")
        if code in _COMMANDS_WITH_ID and rest:
            rest[0] = self.id(comodel, rest[0])
        if code in (0, 1) and len(rest) > 1 and model is not None:
            rest[1] = self.values(model, rest[1])
        if code == 6 and len(rest) > 1:
            rest[1] = self.ids(comodel, rest[1])
        return [code, *rest]

    def domain(self, model: Model, domain: Sequence[Any]) -> list[Any]:
        """Rewrite a domain."""
        leaves = [item for item in domain if isinstance(item, (list, tuple)) and len(item) == 3]
        companions = {leaf[0]: leaf[2] for leaf in leaves if isinstance(leaf[0], str) and leaf[1] == "="}
        return [
            self._leaf(model, item, companions) if isinstance(item, (list, tuple)) and len(item) == 3 else item
            for item in domain
        ]

    def _leaf(self, model: Model, leaf: Sequence[Any], companions: Mapping[str, Any]) -> list[Any]:
        path, operator, operand = leaf
        found, comodel = path_end(self.database, model, path)
        if operator in ("any", "not any") and isinstance(operand, (list, tuple)) and comodel:
            inner = self.database.registry.get(comodel)
            return [path, operator, operand if inner is None else self.domain(inner, operand)]
        if isinstance(found, Many2oneReference):
            comodel = companions.get(found.relation_field or "")
        return [path, operator, self.ids(comodel, operand) if comodel else operand]


def path_end(database: Database, model: Model, path: Any) -> tuple[Field | None, str | None]:
    """Return the last field of a path such as `partner_id.country_id` and the model whose ids it holds, if any."""
    found: Field | None = None
    for name in path.split(".") if isinstance(path, str) else ():
        found = model.fields.get(name)
        if found is None:
            return None, None
        if name == "id":
            return found, model.name
        inner = database.registry.get(found.relation or "")
        if inner is None:
            return found, found.relation
        model = inner
    return found, found.relation if found else None
