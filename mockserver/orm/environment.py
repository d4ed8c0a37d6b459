"""Environment: a database as one user sees it, in one context; the queries that the methods share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm import domain as domains, order as orders
from mockserver.orm.recordset import Recordset
from mockserver.orm.schema import Model
from mockserver.orm.store import Row

if TYPE_CHECKING:
    from mockserver.orm.database import Database

__all__ = ["Environment", "Recordset"]


class Environment:
    """A database as one user sees it, in one context."""

    __slots__ = ("context", "db", "su", "uid")

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

    def __getitem__(self, model: str) -> Recordset:
        """The empty recordset of a model; raises KeyError for an unknown one."""
        try:
            return Recordset(self, self.db.registry[model], ())
        except KeyError:
            near = difflib.get_close_matches(model, self.db.registry, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise KeyError(f"there is no model {model!r}{hint}") from None

    def __contains__(self, model: object) -> bool:
        return model in self.db.registry

    def __repr__(self) -> str:
        return f"<Environment db={self.db.name!r} uid={self.uid}>"

    def with_context(self, context: Mapping[str, Any] | None = None, **more: Any) -> Environment:
        """The same user in another context: `context` replaces it, keywords add to it."""
        base = self.context if context is None else context
        return Environment(self.db, self.uid, {**base, **more}, self.su)

    def with_user(self, uid: int) -> Environment:
        """Another user in the same context."""
        return Environment(self.db, uid, self.context)

    def sudo(self) -> Environment:
        """The same user without access checks."""
        return Environment(self.db, self.uid, self.context, True)

    def browse(self, model: Model, ids: Iterable[int]) -> Recordset:
        """Records of a model by id, without looking whether they exist."""
        return Recordset(self, model, tuple(ids))

    @property
    def user(self) -> Recordset:
        """The user at work."""
        return self["res.users"].browse(self.uid)

    @property
    def company(self) -> Recordset:
        """The company at work: the first of `allowed_company_ids`, else the user's."""
        allowed = self.context.get("allowed_company_ids")
        if allowed:
            return self["res.company"].browse(allowed[0])
        return self.user.company_id  # type: ignore[no-any-return]

    @property
    def lang(self) -> str:
        """The language of the context, `en_US` without one."""
        return self.context.get("lang") or "en_US"

    def ref(self, xmlid: str, raise_if_not_found: bool = True) -> Recordset | None:
        """The record with that external id (`module.name`); None or ValueError when there is none."""
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
        """Ids that match a domain, in the model's order, archived ones left out as the context says."""
        return [row["id"] for row in orders.sort(self, model, self.rows(model, domain), None)]

    def rows(self, model: Model, domain: Any) -> list[Row]:
        """Rows that match a domain, in id order; archived ones left out as the context says."""
        if domains.provably_false(domains.normalize(domain)):
            return []
        active = model.active_name
        if active and self.context.get("active_test", True) and not any(item[0] == active for item in domain):
            domain = [(active, "=", True), *domain]
        condition = domains.compile_domain(self, model, domain)
        table = self.db.store.rows(model.name)
        ids = condition.candidates()
        if ids is None:
            return list(condition.filter(self.db.store.in_order(model.name)))
        return list(condition.filter([table[i] for i in sorted(ids) if i in table]))

    def name_search(self, model: str, name: str, operator: str, domain: Any = ()) -> list[int]:
        """Ids of the records whose name matches, as a text in a relational condition finds them."""
        if model not in self:
            return []
        return self[model].call("_name_search", name, list(domain), operator)  # type: ignore[no-any-return]
