"""fetchmail.server: where mail that comes in is fetched from.

Differs: no mail server is contacted, so every login is confirmed and nothing is fetched.
Inferred: the fields and the changes of state.
"""

from __future__ import annotations

from mockserver import api, models

# type of the server → its port, with encryption and without
_PORTS = {"imap": (993, 143), "pop": (995, 110)}


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    @api.onchange("server_type", "is_ssl")
    def _onchange_server_type(self) -> None:
        encrypted, plain = _PORTS.get(self.server_type, (0, 0))
        self.port = encrypted if self.is_ssl else plain

    def set_draft(self) -> bool:
        """Take back the confirmation of servers."""
        return self.write({"state": "draft"})

    def button_confirm_login(self) -> bool:
        """Confirm servers."""
        return self.write({"state": "done"})

    def fetch_mail(self) -> bool:
        """Note the time of the last visit."""
        return self.write({"date": self.env.db.clock.now()})
