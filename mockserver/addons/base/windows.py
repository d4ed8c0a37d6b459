"""Actions that open a window of the web client."""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Environment


def window(env: Environment, model: str, name: str, modes: str = "form", **values: Any) -> dict[str, Any]:
    """Return the action that opens a window; the mode `list` has the name that the generation gives to it."""
    listed = ",".join(env.db.profile.rules.list_view if mode == "list" else mode for mode in modes.split(","))
    return {"type": "ir.actions.act_window", "name": env._(name), "res_model": model, "view_mode": listed, **values}


def stored_window(env: Environment, model: str, name: str, modes: str, **values: Any) -> dict[str, Any]:
    """Return an action as it is read from the database, with changed values."""
    known = {"target": "current", "res_id": 0, "domain": False, "context": "{}", "limit": 80, "view_id": False}
    return window(env, model, name, modes, **{**known, **values})
