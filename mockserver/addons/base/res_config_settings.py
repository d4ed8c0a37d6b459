"""res.config.settings: a form of fields that switch groups, parameters and modules on and off.

The name of a field says what it does: `group_x` gives the group `x` to all employees, `module_x` installs a module.
Source: 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.ir_config_parameter import parameter
from mockserver.addons.base.res_groups import is_admin
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Environment, Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_GROUP, _MODULE = "group_", "module_"
# the field → the parameter that holds its value
_PARAMETERS = {
    "user_default_rights": "base_setup.default_user_rights",
    "external_email_server_default": "base_setup.default_external_email_server",
    "show_effect": "base_setup.show_effect",
    "profiling_enabled_until": "base.profiling_enabled_until",
}
_RELOAD = {"type": "ir.actions.client", "tag": "reload"}


def _group(env: Environment, name: str) -> Recordset:
    """Return the group that a field gives.  Inferred: it is the one whose external id has the field's name."""
    rows = env.db.store.rows("ir.model.data")
    found = [rows[id_] for id_ in env.db.store.having("ir.model.data", "name", (name,))]
    ids = [row["res_id"] for row in found if row["model"] == "res.groups"]
    return env.sudo()["res.groups"].browse(ids[:1])


def _employees(env: Environment) -> Recordset:
    group = env.sudo().ref("base.group_user")
    assert group is not None
    return group


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

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create forms, which show the present settings where nothing else is given."""
        many = isinstance(vals_list, (list, tuple))
        present = _current(self, self._model.fields)
        made = [{**present, **vals} for vals in (vals_list if many else [vals_list])]
        return super().create(made if many else made[0])

    def set_values(self) -> None:
        """Apply the groups and parameters that differ from the present ones."""
        env, present = self.env, _current(self, self._model.fields)
        for name in present:
            if name.startswith(_GROUP) and self[name] != present[name]:
                link = [(4 if self[name] else 3, id_, 0) for id_ in _group(env, name).ids]
                _employees(env).write({"implied_ids": link})
            elif name in _PARAMETERS:
                env.sudo()["ir.config_parameter"].set_param(_PARAMETERS[name], self[name])

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
