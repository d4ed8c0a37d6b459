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
_COUNTRIES = "country_group_ids.country_ids"


class Partner(models.Model):
    _inherit = "res.partner"

    def _compute_property_product_pricelist(self) -> None:
        """The contact's own pricelist, else that of its country, else the first."""
        if not _switched_on(self.env):
            self[_FIELD] = False
            return
        own, usual = _own(self), _Usual(self)
        used = {id_ for id_, pricelist in own.items() if pricelist.active}
        countries = zip(self._ids, self._held("country_id"), strict=True)
        found = {id_: own[id_] if id_ in used else usual.of(country) for id_, (country,) in countries}
        self._assign_each(_FIELD, {id_: pricelist.id for id_, pricelist in found.items()})

    def _inverse_property_product_pricelist(self) -> None:
        for partner in self:
            usual = _of_country(self.env, partner)
            given, own = partner[_FIELD], _own(partner).get(partner.id)
            if given or (own and usual and usual != own):
                _set_own(partner, given if given != usual else usual.browse())


class _Usual:
    """The pricelists of contacts that have none of their own, by country; each is looked up once, if it is needed."""

    def __init__(self, partners: Recordset) -> None:
        self._env = partners.env
        self._partners = partners

    def of(self, country: int | None) -> Recordset:
        """Return the pricelist for a country, else that for every country."""
        return (self._by_country.get(country) if country else self._nowhere) or self._elsewhere

    @cached_property
    def _all(self) -> Recordset:
        return _usable(self._env, [], limit=None)

    @cached_property
    def _local(self) -> Recordset:
        """Those that are for groups of countries."""
        return self._all.sudo()._having_lines("country_group_ids")

    @cached_property
    def _by_country(self) -> dict[int, Recordset]:
        """The first pricelist for a group with the country, of those that have one."""
        found: dict[int, Recordset] = {}
        if self._local:
            countries = self._partners.mapped("country_id")
            for pricelist in _usable(self._env, [(_COUNTRIES, "in", countries.ids)], limit=None):
                for country in pricelist.sudo().mapped(_COUNTRIES):
                    found.setdefault(country.id, pricelist)
        return found

    @cached_property
    def _nowhere(self) -> Recordset:
        return _usable(self._env, [(_COUNTRIES, "=", False)])

    @cached_property
    def _elsewhere(self) -> Recordset:
        local = set(self._local._ids)
        without = self._all.browse(id_ for id_ in self._all._ids if id_ not in local)
        return without[:1] or _default(self._env) or self._all[:1]


def _switched_on(env: Environment) -> bool:
    """Return whether contacts have pricelists: from 19 on, if every internal user has that feature."""
    optional = env.db.profile.rules.pricelists_switched_on
    return not optional or is_feature_enabled(env, "product.group_product_pricelist")


def _usable(env: Environment, domain: list[Any], limit: int | None = 1) -> Recordset:
    """Return the first active pricelist of the company or of none; without a limit all of them."""
    company = ("company_id", "in", (env.company.id, False))
    found: Recordset = env["product.pricelist"].search([("active", "=", True), company, *domain], limit=limit)
    return found


def _of_country(env: Environment, partner: Recordset) -> Recordset:
    """Return the first pricelist for a group with the code of the contact's country, whatever its company."""
    domain = [("country_group_ids.country_ids.code", "=", partner.country_id.code or False)]
    found: Recordset = env["product.pricelist"].search(domain, limit=1)
    return found


# -- the contact's own pricelist: a field of its own from 18 on, a row of ir.property before


class _Properties:
    """The rows of the field for the current company and for every company, by what they are about; looked up once."""

    def __init__(self, env: Environment) -> None:
        self._env = env

    def of(self, record: str | bool) -> Recordset:
        """Return the row about a contact, or about none: that of the company before that of every company."""
        return self._env["ir.property"].sudo().browse(self._ids.get(record, ()))

    def pricelist(self, record: str | bool) -> Recordset | None:
        """Return the pricelist of a contact, or of none."""
        row = self.of(record) if record in self._ids else None
        reference = str(row.value_reference or "") if row else ""
        return self._env["product.pricelist"].browse(int(reference.partition(",")[2])) if reference else None

    @cached_property
    def _ids(self) -> dict[str | bool, int]:
        env, own = self._env, self._env.company.id
        rows = env.db.store.rows("ir.property")
        about = field_ids(env, env.db.registry["res.partner"].fields[_FIELD])
        found = [rows[id_] for id_ in env.db.store.having("ir.property", "fields_id", about)]
        fits = [row for row in found if row.get("company_id") in (own, None)]
        fits.sort(key=lambda row: (row.get("company_id") is not None, -row["id"]))  # the last one counts
        return {row.get("res_id") or False: row["id"] for row in fits}


def _own(partners: Recordset) -> dict[int, Recordset]:
    """Return the contacts' own pricelists, of those that have one."""
    if _OWN in partners._model.fields:
        pricelists: Recordset = partners.env["product.pricelist"]
        held = zip(partners._ids, partners._held(_OWN), strict=True)
        return {id_: pricelists.browse(own) for id_, (own,) in held if own}
    properties = _Properties(partners.env)
    found = {id_: properties.pricelist(f"res.partner,{id_}") for id_ in partners._ids}
    return {id_: pricelist for id_, pricelist in found.items() if pricelist}


def _default(env: Environment) -> Recordset:
    """Return the default of the field for the company."""
    found = _Properties(env).pricelist(False) if "ir.property" in env else None
    usable: Recordset = (found or env["product.pricelist"]).exists()
    return usable


def _set_own(partner: Recordset, pricelist: Recordset) -> None:
    if _OWN in partner._model.fields:
        partner.write({_OWN: pricelist.id})
        return
    env = partner.env
    row = _Properties(env).of(f"res.partner,{partner.id}")
    value = f"product.pricelist,{pricelist.id}" if pricelist else False
    if not pricelist:
        row.unlink()
    elif row:
        row.write({"value_reference": value})
    else:
        about = env["ir.model.fields"].sudo().search([("model", "=", "res.partner"), ("name", "=", _FIELD)], limit=1)
        vals = {"name": _FIELD, "fields_id": about.id, "type": "many2one", "company_id": env.company.id}
        env["ir.property"].sudo().create({**vals, "res_id": f"res.partner,{partner.id}", "value_reference": value})
