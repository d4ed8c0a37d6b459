"""Which calls of a client a later version of the server removes or changes.

`Watch` observes the calls that reach an `App`; the table of what changes is `profiles/deprecations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.profiles.deprecations import Deprecation, later

if TYPE_CHECKING:
    from mockserver.server.app import App
    from mockserver.server.exchange import Exchange
    from mockserver.services import Call

MAX_DEPTH = 8  # of arguments in which a text is looked for; a domain's subdomain is 3 deeper than the domain


class Finding(NamedTuple):
    """A call that was made and the entry of the table for it; as text, the change and the replacement."""

    subject: str
    entry: Deprecation

    def __str__(self) -> str:
        return f"{self.subject}: {self.entry.when}; use {self.entry.replacement}"


class Watch:
    """Collects the calls to a server that a later version changes: `findings`, each once, in order.

    It begins when it is created and ends with `stop`.  `report` is called with each new finding.
    """

    def __init__(self, app: App, report: Callable[[Finding], object] | None = None) -> None:
        self.findings: dict[Finding, None] = {}
        self._app = app
        self._report = report
        self._entries = later(app.profile.generation)
        self._stop = app.observe(self._look)

    def stop(self) -> None:
        """Stop watching; the findings stay."""
        self._stop()

    def _look(self, exchange: Exchange) -> None:
        call = exchange.call
        if call is None:
            return
        for entry in self._entries:
            if not applies(entry, call, lambda: self._has_unknown_fields(call)):
                continue
            finding = Finding(f"{call.model}.{entry.call}" if entry.method else entry.call, entry)
            if finding not in self.findings:
                self.findings[finding] = None
                if self._report is not None:
                    self._report(finding)

    def _has_unknown_fields(self, call: Call) -> bool:
        database = self._app.databases.get(call.db or "")
        model = database.registry.get(call.model or "") if database else None
        return model is not None and any(name not in model.fields for name in written_fields(call))


def applies(entry: Deprecation, call: Call, has_unknown_fields: Callable[[], bool]) -> bool:
    """Return whether an entry applies to a call."""
    return (
        not (entry.of_model and call.model is None)
        and (not entry.dialects or call.dialect in entry.dialects)
        and entry.service in (None, call.service)
        and entry.model in (None, call.model)
        and entry.method in (None, call.method)
        and _applies_to_arguments(entry, call, has_unknown_fields)
    )


def _applies_to_arguments(entry: Deprecation, call: Call, has_unknown_fields: Callable[[], bool]) -> bool:
    """Return whether an entry applies to a call with these arguments."""
    tests = []
    if entry.keyword is not None:
        tests.append(entry.keyword in call.named)
    if entry.position is not None:
        tests.append(len(call.positional) > entry.position)
    if entry.mentions is not None:
        tests.append(_mentioned(entry.mentions, [call.positional, call.named]))
    if entry.unknown_fields:
        tests.append(has_unknown_fields())
    return any(tests) if tests else True


def written_fields(call: Call) -> Iterator[str]:
    """Yield the fields to which a create or write gives values."""
    # in write the values follow the ids
    given = [*call.positional[1 if call.method == "write" else 0 :][:1], *map(call.named.get, ("vals", "vals_list"))]
    for values in _values(given):
        yield from values


def _values(arguments: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each `{field: value}` among the arguments of create and write."""
    for argument in arguments:
        if isinstance(argument, Mapping):
            yield argument
        elif isinstance(argument, (list, tuple)):
            yield from (item for item in argument if isinstance(item, Mapping))


def _mentioned(text: str, value: Any, depth: int = MAX_DEPTH) -> bool:
    if isinstance(value, str):
        # "date desc, __last_update" is an order clause
        return text in value.replace(",", " ").split() if len(value) < 1000 else False
    if depth and isinstance(value, Mapping):
        return any(_mentioned(text, item, depth - 1) for pair in value.items() for item in pair)
    if depth and isinstance(value, (list, tuple)):
        return any(_mentioned(text, item, depth - 1) for item in value)
    return False


def listed(findings: Iterable[Finding], profile: str) -> str:
    """Return the findings as text: a heading, and a line for each."""
    lines = [f"  {finding}" for finding in findings]
    number = "1 call" if len(lines) == 1 else f"{len(lines)} calls"
    return "\n".join([f"mockserver: {number} that a later version changes (profile {profile})", *lines])
