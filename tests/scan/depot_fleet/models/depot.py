# mypy: ignore-errors
# ruff: noqa
from odoo import _, api, fields, models

KINDS = [("city", "City"), ("land", "Country")]
KINDS_OF_PLACES = KINDS + [("sea", _("Harbour"))]


class Depot(models.Model):
    """A place where vehicles stand."""

    _name = "depot.depot"
    _inherit = ["mail.thread", "depot.coded"]
    _description = "Depot"
    _order = "sequence, name desc"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_names_search = ["name", "code"]

    name = fields.Char("Depot", required=True, translate=True, tracking=True)
    parent_id = fields.Many2one("depot.depot", "Above", ondelete="restrict", index=True)
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("depot.depot", "parent_id")
    kind = fields.Selection(KINDS_OF_PLACES, default="city", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    keeper_id = fields.Many2one("res.users", default=lambda self: self.env.user, string="Keeper")
    opened = fields.Date(default=fields.Date.context_today)
    checked_at = fields.Datetime(default=lambda self: fields.Datetime.now())
    vehicle_ids = fields.One2many("depot.vehicle", "depot_id", string="Vehicles")
    vehicle_count = fields.Integer(compute="_compute_vehicle_count", help="How many vehicles stand here")
    note = fields.Html(sanitize=True, groups="base.group_user")
    picture = fields.Image(max_width=128, max_height=128)
    budget = fields.Float(company_dependent=True, digits=(16, 3))
    gate_code = fields.Char(default=lambda self: self._draw_code())
    opening = fields.Selection(selection="_openings", default="day")
    policy = fields.Selection(selection="_policies")

    _sql_constraints = [
        ("code_uniq", "unique(code)", "Two depots cannot have the same code."),
        ("sequence_positive", "CHECK(sequence >= 0)", _("The sequence is negative.")),
        ("no_overlap", "EXCLUDE USING gist (code WITH =)", "They overlap."),
    ]

    @api.depends("vehicle_ids", "vehicle_ids.state")
    def _compute_vehicle_count(self):
        for depot in self:
            depot.vehicle_count = len(depot.vehicle_ids)

    def _draw_code(self):
        import random

        return str(random.randint(1000, 9999))

    @api.model
    def _openings(self):
        """The choices are the same for everybody."""
        return [("day", "By day"), ("always", "Always")]

    def _policies(self):
        return [(policy.code, policy.name) for policy in self.env["depot.policy"].search([])]


class DepotBay(models.Model):
    _name = "depot.bay"
    _description = "Bay"
    _rec_name = "label"

    label = fields.Char(required=True)
    depot_id = fields.Many2one(comodel_name="depot.depot", required=True, ondelete="cascade")
    width, height = 3, 4
    _label_uniq = models.Constraint("UNIQUE(depot_id, label)", "A depot has each bay once.")
    _label_index = models.UniqueIndex("(label) WHERE depot_id IS NULL", "A bay without a depot has a label of its own.")
    _quick = models.Index("(depot_id)")


class DepotPolicy(models.Model):
    _name = "depot.policy"
    _description = "Policy"
    _inherit = "depot.coded"
    name = fields.Char()
