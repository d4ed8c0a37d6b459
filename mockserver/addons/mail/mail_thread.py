"""mail.thread: what creations and changes of a record log, and whom they subscribe.

Source: recorded in flow-mail, flow-crm, flow-project (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base_mail import followers
from mockserver.addons.mail import auto_subscribe, log, tracking
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create records; their creator and their responsible user follow them, and the creation is logged."""
        records = super().create(vals_list)
        if records and not self.env.context.get("tracking_disable"):
            _follow_new(records, [vals_list] if isinstance(vals_list, Mapping) else vals_list)
            if not self.env.context.get("mail_create_nolog"):
                records._log_creation()
        return records

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change records; tracked changes are logged at the end of the transaction."""
        if not self:
            return super().write(vals)
        quiet = tracking.is_off(self.env)
        if not quiet:
            tracking.before_write(self, vals)
        done = super().write(vals)
        if quiet:
            tracking.after_untracked_write(self)
        if not self.env.context.get("tracking_disable"):
            auto_subscribe.run(self.exists(), [vals] * len(self), followers.SKIP)
        return done

    @api.model
    def _at_commit(self, touched: tracking.Touched) -> None:
        tracking.log_changes(self.env, touched)

    # -- what a model says of its records

    def _creation_subtype(self) -> Any:
        """Return the kind of message that tells followers of a new record, if there is one."""
        return None

    def _creation_message(self) -> str:
        """Return the text that is logged for a new record, such as `Contact created`."""
        return self.env._("%s created").replace("%s", self.env._(self._model.description))

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        """Return the kind of message for changed fields, whose old values are given; a note if there is none."""
        return None

    def _logs_changes(self) -> bool:
        """Return whether changes of tracked fields of the record are logged."""
        return True

    def _track_set_log_message(self, message: str) -> None:
        """Set the text, in HTML, of the messages about what this call changes of the records."""
        tracking.set_text(self, message)

    def _notify_assigned(self, partner_id: int) -> None:
        """Tell a contact that the record was assigned to them."""

    def _log_creation(self) -> None:
        """Log that the records were created."""
        entries = {}
        told = self.env.db.profile.rules.creation_text_posted
        for record in self:
            subtype = record._creation_subtype()
            body = record._creation_message() if told or not subtype else ""
            if subtype and body:
                body = f'<div summary="o_mail_notification"><p>{escape(body, quote=False)}</p></div>'
            entries[record._ids[0]] = log.Entry(body=body, subtype=subtype.id if subtype else 0)
        log.write(self, entries)

    def _message_log(self, *, body: str = "", **values: Any) -> Recordset:
        """Write a note on each record, of which nobody is notified; return the notes.  The body is HTML."""
        return log.write(self, {id_: log.Entry(body=body, values=values) for id_ in self._ids})


def _follow_new(records: Recordset, given: Sequence[Mapping[str, Any]]) -> None:
    env = records.env
    if not env.context.get("mail_create_nosubscribe"):
        user = env.user
        if user.active:
            followers.follow(records, user.partner_id._ids)
    defaults = {key[8:]: value for key, value in env.context.items() if key.startswith("default_")}
    complete = [{**defaults, **vals} for vals in given] if defaults else given
    auto_subscribe.run(records, complete, followers.UPDATE)
