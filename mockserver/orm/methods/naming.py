"""name_search, name_create, name_get.  Source: versions.md §6.1, §8.6; recorded in core-crud (17.0)."""

from __future__ import annotations

from typing import Any

from mockserver.orm.methods.search import found_rows
from mockserver.orm.query.operators import is_known, is_negative
from mockserver.orm.query.values import labels, plain_label
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access
from mockserver.orm.schema import api


def _name_domain(fields: list[str], operator: str, name: Any) -> list[Any]:
    junction = "&" if is_negative(operator) else "|"
    return [junction] * (len(fields) - 1) + [(field, operator, name) for field in fields]


def _or_false(name: Any) -> Any:
    return False if name is None else name


class Naming(Recordset):
    """Display names, and search by name."""

    __slots__ = ()

    @api.model(until=18, name="name_search")
    def name_search_11(
        self, name: str = "", args: Any = None, operator: str = "ilike", limit: Any = 100
    ) -> list[list[Any]]:
        """Return `[[id, display name]]` of the records whose name matches."""
        return Naming.name_search(self, name, args, operator, limit)

    @api.model(since=19)
    def name_search(
        self, name: str = "", domain: Any = None, operator: str = "ilike", limit: Any = 100
    ) -> list[list[Any]]:
        """Return `[[id, display name]]` of the records whose name matches."""
        ids = self._name_search(name, list(domain or []), operator, limit)
        named = labels(self.env, self._model, ids)
        return [[id_, _or_false(named[id_])] for id_ in ids]

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of the records whose name matches, in the model's order."""
        domain = list(domain or [])
        if name or operator not in ("like", "ilike"):
            domain = [*domain, *self._search_display_name(operator, name)]
        return [row["id"] for row in found_rows(self, domain, 0, limit, order)]

    def _search_display_name(self, operator: str, value: Any) -> list[Any]:
        """Return the domain of the records whose name matches a value; raises the error of an unknown operator."""
        rules, fields = self.env.db.profile.rules, self._model.fields
        if rules.display_name_searchable and not is_known(operator, rules):
            raise rules.domain_errors.unknown_operator(leaf=("display_name", operator, value))
        searched = self._model.rec_names_search or ((self._model.label_field,) if self._model.label_field else ())
        known = [name for name in searched if name in fields and (name != "display_name" or fields[name].column)]
        return _name_domain(known, operator, value)

    def _compute_display_name(self) -> None:
        for record in self:
            record.display_name = plain_label(self.env, self._model, record._rows()[0])

    @api.model
    def name_create(self, name: str) -> Any:
        """Return `[id, display name]` of a new record with that name; False where the model has no naming field."""
        if not self._model.label_field:
            return False
        created = self.create({self._model.label_field: name})
        return [created.id, _or_false(labels(self.env, self._model, created._ids)[created._ids[0]])]

    @api.versions(until=17)
    def name_get(self) -> list[list[Any]]:
        """Return `[[id, display name]]` of the records."""
        check_access(self, "read")
        self._rows()
        record_rules.check(self, "read")
        named = labels(self.env, self._model, self._ids)
        return [[id_, _or_false(named[id_])] for id_ in self._ids]
