# mypy: ignore-errors
# ruff: noqa
from odoo import api, fields, models


def _today(self):
    return fields.Date.today()


class DepotTrip(models.Model):
    _name = "depot.trip"
    _description = "Trip"
    _order = "date desc, id"

    name = fields.Char(required=True, default="New", readonly=True, copy=False)
    date = fields.Date(required=True, default=_today)
    vehicle_id = fields.Many2one("depot.vehicle", required=True, ondelete="cascade")
    depot_id = fields.Many2one("depot.depot", related="vehicle_id.depot_id", store=True, readonly=True)
    stop_ids = fields.One2many("depot.stop", "trip_id", "Stops")
    distance = fields.Float("Distance", digits="Distance")
    duration = fields.Integer(compute="_compute_duration")
    cost = fields.Monetary(compute="_compute_cost", store=True, required=True)
    currency_id = fields.Many2one("res.currency")
    target = fields.Reference([("depot.depot", "Depot"), ("res.partner", "Contact")])
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")

    def _compute_duration(self):
        self.duration = 0

    def _compute_cost(self):
        self.cost = 0


class DepotStop(models.Model):
    _name = "depot.stop"
    _description = "Stop"
    _order = "sequence, id"
    sequence = fields.Integer(default=1)
    trip_id = fields.Many2one("depot.trip", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True)
    arrived = fields.Datetime()


class DepotTripReport(models.Model):
    _name = "depot.trip.report"
    _description = "Trips by depot"
    _auto = False
    _order = "no_such_field"
    depot_id = fields.Many2one("depot.depot", readonly=True)
    distance = fields.Float(readonly=True)
