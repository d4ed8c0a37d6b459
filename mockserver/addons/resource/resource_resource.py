"""resource.resource: by default it has the company's working hours, and the time zone of its user or of these hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class Resource(models.Model):
    _inherit = "resource.resource"

    def _default_calendar_id(self) -> Recordset:
        return self.env.company.resource_calendar_id  # type: ignore[no-any-return]

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create resources; see above."""
        single = isinstance(vals_list, Mapping)
        given = [_complete(self, vals) for vals in ([vals_list] if single else vals_list)]
        return super().create(given[0] if single else given)

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named `Name (copy)`."""
        self.ensure_one()
        return super().copy({"name": f"{self.name} (copy)", **(default or {})})


def _complete(resources: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    env, values = resources.env, dict(vals)
    if values.get("company_id") and "calendar_id" not in values:
        values["calendar_id"] = env["res.company"].browse(values["company_id"]).resource_calendar_id.id
    if not values.get("tz"):
        zone = env["res.users"].browse(values.get("user_id") or ()).tz
        zone = zone or env["resource.calendar"].browse(values.get("calendar_id") or ()).tz
        values |= {"tz": zone} if zone else {}
    return values
