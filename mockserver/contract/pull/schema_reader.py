"""Read the schema of a server's models from `fields_get`, `ir.model` and `default_get`."""

from __future__ import annotations

import ast
import difflib
import fnmatch
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mockserver.contract.pull.source import Ask, PullError, or_none
from mockserver.contract.secrets import is_secret_field, is_secret_model
from mockserver.orm.fields.base import TYPES, Field, Selection, is_a
from mockserver.orm.fields.numbers import Float
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Reference
from mockserver.orm.fields.texts import Char
from mockserver.orm.schema.model import LOG_FIELDS

Attributes = dict[str, Any]

# the ORM writes these from the models
GENERATED = ("ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.data", "ir.model.constraint",
             "ir.model.relation", "ir.model.inherit")  # fmt: skip
COMMON = (*LOG_FIELDS, "id", "display_name", "__last_update")
ALL_ROWS = {"active_test": False}
# prefixes of fields that a server generates from the ids of its groups
_GROUP_FIELDS = ("in_group_", "sel_groups_")
# attribute → its default
_DEFAULT_ATTRIBUTES: Mapping[str, Any] = {
    "required": False, "readonly": False, "store": True, "searchable": True, "sortable": True, "translate": False,
    "company_dependent": False, "selection": None, "size": None, "digits": None, "relation": None,
    "relation_field": None, "related": None, "depends": [], "currency_field": None, "definition_record": None,
    "groups": None, "help": None, "domain": None, "context": None,
}  # fmt: skip
# the types that an attribute applies to, if not to all
_APPLIES_TO: Mapping[str, tuple[type[Field], ...]] = {
    "selection": (Selection, Reference), "size": (Char,), "digits": (Float,), "relation_field": (One2many,),
    "domain": (One2many, Many2many), "context": (One2many, Many2many), "translate": (Char,),
    "relation": (Many2one, One2many, Many2many),
}  # fmt: skip
_COLUMN_KEYS = ("on_delete", "relation_table", "column1", "column2")


@dataclass
class ModelSchema:
    """The schema of one model on its server."""

    name: str
    about: Mapping[str, Any]  # its row in ir.model: name, order, modules, transient
    fields: dict[str, Attributes]  # in the form of a fixture
    defaults: dict[str, Any] = field(default_factory=dict)  # as returned by `default_get`
    inherits: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)  # fields of types that are unknown here

    def delegated(self, name: str) -> bool:
        """Return whether a field is delegated to a parent model."""
        return any(self.fields[name].get("related") == f"{link}.{name}" for link in self.inherits.values())


def matching_models(patterns: Iterable[str], listed: Mapping[str, Any] | None) -> list[str]:
    """Return the names of models that match patterns; raises `PullError` for a pattern without a match.

    `listed`: the models of the server, None if the user may not read them.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        if listed is None and any(sign in pattern for sign in "*?["):
            raise PullError(f"{pattern!r}: this user may not read ir.model, so models must be named one by one")
        names = [pattern] if listed is None else fnmatch.filter(sorted(listed), pattern)
        if not names and listed is not None:
            near = difflib.get_close_matches(pattern.replace("*", ""), listed, n=3, cutoff=0.4)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise PullError(f"no model of the server is called {pattern!r}{hint}")
        allowed = [name for name in names if name not in GENERATED and not is_secret_model(name)]
        if not allowed:
            why = "holds secrets" if is_secret_model(names[0]) else "is written from the models themselves"
            raise PullError(f"{names[0]} cannot be pulled: it {why}")
        found |= dict.fromkeys(allowed)
    return list(found)


def list_models(ask: Ask) -> dict[str, Any] | None:
    """Return model → its row in ir.model; None if the user may not read it."""
    known = or_none(lambda: ask("ir.model", "fields_get", [], {"attributes": ["type"]}))
    wanted = [name for name in ("model", "name", "transient", "abstract", "order", "modules") if name in (known or ())]
    rows = known and or_none(lambda: ask("ir.model", "search_read", [[]], {"fields": wanted, "order": "id"}))
    return {row["model"]: row for row in rows} if rows else None


def read_fields(ask: Ask, name: str) -> dict[str, Attributes] | None:
    """Return field → attributes in the form of a fixture, with those from `ir.model.fields`; None for an unknown model.

    A field of an unknown type has `{"unknown": type}` alone.
    """
    answer = or_none(lambda: ask(name, "fields_get", [], {}))
    if not isinstance(answer, dict) or not answer:
        return None
    columns = _columns(ask, name)
    return {
        field: attributes(given, columns.get(field, {}))
        for field, given in answer.items()
        if not field.startswith(_GROUP_FIELDS)
    }


def _columns(ask: Ask, name: str) -> dict[str, Mapping[str, Any]]:
    known = or_none(lambda: ask("ir.model.fields", "fields_get", [], {"attributes": ["type"]})) or ()
    wanted = ["name", *(key for key in ("copied", "copy", *_COLUMN_KEYS) if key in known)]
    domain = [("model", "=", name)]
    rows = known and or_none(lambda: ask("ir.model.fields", "search_read", [domain], {"fields": wanted, "order": "id"}))
    return {row["name"]: row for row in rows or ()}


def attributes(answer: Mapping[str, Any], column: Mapping[str, Any]) -> Attributes:
    """Return the attributes of a field from `fields_get` and its row in `ir.model.fields`, without defaults."""
    kind = answer["type"]
    if kind not in TYPES:
        return {"unknown": kind}
    found: Attributes = {"type": kind, "string": answer.get("string", "")}
    for key, default in _DEFAULT_ATTRIBUTES.items():
        value = _normalised(key, answer.get(key, default))
        if value != default and (value or default) and is_a(kind, *_APPLIES_TO.get(key, (Field,))):
            found[key] = value
    if is_a(kind, One2many) and "relation_field" not in found:
        found["store"] = False
    if is_a(kind, Selection):
        found.setdefault("selection", [])
    copied = column.get("copied", column.get("copy"))
    if copied is not None and bool(copied) == is_a(kind, One2many):
        found["copy"] = bool(copied)
    if is_a(kind, Many2one) and column.get("on_delete") in ("cascade", "restrict"):
        found["ondelete"] = column["on_delete"]
    if is_a(kind, Many2many) and column.get("relation_table"):
        found["relation_table"] = column["relation_table"]
        found["relation_column"] = column.get("column2") or None
    return {key: value for key, value in found.items() if value is not None}


def _normalised(key: str, value: Any) -> Any:
    """Return an attribute in the form of a fixture; versions of Odoo have different forms."""
    if key == "related" and isinstance(value, (list, tuple)):
        return ".".join(value)
    if key in ("domain", "context") and isinstance(value, str):
        try:
            value = ast.literal_eval(value)  # a text with variables cannot be evaluated
        except (ValueError, SyntaxError):
            return None
    if key == "selection" and isinstance(value, (list, tuple)):
        return [[choice, label] for choice, label in value]
    if key == "digits" and not isinstance(value, (list, tuple)):
        return None
    if key == "company_dependent":
        return bool(value)
    return list(value) if isinstance(value, tuple) else value


def read_model(ask: Ask, name: str, about: Mapping[str, Any], parents: Callable[[str], Collection[str]]) -> ModelSchema:
    """Read a model and its defaults; `parents` returns the fields of a model.  Raises `PullError` if it is unknown."""
    fields = read_fields(ask, name)
    if fields is None:
        raise PullError(f"the server has no model {name!r}, or this user may not see it")
    unknown = [field for field, given in fields.items() if "unknown" in given]
    schema = ModelSchema(name, about, {f: given for f, given in fields.items() if f not in unknown})
    schema.left_out = [f"{field} ({fields[field]['unknown']})" for field in unknown]
    schema.inherits = dict(_find_parents(schema.fields, parents))
    wanted = sorted(f for f, given in schema.fields.items() if f not in COMMON and not is_secret_field(f, given))
    schema.defaults = or_none(lambda: ask(name, "default_get", [wanted], {})) or {}
    return schema


def _find_parents(
    fields: Mapping[str, Attributes], known: Callable[[str], Collection[str]]
) -> Iterable[tuple[str, str]]:
    """Yield (comodel, many2one) for delegations: required links with a related field for each field of the comodel."""
    for name, given in fields.items():
        if is_a(given["type"], Many2one) and given.get("required"):
            through = {f for f, other in fields.items() if other.get("related") == f"{name}.{f}"}
            if through and set(known(given["relation"])) - set(COMMON) <= fields.keys():
                yield given["relation"], name


def order_of(ask: Ask, name: str, fields: Mapping[str, Attributes], limit: int = 80) -> str | None:
    """Determine the default order of a model by trying common orders, for servers whose ir.model lacks it."""
    context = {"context": ALL_ROWS}
    default = or_none(lambda: ask(name, "search", [[]], {"limit": limit, **context}))
    if not default or len(default) < 2 or default == sorted(default):
        return None
    stored = {f for f, given in fields.items() if given.get("store", True)}
    tries = [order for order in _ORDERS if all(part.split()[0] in stored for part in order.split(", "))]
    same = (
        o
        for o in tries
        if or_none(partial(ask, name, "search", [[]], {"limit": limit, "order": o, **context})) == default
    )
    return next(same, None)


_ORDERS = (
    "id desc", "name", "name, id", "name desc, id desc", "sequence", "sequence, id", "sequence, name",
    "sequence, name, id", "date desc, id desc", "date desc", "date_order desc, id desc", "create_date desc, id desc",
    "priority desc, id desc", "code", "code, name", "x_name",
)  # fmt: skip
