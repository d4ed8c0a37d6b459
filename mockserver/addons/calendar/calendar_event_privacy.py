"""calendar.event: what others see of a private event.

Source: recorded in flow-calendar-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mockserver import api, models
from mockserver.addons.calendar.calendar_recurrence import RULE_FIELDS
from mockserver.orm.query.domain import normalize
from mockserver.orm.records.environment import Recordset

_PUBLIC = {
    "id", "active", "allday", "duration", "user_id", "partner_id", "partner_ids", "recurrence_id", "recurrency",
    "show_as", "start", "stop", "start_date", "stop_date", "privacy", "follow_recurrence", "recurrence_update",
    "display_time", "res_model_name", "access_token",
    *RULE_FIELDS,
}  # fmt: skip
_GROUPED = _PUBLIC - {"privacy", "partner_ids"}


class PrivateEvent(models.Model):
    _inherit = "calendar.event"

    def read(self, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
        """Read events; of another's private event only that and when somebody is busy."""
        rows = super().read(fields, load)
        hidden = {event.id for event in self.sudo() if _is_hidden(self, event)}
        for row in rows:
            if row["id"] in hidden:
                row |= {name: False for name in row if name not in _PUBLIC}
                row |= {name: self.env._("Busy") for name in ("name", "display_name") if name in row}
        return rows

    @api.model(until=19)
    def read_group(
        self,
        domain: Any,
        fields: Sequence[str],
        groupby: str | Sequence[str],
        offset: Any = 0,
        limit: Any = None,
        orderby: Any = False,
        lazy: bool = True,
    ) -> list[dict[str, Any]]:
        """Return the groups; by what is hidden of private events, without those of others."""
        groups = [groupby] if isinstance(groupby, str) else list(groupby or ())
        if not self.env.su and any(str(name).partition(":")[0] not in _GROUPED for name in groups):
            domain = ["&", *normalize(domain, self.env.db.profile.rules), *_visible(self)]
        found: list[dict[str, Any]] = super().read_group(domain, fields, groupby, offset, limit, orderby, lazy)
        return found


def _visible(reader: Recordset) -> list[Any]:
    """Return the domain of events whose contents a user may see."""
    own = ("user_id", "=", reader.env.uid)
    if reader.env.db.profile.rules.private_unless_public:
        return ["|", "|", ("privacy", "=", "public"), ("privacy", "=", "confidential"), own]
    return ["|", ("privacy", "!=", "private"), own]


def _is_hidden(reader: Recordset, event: Recordset) -> bool:
    user = reader.env.user
    return bool(
        not reader.env.su and event.privacy == "private" and event.user_id != user
        and user.partner_id not in event.partner_ids
    )  # fmt: skip
