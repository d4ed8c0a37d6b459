"""ir.ui.menu: names with those of the menus above, and the menus of a user in the forms of the web client.

Source: recorded in web-dataset (17.0); the source of Odoo.
Inferred: the form of `load_menus`.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed, user_groups

_NO_ICON = {"webIcon": None, "webIconData": None, "webIconDataMimetype": None}
_ROOT = {"id": False, "name": "root", "parent_id": [-1, ""]}
_READ = ["name", "sequence", "parent_id", "action", "web_icon", "web_icon_data"]
# menus above a menu that its name tells
_LEVELS = 6


class Menu(models.Model):
    _inherit = "ir.ui.menu"

    def _compute_complete_name(self) -> None:
        for menu in self:
            menu.complete_name = _full_name(menu)

    def _compute_display_name(self) -> None:
        for menu in self:
            menu.display_name = _full_name(menu)

    @api.model(since=15)
    def load_menus(self, debug: Any) -> dict[Any, Any]:
        """Return `{"root": menu, id: menu}` with the menus that the user may see, each with its children's ids."""
        shown, children = _shown_menus(self.env)
        found: dict[Any, Any] = {"root": {**_ROOT, "children": children.get(0, [])}}
        apps = {id_: app for app in children.get(0, []) for id_ in _below(children, app)}
        for values in _described(self, shown):
            id_ = values["id"]
            if id_ in apps:
                found[id_] = {**values, "app_id": apps[id_], "children": children.get(id_, [])}
        return found

    @api.model(until=14, name="load_menus")
    def load_menus_14(self, debug: Any) -> dict[str, Any]:
        """Return the menus that the user may see as a tree, with the ids of all."""
        shown, children = _shown_menus(self.env)
        described = {values["id"]: values for values in _described(self, shown)}

        def branch(id_: int) -> dict[str, Any]:
            return {**described[id_], "children": [branch(child) for child in children.get(id_, [])]}

        roots = children.get(0, [])
        reached = [id_ for root in roots for id_ in _below(children, root)]
        return {**_ROOT, "children": [branch(root) for root in roots], "all_menu_ids": reached}

    @api.model(since=15)
    def load_web_menus(self, debug: Any) -> dict[str, Any]:
        """Return the menus as `/web/webclient/load_menus` answers them."""
        return web_menus(self.env)


def _full_name(menu: Recordset, level: int = _LEVELS) -> str:
    if level <= 0:
        return "..."
    above = f"{_full_name(menu.parent_id, level - 1)}/" if menu.parent_id else ""
    return f"{above}{menu.name or ''}"


def _described(menus: Recordset, shown: dict[int, Any]) -> list[dict[str, Any]]:
    records = menus.sudo().browse(list(shown))
    names = records.get_external_id()
    return [{**values, "xmlid": names[values["id"]] or ""} for values in records.read(_READ)]


def _below(children: dict[int, list[int]], id_: int) -> list[int]:
    """Return the id of a menu and those of all menus below it."""
    return [id_, *(one for child in children.get(id_, []) for one in _below(children, child))]


def _shown_menus(env: Environment) -> tuple[dict[int, Any], dict[int, list[int]]]:
    """Return the menus that the user may see, by id, and the ids of the children of each; those at the top are of 0."""
    every = env.sudo()["ir.ui.menu"].with_context(active_test=True).search([])
    shown = {menu.id: menu for menu in every if _is_shown(env, menu)}
    children: dict[int, list[int]] = {}
    for menu in shown.values():
        children.setdefault(menu.parent_id.id or 0, []).append(menu.id)
    return shown, children


def web_menus(env: Environment) -> dict[str, Any]:
    """Return `{"root": menu, id as text: menu}` with the menus that the user may see, each with its children's ids.

    An app without an action of its own has the first one below it.
    """
    shown, children = _shown_menus(env)
    names = env.sudo()["ir.ui.menu"].browse(list(shown)).get_external_id()
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
