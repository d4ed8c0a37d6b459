"""account.journal until 12.0: each journal has a sequence for its entries, and may have one for credit notes.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models

if TYPE_CHECKING:
    from typing_extensions import Self


class Journal(models.Model):
    _inherit = "account.journal"
    _until = 12

    def create(self, vals_list: Any) -> Self:
        """Create journals with their sequences."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        return super().create([self._with_sequences(dict(vals)) for vals in several])

    def _with_sequences(self, vals: dict[str, Any]) -> dict[str, Any]:
        code = str(vals.get("code") or "")
        vals["sequence_id"] = vals.get("sequence_id") or self._new_sequence(vals, code, "")
        if vals.get("type") in ("sale", "purchase") and vals.get("refund_sequence", True):
            new = vals.get("refund_sequence_id") or self._new_sequence(vals, f"R{code}", ": Refund")
            vals |= {"refund_sequence": True, "refund_sequence_id": new}
        return vals

    def _new_sequence(self, vals: Mapping[str, Any], code: str, suffix: str) -> int:
        """Create the sequence of a journal, and return its id."""
        made = (
            self.env["ir.sequence"]
            .sudo()
            .create(
                {
                    "name": f"{vals.get('name') or ''}{suffix}",
                    "implementation": "no_gap",
                    "prefix": f"{code.upper()}/%(range_year)s/",
                    "padding": 4,
                    "number_increment": 1,
                    "use_date_range": True,
                    "company_id": vals.get("company_id") or self.env.company.id,
                }
            )
        )
        return int(made.id)

    @api.computes("sequence_number_next", "refund_sequence_number_next")
    def _compute_sequence_number_next(self) -> None:
        """The number that the next entry would get."""
        for journal in self:
            journal.sequence_number_next = journal.sequence_id.number_next_actual or 1
            journal.refund_sequence_number_next = journal.refund_sequence_id.number_next_actual or 1
