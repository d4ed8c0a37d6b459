# mypy: ignore-errors
# ruff: noqa
from odoo import api, fields, models


class DepotCoded(models.AbstractModel):
    _name = "depot.coded"
    _description = "Something with a code"

    code = fields.Char(size=8, index=True, copy=False)
    sequence = fields.Integer(default=10)


class DepotPriced(models.AbstractModel):
    _name = "depot.priced"

    currency_id = fields.Many2one("res.currency", default=lambda self: self.env.ref("base.EUR"))
    price = fields.Monetary(string="Price", currency_field="currency_id")
