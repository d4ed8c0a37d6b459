"""decimal.precision: how many decimal places prices, quantities and the like have.

Source: 17.0.
"""

from __future__ import annotations

from mockserver import api, models

_WITHOUT_ROW = 2


class DecimalPrecision(models.Model):
    _inherit = "decimal.precision"

    @api.model
    def precision_get(self, application: str) -> int:
        """Return the decimal places of a usage, such as `Product Price`; 2 for one without a row."""
        rows = self.env.db.store.rows("decimal.precision")
        found = [rows[i] for i in self.env.db.store.having("decimal.precision", "name", (application,))]
        return int(found[0].get("digits") or 0) if found else _WITHOUT_ROW
