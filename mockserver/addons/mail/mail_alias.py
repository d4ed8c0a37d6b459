"""mail.alias: e-mail addresses that make records, and the models that have one.

Differs: no mail arrives.  Source: recorded in flow-crm-1, flow-project-1 (17.0); the base rows of 17.0.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_LINK = "alias_id"
_OTHER = re.compile(r"[^\w!#$%&'*+\-/=?^_`{|}~.]+")


def clean_name(name: Any) -> Any:
    """Return the part of an address before the `@` without accents, capitals and signs that it cannot have."""
    if not isinstance(name, str) or not name.strip():
        return False
    plain = unicodedata.normalize("NFKD", name.partition("@")[0]).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", plain.strip().lower())


def _with_clean_name(vals: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**vals, "alias_name": clean_name(vals["alias_name"])} if "alias_name" in vals else vals


class Alias(models.Model):
    _inherit = "mail.alias"

    def _default_alias_defaults(self) -> str:
        return "{}"

    @api.versions(since=17)
    def _default_alias_domain_id(self) -> Recordset:
        return self.env.company.sudo().alias_domain_id  # type: ignore[no-any-return]

    @api.versions(until=16)
    def _default_alias_user_id(self) -> Recordset:
        return self.env.user

    @api.versions(since=17)
    def _compute_alias_full_name(self) -> None:
        for alias in self:
            domain = alias.alias_domain_id.name
            alias.alias_full_name = f"{alias.alias_name}@{domain}" if alias.alias_name and domain else alias.alias_name

    @api.versions(since=17)
    def _compute_alias_status(self) -> None:
        for alias in self:
            alias.alias_status = "not_tested"

    def _compute_display_name(self) -> None:
        for alias in self:
            domain = alias.alias_domain
            named = f"{alias.alias_name}@{domain}" if domain else alias.alias_name
            alias.display_name = named if alias.alias_name else alias.env._("Inactive Alias")

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create aliases; their names are written as addresses have them."""
        single = isinstance(vals_list, Mapping)
        return super().create(_with_clean_name(vals_list) if single else [_with_clean_name(v) for v in vals_list])

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change aliases; see `create`."""
        return super().write(_with_clean_name(vals))

    @api.constrains("alias_defaults")
    def _check_alias_defaults(self) -> None:
        for alias in self:
            try:
                dict(ast.literal_eval(alias.alias_defaults or "{}"))
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                raise ValidationError(
                    "Invalid expression, it must be a literal python dictionary definition e.g. \"{'field': 'value'}\""
                ) from None


class AliasMixin(models.AbstractModel):
    _inherit = "mail.alias.mixin"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create records, each with its alias, for which its user needs no right."""
        single = isinstance(vals_list, Mapping)
        given = [_with_alias(self, vals) for vals in ([vals_list] if single else vals_list)]
        records = super().create(given[0] if single else given)
        for record in records.sudo():
            record.alias_id.write(record._alias_get_creation_values())
        return records

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change records, and their aliases without asking for a right."""
        own, of_alias = _divided(self, vals)
        done = super().write(own) if own or not of_alias else True
        for record in self.sudo() if of_alias else ():
            if not record.alias_id:
                record.write({_LINK: _new_alias(record, {}).id})
            record.alias_id.write(of_alias)
        return done

    def unlink(self) -> bool:
        """Delete records with their aliases."""
        aliases = self.sudo().alias_id
        done = super().unlink()
        aliases.unlink()
        return done

    def _alias_get_creation_values(self) -> dict[str, Any]:
        """Return the values of the alias of one record, or of a new one: it makes records of this model."""
        model = self.env["ir.model"].sudo().search([("model", "=", self._name)])
        parent = {"alias_parent_model_id": model.id, "alias_parent_thread_id": self.id}
        return {"alias_model_id": model.id, **(parent if self else {})}


def _divided(records: Recordset, vals: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the record's own values, and those of its alias."""
    fields = records._model.fields
    of_alias = {name for name in vals if name in fields and (fields[name].related or "").startswith(f"{_LINK}.")}
    return {n: v for n, v in vals.items() if n not in of_alias}, {n: vals[n] for n in vals if n in of_alias}


def _with_alias(records: Recordset, vals: Any) -> Any:
    if not isinstance(vals, Mapping) or vals.get(_LINK):
        return vals
    own, of_alias = _divided(records, vals)
    return {**own, _LINK: _new_alias(records, of_alias).id}


def _new_alias(records: Recordset, vals: Mapping[str, Any]) -> Recordset:
    clean = records.env.with_context({})
    return clean.sudo()["mail.alias"].create({**records._alias_get_creation_values(), **vals})
