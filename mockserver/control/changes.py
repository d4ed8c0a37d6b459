"""What was created, written and deleted since the start or since a snapshot, as JSON."""

from __future__ import annotations

from typing import Any

from mockserver.control.answers import Refusal
from mockserver.control.routes import Controlled, Route, Value
from mockserver.testing.journal.changes import ChangeSet, RecordChange

LIMIT = 100  # changes in one answer by default


def list_changes(
    controlled: Controlled,
    *,
    since: str | None = None,
    model: str | None = None,
    kind: str | None = None,
    db: str | None = None,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """Return the changes since the start or since a snapshot, in the order in which the records were first changed."""
    if limit < 0:
        raise Refusal(400, "limit is a whole number from 0 on")
    try:
        every: ChangeSet = controlled.kit.changes if since is None else controlled.snapshots.named(since).changes
    except KeyError:
        raise Refusal(404, f"there is no snapshot {since!r}") from None
    found = [change for change in every.of(db=db) if kind in (None, change.kind)]
    chosen = [change for change in found if model in (None, change.model)]
    return {
        "changes": [{"db": change.db, "name": change.label, **change_as_json(change)} for change in chosen[:limit]],
        "count": len(chosen),
        "models": _by_model(found),
    }


def _by_model(changes: list[RecordChange]) -> list[dict[str, Any]]:
    counts: dict[str, dict[str, int]] = {}
    for change in changes:
        counts.setdefault(change.model, {"created": 0, "written": 0, "deleted": 0})[change.kind] += 1
    return [{"model": model, **counts[model]} for model in sorted(counts)]


def change_as_json(change: RecordChange) -> dict[str, Any]:
    """Return what changed of one record."""
    return {"kind": change.kind, "model": change.model, "id": change.id, "fields": change.fields}


ROUTES = (
    Route(
        "GET",
        "/changes",
        "What was created, written and deleted since the start or since a snapshot, with old and new values",
        list_changes,
        "Changes",
        query=(
            Value("since", "text", "The name of a snapshot; the start by default"),
            Value("model", "text", "Only changes of a model"),
            Value("kind", "text", "Only created, written or deleted records"),
            Value("db", "text", "Only changes in a database"),
            Value("limit", "integer", f"The most changes to return; {LIMIT} by default"),
        ),
        errors=(404,),
    ),
)
