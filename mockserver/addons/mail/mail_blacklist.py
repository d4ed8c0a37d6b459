"""mail.blacklist: addresses that get no mass mail, and the records that have one of them.

Source: recorded in flow-activity (17.0, 18.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mockserver import api, models
from mockserver.addons.base.res_partner_addresses import normalized
from mockserver.errors import UserError
from mockserver.orm.query.operators import Leaf
from mockserver.orm.records.environment import Recordset
from mockserver.orm.records.recordset import SearchedAs

if TYPE_CHECKING:
    from typing_extensions import Self


def _searched(leaf: Leaf) -> Any:
    return (normalized(leaf.value) or leaf.value) if isinstance(leaf.value, str) else leaf.value


class MailBlackList(models.Model):
    _inherit = "mail.blacklist"
    _searched_as: ClassVar[SearchedAs] = {"email": ("email", _searched)}

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Put addresses on the list; those that are on it already are returned."""
        found = self.browse()
        new: dict[str, dict[str, Any]] = {}
        for vals in [vals_list] if isinstance(vals_list, Mapping) else vals_list:
            address = _checked(self, vals.get("email"))
            known = self.with_context(active_test=False).search([("email", "=", address)], 0, 1)
            if known:
                found |= known
            else:
                new.setdefault(address, {**vals, "email": address})
        for vals in new.values():
            found |= super().create(vals)
        return found

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change addresses."""
        values = {**vals, "email": _checked(self, vals["email"])} if "email" in vals else vals
        return super().write(values)

    def action_add(self) -> None:
        """Put the address back on the list."""
        self._add(self.email)

    def mail_action_blacklist_remove(self) -> dict[str, Any]:
        """Return the window that asks why the address leaves the list."""
        return _window(self)

    @api.model
    def _add(self, email: str) -> Recordset:
        address = _checked(self, email)
        known = self.sudo().with_context(active_test=False).search([("email", "=", address)], 0, 1)
        if known:
            known.action_unarchive()
            return known
        return self.create({"email": address})

    @api.model
    def _remove(self, email: str, reason: Any = None) -> Recordset:
        address = _checked(self, email)
        known: Recordset = self.with_context(active_test=False).search([("email", "=", address)], 0, 1)
        if known:
            if reason:
                known._track_set_log_message(f"<p>Unblacklisting Reason: {reason}</p>")
            known.action_archive()
            return known
        return self.create({"email": address, "active": False})


class MailBlacklistRemove(models.TransientModel):
    _inherit = "mail.blacklist.remove"

    def action_unblacklist_apply(self) -> Recordset:
        """Take the address from the list."""
        return self.env["mail.blacklist"]._remove(self.email, self.reason)  # type: ignore[no-any-return]


class MailBlackListMixin(models.AbstractModel):
    _inherit = "mail.thread.blacklist"
    _primary_email: ClassVar[str] = "email"

    @api.depends("email_normalized")
    def _compute_is_blacklisted(self) -> None:
        listed = set(self.env.sudo()["mail.blacklist"].search([("active", "=", True)]).mapped("email"))
        held = zip(self._ids, self._held("email_normalized"), strict=True)
        self._assign_each("is_blacklisted", {id_: address in listed for id_, (address,) in held})

    def _search_is_blacklisted(self, operator: str, value: Any) -> list[Any]:
        listed = self.env.sudo()["mail.blacklist"].search([("active", "=", True)]).mapped("email")
        positive = (operator == "=") is bool(value)
        return [("email_normalized", "in" if positive else "not in", listed)]

    def mail_action_blacklist_remove(self) -> dict[str, Any]:
        """Return the window that asks why the address leaves the list."""
        return _window(self)


def _checked(records: Recordset, email: Any) -> str:
    address = normalized(email)
    if not address:
        raise UserError(records.env.db.profile.rules.invalid_address_text.format(email=email))
    return address


def _window(records: Recordset) -> dict[str, Any]:
    return {
        "name": records.env._("Are you sure you want to unblacklist this Email Address?"),
        "type": "ir.actions.act_window", "view_mode": "form", "res_model": "mail.blacklist.remove", "target": "new",
        "views": [[False, "form"]], "context": records.env.context,
    }  # fmt: skip
