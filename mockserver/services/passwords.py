"""The form of older web clients with which users change their password.  Source: versions.md §1.4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.errors import AccessDenied, UserError
from mockserver.orm.database import Database

_TITLE = "Change Password"


def change_password(database: Database, uid: int, fields: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Change the password; return `{"new_password"}` or `{"error", "title"}`.

    `fields` is `[{"name", "value"} …]` of the form's three inputs.
    """
    values = {str(field["name"]): field["value"] for field in fields}
    old, new, again = (str(values[name] or "").strip() for name in ("old_pwd", "new_password", "confirm_pwd"))
    if not (old and new and again):
        return {"error": "You cannot leave any password empty.", "title": _TITLE}
    if new != again:
        return {"error": "The new password and its confirmation must be identical.", "title": _TITLE}
    try:
        with database.transaction():
            database.env(uid)["res.users"].call("change_password", old, new)
    except UserError as error:
        text = "The old password you provided is incorrect, your password was not changed."
        return {"error": text if isinstance(error, AccessDenied) else str(error), "title": _TITLE}
    return {"new_password": new}
