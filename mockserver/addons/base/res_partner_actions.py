"""The buttons of the contact form.  Source: 17.0; recorded in web-dataset (17.0)."""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.res_company import ADDRESS
from mockserver.orm.fields.relational import Many2one


class Partner(models.Model):
    _inherit = "res.partner"

    def create_company(self) -> bool:
        """Create the company that the contact names in `company_name`, as its parent and that of its contacts."""
        self.ensure_one()
        if self.company_name:
            fields = self._model.fields
            values = {name: self[name].id if isinstance(fields[name], Many2one) else self[name] for name in ADDRESS}
            company = self.create({"name": self.company_name, "is_company": True, "vat": self.vat, **values})
            moved = [(1, child.id, {"parent_id": company.id}) for child in self.child_ids]
            self.write({"parent_id": company.id, "child_ids": moved})
        return True

    def open_commercial_entity(self) -> dict[str, Any]:
        """Return the action that opens the company to which the contact belongs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form",
            "res_id": self.commercial_partner_id.id, "target": "current",
        }  # fmt: skip
