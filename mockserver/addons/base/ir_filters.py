"""ir.filters: saved searches, of one user or shared.

Source: 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_FIELDS = ("name", "is_default", "domain", "context", "user_id", "user_ids", "sort", "embedded_action_id",
           "embedded_parent_res_id")  # fmt: skip


def _offered(self: Recordset, model: str, action: Any, embedded: Any, parent: Any) -> list[Any]:
    """Return the domain of the filters that a view of a model offers, whoever owns them."""
    domain: list[Any] = [("action_id", "in", [action, False]) if action else ("action_id", "=", False)]
    if "embedded_action_id" in self._model.fields:
        domain.append(("embedded_action_id", "=", embedded or False))
        domain.append(("embedded_parent_res_id", "in", [parent] if parent else [0, False]))
    return [*domain, ("model_id", "=", model)]


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.model(until=17, name="get_filters")
    def get_filters_11(self, model: str, action_id: Any = None) -> list[dict[str, Any]]:
        """Return the user's own and the shared filters of a model, for an action or for all."""
        return IrFilters.get_filters(self, model, action_id)

    @api.model(since=18)
    def get_filters(
        self, model: str, action_id: Any = None, embedded_action_id: Any = None, embedded_parent_res_id: Any = None
    ) -> list[dict[str, Any]]:
        """Return the user's own and the shared filters of a model, for an action or for all."""
        domain = _offered(self, model, action_id, embedded_action_id, embedded_parent_res_id)
        owner = "user_id" if "user_id" in self._model.fields else "user_ids"
        found = self.search([*domain, (owner, "in", [self.env.uid, False])])
        return found.read([name for name in _FIELDS if name in self._model.fields])

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate under another name."""
        self.ensure_one()
        return super().copy({**(default or {}), "name": self.env._("%s (copy)") % self.name})

    @api.model(until=18)
    def create_or_replace(self, vals: Mapping[str, Any]) -> int:
        """Create a filter, or change that of the same name and owner; return its id.

        A filter for all is only found where `user_id` is given as False.  Raises UserError where another filter for all
        is the default.
        """
        same = [
            known
            for known in self.get_filters(vals["model_id"], vals.get("action_id"))
            if known["name"].lower() == vals["name"].lower()
            and (known["user_id"] and known["user_id"][0]) == vals.get("user_id")
        ]
        if vals.get("is_default"):
            _make_room(self, vals, [known["id"] for known in same])
        if not same:
            return self.create(vals).id
        found = self.browse(same[0]["id"])
        found.write(vals)
        return found.id


def _make_room(self: Recordset, vals: Mapping[str, Any], same: Sequence[int]) -> None:
    """Take the default from the user's other filters; refuse to take it from a filter for all."""
    domain = [*_offered(self, vals["model_id"], vals.get("action_id"), None, None), ("is_default", "=", True)]
    owner = vals.get("user_id")
    found = self.search([*domain, ("user_id", "=", owner or False)])
    if owner:
        found.write({"is_default": False})
    elif found and found.ids[:1] != same[:1]:
        raise UserError(
            f"There is already a shared filter set as default for {vals['model_id']},"
            " delete or change it before setting a new default"
        )
