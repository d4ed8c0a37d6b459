# mypy: ignore-errors
# ruff: noqa
from odoo import http


class DepotController(http.Controller):
    @http.route("/depot")
    def depot(self):
        return "depot"
