# mypy: ignore-errors
# ruff: noqa
from odoo import api, fields, models


class DepotWorkshop(models.Model):
    _name = "depot.workshop"
    _description = "Workshop"
    _inherits = {"res.partner": "partner_id"}
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    lifts = fields.Integer()


class DepotMechanic(models.Model):
    _name = "depot.mechanic"
    _description = "Mechanic"
    user_id = fields.Many2one("res.users", delegate=True, required=True, ondelete="cascade")
    grade = fields.Selection([("a", "A"), ("b", "B")], groups="base.group_system")


class DepotRepair(models.Model):
    _name = "depot.repair"
    _description = "Repair"
    _inherit = ["depot.priced"]
    name = fields.Char(required=True)
    vehicle_id = fields.Many2one("depot.vehicle")
    workshop_id = fields.Many2one("depot.workshop")
    part_ids = fields.One2many("depot.repair.part", "repair_id")
    lost_ids = fields.One2many("depot.repair.part", "no_such_field")
    urgent = fields.Boolean()


class DepotRepairPart(models.Model):
    _name = "depot.repair.part"
    _description = "Part of a repair"
    repair_id = fields.Many2one("depot.repair", required=True, ondelete="cascade")
    name = fields.Char(required=True)
    quantity = fields.Float(default=1.0)


class DepotInspection(models.Model):
    _name = "depot.inspection"
    _description = "Inspection"
    name = fields.Char(default="Inspection")
    due = fields.Date()
    passed = fields.Boolean(default=False)
