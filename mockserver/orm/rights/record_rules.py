"""Record rules: which records of a model a user may read, write, create or unlink.

The rules of the user's groups are combined by OR; the result and the rules without groups are combined by AND.  A model
that delegates to another is also limited by the rules of that one.  A search leaves out records that are not allowed;
reading, writing, creating and deleting them by id raise.  The domain of a rule is itself searched without rules.

Differs: the rules of a related model limit what a path in a search finds, its access rights do not; a rule is
evaluated in an empty context, except for `allowed_company_ids`.
Source: versions.md §9.2, §9.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mockserver.errors import ValidationError
from mockserver.orm.query import conditions, domain as domains
from mockserver.orm.query.conditions import ALWAYS, Condition
from mockserver.orm.rights import access, rule_domains
from mockserver.orm.rights.refusals import record_refusal
from mockserver.orm.rights.rule_domains import ANY
from mockserver.orm.rights.tables import RecordRule, record_rules
from mockserver.orm.storage.store import Row, Store

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model

Stamp = tuple[int | None, ...]


@dataclass(eq=False, slots=True)
class Limit:
    """The records of a model that the rules allow a user, in one mode and with the active companies.

    `condition` is valid until a table in `condition_tables` changes; `allowed_ids`, the ids found allowed so far, until
    one in `row_tables` does.  `checked_at` is the store's number of changes at the last check.
    """

    condition: Condition
    condition_tables: tuple[str, ...]
    condition_versions: Stamp
    row_tables: tuple[str, ...]
    row_versions: Stamp = ()
    checked_at: int = -1
    allowed_ids: set[int] = field(default_factory=set)

    def valid(self, store: Store) -> bool:
        """Return whether the condition is still valid."""
        if self.checked_at == store.changes:
            return True
        now = _versions(store, self.row_tables)
        if now != self.row_versions:
            self.row_versions = now
            self.allowed_ids.clear()
        if self.condition_tables[:1] == (ANY,):
            return False
        self.checked_at = store.changes
        return self.condition_versions == _versions(store, self.condition_tables)

    def allowed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the allowed rows; ids already in `allowed_ids` cost only a set lookup."""
        allowed_ids = self.allowed_ids
        unknown = [row for row in rows if row["id"] not in allowed_ids]
        if not unknown:
            return rows
        found = {row["id"] for row in self.condition.filter(unknown)}
        allowed_ids |= found
        return rows if len(found) == len(unknown) else [row for row in rows if row["id"] in allowed_ids]


# in the cache, and companies of each: a client may send any list of them
MAX_LIMITS, MAX_COMPANIES = 10_000, 100
_UNKNOWN = Limit(ALWAYS, (ANY,), (), ())


def _versions(store: Store, tables: tuple[str, ...]) -> Stamp:
    return tuple(map(store.versions.get, tables))


def limit(env: Environment, model: str, mode: str) -> Limit | None:
    """Return the limit that the rules set for the user, None if they allow every record.

    Raises AccessError for a company in the context that the user does not belong to.
    """
    if env.su:
        return None
    db = env.db
    access.refresh(db)
    companies = env.context.get("allowed_company_ids")
    key = (env.uid, model, mode, tuple(companies) if companies else None)
    known: Limit | None = db.limits.get(key, _UNKNOWN)
    if known is not None and not known.valid(db.store):
        known = _make_limit(env, db.registry[model], mode)
        if len(db.limits) >= MAX_LIMITS:
            db.limits.clear()
        if not companies or len(companies) <= MAX_COMPANIES:
            db.limits[key] = known
    return known


def _make_limit(env: Environment, model: Model, mode: str) -> Limit | None:
    tables: set[str] = set()
    row_tables = {model.name}
    condition = _rules_condition(env, model, mode, tables, row_tables)
    if condition is ALWAYS:
        return None
    store, condition_tables = env.db.store, tuple(sorted(tables))
    return Limit(condition, condition_tables, _versions(store, condition_tables), tuple(sorted(row_tables)))


def _rules_condition(env: Environment, model: Model, mode: str, tables: set[str], row_tables: set[str]) -> Condition:
    found: list[Condition] = []
    own = env[model.name]._own_limit(mode)
    if own is not None:
        tables.add(ANY)
        found.append(own)
    for parent, many2one in model.inherits.items():
        if parent in env.db.registry and model.fields[many2one].column:
            inner = _rules_condition(env, env.db.registry[parent], mode, tables, row_tables)
            if inner is not ALWAYS:
                row_tables.add(parent)
                found.append(_parent_matches(env.db.store, parent, many2one, inner))
    of_groups: list[Condition] = []
    for rule in _applicable_rules(env, model.name, mode):
        tokens = rule_domain(env, rule.domain, tables)
        rule_domains.add_domain_models(env, model, tokens, tables)
        compiled = domains.compile_tokens(env.db.env(env.uid).sudo(), model, tokens)
        (of_groups if rule.groups else found).append(compiled)
    if of_groups:
        found.append(conditions.any_of(of_groups))
    return conditions.all_of(found)


def _parent_matches(store: Store, parent: str, many2one: str, condition: Condition) -> Condition:
    """Return a condition for rows whose parent record, to which they delegate, matches."""

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        parents = store.rows(parent)
        wanted = {row.get(many2one) for row in rows}
        allowed = {row["id"] for row in condition.filter([parents[id_] for id_ in wanted if id_ in parents])}
        return [row for row in rows if row.get(many2one) in allowed]

    return Condition(keep, cost=5)


def _applicable_rules(env: Environment, model: str, mode: str) -> list[RecordRule]:
    """Return the rules of a model that apply to the user in a mode."""
    rules = record_rules(env.db, model, mode)
    groups = access.user_groups(env) if rules else frozenset()
    return [rule for rule in rules if not rule.groups or not groups.isdisjoint(rule.groups)]


def rule_domain(env: Environment, text: str, tables: set[str]) -> list[Any]:
    """Return the normalised domain of a rule for the user; raises ValidationError for an invalid text."""
    text = text.strip()
    # called even for an empty text, since it checks the companies of the context
    names = rule_domains.names(env, tables)
    if not text:
        return domains.normalize([])
    try:
        return domains.normalize(rule_domains.evaluate(rule_domains.parse(text), names), env.db.profile.rules)
    except (ValueError, TypeError, AssertionError) as error:  # the text cannot be parsed, or its value is no domain
        raise ValidationError(f"Invalid domain: {error}") from error


# -- checks for model methods


def check(records: Recordset, mode: str) -> None:
    """Raise the server's AccessError if a rule refuses one of the records; missing ones are ignored."""
    if not records.env.su:
        table = records.env.db.store.rows(records._name)
        check_rows(records, mode, [table[id_] for id_ in records._ids if id_ in table])


def check_rows(records: Recordset, mode: str, rows: Sequence[Row]) -> None:
    """Raise the error of `check` for rows."""
    found = limit(records.env, records._name, mode)
    if found is None:
        return
    allowed = found.allowed(rows)
    if len(allowed) != len(rows):
        kept = {row["id"] for row in allowed}
        refused = records.browse(dict.fromkeys(row["id"] for row in rows if row["id"] not in kept))
        raise record_refusal(refused, mode, failing(refused, mode))


def failing(records: Recordset, mode: str) -> list[RecordRule]:
    """Return the rules that refuse one of the records; the rules of the user's groups refuse together."""
    env, model = records.env, records._model
    sudo = env.db.env(env.uid).sudo()
    rows = records.sudo()._rows()
    refusing: set[int] = set()
    by_group: dict[int, Condition] = {}
    rules = _applicable_rules(env, model.name, mode)
    for rule in rules:
        condition = domains.compile_tokens(sudo, model, rule_domain(env, rule.domain, set()))
        if rule.groups:
            by_group[rule.id] = condition
        elif len(condition.filter(rows)) < len(rows):
            refusing.add(rule.id)
    if by_group and len(conditions.any_of(list(by_group.values())).filter(rows)) < len(rows):
        refusing.update(by_group)
    return [rule for rule in rules if rule.id in refusing]
