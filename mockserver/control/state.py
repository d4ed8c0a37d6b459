"""Readiness, health, reset, snapshots and the clock."""

from __future__ import annotations

from typing import Any

from mockserver import __version__
from mockserver.control.answers import Refusal
from mockserver.control.routes import Controlled, Route, Value
from mockserver.testing.kit import Kit


def ready(controlled: Controlled) -> dict[str, Any]:
    """Return that the databases are loaded, which they are once the server answers, unless the first was dropped."""
    if controlled.kit.db not in controlled.kit.app.databases:
        raise Refusal(503, "the server's first database was dropped")
    return {"status": "ready"}


def health(controlled: Controlled) -> dict[str, Any]:
    """Return the profile, databases and clock of the server, and the numbers of calls, faults and overrides."""
    kit = controlled.kit
    return {
        "status": "ok",
        "version": __version__,
        "profile": kit.profile.name,
        "server_version": kit.profile.server_version,
        "db": kit.db,
        "login": kit.login,
        "databases": sorted(kit.app.databases),
        "clock": _clock(kit),
        "calls": kit.calls.count + kit.calls.dropped,
        "faults": len(kit.faults),
        "overrides": len(kit.overrides.as_list()),
        "errors": [f"{type(error).__name__}: {error}" for error in kit.errors],
    }


def reset(controlled: Controlled) -> dict[str, Any]:
    """Restore the initial state; the snapshots are forgotten too."""
    controlled.reset()
    return health(controlled)


def list_snapshots(controlled: Controlled) -> dict[str, Any]:
    """Return the snapshots, oldest first."""
    return {"snapshots": [kept.as_dict() for kept in controlled.snapshots]}


def take_snapshot(controlled: Controlled, name: str | None = None) -> dict[str, Any]:
    """Take a snapshot."""
    if name == "" or (name and "/" in name):
        raise Refusal(400, "name is a text without slashes, and not empty")
    try:
        return controlled.snapshots.take(name).as_dict()
    except ValueError as error:
        raise Refusal(409, str(error)) from None


def remove_snapshot(controlled: Controlled, name: str) -> dict[str, Any]:
    """Forget a snapshot."""
    try:
        controlled.snapshots.remove(name)
    except KeyError:
        raise Refusal(404, f"there is no snapshot {name!r}") from None
    return {"removed": 1}


def restore(controlled: Controlled, name: str | None = None) -> dict[str, Any]:
    """Restore a snapshot."""
    try:
        return controlled.snapshots.restore(name).as_dict()
    except KeyError:
        text = "no snapshot was taken" if name is None else f"there is no snapshot {name!r}"
        raise Refusal(404, text) from None


def _clock(kit: Kit) -> dict[str, Any]:
    return {"now": kit.clock.now(), "frozen": kit.clock.frozen is not None}


def clock(controlled: Controlled) -> dict[str, Any]:
    """Return the server's time."""
    return _clock(controlled.kit)


def set_clock(
    controlled: Controlled, freeze: str | bool | None = None, tick: float | None = None, thaw: bool = False
) -> dict[str, Any]:
    """Freeze the clock, advance it and let it run, in this order."""
    own = controlled.kit.clock
    if freeze in (None, False) and tick is None and not thaw:
        raise Refusal(400, "the body needs freeze, tick or thaw")
    try:
        if freeze not in (None, False):
            own.freeze(None if freeze is True else str(freeze))
        if tick is not None:
            own.tick(tick)
    except (ValueError, OverflowError) as error:
        raise Refusal(400, str(error)) from None
    if thaw:
        own.thaw()
    return _clock(controlled.kit)


def reset_clock(controlled: Controlled) -> dict[str, Any]:
    """Reset the clock and return its time."""
    controlled.kit.clock.rewind()
    return _clock(controlled.kit)


_NAME = Value("name", "text", "Name of the snapshot", required=True)

ROUTES = (
    Route("GET", "/ready", "Whether the databases are loaded", ready, "Ready", errors=(503,), open=True),
    Route(
        "GET",
        "/health",
        "The profile, databases and clock of the server, and the numbers of calls, faults and overrides",
        health,
        "Health",
    ),
    Route("POST", "/reset", "Restore the initial state: data, clock, calls, faults, overrides", reset, "Health"),
    Route("GET", "/snapshot", "The snapshots, oldest first", list_snapshots, "Snapshots"),
    Route(
        "POST",
        "/snapshot",
        "Take a snapshot of every database and session, and of the overrides",
        take_snapshot,
        "Snapshot",
        body=(Value("name", "text", "Its name; the next free number by default"),),
        status=201,
        errors=(409,),
    ),
    Route("DELETE", "/snapshot/{name}", "Forget a snapshot", remove_snapshot, "Removed", (_NAME,), errors=(404,)),
    Route(
        "POST",
        "/restore",
        "Restore a snapshot and forget those taken after it",
        restore,
        "Snapshot",
        body=(Value("name", "text", "The snapshot; the latest by default"),),
        errors=(404,),
    ),
    Route("GET", "/clock", "The server's time, UTC", clock, "Clock"),
    Route(
        "POST",
        "/clock",
        "Freeze the clock, advance it, or let it run",
        set_clock,
        "Clock",
        body=(
            Value("freeze", "moment", "Freeze at this moment, UTC; true for the present one"),
            Value("tick", "number", "Advance by this number of seconds"),
            Value("thaw", "boolean", "Let the clock run from its present time"),
        ),
    ),
    Route("DELETE", "/clock", "Reset the clock", reset_clock, "Clock"),
)
