"""A `Call`, and what runs it against the ORM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.errors import AccessError, UserError
from mockserver.orm.database import Change, Database
from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.schema import api
from mockserver.orm.schema.model import UnknownField
from mockserver.profiles import Rules

LABEL_LENGTH = 120  # characters of what a client sent that a log line shows
COPY_DEPTH = 40  # levels of arguments that a watched call keeps as they were sent
_CONTAINERS = frozenset({dict, list, tuple})


@dataclass(slots=True)
class Call:
    """One request, whatever the wire: first of a service (`common.version`), then of a model.

    `dialect` is the wire it came by.  `args` is what came positionally: a tuple over XML-RPC, a list over
    JSON, which Python's own error texts tell apart.  `db`, `uid` and `model` stay None until known.

    In the place of `args` and `kwargs` a client may have sent anything: who looks at a call without performing it
    reads `positional` and `named`.
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
    # whether somebody wants to know which records the call changes, and those records
    watched: bool = False
    changes: Sequence[Change] = ()
    # what a test had go wrong with it: the `Fault`s, in the order in which they were met
    faults: Sequence[Any] = ()

    @property
    def positional(self) -> Sequence[Any]:
        """The positional arguments; what is no list counts as the only one, and `kwargs` that are none as one more."""
        args = self.args if isinstance(self.args, (list, tuple)) else (self.args,)
        return args if isinstance(self.kwargs, Mapping) or not self.kwargs else (*args, self.kwargs)

    @property
    def named(self) -> Mapping[str, Any]:
        """The arguments by name."""
        return self.kwargs if isinstance(self.kwargs, Mapping) else {}

    @property
    def model_and_method(self) -> tuple[Any, Any]:
        """`(model, method)`, also before a call of `object` has looked at its arguments; else `(service, method)`."""
        if self.model is None and self.service == "object" and len(args := self.positional) > 4:
            return args[3], args[4]
        return self.service if self.model is None else self.model, self.method

    @property
    def label(self) -> str:
        """`res.partner.search` or `common.version`: one line of printable text, whatever was sent."""
        return printable(f"{self.service if self.model is None else self.model}.{self.method}")


def printable(text: str) -> str:
    """What a client sent, safe to write in one line of a log."""
    text = text[:LABEL_LENGTH]
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


def execute(database: Database, call: Call, *, direct: bool = False) -> Any:
    """What the call's method returns, run as one transaction; records come back as ids.

    `uid` and `model` are set.  The first of `args` is ids unless the method works on the model.
    `kwargs["context"]` is the context; an empty list is an empty mapping (what PHP sends).  Raises what the
    method raises, and leaves no trace then.
    `direct`: as a controller of the server calls it, in Python: private methods too, and records stay records.
    Source: versions.md §4.3, §4.4; recorded in core-errors (17.0).
    """
    rules = database.profile.rules
    try:
        with database.transaction() as transaction:
            value = _run_method(database, call, direct)
            if call.watched:
                call.changes = transaction.changes()
            return value if direct or not isinstance(value, Recordset) else as_ids(call.method, value, call.args, rules)
    except UnknownField as error:
        raise ValueError(rules.unknown_field_text.format(field=error.field, model=error.model)) from error
    except TypeError as error:
        if rules.qualified_names or not error.args or not str(error.args[0]).startswith("BaseModel."):
            raise
        raise TypeError(str(error.args[0]).removeprefix("BaseModel.")) from error


def _run_method(database: Database, call: Call, direct: bool) -> Any:
    assert call.uid is not None
    assert call.model is not None
    find = any_method if direct else remote_method
    found = find(database, call.model, call.method)
    rules, args, options = database.profile.rules, call.args, dict(call.kwargs)
    if call.watched and database.registry.methods:
        # who looks at the call later sees what was sent, whatever a test's own method does to its arguments;
        # the server's methods leave them as they are
        args, options = copy_arguments(args), copy_arguments(options)
    if rules.context_argument and not direct:
        args = take_context(found, args, options)
    records = database.env(call.uid, options.pop("context", None))[call.model]
    if rules.lang_checked:
        _check_lang(records.env)
    if not found.takes_ids:
        return found.function(records, *args, **options)
    if not args:
        # the web route hands its list on; the RPC service made a tuple of it
        raise IndexError("list index out of range" if isinstance(args, list) else rules.no_ids_text)
    return found.function(records.browse(args[0]), *args[1:], **options)


def copy_arguments(value: Any, depth: int = COPY_DEPTH) -> Any:
    """The value with lists and mappings of its own, down to `depth` levels."""
    kind = type(value)
    if depth and kind is dict:
        return {
            key: copy_arguments(item, depth - 1) if type(item) in _CONTAINERS else item for key, item in value.items()
        }
    if depth and (kind is list or kind is tuple):
        return kind([copy_arguments(item, depth - 1) if type(item) in _CONTAINERS else item for item in value])
    return value


def take_context(method: api.Method, args: Sequence[Any], options: dict[str, Any]) -> Sequence[Any]:
    """The arguments without a surplus last one, which is the context.  Source: versions.md §4.4."""
    most = method.positional
    if most is not None and len(args) == most + 1 and isinstance(args[-1], dict):
        options.setdefault("context", args[-1])
        return args[:-1]
    return args


def _check_lang(env: Environment) -> None:
    code = env.context.get("lang")
    if code:
        rows = env.db.store.rows("res.lang")
        if not any(rows[i].get("active") for i in env.db.store.having("res.lang", "code", (code,))):
            raise UserError(f"Invalid language code: {code}")


def any_method(database: Database, model: str, name: str) -> api.Method:
    """The method as code on the server finds it, private or not; raises the KeyError or AttributeError met there."""
    if database.registry.get(model) is None:
        raise KeyError(model)
    found = database.method(model, name)
    if found is None:
        raise AttributeError(f"{model!r} object has no attribute {name!r}")
    return found


def remote_method(database: Database, model: str, name: str) -> api.Method:
    """The method, if the wire may call it; UserError for an unknown model, see also `public_method`."""
    if database.registry.get(model) is None:
        raise UserError(f"Object {model} doesn't exist")
    return public_method(database, model, name)


def public_method(database: Database, model: str, name: str) -> api.Method:
    """The method, if the wire may call it.

    Differs: of the real server's private names only those that every model has are known here.
    """
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
    rules, found = database.profile.rules, database.method(model, name)
    if found is not None and found.public:
        return found
    private = name in api.PRIVATE_NAMES or (rules.helpers_private and name in api.HELPERS)
    private = private or (found is not None and (found.refused(rules) or name.startswith("_")))
    if private or (rules.private_first and name.startswith("_")):
        raise AccessError(rules.private_text.format(model=model, method=name))
    if found is None:
        raise AttributeError(rules.unknown_method_text.format(model=model, method=name))
    return found


def as_ids(method: str, records: Recordset, args: Sequence[Any], rules: Rules) -> int | list[int]:
    """Records as a client gets them: ids, or the id where one was asked for."""
    # `args[0]` fails for a create with keywords only, and so it does on the real server
    if (method == "copy" and not rules.copy_gives_list) or (method == "create" and isinstance(args[0], Mapping)):
        return records.id
    return list(records.ids)
