"""The class that stands before all others of a model with rules, as the real server patches such a model's methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base_automation import running
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_CHANGES = {*running.CREATE, *running.WRITE, *running.UNLINK}
_MESSAGES = {running.RECEIVED, running.SENT}
# messages of these types set off no rule
_QUIET = ("notification", "auto_comment", "user_notification")


class Automated(models.Model):
    """Runs the rules on changes."""

    _inherit = "base"
    _wraps = True

    @api.model(until=11, name="create")
    def create_11(self, vals: Any) -> Self:
        """Create records, and run the rules for them."""
        return Automated.create(self, vals)

    @api.model(since=12)
    def create(self, vals_list: Any) -> Self:
        """Create records, and run the rules for them."""
        created = super().create(vals_list)
        for rule in running.rules(created, running.CREATE):
            running.process(rule, running.matching(rule, created, "filter_domain"))
        return created

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change records, and run the rules for them."""
        rules = running.rules(self, running.WRITE)
        records = self.exists()
        if not (rules and records):
            return super().write(vals)
        matched = {rule.id: running.matching(rule, records, "filter_pre_domain") for rule in rules}
        before = running.values(records, vals)
        done = super().write(vals)
        for rule in rules:
            left = running.matching(rule, matched[rule.id].exists(), "filter_domain")
            running.process(rule, left, before)
        return done

    def unlink(self) -> bool:
        """Run the rules for records, and delete them."""
        for rule in running.rules(self, running.UNLINK):
            running.process(rule, running.matching(rule, self.exists(), "filter_domain"))
        return super().unlink()


class WithMessages(Automated):
    """Runs the rules on changes and on messages."""

    @api.returns_id
    def message_post(self, **kwargs: Any) -> Recordset:
        """Write a message, and run the rules on messages."""
        message: Recordset = super().message_post(**kwargs)  # type: ignore[misc]
        kept = message.sudo()
        if running.done(self.env) or kept.subtype_id.internal or kept.message_type in _QUIET:
            return message
        ours = kept.author_id and not kept.author_id.partner_share
        for rule in running.rules(self, [running.SENT if ours else running.RECEIVED]):
            running.process(rule, running.matching(rule, self, "filter_pre_domain"))
        return message


def install(db: Database) -> None:
    """Wrap the models that have rules, and no others."""
    if "base.automation" not in db.registry:
        return
    wanted: dict[str, type] = {}
    for rule in db.env()["base.automation"].search([]):
        name, trigger = rule.model_id.model, rule.trigger
        if name in db.registry and trigger in _CHANGES:
            wanted.setdefault(name, Automated)
        elif name in db.registry and trigger in _MESSAGES:
            wanted[name] = WithMessages
    if wanted != db.registry.wrappers:
        db.registry = db.registry.with_wrappers(wanted)
