"""res.config.settings: a form of fields that switch groups, parameters and modules on and off.

The name of a field says what it does: `group_x` gives the group `x` to all employees, `module_x` installs a module,
`default_x` is the default of the field `x` of a model.  Fields of companies are related.
Source: 17.0; recorded in misc-config (17.0).
Inferred: the groups, parameters and defaults behind the fields of business modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.ir_config_parameter import parameter
from mockserver.addons.base.res_groups import is_admin
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Environment, Recordset

_GROUP, _MODULE, _DEFAULT = "group_", "module_", "default_"
# groups whose names differ from those of their fields
_GROUPS = {
    "group_sale_delivery_address": "group_delivery_invoice_address",
    "group_show_purchase_receipts": "group_purchase_receipts",
    "group_show_sale_receipts": "group_sale_receipts",
    "group_stock_adv_location": "group_adv_location",
    "group_stock_production_lot": "group_production_lot",
    "group_stock_reception_report": "group_reception_report",
    "group_stock_tracking_lot": "group_tracking_lot",
    "group_stock_tracking_owner": "group_tracking_owner",
}
# the field → the model whose default it is
_DEFAULTS = {
    "default_invoice_policy": "product.template",
    "default_picking_policy": "sale.order",
    "default_purchase_method": "product.template",
}
# the field → the parameter that holds its value
_PARAMETERS = {
    "user_default_rights": "base_setup.default_user_rights",
    "external_email_server_default": "base_setup.default_external_email_server",
    "show_effect": "base_setup.show_effect",
    "profiling_enabled_until": "base.profiling_enabled_until",
    "automatic_invoice": "sale.automatic_invoice",
    "product_volume_volume_in_cubic_feet": "product.volume_in_cubic_feet",
    "product_weight_in_lbs": "product.weight_in_lbs",
    "use_invoice_terms": "account.use_invoice_terms",
    "use_po_lead": "purchase_stock.use_po_lead",
    "use_security_lead": "sale_stock.use_security_lead",
}
_RELOAD = {"type": "ir.actions.client", "tag": "reload"}


def _group(env: Environment, name: str) -> Recordset:
    """Return the group that a field gives.  Inferred: it is the one whose external id has the field's name."""
    rows = env.db.store.rows("ir.model.data")
    found = [rows[id_] for id_ in env.db.store.having("ir.model.data", "name", (_GROUPS.get(name, name),))]
    ids = [row["res_id"] for row in found if row["model"] == "res.groups"]
    return env.sudo()["res.groups"].browse(ids[:1])


def _employees(env: Environment) -> Recordset:
    group = env.sudo().ref("base.group_user")
    assert group is not None
    return group


def _give(group: Recordset) -> None:
    _employees(group.env).write({"implied_ids": [(4, id_, 0) for id_ in group.ids]})


def _take(group: Recordset) -> None:
    """Take a group from all employees but those who have it by another of their groups."""
    employees = _employees(group.env)
    employees.write({"implied_ids": [(3, id_, 0) for id_ in group.ids]})
    if group and "groups_id" in group.env["res.users"]:
        users = group.env.sudo()["res.users"].with_context(active_test=False).search([("groups_id", "in", group.ids)])
        users = users.filtered(lambda user: employees in user.groups_id)
        users = users.filtered(lambda user: group not in (user.groups_id - group).trans_implied_ids)
        users.write({"groups_id": [(3, group.id, 0)]})


def _module(env: Environment, name: str) -> Recordset:
    known = env.sudo()["ir.module.module"]
    return known.search([("name", "=", name.removeprefix(_MODULE))], limit=1)


def _current(settings: Recordset, names: Iterable[str]) -> dict[str, Any]:
    """Return the present state of fields that stand for one; KeyError for an unknown field."""
    env, found = settings.env, {}
    for name in names:
        settings._model.fields[name]
        if name.startswith(_GROUP):
            found[name] = bool(set(_group(env, name).ids) & set(_employees(env).implied_ids.ids))
        elif name.startswith(_MODULE):
            found[name] = _module(env, name).state in ("installed", "to install", "to upgrade")
        elif name in _PARAMETERS:
            value = parameter(env, _PARAMETERS[name])
            found[name] = bool(value) if settings._model.fields[name].type == "boolean" else value
        elif name in _DEFAULTS:
            found[name] = env[_DEFAULTS[name]].default_get([field := name.removeprefix(_DEFAULT)]).get(field, False)
    return found


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def _compute_company_count(self) -> None:
        for record in self:
            record.company_count = self.env.sudo()["res.company"].search_count([])

    def _compute_active_user_count(self) -> None:
        for record in self:
            record.active_user_count = self.env.sudo()["res.users"].search_count([("share", "=", False)])

    def _compute_language_count(self) -> None:
        for record in self:
            record.language_count = self.env.sudo()["res.lang"].search_count([])

    def _compute_is_root_company(self) -> None:
        for record in self:
            record.is_root_company = not record.company_id.parent_id

    @api.model
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """Return the present settings; raises KeyError for an unknown field."""
        wanted = fields if self.env.db.profile.rules.settings_asked_only else self._model.fields
        return super().default_get(fields) | _current(self, wanted)

    def set_values(self) -> None:
        """Apply the groups and parameters that differ from the present ones."""
        env, present = self.env, _current(self, self._model.fields)
        for name in present:
            if name.startswith(_GROUP) and self[name] != present[name]:
                (_give if self[name] else _take)(_group(env, name))
            elif name in _PARAMETERS:
                env.sudo()["ir.config_parameter"].set_param(_PARAMETERS[name], self[name])
            elif name in _DEFAULTS and self[name] != present[name]:
                env.sudo()["ir.default"].set(_DEFAULTS[name], name.removeprefix(_DEFAULT), self[name])

    def execute(self) -> Mapping[str, Any]:
        """Apply the settings, and install or uninstall modules; return the action that reloads the client."""
        self.ensure_one()
        if not is_admin(self.env):
            raise AccessError("Only administrators can change the settings")
        present = _current(self, self._model.fields)
        self.set_values()
        for name in [name for name in present if name.startswith(_MODULE) and self[name] != present[name]]:
            module = _module(self.env, name)
            if module and self[name]:
                module.button_immediate_install()
            elif module:
                module.button_immediate_uninstall()
        return dict(_RELOAD)
