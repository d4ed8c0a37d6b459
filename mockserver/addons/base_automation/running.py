"""Which rules a change of records sets off, and the run of their actions.  Source: 14.0, 17.0, 18.0.

A rule runs once for a record in a chain of calls: what its actions write does not set it off again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mockserver.addons.base.ir_actions_server import AUTOMATED
from mockserver.addons.base_automation import domains
from mockserver.orm.fields.base import Field
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import in_group
from mockserver.orm.rights.rule_domains import UnreadableDomain
from mockserver.orm.storage.store import Row
from mockserver.orm.writing.recompute import RECOMPUTED

_SET = ("on_create_or_write", "on_priority_set", "on_stage_set", "on_state_set", "on_tag_set", "on_user_set")
CREATE = ("on_create", *_SET)
WRITE = ("on_write", "on_archive", "on_unarchive", *_SET)
UNLINK = ("on_unlink",)
RECEIVED, SENT = "on_message_received", "on_message_sent"
TIME = ("on_time", "on_time_created", "on_time_updated")
# fields in which a model keeps when a rule ran for a record
_STAMPS = ("date_automation_last", "date_action_last")
# among the notes of a transaction: the records for which rules have run, by the rule's id
_RAN = "automation.ran"
# {id: {field: value before a change}}
Before = Mapping[int, Mapping[str, Any]]


class Done(dict[int, frozenset[int]]):
    """The records for which each rule has run, by the rule's id; it is in the context of what a rule does."""


def done(env: Environment) -> Done:
    """Return what has run; a client may send anything in its place."""
    found = env.context.get(AUTOMATED)
    return found if isinstance(found, Done) else Done()


def rules(records: Recordset, triggers: Collection[str]) -> Recordset:
    """Return the active rules of the records' model with one of the triggers."""
    found = records.env["base.automation"].sudo().with_context(active_test=True)
    return found.search([("model_id.model", "=", records._name), ("trigger", "in", list(triggers))])


def matching(rule: Recordset, records: Recordset, condition: str) -> Recordset:
    """Return the records that meet a condition of the rule; none if the mock cannot read it."""
    domain = _domain(rule, condition, records.env) if records else None
    return records if domain is None else records.browse(records.sudo().filtered_domain(domain)._ids)


def _domain(rule: Recordset, condition: str, env: Environment) -> list[Any] | None:
    try:
        return domains.read(env, rule[condition])
    except UnreadableDomain as error:
        note(rule, f"mockserver cannot read its {condition}: {error}")
        return [(0, "=", 1)]


def note(rule: Recordset, why: str) -> None:
    """Note that a rule was not run although the real server runs it."""
    rule.env.db.unmet.append(f"The automation {rule.sudo().display_name!r} was not run: {why}")


def values(records: Recordset, names: Collection[str]) -> dict[int, dict[str, Any]]:
    """Return the present values of fields, to be compared later."""
    known = [name for name in names if name in records._model.fields]
    return {record._ids[0]: {name: _held(record, name) for name in known} for record in records.sudo()}


def _held(record: Recordset, name: str) -> Any:
    value = record[name]
    return frozenset(value._ids) if isinstance(value, Recordset) else value


def _of_row(field: Field, value: Any) -> Any:
    """Return the value of a row in the form of `_held`."""
    if not field.relational:
        return field.to_read(value)
    return frozenset(value if isinstance(value, tuple) else (value,) if value else ())


def _is_watched(rule: Recordset, record: Recordset, before: Before | None) -> bool:
    """Return whether one of the fields that set off the rule has changed; every one of a new record has."""
    names = rule.trigger_field_ids.mapped("name") if "trigger_field_ids" in rule else []
    if not names or before is None:
        return True
    old = before.get(record._ids[0], {})
    return any(name in old and old[name] != _held(record.sudo(), name) for name in names)


def process(rule: Recordset, records: Recordset, before: Before | None = None) -> Done:
    """Run the actions of a rule for those of the records that it has to run for; return what has run then."""
    known = done(records.env)
    past = known.get(rule._ids[0], frozenset())
    left = records.browse(id_ for id_ in records._ids if id_ not in past)
    left = left.filtered(lambda record: _is_watched(rule, record, before))
    if not left:
        return known
    ran = Done({**known, rule._ids[0]: past | set(left._ids)})
    records.env.db.notes.setdefault(_RAN, {}).setdefault(rule._ids[0], set()).update(left._ids)
    left = left.with_context({**records.env.context, AUTOMATED: ran})
    for name in _STAMPS:
        if name in left._model.fields:
            left.write({name: left.env.db.clock.now()})
    actions = rule.action_server_ids if "action_server_ids" in rule else rule.action_server_id
    for action in left.env["ir.actions.server"].sudo().browse(actions._ids):
        for id_ in left._ids:
            _run(rule, action.with_context(active_model=left._name, active_ids=[id_], active_id=id_))
    return ran


def _run(rule: Recordset, action: Recordset) -> None:
    try:
        action.run()
    except Exception as error:
        if in_group(rule.env, "base.group_user"):  # clients see it beside the error
            named = {"id": rule.id, "name": rule.display_name}
            error.context = {  # type: ignore[attr-defined]
                "exception_class": "base_automation", "base_automation": named,
            }  # fmt: skip
        raise


def after_computing(env: Environment, touched: Mapping[tuple[str, int], Row | None]) -> None:
    """Run the rules that are set off by stored fields that the transaction has computed anew.

    Inferred: at its end, and neither for new records nor for those for which the rule has run in the transaction.
    Differs: the real server does it each time that it stores a computed field, so that a rule that watches no field
    may run several times.
    """
    noted = env.db.notes.pop(RECOMPUTED, None)
    ran = Done({id_: frozenset(ids) for id_, ids in env.db.notes.get(_RAN, {}).items()})
    while noted:
        by_model: dict[str, dict[int, dict[str, Any]]] = {}
        for (model, id_), old in noted.items():
            now = env.db.store.get(model, id_)
            changed = now is not None and {name: was for name, was in old.items() if was != now.get(name)}
            if changed and touched.get((model, id_), now) is not None:
                by_model.setdefault(model, {})[id_] = changed
        for model, changes in by_model.items():
            ran = _run_computed(env[model].with_context({**env.context, AUTOMATED: ran}), changes)
        noted = env.db.notes.pop(RECOMPUTED, None)


def _run_computed(model: Recordset, changes: Mapping[int, Mapping[str, Any]]) -> Done:
    """Run the rules of a model whose computed columns have changed from these values; return what has run."""
    fields = model._model.fields
    before = {id_: {name: _of_row(fields[name], was) for name, was in old.items()} for id_, old in changes.items()}
    ran = done(model.env)
    for rule in rules(model, WRITE):
        records = model.with_context({**model.env.context, AUTOMATED: ran}).browse(changes).exists()
        records = _matched_before(rule, records, changes)
        ran = process(rule, matching(rule, records, "filter_domain"), before)
    return ran


def _matched_before(rule: Recordset, records: Recordset, changes: Mapping[int, Mapping[str, Any]]) -> Recordset:
    """Return the records that met the first condition of the rule when their columns had these values."""
    domain = _domain(rule, "filter_pre_domain", records.env) if records else None
    if domain is None:
        return records
    condition = records.env.sudo().with_context(active_test=False).condition(records._model, domain)
    old = [{**row, **changes[row["id"]]} for row in records._rows()]
    return records.browse(row["id"] for row in condition.filter(old))
