"""Actions as the web client loads them.  Source: recorded in web-dataset (17.0); the source of Odoo, addons/web."""

from __future__ import annotations

from typing import Any

from mockserver.errors import MissingError
from mockserver.orm.records.environment import Environment

_FAMILY = "ir.actions."
_UNKNOWN = "The action {action!r} does not exist."
_WINDOW = "ir.actions.act_window"
# what a client is told of an action, by its model, besides what is told of every action
_TOLD_OF_ALL = frozenset(
    {"binding_model_id", "binding_type", "binding_view_types", "display_name", "help", "id", "name", "path", "type",
     "xml_id"}
)  # fmt: skip
_TOLD = {
    _WINDOW: frozenset(
        {"cache", "context", "domain", "embedded_action_ids", "filter", "group_ids", "groups_id", "limit",
         "mobile_view_mode", "res_id", "res_model", "search_view_id", "target", "view_id", "view_mode", "views"}
    ),
    "ir.actions.report": frozenset(
        {"close_on_report_download", "context", "data", "report_name", "report_type", "target"}
    ),
    "ir.actions.server": frozenset({"group_ids", "groups_id", "model_name"}),
}  # fmt: skip


def load(env: Environment, named: Any) -> dict[str, Any] | bool:
    """Return the action with an id or an external id, as the web client runs it; False for an unknown id.

    Raises MissingError for an unknown external id, and in some generations for an unknown id.
    """
    rules = env.db.profile.rules
    try:
        model, id_ = _model_of(env, int(named)), int(named)
    except ValueError:
        found = env.ref(str(named), raise_if_not_found=False)
        if found is None or not found._name.startswith(_FAMILY) or not found.exists():
            raise MissingError(_UNKNOWN.format(action=named)) from None
        model, id_ = found._name, found.id
    if model is None:
        if rules.unknown_action_is_missing:
            raise MissingError(_UNKNOWN.format(action=named))
        return False
    [values] = env.sudo()[model].browse(id_).read()
    return cleaned(env, values, model)


def _model_of(env: Environment, id_: int) -> str | None:
    """Return the model of the action with that id; here each kind of action has ids of its own."""
    kinds = sorted((name for name in env.db.registry if name.startswith(_FAMILY)), key=lambda name: name != _WINDOW)
    return next((name for name in kinds if env.db.store.get(name, id_) is not None), None)


def cleaned(env: Environment, action: dict[str, Any], model: str = "") -> dict[str, Any]:
    """Return an action without the fields that clients do not need, and with its views named one by one."""
    model = model or str(action.get("type"))
    if env.db.profile.rules.actions_told_in_part and model in env:
        told = _TOLD_OF_ALL | _TOLD.get(model, frozenset())
        fields = env.db.registry[model].fields
        action = {name: value for name, value in action.items() if name in told or name not in fields}
    return _with_views(env, action) if model == _WINDOW else action


def _with_views(env: Environment, action: dict[str, Any]) -> dict[str, Any]:
    list_view = env.db.profile.rules.list_view
    modes = [str(mode) for mode in str(action.get("view_mode") or "").split(",") if mode]
    views = action.get("views")
    if not views:
        own = action.get("view_id") or False
        own = own[0] if isinstance(own, (list, tuple)) else own
        views = [[own if len(modes) == 1 else False, mode] for mode in modes]
    named = {list_view: "list"}
    changed = {"views": [[view, named.get(mode, mode)] for view, mode in views]}
    if modes:
        changed["view_mode"] = ",".join(named.get(mode, mode) for mode in modes)  # type: ignore[assignment]
    return {**action, **changed}
