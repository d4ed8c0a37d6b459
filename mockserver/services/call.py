"""A `Call`, and its execution in the ORM."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockserver.errors import AccessError, UserError
from mockserver.orm.database import Change, Database, Transaction
from mockserver.orm.methods.recordsets import as_text
from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.schema import api
from mockserver.orm.schema.model import UnknownField
from mockserver.profiles import Rules

LABEL_LENGTH = 120  # characters of client input that a log line shows
COPY_DEPTH = 40  # levels of the arguments of a watched call that are copied
# the class before the name of a function in an error of Python
_QUALIFIED = re.compile(r"\w+\.(?=\w+\(\))")
_CONTAINERS = frozenset({dict, list, tuple})
# the methods of every model whose records clients get as ids in all generations
_GIVE_IDS = frozenset({"browse", "copy", "create", "exists", "search", "search_fetch"})


@dataclass(slots=True)
class Call:
    """One request of any protocol: first a call of a service (`common.version`), then of a model.

    `dialect` is the protocol.  `args` has the positional arguments: a tuple over XML-RPC, a list over JSON, as
    error texts of Python show the type.  `db`, `uid` and `model` are None until known.

    A client may send values of any type as `args` and `kwargs`: code that inspects a call without performing it
    uses `positional` and `named`.
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
    # whether the changed records are recorded, and those records
    watched: bool = False
    changes: Sequence[Change] = ()
    # the `Fault`s that a test injected, in the order in which they took effect
    faults: Sequence[Any] = ()
    # sentences: what was not done although the real server does it
    unmet: Sequence[str] = ()

    @property
    def positional(self) -> Sequence[Any]:
        """The positional arguments; `args` of another type are one argument, such `kwargs` another."""
        args = self.args if isinstance(self.args, (list, tuple)) else (self.args,)
        return args if isinstance(self.kwargs, Mapping) or not self.kwargs else (*args, self.kwargs)

    @property
    def named(self) -> Mapping[str, Any]:
        """The arguments by name."""
        return self.kwargs if isinstance(self.kwargs, Mapping) else {}

    @property
    def model_and_method(self) -> tuple[Any, Any]:
        """`(model, method)`, also of a call of `object` that is not parsed yet; else `(service, method)`."""
        if self.model is None and self.service == "object" and len(args := self.positional) > 4:
            return args[3], args[4]
        return self.service if self.model is None else self.model, self.method

    @property
    def label(self) -> str:
        """`res.partner.search` or `common.version`: one line of printable text, whatever was sent."""
        return printable(f"{self.service if self.model is None else self.model}.{self.method}")


def printable(text: str) -> str:
    """Return client input in a form that is safe in one line of a log."""
    text = text[:LABEL_LENGTH]
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


def execute(database: Database, call: Call, *, direct: bool = False) -> Any:
    """Run the call's method as one transaction and return its result, with records as ids.

    `uid` and `model` must be set.  The first of `args` is ids unless the method works on the model.
    `kwargs["context"]` is the context; an empty list is an empty mapping (what PHP sends).  Raises what the
    method raises, and rolls back all changes then.
    `direct`: call as Python code of the server does: private methods are allowed, and records stay records.
    Source: versions.md §4.3, §4.4; recorded in core-errors (17.0).
    """
    rules = database.profile.rules
    try:
        with Transaction(database) as transaction:
            try:
                value = _run_method(database, call, direct)
                transaction.complete()
            finally:
                if database.unmet:
                    call.unmet = tuple(dict.fromkeys(database.unmet))
            if call.watched:
                call.changes = transaction.changes()
            if direct or not isinstance(value, Recordset):
                return value
            return as_sent(database.method(str(call.model), call.method), value, call.args, rules)
    except UnknownField as error:
        raise ValueError(rules.unknown_field_text.format(field=error.field, model=error.model)) from None
    except TypeError as error:
        if rules.qualified_names or not error.args or not _QUALIFIED.match(str(error.args[0])):
            raise
        raise TypeError(_QUALIFIED.sub("", str(error.args[0]))) from error


def _run_method(database: Database, call: Call, direct: bool) -> Any:
    assert call.uid is not None
    if call.model is None:
        raise UserError("Object None doesn't exist")
    method = (any_method if direct else remote_method)(database, call.model, call.method)
    rules, args, options = database.profile.rules, call.args, dict(call.kwargs)
    if call.watched and database.registry.methods:
        # keeps the call as it was sent, in case a test's own method modifies its arguments;
        # the server's methods do not
        args, options = copy_arguments(args), copy_arguments(options)
    if rules.context_argument and not direct:
        args = take_context(method, args, options)
    records = Environment(database, call.uid, options.pop("context", None))[call.model]
    if rules.lang_checked:
        _check_lang(records.env)
    if not method.takes_ids:
        if call.method == "create" and not rules.lists_created:
            _check_one_record(args)
        return method.function(records, *args, **options)
    if not args:
        # the web route passes its list; the RPC service converted it to a tuple
        raise IndexError("list index out of range" if isinstance(args, list) else rules.no_ids_text)
    if method.over_http and call.service == "object" and rules.rpc_hides_request:
        raise UserError("This method can only be accessed over HTTP")
    records = records.browse(args[0])
    if method.reads_records and records:
        records._check_readable()
    return method.function(records, *args[1:], **options)


def _check_one_record(args: Sequence[Any]) -> None:
    """Raise AttributeError for values that are no mapping; the methods of this server take lists too."""
    if args and not isinstance(args[0], Mapping):
        raise AttributeError(f"{type(args[0]).__name__!r} object has no attribute 'get'")


def copy_arguments(value: Any, depth: int = COPY_DEPTH) -> Any:
    """Return a copy of a value with its lists and mappings, down to `depth` levels."""
    kind = type(value)
    if depth and kind is dict:
        return {
            key: copy_arguments(item, depth - 1) if type(item) in _CONTAINERS else item for key, item in value.items()
        }
    if depth and (kind is list or kind is tuple):
        return kind([copy_arguments(item, depth - 1) if type(item) in _CONTAINERS else item for item in value])
    return value


def take_context(method: api.Method, args: Sequence[Any], options: dict[str, Any]) -> Sequence[Any]:
    """Move a surplus last argument, the context, to the options; return the others.  Source: versions.md §4.4."""
    most = method.positional
    if not isinstance(args, (list, tuple)):
        return args
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
    """Return the method, private or not; raises KeyError or AttributeError as Python code on the server does."""
    if database.registry.get(model) is None:
        raise KeyError(model)
    found = database.method(model, name)
    if found is None:
        raise AttributeError(f"{model!r} object has no attribute {name!r}")
    return found


def remote_method(database: Database, model: str, name: str) -> api.Method:
    """Return the method, if a client may call it; raises UserError for an unknown model; see also `public_method`."""
    known = database.registry.open_methods
    if type(name) is str and (found := known.get((model, name))) is not None:
        return found
    if database.registry.get(model) is None:
        raise UserError(f"Object {model} doesn't exist")
    found = known[model, name] = public_method(database, model, name)
    return found


def public_method(database: Database, model: str, name: str) -> api.Method:
    """Return the method, if a client may call it.

    Differs: of the real server's private methods, only those that every model has are known here.
    """
    if not isinstance(name, str):
        raise TypeError(f"attribute name must be string, not '{type(name).__name__}'")
    rules, found = database.profile.rules, database.method(model, name)
    if found is not None and found.public:
        return found
    private = name in api.PRIVATE_NAMES or (rules.helpers_private and name in api.HELPERS)
    private = private or (rules.late_helpers_private and name in api.LATE_HELPERS)
    private = private or (found is not None and (found.refused(rules) or name.startswith("_")))
    if private or (rules.private_first and name.startswith("_")):
        raise AccessError(rules.private_text.format(model=model, method=name))
    if found is None:
        raise AttributeError(rules.unknown_method_text.format(model=model, method=name))
    return found


def as_sent(method: api.Method | None, records: Recordset, args: Sequence[Any], rules: Rules) -> int | list[int] | str:
    """Return records in the form sent to clients: ids, or one id for `copy` or `create` of one record.

    In older generations, methods that are not made for clients give the text of the records.
    """
    assert method is not None
    # `args[0]` fails for a create with keywords only, as on the real server
    if (method.name == "copy" and not rules.copy_gives_list) or (
        method.name == "create" and isinstance(args[0], Mapping)
    ):
        return records.id
    if rules.records_given_as_text:
        if method.returns_id:
            return records.id
        if method.name not in _GIVE_IDS:
            return as_text(records)
    return list(records.ids)
