"""Environment: a database as one user sees it, in one context; the queries that the methods share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver import terms
from mockserver.errors import AccessError
from mockserver.orm.query import domain as domains, order as orders, slots
from mockserver.orm.query.conditions import NEVER, Condition
from mockserver.orm.query.finding import Found, find
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.rights import access, record_rules
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.database import Database
    from mockserver.orm.methods import BaseModel

__all__ = ["Environment", "Recordset"]


class Environment:
    """A database as one user sees it, in one context."""

    __slots__ = ("_checked", "context", "db", "su", "uid")

    db: Database
    uid: int
    context: dict[str, Any]
    su: bool

    def __init__(self, db: Database, uid: int, context: Mapping[str, Any] | None = None, su: bool = False) -> None:
        self.db = db
        self.uid = uid
        self.context = dict(context or {})
        # the superuser passes every access check
        self.su = su or uid == db.profile.superuser_id
        self._checked: tuple[Any, ...] = ()  # the state of the tables in which the chosen companies were the user's

    def __getitem__(self, model: str) -> BaseModel:
        """The empty recordset of a model; raises KeyError for an unknown one."""
        try:
            found: BaseModel = self.db.registry.records(model)(self, ())
            return found
        except KeyError:
            hint = self.db.hints.model(self.db, model) if self.db.hints is not None else ""
            raise KeyError(f"there is no model {model!r}{hint}") from None

    def __contains__(self, model: object) -> bool:
        return model in self.db.registry

    def __repr__(self) -> str:
        return f"<Environment db={self.db.name!r} uid={self.uid}>"

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> Environment:
        """Return the same user in another context: `context` replaces it, keywords add to it."""
        base = self.context if context is None else context
        return Environment(self.db, self.uid, {**base, **more}, self.su)

    def with_company(self, company: int | Recordset) -> Environment:
        """Return the environment with another current company, before those that were chosen; the same for none."""
        if not company:
            return self
        first = company if isinstance(company, int) else company._ids[0]
        others = [id_ for id_ in self.context.get("allowed_company_ids") or () if id_ != first]
        return self.with_context(allowed_company_ids=[first, *others], force_company=first)

    def with_user(self, user: int | Recordset) -> Environment:
        """Return the environment of another user in the same context."""
        return Environment(self.db, user if isinstance(user, int) else user._ids[0], self.context)

    def sudo(self) -> Environment:
        """Return the same user without access checks."""
        return Environment(self.db, self.uid, self.context, True)

    def browse(self, model: Model, ids: Iterable[int]) -> BaseModel:
        """Return the records of a model by id, without checking that they exist."""
        return self.db.registry.records(model.name)(self, tuple(ids))  # type: ignore[no-any-return]

    @property
    def user(self) -> BaseModel:
        """The current user, without access checks."""
        return self.sudo()["res.users"].browse(self.uid)

    @property
    def company(self) -> BaseModel:
        """The current company: the first of `allowed_company_ids` in the context, else the user's own.

        Raises AccessError for a company that is not the user's.
        """
        chosen = self._chosen_companies()
        if chosen:
            return self["res.company"].browse(chosen[0])
        # the row of a user who exists; the reader of records raises the error for any other
        user = None if self.db.frames else self.db.store.get("res.users", self.uid)
        if user is None:
            return self["res.company"].browse(self.user.company_id._ids)
        return self["res.company"].browse(user.get("company_id") or ())

    @property
    def company_id(self) -> int:
        """The id of the current company, 0 for a user without one; raises AccessError like `company`."""
        chosen = self._chosen_companies()
        if chosen:
            return chosen[0]
        user = self.db.store.get("res.users", self.uid) or {}
        return user.get("company_id") or 0

    @property
    def companies(self) -> BaseModel:
        """The current companies: `allowed_company_ids` of the context, else all of the user's; see `company`."""
        return self["res.company"].browse(self._chosen_companies() or self.user.company_ids._ids)

    def _chosen_companies(self) -> Sequence[int]:
        chosen: Sequence[int] = self.context.get("allowed_company_ids") or ()
        if not chosen or not self.db.profile.rules.companies_in_context:
            return ()
        if not self.su:
            versions = self.db.store.versions
            state = (versions.get("res.users"), versions.get("res.company"), *chosen)
            if state != self._checked and not set(chosen) <= set(self.user.company_ids._ids):
                raise AccessError("Access to unauthorized or invalid companies.")
            self._checked = state
        return chosen

    @property
    def tz(self) -> str | None:
        """The time zone of the context, else the user's."""
        user = self.db.store.get("res.users", self.uid) or {}
        partner = self.db.store.get("res.partner", user.get("partner_id") or 0) or {}
        return self.context.get("tz") or partner.get("tz")

    @property
    def lang(self) -> str:
        """The language of the context, if it is active; else `en_US`."""
        code = self.context.get("lang")
        if not code or code == slots.SOURCE or not isinstance(code, str):
            return slots.SOURCE
        rows = self.db.store.rows("res.lang")
        active = any(rows[i].get("active") for i in self.db.store.having("res.lang", "code", (code,)))
        return code if active else slots.SOURCE

    def _(self, text: str, **values: Any) -> str:
        """Return one of the server's own texts in the context's language, with `{name}` replaced by the values."""
        known = terms.catalogue(self.lang, self.db.profile.generation) if self.lang != slots.SOURCE else {}
        return known.get(text, text).format(**values) if values else known.get(text, text)

    def ref(self, xmlid: str, raise_if_not_found: bool = True) -> BaseModel | None:
        """Return the record with that external id (`module.name`); None or ValueError when there is none."""
        module, _, name = xmlid.partition(".")
        rows = self.db.store.rows("ir.model.data")
        for id_ in self.db.store.having("ir.model.data", "name", (name,)):
            row = rows[id_]
            if row.get("module") == module and row.get("model") in self:
                return self[row["model"]].browse(row.get("res_id") or ())
        if raise_if_not_found:
            raise ValueError(f"External ID not found in the system: {xmlid}")
        return None

    # -- queries that the methods share

    def select(self, model: Model, domain: Any) -> list[int]:
        """Return the ids that match a domain, in the model's order; archived ones depend on `active_test`."""
        return [row["id"] for row in orders.sort(self, model, self.rows(model, domain), None)]

    def rows(self, model: Model, domain: Any) -> list[Row]:
        """Return the rows that match a domain and record rules allow, by id; archived ones depend on `active_test`."""
        return list(self.found(model, domain).rows())

    def found(self, model: Model, domain: Any) -> Found:
        """Return the same rows, which are looked for as far as they are asked for."""
        store = self.db.store
        store.work.begin()
        try:
            condition = self.condition(model, domain)
            limit = None if self.su else record_rules.limit(self, model.name, "read")
            return find(store, model.name, condition, limit)
        finally:
            store.work.end()

    def condition(self, model: Model, domain: Any) -> Condition:
        """Return the condition of a domain, and that rows are not archived where `active_test` asks for it."""
        rules, kept = self.db.profile.rules, self.db.kept
        key = kept.key(self, model, domain)
        known = kept.condition(self.db.registry, key)
        tokens = self._tokens(model, domain) if known is None else known[0]
        if known is not None and tokens is None:
            return known[1]
        if not tokens:
            return NEVER
        checked = isinstance(domain, domains.Inner)
        if not (checked or self.su or rules.restricted_fields_searched):
            access.check_domain(self[model.name], tokens)
        if known is not None:
            return known[1]
        found = domains.compile_tokens(self, model, tokens, checked=checked)
        kept.keep(self, model, key, tokens, found)
        return found

    def _tokens(self, model: Model, domain: Any) -> list[Any]:
        """Return the normalised domain with the leaves that a model adds; none if it matches nothing anyway."""
        tokens = domains.normalize(domain, self.db.profile.rules)
        if domains.provably_false(tokens) and not self.db.profile.rules.domain_sets:
            return []
        active = model.active_name
        if active and self.context.get("active_test", True) and not any(token[0] == active for token in tokens):
            tokens = ["&", (active, "=", True), *tokens]
        implied = self.db.registry.records(model.name)._implied_leaf
        if implied and not any(token[0] in ("id", implied[0]) for token in tokens):
            tokens = ["&", implied, *tokens]
        return tokens

    def readable(self, model: str, rows: Sequence[Row]) -> Sequence[Row]:
        """Return those of a model's rows that record rules allow the user to read."""
        limit = record_rules.limit(self, model, "read")
        return rows if limit is None else limit.allowed(rows)

    def name_search(self, model: str, name: Any, operator: str, domain: Any = ()) -> list[int]:
        """Return the ids of records whose name matches, for a condition that compares a relation with text."""
        if model not in self:
            return []
        return self[model]._name_search(name, list(domain), operator)
