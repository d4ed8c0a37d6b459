"""res.company: the company's partner, its currency, and the tree of branches.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError, ValidationError
from mockserver.orm.methods import BaseModel
from mockserver.orm.query import hierarchy
from mockserver.orm.query.values import field_label
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
# copied to the partner that is created with a company
_CONTACT = ("name", "email", "phone", "mobile", "website", "vat", "company_registry")


def _defaults(companies: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return defaults that depend on the user and the date; a branch has the currency of its parent."""
    env = companies.env.sudo()
    model_company = env["res.company"].browse(vals["parent_id"]) if vals.get("parent_id") else env.user.company_id
    found: dict[str, Any] = {}
    if model_company.currency_id:
        found["currency_id"] = model_company.currency_id.id
    opening = companies._model.fields.get("account_opening_date")
    if opening is not None and opening.column:
        found["account_opening_date"] = f"{env.db.clock.today().year}-01-01"
    return found


def _refuse_archiving(companies: Recordset) -> None:
    env = companies.env
    for company in companies:
        users = env.rows(env["res.users"]._model, [("company_id", "=", company.id)])
        if users:
            raise ValidationError(
                f"The company {company.name} cannot be archived because it is still used as the default company"
                f" of {len(users)} users."
            )


def _copy_currency_to_branches(companies: Recordset) -> None:
    """Write the currency of companies to their branches."""
    if not companies.env.db.profile.rules.company_branches:
        return
    for company in companies.sudo().filtered(lambda c: not c.parent_id):
        below = hierarchy.descendants(company.env, company._model, company._ids) - set(company._ids)
        # all at once, since each is checked against its parent
        branches: Any = company.browse(sorted(below))
        BaseModel.write(branches, {"currency_id": company.currency_id.id})


def _path(company: Recordset) -> tuple[int, ...]:
    return tuple(int(id_) for id_ in str(company.parent_path or "").split("/") if id_) or company._ids


class Company(models.Model):
    _inherit = "res.company"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create companies, each with a partner, and allow them to the user."""
        companies = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            values = vals.copy()
            address = {name: values.pop(name) for name in ADDRESS if name in values}
            if values.get("name") and not values.get("partner_id"):
                contact = {name: values[name] for name in _CONTACT if values.get(name)}
                partner = self.env["res.partner"].create({"is_company": True, **contact, **address})
                values["partner_id"] = partner.id
            elif address:
                self.env["res.partner"].browse(values.get("partner_id")).write(address)
            company = super().create({**_defaults(self, values), **values})
            company.sudo().currency_id.filtered(lambda c: not c.active).write({"active": True})
            BaseModel.write(self.env.sudo().user, {"company_ids": [(4, company.id)]})
            companies |= company
        return companies

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change companies; the address goes to their partners, and the parent cannot change."""
        fixed = self.env.db.profile.rules.company_branches
        if (
            fixed
            and "parent_id" in vals
            and any((vals["parent_id"] or False) != company.parent_id.id for company in self)
        ):
            raise UserError("The company hierarchy cannot be changed.")
        if vals.get("active") is False:
            _refuse_archiving(self)
        super().write({name: value for name, value in vals.items() if name not in ADDRESS})
        address = {name: vals[name] for name in ADDRESS if name in vals}
        if address:
            self.mapped("partner_id").write(address)
        if vals.get("currency_id"):
            _copy_currency_to_branches(self)
            self.sudo().mapped("currency_id").filtered(lambda c: not c.active).write({"active": True})
        return True

    @api.constrains("currency_id", "parent_id")
    def _check_currency(self) -> None:
        """Raise ValidationError for a branch with another currency than its company."""
        for company in self.sudo() if self.env.db.profile.rules.company_branches else ():
            if company.parent_id and company.currency_id != company.parent_id.currency_id:
                label = field_label(self.env, self._model.fields["currency_id"])
                text = self.env._("The %s of a subsidiary must be the same as it's root company.")
                raise ValidationError(text.replace("%s", label))

    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Raise UserError, as the server does."""
        raise UserError("Duplicating a company is not allowed. Please create a new company instead.")

    @api.computes(*ADDRESS)
    def _compute_address(self) -> None:
        for company in self:
            partner = self.env.db.store.get("res.partner", company._rows()[0].get("partner_id") or 0) or {}
            for name in ADDRESS:
                company[name] = partner.get(name)

    @api.depends("parent_id.parent_path")
    def _compute_parent_path(self) -> None:
        for company in self:
            company.parent_path = _parent_path(company)

    def _compute_logo_web(self) -> None:
        for company in self:
            row = company.partner_id._rows()[0] if company.partner_id else {}
            company.logo_web = row.get("image_1920") or row.get("image")

    def _compute_parent_ids(self) -> None:
        for company in self:
            company.parent_ids = _path(company)

    def _compute_root_id(self) -> None:
        for company in self:
            company.root_id = _path(company)[0]

    def _compute_color(self) -> None:
        for company in self:
            company.color = _color(company)

    def _compute_email_formatted(self) -> None:
        for company in self:
            company.email_formatted = company.partner_id.email_formatted or None

    def _compute_is_company_details_empty(self) -> None:
        for company in self:
            company.is_company_details_empty = not company.company_details


def _parent_path(company: Recordset) -> str:
    """Return the ids from the root to the company itself, as `1/5/`."""
    row = company._rows()[0]
    above = company.env.db.store.get("res.company", row.get("parent_id") or 0) or {}
    return f"{above.get('parent_path') or ''}{row['id']}/"


def _color(company: Recordset) -> int:
    """Return the colour of the root's partner, else one computed from the root's id."""
    root = _path(company)[0]
    return int(company.browse(root).sudo().partner_id.color or root % 12)
