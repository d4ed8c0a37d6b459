# mypy: ignore-errors
# ruff: noqa
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"
    is_driver = fields.Boolean("Is a driver")
    vehicle_ids = fields.One2many("depot.vehicle", "driver_id")
    licence = fields.Selection([("b", "Cars"), ("c", "Lorries")])
    ref = fields.Char(required=False, help="The number in the depot's books")


class ResPartnerMore(models.Model):
    _inherit = "res.partner"
    licence = fields.Selection(selection_add=[("a", "Motorcycles"), ("b",), ("d", "Buses")], ondelete={"a": "set null"})


class Lease(models.Model):
    _inherit = "lease.contract"
    vehicle_id = fields.Many2one("depot.vehicle")
