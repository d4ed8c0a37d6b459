"""Answers without an envelope, and the add-on's own form of errors.

Source: rest-yezy §1; recorded in yezy-odoo-17.0.
"""

from __future__ import annotations

import json
from typing import Any

from mockserver import errors
from mockserver.dialects import Reply, as_text
from mockserver.profiles import Profile

NO_MODEL = "The model `{model}` does not exist."

# whether the constraint is NOT NULL → the driver's class of error
_VIOLATIONS = {True: "NotNullViolation", False: "ForeignKeyViolation"}


class UnknownModel(KeyError):
    """A route names a model that the database does not have; `text` is the add-on's error text."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self.text = NO_MODEL.format(model=model)


def bare(value: Any) -> Reply:
    """Return JSON without an envelope, with all non-ASCII characters escaped in every version."""
    return Reply("200 OK", "application/json", json.dumps(value, default=as_text).encode())


def error_reply(error: Exception, profile: Profile) -> Reply:
    """Return the add-on's own error body: as in JSON-RPC, with the error's text in place of "Server Error"."""
    name = text = errors.message(error, profile)
    args = errors.arguments(error, profile)
    kind = errors.wire_name(error, profile).rpartition(".")[2]
    driver = getattr(error, "driver", "")
    if driver:  # the add-on sends the database driver's text, not that of the ORM
        name, text, args, kind = driver, driver, (driver,), _VIOLATIONS["violates not-null" in driver]
    elif isinstance(error, UnknownModel):
        name, text = str(error), error.text
    data = {"name": name, "debug": "", "message": text, "arguments": list(args), "exception_type": kind}
    return bare({"jsonrpc": "2.0", "id": None, "error": {"code": 200, "message": text, "data": data}})
