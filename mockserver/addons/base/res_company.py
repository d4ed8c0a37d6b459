"""res.company: a company and its partner are one, and branches form a tree.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.errors import UserError, ValidationError
from mockserver.orm.methods import crud
from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.api import model, record
from mockserver.orm.schema.compute import compute

Parent = Any

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
# given to the partner when the company makes one
_CONTACT = ("name", "email", "phone", "mobile", "website", "vat", "company_registry")


@model("res.company")
def create(self: Recordset, parent: Parent, vals_list: Any) -> Recordset:
    """New companies, each with a partner; whoever makes one may work in it."""
    companies = self.browse()
    for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
        values = vals.copy()
        address = {name: values.pop(name) for name in ADDRESS if name in values}
        if values.get("name") and not values.get("partner_id"):
            contact = {name: values[name] for name in _CONTACT if values.get(name)}
            partner = self.env.sudo()["res.partner"].call("create", {"is_company": True, **contact, **address})
            values["partner_id"] = partner.id
        elif address:
            self.env["res.partner"].browse(values.get("partner_id")).call("write", address)
        company = parent({**_defaults(self, values), **values})
        company.sudo().currency_id.filtered(lambda c: not c.active).call("write", {"active": True})
        crud.write(self.env.sudo().user, {"company_ids": [(4, company.id)]})
        companies |= company
    return companies


def _defaults(companies: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    """What depends on who makes the company, and when: a branch has the currency of its parent."""
    env = companies.env.sudo()
    model_company = env["res.company"].browse(vals["parent_id"]) if vals.get("parent_id") else env.user.company_id
    found: dict[str, Any] = {}
    if model_company.currency_id:
        found["currency_id"] = model_company.currency_id.id
    opening = companies._model.fields.get("account_opening_date")
    if opening is not None and opening.column:
        found["account_opening_date"] = f"{env.db.clock.today().year}-01-01"
    return found


@record("res.company")
def write(self: Recordset, parent: Parent, vals: Mapping[str, Any]) -> bool:
    """Change companies; the address goes to their partners, the place in the tree stays."""
    if "parent_id" in vals and any((vals["parent_id"] or False) != company.parent_id.id for company in self):
        raise UserError("The company hierarchy cannot be changed.")
    if vals.get("active") is False:
        _refuse_archiving(self)
    parent({name: value for name, value in vals.items() if name not in ADDRESS})
    address = {name: vals[name] for name in ADDRESS if name in vals}
    if address:
        self.mapped("partner_id").call("write", address)
    if vals.get("currency_id"):
        self.sudo().mapped("currency_id").filtered(lambda c: not c.active).call("write", {"active": True})
    return True


def _refuse_archiving(companies: Recordset) -> None:
    env = companies.env
    for company in companies:
        users = env.rows(env["res.users"]._model, [("company_id", "=", company.id)])
        if users:
            raise ValidationError(
                f"The company {company.name} cannot be archived because it is still used as the default company"
                f" of {len(users)} users."
            )


@record("res.company")
def copy(self: Recordset, default: Mapping[str, Any] | None = None) -> Recordset:
    """Refused, as the server does."""
    raise UserError("Duplicating a company is not allowed. Please create a new company instead.")


def _of_partner(name: str) -> None:
    @compute("res.company", name)
    def value(self: Recordset) -> Any:
        partner = self.env.db.store.get("res.partner", self._rows()[0].get("partner_id") or 0) or {}
        return partner.get(name)


for _name in ADDRESS:
    _of_partner(_name)


@compute("res.company", "parent_path", depends=("parent_id.parent_path",))
def _parent_path(self: Recordset) -> str:
    """`1/5/`: the ids from the root down to the company itself."""
    row = self._rows()[0]
    above = self.env.db.store.get("res.company", row.get("parent_id") or 0) or {}
    return f"{above.get('parent_path') or ''}{row['id']}/"


def _path(company: Recordset) -> tuple[int, ...]:
    return tuple(int(id_) for id_ in str(company.parent_path or "").split("/") if id_) or company._ids


@compute("res.company", "parent_ids")
def _parent_ids(self: Recordset) -> tuple[int, ...]:
    return _path(self)


@compute("res.company", "root_id")
def _root(self: Recordset) -> int:
    return _path(self)[0]


@compute("res.company", "color")
def _color(self: Recordset) -> int:
    """The colour of the root's partner, else one that follows from its id."""
    root = _path(self)[0]
    return int(self.browse(root).sudo().partner_id.color or root % 12)


@compute("res.company", "email_formatted")
def _email_formatted(self: Recordset) -> str | None:
    return self.partner_id.email_formatted or None


@compute("res.company", "is_company_details_empty")
def _details_empty(self: Recordset) -> bool:
    return not self.company_details
