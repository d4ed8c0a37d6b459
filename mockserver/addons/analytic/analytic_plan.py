"""account.analytic.plan: trees of accounts; each tree but that of projects has a column of its own in the lines.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.trees import set_complete_names
from mockserver.orm.records.environment import Environment

if TYPE_CHECKING:
    from typing_extensions import Self

LINES = "account.analytic.line"


def column(plan: Any) -> str:
    """Return the column of the lines that has the accounts of a plan's tree."""
    own = f"x_plan{plan.root_id.id}_id"
    return own if own in plan.env.db.registry[LINES].fields else "account_id"


def columns(env: Environment) -> list[str]:
    """Return the columns of the lines that have accounts."""
    names = env.db.registry[LINES].fields
    own = [name for name in names if name.startswith("x_plan") and name.endswith("_id") and name[6:-3].isdigit()]
    return ["account_id", *own]


def project_plan(env: Environment) -> int | bool:
    """Return the analytic plan of projects: the configured one, else the first."""
    env = env.sudo()
    chosen = env["ir.config_parameter"].get_param("analytic.project_plan")
    plans = env["account.analytic.plan"]
    plan = plans.browse(int(chosen)).exists() if chosen and str(chosen).isdigit() else plans
    found: int | bool = (plan or plans.search([("parent_id", "=", False)], 0, 1)).id
    return found


class Plan(models.Model):
    _inherit = "account.analytic.plan"

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self) -> None:
        set_complete_names(self)

    @api.versions(since=17)
    @api.depends("parent_id", "parent_path")
    def _compute_root_id(self) -> None:
        for plan in self:
            root = plan
            while root.parent_id:
                root = root.parent_id
            plan.root_id = root

    @api.depends("account_ids")
    def _compute_account_count(self) -> None:
        for plan in self:
            plan.account_count = len(plan.account_ids)

    def _compute_all_account_count(self) -> None:
        for plan in self:
            below = plan.search([("id", "child_of", plan.id)])
            plan.all_account_count = len(below.account_ids)

    @api.depends("children_ids")
    def _compute_children_count(self) -> None:
        for plan in self:
            plan.children_count = len(plan.children_ids)

    @api.versions(since=17)
    def create(self, vals_list: Any) -> Self:
        """Create plans from `{field: value}` or a list of those; a plan without parent gets a column in the lines."""
        made = super().create(vals_list)
        made._sync_plan_column()
        return made

    @api.versions(since=17)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change plans; return True."""
        done = super().write(vals)
        if not {"name", "parent_id"}.isdisjoint(vals):
            self._sync_plan_column()
        return done

    @api.versions(since=17)
    def unlink(self) -> bool:
        """Delete plans with their columns; return True."""
        columns_of = [self._own_column(plan) for plan in self]
        done = super().unlink()
        for found in columns_of:
            found.unlink()
        return done

    @staticmethod
    def _own_column(plan: Any) -> Any:
        leaves = [("model", "=", LINES), ("name", "=", f"x_plan{plan.id}_id")]
        return plan.env["ir.model.fields"].sudo().search(leaves)

    def _sync_plan_column(self) -> None:
        """Give plans without parent their columns, with their names, and take those of others away."""
        projects = self.env.ref("analytic.analytic_plan_projects", raise_if_not_found=False)
        for plan in self:
            found = self._own_column(plan)
            if plan.parent_id:
                found.unlink()
            elif found:
                found.write({"field_description": plan.name})
            elif plan != projects:
                found.create(_column_values(plan))


def _column_values(plan: Any) -> dict[str, Any]:
    model = plan.env["ir.model"].sudo().search([("model", "=", LINES)])
    return {
        "name": f"x_plan{plan.id}_id",
        "field_description": plan.name,
        "state": "manual",
        "model": LINES,
        "model_id": model.id,
        "ttype": "many2one",
        "relation": "account.analytic.account",
        "store": True,
        "copied": True,
        "on_delete": "restrict",
    }
