"""Contacts take messages and have followers."""

from __future__ import annotations

from typing import ClassVar

from mockserver import models


class Partner(models.Model):
    _name = "res.partner"
    _inherit = ("res.partner", "mail.thread")
    _mail_flat_thread: ClassVar[bool] = False
