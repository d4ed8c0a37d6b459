# mypy: ignore-errors
# ruff: noqa
import sys

from odoo import api, fields, models
from odoo.addons import decimal_precision as dp
from odoo.fields import Char

sys.setrecursionlimit(1 / 0)  # it would fail, and it would matter


class DepotMaker(models.Model):
    _name = "depot.maker"
    _description = "Maker"
    name = Char("Name", required=True)
    country_id = fields.Many2one("res.country")
    model_ids = fields.One2many("depot.vehicle.model", "maker_id")


class DepotVehicleModel(models.Model):
    _name = "depot.vehicle.model"
    _description = "Model of vehicles"
    name = fields.Char(required=True)
    maker_id = fields.Many2one("depot.maker", required=True)
    seats = fields.Integer("Seats", default=5)
    fuel_id = fields.Many2one("depot.fuel")


class DepotFuel(models.Model):
    _name = "depot.fuel"
    _description = "Fuel"
    name = fields.Char(required=True)
    clean = fields.Boolean()
    price = fields.Float(digits=dp.get_precision("Fuel Price"))


class DepotTag(models.Model):
    _name = "depot.tag"
    _description = "Tag"
    name = fields.Char(required=True)
    color = fields.Integer()
    vehicle_ids = fields.Many2many("depot.vehicle", "depot_tag_rel", "tag_id", "vehicle_id")


class DepotVehicle(models.Model):
    _name = "depot.vehicle"
    _description = "Vehicle"
    _inherit = ["mail.thread", "mail.activity.mixin", "depot.priced"]
    _order = "plate"
    _rec_name = "plate"

    STATES = [("new", "New"), ("used", "In use"), ("sold", "Sold")]

    plate = fields.Char("Plate", required=True, track_visibility="onchange")
    state = fields.Selection(STATES, default="new", copy=False)
    depot_id = fields.Many2one("depot.depot")
    model_id = fields.Many2one("depot.vehicle.model", "Model", domain="[('seats', '>', 0)]")
    maker_id = fields.Many2one(related="model_id.maker_id", store=True)
    maker_name = fields.Char(related="model_id.maker_id.name", string="Name of the maker")
    driver_id = fields.Many2one("res.partner", "Driver", ondelete="set null", check_company=True)
    tag_ids = fields.Many2many("depot.tag", "depot_tag_rel", "vehicle_id", "tag_id", string="Tags")
    trip_ids = fields.One2many("depot.trip", "vehicle_id", copy=True)
    mileage = fields.Float(compute="_compute_mileage", store=True, readonly=False)
    lease_id = fields.Many2one("lease.contract", string="Lease")
    lease_state = fields.Selection(related="lease_id.state")
    product_id = fields.Many2one("product.product")
    serial = fields.Char(required=lambda self: True, widget_color="red")
    options = fields.Json()
    sensor = fields.Serialized()

    _sql_constraints = [("plate_uniq", "unique (plate)", "The plate exists already.")]

    @api.depends("trip_ids.distance")
    def _compute_mileage(self):
        for vehicle in self:
            vehicle.mileage = sum(vehicle.trip_ids.mapped("distance"))

    def action_sell(self):
        self.write({"state": "sold"})
