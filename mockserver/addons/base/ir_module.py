"""ir.module.module: which modules are installed.

Installing a bundled module loads its pack, with what it needs and with the glue that joins it with what is loaded.
Differs: of any other module only the state changes, since the mock has no models of it; what was loaded cannot be
uninstalled.  Source: 17.0.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_groups import is_admin
from mockserver.errors import AccessDenied, UserError
from mockserver.orm.records.environment import Recordset

_INSTALLED = ("installed", "to upgrade", "to remove")
# the client action after an immediate installation
_RELOAD = {"type": "ir.actions.act_url", "target": "self", "url": "/web"}
_LOCALISATION = re.compile(r"l10n_([a-z]{2})(?:_|$)")
# the letter of flags that stands for A
_FLAG_A = 0x1F1E6
_GONE = (
    "One or more of the selected modules have already been uninstalled, if you believe this to be an error,"
    " you may try again later or contact support."
)


def _wizard(name: str) -> dict[str, Any]:
    return {
        "view_mode": "form",
        "res_model": "base.module.upgrade",
        "target": "new",
        "type": "ir.actions.act_window",
        "name": name,
    }


def _admins_only(modules: Recordset) -> None:
    if not is_admin(modules.env):
        raise AccessDenied()


def _switch(modules: Recordset, before: tuple[str, ...], after: str) -> bool:
    _admins_only(modules)
    changed = modules.filtered(lambda module: module.state in before)
    if changed:
        changed.write({"state": after})
    return True


def install(modules: Recordset) -> None:
    """Load the packs among modules, and give all of them the state of installed ones."""
    db = modules.env.db
    if modules and db.install is not None:
        db.install(db, modules.mapped("name"))
    modules.filtered(lambda module: module.state != "installed").write({"state": "installed"})


def remove(modules: Recordset) -> None:
    """Give modules the state of ones that are not installed; raises UserError for those that packs are."""
    _check_removable(modules)
    modules.write({"state": "uninstalled"})


def _check_removable(modules: Recordset) -> None:
    loaded = sorted(set(modules.mapped("name")).intersection(modules.env.db.loaded.packs))
    if loaded:
        raise UserError(
            f"The mock server cannot uninstall {', '.join(loaded)}: models and records of what was loaded stay. "
            "Restore a snapshot, or use another database."
        )


def _installed_only(modules: Recordset) -> None:
    for module in modules:
        if module.state not in ("installed", "to upgrade"):
            raise UserError(f"Can not upgrade module {module.name!r}. It is not installed.")


def _modules_named(modules: Recordset, names: Iterable[str]) -> Recordset:
    store = modules.env.db.store
    return modules.browse(sorted(store.having("ir.module.module", "name", names)))


def _with_dependencies(modules: Recordset) -> Recordset:
    """Return the modules and all that they depend on; raises UserError for an unknown one."""
    found, pending = modules, modules
    while pending:
        names = set(pending.mapped("dependencies_id").mapped("name"))
        needed = _modules_named(modules, names)
        unknown = sorted(names - set(needed.mapped("name")))
        if unknown:
            raise UserError(
                f"You try to install module {pending[:1].name!r} that depends on module {unknown[0]!r}.\n"
                "But the latter module is not available in your system."
            )
        pending = needed - found
        found |= pending
    return found


def _with_dependents(modules: Recordset) -> Recordset:
    """Return the modules and all installed ones that depend on them; raises UserError for ones that must stay."""
    if "base" in modules.mapped("name"):
        raise UserError("Those modules cannot be uninstalled: base")
    if any(module.state not in _INSTALLED for module in modules):
        raise UserError(_GONE)
    store = modules.env.db.store
    found, pending = modules, modules
    while pending:
        links = store.having("ir.module.module.dependency", "name", pending.mapped("name"))
        owners = modules.env["ir.module.module.dependency"].browse(sorted(links)).mapped("module_id")
        pending = owners.filtered(lambda module: module.state in _INSTALLED) - found
        found |= pending
    return found


class Module(models.Model):
    _inherit = "ir.module.module"

    def button_install(self) -> dict[str, Any]:
        """Mark modules and their dependencies `to install`; return the next action."""
        _switch(_with_dependencies(self), ("uninstalled",), "to install")
        return _wizard("Install")

    def button_install_cancel(self) -> bool:
        """Remove the mark `to install`."""
        return _switch(self, ("to install",), "uninstalled")

    def button_immediate_install(self) -> dict[str, Any]:
        """Install modules and their dependencies; return the action that reloads the client."""
        _admins_only(self)
        install(_with_dependencies(self).filtered(lambda module: module.state in ("uninstalled", "to install")))
        return dict(_RELOAD)

    def button_uninstall(self) -> dict[str, Any]:
        """Mark modules and their dependents `to remove`; return the next action."""
        found = _with_dependents(self)
        _check_removable(found)
        _switch(found, _INSTALLED, "to remove")
        return _wizard("Uninstall")

    def button_uninstall_cancel(self) -> bool:
        """Remove the mark `to remove`."""
        return _switch(self, ("to remove",), "installed")

    def button_immediate_uninstall(self) -> dict[str, Any]:
        """Uninstall modules and their dependents; return the action that reloads the client."""
        _admins_only(self)
        remove(_with_dependents(self))
        return dict(_RELOAD)

    def button_upgrade(self) -> dict[str, Any]:
        """Mark modules `to upgrade`; return the next action."""
        _installed_only(self)
        _switch(self, ("installed",), "to upgrade")
        return _wizard("Apply Schedule Upgrade")

    def button_upgrade_cancel(self) -> bool:
        """Remove the mark `to upgrade`."""
        return _switch(self, ("to upgrade",), "installed")

    def button_immediate_upgrade(self) -> dict[str, Any]:
        """Upgrade installed modules; return the action that reloads the client."""
        _installed_only(self)
        _switch(self, ("to upgrade",), "installed")
        return dict(_RELOAD)

    @api.model
    def update_list(self) -> list[int]:
        """Return `[updated, added]`, the numbers of modules found on disk: always 0 here."""
        _admins_only(self)
        return [0, 0]

    @api.versions(since=13)
    def _compute_has_iap(self) -> None:
        for module in self:
            module.has_iap = "iap" in _with_dependencies(module).mapped("name") if module.dependencies_id else False

    def _compute_description_html(self) -> None:
        """Differs: the text as it stands, where the real server reads it as reStructuredText."""
        for module in self:
            module.description_html = f"<pre>{html.escape(module.description)}</pre>" if module.description else False

    def _compute_icon_image(self) -> None:
        """Differs: there are no files of modules, so no pictures."""
        for module in self:
            module.icon_image = False

    @api.versions(since=17)
    def _compute_icon_flag(self) -> None:
        """The flag of the country of a localisation.  Inferred: the country stands in the name."""
        for module in self:
            country = _LOCALISATION.match(module.name or "")
            module.icon_flag = "".join(chr(_FLAG_A + ord(one) - ord("a")) for one in country[1]) if country else ""

    def _compute_installed_version(self) -> None:
        for record in self:
            record.installed_version = record.latest_version or None
