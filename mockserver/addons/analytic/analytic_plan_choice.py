"""account.analytic.plan: which plans apply to a document; rights of companies over accounts.

Inferred: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.analytic.analytic_plan import LINES, column
from mockserver.addons.base.trees import set_complete_names
from mockserver.errors import UserError, ValidationError

_ACCOUNTS = "account.analytic.account"


class PlanChoice(models.Model):
    _inherit = "account.analytic.plan"

    def _applicability(self, document: Mapping[str, Any]) -> str:
        """How the plan applies to a document: as its best fitting rule says, else as the plan does."""
        if document.get("applicability"):
            return str(document["applicability"])
        found, best = str(self.default_applicability or "optional"), 0
        for rule in self.applicability_ids:
            score = rule._score(document)
            if score > best:
                found, best = str(rule.applicability), score
        return found

    def get_relevant_plans(self, **kwargs: Any) -> list[dict[str, Any]]:
        """Return the plans that apply to a document: those with accounts, and those of accounts that it has already."""
        existing = self.env[_ACCOUNTS].browse(kwargs.get("existing_account_ids") or ()).exists()
        roots = self.sudo().search([("parent_id", "=", False)])
        usable = roots.filtered(
            lambda plan: plan.all_account_count > 0 and plan._applicability(kwargs) != "unavailable"
        )
        found = []
        for plan in usable | existing.root_plan_id:
            values = {
                "id": plan.id,
                "name": plan.name,
                "color": plan.color,
                "applicability": plan._applicability(kwargs) if plan in usable else "optional",
                "all_account_count": plan.all_account_count,
            }
            found.append({**values, **({"column_name": column(plan)} if "root_id" in plan else {})})
        return sorted(found, key=lambda plan: (str(plan["applicability"]), plan["id"]))

    def action_view_analytical_accounts(self) -> dict[str, Any]:
        """Return the action that lists the accounts of the plan."""
        context = {"default_plan_id": self.id}
        return self._action("Analytical Accounts", _ACCOUNTS, [["plan_id", "child_of", self.id]], context)

    def action_view_children_plans(self) -> dict[str, Any]:
        """Return the action that lists the plans below."""
        context = {"default_parent_id": self.id, "default_color": self.color}
        return self._action("Analytical Plans", self._name, [["parent_id", "=", self.id]], context)

    def _action(self, name: str, model: str, domain: list[Any], context: dict[str, Any]) -> dict[str, Any]:
        view = self.env.db.profile.rules.list_view
        return {"type": "ir.actions.act_window", "name": name, "res_model": model, "view_mode": f"{view},form",
                "domain": domain, "context": context}  # fmt: skip


class Applicability(models.Model):
    _inherit = "account.analytic.applicability"

    def _score(self, document: Mapping[str, Any]) -> int:
        """How well the rule fits a document; -1 if it does not."""
        company = document.get("company_id")
        if "company_id" in self and self.company_id and company and self.company_id.id != company:
            return -1
        domain = document.get("business_domain")
        if not domain:
            return 0
        return 1 if domain == self.business_domain else -1


class AccountCompany(models.Model):
    _inherit = _ACCOUNTS

    @api.constrains("company_id")
    def _check_company_consistency(self) -> None:
        for account in self.filtered("company_id"):
            others = [("account_id", "=", account.id), ("company_id", "!=", account.company_id.id)]
            if self.env[LINES].sudo().search_count(others):
                raise UserError(
                    "You can't set a different company on your analytic account since there are some analytic items"
                    " linked to it."
                )

    @api.versions(until=16)
    @api.depends("plan_id", "plan_id.parent_path")
    def _compute_root_plan_id(self) -> None:
        for account in self:
            path = str(account.plan_id.parent_path or "").partition("/")[0]
            account.root_plan_id = int(path) if path else account.plan_id


class LineCompany(models.Model):
    _inherit = LINES

    @api.constrains("company_id", "account_id")
    def _check_company_id(self) -> None:
        for line in self:
            company = line.account_id.company_id
            if company and line.company_id != company:
                raise ValidationError(
                    "The selected account belongs to another company than the one you're trying to create an analytic"
                    " item for"
                )


class Group(models.Model):
    """Groups of analytic accounts, until 15."""

    _inherit = "account.analytic.group"

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self) -> None:
        set_complete_names(self)
