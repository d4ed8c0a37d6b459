# mypy: ignore-errors
# ruff: noqa
from odoo import models


class Forgotten(models.Model):
    _name = "depot.forgotten"
