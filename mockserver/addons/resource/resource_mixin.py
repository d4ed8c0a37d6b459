"""resource.mixin: records that are a resource, such as employees; each is created with its resource.

Source: recorded in flow-hr-1, flow-rights-1 (17.0): the right to create the resource is asked for first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.methods.copying import for_each_record

if TYPE_CHECKING:
    from typing_extensions import Self


class ResourceMixin(models.AbstractModel):
    _inherit = "resource.mixin"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create records, each with its resource."""
        single = isinstance(vals_list, Mapping)
        given = [dict(vals) for vals in ([vals_list] if single else vals_list)]
        for vals in given:
            if not vals.get("resource_id"):
                zone = vals.pop("tz", None) or self._calendar_zone(vals)
                vals["resource_id"] = self.env["resource.resource"].create(self._prepare_resource_values(vals, zone)).id
        return super().create(given[0] if single else given)

    def _calendar_zone(self, vals: Mapping[str, Any]) -> Any:
        return self.env["resource.calendar"].browse(vals.get("resource_calendar_id") or ()).tz

    def _prepare_resource_values(self, vals: dict[str, Any], tz: Any) -> dict[str, Any]:
        """Return the values of the resource of a new record."""
        label = self._model.label_field or "name"
        values = {"name": vals.get(label), "company_id": vals.get("company_id", self.env.company.id)}
        values |= {"tz": tz} if tz else {}
        values |= {"calendar_id": vals["resource_calendar_id"]} if vals.get("resource_calendar_id") else {}
        return values

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, which has a resource of its own."""
        self.ensure_one()
        values = dict(default or {})
        if not values.get("resource_id"):
            changed = {key: values[name] for key, name in _COPIED if name in values}
            values["resource_id"] = self.resource_id.copy(changed).id
        return super().copy(values)


# value of a resource → value of the record that it is taken from
_COPIED = (("company_id", "company_id"), ("calendar_id", "resource_calendar_id"))
