"""hr.employee: employees and what follows from their department, job, company and user.

Source: recorded in flow-hr-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.fields.pictures import initial_svg
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


_SIZES = (1920, 1024, 512, 256, 128)
_UNSAID = "presence_to_define"


class EmployeeBase(models.AbstractModel):
    _inherit = "hr.employee.base"

    def _compute_job_title(self) -> None:
        for employee in self:
            employee.job_title = employee.job_id.name or employee.job_title

    def _compute_parent_id(self) -> None:
        """The manager of the department, if it has one."""
        for employee in self:
            employee.parent_id = employee.department_id.manager_id or employee.parent_id

    def _compute_coach_id(self) -> None:
        """The first manager."""
        for employee in self:
            employee.coach_id = employee.coach_id or employee.parent_id

    def _compute_address_id(self) -> None:
        for employee in self:
            address = employee.company_id.sudo().partner_id.address_get(["default"])
            employee.address_id = address["default"] if employee.company_id else False

    def _compute_work_phone(self) -> None:
        for employee in self:
            employee.work_phone = employee.address_id.sudo().phone

    @api.versions(since=16)
    @api.computes("work_email", "mobile_phone")
    def _compute_work_contact_details(self) -> None:
        for employee in self:
            contact = employee.work_contact_id.sudo()
            employee.work_email = contact.email if contact else employee.work_email
            employee.mobile_phone = contact.mobile if contact else employee.mobile_phone

    @api.versions(since=16)
    def _inverse_work_email(self) -> None:
        update_contacts(self)

    @api.versions(since=16)
    def _inverse_mobile_phone(self) -> None:
        update_contacts(self)

    def _compute_hr_presence_state(self) -> None:
        usual = self._model.defaults.get("hr_presence_state") or "to_define"
        for employee in self:
            employee.hr_presence_state = usual

    @api.versions(since=16)
    @api.computes("hr_icon_display", "show_hr_icon_display")
    def _compute_presence_icon(self) -> None:
        """What is known of the presence, for employees who have a user.  Inferred: not recorded."""
        known = dict(self._model.fields["hr_icon_display"].selection)
        for employee in self:
            icon = f"presence_{employee.hr_presence_state}"
            employee.hr_icon_display = icon if icon in known and icon != _UNSAID else "presence_undetermined"
            employee.show_hr_icon_display = bool(employee.user_id)

    def _compute_member_of_department(self) -> None:
        """Whether the employee is in the user's department, or in one below it."""
        own = self.env.user.employee_id.department_id
        below = self.env["hr.department"].sudo().search([("id", "child_of", own.ids)]) if own else own
        for employee in self:
            employee.member_of_department = bool(employee.department_id) and employee.department_id in below

    def _compute_child_all_count(self) -> None:
        for employee in self:
            employee.child_all_count = len(_below(employee))


class Employee(models.Model):
    _inherit = "hr.employee"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create employees; a user lends name, contact and picture, others get a contact of their own."""
        single = isinstance(vals_list, Mapping)
        given = [_with_user(self, vals) for vals in ([vals_list] if single else vals_list)]
        employees = super().create(given[0] if single else given)
        if "work_contact_id" in self._model.fields:
            create_contacts(employees.filtered(lambda employee: not employee.work_contact_id))
        return employees

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change employees; a new user lends contact and picture, and nobody coaches themselves."""
        values = dict(vals)
        if values.get("user_id") and values["user_id"] not in self.user_id.ids:
            user = self.env["res.users"].browse(values["user_id"])
            values = {**_of_user(user, bool(self[:1].image_1920)), **values}
        return super().write(values)

    def unlink(self) -> bool:
        """Delete employees with their resources."""
        resources = self.resource_id
        done = super().unlink()
        resources.unlink()
        return done

    def _prepare_resource_values(self, vals: dict[str, Any], tz: Any) -> dict[str, Any]:
        values = super()._prepare_resource_values(vals, tz)  # type: ignore[misc]
        del vals["name"]  # an employee without a name is an error, as on the server
        return {**values, "user_id": vals.pop("user_id", None)}

    @api.constrains("pin")
    def _verify_pin(self) -> None:
        for employee in self:
            if employee.pin and not employee.pin.isdigit():
                raise ValidationError(self.env._("The PIN must be a sequence of digits."))

    @api.constrains("barcode")
    def _verify_barcode(self) -> None:
        for employee in self.sudo():
            text = employee.barcode
            if text and not (text.isascii() and text.isalnum() and len(text) <= 18):
                raise ValidationError(
                    "The Badge ID must be alphanumeric without any accents and no longer than 18 characters."
                )

    @api.computes(*(f"avatar_{size}" for size in _SIZES))
    def _compute_avatars(self) -> None:
        """The image, else that of the user, else the initial of the name."""
        for employee in self:
            user = employee.sudo().user_id
            drawn = base64.b64encode(initial_svg(employee.name or "")).decode()
            for size in _SIZES:
                employee[f"avatar_{size}"] = employee[f"image_{size}"] or (user and user[f"avatar_{size}"]) or drawn

    # -- relations

    def _compute_subordinate_ids(self) -> None:
        for employee in self:
            employee.subordinate_ids = _below(employee)

    @api.versions(since=17)
    def _compute_is_subordinate(self) -> None:
        below = _below(self.env.user.employee_id)
        for employee in self:
            employee.is_subordinate = employee in below

    @api.versions(since=17)
    def _compute_child_count(self) -> None:
        for employee in self:
            employee.child_count = len(employee.child_ids)

    @api.versions(since=17)
    def _compute_newly_hired(self) -> None:
        for employee in self:
            employee.newly_hired = (employee.create_date or "") > _days_ago(employee, 90)

    def generate_random_barcode(self) -> None:
        """Give employees a badge number."""
        for employee in self:
            digits = str(int(employee.env.db.clock.token(10), 16)).zfill(12)[-9:]
            employee.write({"barcode": f"041{digits}"})


def create_contacts(employees: Recordset) -> None:
    """Create the contacts of employees that have none, for which the user needs no right."""
    for employee in employees.sudo():
        contacts = employee.env["res.partner"]
        values = {
            "name": employee.name, **_contact_details(employee),
            "image_1920": employee.image_1920, "company_id": employee.company_id.id,
        }  # fmt: skip
        employee.write({"work_contact_id": contacts.create(values).id})


def update_contacts(employees: Recordset) -> None:
    """Give the contacts of employees the changed address and phone."""
    for employee in employees:
        contact = employee.sudo().work_contact_id
        if contact:
            contact.write(_contact_details(employee))


def _contact_details(employee: Recordset) -> dict[str, Any]:
    """Return what an employee's contact has of it: the mobile phone, or the phone of work if contacts have only one."""
    phone = (
        {"mobile": employee.mobile_phone}
        if "mobile" in employee.env["res.partner"]._model.fields
        else {"phone": employee.work_phone}
    )
    return {"email": employee.work_email, **phone}


def _with_user(employees: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a new employee with what its user lends."""
    values = dict(vals)
    if values.get("user_id"):
        user = employees.env["res.users"].browse(values["user_id"])
        values |= {"name": values.get("name") or user.name, **_of_user(user, bool(values.get("image_1920")))}
    return values


def _of_user(user: Recordset, has_image: bool) -> dict[str, Any]:
    values: dict[str, Any] = {"user_id": user.id}
    if "work_contact_id" in user.env["hr.employee"]._model.fields:
        values["work_contact_id"] = user.partner_id.id
    if not has_image:
        values["image_1920"] = user["image_1920" if "image_1920" in user else "image"]
    return values | ({"tz": user.tz} if user.tz else {})


def _below(employee: Recordset) -> Recordset:
    """Return the employees whose manager is this one, directly or through others."""
    found, pending = employee.browse(), employee.child_ids
    while pending:
        found |= pending
        pending = pending.child_ids - found - employee
    return found


def _days_ago(employee: Recordset, days: int) -> str:
    from datetime import timedelta

    from mockserver.clock import DATETIME_FORMAT

    return (employee.env.db.clock.moment() - timedelta(days=days)).strftime(DATETIME_FORMAT)
