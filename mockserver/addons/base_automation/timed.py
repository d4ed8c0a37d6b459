"""Rules that depend on time: they run for each record once its date, and a delay, have passed.

Differs: no rule runs by itself; the scheduled action of the module runs them when it is called.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from mockserver.addons.base_automation import domains, running
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.query.dates.relative import months_later
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.rule_domains import UnreadableDomain

_UNITS = {"minutes": "minutes", "hour": "hours", "day": "days"}


def run(rules: Recordset) -> None:
    """Run rules for the records whose time is between the last run and now."""
    now = rules.env.db.clock.moment().replace(tzinfo=None, microsecond=0)
    for rule in rules:
        if rule.trg_date_calendar_id and rule.trg_date_range_type == "day":
            running.note(rule, "mockserver counts no working days of calendars")
            continue
        last = datetime.strptime(rule.last_run, DATETIME_FORMAT) if rule.last_run else datetime(1970, 1, 1)
        for record in _candidates(rule):
            at = _moment(rule, record)
            if at is not None and last <= at < now:
                running.process(rule, record)
        rule.write({"last_run": now.strftime(DATETIME_FORMAT)})


def _candidates(rule: Recordset) -> Recordset:
    model: Recordset = rule.env[rule.model_id.model]
    try:
        return model.browse(model.search(domains.read(rule.env, rule.filter_domain) or [])._ids)
    except UnreadableDomain as error:
        running.note(rule, f"mockserver cannot read its filter_domain: {error}")
        return model


def _moment(rule: Recordset, record: Recordset) -> datetime | None:
    """Return when the rule is to run for a record; None for a record without a date."""
    name = rule.trg_date_id.name
    if name not in record:
        return None
    value = record[name]
    if not value and name == "date_automation_last":
        value = record.create_date
    if not value:
        return None
    count = -rule.trg_date_range if _is_before(rule) else rule.trg_date_range
    return _later(datetime.fromisoformat(str(value)), count, rule.trg_date_range_type)


def _is_before(rule: Recordset) -> bool:
    return "trg_date_range_mode" in rule and rule.trg_date_range_mode == "before"


def _later(start: datetime, count: int, unit: Any) -> datetime:
    if unit == "month":
        found: date = months_later(start, count)
        return datetime.combine(found, start.time())
    return start + timedelta(**{_UNITS[unit]: count}) if unit in _UNITS else start
