"""Records that have an alias if they are given a name for one, such as journals; and names that are taken.

Inferred: from what users of 17.0 see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.mail.mail_alias import clean_name
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class Alias(models.Model):
    _inherit = "mail.alias"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create aliases, with names that no other has."""
        given = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        _check_free(self, [clean_name(vals["alias_name"]) for vals in given if vals.get("alias_name")])
        return super().create(vals_list)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change aliases; see `create`."""
        if vals.get("alias_name"):
            _check_free(self, [clean_name(vals["alias_name"])] * len(self))
        return super().write(vals)

    def open_document(self) -> Any:
        """Return the window of the record to which mails are added, False if they make new ones."""
        return _window(self.alias_model_id.model, self.alias_force_thread_id)

    def open_parent_document(self) -> Any:
        """Return the window of the record that has the alias."""
        return _window(self.alias_parent_model_id.model, self.alias_parent_thread_id)


class AliasMixinOptional(models.AbstractModel):
    _inherit = "mail.alias.mixin.optional"

    def _compute_alias_email(self) -> None:
        for record in self:
            name, domain = record.alias_name, record.alias_domain
            record.alias_email = f"{name}@{domain}" if name and domain else False


def _window(model: Any, id_: Any) -> Any:
    if not model or not id_:
        return False
    return {"view_mode": "form", "res_model": model, "res_id": id_, "type": "ir.actions.act_window"}


def _check_free(aliases: Recordset, names: list[Any]) -> None:
    """Raise UserError for a name that another alias has, or that would be given twice.

    Until 16 the table's constraint does that.
    """
    if "alias_domain_id" not in aliases._model.fields:
        return
    if len(set(names)) < len(names):
        text = "Email aliases %s cannot be used on several records at the same time. Please update records one by one."
        raise UserError(aliases.env._(text).replace("%s", ", ".join(dict.fromkeys(names))))
    taken = aliases.env.sudo()["mail.alias"].search([("alias_name", "in", names), ("id", "not in", aliases.ids)], 0, 1)
    if taken:
        own = aliases.ids[0] if aliases else "your alias"
        text = f"Alias {taken.display_name} ({own}) is already linked with {taken.alias_model_id.name} ({taken.id})"
        parent, id_ = taken.alias_parent_model_id, taken.alias_parent_thread_id
        if parent and id_ and parent.model in aliases.env:
            document = aliases.env.sudo()[parent.model].browse(id_).exists()
            text += f" and used by the {document.display_name} {parent.name}" if document else ""
        raise UserError(f"{text}.")
