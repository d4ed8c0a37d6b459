"""Views of a model, and the actions that open its records.

Views are made from the fields.  An `ir.ui.view` record's own `arch` is used where one is asked for, or is the model's
first of that type.
Differs: the real server's views come from its modules, and views that extend others are applied there.
Source: versions.md §6.2; Odoo's source of 13.0 and 19.0; recorded in web-dataset (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api
from mockserver.orm.schema.model import MAGIC_FIELDS

_FORM_ONLY = "action_form_only"
# the kinds of actions that can be bound to a model; each is a list in a view's toolbar
_BOUND = ("ir.actions.act_window", "ir.actions.server", "ir.actions.report")
# what a view tells of its fields
_ATTRIBUTES = (
    "change_default", "context", "currency_field", "default_export_compatible", "definition_record",
    "definition_record_field", "digits", "domain", "aggregator", "group_operator", "groups", "groupable", "help",
    "model_field", "name", "readonly", "related", "relation", "relation_field", "required", "searchable", "selection",
    "size", "sortable", "store", "string", "translate", "trim", "type",
)  # fmt: skip


class _View:
    """One view of a model: `arch`, the id of its record or False, its name, and the fields that it shows."""

    def __init__(self, records: Recordset, view_id: Any, kind: str) -> None:
        self.records, self.kind = records, kind
        row = self._stored(view_id)
        self.id = row["id"] if row else False
        self.name = row["name"] if row else "default"
        self.model = row["model"] if row else records._name
        shown = self._shown()
        if row:
            self.kind, self.arch = row["type"], row["arch"]
        elif shown is None:
            raise UserError(records.env.db.profile.rules.no_default_view.format(type=kind))
        else:
            self.arch = self._made(shown)
        self.fields = list(records._model.fields) if shown is None or kind in ("search", "pivot", "graph") else shown

    def _stored(self, view_id: Any) -> dict[str, Any] | None:
        env = self.records.env.sudo()
        if "ir.ui.view" not in env or "arch" not in env.db.registry["ir.ui.view"].fields:
            return None
        views = env["ir.ui.view"]
        if view_id:
            return next(iter(views.browse(view_id).read(["name", "model", "type", "arch"])), None)
        domain = [("model", "=", self.records._name), ("type", "=", self.kind), ("mode", "=", "primary")]
        found: list[dict[str, Any]] = views.search_read(domain, ["name", "model", "type", "arch"], 0, 1, "priority, id")
        return found[0] if found and found[0]["arch"] else None

    def _shown(self) -> list[str] | None:
        """Return the names of the fields in a view of the kind; None for a kind that cannot be made."""
        model = self.records._model
        named = [model.label_field] if model.label_field in model.fields else ["id"]
        if self.kind == "form":
            return [name for name in model.fields if name not in MAGIC_FIELDS and name != "display_name"]
        if self.kind == "calendar":
            dated = [field.name for field in model.fields.values() if field.dated and field.name not in MAGIC_FIELDS]
            return [*dated[:1], *named] if dated else None
        known = ("search", "kanban", "pivot", "graph", self.records.env.db.profile.rules.list_view)
        return [str(name) for name in named] if self.kind in known else None

    def _made(self, shown: list[str]) -> str:
        title = f"string={quoteattr(self.records._model.description or self.records._name)}"
        fields = "".join(f"<field name={quoteattr(name)}/>" for name in shown)
        if self.kind == "form":
            return f"<form {title}><sheet {title}><group>{fields}</group></sheet></form>"
        if self.kind == "kanban":
            return f'<kanban {title}><templates><t t-name="kanban-box">{fields}</t></templates></kanban>'
        if self.kind == "calendar":
            return f"<calendar {title} date_start={quoteattr(shown[0])}>{fields}</calendar>"
        return f"<{self.kind} {title}>{fields}</{self.kind}>"

    def toolbar(self) -> dict[str, list[dict[str, Any]]]:
        """Return the actions that are bound to the model, by kind; until 15 also the kinds without any."""
        rules, env = self.records.env.db.profile.rules, self.records.env.sudo()
        bars: dict[str, list[dict[str, Any]]] = {"print": [], "action": []}
        for kind in _BOUND if "ir.model" in env else ():
            for row in env[kind].search_read([("binding_model_id.model", "=", self.records._name)], [], 0, None, "id"):
                kinds = row.get("binding_view_types", "list,form").replace("tree", "list").split(",")
                only_form = row["binding_type"] == _FORM_ONLY
                if self.kind.replace("tree", "list") in (["form"] if only_form else kinds):
                    bars["print" if row["binding_type"] == "report" else "action"].append(row)
        if rules.views_have_fields:
            return {**bars, "relate": []}
        return {kind: rows for kind, rows in bars.items() if rows}


class Views(Recordset):
    """Views of a model, and the actions that open its records."""

    __slots__ = ()
    _declared_by = "Base"  # the class that errors of Python name

    @api.model(until=16)
    def fields_view_get(
        self, view_id: Any = None, view_type: str = "form", toolbar: bool = False, submenu: bool = False
    ) -> dict[str, Any]:
        """Return a view with its fields: `{"arch", "fields", "model", "name", "type", "view_id", "toolbar", …}`."""
        view = _View(self, view_id, view_type)
        rules = self.env.db.profile.rules
        fields = self.call("fields_get", view.fields)
        for described in fields.values():
            if described["type"] in ("one2many", "many2many"):
                described["views"] = {}
            if rules.view_fields_have_ids:
                described |= {"id": None, "select": None}
        found = {
            "model": self._name,
            "field_parent": False,
            "arch": view.arch,
            "name": view.name,
            "type": view.kind,
            **({"view_id": view.id, "base_model": view.model} if view.id else {}),
            "fields": fields,
        }
        return {**found, "toolbar": view.toolbar()} if toolbar else found

    @api.model(until=16)
    def load_views(self, views: Sequence[Sequence[Any]], options: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return `{"fields_views": {type: as of fields_view_get}, "fields": as of fields_get, "filters": list}`."""
        options = options or {}
        found: dict[str, Any] = {"fields_views": {}}
        for view_id, kind in views:
            with_toolbar = bool(options.get("toolbar")) and kind != "search"
            given = "tree" if kind == "list" else kind
            found["fields_views"][kind] = self.fields_view_get(view_id, given, with_toolbar)
        found["fields"] = self.call("fields_get")
        return {**found, "filters": self._filters()} if options.get("load_filters") else found

    def _filters(self) -> list[dict[str, Any]]:
        """Return the filters that users stored for the model."""
        env = self.env.sudo()
        filters = env["ir.filters"]
        owner = "user_ids" if "user_ids" in filters else "user_id"
        domain = [("model_id", "=", self._name), (owner, "in", [self.env.uid, False])]
        found: list[dict[str, Any]] = filters.search_read(
            domain, ["name", "is_default", "domain", "context", owner, "sort"]
        )
        return found

    @api.model(since=16)
    def get_view(self, view_id: Any = None, view_type: str = "form", **options: Any) -> dict[str, Any]:
        """Return a view: `{"arch", "id", "model", "models": {model: names of fields}}`."""
        view = _View(self, view_id, view_type)
        return {"arch": view.arch, "id": view.id, "model": self._name, "models": {self._name: view.fields}}

    @api.model(since=16)
    def get_views(self, views: Sequence[Sequence[Any]], options: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return `{"views": {type: {"arch", "id", "model", "toolbar", "filters"}}, "models": {model: fields}}`."""
        options, rules = options or {}, self.env.db.profile.rules
        found: dict[str, Any] = {}
        names: dict[str, None] = {}
        for view_id, kind in views:
            view = _View(self, view_id, rules.list_view if kind in ("list", "tree") else kind)
            found[kind] = {"arch": view.arch, "id": view.id, "model": self._name}
            names.update(dict.fromkeys(view.fields))
            if options.get("toolbar"):
                found[kind]["toolbar"] = view.toolbar() if kind != "search" else {}
            if kind == "search" and options.get("load_filters"):
                found[kind]["filters"] = self._filters()
        fields = self.call("fields_get", [*names, "id", "write_date"], _ATTRIBUTES)
        return {"views": found, "models": {self._name: {"fields": fields} if rules.view_models_nest else fields}}

    def get_formview_id(self, access_uid: int | None = None) -> Any:
        """Return the id of the form that shows the records; False for the default one."""
        return False

    def get_formview_action(self, access_uid: int | None = None) -> dict[str, Any]:
        """Return the action that opens the record in a form."""
        modes = self.env.db.profile.rules.form_action_modes
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            **dict.fromkeys(modes, "form"),
            "views": [[self.call("get_formview_id", access_uid), "form"]],
            "target": "current",
            "res_id": self.id,
            "context": dict(self.env.context),
        }

    @api.versions(until=15)
    def get_access_action(self, access_uid: int | None = None) -> dict[str, Any]:
        """Return the action that opens the record for a user outside the company."""
        return self.get_formview_action(access_uid)

    @api.model(until=16, name="get_empty_list_help")
    def get_empty_list_help_11(self, help: str) -> str:  # the real server's name
        """Return the text of an empty list."""
        return help

    @api.model(since=17)
    def get_empty_list_help(self, help_message: str) -> str:
        """Return the text of an empty list."""
        return help_message
