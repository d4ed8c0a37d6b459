"""product.template: services that are invoiced by working time.

Source: 17.0, from its public documentation; Inferred: other versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.sale_timesheet.time_units import is_time
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

_KEPT = "The %s product is required by the Timesheets app and cannot be archived nor deleted."
_SHARED = "The %s product is required by the Timesheets app and cannot be linked to a company."


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _get_service_to_general_map(self) -> dict[str, tuple[str, str]]:
        """Return `{service_policy: (invoice_policy, service_type)}`; what is prepaid is compared with the time."""
        known: dict[str, tuple[str, str]] = super()._get_service_to_general_map()  # type: ignore[misc]
        prepaid = self.env.db.profile.rules.prepaid_policy
        return {**known, "delivered_timesheet": ("delivery", "timesheet"), prepaid: ("order", "timesheet")}

    @api.versions(since=16)
    def _compute_service_upsell_threshold_ratio(self) -> None:
        """How long a unit of a service that is sold in units is."""
        hour: Any = self.env.ref("uom.product_uom_hour")
        one: Any = self.env.ref("uom.product_uom_unit")
        for template in self:
            shown = (template.company_id or self.env.company).timesheet_encode_uom_id
            ratio = float(shown.factor or 1.0) / float(hour.factor or 1.0)
            text = f"(1 {template.uom_id.name} = {ratio:.2f} {shown.name})"
            template.service_upsell_threshold_ratio = text if template.uom_id == one and not is_time(one) else False

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change products; the one of working time stays, for all companies."""
        if vals.get("active", True) is False or vals.get("company_id"):
            kept = _time_product(self).product_tmpl_id
            if kept and kept in self:
                text = _SHARED if vals.get("company_id") else _KEPT
                raise ValidationError(self.env._(text).replace("%s", str(kept.name)))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_master_data(self) -> None:
        kept = _time_product(self).product_tmpl_id
        if kept and kept in self:
            raise ValidationError(self.env._(_KEPT).replace("%s", str(kept.name)))


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _is_delivered_timesheet(self) -> bool:
        """Return whether the product is a service that is invoiced by working time."""
        return bool(self.type == "service" and self.service_policy == "delivered_timesheet")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_master_data(self) -> None:
        kept = _time_product(self)
        if kept and kept in self:
            raise ValidationError(self.env._(_KEPT).replace("%s", str(kept.name)))


def _time_product(products: Recordset) -> Recordset:
    """Return the product of working time of which projects are sold."""
    found = products.env.ref("sale_timesheet.time_product", raise_if_not_found=False)
    none: Recordset = products.env["product.product"]
    return found or none
