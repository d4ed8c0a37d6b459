"""res.users: the user's employee, and what of it users may read and write themselves.

Source: recorded in flow-hr-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import in_group

if TYPE_CHECKING:
    from typing_extensions import Self

_SELF_EDIT = "hr.hr_employee_self_edit"
_READABLE = frozenset(
    {"child_ids", "employee_id", "employee_ids", "employee_parent_id", "hr_presence_state", "last_activity",
     "last_activity_time", "can_edit", "is_system", "employee_resource_calendar_id"}
)  # fmt: skip
# value of a user → value of the employee that follows it
_FOLLOWED = {"name": "name", "email": "work_email", "image_1920": "image_1920", "tz": "tz"}


class Users(models.Model):
    _inherit = "res.users"

    def _compute_employee_id(self) -> None:
        """The employee in the current company."""
        employees = self.env["hr.employee"].sudo()
        for user in self:
            domain = [("user_id", "=", user.id), ("company_id", "=", user.env.company.id)]
            user.employee_id = employees.search(domain, 0, 1)

    def _search_employee_id(self, operator: str, value: Any) -> list[Any]:
        return [("employee_ids", operator, value)]

    def _compute_employee_count(self) -> None:
        for user in self.with_context(active_test=False):
            user.employee_count = len(user.sudo().employee_ids)

    def _compute_can_edit(self) -> None:
        allowed = _may_edit(self)
        for user in self:
            user.can_edit = allowed

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create users, and employees for those that ask for one with `create_employee`."""
        users = super().create(vals_list)
        given = [vals_list] if isinstance(vals_list, Mapping) else vals_list
        for user, vals in zip(users, given, strict=True):
            if vals.get("create_employee_id"):
                self.env["hr.employee"].browse(vals["create_employee_id"]).write({"user_id": user.id})
            elif vals.get("create_employee"):
                company = user.company_id or self.env.company
                self.env["hr.employee"].create({"name": user.name, "company_id": company.id, "user_id": user.id})
        return users

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change users, and with them their employees; not everybody may change what the employee has."""
        of_employee = {name for name in vals if _is_of_employee(self, name)}
        own = self.env.db.profile.rules.users_edit_their_employee and self == self.env.user
        if of_employee and not self.env.su and not own and not _may_edit(self):
            raise AccessError(
                "You are only allowed to update your preferences. Please contact a HR officer to update other"
                " information."
            )
        done = super().write(vals)
        followed = {own: vals[name] for name, own in _FOLLOWED.items() if name in vals}
        if followed:
            self.env["hr.employee"].sudo().search([("user_id", "in", self.ids)]).write(followed)
        return done

    def action_create_employee(self) -> None:
        """Create the user's employee in the current company."""
        self.ensure_one()
        company = self.env.company
        if company not in self.company_ids:
            raise AccessError(
                "You are not allowed to create an employee because the user does not have access rights for "
                + str(company.name)
            )
        self.env["hr.employee"].create({"name": self.name, "company_id": company.id, "user_id": self.id})

    def _self_readable(self) -> frozenset[str]:
        own = {name for name in self._model.fields if _is_of_employee(self, name)}
        return super()._self_readable() | _READABLE | own  # type: ignore[misc,no-any-return]

    def _self_writeable(self) -> frozenset[str]:
        own = {name for name in self._model.fields if _is_of_employee(self, name)}
        if not self.env.db.profile.rules.users_edit_their_employee and not _may_edit(self):
            own = set()
        return super()._self_writeable() | own  # type: ignore[misc,no-any-return]


def _is_of_employee(users: Recordset, name: str) -> bool:
    field = users._model.fields.get(name)
    return field is not None and (field.related or "").startswith("employee_id.")


def _may_edit(users: Recordset) -> bool:
    """Return whether users may change what their employees have."""
    parameter = users.env.sudo()["ir.config_parameter"].get_param(_SELF_EDIT)
    return bool(parameter) or in_group(users.env, "hr.group_hr_user")
