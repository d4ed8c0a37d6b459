"""The paths of muk_rest with their HTTP methods and required parameters.

Source: rest-muk §3.
"""

from __future__ import annotations

from collections.abc import Container

from mockserver.dialects import Route

_ID = "<int(signed=True):id>"
_RECORDS = (
    "", "/<model>", f"/<model>/{_ID}", f"/<model>/{_ID}/<int(signed=True):limit>",
    f"/<model>/{_ID}/<int(signed=True):limit>/<int(signed=True):offset>",
)  # fmt: skip
_BINARY = (
    "", "/<xmlid>", "/<xmlid>/<filename>", f"/{_ID}", f"/{_ID}/<filename>", f"/{_ID}-<unique>",
    f"/{_ID}-<unique>/<filename>", f"/<model>/{_ID}/<field>", f"/<model>/{_ID}/<field>/<filename>",
)  # fmt: skip

# endpoint → paths below /api, if they are not just the endpoint's name
_FORMS = {
    "version": ("",),
    "life": ("/life", "/life/<token>"),
    "search": tuple(f"/search{form}" for form in _RECORDS),
    "read": tuple(f"/read{form}" for form in _RECORDS),
    "report": ("/report", "/report/<model>", "/report/<model>/<report>"),
    "binary": tuple(f"/binary{form}" for form in _BINARY),
    **{
        f"database_{name}": (f"/database/{name}",)
        for name in ("list", "create", "duplicate", "drop", "backup", "restore")
    },
}


class _Any(Container[str]):
    """All HTTP methods."""

    def __contains__(self, verb: object) -> bool:
        return True


_ANY, _POST = _Any(), frozenset({"POST"})

# endpoint → its HTTP methods; another one is answered like an unknown path
VERBS: dict[str, Container[str]] = {
    "version": _ANY, "change_master_password": _POST, "database_list": _ANY, "database_create": _POST,
    "database_duplicate": _POST, "database_drop": _POST, "database_backup": _POST, "database_restore": _POST,
    "authenticate": _POST, "life": _ANY, "refresh": _POST, "close": _POST, "search": _ANY, "read": _ANY,
    "create": _POST, "write": frozenset({"PUT"}), "unlink": frozenset({"DELETE"}), "call": _POST,
    "report": _ANY, "binary": _ANY,
}  # fmt: skip

# endpoint → its required parameters, in the order of error texts
REQUIRED: dict[str, tuple[str, ...]] = {
    "change_master_password": ("password_new",),
    "database_create": ("database_name", "admin_login", "admin_password"),
    "database_duplicate": ("database_old", "database_new"),
    "database_drop": ("database_name",),
    "database_backup": ("database_name",),
    "database_restore": ("backup_file", "database_name"),
    "authenticate": ("db", "login", "password"),
    "write": ("ids", "token"),
    "unlink": ("ids", "token"),
    "call": ("method", "token"),
    "report": ("report", "ids", "token"),
    **dict.fromkeys(("life", "refresh", "close", "search", "read", "create"), ("token",)),
}

_KNOWN = tuple(Route(f"/api{form}", name) for name in VERBS for form in _FORMS.get(name, (f"/{name}",)))
ROUTES = (*_KNOWN, Route("/api/<path:path>", "unknown"))
# words that may follow /api
WORDS = frozenset(word for route in _KNOWN for word in route.rule.split("/")[2:3])
