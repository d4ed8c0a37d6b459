"""mail.activity.type: delays, and the types that follow."""

from __future__ import annotations

from mockserver import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    def _compute_delay_label(self) -> None:
        for kind in self:
            units = dict(kind._model.fields["delay_unit"].selection or ())
            kind.delay_label = f"{kind.delay_count} {self.env._(units.get(kind.delay_unit, ''))}"

    @api.depends("chaining_type")
    def _compute_suggested_next_type_ids(self) -> None:
        for kind in self:
            kind.suggested_next_type_ids = False if kind.chaining_type == "trigger" else kind.suggested_next_type_ids

    @api.depends("chaining_type")
    def _compute_triggered_next_type_id(self) -> None:
        for kind in self:
            kind.triggered_next_type_id = False if kind.chaining_type == "suggest" else kind.triggered_next_type_id
