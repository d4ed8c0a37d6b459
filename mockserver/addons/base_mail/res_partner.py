"""Contacts take messages and have followers."""

from __future__ import annotations

from mockserver import models


class Partner(models.Model):
    _name = "res.partner"
    _inherit = ("res.partner", "mail.thread")
