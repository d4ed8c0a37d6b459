"""product.template and product.product: how services are invoiced, and what their orders make.

Source: 17.0, from its public documentation; Inferred: other versions.  `service_policy` says in one word what
`invoice_policy` and `service_type` say in two.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.sale_project import services
from mockserver.errors import ValidationError
from mockserver.orm.rights.access import in_group

_MILESTONES = "delivered_milestones"
_REASONS = {
    "no": "The product %s should not have a project nor a project template since it will not generate project.",
    services.GLOBAL_TASK: (
        "The product %s should not have a project template since it will generate a task in a global project."
    ),
    "project": "The product %s should not have a global project since it will generate a project.",
}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _compute_service_policy(self) -> None:
        """What the two other fields say; that of a service is prepaid if they say nothing that has a name."""
        names = {fields: policy for policy, fields in self._get_service_to_general_map().items()}
        for template in self:
            found = names.get((template.invoice_policy or "", template.service_type or ""))
            prepaid = self.env.db.profile.rules.prepaid_policy if template.type == "service" else False
            template.service_policy = found or prepaid

    def _inverse_service_policy(self) -> None:
        known = self._get_service_to_general_map()
        for template in self.filtered("service_policy"):
            policy, kind = known.get(template.service_policy, (False, False))
            template.write({"invoice_policy": policy, "service_type": kind})

    @api.onchange("service_policy")
    def _onchange_service_policy(self) -> None:
        known = self._get_service_to_general_map()
        if self.service_policy in known:
            self.invoice_policy, self.service_type = known[self.service_policy]

    @api.onchange("service_tracking")
    def _onchange_service_tracking(self) -> None:
        if self.service_tracking in ("no", services.NEW_PROJECT, services.PROJECT_AND_TASK):
            self.project_id = False
        if self.service_tracking in ("no", services.GLOBAL_TASK):
            self.project_template_id = False

    def _get_service_to_general_map(self) -> dict[str, tuple[str, str]]:
        """Return `{service_policy: (invoice_policy, service_type)}`."""
        return {
            self.env.db.profile.rules.prepaid_policy: ("order", "manual"),
            _MILESTONES: ("delivery", "milestones"),
            "delivered_manual": ("delivery", "manual"),
        }

    @api.model
    def fields_get(
        self, allfields: Collection[str] | None = None, attributes: Collection[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Describe fields; only users of milestones are offered to invoice by them."""
        described: dict[str, dict[str, Any]] = super().fields_get(allfields, attributes)
        policy = described.get("service_policy", {})
        if "selection" in policy and not in_group(self.env, "project.group_project_milestone"):
            policy["selection"] = [choice for choice in policy["selection"] if choice[0] != _MILESTONES]
        return described

    @api.constrains("project_id", "project_template_id")
    def _check_project_and_template(self) -> None:
        for template in self:
            kind, project, pattern = template.service_tracking, template.project_id, template.project_template_id
            wrong: Any = {"no": project or pattern, services.GLOBAL_TASK: pattern}.get(kind)
            if kind in services.WITH_PROJECT:
                kind, wrong = "project", project
            if wrong:
                raise ValidationError(self.env._(_REASONS[kind]).replace("%s", str(template.name)))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change products; what is no service makes neither projects nor tasks."""
        return super().write(_without_project(vals))


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change variants; what is no service makes neither projects nor tasks."""
        return super().write(_without_project(vals))


def _without_project(vals: Mapping[str, Any]) -> Mapping[str, Any]:
    if vals.get("type", "service") == "service":
        return vals
    return {**vals, "service_tracking": "no", "project_id": False}
