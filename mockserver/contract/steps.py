"""The parts of a contract: steps in order, each a request with the outcome of a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# the normalised outcome of a step: `{"result"}`, `{"error"}`, `{"fault"}`, `{"status", "type", …}`
Outcome = dict[str, Any]
# {model: {field: {"type": …, "relation": …}}}, as `fields_get` returns it
Fields = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Call:
    """A method of a model, as `execute_kw` takes it."""

    model: str
    method: str
    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.model}.{self.method}"


@dataclass(frozen=True)
class Json2:
    """A method of a model over JSON-2; a `body` of text is sent unchanged, a header of None is left out."""

    model: str
    method: str
    body: Any = None
    headers: dict[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.model}.{self.method}"


@dataclass(frozen=True)
class Service:
    """A method of `common`, `object` or `db`."""

    name: str
    method: str
    args: list[Any] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name}.{self.method}"


@dataclass(frozen=True)
class Web:
    """A JSON-RPC request of the web client, in the session of that name; `model`: whose ids the answer has."""

    path: str
    params: Any = field(default_factory=dict)
    session: str = ""
    model: str = ""

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Http:
    """A raw request; `json` is sent as JSON, `body` unchanged, `form` and `multipart` as a browser sends them.

    `want`: which parts of the answer are compared besides those of `keep`, see `http_steps.part`.
    `session`: the name of the session whose cookies it sends and keeps.
    """

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    json: Any = None
    form: dict[str, Any] | None = None
    multipart: list[list[str]] | None = None
    session: str = ""
    want: list[str] = field(default_factory=list)
    has_json: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


Request = Call | Json2 | Service | Web | Http


@dataclass(frozen=True)
class Masks:
    """What a step says of single fields of its result; `masks.masked` applies it.

    `ids`: field to the model of the ids in it.  `dates`: fields whose dates are told by their distance from today.
    `hide`: fields whose values are not compared.  `pick`: paths of the only values that are compared.
    `id_keys`: field to the model of the ids that are the keys of the object in it.
    `context`: keys of an action's context that are compared, with the model of the ids in them or None.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    pick: tuple[str, ...] = ()
    id_keys: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def changes_values(self) -> bool:
        """Whether there is anything to apply."""
        return bool(self.ids or self.id_keys or self.dates or self.hide or self.pick)


NO_MASKS = Masks()


@dataclass(frozen=True)
class Step:
    """One request and its outcome; `number` counts from 1.

    `labels`: labels for the ids in the result, a list where the result is one; of the model `labels_of`.
    `bind`: values of the answer that later steps need, name to path or to `[path, model]`; `save`: values of any type.
    `user`: who makes the request, one of the contract's `users`; `relogin`: they log in again first.
    `via`: the protocol of a `Call` or `Service`.  `shape`: the shape of the result, such as `ids:res.partner`.
    `keep`: which parts of the JSON answer to a `Web` or `Http` are compared, path to shape.
    `sort`: the order of the result, or of the lists in these fields, is not compared.
    `scored` is false for a step that is run but not compared.  `at_least`: the answer may hold more than `expect`.
    `data` is the step as the file has it.
    """

    number: int
    request: Request
    expect: Outcome
    via: str = "jsonrpc"
    shape: str = "raw"
    labels: str | list[str] | None = None
    labels_of: str = ""
    bind: Mapping[str, Any] = field(default_factory=dict)
    save: Mapping[str, Any] = field(default_factory=dict)
    user: str | None = None
    relogin: bool = False
    masks: Masks = NO_MASKS
    sort: bool | tuple[str, ...] = False
    keep: Mapping[str, str] = field(default_factory=dict)
    scored: bool = True
    at_least: bool = False
    ignore: tuple[str, ...] = ()
    about: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.protocol} {self.request}"

    @property
    def protocol(self) -> str:
        """`jsonrpc`, `xmlrpc`, `json2`, `web` or `http`."""
        named = {Json2: "json2", Web: "web", Http: "http"}
        return named.get(type(self.request), self.via)


@dataclass(frozen=True)
class Contract:
    """A contract that was read; `source` names it in messages.

    `profile` is the one it was recorded from, if known; `fixtures` are what a mock needs besides the base data.
    `users`: who else calls, `{name: {"login", "password"}}`.
    `consumer` is the name of the calling program, in a consumer contract.
    """

    source: str
    steps: list[Step]
    name: str = ""
    about: str = ""
    profile: str | None = None
    fixtures: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fields: Fields = field(default_factory=dict)
    users: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    consumer: str = ""
