"""res.partner: names, the commercial entity, addresses shared with the company.

Source: recorded in core-commands, partners-* (17.0); versions.md §6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.addons.base.res_partner_fields import with_website
from mockserver.errors import RedirectWarning, ValidationError
from mockserver.orm.methods.copying import one_by_one
from mockserver.orm.query import hierarchy
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import allowed
from mockserver.orm.schema.api import model, record
from mockserver.orm.schema.compute import check, compute, inverse
from mockserver.orm.writing.constraints import constrains

Parent = Any

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
COMMERCIAL = ("vat", "company_registry", "industry_id")
# types of address that stand for themselves when they have no name
_NAMED_BY_TYPE = ("invoice", "delivery", "other")
_EMAIL = re.compile(r"[^\s<>\"'(),;]+@[^\s<>\"'(),;]+")


# -- names


@compute("res.partner", "commercial_partner_id", depends=("is_company", "parent_id.commercial_partner_id"))
def _commercial_partner(self: Recordset) -> int:
    """The company that a contact belongs to, the partner itself where there is none."""
    row = self._rows()[0]
    if row.get("is_company") or not row.get("parent_id"):
        return self._ids[0]
    parent = self.env.db.store.get("res.partner", row["parent_id"])
    return (parent or {}).get("commercial_partner_id") or row["parent_id"]  # type: ignore[no-any-return]


@compute(
    "res.partner", "commercial_company_name",
    depends=("company_name", "parent_id.is_company", "commercial_partner_id.name"),
)  # fmt: skip
def _commercial_company_name(self: Recordset) -> str | None:
    row = self._rows()[0]
    company = self.env.db.store.get("res.partner", row.get("commercial_partner_id") or 0) or {}
    return company.get("name") if company.get("is_company") else row.get("company_name")


@compute(
    "res.partner", "complete_name",
    depends=("is_company", "name", "parent_id.name", "type", "company_name", "commercial_company_name"),
)  # fmt: skip
def _complete_name(self: Recordset) -> str:
    """The name, behind that of the company for a contact of one."""
    row = self._rows()[0]
    name = row.get("name") or ""
    if row.get("company_name") or row.get("parent_id"):
        if not name and row.get("type") in _NAMED_BY_TYPE:
            name = dict(self._model.fields["type"].selection)[row["type"]]
        if not row.get("is_company"):
            parent = self.env.db.store.get("res.partner", row.get("parent_id") or 0) or {}
            name = f"{row.get('commercial_company_name') or parent.get('name') or ''}, {name}"
    return str(name).strip()


@compute(
    "res.partner", "display_name",
    depends=("is_company", "name", "parent_id.name", "type", "company_name", "commercial_company_name"),
)  # fmt: skip
def _display_name(self: Recordset) -> str:
    """The complete name; `show_address`, `show_email` and `show_vat` in the context add to it.

    Until 16 there is no field for the complete name, and the display name is kept.
    """
    row, context = self._rows()[0], self.env.context
    name = (row.get("complete_name") or "") if "complete_name" in self._model.fields else _complete_name(self)
    if context.get("show_address"):
        name = f"{name}\n{_address(self, company=False)}"
    name = re.sub(r"\s+\n", "\n", name).strip()
    if context.get("address_inline"):
        name = ", ".join(line for line in name.split("\n") if line.strip())
    if context.get("show_email") and row.get("email"):
        name = f"{name} <{row['email']}>"
    if context.get("show_vat") and row.get("vat"):
        name = f"{name} ‒ {row['vat']}"
    return name


def _address(partner: Recordset, *, company: bool) -> str:
    """The postal address in lines."""
    state, country = partner.state_id, partner.country_id
    place = " ".join(str(part) for part in (partner.city, state and state.code, partner.zip) if part)
    first = partner.commercial_company_name if company else False
    return "\n".join(str(line or "") for line in (first, partner.street, partner.street2, place, country.name) if line)


@compute("res.partner", "contact_address")
def _contact_address(self: Recordset) -> str:
    return _address(self, company=True)


@compute("res.partner", "contact_address_inline")
def _contact_address_inline(self: Recordset) -> str:
    return ", ".join(line for line in _address(self, company=True).split("\n") if line.strip())


@compute("res.partner", "email_normalized", depends=("email",))
def _email_normalized(self: Recordset) -> str | None:
    """The address alone, in lower case; nothing unless there is exactly one."""
    found = _EMAIL.findall(self.email or "")
    return found[0].lower() if len(found) == 1 else None


@compute("res.partner", "email_formatted")
def _email_formatted(self: Recordset) -> str | None:
    found = _EMAIL.findall(self.email or "")
    if not self.email:
        return None
    return ",".join(f'"{self.name or "False"}" <{address}>' for address in found or [self.email])


@compute("res.partner", "company_type")
def _company_type(self: Recordset) -> str:
    return "company" if self.is_company else "person"


@inverse("res.partner", "company_type")
def _write_company_type(self: Recordset, value: Any) -> dict[str, Any]:
    return {"is_company": value == "company"}


@compute("res.partner", "self")
def _self(self: Recordset) -> int:
    return self._ids[0]


@compute("res.partner", "is_public")
def _is_public(self: Recordset) -> bool:
    public = self.env.ref("base.public_user", raise_if_not_found=False)
    return bool(public) and self._ids[0] == public.partner_id.id  # type: ignore[union-attr]


@compute("res.partner", "active_lang_count")
def _active_lang_count(self: Recordset) -> int:
    return sum(bool(row.get("active")) for row in self.env.db.store.rows("res.lang").values())


@compute("res.partner", "partner_share", depends=("user_ids.share", "user_ids.active"))
def _partner_share(self: Recordset) -> bool:
    """Whether no internal user stands behind the partner."""
    store = self.env.db.store
    users = store.having("res.users", "partner_id", self._ids)
    return not any(not store.rows("res.users")[i].get("share") for i in users)


@check("contact_name")
def _contact_name(self: Recordset) -> bool:
    row = self._rows()[0]
    return row.get("type", "contact") != "contact" or row.get("name") is not None


@constrains("res.partner", "parent_id")
def _no_loop(self: Recordset) -> None:
    if any(hierarchy.has_loop(self.env, self._model, id_, "parent_id") for id_ in self._ids):
        raise ValidationError("You cannot create recursive Partner hierarchies.")


# -- what companies and their contacts share


@model("res.partner")
def create(self: Recordset, parent: Parent, vals_list: Any) -> Recordset:
    """New partners; a contact takes the address of its company, and a company that of its first contact."""
    partners = parent(with_website(vals_list))
    given = vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]
    for partner, vals in zip(partners, given, strict=True):
        _follow_parent(partner, {"type": "contact", **vals})
        _lead_children(partner, vals)
        _first_contact(partner)
    return partners  # type: ignore[no-any-return]


@record("res.partner")
def write(self: Recordset, parent: Parent, vals: Mapping[str, Any]) -> bool:
    """Change partners; contacts follow their company."""
    if vals.get("active") is False:
        _refuse_active_users(self, "archive", "You first need to archive their associated user.")
    parent(with_website(vals))
    for partner in self.call("exists"):
        _follow_parent(partner, vals)
        _lead_children(partner, vals)
    return True


def _values(partner: Recordset, names: tuple[str, ...]) -> dict[str, Any]:
    row = partner._rows()[0]
    return {name: row.get(name) or False for name in names if name in partner._model.fields}


def _update(partner: Recordset, values: Mapping[str, Any]) -> None:
    """Write what differs."""
    changed = {name: value for name, value in values.items() if (partner._rows()[0].get(name) or False) != value}
    if changed:
        partner.call("write", changed)


def _follow_parent(partner: Recordset, vals: Mapping[str, Any]) -> None:
    row = partner._rows()[0]
    if not row.get("parent_id") or not (vals.get("parent_id") or vals.get("type") == "contact"):
        return
    commercial = partner.commercial_partner_id
    if commercial._ids != partner._ids and vals.get("parent_id"):
        _update(partner, _values(commercial, COMMERCIAL))
    if row.get("type") == "contact":
        address = _values(partner.parent_id, ADDRESS)
        if any(address.values()):
            _update(partner, address)


def _lead_children(partner: Recordset, vals: Mapping[str, Any]) -> None:
    store = partner.env.db.store
    children = partner.browse(sorted(store.having("res.partner", "parent_id", partner._ids)))
    if not children:
        return
    shared = tuple(name for name in COMMERCIAL if name in vals)
    if shared and partner.commercial_partner_id._ids == partner._ids:
        for child in children.filtered(lambda child: not child.is_company):
            _update(child, _values(partner, shared))
    if any(name in vals for name in ADDRESS):
        for child in children.filtered(lambda child: child.type == "contact"):
            _update(child, _values(partner, ADDRESS))


def _first_contact(partner: Recordset) -> None:
    """The first contact of a company without an address brings one."""
    parent = partner.parent_id
    if not parent or not (parent.is_company or not parent.parent_id):
        return
    siblings = partner.env.db.store.having("res.partner", "parent_id", parent._ids)
    address = _values(partner, ADDRESS)
    if len(siblings) == 1 and any(address.values()) and not any(_values(parent, ADDRESS).values()):
        _update(parent, address)


@record("res.partner")
def unlink(self: Recordset, parent: Parent) -> bool:
    """Delete partners that no active user stands behind."""
    _refuse_active_users(self, "delete", "You should rather archive them after archiving their associated user.")
    return parent()  # type: ignore[no-any-return]


def _refuse_active_users(partners: Recordset, verb: str, remedy: str) -> None:
    """Who may change users is led to them, anybody else is told to ask.

    Differs: the action opens the users without naming a view.
    """
    env = partners.env.sudo()
    users = env["res.users"].search([("partner_id", "in", partners.ids)]) if "res.users" in env else None
    if not users:
        return
    lead, names = f"You cannot {verb} contacts linked to an active user.", ", ".join(users.mapped("display_name"))
    if allowed(env.with_user(env.uid), "res.users", "write"):
        shown = {"res_id": users.id} if len(users) == 1 else {"domain": [["id", "in", users.ids]]}
        action = {"type": "ir.actions.act_window", "res_model": "res.users", "context": {"create": False}, **shown}
        raise RedirectWarning(f"{lead}\n{remedy}\n\nLinked active users : {names}", action, "Go to users")
    raise ValidationError(
        f"{lead}\nAsk an administrator to archive their associated user first.\n\nLinked active users :\n{names}"
    )


@record("res.partner")
@one_by_one
def copy(self: Recordset, parent: Parent, default: Mapping[str, Any] | None = None) -> Recordset:
    """A duplicate, named so unless `default` names it."""
    self.ensure_one()
    name = (default or {}).get("name") or f"{self.name} (copy)"
    return parent({**(default or {}), "name": name})  # type: ignore[no-any-return]


@model("res.partner")
def name_create(self: Recordset, parent: Parent, name: str) -> list[Any]:
    """`[id, name]` of a new partner from `Name` or `Name <address>`."""
    found = _EMAIL.search(name or "")
    bare = re.sub(r"\s*<[^>]*>\s*", "", name).strip(" \"'") if found else name
    vals = {"name": bare or (found[0] if found else name)}
    if found:
        vals["email"] = found[0].lower()
    partner = self.call("create", vals)
    return [partner.id, partner.display_name]
