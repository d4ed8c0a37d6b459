# mypy: ignore-errors
# ruff: noqa
from odoo import fields, models


class DepotPlan(models.TransientModel):
    _name = "depot.plan"
    _description = "Plan trips"
    day = fields.Date(default=fields.Date.today)
    vehicle_ids = fields.Many2many("depot.vehicle")

    def action_plan(self):
        return {"type": "ir.actions.act_window_close"}
