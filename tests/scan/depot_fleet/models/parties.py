# mypy: ignore-errors
# ruff: noqa
from odoo import fields, models


class RouteClass(models.Model):
    name = fields.Char()


class DepotInsurance(models.Model):
    _name = "depot.insurance"
    _description = "Insurance"
    name = fields.Char(required=True)
    until = fields.Date()
    vehicle_id = fields.Many2one("depot.vehicle")


class Helper:
    secret = fields.Char()


name_of_the_day = "depot." + "x"


class Named(models.Model):
    _name = str(name_of_the_day)
    name = fields.Char()


if models:

    class Conditional(models.Model):
        _name = "depot.conditional"
