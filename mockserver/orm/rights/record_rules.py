"""Record rules: which records of a model a user may read, write, create or unlink.

The rules of the user's groups add up, those for everybody limit each other and them, and a model that delegates to
another is limited by that one's too.  A search leaves out what is not allowed; reading, writing, creating and deleting
by id raise.  Conditions inside a rule are looked up without any rule.

Differs: the rules of a related model limit what a path in a search finds, its access rights do not; a rule is worked
out in an empty context, save for `allowed_company_ids`.
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
from mockserver.orm.storage.store import Row, Store

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model

Stamp = tuple[int | None, ...]


@dataclass(eq=False, slots=True)
class Limit:
    """What the rules leave to one user of one model's records, in one mode and for the companies at work.

    It holds as long as the tables in `built` do not change; what is in `passed` was found allowed, and is so as long
    as those in `judged` do not change either.  `seen` is the last change of any table that was looked at.
    """

    condition: Condition
    built: tuple[str, ...]
    built_at: Stamp
    judged: tuple[str, ...]
    judged_at: Stamp = ()
    seen: int = -1
    passed: set[int] = field(default_factory=set)

    def valid(self, store: Store) -> bool:
        """Return whether it still holds."""
        if self.seen == store.changes:
            return True
        now = _versions(store, self.judged)
        if now != self.judged_at:
            self.judged_at = now
            self.passed.clear()
        if self.built[:1] != (ANY,):
            self.seen = store.changes
        return self.built_at == _versions(store, self.built) and self.built[:1] != (ANY,)

    def allowed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return those of the rows that are allowed; what was seen since the last change costs a set lookup a row."""
        passed = self.passed
        unknown = [row for row in rows if row["id"] not in passed]
        if not unknown:
            return rows
        found = {row["id"] for row in self.condition.filter(unknown)}
        passed |= found
        return rows if len(found) == len(unknown) else [row for row in rows if row["id"] in passed]


_UNKNOWN = Limit(ALWAYS, (ANY,), (), ())


def _versions(store: Store, tables: tuple[str, ...]) -> Stamp:
    return tuple(map(store.versions.get, tables))


def limit(env: Environment, model: str, mode: str) -> Limit | None:
    """Return what the rules leave to the user; None where they leave everything.

    Raises AccessError for a company in the context that is not the user's.
    """
    if env.su:
        return None
    db = env.db
    access.refresh(db)
    companies = env.context.get("allowed_company_ids")
    key = (env.uid, model, mode, tuple(companies) if companies else None)
    known: Limit | None = db.limits.get(key, _UNKNOWN)
    if known is not None and not known.valid(db.store):
        known = db.limits[key] = _limit(env, db.registry[model], mode)
    return known


def _limit(env: Environment, model: Model, mode: str) -> Limit | None:
    visited: set[str] = set()
    judged = {model.name}
    condition = _condition(env, model, mode, visited, judged)
    if condition is ALWAYS:
        return None
    store, built = env.db.store, tuple(sorted(visited))
    return Limit(condition, built, _versions(store, built), tuple(sorted(judged)))


def _condition(env: Environment, model: Model, mode: str, visited: set[str], judged: set[str]) -> Condition:
    found: list[Condition] = []
    for parent, many2one in model.inherits.items():
        if parent in env.db.registry and model.fields[many2one].column:
            inner = _condition(env, env.db.registry[parent], mode, visited, judged)
            if inner is not ALWAYS:
                judged.add(parent)
                found.append(_delegated(env.db.store, parent, many2one, inner))
    of_groups: list[Condition] = []
    for rule in _applying(env, model.name, mode):
        tokens = rule_domain(env, rule, visited)
        rule_domains.tables(env, model, tokens, visited)
        compiled = domains.compile_tokens(env.db.env(env.uid).sudo(), model, tokens)
        (of_groups if rule.get("groups") else found).append(compiled)
    if of_groups:
        found.append(conditions.any_of(of_groups))
    return conditions.all_of(found)


def _delegated(store: Store, parent: str, many2one: str, condition: Condition) -> Condition:
    """Rows whose record of the model that they delegate to matches."""

    def keep(rows: Sequence[Row]) -> Sequence[Row]:
        parents = store.rows(parent)
        wanted = {row.get(many2one) for row in rows}
        allowed = {row["id"] for row in condition.filter([parents[id_] for id_ in wanted if id_ in parents])}
        return [row for row in rows if row.get(many2one) in allowed]

    return Condition(keep, cost=5)


def rules_of(store: Store, model: str) -> list[Row]:
    """Return the active rules of a model, in id order."""
    rows = store.rows("ir.rule")
    if not rows:
        return []
    found = sorted(store.having("ir.rule", "model_id", store.having("ir.model", "model", (model,))))
    return [rows[id_] for id_ in found if rows[id_].get("active", True)]


def _applying(env: Environment, model: str, mode: str) -> list[Row]:
    """Return the rules of a model that hold for the user in a mode."""
    rules = [rule for rule in rules_of(env.db.store, model) if rule.get(f"perm_{mode}", True)]
    groups = access.user_groups(env) if rules else frozenset()
    return [rule for rule in rules if not rule.get("groups") or not groups.isdisjoint(rule["groups"])]


def rule_domain(env: Environment, rule: Row, visited: set[str]) -> list[Any]:
    """Return the normalised domain of a rule for the user; raises ValidationError for a text that cannot be read."""
    text = (rule.get("domain_force") or "").strip()
    # looked up even where the text has no use for them: the companies of the context are checked
    names = rule_domains.names(env, visited)
    if not text:
        return domains.normalize([])
    try:
        return domains.normalize(rule_domains.evaluate(rule_domains.parse(text), names), env.db.profile.rules)
    except (ValueError, TypeError, AssertionError) as error:  # the text, or what it says, is no domain
        raise ValidationError(f"Invalid domain: {error}") from error


# -- what the methods ask


def check(records: Recordset, mode: str) -> None:
    """Raise the server's AccessError when a rule keeps the user from one of the records; missing ones are ignored."""
    if not records.env.su:
        table = records.env.db.store.rows(records._name)
        check_rows(records, mode, [table[id_] for id_ in records._ids if id_ in table])


def check_rows(records: Recordset, mode: str, rows: Sequence[Row]) -> None:
    """The same for rows at hand."""
    found = limit(records.env, records._name, mode)
    if found is None:
        return
    allowed = found.allowed(rows)
    if len(allowed) != len(rows):
        kept = {row["id"] for row in allowed}
        refused = records.browse(dict.fromkeys(row["id"] for row in rows if row["id"] not in kept))
        raise record_refusal(refused, mode, failing(refused, mode))


def failing(records: Recordset, mode: str) -> list[Row]:
    """Return the rules that refuse one of the records: all of the user's groups together, or one for everybody."""
    env, model = records.env, records._model
    sudo = env.db.env(env.uid).sudo()
    rows = records.sudo()._rows()
    refusing: set[int] = set()
    by_group: dict[int, Condition] = {}
    rules = _applying(env, model.name, mode)
    for rule in rules:
        condition = domains.compile_tokens(sudo, model, rule_domain(env, rule, set()))
        if rule.get("groups"):
            by_group[rule["id"]] = condition
        elif len(condition.filter(rows)) < len(rows):
            refusing.add(rule["id"])
    if by_group and len(conditions.any_of(list(by_group.values())).filter(rows)) < len(rows):
        refusing.update(by_group)
    return [rule for rule in rules if rule["id"] in refusing]
