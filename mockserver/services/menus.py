"""The menus of a user in the form of the web client.  Source: recorded in web-dataset (17.0); the source of Odoo."""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed, user_groups

_NO_ICON = {"webIcon": None, "webIconData": None, "webIconDataMimetype": None}


def web_menus(env: Environment) -> dict[str, Any]:
    """Return `{"root": menu, id as text: menu}` with the menus that the user may see, each with its children's ids.

    An app without an action of its own has the first one below it.
    """
    every = env.sudo()["ir.ui.menu"].with_context(active_test=True).search([])
    shown = {menu.id: menu for menu in every if _is_shown(env, menu)}
    children: dict[int, list[int]] = {}
    for menu in shown.values():
        children.setdefault(menu.parent_id.id or 0, []).append(menu.id)
    names = every.get_external_id()
    root = {
        "id": "root", "name": "root", "children": children.get(0, []), "appID": False, "xmlid": "", "actionID": False,
        "actionModel": False, **_NO_ICON, "backgroundImage": None,
    }  # fmt: skip
    found: dict[str, Any] = {"root": root}
    pending = [(id_, id_) for id_ in children.get(0, [])]
    while pending:
        id_, app = pending.pop()
        menu = shown[id_]
        action = _action(shown, children, id_) if id_ == app else str(menu.action or "")
        model, _, number = action.partition(",")
        found[str(id_)] = {
            "id": id_, "name": menu.name, "children": children.get(id_, []), "appID": app, "xmlid": names[id_] or "",
            "actionID": int(number) if number else False, "actionModel": model or False,
            **_NO_ICON, "webIcon": menu.web_icon or None, "webIconData": menu.web_icon_data or None,
        }  # fmt: skip
        pending += [(child, app) for child in children.get(id_, [])]
    return found


def _action(shown: dict[int, Any], children: dict[int, list[int]], id_: int | None) -> str:
    """Return the action of a menu, or of the first menu below it that has one; empty if there is none."""
    while id_ is not None:
        if shown[id_].action:
            return str(shown[id_].action)
        id_ = next(iter(children.get(id_, [])), None)
    return ""


def _is_shown(env: Environment, menu: Recordset) -> bool:
    groups = menu.groups_id if "groups_id" in menu._model.fields else menu.group_ids
    if groups and not env.su and user_groups(env).isdisjoint(groups._ids):
        return False
    model, _, number = str(menu.action or "").partition(",")
    if model != "ir.actions.act_window" or not number:
        return True
    opened = env.sudo()[model].browse(int(number)).exists()
    return bool(opened) and (opened.res_model not in env or allowed(env, opened.res_model, "read"))
