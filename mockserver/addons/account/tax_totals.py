"""`tax_totals` of documents, and what older versions have in its place.

    totals = of_document(env, lines, currency=currency, company=company)          # orders
    totals = of_document(env, lines, currency=…, company=…, present=…, cash_rounding=…)   # invoices: see `tax_groups`

`lines` are those of the tax engine, of one currency.

Source: 16.0, 17.0, 19.0; recorded in flow-sale-1, flow-purchase-1 (17.0–19.0) and flow-invoice-2 (17.0).  `Inferred:`
14.0 and 15.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_groups import Group, Present, Totals, by_group
from mockserver.addons.account.tax_records import method_of
from mockserver.addons.base.money import amount_text
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Environment

UNTAXED = "Untaxed Amount"
NONE: Present = {}


def of_document(
    env: Environment,
    lines: Sequence[engine.BaseLine],
    *,
    currency: Any,
    company: Any,
    present: Present = NONE,
    cash_rounding: Any = None,
) -> dict[str, Any]:
    """Return the totals of a document by tax group, in the shape of the version."""
    totals = _totals(lines, company, present)
    if method_of(company).batches:
        return _Summary(env, totals, currency, company).worded(cash_rounding)
    found = _worded(env, totals, currency, company)
    if cash_rounding:
        _add_cash_rounding(env, found, currency, cash_rounding)
    return found


def as_json(totals: Mapping[str, Any]) -> str:
    """Return totals as 15.0 has them."""
    wanted = ("amount_total", "amount_untaxed", "formatted_amount_total", "formatted_amount_untaxed", "subtotals")
    groups = {name: [dict(group) for group in of] for name, of in totals["groups_by_subtotal"].items()}
    return json.dumps(
        {**{key: totals[key] for key in wanted}, "groups_by_subtotal": groups, "allow_tax_edition": False}
    )


def amount_by_group(
    env: Environment, lines: Sequence[engine.BaseLine], *, currency: Any, company: Any, present: Present = NONE
) -> list[tuple[Any, ...]]:
    """Return the tax groups of a document as 14.0 lists them."""
    groups = _sorted(env, _totals(lines, company, present).groups)
    return [
        (
            record.name, group.amount, group.base, amount_text(env, group.amount, currency),
            amount_text(env, group.base, currency), len(groups), group.id,
        )
        for record, group in groups
    ]  # fmt: skip


def _totals(lines: Sequence[engine.BaseLine], company: Any, present: Present) -> Totals:
    method = method_of(company)
    return by_group(lines, [engine.compute_line(line, method) for line in lines], method, present)


def _sorted(env: Environment, groups: Sequence[Group]) -> list[tuple[Any, Group]]:
    """Return the groups with their records, in the order of those."""
    records = env["account.tax.group"].sudo()
    found = [(records.browse(group.id), group) for group in groups]
    return sorted(found, key=lambda pair: (pair[0].sequence, pair[1].id))


def _heading(env: Environment, record: Any) -> str:
    return str(("preceding_subtotal" in record and record.preceding_subtotal) or env._(UNTAXED))


# -- until 17.0


def _worded(env: Environment, totals: Totals, currency: Any, company: Any) -> dict[str, Any]:
    step = float(currency.rounding)
    foreign = currency != company.currency_id
    headings: dict[str, int] = {}
    by_heading: dict[str, list[dict[str, Any]]] = {}
    groups = _sorted(env, totals.groups)
    for record, group in groups:
        heading = _heading(env, record)
        headings.setdefault(heading, record.sequence)
        by_heading.setdefault(heading, []).append(_worded_group(env, record, group, currency, foreign=foreign))
    untaxed, taxes, taxes_company, subtotals = round_to(totals.whole.base, step), 0.0, 0.0, []
    for heading in headings:
        amount = untaxed + taxes
        subtotal = {"name": heading, "amount": amount, "formatted_amount": amount_text(env, amount, currency)}
        if foreign:
            subtotal["amount_company_currency"] = totals.whole.base_company + taxes_company
            taxes_company += sum(group["tax_group_amount_company_currency"] for group in by_heading[heading])
        subtotals.append(subtotal)
        taxes += sum(group["tax_group_amount"] for group in by_heading[heading])
    total = round_to(untaxed + taxes, step)
    found = {
        "amount_untaxed": untaxed,
        "amount_total": total,
        "formatted_amount_total": amount_text(env, total, currency),
        "formatted_amount_untaxed": amount_text(env, untaxed, currency),
        "groups_by_subtotal": by_heading,
        "subtotals": subtotals,
        "subtotals_order": list(headings),
        "display_tax_base": len(groups) > 1 or any(round_to(g.base - untaxed, step) != 0 for _, g in groups),
    }
    if foreign:
        found["amount_total_company_currency"] = totals.whole.base_company + taxes_company
    return found


def _worded_group(env: Environment, record: Any, group: Group, currency: Any, *, foreign: bool) -> dict[str, Any]:
    found = {
        "group_key": group.id,
        "tax_group_id": group.id,
        "tax_group_name": record.name,
        "tax_group_amount": group.amount,
        "tax_group_base_amount": group.base,
        "formatted_tax_group_amount": amount_text(env, group.amount, currency),
        "formatted_tax_group_base_amount": amount_text(env, group.base, currency),
    }
    if env.db.profile.rules.tax_totals_hide_base:
        found["hide_base_amount"] = group.fixed
    if foreign:
        found["tax_group_amount_company_currency"] = group.amount_company
        found["tax_group_base_amount_company_currency"] = group.base_company
    return found


def _add_cash_rounding(env: Environment, found: dict[str, Any], currency: Any, rounding: Any) -> None:
    """Add what rounding the total to coins changes: to a line of its own, or to the largest tax."""
    difference = rounding.compute_difference(currency, found["amount_total"])
    found["display_rounding"] = True
    if not difference:
        return
    if rounding.strategy == "add_invoice_line":
        total = round_to(found["amount_total"] + difference, float(currency.rounding))
        found |= {
            "rounding_amount": difference,
            "formatted_rounding_amount": amount_text(env, difference, currency),
            "amount_total_rounded": total,
            "formatted_amount_total_rounded": amount_text(env, total, currency),
        }
    elif found["subtotals_order"]:
        groups = [group for of in found["groups_by_subtotal"].values() for group in of]
        largest = max(groups, key=lambda group: group["tax_group_amount"])
        largest["tax_group_amount"] += difference
        largest["formatted_tax_group_amount"] = amount_text(env, largest["tax_group_amount"], currency)
        found["amount_total"] += difference
        found["formatted_amount_total"] = amount_text(env, found["amount_total"], currency)


# -- since 18.0


class _Summary:
    """The totals as a summary of amounts in both currencies."""

    def __init__(self, env: Environment, totals: Totals, currency: Any, company: Any) -> None:
        self.env, self.totals, self.currency, self.company = env, totals, currency, company.currency_id

    def worded(self, cash_rounding: Any) -> dict[str, Any]:
        """Return the summary."""
        whole = self.totals.whole
        found: dict[str, Any] = {
            "currency_id": self.currency.id,
            "currency_pd": self.currency.rounding,
            "company_currency_id": self.company.id,
            "company_currency_pd": self.company.rounding,
            "has_tax_groups": bool(self.totals.groups),
            **self._amounts("base_amount", whole.base, whole.base_company),
            **self._amounts("tax_amount", whole.amount, whole.amount_company),
            "subtotals": [],
        }
        bases = self._add_subtotals(found)
        cash = self._cash(found, cash_rounding) if cash_rounding else (0.0, 0.0)
        places = int(self.currency.decimal_places)
        found["same_tax_base"] = len({f"{base:.{places}f}" for base in (*bases, found["base_amount_currency"])}) == 1
        total = found["base_amount_currency"] + found["tax_amount_currency"] + cash[0]
        return found | self._amounts("total_amount", total, found["base_amount"] + found["tax_amount"] + cash[1])

    def _amounts(self, name: str, own: float, company: float) -> dict[str, float]:
        return {
            f"{name}_currency": round_to(own, float(self.currency.rounding)),
            name: round_to(company, float(self.company.rounding)),
        }

    def _add_subtotals(self, found: dict[str, Any]) -> list[float]:
        """Add the groups below their headings; return the bases that are shown."""
        by_heading: dict[str, list[dict[str, Any]]] = {}
        shown = []
        for record, group in _sorted(self.env, self.totals.groups):
            worded = self._group(record, group)
            by_heading.setdefault(_heading(self.env, record), []).append(worded)
            if worded["display_base_amount_currency"] is not False:
                shown.append(worded["display_base_amount_currency"])
        above, above_company = found["base_amount_currency"], found["base_amount"]
        for heading, groups in (by_heading or {self.env._(UNTAXED): []}).items():
            own = sum(group["tax_amount_currency"] for group in groups)
            company = sum(group["tax_amount"] for group in groups)
            found["subtotals"].append(
                {
                    "tax_groups": groups,
                    **self._amounts("tax_amount", own, company),
                    **self._amounts("base_amount", above, above_company),
                    "name": heading,
                }
            )
            above, above_company = above + own, above_company + company
        return shown

    def _group(self, record: Any, group: Group) -> dict[str, Any]:
        base = self._amounts("base_amount", group.base, group.base_company)
        shown: dict[str, Any] = {f"display_{name}": amount for name, amount in base.items()}
        if group.fixed:
            shown = dict.fromkeys(shown, False)
        elif group.part_of_price:
            shown = self._amounts("display_base_amount", group.prices, group.prices_company)
        return {
            "id": group.id,
            "involved_tax_ids": sorted(group.taxes, key=lambda id_: (group.taxes[id_].sequence, id_)),
            **self._amounts("tax_amount", group.amount, group.amount_company),
            **base,
            **shown,
            "group_name": record.name,
            "group_label": record.pos_receipt_label,
        }

    def _cash(self, found: dict[str, Any], rounding: Any) -> tuple[float, float]:
        """Add what rounding the total to coins changes; return what is added beside bases and taxes."""
        own, company = (
            found["base_amount_currency"] + found["tax_amount_currency"],
            found["base_amount"] + found["tax_amount"],
        )
        difference = rounding.compute_difference(self.currency, own)
        rate = abs(own / company) if company else 0.0
        changes = self._amounts("", difference, difference / rate if rate else 0.0)
        if not changes["_currency"]:
            return 0.0, 0.0
        if rounding.strategy == "add_invoice_line":
            found |= {f"cash_rounding_base_amount{suffix}": amount for suffix, amount in changes.items()}
            return changes["_currency"], changes[""]
        groups = [(subtotal, group) for subtotal in found["subtotals"] for group in subtotal["tax_groups"]]
        if groups:
            subtotal, group = max(groups, key=lambda pair: pair[1]["tax_amount_currency"])
            for target in (group, subtotal, found):
                for suffix, amount in changes.items():
                    target[f"tax_amount{suffix}"] += amount
        return 0.0, 0.0
