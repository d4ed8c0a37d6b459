"""Health, reset, snapshots and the clock."""

from __future__ import annotations

from typing import Any

from mockserver import __version__
from mockserver.control.answers import Refusal
from mockserver.control.questions import Controlled, Route, Value
from mockserver.testing.kit import Kit


def health(controlled: Controlled) -> dict[str, Any]:
    """Return what is served, and what was said and seen so far."""
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
    """Everything as at the start; the snapshots are gone too."""
    controlled.reset()
    return health(controlled)


def list_snapshots(controlled: Controlled) -> dict[str, Any]:
    """Return those that can be restored, oldest first."""
    return {"snapshots": [kept.as_dict() for kept in controlled.snapshots]}


def take_snapshot(controlled: Controlled, name: str | None = None) -> dict[str, Any]:
    """Keep the present state."""
    if name == "" or (name and "/" in name):
        raise Refusal(400, "name is a text without slashes that is not empty")
    try:
        return controlled.snapshots.take(name).as_dict()
    except ValueError as error:
        raise Refusal(409, str(error)) from None


def remove_snapshot(controlled: Controlled, name: str) -> dict[str, Any]:
    """Forget one."""
    try:
        controlled.snapshots.remove(name)
    except KeyError:
        raise Refusal(404, f"there is no snapshot {name!r}") from None
    return {"removed": 1}


def restore(controlled: Controlled, name: str | None = None) -> dict[str, Any]:
    """Come back to a snapshot."""
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
    """Freeze, move on, and let it run, in this order."""
    own = controlled.kit.clock
    if freeze in (None, False) and tick is None and not thaw:
        raise Refusal(400, "the body has to say freeze, tick or thaw")
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
    """Return the time as at the start."""
    controlled.kit.clock.rewind()
    return _clock(controlled.kit)


_NAME = Value("name", "text", "Name of the snapshot", required=True)

ROUTES = (
    Route("GET", "/health", "What is served, and what was said and seen so far", health, "Health"),
    Route("POST", "/reset", "Everything as at the start: data, clock, calls, faults, overrides", reset, "Health"),
    Route("GET", "/snapshot", "The snapshots, oldest first", list_snapshots, "Snapshots"),
    Route(
        "POST",
        "/snapshot",
        "Keep the present state of every database and session, and the overrides",
        take_snapshot,
        "Snapshot",
        body=(Value("name", "text", "What to call it; numbered without"),),
        status=201,
        errors=(409,),
    ),
    Route("DELETE", "/snapshot/{name}", "Forget a snapshot", remove_snapshot, "Removed", (_NAME,), errors=(404,)),
    Route(
        "POST",
        "/restore",
        "Come back to a snapshot; those that were taken after it are gone",
        restore,
        "Snapshot",
        body=(Value("name", "text", "The snapshot; the latest without"),),
        errors=(404,),
    ),
    Route("GET", "/clock", "The server's time, UTC", clock, "Clock"),
    Route(
        "POST",
        "/clock",
        "Hold the clock still, move it on, or let it run",
        set_clock,
        "Clock",
        body=(
            Value("freeze", "moment", "Stand still at this moment, UTC; true for the present one"),
            Value("tick", "number", "Move on by so many seconds"),
            Value("thaw", "boolean", "Run on from where it stands"),
        ),
    ),
    Route("DELETE", "/clock", "The time as at the start", reset_clock, "Clock"),
)
