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
class Http:
    """A raw request; `json` is sent as JSON, `body` unchanged.

    `keep`: which parts of the answer are compared, path to shape.  `bind`: the values of the answer that later requests
    need, name to path; see `replay.bound_value`.
    """

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    json: Any = None
    has_json: bool = False
    keep: dict[str, str] = field(default_factory=dict)
    bind: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


Request = Call | Json2 | Service | Http


@dataclass(frozen=True)
class Step:
    """One request and its outcome; `number` counts from 1.

    `labels`: labels for the ids in the result, a list where the result is one; of the model `labels_of`.
    `via`: the protocol of a `Call` or `Service`.  `shape`: the shape of the result, such as `ids:res.partner`.
    `scored` is false for a step that is run but not compared.  `at_least`: the answer may hold more than `expect`.
    """

    number: int
    request: Request
    expect: Outcome
    via: str = "jsonrpc"
    shape: str = "raw"
    labels: str | list[str] | None = None
    labels_of: str = ""
    scored: bool = True
    at_least: bool = False
    ignore: tuple[str, ...] = ()
    about: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.protocol} {self.request}"

    @property
    def protocol(self) -> str:
        """`jsonrpc`, `xmlrpc`, `json2` or `http`."""
        if isinstance(self.request, Json2):
            return "json2"
        return "http" if isinstance(self.request, Http) else self.via


@dataclass(frozen=True)
class Contract:
    """A contract that was read; `source` names it in messages.

    `profile` is the one it was recorded from, if known; `fixtures` are what a mock needs besides the base data.
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
    consumer: str = ""
