"""What protects the contacts of users.

Source: recorded in rights-users (17.0); until 14 the source of Odoo, res.partner.
"""

from __future__ import annotations

from typing import Any

from mockserver.errors import RedirectWarning, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import allowed


def refuse_archiving(partners: Recordset) -> None:
    """Raise the error for contacts of active users that are archived."""
    text = partners.env.db.profile.rules.archived_contact_text
    if text is None:
        _refuse(partners, "archive", "You first need to archive their associated user.")
    elif any(partner.active and partner.sudo().user_ids for partner in partners):
        raise ValidationError(partners.env._(text))


def refuse_deletion(partners: Recordset) -> None:
    """Raise the error for contacts of active users that are deleted; until 14 only a foreign key prevents that."""
    if partners.env.db.profile.rules.archived_contact_text is None:
        _refuse(partners, "delete", "You should rather archive them after archiving their associated user.")


def _refuse(partners: Recordset, verb: str, remedy: str) -> None:
    """Raise the error for contacts of active users, with an action if the user may change users."""
    env = partners.env.sudo()
    users = env["res.users"].search([("partner_id", "in", partners.ids)]) if "res.users" in env else None
    if not users:
        return
    lead, names = f"You cannot {verb} contacts linked to an active user.", ", ".join(users.mapped("display_name"))
    if allowed(env.with_user(env.uid), "res.users", "write"):
        action: dict[str, Any] = {
            "type": "ir.actions.act_window",
            "res_model": "res.users",
            "context": {"create": False},
        }
        form = [_users_form(env), "form"]
        if len(users) == 1:
            action |= {"view_mode": "form", "views": [form], "res_id": users.id}
        else:
            action |= {"name": "Users", "view_mode": "list,form", "views": [[None, "list"], form]}
            action["domain"] = [("id", "in", users.ids)]
        raise RedirectWarning(f"{lead}\n{remedy}\n\nLinked active users : {names}", action, "Go to users")
    raise ValidationError(
        f"{lead}\nAsk an administrator to archive their associated user first.\n\nLinked active users :\n{names}"
    )


def _users_form(env: Environment) -> int | bool:
    """Return the id of the view in which a user is changed; False where that is not known."""
    view = env.ref("base.view_users_form", raise_if_not_found=False)
    return view.id if view else False
