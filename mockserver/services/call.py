"""A `Call`, and what runs it against the ORM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.errors import AccessError, UserError
from mockserver.orm import api
from mockserver.orm.database import Database
from mockserver.orm.recordset import Recordset
from mockserver.profiles import Profile

LABEL_LENGTH = 120  # characters of what a client sent that a log line shows


@dataclass(slots=True)
class Call:
    """One request, whatever the wire: first of a service (`common.version`), then of a model.

    `dialect` is the wire it came by.  `args` is what came positionally: a tuple over XML-RPC, a list over
    JSON, which Python's own error texts tell apart.  `db`, `uid` and `model` stay None until known.
    """

    dialect: str
    service: str
    method: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    db: str | None = None
    uid: int | None = None
    login: str | None = None
    model: str | None = None

    @property
    def label(self) -> str:
        """`res.partner.search` or `common.version`: one line of printable text, whatever was sent."""
        return printable(f"{self.service if self.model is None else self.model}.{self.method}")


def printable(text: str) -> str:
    """What a client sent, safe to write in one line of a log."""
    text = text[:LABEL_LENGTH]
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


def execute(
    database: Database, uid: int, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """What the model's method returns, run as one transaction; records come back as ids.

    The first of `args` is ids unless the method works on the model.  `kwargs["context"]` is the context; an
    empty list is an empty mapping (what PHP sends).  Raises what the method raises, and leaves no trace then.
    Source: versions.md §4.3, §4.4; recorded in core-errors (17.0).
    """
    with database.transaction():
        if database.registry.get(model) is None:
            raise UserError(f"Object {model} doesn't exist")
        found = _public_method(model, method, database.profile)
        options = dict(kwargs)
        records = database.env(uid, options.pop("context", None))[model]
        if found.takes_ids:
            ids = args[0]
            value = found.function(records.browse(ids), *args[1:], **options)
        else:
            value = found.function(records, *args, **options)
        return _plain(method, value, args) if isinstance(value, Recordset) else value


def _public_method(model: str, name: str, profile: Profile) -> api.Method:
    """The method, if the wire may call it; existence is looked at first, then privacy.

    Differs: of the real server's private names only those that every model has are known here.
    """
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
    found = api.find(model, name, profile.generation)
    if name in api.PRIVATE_NAMES or (found is not None and (found.private or name.startswith("_"))):
        raise AccessError(f"Private methods (such as '{model}.{name}') cannot be called remotely.")
    if found is None:
        raise AttributeError(f"The method '{model}.{name}' does not exist")
    return found


def _plain(method: str, records: Recordset, args: Sequence[Any]) -> int | list[int]:
    # `args[0]` fails for a create with keywords only, and so it does on the real server
    if method == "copy" or (method == "create" and isinstance(args[0], Mapping)):
        return records.id
    return list(records.ids)
