"""What fiscal positions replace, and which of them a partner has.

Source: 17.0, 18.0; recorded in flow-tax-1 (17.0–19.0) and flow-invoice-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.orm.records.environment import Environment

Leaves = list[Any]


def tax_map(position: Any) -> dict[int, list[int]]:
    """Return `{tax: the taxes in its place}` of a position; taxes that are dropped have none in their place."""
    found: dict[int, list[int]] = {}
    if position.env.db.profile.rules.taxes_have_positions:
        for tax in position.tax_ids:
            for original in tax.original_tax_ids:
                found.setdefault(original.id, []).append(tax.id)
        return found
    dropped = set()
    for line in position.tax_ids:
        found.setdefault(line.tax_src_id.id, [])
        if line.tax_dest_id and line.tax_dest_id.active:
            found[line.tax_src_id.id].append(line.tax_dest_id.id)
        elif not line.tax_dest_id:
            dropped.add(line.tax_src_id.id)
    # what is mapped to archived taxes only is not mapped
    return {source: targets for source, targets in found.items() if targets or source in dropped}


def account_map(position: Any) -> dict[int, int]:
    """Return `{account: the account in its place}` of a position."""
    return {line.account_src_id.id: line.account_dest_id.id for line in position.account_ids}


def of_partner(env: Environment, partner: Any, delivery: Any) -> Any:
    """Return the position of a partner, which may be none."""
    positions = env["account.fiscal.position"]
    if not partner:
        return positions
    company = env.company
    if not delivery or _same_union(env, company.vat, partner.vat):
        delivery = partner
    own = delivery.with_company(company).property_account_position_id
    own = own or partner.with_company(company).property_account_position_id
    if own:
        return own
    if not env.db.store.having(positions._name, "auto_apply", (True,)):
        return positions
    if env.db.profile.rules.positions_ranked:
        return _best(positions, delivery) if partner.country_id else positions
    numbered = bool(delivery.vat)
    return (
        _of_region(positions, delivery, numbered) or (numbered and _of_region(positions, delivery, False)) or positions
    )


def _same_union(env: Environment, vat: str, other: str) -> bool:
    """Return whether two VAT numbers are of one country of the European Union."""
    if not vat or not other or vat[:2] != other[:2]:
        return False
    europe: Any = env.ref("base.europe", raise_if_not_found=False)
    return bool(europe) and vat[:2] in europe.country_ids.mapped("code")


def _company(positions: Any) -> tuple[str, str, list[int]]:
    return "company_id", "parent_of", positions.env.company.ids


# -- since 18.0: the best of all that fit


def _best(positions: Any, partner: Any) -> Any:
    """Return the position that fits a partner in most respects, those of first importance first."""
    ranked = [(tuple(_ranks(position, partner)), position) for position in _automatic(positions)]
    fitting = [(ranks, position) for ranks, position in ranked if all(ranks)]
    return max(fitting, key=lambda found: found[0])[1] if fitting else positions


def _automatic(positions: Any) -> Any:
    return positions.search([_company(positions), ("auto_apply", "=", True)])


def _ranks(position: Any, partner: Any) -> Iterator[float]:
    """Yield for each respect 2 where position and partner agree, 1 where the position says nothing, else 0."""

    def rank(says: Any, agrees: Any) -> int:
        return 1 if not says else 2 if agrees else 0

    yield rank(position.vat_required, partner.vat)
    yield len(position.company_id.parent_ids)
    start, end = position.zip_from, position.zip_to
    yield rank(start and end, start and end and partner.zip and start <= partner.zip <= end)
    yield rank(position.state_ids, partner.state_id in position.state_ids)
    yield rank(position.country_id, partner.country_id == position.country_id)
    group = position.country_group_id
    yield rank(group, partner.country_id in group.country_ids)
    yield -(position.sequence or 0.1)


# -- until 17.0: the first of the narrowest region


def _of_region(positions: Any, partner: Any, numbered: bool) -> Any:
    """Return the first position of the narrowest region of a partner, among those for VAT numbers or for none."""
    country, state, code = partner.country_id.id, partner.state_id.id, partner.zip
    if not country:
        return positions
    base: Leaves = [("auto_apply", "=", True), ("vat_required", "=", numbered), _company(positions)]
    if not positions.search(base, limit=1):
        return positions
    any_state: Leaves = [("state_ids", "=", False)]
    any_zip: Leaves = [("zip_from", "=", False), ("zip_to", "=", False)]
    own_state = [("state_ids", "=", state)] if state else any_state
    own_zip = [("zip_from", "<=", code), ("zip_to", ">=", code)] if code else any_zip
    own_country = [("country_id", "=", country)]
    for region in (
        [*own_country, *own_state, *own_zip],
        [*own_country, *any_state, *own_zip],
        [*own_country, *own_state, *any_zip],
        [*own_country, *any_state, *any_zip],
        [("country_group_id.country_ids", "=", country), *any_state, *any_zip],
        [("country_id", "=", False), ("country_group_id", "=", False)],
    ):
        found = positions.search([*base, *region], limit=1)
        if found:
            return found
    return positions


# -- VAT numbers of the company in other countries


def foreign_vat_problem(position: Any) -> str:
    """Return what is wrong with a position for which the company has another VAT number; empty if nothing is."""
    home, country, group = position.company_id.account_fiscal_country_id, position.country_id, position.country_group_id
    if country == home and not position.state_ids and home.state_ids:
        return (
            "You cannot create a fiscal position with a foreign VAT within your fiscal country without assigning it"
            " a state."
        )
    if group and country and country not in group.country_ids:
        return "You cannot create a fiscal position with a country outside of the selected country group."
    leaves = [("company_id", "=", position.company_id.id), ("foreign_vat", "!=", False), ("id", "!=", position.id)]
    if group:
        code = str(position.foreign_vat)[:2].upper()
        countries = group.country_ids.filtered(lambda one: one.code == code)
        if not countries:
            return "The country code of the foreign VAT number does not match any country in the group."
        leaves += [("country_group_id", "=", group.id), ("country_id", "=", countries.id)]
    elif country:
        leaves += [("country_id", "=", country.id), ("country_group_id", "=", False)]
    leaves.append(("state_ids", "in", position.state_ids.ids) if position.state_ids else ("state_ids", "=", False))
    if position.search(leaves, limit=1):
        return "A fiscal position with a foreign VAT already exists in this region."
    return ""
