"""The journal as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from mockserver.control.answers import MAX_DEPTH, Refusal
from mockserver.control.changes import change_as_json
from mockserver.control.routes import Controlled, Route, Value
from mockserver.testing.journal import pasting
from mockserver.testing.journal.entry import JournalEntry
from mockserver.testing.strict import hints

LIMIT = 100  # calls in one answer by default
MAX_TEXT = 1000  # characters of a text in a list of calls
MAX_ITEMS = 100  # of a list, or keys of an object


def list_calls(
    controlled: Controlled,
    *,
    since: int = 0,
    before: int | None = None,
    limit: int = LIMIT,
    error: bool | None = None,
    **wanted: str,
) -> dict[str, Any]:
    """Return the latest calls, oldest first, without their answers."""
    journal = controlled.kit.calls
    kept = list(journal)
    numbered = (entry for entry in kept if entry.number > since and (before is None or entry.number < before))
    found = [entry for entry in numbered if _fits(entry, wanted, error)]
    return {
        "calls": [call_as_json(entry) for entry in (found[-limit:] if limit > 0 else [])],
        "count": len(found),
        "last": kept[-1].number if kept else 0,
        "kept": len(kept),
        "dropped": journal.dropped,
        "enabled": journal.enabled,
        "refused": [_refused(entry) for entry in journal.refused],
    }


def _fits(entry: JournalEntry, wanted: dict[str, str], error: bool | None) -> bool:
    if error is not None and error is (entry.error is None):
        return False
    found = {"model": entry.model or entry.service, "method": entry.method, "dialect": entry.dialect, "db": entry.db}
    return all(found[name] == value for name, value in wanted.items())


def one_call(controlled: Controlled, number: int) -> dict[str, Any]:
    """Return one call with its answer and its changes."""
    for entry in controlled.kit.calls:
        if entry.number == number:
            return call_as_json(entry, whole=True) | {
                "answer": entry.answer,
                "changes": [change_as_json(change) for change in entry.changes],
                "override": pasting.override(entry),
                "python": {"assertion": pasting.assertion(entry), "override": pasting.override_text(entry)},
            }
    raise Refusal(404, f"there is no call {number}, or it is no longer kept")


def list_hints(controlled: Controlled) -> dict[str, Any]:
    """Return what the calls used that the mock does not have, with what to add, in the words of strict mode."""
    kit = controlled.kit
    return {"hints": hints(kit.app, kit.calls)}


def forget_calls(controlled: Controlled) -> dict[str, Any]:
    """Forget the calls and number new ones from 1."""
    journal = controlled.kit.calls
    count = journal.count
    journal.begin()
    return {"removed": count}


def call_as_json(entry: JournalEntry, *, whole: bool = False) -> dict[str, Any]:
    """Return a call as JSON, without its answer and its changes; unless `whole`, long values are shortened."""
    shown = _whole if whole else _shortened
    return {
        "number": entry.number,
        "time": moment(entry.time),
        "dialect": entry.dialect,
        "db": entry.db,
        "uid": entry.uid,
        "login": entry.login,
        "service": entry.service,
        "model": entry.model,
        "method": entry.method,
        "target": entry.target,
        "ids": shown(entry.ids),
        "args": shown(entry.args),
        "positional": shown(entry.positional),
        "context": shown(entry.context),
        "outcome": entry.outcome,
        "error": None if entry.error is None else str(entry.error),
        "gaps": entry.gaps,
        "milliseconds": round(entry.duration * 1000, 3),
        "bytes": entry.size,
    }


def _whole(value: Any) -> Any:
    return value


def _shortened(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a value with the beginnings of its long texts and lists, and how much was left out."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]}… ({len(value)} characters)"
    if isinstance(value, Mapping) and depth:
        return {_shortened(key): _shortened(item, depth - 1) for key, item in islice(value.items(), MAX_ITEMS)} | (
            {"…": f"{len(value) - MAX_ITEMS} more"} if len(value) > MAX_ITEMS else {}
        )
    if isinstance(value, (list, tuple)) and depth:
        items = [_shortened(item, depth - 1) for item in value[:MAX_ITEMS]]
        return [*items, f"… ({len(value) - MAX_ITEMS} more)"] if len(value) > MAX_ITEMS else items
    return value


def moment(time: datetime) -> str:
    """Return the time in ISO 8601, UTC, with milliseconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def _refused(entry: JournalEntry) -> dict[str, Any]:
    return {"time": moment(entry.time), "target": entry.target, "error": str(entry.error)}


_NUMBER = Value("number", "integer", "Its number, counted from 1", required=True)

ROUTES = (
    Route(
        "GET",
        "/calls",
        "The latest calls, oldest first, without their answers",
        list_calls,
        "Calls",
        query=(
            Value("model", "text", "Only calls of a model, or of a service such as common"),
            Value("method", "text", "Only calls of a method"),
            Value("dialect", "text", "Only calls over a protocol, such as xmlrpc"),
            Value("db", "text", "Only calls on a database"),
            Value("error", "boolean", "Only calls that failed (true), or only those that did not (false)"),
            Value("since", "integer", "Only calls with a higher number"),
            Value("before", "integer", "Only calls with a lower number"),
            Value("limit", "integer", f"The most calls to return; {LIMIT} by default"),
        ),
    ),
    Route("GET", "/hints", "What the calls used that the mock does not have, with what to add", list_hints, "Hints"),
    Route("DELETE", "/calls", "Forget the calls", forget_calls, "Removed"),
    Route(
        "GET", "/calls/{number}", "One call with its answer and changes", one_call, "Call", (_NUMBER,), errors=(404,)
    ),
)
