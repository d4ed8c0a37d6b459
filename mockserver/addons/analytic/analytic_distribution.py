"""How an amount is shared out to analytic accounts: `{"7": 60.0, "8,9": 40.0}`, the accounts of a part by their ids.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.addons.analytic.analytic_plan import column
from mockserver.orm.fields.numbers import round_half_up, round_to
from mockserver.orm.records.environment import Environment

_PLACES = 2
_MODELS = "account.analytic.distribution.model"


def accounts_of(env: Environment, key: str) -> Any:
    """Return the accounts that a key of a distribution names."""
    ids = [int(part) for part in str(key).split(",") if part.strip().isdigit()]
    return env["account.analytic.account"].sudo().browse(ids).exists()


def parts(env: Environment, distribution: Mapping[str, Any], amount: float, step: float) -> list[dict[str, Any]]:
    """Return the values of the lines that an amount is shared out to: accounts by column, and the amount of each.

    The part that completes the hundred percent of a plan gets what is left of the amount.
    """
    given: dict[int, float] = {}
    found = []
    for key, share in distribution.items():
        values: dict[str, Any] = {}
        own = 0.0
        for account in accounts_of(env, key):
            plan = _root(account)
            before, after = given.get(plan, 0.0), given.get(plan, 0.0) + float(share)
            complete = round_half_up(after, _PLACES) == 100
            own = amount * ((100 - before) if complete else float(share)) / 100
            given[plan] = after
            values[column(account.plan_id) if plan else "account_id"] = account.id
        own = round_to(own, step)
        if own:
            found.append({**values, "amount": own})
    return found


def _root(account: Any) -> int:
    if "plan_id" not in account or "root_id" not in account.plan_id:
        return 0
    root: int = account.plan_id.root_id.id
    return root


def from_models(env: Environment, wanted: Mapping[str, Any]) -> dict[str, float]:
    """Return the distribution that the models for a partner, a product, an account say; those of one plan each.

    `wanted` has the values of `partner_id`, `partner_category_id` (ids), `product_id`, `product_categ_id`,
    `account_prefix` (the code) and `company_id`.
    """
    if _MODELS not in env:
        return {}
    found: dict[str, float] = {}
    plans: set[int] = set()
    for model in env[_MODELS].sudo().search([]):
        if not _fits(model, wanted) or not model.analytic_distribution:
            continue
        own = {_root(account) for key in model.analytic_distribution for account in accounts_of(env, key)}
        if not plans & own:
            found |= model.analytic_distribution
            plans |= own
    return found


def _fits(model: Any, wanted: Mapping[str, Any]) -> bool:
    """Return whether all that a model asks for is so."""
    row = model._rows()[0]
    for name in ("partner_id", "product_id", "product_categ_id", "company_id"):
        if row.get(name) and row[name] != wanted.get(name):
            return False
    if row.get("partner_category_id") and row["partner_category_id"] not in (wanted.get("partner_category_id") or ()):
        return False
    prefixes = [part for part in str(row.get("account_prefix") or "").replace(";", ",").split(",") if part.strip()]
    code = str(wanted.get("account_prefix") or "")
    return not prefixes or any(code.startswith(part.strip()) for part in prefixes)
