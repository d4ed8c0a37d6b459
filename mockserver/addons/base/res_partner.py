"""res.partner: names, the commercial entity, addresses shared with the company.

Source: recorded in core-commands, partners-* (17.0); versions.md §6.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.res_partner_addresses import EMAIL, normalized
from mockserver.addons.base.res_partner_fields import with_website
from mockserver.addons.base.res_partner_guards import refuse_archiving, refuse_deletion
from mockserver.errors import UserError, ValidationError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.methods.search import slice_rows
from mockserver.orm.query import hierarchy
from mockserver.orm.query.computing import shared
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access
from mockserver.orm.writing.recompute import NAME_KEYS

if TYPE_CHECKING:
    from typing_extensions import Self

ADDRESS = ("street", "street2", "zip", "city", "state_id", "country_id")
COMMERCIAL = ("vat", "company_registry", "industry_id")
_SHARED = frozenset(ADDRESS + COMMERCIAL)
# types of address whose label is the name if there is none
_NAMED_BY_TYPE = ("invoice", "delivery", "other")
_LINE_ENDS = re.compile(r"\n\s*")
_PART = re.compile(r"%\((\w+)\)s")


# -- names


def _addresses(partners: Recordset) -> dict[int, str]:
    """Return the postal address of each partner in the layout of its country; empty parts become empty texts."""
    held, found, env = partners._held(*ADDRESS), {}, partners.env
    states = _parts(env["res.country.state"].browse({own[4] for own in held if own[4]}), "state_code", "state_name")
    countries = env["res.country"].browse({own[5] for own in held if own[5]})
    places = _parts(countries, "country_code", "country_name")
    layouts = dict(zip(countries._ids, countries._held("address_format"), strict=True))
    standard = countries._model.defaults.get("address_format") or ""
    for id_, (street, street2, zip_, city, state, country) in zip(partners._ids, held, strict=True):
        parts = {"street": street, "street2": street2, "zip": zip_, "city": city, **states[state], **places[country]}
        (layout,) = layouts.get(country, (None,))
        found[id_] = "".join([text + str(parts.get(name) or "") for text, name in _pieces(layout or standard)])
    return found


def _parts(records: Recordset, code: str, name: str) -> dict[int | None, Mapping[str, Any]]:
    """Return the code and the name of states or countries, by the names that layouts have for them."""
    found = zip(records._ids, records._held("code", "name"), strict=True)
    return {None: {}, **{id_: dict(zip((code, name), held, strict=True)) for id_, held in found}}


@functools.lru_cache(maxsize=512)
def _pieces(layout: str) -> list[tuple[str, str]]:
    """Return the texts of a layout, each with the name of the part that follows it."""
    split = [*_PART.split(layout), ""]
    return list(zip(split[::2], split[1::2], strict=True))


def _shown_addresses(partners: Recordset) -> Mapping[int, str]:
    """Return the addresses, below the names of the partners' companies."""

    def look_up() -> Mapping[int, str]:
        found = _addresses(partners)
        companies = zip(found, partners._held("commercial_company_name"), strict=True)
        return found | {id_: f"{name}\n{found[id_]}" for id_, (name,) in companies if name}

    return shared(partners, "addresses", look_up)


# -- what companies and their contacts share


def _set_company(partners: Recordset, company: Any) -> None:
    """Set the company on the contacts of partners; raise UserError if a user of a partner has another one."""
    for partner in partners.exists():
        users = partner.sudo().user_ids
        if users and users.mapped("company_id").ids != [company]:
            raise UserError(
                partner.env._("The selected company is not compatible with the companies of the related user(s)")
            )
        if partner.child_ids:
            partner.child_ids.write({"company_id": company})


def _values(partner: Recordset, names: Iterable[str]) -> dict[str, Any]:
    """Return values of the partner as they are stored; NULL is False."""
    row = partner._rows()[0]
    return {
        name: False if (value := row.get(name)) is None else value for name in names if name in partner._model.fields
    }


def _update(partner: Recordset, values: Mapping[str, Any]) -> None:
    """Write the values that differ from the partner's own."""
    own = _values(partner, values)
    changed = {name: value for name, value in values.items() if own[name] != value}
    if changed:
        partner.write(changed)


def _copy_from_parent(partner: Recordset, vals: Mapping[str, Any]) -> None:
    """Copy commercial fields and address of its company to a contact whose company or type was written.

    In some generations every write copies the address.
    """
    type_ = vals.get("type", "contact" if partner.env.db.profile.rules.contact_keeps_no_address else None)
    if not (vals.get("parent_id") or type_ == "contact") or not partner.parent_id:
        return
    commercial = partner.commercial_partner_id
    if commercial._ids != partner._ids and vals.get("parent_id"):
        _update(partner, _values(commercial, COMMERCIAL))
    address = _values(partner.parent_id, ADDRESS)
    if partner.type == "contact" and any(address.values()):
        partner._write_address(address)


def _copy_to_children(partner: Recordset, vals: Mapping[str, Any]) -> None:
    """Copy written commercial fields and address of a company to its contacts that are not archived."""
    if vals.keys().isdisjoint(_SHARED):
        return
    if not partner.env.db.store.having(partner._name, "parent_id", partner._ids):
        return  # found faster than by reading the children in their order
    children = partner.child_ids
    if not children:
        return
    if partner.commercial_partner_id._ids == partner._ids and any(name in vals for name in COMMERCIAL):
        _copy_commercial(children, _values(partner, COMMERCIAL))
    if any(name in vals for name in ADDRESS):
        contacts = children.filtered(lambda child: child.type == "contact")
        contacts._write_address(_values(partner, [name for name in ADDRESS if name in vals]))


def _copy_commercial(contacts: Recordset, values: Mapping[str, Any]) -> None:
    """Write commercial fields of their company to the contacts and to those below them."""
    for contact in contacts.filtered(lambda contact: not contact.is_company):
        _copy_commercial(contact.child_ids, values)
        _update(contact, values)


def _copy_address_to_parent(partner: Recordset, contacts: dict[int, int]) -> None:
    """Copy the address of a company's first contact to the company, if that has none.

    The first contact is the only one that is not archived; two that were created together are none.  `contacts` keeps
    the number of contacts of each company, which takes long to count.
    """
    parent = partner.parent_id
    if not parent or not (parent.is_company or not parent.parent_id):
        return
    address = _values(partner, ADDRESS)
    if not any(address.values()) or any(_values(parent, ADDRESS).values()):
        return
    number = contacts.get(parent.id)
    if number is None:
        number = contacts[parent.id] = len(parent.child_ids)
    if number == 1:
        parent._write_address(address)


class Partner(models.Model):
    _inherit = "res.partner"
    _rec_names_search = ("complete_name", "display_name", "email", "ref", "vat", "company_registry")
    _child_of_sees_archived = True

    @api.depends("is_company", "parent_id.commercial_partner_id")
    def _compute_commercial_partner_id(self) -> None:
        for partner in self:
            partner.commercial_partner_id = _commercial_partner_id(partner)

    @api.depends("company_name", "parent_id.is_company", "commercial_partner_id.name")
    def _compute_commercial_company_name(self) -> None:
        for partner in self:
            partner.commercial_company_name = _commercial_company_name(partner)

    @api.depends("is_company", "name", "parent_id.name", "type", "company_name", "commercial_company_name")
    def _compute_complete_name(self) -> None:
        for partner in self:
            partner.complete_name = _complete_name(partner)

    @api.depends("is_company", "name", "parent_id.name", "type", "company_name", "commercial_company_name")
    def _compute_display_name(self) -> None:
        self._assign_each("display_name", _display_names(self))

    def _compute_contact_address(self) -> None:
        self._assign_each("contact_address", _shown_addresses(self))

    def _compute_contact_address_inline(self) -> None:
        found = _shown_addresses(self)
        inline = {id_: _LINE_ENDS.sub(", ", text).strip().strip(",") for id_, text in found.items()}
        self._assign_each("contact_address_inline", inline)

    @api.depends("email")
    def _compute_email_normalized(self) -> None:
        for partner in self:
            partner.email_normalized = normalized(partner.email)

    def _compute_email_formatted(self) -> None:
        held = zip(self._ids, self._held("name", "email"), strict=True)
        self._assign_each("email_formatted", {id_: _email_formatted(self.env, *own) for id_, own in held})

    def _compute_company_type(self) -> None:
        held = zip(self._ids, self._held("is_company"), strict=True)
        self._assign_each("company_type", {id_: "company" if company else "person" for id_, (company,) in held})

    @api.onchange("company_type")
    def _onchange_company_type(self) -> None:
        self.is_company = self.company_type == "company"

    def _inverse_company_type(self) -> None:
        for partner in self:
            partner.is_company = partner.company_type == "company"

    def _compute_self(self) -> None:
        self._assign_each("self", {id_: id_ for id_ in self._ids})

    def _compute_is_public(self) -> None:
        public = self.env.ref("base.public_user", raise_if_not_found=False)
        partner_id = public.partner_id.id if public else None
        self._assign_each("is_public", {id_: id_ == partner_id for id_ in self._ids})

    def _compute_active_lang_count(self) -> None:
        self.active_lang_count = sum(bool(row.get("active")) for row in self.env.db.store.rows("res.lang").values())

    @api.depends("user_ids.share", "user_ids.active")
    def _compute_partner_share(self) -> None:
        for partner in self:
            partner.partner_share = _partner_share(partner)

    @api.constrains("parent_id")
    def _check_no_loop(self) -> None:
        if any(hierarchy.has_loop(self.env, self._model, id_, "parent_id") for id_ in self._ids):
            raise ValidationError(self.env._("You cannot create recursive Partner hierarchies."))

    @api.constrains("barcode")
    def _check_barcode(self) -> None:
        """Raise ValidationError for a barcode that another partner has in the current company."""
        for partner in self:
            if partner.barcode and len(self.env.rows(self._model, [("barcode", "=", partner.barcode)])) > 1:
                raise ValidationError(self.env._(self.env.db.profile.rules.repeated_barcode_text))

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create partners; a contact gets the address of its company, and a company that of its first contact."""
        partners = super().create(with_website(vals_list))
        given = vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]
        contacts: dict[int, int] = {}
        for partner, vals in zip(partners, given, strict=True):
            _copy_from_parent(partner, {"type": "contact", **vals})
            _copy_to_children(partner, vals)
            _copy_address_to_parent(partner, contacts)
        return partners

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change partners; shared fields are copied to contacts."""
        read = {"all": self, "first": self[:1]}.get(self.env.db.profile.rules.partner_write_reads)
        if read and not self.env.su:
            check_access(read, "read")
            record_rules.check(read, "read")
        if vals.get("active") is False:
            refuse_archiving(self)
        if vals.get("company_id"):
            _set_company(self, vals["company_id"])
        if vals.get("country_id") and self.env.db.profile.rules.partner_country_read:
            self.env["res.country"].sudo().browse(vals["country_id"])._rows()
        if self and self.env.db.profile.rules.partner_write_reads_values:
            for name in vals:
                if name not in self._model.fields:
                    raise KeyError(name)
        super().write(with_website(vals))
        for partner in self.exists():
            _copy_from_parent(partner, vals)
            _copy_to_children(partner, vals)
        return True

    def _write_address(self, address: Mapping[str, Any]) -> None:
        """Write an address alone: it goes no further to contacts."""
        if address:
            super().write(address)

    def unlink(self) -> bool:
        """Delete partners, which must not be those of active users."""
        refuse_deletion(self)
        return super().unlink()

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named `Name (copy)` unless `default` has a name."""
        self.ensure_one()
        name = (default or {}).get("name") or self.env._("%s (copy)").replace("%s", str(self.name), 1)
        return super().copy({**(default or {}), "name": name})

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of matching partners; in some generations, those found by their display names come first.

        There, only operators that look for one text search more than the name.
        """
        if not self.env.db.profile.rules.partner_names_first or (not name and operator in ("like", "ilike")):
            return super()._name_search(name, domain, operator, limit, order)
        if not name or operator not in ("=", "ilike", "=ilike", "like", "=like"):
            return super()._name_search("", [*(domain or ()), ("name", operator, name)], "ilike", limit, order)
        named = super()._name_search("", [*(domain or ()), ("display_name", operator, name)], "ilike")
        found = tuple(dict.fromkeys((*named, *super()._name_search(name, domain, operator))))
        return list(slice_rows(found, 0, limit))


def _commercial_partner_id(partner: Recordset) -> int:
    """Return the id of the company that a contact belongs to, or of the partner itself."""
    row = partner._rows()[0]
    if row.get("is_company") or not row.get("parent_id"):
        return partner._ids[0]
    parent = partner.env.db.store.get("res.partner", row["parent_id"])
    return int((parent or {}).get("commercial_partner_id") or row["parent_id"])


def _commercial_company_name(partner: Recordset) -> str | None:
    row = partner._rows()[0]
    company = partner.env.db.store.get("res.partner", row.get("commercial_partner_id") or 0) or {}
    return company.get("name") if company.get("is_company") else row.get("company_name")


def _complete_name(partner: Recordset) -> str:
    """Return the name; for a contact of a company, `Company, Name`."""
    row = partner._rows()[0]
    name = row.get("name") or ""
    if row.get("company_name") or row.get("parent_id"):
        if not name and row.get("type") in _NAMED_BY_TYPE:
            name = dict(partner._model.fields["type"].selection)[row["type"]]
        if not row.get("is_company"):
            parent = partner.env.db.store.get("res.partner", row.get("parent_id") or 0) or {}
            name = f"{row.get('commercial_company_name') or parent.get('name') or ''}, {name}"
    return str(name).strip()


def _display_names(partners: Recordset) -> dict[int, str]:
    """Return `_display_name` of each partner: mostly it is the complete name."""
    if "complete_name" not in partners._model.fields or not partners.env.context.keys().isdisjoint(NAME_KEYS):
        return {partner._ids[0]: _display_name(partner) for partner in partners}
    names = {row["id"]: str(row.get("complete_name") or "") for row in partners._rows()}
    return {id_: _display_name(partners.browse(id_)) if "\n" in name else name.strip() for id_, name in names.items()}


def _display_name(partner: Recordset) -> str:
    """Return the complete name; `show_address`, `show_email` and `show_vat` in the context add to it.

    Until 16 there is no field for the complete name, and the display name is stored.
    """
    row, context = partner._rows()[0], partner.env.context
    name = (row.get("complete_name") or "") if "complete_name" in partner._model.fields else _complete_name(partner)
    if context.keys().isdisjoint(NAME_KEYS) and "\n" not in name:
        return str(name).strip()
    if context.get("show_address"):
        name = f"{name}\n{_addresses(partner)[partner._ids[0]]}"
    name = re.sub(r"\s+\n", "\n", name).strip()
    if context.get("address_inline"):
        name = ", ".join(line for line in name.split("\n") if line.strip())
    if context.get("show_email") and row.get("email"):
        name = f"{name} <{row['email']}>"
    if context.get("show_vat") and row.get("vat"):
        name = f"{name} ‒ {row['vat']}"
    return name


def _email_formatted(env: Environment, name: str | None, email: str | None) -> str | None:
    """Return `"Name" <address>`, with all addresses in the brackets if there are several."""
    if not email:
        return None
    normalised = env.db.profile.rules.email_formatted_normalised
    found = [address.lower() for address in EMAIL.findall(email)] if normalised else []
    quoted = (name or "False").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{",".join(found) or email}>'


def _partner_share(partner: Recordset) -> bool:
    """Return whether the partner has no internal user."""
    store = partner.env.db.store
    users = store.having("res.users", "partner_id", partner._ids)
    return not any(not store.rows("res.users")[i].get("share") for i in users)
