"""What products add to contacts: the pricelist.

Source: recorded in flow-product-4 (17.0, 19.0).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from mockserver import models
from mockserver.addons.base.res_groups import is_feature_enabled
from mockserver.orm.query.field_rows import field_ids
from mockserver.orm.records.environment import Environment, Recordset

_FIELD = "property_product_pricelist"
_OWN = "specific_property_product_pricelist"


class Partner(models.Model):
    _inherit = "res.partner"

    def _compute_property_product_pricelist(self) -> None:
        """The contact's own pricelist, else that of its country, else the first."""
        usual = _Usual(self.env)
        for partner in self:
            partner[_FIELD] = _pricelist(partner, usual)

    def _inverse_property_product_pricelist(self) -> None:
        for partner in self:
            usual = _of_country(self.env, partner, code_only=True)
            given, own = partner[_FIELD], _own(partner)
            if given or (own and usual and usual != own):
                _set_own(partner, given if given != usual else usual.browse())


class _Usual:
    """The pricelists of contacts that have none of their own, by country; each is looked up once."""

    def __init__(self, env: Environment) -> None:
        self._env = env
        self._by_country: dict[int, Recordset] = {}

    def of(self, partner: Recordset) -> Recordset:
        """Return the pricelist for the country of a contact, else that for every country."""
        country = partner.country_id.id
        if country not in self._by_country:
            self._by_country[country] = _of_country(self._env, partner) or self._elsewhere
        return self._by_country[country]

    @cached_property
    def _elsewhere(self) -> Recordset:
        without = _usable(self._env, [("country_group_ids", "=", False)])
        return without or _default(self._env) or _usable(self._env, [])


def _pricelist(partner: Recordset, usual: _Usual) -> Recordset:
    env = partner.env
    nothing: Recordset = env["product.pricelist"]
    if not _switched_on(env):
        return nothing
    own = _own(partner)
    return own if own.active else usual.of(partner)


def _switched_on(env: Environment) -> bool:
    """Return whether contacts have pricelists: from 19 on, if every internal user has that feature."""
    optional = env.db.profile.rules.pricelists_switched_on
    return not optional or is_feature_enabled(env, "product.group_product_pricelist")


def _usable(env: Environment, domain: list[Any]) -> Recordset:
    """Return the first active pricelist of the company or of none."""
    company = ("company_id", "in", (env.company.id, False))
    found: Recordset = env["product.pricelist"].search([("active", "=", True), company, *domain], limit=1)
    return found


def _of_country(env: Environment, partner: Recordset, *, code_only: bool = False) -> Recordset:
    """Return the first pricelist for a group with the contact's country."""
    country = partner.country_id
    if code_only:
        domain = [("country_group_ids.country_ids.code", "=", country.code or False)]
        found: Recordset = env["product.pricelist"].search(domain, limit=1)
        return found
    return _usable(env, [("country_group_ids.country_ids", "=", country.id)])


# -- the contact's own pricelist: a field of its own from 18 on, a row of ir.property before


def _own(partner: Recordset) -> Recordset:
    pricelists: Recordset = partner.env["product.pricelist"]
    if _OWN in partner._model.fields:
        own: Recordset = partner[_OWN]
        return own
    row = _property(partner.env, f"res.partner,{partner.id}")
    reference = str(row.value_reference or "") if row else ""
    found: Recordset = pricelists.browse(int(reference.partition(",")[2]) if reference else ())
    return found


def _default(env: Environment) -> Recordset:
    """Return the default of the field for the company."""
    row = _property(env, False) if "ir.property" in env else None
    reference = str(row.value_reference or "") if row else ""
    found: Recordset = env["product.pricelist"].browse(int(reference.partition(",")[2]) if reference else ()).exists()
    return found


def _property(env: Environment, record: str | bool) -> Recordset:
    """Return the row about a contact, or about none: that of the company before that of every company."""
    store, own = env.db.store, env.company.id
    rows = store.rows("ir.property")
    about = field_ids(env, env.db.registry["res.partner"].fields[_FIELD])
    found = [rows[id_] for id_ in store.having("ir.property", "fields_id", about)]
    fits = [row for row in found if (row.get("res_id") or False) == record and row.get("company_id") in (own, None)]
    first = min(fits, key=lambda row: (row.get("company_id") is None, row["id"]), default=None)
    return env["ir.property"].sudo().browse(first["id"] if first else ())


def _set_own(partner: Recordset, pricelist: Recordset) -> None:
    if _OWN in partner._model.fields:
        partner.write({_OWN: pricelist.id})
        return
    env = partner.env
    row = _property(env, f"res.partner,{partner.id}")
    value = f"product.pricelist,{pricelist.id}" if pricelist else False
    if not pricelist:
        row.unlink()
    elif row:
        row.write({"value_reference": value})
    else:
        about = env["ir.model.fields"].sudo().search([("model", "=", "res.partner"), ("name", "=", _FIELD)], limit=1)
        vals = {"name": _FIELD, "fields_id": about.id, "type": "many2one", "company_id": env.company.id}
        env["ir.property"].sudo().create({**vals, "res_id": f"res.partner,{partner.id}", "value_reference": value})
